"""Which part of a page is the column's list, where no system's signs say it. Touches nothing.

A group of rows is a list when its links stand beside dates, or lead to addresses of one shape that bear numbers, and
its titles are as long as titles; menus, footers, friendly links, paths and boxes of the newest are none. Which of
several lists is the column's say, in this order: the pager beside it, addresses below the column's own folder, titles
of annual reports. What stays open is said and never guessed: a menu or a news box taken for the column would say of
offices that they published nothing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import unquote, urljoin, urlsplit

from lxml.cssselect import SelectorError
from lxml.html import HtmlElement

from crawler.page import Page, squeeze
from spiders.lists.groups import MOST, Group, read_groups
from spiders.lists.listing import Row
from spiders.lists.rows import CONTAINERS, PLACEHOLDER, is_placeholder

SOME = 0.3  # of the titles may be those of annual reports, where nothing else ties a list to its column
TITLE = 6  # characters of a dated title, on average
BARE_TITLE = 10  # of one without a date; the words of menus are shorter
MAX_LINKS = 5000  # of a page; more are no list of reports
UP = 6  # elements above a row in which a menu's or a box's name is looked for

_ASIDE = re.compile(
    r"\b(?:nav|navi|navbar|navigation|menu|submenu|sidemenu|side-?bar|foot|footer|header|copyright|crumbs?|bread-?crumbs?"
    r"|position(?!-)|location|weizhi|dqwz|friend\w*|links|yqlj|share|hot|related|recommend)\b"
    r"|dl_nav|side_?nav|left_?nav|left_?menu|main_?nav|top_?nav|foot_|_foot|bottom_?link",
    re.I,
)
_ASIDE_TAGS = frozenset(("nav", "footer", "header", "aside"))
_BOX = re.compile(
    r"最新|热点|热门|推荐|相关(?:链接|文章|阅读|信息|稿件)|友情链接|点击排行|阅读排行|要闻|通知公告|网站导航|站内导航|更多"
    r"|\bmore\b",
    re.I,
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "p", "div", "span", "dt", "strong", "b"))
_HEADING = 20  # characters of a heading at most
_PAGER = re.compile(r"下一?页|后一页|末页|尾页|共\d+页|第\d+页")
_NEIGHBOUR = re.compile(r"(?:上|下|前|后)一(?:篇|条|则)")  # below an article
_YEAR = re.compile(r"(?:19|20)\d\d")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_INDEX = re.compile(r"(?:index|default|list)(?:_\d+)?\.\w+$", re.I)


@dataclass(frozen=True, slots=True)
class Choice:
    """The column's list, or why none could be told. `none`: its place is known, and no row stands there."""

    rows: tuple[Row, ...] = ()
    problem: str = ""
    none: bool = False


_NONE = Choice(problem="列表没有条目，也没有说明为空", none=True)
_TOO_MANY = Choice(problem=f"页面上的链接超过 {MAX_LINKS} 个")
_TEMPLATE = Choice(problem="列表是未填的模板")


def selected(page: Page, selector: str) -> Choice:
    """Every row below the elements that the portal's file names."""
    try:
        holders = page.tree.cssselect(selector, translator="html")
    except SelectorError as error:
        return Choice(problem=f"options: list: {selector!r} 不是 CSS 选择器：{error}")
    if _too_many(page):
        return _TOO_MANY
    if not holders:
        return Choice(problem=f"页面上没有 options: list 指的地方 {selector}")
    rows: dict[str, Row] = {}
    for holder in holders:
        for group in read_groups(holder, page.url):
            rows |= {row.url: row for row in group.rows if row.url not in rows}
    if any(is_placeholder(row) for row in rows.values()):
        return _TEMPLATE
    return Choice(tuple(rows.values())) if rows else _NONE


def choose(page: Page) -> Choice:
    """The list of the column whose page this is."""
    if _too_many(page):
        return _TOO_MANY
    if any(PLACEHOLDER.search(unquote(link.get("href") or "") + (link.text or "")) for link in page.tree.iter("a")):
        return _TEMPLATE
    groups = read_groups(page.tree, page.url)
    if any(_is_container(element) for element in page.tree.iter("div", "ul")):
        contained = [group for group in groups if any(map(_is_container, group.elements[0].iterancestors()))]
        rows = {row.url: row for group in reversed(contained) for row in reversed(group.rows)}
        return Choice(tuple(rows.values())[::-1]) if rows else _NONE
    found = [group for group in groups if is_list(group)]
    if not found:
        return Choice(problem="没有认出列表")
    folder = _own_folder(page.url)
    beside = beside_pager(page, found)
    shown = len(beside) == 1 and not _is_hidden(beside[0].elements[0])
    if shown and (beside[0].speaking >= SOME or (folder and beside[0].below(folder) >= MOST)):
        parts = [group for group in found if group.speaking >= SOME and group.shape == beside[0].shape != ""]
        return _joined([group for group in found if group in beside or group in parts])
    for own in (
        [group for group in found if folder and group.below(folder) >= MOST],
        [group for group in found if group.speaking >= SOME],
    ):
        if own and all(_is_hidden(group.elements[0]) for group in own):
            return Choice(problem="列表藏在页面里，由脚本显示，不知道是否完整")
        if own and len({group.shape for group in own}) == 1:
            return _joined(own)
        if own:
            return Choice(problem=f"有 {len(own)} 处像本栏目的列表，请设置 options: list")
    return Choice(problem=f"有 {len(found)} 处像列表，看不出哪一处是本栏目的，请设置 options: list")


def is_list(group: Group) -> bool:
    """Whether the group can be a list of articles at all."""
    if stands_aside(group):
        return False
    length = sum(len(squeeze(row.title)) for row in group.rows) / len(group.rows)
    if group.dated >= MOST:
        return length >= TITLE and (group.numbered >= MOST or bool(group.shape))
    years = sum(bool(_YEAR.search(row.title)) for row in group.rows) / len(group.rows)
    return len(group.rows) > 1 and length >= BARE_TITLE and group.numbered >= MOST and years >= MOST


def stands_aside(group: Group) -> bool:
    """Whether the group is in a menu, a footer, a path, or under the heading of a box."""
    first = group.elements[0]
    above = [one for one in first.iterancestors() if one.tag not in ("html", "body")][:UP]
    if _NEIGHBOUR.search(squeeze("".join(islice(first.itertext(), 3)))):
        return True
    if any(one.tag in _ASIDE_TAGS or _ASIDE.search(_names(one)) for one in (first, *above)):
        return True
    return _heads_a_box([first, *above[:3]])


def beside_pager(page: Page, groups: Sequence[Group]) -> list[Group]:
    """The groups within the smallest element that holds words of a pager and any of them."""
    above = [set(group.elements[0].iterancestors()) for group in groups]
    for element in page.tree.iter():
        if not isinstance(element.tag, str) or not _PAGER.search(squeeze(element.text or "")):
            continue
        for holder in element.iterancestors():
            if within := [group for group, holders in zip(groups, above, strict=True) if holder in holders]:
                return within
    return []


def _joined(groups: Sequence[Group]) -> Choice:
    """The parts of a list that stands on the page in several, by years for instance."""
    return Choice(tuple({row.url: row for group in groups for row in group.rows}.values()))


def _too_many(page: Page) -> bool:
    return sum(1 for _ in page.tree.iter("a")) > MAX_LINKS


def _own_folder(url: str) -> str:
    """The folder of which the page is the index, and which therefore is the column's own; "" where it is not told."""
    try:
        folder, parts = urljoin(url, "."), urlsplit(url)
    except ValueError:
        return ""
    name = parts.path.rpartition("/")[2]
    is_index = not parts.query and (not name or _INDEX.match(name) is not None)
    return folder if is_index and urlsplit(folder).path.strip("/") else ""


def _is_container(element: HtmlElement) -> bool:
    return bool(CONTAINERS & set((element.get("class") or "").split()))


def _is_hidden(element: HtmlElement) -> bool:
    return any(_HIDDEN.search(above.get("style") or "") for above in element.iterancestors())


def _heads_a_box(elements: Sequence[HtmlElement]) -> bool:
    """Whether the nearest heading before the list is that of a box beside the column's list, or of the first few (更多)."""
    for number, element in enumerate(elements):
        for before in element.itersiblings(preceding=True):
            text = squeeze("".join(before.itertext())) if isinstance(before.tag, str) else ""
            if text and (number or before.tag != element.tag):  # the first element is a row among rows
                return before.tag in _HEADINGS and len(text) <= _HEADING and bool(_BOX.search(text))
    return False


def _names(element: HtmlElement) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"
