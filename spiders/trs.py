"""TRS WCM / 海云 columns: static pages.

Recognise: articles ./202301/t20230118_1734539.html (.htm, .shtml; also t803352.shtml without folder and date),
the path shown by CurrChnlCls, classes trs_editor_view and TRS_UEDITOR, files P020….pdf and W020….jpg, search forms to
/was5/web/search with channelid, further list pages index_1.html made by a script. TRS_Editor alone is no proof: it
comes along with texts that were moved to other systems (Jiangsu's Hanweb).

Rows: lists/rows.py. Further pages, in three dialects: lists/pager.py. Yearly sub-columns: `branches: [years]` in the portal's file.

Known limits: a column without dates is recognised only by article addresses. Where the system publishes only its newest
pages (countnum beside countPage), or claims pages that do not exist, older entries cannot be seen: what is listed
stands, and the look is incomplete, because nobody knows whether a report that is not listed is older or not there.
A title that is cut without a title attribute stays cut here; its page states it in full.
"""

import re
from collections.abc import Sequence

from config.schema import Column
from crawler.page import Page
from spiders.base import PortalSpider
from spiders.lists.listing import Listing, Seen, Step
from spiders.lists.pager import COUNT_PAGE, CREATE_PAGE, next_page, with_paging
from spiders.lists.rows import has_articles, read_rows
from spiders.signs import ADDRESS, COMPANION, PROOF, Sign

_ARTICLE = re.compile(r"/(?:t\d{8}_\d+|t\d{6,}|content_\d+)\.s?html?$|/[WP]0\d{10,}\.\w+$", re.I)
_OWN = re.compile(r"/t\d{8}_\d+\.s?html?$|/[WP]0\d{15,}\.\w+$", re.I)  # of those, what no other system writes
_PATH = re.compile(r"""class\s*=\s*["']?(?:[\w-]{1,40}\s+){0,5}CurrChnlCls\b""")
_EDITOR = re.compile(r"TRS_(?:Editor|UEDITOR)|trs_editor_view", re.I)
_SEARCH = re.compile(r"/was\d{1,2}/(?:web/)?search", re.I)


class TrsSpider(PortalSpider):
    """Options of a column: `list`, a CSS selector of the list's container, where it is not recognised."""

    name = "trs"

    @classmethod
    def signs(cls, page: Page) -> tuple[Sign, ...]:
        found = []
        if _PATH.search(page.text):
            found.append(Sign(PROOF, "CurrChnlCls"))
        if editor := _EDITOR.search(page.text):
            found.append(Sign(COMPANION, editor.group()))
        if search := _SEARCH.search(page.text):
            found.append(Sign(COMPANION, search.group()))
        if COUNT_PAGE.search(page.text) or CREATE_PAGE.search(page.text):
            found.append(Sign(COMPANION, "countPage / createPageHTML"))
        if has_articles(page, _OWN):
            found.append(Sign(COMPANION, "t20240118_1234567.html"))
        elif has_articles(page, _ARTICLE):
            found.append(Sign(ADDRESS, "t803352.shtml / content_2005370.html"))
        if _ARTICLE.search(page.url):
            found.append(Sign(ADDRESS, page.url.rpartition("/")[2]))
        return tuple(found)

    def read_list(self, page: Page, column: Column) -> Listing:
        listing = read_rows(page, _ARTICLE, str(column.options.get("list") or ""), column.branches)
        return with_paging(listing, page) if listing.rows else listing

    def next_step(self, column: Column, seen: Sequence[Seen]) -> Step:
        return next_page(seen)
