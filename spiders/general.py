"""The general family: portals of no known system, hand-made ones included.

Recognise: it has no sign of its own; it is what is left. Addresses met: /2023/01-19/2677014.html (Henan), a snowflake
of 19 digits or an ObjectId of 24 (Xi'an, Jinan), /Content-2361064.html (Ankang), .jhtml (JEECMS), ShowInfo.php?classid&id
(EmpireCMS), /info/iList.jsp?cat_id, /columns/<uuid>/202308/21/<uuid>.html (Hebei), /nw12344/20230331/<32 hex> (Shanghai).

Which part of the page is the list: lists/groups.py, lists/choice.py. Where the next page is: lists/nextlink.py. Both rather
say that they do not know: a menu taken for a list would say of offices that they published nothing.

Known limits: the list must stand in the page; a column that holds nothing says so only in the national platform's
container or in the one that `list` names; entries without date and without year in their titles need `list`.
"""

from collections.abc import Sequence

from config.schema import Column
from crawler.page import Page
from spiders.base import PortalSpider
from spiders.lists.choice import choose, selected
from spiders.lists.listing import Listing, Seen, Step
from spiders.lists.nextlink import follow, with_next
from spiders.lists.rows import says_empty
from spiders.signs import Sign


class GeneralSpider(PortalSpider):
    """Options of a column: `list`, a CSS selector of the list's container, where it is not told."""

    name = "general"

    @classmethod
    def signs(cls, _page: Page) -> tuple[Sign, ...]:
        return ()

    def read_list(self, page: Page, column: Column) -> Listing:
        selector = str(column.options.get("list") or "")
        found = selected(page, selector) if selector else choose(page)
        if found.rows:
            return with_next(Listing(found.rows), page)
        return Listing(empty=True) if found.none and says_empty(page, selector) else Listing(problem=found.problem)

    def next_step(self, column: Column, seen: Sequence[Seen]) -> Step:
        return follow(seen)
