"""HTML pages → Document. Touches nothing but the bytes it is given.

How to recognise: markup within the first kilobytes. What nobody sees is dropped before anything is read
(crawler.formats.html.markup, .styles): portals keep whole old forms in comments and in hidden elements. Tables that
only lay out the page are opened, tables of data become grids (crawler.formats.html.tabular, .grid).

Known limits: what a script or a style sheet of its own address hides or writes is not seen here.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, urljoin, urlsplit

from crawler.formats import charset
from crawler.formats.grid import MAX_CELLS
from crawler.formats.html import embedded, markup, styles
from crawler.formats.html.markup import Element
from crawler.formats.html.tabular import BLOCKS, HEADINGS, KEEPS_LINES, MARKED, Nesting, plain
from crawler.model import Document, Issue, Link, Paragraph, Place, Table

NAME = "html"

MAX_LINKS = 5_000
MAX_DETAIL = 2_000_000  # characters of embedded data that are searched

_MARKUP = re.compile(rb"<\s*(?:!doctype\s+html|html|head|body|meta|title|table|div|p|span|h[1-6]|br|script|ul)\b", re.I)
_DOCUMENT = re.compile(r"\.(?:pdf|docx?|wps|xlsx?|et|ofd|rtf|zip|rar|7z|jpe?g|png|tiff?|bmp)$", re.I)
_FRAMES = {"iframe": "src", "embed": "src", "frame": "src", "object": "data"}
_DETAIL = re.compile(r"""\bDETAIL["']?\s*[:=]\s*\{""")
_DETAIL_TIME = re.compile(r"""(?<!\\)"(create_time|date|created_at)"\s*:\s*"?(\d{10}|\d{4}-\d\d-\d\d[\d :T]*)"?""")
_LABELS_OF_A_FORM = 4
_SAME_FORM = 0.5  # of the labels of the smaller of two tables


def sniff(data: bytes, name: str, content_type: str) -> bool:
    del name, content_type
    head = data[:16_384]
    if b"\0" in head[:4] or head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = charset.decode(head)[0].encode()
    return _MARKUP.search(head) is not None


def read(data: bytes, content_type: str) -> Document:
    text, _, issues = charset.decode(data, content_type=content_type)
    whole = embedded.with_article(text)
    page = markup.parse(whole)
    if page.cut_off and (torn := markup.with_torn_end(whole)) != whole:
        page = replace(markup.parse(torn), cut_off=True)
    tables = page.tables
    hidden = styles.drop_hidden(page)
    blocks = _Blocks(Nesting.of(page.tables), list(issues))
    blocks.walk(page.root)
    if len(page.tables) < len(tables):
        blocks.report_hidden(hidden, tables)
    blocks.report_doubtful()
    if page.cut_off:
        blocks.issues.append(
            Issue("cut_off", "网页没有结束标记，或在注释、脚本中断，可能下载不完整，其后的内容没有看到。")
        )
    return Document(
        format=NAME,
        blocks=tuple(blocks.found),
        title=page.title,
        metadata=(*page.metadata, *_data_times(text)),
        links=tuple(_links(page)),
        issues=tuple(blocks.issues),
    )


def _data_times(text: str) -> Iterator[tuple[str, str]]:
    """The moments in the embedded data of a gkmlpt article (`DETAIL: {…, "create_time": 1705570000, …}`).

    As metadata `detail.create_time`, `detail.date`, `detail.created_at`, in Unix seconds or as they stand.
    """
    begin = _DETAIL.search(text) if "create_time" in text else None
    if begin is None:
        return
    found: dict[str, str] = {}
    for match in _DETAIL_TIME.finditer(text, begin.end(), begin.end() + MAX_DETAIL):
        found.setdefault(match[1], match[2])
    for name, value in found.items():
        yield f"detail.{name}", value


def _links(page: markup.Page) -> Iterator[Link]:
    """Anchors, and frames that show a document, in reading order; at most MAX_LINKS."""
    for element in page.links[:MAX_LINKS]:
        if element.tag in _FRAMES:
            url, text = _shown_document(element.attributes.get(_FRAMES[element.tag], "").strip()), ""
        else:
            url, text = element.attributes.get("href"), _link_text(element)
        if url is not None:
            yield Link(_resolved(page.base, url.strip()), text)


def _resolved(base: str, url: str) -> str:
    try:
        return urljoin(base, url) if base else url
    except ValueError:  # no address at all
        return url


def _link_text(element: Element) -> str:
    parts: list[str] = []
    stack: list[Element | str] = [element]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            parts.append(node)
        else:
            stack.extend(reversed(node.children))
    return plain("".join(parts).replace("\n", " ")) or plain(element.attributes.get("title", ""))


def _shown_document(address: str) -> str | None:
    """The document that a frame shows: its own address, or that which it hands to a viewer (viewer.html?file=…)."""
    try:
        parts = urlsplit(address)
        if _DOCUMENT.search(parts.path):
            return address
        for _, value in parse_qsl(f"{parts.query}&{parts.fragment}", max_num_fields=100):
            if _DOCUMENT.search(urlsplit(value).path):
                return value if urlsplit(value).scheme or value.startswith("/") else _beside(address, value)
    except ValueError:  # no address at all
        return None
    return None


def _beside(address: str, relative: str) -> str:
    parts = urlsplit(address)
    if parts.scheme or address.startswith("/"):
        return urljoin(address, relative)
    return posixpath.normpath(posixpath.join(posixpath.dirname(parts.path), relative))


@dataclass
class _Blocks:
    """Collects paragraphs and tables in reading order, without recursion: pages nest without bound."""

    nesting: Nesting
    issues: list[Issue]
    found: list[Paragraph | Table] = field(default_factory=list)
    _doubtful: list[Place] = field(default_factory=list)
    _tables: int = 0
    _words: list[str] = field(default_factory=list)

    def walk(self, root: Element) -> None:
        stack: list[tuple[Element, Iterator[Element | str | Table | None]]] = [(root, iter(root.children))]
        headings = keeps = 0
        while stack:
            element, children = stack[-1]
            for child in children:
                if isinstance(child, str):
                    self._text(child, keeps > 0, headings > 0)
                elif child is None:
                    self.issues.append(Issue("table_too_big", f"一个表格展开后超过 {MAX_CELLS} 格，未读取。"))
                elif isinstance(child, Table):
                    self._table(child, element.look.doubtful)
                elif child.tag == "br":
                    self._end_paragraph(headings > 0)
                else:
                    if child.look.breaks or child.tag in BLOCKS:
                        self._end_paragraph(headings > 0)
                    if child.tag == "table":
                        stack.append((child, self.nesting.content(child)))
                        break
                    self._words.append(MARKED.get(child.tag, child.look.mark))
                    if child.children:
                        headings += child.tag in HEADINGS
                        keeps += child.tag in KEEPS_LINES
                        stack.append((child, iter(child.children)))
                        break
            else:
                stack.pop()
                if element.look.breaks or element.tag in BLOCKS:
                    self._end_paragraph(headings > 0)
                headings -= element.tag in HEADINGS
                keeps -= element.tag in KEEPS_LINES
        self._end_paragraph(False)

    def report_hidden(self, hidden: Sequence[Element], tables: Sequence[Element]) -> None:
        """A hidden table matters where no table that is shown has its labels. `tables`: all of the page."""
        root = Element("div", {})
        root.children = list(hidden)
        unseen = _Blocks(Nesting.of(tables), [])
        unseen.walk(root)
        forms = [block for block in unseen.found if len(_labels(block)) >= _LABELS_OF_A_FORM]
        lost = [block for block in forms if not any(_is_same_form(block, own) for own in self.found)]
        if lost:
            self.issues.append(Issue("hidden_table", f"网页里有 {len(lost)} 个表格不显示，未读取。"))

    def report_doubtful(self) -> None:
        """A table that may be hidden matters where another table of the page has the same labels."""
        for place in self._doubtful:
            own = self.found[place.block - 1]
            if any(_is_same_form(own, other) for other in self.found if other is not own):
                message = "这个表格可能被网页的样式隐藏（无法判定），网页里另有栏目相同的表格。"
                self.issues.append(Issue("maybe_hidden", message, place))

    def _text(self, text: str, keeps_lines: bool, heading: bool) -> None:
        if not keeps_lines or "\n" not in text:
            self._words.append(text)
            return
        for line in text.split("\n"):
            self._words.append(line)
            self._end_paragraph(heading)

    def _end_paragraph(self, heading: bool) -> None:
        if not self._words:
            return
        text = "".join(self._words)
        self._words.clear()
        if text and not text.isspace() and (text := plain(text.replace("\n", " "))):
            self.found.append(Paragraph(text, heading=heading))

    def _table(self, table: Table, doubtful: bool) -> None:
        self._end_paragraph(False)
        self.found.append(table)
        self._tables += 1
        if doubtful:
            self._doubtful.append(Place(len(self.found), self._tables))


def _is_same_form(one: Paragraph | Table, other: Paragraph | Table) -> bool:
    own, others = _labels(one), _labels(other)
    return len(own & others) > _SAME_FORM * min(len(own), len(others))


def _labels(block: Paragraph | Table) -> frozenset[str]:
    """The texts of a table that are no figures."""
    if isinstance(block, Paragraph):
        return frozenset()
    texts = (cell.text for row in block.rows for cell in row if not cell.repeated)
    return frozenset(text for text in texts if len(text) > 1 and not any(sign.isdecimal() for sign in text))
