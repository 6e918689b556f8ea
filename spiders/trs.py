"""TRS WCM / 海云 columns: static pages.

Recognise: articles ./202301/t20230118_1734539.html (.htm, .shtml; also t803352.shtml without folder and date),
classes TRS_Editor, trs_editor_view, CurrChnlCls, files P020….pdf, further list pages index_1.html made by a script.

The list is told from the menu, which is ul > li > a as well, by its container, by links to articles below the
column's own folder, and by the dates beside the links. Three dialects of further pages:
    var currentPage = 0; var countPage = 2                 zero-based: page 2 is index_1.html
    createPageHTML(total, current, "index", "html")        zero-based, where current is 0 on the first page
    createPageHTML('paging', total, current, 'index', …)   one-based: page 2 is index_2.html; .pagination("setPage", …) too
What the script says is tried: a page 2 that repeats page 1 or does not exist means the other way of counting.

Known limits: yearly sub-columns are columns of their own in the portal's file; a column without dates is recognised
only by article addresses; entries that the system no longer publishes (countnum) are not seen.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urljoin, urlsplit

from lxml.cssselect import SelectorError
from lxml.html import HtmlElement

from config.schema import Column
from crawler.page import Page, parse, squeeze
from spiders.base import PortalSpider
from spiders.listing import END, Listing, Paging, Row, Seen, Step, absolute
from spiders.signs import COMPANION, PROOF, Sign

# Containers of the national 政府信息公开平台 template.
_CONTAINERS = frozenset(("zfxxgk_zdgkc",))
_ROWS = ("li", "tr", "dd")
_ARTICLE = re.compile(r"/(?:t\d{8}_\d+|t\d{6,}|content_\d+)\.s?html?$|/[WP]0\d{10,}\.\w+$", re.I)
_DATE = re.compile(
    r"\s*[\[(（【]?\s*(?:(?:发布)?(?:时间|日期)\s*[:：]\s*)?"
    r"((?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?(?:\s*\d{1,2}:\d\d(?::\d\d)?)?)\s*[\])）】]?\s*"
)
_EMPTY = re.compile(
    r"(?:抱歉[，,]?)?(?:当前栏目|该栏目|本栏目)?(?:暂无|暂时没有|没有)(?:相关|任何)?(?:信息|数据|内容|记录|文章)[。!！]?"
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_PLACEHOLDER = re.compile(r"\{\{|<\?=|<%|\$\{")

_EDITOR = re.compile(r"TRS_(?:Editor|UEDITOR)|trs_editor_view|CurrChnlCls", re.I)
_LINE_COMMENT = re.compile(r"(?<![:\"'])//[^\n]*")
_COUNT = re.compile(r"\bcountPage\s*=\s*(\d+)")
_CURRENT = re.compile(r"\bcurrentPage\s*=\s*(\d+)")
_CREATE = re.compile(
    r"createPageHTML\s*\(\s*(?:(['\"])[^'\"]*\1\s*,\s*)?(\d+)\s*,\s*(\d+)\s*,\s*['\"]([\w-]+)['\"]\s*,\s*['\"](\w+)['\"]"
)
_SET_PAGE = re.compile(r"\.pagination\(\s*['\"]setPage['\"]\s*,\s*(\d+)\s*,\s*(\d+)")
_NEXT = re.compile(r"[\[(<＜《]*(?:下一?页|后一页)[\])>＞》]*")
_PAGES = re.compile(r"共(?:计)?(\d+)页")


class TrsSpider(PortalSpider):
    """Options of a column: `list`, a CSS selector of the list's container, where it is not recognised."""

    name = "trs"

    @classmethod
    def signs(cls, page: Page) -> tuple[Sign, ...]:
        found = []
        if _EDITOR.search(page.text):
            found.append(Sign(PROOF, "TRS_Editor / CurrChnlCls"))
        if _COUNT.search(page.text) or _CREATE.search(page.text):
            found.append(Sign(COMPANION, "countPage / createPageHTML"))
        if any(_is_article(link, page.url) for link in page.tree.iter("a")):
            found.append(Sign(COMPANION, "t20240118_1234567.html"))
        return tuple(found)

    def read_list(self, page: Page, column: Column) -> Listing:
        selector = column.options.get("list")
        try:
            rows = _selected(page, str(selector)) if selector else _find_rows(page)
        except SelectorError as error:
            return Listing(problem=f"options: list: {selector!r} 不是 CSS 选择器：{error}")
        if any(_PLACEHOLDER.search(unquote(row.url) + row.title) for row in rows or ()):
            return Listing(problem="列表是未填的模板")
        if rows:
            return _with_paging(tuple(rows), page)
        if _says_empty(page, str(selector) if selector else ""):
            return Listing(empty=True)
        return Listing(problem=_why_no_list(page, recognised=rows is not None))

    def next_step(self, column: Column, seen: Sequence[Seen]) -> Step:
        first, last = seen[0].listing, seen[-1]
        paging = first.paging if first is not None else Paging()
        if paging.pages is None:
            link = last.listing.paging.link if last.listing is not None else ""
            repeated = last.fresh == 0 or link in {page.url for page in seen}
            return END if repeated or not link else Step(link)
        if paging.pages <= 1:
            return END
        told = paging.first if paging.first is not None else 1
        further = list(seen[1:])
        if not further:
            return _page(paging, 2, told, probe=True)
        if further[0].fresh == 0:
            told = 3 - told  # 1 and 2 are the numbers that page 2 can bear
            further = further[1:]
            if not further:
                return _page(paging, 2, told, probe=True)
        if further[-1].fresh == 0:
            return Step(incomplete=f"共 {paging.pages} 页，第 {len(further) + 1} 页没有新的条目")
        number = len(further) + 2
        return _page(paging, number, told) if number <= paging.pages else END


def _page(paging: Paging, number: int, told: int, *, probe: bool = False) -> Step:
    """The address of page `number`, where page 2 bears the number `told`."""
    return Step(paging.template.replace("{page}", str(number - 2 + told)), probe=probe)


@dataclass(frozen=True, slots=True)
class _Line:
    """A row with what tells lists apart: its group (rows of one list) and whether it links to an article."""

    row: Row
    group: tuple[object, ...]
    in_container: bool
    is_article: bool
    in_column: bool


def _find_rows(page: Page) -> list[Row] | None:
    """The rows of the column's list; None where no list is recognised."""
    lines = list(_lines(page.tree, page.url))
    contained = [line.row for line in lines if line.in_container]
    if contained or any(_CONTAINERS & set(_classes(element)) for element in page.tree.iter("div", "ul")):
        return contained
    own = {line.group for line in lines if line.in_column and (line.row.date or line.is_article)}
    if not own:
        # Links to other columns' articles: accepted where only one dated list stands on the page.
        own = {line.group for line in lines if line.row.date and line.is_article}
        if len(own) != 1:
            return None
    return [line.row for line in lines if line.group in own]


def _selected(page: Page, selector: str) -> list[Row] | None:
    containers = page.tree.cssselect(selector, translator="html")
    if not containers:
        return None
    return [line.row for container in containers for line in _lines(container, page.url)]


def _lines(tree: HtmlElement, base: str) -> Iterator[_Line]:
    folder = urljoin(base, ".")
    for element in tree.iter(*_ROWS):
        if any(next(element.iterdescendants(tag), None) is not None for tag in _ROWS):
            continue  # a row of the layout around the list
        links = [link for link in element.iter("a") if _followable(link.get("href"))]
        if not links:
            continue
        link = max(links, key=lambda link: (_is_article(link, base), len("".join(link.itertext()))))
        url = absolute(base, link.get("href", ""))
        container = element.getparent()
        while container is not None and container.tag in ("tbody", "thead"):
            container = container.getparent()
        outside = container.getparent() if container is not None else None
        yield _Line(
            row=Row(url, _title(link), _date_beside(element, link)),
            group=(outside, *((container.tag, container.get("class")) if container is not None else ())),
            in_container=_in_container(element),
            is_article=_is_article(link, base),
            in_column=url.startswith(folder) and url.rstrip("/") != folder.rstrip("/"),
        )


def _followable(href: str | None) -> bool:
    return bool(href) and not (href or "").strip().lower().startswith(("javascript:", "#", "mailto:"))


def _is_article(link: HtmlElement, base: str) -> bool:
    return bool(_ARTICLE.search(absolute(base, link.get("href", "")).partition("?")[0]))


def _classes(element: HtmlElement) -> list[str]:
    return (element.get("class") or "").split()


def _title(link: HtmlElement) -> str:
    """The title attribute, which is not cut, else the link's text without a date that stands inside the link."""
    title = link.get("title")
    if title and title.strip():
        return " ".join(title.split())
    return " ".join("".join(text for text in link.itertext() if not _DATE.fullmatch(text)).split())


def _date_beside(row: HtmlElement, link: HtmlElement) -> str:
    """The date that stands as a text of its own in the row; the link's own words are the title."""
    for element in row.iter():
        for text in (element.text if element is not link else None, element.tail if element is not row else None):
            found = _DATE.fullmatch(text or "")
            if found:
                return " ".join(found.group(1).split())
    return ""


def _says_empty(page: Page, selector: str) -> bool:
    """Whether the list's own container says nothing but that it is empty, for everybody to see.

    The words alone prove nothing: lists that a script fills later keep a hidden 暂无数据 at hand.
    """
    if selector:
        containers = page.tree.cssselect(selector, translator="html")
    else:
        containers = [element for element in page.tree.iter("div", "ul") if _CONTAINERS & set(_classes(element))]
    if any(_in_container(script) for script in parse(page.text).iter("script")):
        return False
    return any(
        _EMPTY.fullmatch(squeeze("".join(container.itertext())))
        and not any(_HIDDEN.search(element.get("style") or "") for element in container.iter())
        for container in containers
    )


def _in_container(element: HtmlElement) -> bool:
    return any(_CONTAINERS & set(_classes(ancestor)) for ancestor in element.iterancestors())


def _why_no_list(page: Page, *, recognised: bool) -> str:
    if _PLACEHOLDER.search(page.text) and recognised:
        return "列表是未填的模板"
    if recognised:
        return "列表没有条目，也没有说明为空"
    if "<!--" in page.text and list(_lines(_with_comments(page), page.url)):
        return "列表只在注释里，或认不出哪一个是栏目的列表"
    return "没有认出列表"


def _with_comments(page: Page) -> HtmlElement:
    return parse(page.text.replace("<!--", " ").replace("-->", " "))


def _with_paging(rows: tuple[Row, ...], page: Page) -> Listing:
    """The list together with what the page says about further pages."""
    script = _LINE_COMMENT.sub("", "\n".join(_scripts(page.text)))
    if found := _CREATE.search(script):
        pages, current = int(found.group(2)), int(found.group(3))
        first = 2 if found.group(1) or current == 1 else 1
        return _listing(rows, page, pages, first, stem=found.group(4), suffix=found.group(5))
    if found := _COUNT.search(script):
        current_page = _CURRENT.search(script)
        first = 2 if current_page and int(current_page.group(1)) == 1 else 1
        return _listing(rows, page, int(found.group(1)), first)
    if found := _SET_PAGE.search(script):
        return _listing(rows, page, int(found.group(2)), 2)
    return _linked(rows, page)


def _listing(
    rows: tuple[Row, ...], page: Page, pages: int, first: int, *, stem: str = "index", suffix: str = ""
) -> Listing:
    suffix = suffix or (urlsplit(page.url).path.rpartition("/")[2].rpartition(".")[2] or "html")
    template = urljoin(page.url, f"{stem}_{{page}}.{suffix}")
    return Listing(rows, paging=Paging(pages=pages, template=template, first=first))


def _linked(rows: tuple[Row, ...], page: Page) -> Listing:
    """No script: a plain link to the next page, or a number of pages, or a single page."""
    nexts = [link for link in page.tree.iter("a") if _NEXT.fullmatch("".join("".join(link.itertext()).split()))]
    for link in nexts:
        url = absolute(page.url, link.get("href") or "")
        if _followable(link.get("href")) and url.startswith(urljoin(page.url, ".")) and url != page.url:
            return Listing(rows, paging=Paging(link=url))
    counted = _PAGES.search(page.visible)
    if (nexts and not counted) or (counted and int(counted.group(1)) > 1 and not _is_last(page, counted)):
        return Listing(rows, unclear="有“下一页”或多页，但翻页方式还不认识")
    return Listing(rows)


def _is_last(page: Page, counted: re.Match[str]) -> bool:
    """A page of plain links that says 第 N 页 of 共 N 页."""
    here = re.search(r"第(\d+)页|当前页?[:：]?(\d+)", page.visible)
    return bool(here and counted.group(1) in here.groups())


def _scripts(text: str) -> Iterable[str]:
    """The scripts that are not commented out."""
    return (script.text or "" for script in parse(text).iter("script"))
