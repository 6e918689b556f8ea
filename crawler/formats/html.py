"""HTML pages → Document, by BeautifulSoup over lxml. Touches nothing but the bytes it is given.

How to recognise: markup within the first kilobytes. Comments, scripts, styles and hidden elements are
dropped before anything is read: portals keep whole old forms in comments. Tables that only lay out other
tables are opened; the innermost tables are data. Spans are expanded as browsers do it (WHATWG, "forming a
table"), within bounds.

Known limits: what a style sheet or a script hides or writes is not seen here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bs4 import BeautifulSoup, Tag
from bs4.element import Comment, NavigableString, PageElement, PreformattedString

from crawler.errors import ReadError
from crawler.formats import charset
from crawler.formats.grid import MAX_CELLS, MAX_SPAN, SourceCell, expand
from crawler.model import Document, Issue, Link, Paragraph, Table

NAME = "html"

MAX_LINKS = 5_000
MAX_TAGS = 200_000  # a tag costs about a kilobyte of memory; real pages have some thousands

_MARKUP = re.compile(rb"<\s*(?:!doctype\s+html|html|head|body|meta|title|table|div|p|span|h[1-6]|br|script|ul)\b", re.I)
_DROPPED = ("script", "style", "noscript", "template", "head", "object", "iframe", "svg", "select", "textarea")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ucapcontent",
        "ucaptitle",
        "ul",
    ]
) | frozenset(_HEADINGS)
# Raised, lowered and struck-out signs are no digits of the number beside them: a mark keeps them apart.
_MARKED = {"sup": "^", "sub": "_", "del": "~", "s": "~", "strike": "~"}
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_SPACES = re.compile(r"[ \t\r\n\f\v\u00a0\u200b\u200c\u200d\ufeff]+")


def sniff(data: bytes, name: str, content_type: str) -> bool:
    del name, content_type
    head = data[:16_384]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head.decode("utf-16", errors="replace").encode()
    return _MARKUP.search(head) is not None


def read(data: bytes, content_type: str) -> Document:
    markup, _, issues = charset.decode(data, content_type=content_type)
    if markup.count("<") > MAX_TAGS:
        raise ReadError(f"网页的标记超过 {MAX_TAGS} 个，不像一份报告。 / More than {MAX_TAGS} tags: no report.")
    soup = BeautifulSoup(markup, "lxml")
    metadata = tuple(_metadata(soup))
    title = soup.title.get_text() if soup.title else ""
    _drop_unseen(soup)
    blocks = _Blocks(issues=list(issues))
    blocks.walk(soup)
    return Document(
        format=NAME,
        blocks=tuple(blocks.found),
        title=_SPACES.sub(" ", title).strip(),
        metadata=metadata,
        links=tuple(_links(soup)),
        issues=tuple(blocks.issues),
    )


def _metadata(soup: BeautifulSoup) -> Iterator[tuple[str, str]]:
    for tag in soup.find_all("meta"):
        name = str(tag.get("name") or tag.get("property") or "").strip().lower()
        if name and tag.get("content") is not None:
            yield name, _SPACES.sub(" ", str(tag["content"])).strip()


def _links(soup: BeautifulSoup) -> Iterator[Link]:
    for anchor in soup.find_all("a", href=True, limit=MAX_LINKS):
        yield Link(str(anchor["href"]).strip(), _SPACES.sub(" ", anchor.get_text()).strip())


def _drop_unseen(soup: BeautifulSoup) -> None:
    unseen: list[PageElement] = []
    for node in soup.descendants:
        if isinstance(node, Tag):
            if node.name in _DROPPED or node.has_attr("hidden") or _HIDDEN_STYLE.search(str(node.get("style") or "")):
                unseen.append(node)
        elif isinstance(node, PreformattedString):  # comments, doctype, CDATA, processing instructions
            unseen.append(node)
    for node in unseen:
        node.extract()


@dataclass
class _Blocks:
    """Collects paragraphs and tables in reading order, without recursion: pages nest without bound."""

    issues: list[Issue]
    found: list[Paragraph | Table] = field(default_factory=list)
    _words: list[str] = field(default_factory=list)

    def walk(self, root: Tag) -> None:
        stack: list[tuple[Tag, Iterator[PageElement]]] = [(root, iter(root.contents))]
        while stack:
            tag, children = stack[-1]
            child = next(children, None)
            if child is None:
                stack.pop()
                if tag.name in _BLOCKS:
                    self._end_paragraph(heading=tag.name in _HEADINGS)
            elif isinstance(child, Tag):
                if child.name == "br":
                    self._end_paragraph(heading=any(open_tag.name in _HEADINGS for open_tag, _ in stack[-3:]))
                    continue
                if child.name in _BLOCKS:
                    self._end_paragraph()
                if child.name == "table" and child.find("table") is None:
                    self._table(child)
                    continue
                if child.name in _MARKED:
                    self._words.append(_MARKED[child.name])
                stack.append((child, iter(child.contents)))
            elif isinstance(child, NavigableString):
                self._words.append(str(child))
        self._end_paragraph()

    def _end_paragraph(self, *, heading: bool = False) -> None:
        text = _SPACES.sub(" ", "".join(self._words)).strip(" \u3000")
        self._words.clear()
        if text:
            self.found.append(Paragraph(text, heading=heading))

    def _table(self, tag: Tag) -> None:
        caption = tag.find("caption")
        if caption is not None:
            self._words.append(caption.get_text())
            self._end_paragraph()
        rows = expand(_source_rows(tag))
        if rows is None:
            self.issues.append(Issue("table_too_big", f"一个表格展开后超过 {MAX_CELLS} 格，未读取。"))
        elif rows:
            self.found.append(Table(rows, spans_known=True))


def _source_rows(table: Tag) -> Iterator[list[list[SourceCell]]]:
    group: list[list[SourceCell]] = []
    parent: Tag | None = None
    for row in table.find_all("tr"):
        if row.parent is not parent and group:
            yield group
            group = []
        parent = row.parent
        group.append(
            [
                SourceCell(_cell_text(cell), _span(cell, "rowspan"), max(_span(cell, "colspan"), 1))
                for cell in row.find_all(["td", "th"])
            ]
        )
    if group:
        yield group


def _span(cell: Tag, name: str) -> int:
    """The attribute as a bounded number; what is no number counts as 1, as in browsers."""
    match = re.match(r"\s*\+?(\d{1,9})", str(cell.get(name) or "1"))
    return min(int(match.group(1)), MAX_SPAN) if match else 1


def _cell_text(cell: Tag) -> str:
    """Lines as shown: inline elements join, blocks and <br> break."""
    parts: list[str] = []
    for node in cell.descendants:
        if isinstance(node, Tag):
            if node.name == "br" or node.name in _BLOCKS:
                parts.append("\n")
            elif node.name in _MARKED:
                parts.append(_MARKED[node.name])
        elif isinstance(node, NavigableString) and not isinstance(node, Comment):
            text = _SPACES.sub(" ", str(node))
            parts.append(text)
            if _ends_block(node, cell):
                parts.append("\n")
    lines = (line.strip(" \u3000") for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def _ends_block(node: NavigableString, cell: Tag) -> bool:
    """Whether a block within the cell closes right after this text."""
    current: PageElement = node
    while current.next_sibling is None and current.parent is not None and current.parent is not cell:
        if current.parent.name in _BLOCKS:
            return True
        current = current.parent
    return False
