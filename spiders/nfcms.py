"""NFCMS columns (Guangdong, the ordinary columns beside gkmlpt): static pages.

Recognise: articles /<columns>/content/post_10095458.html (mpost_… for telephones), scripts with NFCMS_SITE_ID and
NFCMS_POST_ID, meta ArticleId, body div.news_cont_d_wrap. The same name post_… below /gkmlpt/ is gkmlpt's.

Rows: lists/rows.py. Further pages are index_2.html, index_3.html: the link to the next one is followed. Where the page says
nothing of further pages, index_2.html is asked for all the same: only its absence shows that the list is whole.

Known limits: an article's address bears no date, so an undated list is told by its articles alone. The annual report
may stand in gkmlpt, here, or in both: a portal with both has a column for each.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urljoin

from config.schema import Column
from crawler.page import Page
from spiders.base import PortalSpider
from spiders.lists.listing import END, Listing, Paging, Seen, Step
from spiders.lists.pager import next_page, with_paging
from spiders.lists.rows import has_articles, read_rows
from spiders.signs import ADDRESS, COMPANION, PROOF, Sign

_ARTICLE = re.compile(r"^(?!.*/gkmlpt/).*/content/m?post_\d+\.html?$", re.I)
_SCRIPT = re.compile(r"\bNFCMS_(?:SITE|POST|COLUMN|CATEGORY)\w*")
_BODY = re.compile(r"\bnews_cont_d_wrap\b|\bnfw-cms-")


class NfcmsSpider(PortalSpider):
    """Options of a column: `list`, a CSS selector of the list's container, where it is not recognised."""

    name = "nfcms"

    @classmethod
    def signs(cls, page: Page) -> tuple[Sign, ...]:
        found = []
        if script := _SCRIPT.search(page.text):
            found.append(Sign(PROOF, script.group()))
        if body := _BODY.search(page.text):
            found.append(Sign(COMPANION, body.group()))
        if any((meta.get("name") or "").lower() == "articleid" for meta in page.tree.iter("meta")):
            found.append(Sign(COMPANION, "meta ArticleId"))
        if has_articles(page, _ARTICLE):
            found.append(Sign(COMPANION, "content/post_10095458.html"))
        if _ARTICLE.search(page.url):
            found.append(Sign(ADDRESS, page.url.rpartition("/")[2]))
        return tuple(found)

    def read_list(self, page: Page, column: Column) -> Listing:
        listing = read_rows(page, _ARTICLE, str(column.options.get("list") or ""), column.branches)
        if not listing.rows:
            return listing
        listing = with_paging(listing, page)
        if listing.paging == Paging() and not listing.unclear:
            return replace(listing, paging=Paging(template=urljoin(page.url, "index_{page}.html")))
        return listing

    def next_step(self, column: Column, seen: Sequence[Seen]) -> Step:
        first, last = seen[0].listing, seen[-1]
        template = first.paging.template if first is not None and first.paging.pages is None else ""
        if not template:
            return next_page(seen)
        if last.listing is None:
            return END  # the page after the last does not exist
        if len(seen) > 1 and last.fresh == 0:
            # A site that answers with its first page instead of a 404 has one page; later on it is a broken pager.
            return END if len(seen) == 2 else Step(incomplete=f"第 {len(seen)} 页没有新的条目")
        return Step(template.replace("{page}", str(len(seen) + 1)), probe=True)
