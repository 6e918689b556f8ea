"""What `gongkai read` does with files: finds them, has them read, keeps a journal, writes tables, CSV and JSON, explains.

May touch the files that it is given and the ones that it writes, through crawler.workers; no store, no network.
"""
