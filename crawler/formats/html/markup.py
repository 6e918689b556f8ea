"""HTML text → a light tree of elements, as libxml2 repairs it. Touches nothing but the text it is given.

The parser hands over its events, so no tree of its own limits the depth, and the end of a document cannot be
dropped unseen. What a browser never shows is left out at once: comments, scripts, styles, templates, ruby
glosses. (Of a script that writes into the page an empty element stays.) libxml2 ignores end tags without a start
where a browser breaks the line (`1</p>2`, `1</br>2`), and two numbers would become one: such pages are repaired.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import cast

from lxml import etree

from crawler.errors import ReadError

MAX_TAGS = 200_000  # an element costs about half a kilobyte of memory; real pages have some thousands
MAX_DEPTH = 10_000
MAX_SEARCH = 100_000_000  # end tags × depth: libxml2 looks for the start of a wrong one through all open elements

TORN = "\ufffd"  # stands where words, or a number, are incomplete

_CHUNK = 1 << 14  # bytes

_UNSEEN = frozenset(("script", "style", "noscript", "template", "title", "rt", "rp", "rtc", "noframes"))
_NO_CONTENT = frozenset(  # shown, but not as the text inside them; <embed> is not closed by libxml2, it keeps its own
    ("iframe", "object", "applet", "svg", "math", "canvas", "video", "audio", "select", "img", "input", "br")
)
_LINKS = frozenset(("a", "area", "iframe", "frame", "embed", "object"))
_NOTED = _LINKS | {"meta", "base"}
_GROUPS = frozenset(("thead", "tbody", "tfoot"))
_PARTS = _GROUPS | {"table", "tr", "td", "th"}
_SPECIAL = _UNSEEN | _NO_CONTENT | _NOTED
_WRONG_END = re.compile(r": (?:p|br)\b")  # "Unexpected end tag : p"
_LOG_LIMIT = 100  # entries that lxml keeps
_END_TAGS = re.compile(r"</(p|br)\b[^>]*>", re.I)
_CLOSED_CELLS = re.compile(r"(<t[dh]\b[^<>]*)/>", re.I)  # HTML knows no self-closing cell: its text follows
_SPACES = re.compile(r"\s+")
_BEGINS = re.compile(r"<(?:html|body)\b", re.I)
_ENDS = re.compile(r"</(?:html|body|frameset)\b", re.I)


@dataclass(frozen=True, slots=True)
class Look:
    """How a style shows an element. `mark` stands before its text: it is raised, lowered or struck out.

    `breaks`: a style makes a block of it; `doubtful`: a style that cannot be judged may hide it.
    """

    mark: str = ""
    breaks: bool = False
    doubtful: bool = False


PLAIN = Look()


class Element:
    """One element; `children` are elements and pieces of text in their order; crawler.formats.html.styles sets `look`."""

    __slots__ = ("attributes", "children", "look", "tag")

    def __init__(self, tag: str, attributes: dict[str, str]) -> None:
        self.tag = tag
        self.attributes = attributes
        self.children: list[Element | str] = []
        self.look = PLAIN


@dataclass
class Page:
    """The tree with what stands beside it, each in the order of the page.

    `metadata`: (name, content); `styles`: (media, rules); `tables` and `links` (also frames) are in the tree.
    """

    root: Element
    title: str = ""
    base: str = ""
    metadata: list[tuple[str, str]] = field(default_factory=list)
    styles: list[tuple[str, str]] = field(default_factory=list)
    tables: list[Element] = field(default_factory=list)
    links: list[Element] = field(default_factory=list)
    cut_off: bool = False  # the text ends inside a comment, a script, or without the end of the page


def parse(text: str) -> Page:
    """Raises ReadError: more than MAX_TAGS tags, nested deeper than MAX_DEPTH, or wrongly beyond MAX_SEARCH."""
    if text.count("<") > MAX_TAGS:
        raise ReadError(f"网页的标记超过 {MAX_TAGS} 个，不像一份报告。 / More than {MAX_TAGS} tags: no report.")
    if "/>" in text:
        text = _CLOSED_CELLS.sub(r"\1>", text)
    builder, wrong_ends = _built(text)
    if wrong_ends:
        builder, _ = _built(_END_TAGS.sub(lambda match: "</p><br>" if match[1] in "pP" else "<br>", text))
    page = builder.page
    page.title = _SPACES.sub(" ", page.title).strip()
    page.cut_off = _is_cut_off(text, builder)
    return page


def _built(text: str) -> tuple[_Builder, bool]:
    """The parser's work, and whether it has ignored end tags where a browser breaks the line."""
    builder = _Builder()
    parser = etree.HTMLParser(
        encoding="utf-8", target=cast("etree.ParserTarget", builder), huge_tree=True, no_network=True
    )
    data = text.encode("utf-8", errors="replace")
    search = 0
    for begin in range(0, len(data), _CHUNK):  # in pieces: the parser notices a refusal only at the end of one
        piece = data[begin : begin + _CHUNK]
        parser.feed(piece)
        search += piece.count(b"</") * builder.depth
        if search > MAX_SEARCH or builder.depth > MAX_DEPTH:
            raise ReadError("网页的标记嵌套太深，不像一份报告。 / Nested too deep: no report.")
    if data:
        parser.close()
    log = parser.feed_error_log
    return builder, len(log) >= _LOG_LIMIT or any(_WRONG_END.search(entry.message) for entry in log)


def _is_cut_off(text: str, builder: _Builder) -> bool:
    """Whether the last unseen part was never closed, or a page that begins has no end."""
    end = text.rstrip()
    unseen = builder.unseen.rstrip()
    if unseen and end.endswith(unseen):
        before = end[: len(end) - len(unseen)]
        if before[before.rfind("<") :].lower().startswith(builder.unseen_in):
            return True
    return has_no_end(text)


def has_no_end(text: str) -> bool:
    """Whether a page begins as a whole document and never ends: what came is a part of it, whatever its length says.

    The end tags of body and html may be left out (HTML, 13.1.2.4), but no CMS does: one of them is enough.
    """
    return _BEGINS.search(text) is not None and _ENDS.search(text) is None


def with_torn_end(text: str) -> str:
    """A text that was cut off, its last words marked as incomplete: 4 may be the first digit of 414, nothing no blank.

    The mark is the sign that stands for what cannot be read. A text whose last cell is closed, and that ends with a
    tag, is returned as it is.
    """
    end = text.rstrip()
    if end.rfind("<") > end.rfind(">"):
        end = end[: end.rfind("<")].rstrip()  # a tag that was cut itself
    low = end.lower()
    cell_is_open = max(low.rfind("<td"), low.rfind("<th")) > max(map(low.rfind, ("</td", "</th", "</tr", "</table")))
    return end + TORN if cell_is_open or not end.endswith(">") else text


@dataclass
class _Scope:
    """An open table with the group and the row that its next cell belongs to."""

    table: Element
    group: Element | None = None
    row: Element | None = None


class _Builder:
    """Takes the parser's events. `_skipped` counts the open elements of a part that is left out.

    libxml2 closes a cell before the next one only where nothing within it is left open; browsers always do. So
    cells, rows and groups go to where they belong in the innermost open table, whatever is still open.
    """

    def __init__(self) -> None:
        self.page = Page(Element("", {}))
        self.unseen = ""  # the last piece of text that is left out
        self.unseen_in: str | tuple[str, ...] = ""  # how its tag begins
        self._open = [self.page.root]
        self._scopes: list[_Scope] = []
        self._skipped = 0
        self._skipping = ""
        self._titles = 0

    @property
    def depth(self) -> int:
        return len(self._open)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if self._skipped:
            self._skipped += 1
        elif tag in _SPECIAL:
            self._start_special(tag, attributes)
        else:
            element = Element(tag, attributes)
            (self._place(element) if tag in _PARTS else self._open[-1]).children.append(element)
            self._open.append(element)

    def _start_special(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in _UNSEEN:
            self._skip(tag)
            self._titles += tag == "title"
            if tag == "style":
                self.page.styles.append((attributes.get("media", ""), ""))
        else:
            element = Element(tag, attributes)
            self._open[-1].children.append(element)
            if tag in _NOTED:
                self._note(element)
            if tag in _NO_CONTENT:
                self._skip(tag)
            else:
                self._open.append(element)

    def end(self, tag: str) -> None:
        if self._skipped:
            self._skipped -= 1
            return
        element = self._open.pop()
        if element.tag in _PARTS and self._scopes:
            scope = self._scopes[-1]
            if element is scope.table:
                self._scopes.pop()
            elif element is scope.row:
                scope.row = None
            elif element is scope.group:
                scope.group = scope.row = None

    def data(self, text: str) -> None:
        if not self._skipped:
            self._open[-1].children.append(text)
            return
        self.unseen = text
        if self._skipping == "script" and "document.write" in text:
            self._open[-1].children.append(Element("script", {}))
        elif self._skipping == "title" and self._titles == 1:
            self.page.title += text
        elif self._skipping == "style":
            media, rules = self.page.styles[-1]
            self.page.styles[-1] = (media, rules + text)

    def comment(self, text: str) -> None:
        self.unseen, self.unseen_in = text, ("<!", "<?")

    def close(self) -> Page:
        return self.page

    def _skip(self, tag: str) -> None:
        self._skipped, self._skipping = 1, tag
        self.unseen, self.unseen_in = "", f"<{tag}"

    def _place(self, element: Element) -> Element:
        """The parent of a part of a table, and the note of it in the innermost open table."""
        tag = element.tag
        parent = self._open[-1]
        if self._scopes:
            scope = self._scopes[-1]
            if tag in _GROUPS:
                parent = scope.table
                scope.group, scope.row = element, None
            elif tag == "tr":
                parent = scope.group or scope.table
                scope.row = element
            elif tag != "table":
                parent = scope.row or scope.group or scope.table
        if tag == "table":
            self._scopes.append(_Scope(element))
            self.page.tables.append(element)
        return parent

    def _note(self, element: Element) -> None:
        tag, attributes = element.tag, element.attributes
        if tag in _LINKS:
            self.page.links.append(element)
        elif tag == "base":
            self.page.base = self.page.base or attributes.get("href", "").strip()
        else:
            name = (attributes.get("name") or attributes.get("property") or "").strip().lower()
            if name and "content" in attributes:
                self.page.metadata.append((name, _SPACES.sub(" ", attributes["content"]).strip()))
