"""The evidence pack: everything that a claim about one report rests on, for people who do not trust us.

claim      whose report, which year, what is said of it and what was found
material   the rows behind it: looks, captures, readings, links of the chain
warc       the captures as WARC
readings   what was read in the report, as JSON and CSV
chain      the links of these rows, and the way from them to the head
summary    one page for people, in Chinese and English
printing   that page as PDF
pack       all of it in one file
verify     the checks that anybody can run: a single file of the standard library, which lies in every pack
"""
