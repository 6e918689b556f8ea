"""The rows of an HTML list: which of a page's lists is the column's, its links, titles and dates. Touches nothing.

The list is told from the menu, which is ul > li > a as well, by its container, by links to articles below the
column's own folder, and by the dates beside the links. What an article's address looks like says the family.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urljoin

from lxml.cssselect import SelectorError
from lxml.html import HtmlElement

from crawler.page import Page, parse, squeeze
from spiders.listing import Listing, Row, absolute

# Containers of the national 政府信息公开平台 template.
CONTAINERS = frozenset(("zfxxgk_zdgkc",))
DATE = re.compile(
    r"\s*[\[(（【]?\s*(?:(?:发布)?(?:时间|日期)\s*[:：]\s*)?"
    r"((?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?(?:\s*\d{1,2}:\d\d(?::\d\d)?)?)\s*[\])）】]?\s*"
)
PLACEHOLDER = re.compile(r"\{\{|<\?=|<%|\$\{")  # of a template that a script fills
_ROWS = ("li", "tr", "dd")
_EMPTY = re.compile(
    r"(?:抱歉[，,]?)?(?:当前栏目|该栏目|本栏目)?(?:暂无|暂时没有|没有)(?:相关|任何)?(?:信息|数据|内容|记录|文章)[。!！]?"
)
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


def read_rows(page: Page, article: re.Pattern[str], selector: str = "") -> Listing:
    """The page's list without anything on further pages: rows, or that it says to be empty, or the problem.

    `article` is searched in absolute addresses without their query. `selector`: a CSS selector of the list's
    container, where the portal's file gives one.
    """
    try:
        rows = _selected(page, article, selector) if selector else _find_rows(page, article)
    except SelectorError as error:
        return Listing(problem=f"options: list: {selector!r} 不是 CSS 选择器：{error}")
    if any(is_placeholder(row) for row in rows or ()):
        return Listing(problem="列表是未填的模板")
    if rows:
        return Listing(tuple(rows))
    if says_empty(page, selector):
        return Listing(empty=True)
    return Listing(problem=_why_no_list(page, article, recognised=rows is not None))


def is_placeholder(row: Row) -> bool:
    return bool(PLACEHOLDER.search(unquote(row.url) + row.title))


def lines(tree: HtmlElement, base: str, article: re.Pattern[str]) -> Iterator[Line]:
    """Every row of every list with a link, menus included."""
    folder = urljoin(base, ".")
    for element in tree.iter(*_ROWS):
        if any(next(element.iterdescendants(tag), None) is not None for tag in _ROWS):
            continue  # a row of the layout around the list
        links = [link for link in element.iter("a") if followable(link.get("href"))]
        if not links:
            continue
        link = max(links, key=lambda link: (_is_article(link, base, article), len("".join(link.itertext()))))
        url = absolute(base, link.get("href", ""))
        container = element.getparent()
        while container is not None and container.tag in ("tbody", "thead"):
            container = container.getparent()
        outside = container.getparent() if container is not None else None
        yield Line(
            row=Row(url, title_of(link), date_beside(element, link)),
            group=(outside, *((container.tag, container.get("class")) if container is not None else ())),
            in_container=_in_container(element),
            is_article=_is_article(link, base, article),
            in_column=url.startswith(folder) and url.rstrip("/") != folder.rstrip("/"),
            element=element,
        )


def has_articles(page: Page, article: re.Pattern[str]) -> bool:
    """Whether any link of the page leads to an article of the family."""
    return any(_is_article(link, page.url, article) for link in page.tree.iter("a"))


def followable(href: str | None) -> bool:
    """Whether the link leads to a page at all."""
    return bool(href) and not (href or "").strip().lower().startswith(("javascript:", "#", "mailto:"))


def title_of(link: HtmlElement) -> str:
    """The title attribute, which is not cut, else the link's text without a date that stands inside the link."""
    title = link.get("title")
    if title and title.strip():
        return " ".join(title.split())
    return " ".join("".join(text for text in link.itertext() if not DATE.fullmatch(text)).split())


def date_beside(row: HtmlElement, link: HtmlElement) -> str:
    """The date that stands as a text of its own in the row; the link's own words are the title."""
    for element in row.iter():
        for text in (element.text if element is not link else None, element.tail if element is not row else None):
            found = DATE.fullmatch(text or "")
            if found:
                return " ".join(found.group(1).split())
    return ""


def says_empty(page: Page, selector: str = "") -> bool:
    """Whether the list's own container says nothing but that it is empty, for everybody to see.

    The words alone prove nothing: lists that a script fills later keep a hidden 暂无数据 at hand.
    """
    containers = page.tree.cssselect(selector, translator="html") if selector else _containers(page.tree)
    if any(_in_container(script) for script in parse(page.text).iter("script")):
        return False
    return any(
        _EMPTY.fullmatch(squeeze("".join(container.itertext())))
        and not any(_HIDDEN.search(element.get("style") or "") for element in container.iter())
        for container in containers
    )


def with_comments(page: Page) -> HtmlElement:
    """The tree of the page as if nothing were commented out."""
    return parse(page.text.replace("<!--", " ").replace("-->", " "))


def _find_rows(page: Page, article: re.Pattern[str]) -> list[Row] | None:
    """The rows of the column's list; None where no list is recognised."""
    found = list(lines(page.tree, page.url, article))
    contained = [line.row for line in found if line.in_container]
    if contained or _containers(page.tree):
        return contained
    own = {line.group for line in found if line.in_column and (line.row.date or line.is_article)}
    if not own:
        # Links to other columns' articles: accepted where only one dated list stands on the page.
        own = {line.group for line in found if line.row.date and line.is_article}
        if len(own) != 1:
            return None
    return [line.row for line in found if line.group in own]


def _selected(page: Page, article: re.Pattern[str], selector: str) -> list[Row] | None:
    containers = page.tree.cssselect(selector, translator="html")
    if not containers:
        return None
    return [line.row for container in containers for line in lines(container, page.url, article)]


def _is_article(link: HtmlElement, base: str, article: re.Pattern[str]) -> bool:
    return bool(article.search(absolute(base, link.get("href", "")).partition("?")[0]))


def _classes(element: HtmlElement) -> list[str]:
    return (element.get("class") or "").split()


def _containers(tree: HtmlElement) -> list[HtmlElement]:
    return [element for element in tree.iter("div", "ul") if CONTAINERS & set(_classes(element))]


def _in_container(element: HtmlElement) -> bool:
    return any(CONTAINERS & set(_classes(ancestor)) for ancestor in element.iterancestors())


def _why_no_list(page: Page, article: re.Pattern[str], *, recognised: bool) -> str:
    if PLACEHOLDER.search(page.text) and recognised:
        return "列表是未填的模板"
    if recognised:
        return "列表没有条目，也没有说明为空"
    if "<!--" in page.text and list(lines(with_comments(page), page.url, article)):
        return "列表只在注释里，或认不出哪一个是栏目的列表"
    return "没有认出列表"
