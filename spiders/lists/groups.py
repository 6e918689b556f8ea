"""Rows of a page that stand together, whatever the system, and what can be measured of them. Touches nothing.

Lines of lists and tables make a group, and so do boxes or bare links, each with one address, within one holder.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from lxml.html import HtmlElement

from crawler.page import longer, squeeze
from crawler.titles import judge_title
from spiders.lists.listing import Row, absolute
from spiders.lists.rows import DATE, date_beside, followable, lines, title_of

MOST = 0.6  # of a group's rows make what is said of it
SMALL = 200  # characters of a row that is no li, tr or dd

_LONG_ID = re.compile(r"\d{4,}|[0-9a-f]{16,}", re.I)
_HEX = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{16,}", re.I)
_DIGITS = re.compile(r"\d+")
_DOCUMENT = re.compile(r"\.(?:pdf|docx?|wps|xlsx?|ofd)$", re.I)
_NO_TITLE = re.compile(
    r"\d{1,4}|[^\w]+|(?:上|下)一?页|(?:前|后)一页|首页|第一页|末页|尾页|最后一?页|更多[^\w]*|详细?[^\w]*|查看(?:详情)?|下载|"
    + DATE.pattern
)


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that stand together, in the page's order; there is at least one."""

    rows: tuple[Row, ...]
    elements: tuple[HtmlElement, ...]

    @property
    def dated(self) -> float:
        """The part of the rows beside which a date stands."""
        return self._part(bool(row.date) for row in self.rows)

    @property
    def numbered(self) -> float:
        """The part of the rows whose addresses bear an article's number, or are a file."""
        return self._part(_is_numbered(row.url) for row in self.rows)

    @property
    def speaking(self) -> float:
        """The part of the rows whose titles are, or may be, those of annual reports."""
        return self._part(judge_title(row.title)[0] != "lookalike" for row in self.rows)

    @property
    def shape(self) -> str:
        """The commonest shape of the addresses; "" where none is that of most."""
        shapes = [address_shape(row.url) for row in self.rows]
        common = max(set(shapes), key=shapes.count)
        return common if shapes.count(common) >= MOST * len(shapes) else ""

    def below(self, folder: str) -> float:
        """The part of the rows whose addresses are below `folder`."""
        return self._part(row.url.startswith(folder) and row.url != folder for row in self.rows)

    def _part(self, true: Iterator[bool]) -> float:
        return sum(true) / len(self.rows)


def read_groups(tree: HtmlElement, base: str) -> list[Group]:
    """All rows below `tree` by the list they stand in; one address counts once in a group."""
    groups: dict[tuple[object, ...], dict[str, tuple[Row, HtmlElement]]] = {}
    for key, row, element in _rows(tree, base):
        if squeeze(row.title) and not _NO_TITLE.fullmatch(squeeze(row.title)):
            groups.setdefault(key, {}).setdefault(row.url, (row, element))
    return [
        Group(tuple(row for row, _ in group.values()), tuple(element for _, element in group.values()))
        for group in groups.values()
    ]


def address_shape(url: str) -> str:
    """What addresses of one kind have in common: numbers and long hexadecimal words are left open."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    path = _DIGITS.sub("#", _HEX.sub("#", unquote(parts.path)))
    names = sorted(name for name, _ in parse_qsl(parts.query, keep_blank_values=True))
    return f"{parts.netloc}{path}?{'&'.join(names)}"


def _is_numbered(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    last = parts.path.rstrip("/").rpartition("/")[2]
    values = [value for _, value in parse_qsl(parts.query)]
    return bool(_DOCUMENT.search(last) or any(_LONG_ID.search(text) for text in (last, *values)))


def _rows(tree: HtmlElement, base: str) -> Iterator[tuple[tuple[object, ...], Row, HtmlElement]]:
    """(list, row, element): the lines of lists and tables, then links that stand in boxes of their own."""
    taken = set()
    for line in lines(tree, base, _DOCUMENT):
        taken.update(line.element.iter("a"))
        yield line.group, line.row, line.element
    links = [link for link in tree.iter("a") if followable(link.get("href"))]
    sole: dict[HtmlElement, str] = {}  # the one address behind an element's links; "" for several
    for link in links:
        href = (link.get("href") or "").strip()
        for element in link.iterancestors():
            sole[element] = href if sole.get(element, href) == href else ""
    for link in links:
        if link in taken:
            continue
        element = link
        for above in link.iterancestors():
            if not sole.get(above) or above.tag in ("body", "html", "td", "ul", "table") or longer(above, SMALL):
                break
            element = above
        title, date = title_of(link), date_beside(element, link) or _date_after(element)
        yield (element.getparent(), element.tag, element.get("class")), Row(_url(base, link), title, date), element


def _date_after(element: HtmlElement) -> str:
    """The date that follows a box or a bare link: in the text behind it, or in an element of its own (dt, dd)."""
    following = element.getnext()
    texts = [element.tail or ""]
    if following is not None and isinstance(following.tag, str) and following.find(".//a") is None:
        texts.append("".join(following.itertext()) if following.tag != "a" else "")
    found = next((match for text in texts if (match := DATE.fullmatch(text))), None)
    return " ".join(found.group(1).split()) if found else ""


def _url(base: str, link: HtmlElement) -> str:
    return absolute(base, link.get("href") or "")
