"""The rows of an HTML list: which of a page's lists is the column's, its links, titles and dates. Touches nothing.

The list is told from the menu, which is ul > li > a as well, by its container, by links to articles below the
column's own folder, and by the dates beside the links. What an article's address looks like says the family.
Rows that lead to sub-columns are no articles: behind them stands what nobody has looked at, so a list with such rows
is partial unless the portal's file names them as branches.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urljoin, urlsplit

from lxml.cssselect import SelectorError
from lxml.html import HtmlElement

from crawler.addresses import canonical
from crawler.page import Page, parse, squeeze
from spiders.lists.branches import branches
from spiders.lists.listing import Listing, Row, absolute

# Of the national 政府信息公开平台 template: the container of a list, and that of the offices on a page of offices.
CONTAINERS = frozenset(("zfxxgk_zdgkc",))
_OFFICES = frozenset(("scroll_con",))
DATE = re.compile(
    r"\s*[\[(（【]?\s*(?:(?:发布)?(?:时间|日期)\s*[:：]\s*)?"
    r"((?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?(?:\s*\d{1,2}:\d\d(?::\d\d)?)?)\s*[\])）】]?\s*"
)
PLACEHOLDER = re.compile(r"\{\{|<\?=|<%|\$\{")  # of a template that a script fills
_ROWS = ("li", "tr", "dd")
_EMPTY = re.compile(
    r"(?:抱歉[，,]?)?(?:当前栏目|该栏目|本栏目)?(?:暂无|暂时没有|没有)(?:相关|任何)?(?:信息|数据|内容|记录|文章)[。!！]?"
)
_FOLDER = re.compile(r"(?:^|/)(?:index\.\w+|default\.\w+)?$", re.I)
_CUT = re.compile(r"(?:\.{2,}|…|⋯)$")
_PUBLISHED = re.compile(r"(?:发布|公开|公布)(?:日期|时间)")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)


@dataclass(frozen=True, slots=True)
class Line:
    """A row with what tells lists apart: its group (rows of one list) and whether it links to an article."""

    row: Row
    group: tuple[object, ...]
    in_container: bool
    is_article: bool
    in_column: bool
    element: HtmlElement

    @property
    def is_folder(self) -> bool:
        """Whether it leads to a column rather than to an article."""
        return not self.row.date and not self.is_article and bool(_FOLDER.search(_path(self.row.url)))

    @property
    def is_hidden(self) -> bool:
        """Whether it stands in something that is not shown."""
        return any(_HIDDEN.search(ancestor.get("style") or "") for ancestor in self.element.iterancestors())


def read_rows(page: Page, article: re.Pattern[str], selector: str = "", levels: Sequence[str] = ()) -> Listing:
    """The page's list without anything on further pages: rows, or that it says to be empty, or the problem.

    `article` is searched in absolute addresses without their query. `selector`: a CSS selector of the list's
    container, where the portal's file gives one. `levels`: the column's branches; rows that are branches are left out.
    """
    try:
        found = _selected(page, article, selector) if selector else _find_lines(page, article)
    except SelectorError as error:
        return Listing(problem=f"options: list: {selector!r} 不是 CSS 选择器：{error}")
    if any(is_placeholder(line.row) for line in found or ()):
        return Listing(problem="列表是未填的模板")
    leading = {canonical(url) for level in levels for url in branches(page, level)}
    kept = [line for line in found or () if not leading or canonical(line.row.url) not in leading]
    if kept:
        return Listing(once(line.row for line in kept), partial=_why_partial(kept))
    if found:
        return Listing(problem="列表里只有子栏目")
    if says_empty(page, selector):
        return Listing(empty=True)
    return Listing(problem=_why_no_list(page, article, recognised=found is not None))


def once(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Every address once, in order; of two rows with one address the first, unless only the other has a date."""
    kept: dict[str, Row] = {}
    for row in rows:
        if row.url not in kept or (row.date and not kept[row.url].date):
            kept[row.url] = row
    return tuple(kept.values())


def is_placeholder(row: Row) -> bool:
    return bool(PLACEHOLDER.search(unquote(row.url) + row.title))


def lines(tree: HtmlElement, base: str, article: re.Pattern[str]) -> Iterator[Line]:
    """Every row of every list with a link, menus included."""
    folder = urljoin(base, ".")
    for element in tree.iter(*_ROWS):
        if any(next(element.iterdescendants(tag), None) is not None for tag in _ROWS):
            continue  # a row of the layout around the list
        links = [
            (link, absolute(base, link.get("href", ""))) for link in element.iter("a") if followable(link.get("href"))
        ]
        if not links:
            continue
        link, url = links[0]
        if len(links) > 1:
            link, url = max(links, key=lambda one: (_is_article(one[1], article), len("".join(one[0].itertext()))))
        container = element.getparent()
        while container is not None and container.tag in ("tbody", "thead"):
            container = container.getparent()
        outside = container.getparent() if container is not None else None
        yield Line(
            row=Row(url, title_of(link), date_beside(element, link)),
            group=(outside, *((container.tag, container.get("class")) if container is not None else ())),
            in_container=_within(element, CONTAINERS),
            is_article=_is_article(url, article),
            in_column=url.startswith(folder) and url.rstrip("/") != folder.rstrip("/"),
            element=element,
        )


def has_articles(page: Page, article: re.Pattern[str]) -> bool:
    """Whether any link of the page leads to an article of the family."""
    return any(_is_article(_joined(page.url, link.get("href", "")), article) for link in page.tree.iter("a"))


def followable(href: str | None) -> bool:
    """Whether the link leads to a page at all."""
    return bool(href) and not (href or "").strip().lower().startswith(("javascript:", "#", "mailto:"))


def title_of(link: HtmlElement) -> str:
    """The title attribute, which is not cut, else the link's text without a date that stands inside the link.

    An attribute that says less than the text (点击查看, or itself cut) is not taken. Where the text is cut, the
    attribute of what stands within the link or around it will do as well, if it begins in the same way.
    """
    shown = " ".join("".join(text for text in link.itertext() if not DATE.fullmatch(text)).split())
    given = _title_attribute(link)
    stem = _CUT.sub("", shown).strip()
    if stem == shown:
        says_less = _CUT.search(given) or (len(given) < len(shown) and given not in shown)
        return given if given and (not says_less or not shown) else shown
    if len(given) >= len(stem):
        return given
    around = link.getparent()
    near = [*link.iterdescendants(), *([] if around is None else [around])]
    titles = (_title_attribute(element) for element in near)
    return next((title for title in titles if len(title) > len(stem) and title.startswith(stem)), shown)


def _title_attribute(element: HtmlElement) -> str:
    return " ".join((element.get("title") or "").split())


def date_beside(row: HtmlElement, link: HtmlElement) -> str:
    """The date that stands as a text of its own in the row; the link's own words are the title.

    Of several different dates that under the heading 发布日期 is taken, or none: it may be that of the document.
    """
    found: dict[str, HtmlElement] = {}  # date, element in which it stands
    for text, holder in _texts(row, link):
        match = DATE.fullmatch(text)
        if match:
            found.setdefault(" ".join(match.group(1).split()), holder)
    if len(found) <= 1:
        return next(iter(found), "")
    place = _published_column(row)
    cells = [cell for cell in row if cell.tag in ("td", "th")]
    if place is None or place >= len(cells):
        return ""
    return next((date for date, holder in found.items() if cells[place] in (holder, *holder.iterancestors())), "")


def _texts(row: HtmlElement, link: HtmlElement) -> Iterator[tuple[str, HtmlElement]]:
    """The texts of a row, each with the element in which it stands, but for those of the link itself."""
    for element in row.iter():
        if element is not link:
            yield element.text or "", element
        if element is not row:
            yield element.tail or "", element.getparent()


def _published_column(row: HtmlElement) -> int | None:
    """The place of the column of a table under the heading 发布日期."""
    table = next(row.iterancestors("table"), None)
    heading = next(table.iter("tr"), None) if table is not None else None
    for place, cell in enumerate(cell for cell in (heading if heading is not None else ()) if cell.tag in ("td", "th")):
        if _PUBLISHED.fullmatch(squeeze("".join(cell.itertext()))):
            return place
    return None


def says_empty(page: Page, selector: str = "") -> bool:
    """Whether the list's own container says nothing but that it is empty, for everybody to see.

    The words alone prove nothing: lists that a script fills later keep a hidden 暂无数据 at hand.
    """
    containers = page.tree.cssselect(selector, translator="html") if selector else _containers(page.tree)
    if any(_within(script, CONTAINERS) for script in parse(page.text).iter("script")):
        return False
    return any(
        _EMPTY.fullmatch(squeeze("".join(container.itertext())))
        and not any(_HIDDEN.search(element.get("style") or "") for element in container.iter())
        for container in containers
    )


def with_comments(page: Page) -> HtmlElement:
    """The tree of the page as if nothing were commented out."""
    return parse(page.text.replace("<!--", " ").replace("-->", " "))


def _find_lines(page: Page, article: re.Pattern[str]) -> list[Line] | None:
    """The rows of the column's list; None where no list is recognised."""
    found = list(lines(page.tree, page.url, article))
    contained = [line for line in found if line.in_container]
    if contained or _containers(page.tree):
        return contained
    groups: dict[tuple[object, ...], list[Line]] = {}
    for line in found:
        groups.setdefault(line.group, []).append(line)
    # A footer has a link to an article among others; in a list they are the rule.
    groups = {group: rows for group, rows in groups.items() if 2 * sum(map(_is_entry, rows)) >= len(rows)}
    own = {group for group, rows in groups.items() if any(_is_entry(line) and line.in_column for line in rows)}
    if not own:
        # Links to other columns' articles: accepted where only one dated list stands on the page.
        own = {group for group, rows in groups.items() if any(line.row.date and line.is_article for line in rows)}
        if len(own) != 1:
            return [line for line in found if _within(line.element, _OFFICES)] or None
    return [line for line in found if line.group in own]


def _is_entry(line: Line) -> bool:
    return bool(line.row.date) or line.is_article


def _selected(page: Page, article: re.Pattern[str], selector: str) -> list[Line] | None:
    containers = page.tree.cssselect(selector, translator="html")
    if not containers:
        return None
    return [line for container in containers for line in lines(container, page.url, article)]


def _why_partial(found: Sequence[Line]) -> str:
    """What in the rows says that more stands elsewhere; "" where nothing does."""
    folders = [line.row.title for line in found if line.is_folder]
    if folders:
        return f"{len(folders)} 行是下级栏目（如“{folders[0][:20]}”），没有看过；请写进 branches"
    if all(line.is_hidden for line in found):
        return "列表是隐藏的，看得见的由脚本填入，可能比它新"
    return ""


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return url


def _is_article(url: str, article: re.Pattern[str]) -> bool:
    return bool(article.search(url.partition("?")[0]))


def _joined(base: str, href: str) -> str:
    """As absolute(), without the care for signs that an address is sent with: for looking at its shape."""
    try:
        return urljoin(base, href.strip()).partition("#")[0]
    except ValueError:
        return href.strip()


def _classes(element: HtmlElement) -> list[str]:
    return (element.get("class") or "").split()


def _containers(tree: HtmlElement) -> list[HtmlElement]:
    return [element for element in tree.iter("div", "ul") if CONTAINERS & set(_classes(element))]


def _within(element: HtmlElement, names: frozenset[str]) -> bool:
    return any(names & set(_classes(ancestor)) for ancestor in element.iterancestors())


def _why_no_list(page: Page, article: re.Pattern[str], *, recognised: bool) -> str:
    if PLACEHOLDER.search(page.text) and recognised:
        return "列表是未填的模板"
    if recognised:
        return "列表没有条目，也没有说明为空"
    if "<!--" in page.text and list(lines(with_comments(page), page.url, article)):
        return "列表只在注释里，或认不出哪一个是栏目的列表"
    return "没有认出列表"
