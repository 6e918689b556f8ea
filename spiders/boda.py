"""Boda 博达 VSB / WebPlus columns.

Recognise: articles /info/1050/21831.htm or show.jsp?wbtreeid=…&wbnewsid=…, columns xstz.htm or
list.jsp?urltype=tree.TreeTempUrl&wbtreeid=1082, ids vsb_content and line_u5_0, class v_news_content, _showDynClicks,
_jsq_(1050, …), <META Name="pageTitle">.

Further pages: by the link 下页 only. The files of a static column are numbered from its end (page 2 of xstz.htm is
xstz/23.htm, and another one tomorrow), so that no address can be made up; a dynamic one has a<treeid>p=2&a<treeid>t=….
A redirect to visitcode.jsp asks for a captcha and is a challenge (crawler.health); files behind download.jsp come as a
page to whoever sends no Referer.

Known limits: the list must stand in the page.
"""

import re
from collections.abc import Sequence
from urllib.parse import parse_qsl, urlsplit

from config.schema import Column
from crawler.page import Page
from spiders.base import PortalSpider
from spiders.lists.choice import SOME, Choice, beside_pager, choose, selected, stands_aside
from spiders.lists.groups import MOST, Group, read_groups
from spiders.lists.listing import Listing, Seen, Step
from spiders.lists.nextlink import follow, with_next
from spiders.lists.rows import is_placeholder, says_empty
from spiders.signs import ADDRESS, COMPANION, PROOF, Sign

_STATIC = re.compile(r"/info/(\d{3,})/\d+\.s?html?$", re.I)
_TREE_CALL = re.compile(r"\b_jsq_\(\s*(\d{3,9})\s*,")
_BODY = re.compile(r"vsb_content|v_news_content", re.I)
_SCRIPT = re.compile(r"_showDynClick(?:s|Batch)\(|\b_jsq_\(|/system/resource/|TreeTempUrl|wbnewsid=", re.I)
_PARTS = re.compile(r"""id=["']?(?:line_u\d+_\d|fanye\d)|class=["']p_(?:pages|next|no)\b""")
_PAGE_TITLE = re.compile(r"<meta\s+name=[\"']?pageTitle", re.I)


class BodaSpider(PortalSpider):
    """Options of a column: `list`, a CSS selector of the list's container, where it is not recognised."""

    name = "boda"

    @classmethod
    def signs(cls, page: Page) -> tuple[Sign, ...]:
        found = []
        if _BODY.search(page.text):
            found.append(Sign(PROOF, "vsb_content / v_news_content"))
        if _SCRIPT.search(page.text):
            found.append(Sign(COMPANION, "_showDynClicks / _jsq_ / /system/resource/"))
        if _PARTS.search(page.text):
            found.append(Sign(COMPANION, "line_u… / p_pages"))
        if _PAGE_TITLE.search(page.text):
            found.append(Sign(COMPANION, 'META Name="pageTitle"'))
        if "wbtreeid=" in page.url or _STATIC.search(page.url):
            found.append(Sign(ADDRESS, "/info/1050/21831.htm, wbtreeid="))
        return tuple(found)

    def read_list(self, page: Page, column: Column) -> Listing:
        selector = str(column.options.get("list") or "")
        found = selected(page, selector) if selector else _choose(page)
        if found.rows:
            return with_next(Listing(found.rows), page)
        return Listing(empty=True) if found.none and says_empty(page, selector) else Listing(problem=found.problem)

    def next_step(self, column: Column, seen: Sequence[Seen]) -> Step:
        return follow(seen)


def _choose(page: Page) -> Choice:
    """The list of articles beside the pager, or of the column's own tree; else as for pages of no known system."""
    groups = [group for group in read_groups(page.tree, page.url) if _of_articles(group) and not stands_aside(group)]
    if not groups or any(is_placeholder(row) for group in groups for row in group.rows):
        return choose(page)
    beside = beside_pager(page, groups)
    tree = _own_tree(page)
    own = [group for group in groups if tree and any(_tree_of(row.url) == tree for row in group.rows)]
    for likely in (beside, own):
        if len(likely) == 1 and (not own or likely[0] in own or likely[0].speaking >= SOME):
            return Choice(likely[0].rows)
    return choose(page)


def _of_articles(group: Group) -> bool:
    return sum(bool(_tree_of(row.url)) for row in group.rows) >= MOST * len(group.rows)


def _tree_of(url: str) -> str:
    """The number of the column in an article's address; "" where it is no article's."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if found := _STATIC.search(parts.path):
        return found.group(1)
    query = dict(parse_qsl(parts.query))
    return query.get("wbtreeid", "") if "wbnewsid" in query else ""


def _own_tree(page: Page) -> str:
    """The number of the column that the page is: in its address, or in the call that counts its readers."""
    query = dict(parse_qsl(urlsplit(page.url).query))
    called = _TREE_CALL.search(page.text)
    return query.get("wbtreeid", "") or (called.group(1) if called else "")
