"""TRS WCM / 海云 columns: static pages.

Recognise: articles ./202301/t20230118_1734539.html (.htm, .shtml; also t803352.shtml without folder and date),
classes TRS_Editor, trs_editor_view, CurrChnlCls, files P020….pdf, further list pages index_1.html made by a script.

Rows: rows.py. Further pages, in three dialects: pager.py.

Known limits: yearly sub-columns are columns of their own in the portal's file; a column without dates is recognised
only by article addresses; entries that the system no longer publishes (countnum) are not seen.
"""

import re
from collections.abc import Sequence

from config.schema import Column
from crawler.page import Page
from spiders.base import PortalSpider
from spiders.listing import Listing, Seen, Step
from spiders.pager import COUNT_PAGE, CREATE_PAGE, next_page, with_paging
from spiders.rows import has_articles, read_rows
from spiders.signs import COMPANION, PROOF, Sign

_ARTICLE = re.compile(r"/(?:t\d{8}_\d+|t\d{6,}|content_\d+)\.s?html?$|/[WP]0\d{10,}\.\w+$", re.I)
_EDITOR = re.compile(r"TRS_(?:Editor|UEDITOR)|trs_editor_view|CurrChnlCls", re.I)


class TrsSpider(PortalSpider):
    """Options of a column: `list`, a CSS selector of the list's container, where it is not recognised."""

    name = "trs"

    @classmethod
    def signs(cls, page: Page) -> tuple[Sign, ...]:
        found = []
        if _EDITOR.search(page.text):
            found.append(Sign(PROOF, "TRS_Editor / CurrChnlCls"))
        if COUNT_PAGE.search(page.text) or CREATE_PAGE.search(page.text):
            found.append(Sign(COMPANION, "countPage / createPageHTML"))
        if has_articles(page, _ARTICLE):
            found.append(Sign(COMPANION, "t20240118_1234567.html"))
        return tuple(found)

    def read_list(self, page: Page, column: Column) -> Listing:
        listing = read_rows(page, _ARTICLE, str(column.options.get("list") or ""), column.branches)
        return with_paging(listing, page) if listing.rows else listing

    def next_step(self, column: Column, seen: Sequence[Seen]) -> Step:
        return next_page(seen)
