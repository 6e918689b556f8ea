"""DOCX and DOCM → Document: the document as Word prints it with all tracked changes accepted. Touches nothing else.

How to recognise: a ZIP container whose main part is WordprocessingML, transitional or strict (ECMA-376). Rows of a
table that hold tables or prose only lay them out and are opened, as in HTML; the others are data.

Known limits: pages' headers and footers, the text of footnotes and the text of pictures are not read; white text
is read as if it were black; what a table style alone hides is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from lxml import etree

from crawler.errors import ReadError
from crawler.formats import ooxml
from crawler.formats.docx.wordgrid import Source, cells_of, edges_of, grid_widths, sources_of
from crawler.formats.docx.wordml import OPEN_WRAPPERS, STRUCK_WRAPPERS, alternative, child, is_on, name_of
from crawler.formats.docx.wordstyles import Styles
from crawler.formats.docx.wordtext import TextReader
from crawler.formats.grid import MAX_CELLS
from crawler.formats.html.tabular import plain
from crawler.formats.package import Package
from crawler.formats.placed import PlacedCell, lay
from crawler.model import Cell, Document, Issue, Link, Paragraph, Table

NAME = "docx"

MAX_LINKS = 5_000
PROSE = 400  # characters; the longest cell of a statutory form has about 40

_TABLE_PARTS = frozenset(("tbl", "tr", "tc"))
_ABSENT = Cell("", missing=True)


def sniff(data: bytes, name: str, content_type: str) -> bool:
    del name, content_type
    return ooxml.declares(data, (b"wordprocessingml",))


def read(data: bytes, content_type: str) -> Document:
    """Raises ReadError: a damaged or encrypted container, a part that is no XML, or bounds exceeded."""
    del content_type
    package = Package(data)
    main = ooxml.main_part(package)
    body = child(ooxml.part(package, main), "body")
    if body is None:
        raise ReadError(f"{main} 里没有正文。 / {main} has no body.")
    relations = ooxml.relations(package, main)
    styles = next((found.target for found in relations.values() if found.kind == "styles"), "")
    blocks = _Blocks(TextReader(Styles(ooxml.part(package, styles) if package.has(styles) else None)))
    blocks.walk(body)
    blocks.end_paragraph()
    return Document(
        format=NAME,
        blocks=tuple(blocks.found),
        title=ooxml.title(package),
        links=tuple(
            Link(relations[key].target, plain(text))
            for key, text in blocks.texts.links[:MAX_LINKS]
            if key in relations and relations[key].outside
        ),
        issues=tuple(blocks.all_issues()),
    )


@dataclass
class _Blocks:
    """Collects paragraphs and tables in reading order. Depth is bounded: libxml2 refuses more than 256 levels."""

    texts: TextReader
    found: list[Paragraph | Table] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    _carried: str = ""  # of a paragraph whose end is deleted: it goes on in the next

    def walk(self, parent: etree._Element) -> None:
        for node in parent:
            name = name_of(node)
            if name == "p":
                self._paragraph(node)
            elif name == "tbl":
                self._table(node)
            elif name in OPEN_WRAPPERS or name == "tc":
                self.walk(node)
            elif name in STRUCK_WRAPPERS:
                self.texts.deleted += 1
            elif name == "mc:AlternateContent":
                branch = alternative(node)
                if branch is not None:
                    self.walk(branch)
            elif name in ("altChunk", "subDoc"):
                self.issues.append(Issue("part_not_read", "文档引用了另一份文档的内容，未读取。"))

    def all_issues(self) -> Iterator[Issue]:
        texts = self.texts
        yield from self.issues
        if texts.inserted or texts.deleted:
            yield Issue(
                "tracked_changes",
                f"文档带有修订痕迹（插入 {texts.inserted} 处、删除 {texts.deleted} 处），按接受全部修订后的内容读取。",
            )
        if texts.fields:
            yield Issue("broken_field", "有的域没有结束标记，其后的文字可能未读取。")
        if texts.objects:
            yield Issue("picture_not_read", f"文档里有 {texts.objects} 个嵌入对象（例如电子表格），其内容未读取。")
        has_table = any(isinstance(block, Table) for block in self.found)
        pictures = texts.wide_pictures if has_table else texts.pictures
        if pictures:
            yield Issue("picture_not_read", f"文档里有 {pictures} 张图片，其中的文字和表格未读取。")

    def _paragraph(self, element: etree._Element) -> None:
        text, boxes, heading = self.texts.paragraph(element)
        self._carried += text
        if not _end_is_deleted(element):
            self.end_paragraph(heading=heading)
        for box in boxes:
            self.walk(box)

    def end_paragraph(self, *, heading: bool = False) -> None:
        for line in _lines(self._carried):
            self.found.append(Paragraph(line, heading=heading))
        self._carried = ""

    def _table(self, element: etree._Element) -> None:
        """Rows with tables or prose in their cells are layout and are opened; the runs of others are data."""
        self.end_paragraph()
        rows = [sources_of(row) for row in self._rows(element) if not self._is_hidden(row)]
        edges = edges_of((cell for row in rows for cell in row), grid_widths(element))
        for opened, run in groupby(rows, key=_is_layout):
            self._rows_of_table(list(run), edges, opened=opened)

    def _rows_of_table(self, rows: list[list[Source]], edges: Callable[[int], int], *, opened: bool) -> None:
        if opened or all(len(row) < 2 for row in rows):
            for row in rows:
                for cell in row:
                    self.walk(cell.element)
                    self.end_paragraph()
            return
        cells = self._cells(rows, edges) if sum(len(row) for row in rows) <= MAX_CELLS else None
        grid = lay(cells, _ABSENT) if cells is not None else None
        if grid is None:
            self.issues.append(Issue("table_too_big", f"一个表格展开后超过 {MAX_CELLS} 格，未读取。"))
        elif grid:
            self.found.append(Table(grid, spans_known=True))

    def _rows(self, parent: etree._Element) -> Iterator[etree._Element]:
        """The rows that are printed: those whose deletion is tracked are not."""
        for node in parent:
            name = name_of(node)
            if name == "tr":
                properties = child(node, "trPr")
                if child(properties, "del") is not None:
                    self.texts.deleted += 1
                    continue
                self.texts.inserted += child(properties, "ins") is not None
                yield node
            elif name in OPEN_WRAPPERS:
                yield from self._rows(node)
            elif name == "mc:AlternateContent" and (branch := alternative(node)) is not None:
                yield from self._rows(branch)

    def _cells(self, rows: list[list[Source]], edges: Callable[[int], int]) -> list[PlacedCell]:
        """The cells with their places and spans."""
        cells: list[PlacedCell] = []
        above: dict[tuple[int, int], PlacedCell] = {}  # (left, right) → the cell that may go on downwards
        for number, row in enumerate(rows):
            begun = len(cells)
            open_cells: dict[tuple[int, int], PlacedCell] = {}
            for source in row:
                text = self._cell_text(source.element)
                left, right = edges(source.left), edges(source.right)
                start = above.get((left, right)) if source.goes_on_down else None
                if start is not None:
                    start.rows += 1
                    self._covered(text)
                    open_cells[left, right] = start
                elif source.goes_on_sideways and len(cells) > begun:
                    cells[-1].columns += right - left
                    self._covered(text)
                else:
                    cells.append(PlacedCell(number, left, text, columns=right - left))
                    if source.merges_down:
                        open_cells[left, right] = cells[-1]
                    if source.goes_on_down:
                        self._broken_span(text)
            above = open_cells
        return cells

    def _is_hidden(self, row: etree._Element) -> bool:
        hidden = is_on(child(child(row, "trPr"), "hidden"))
        return bool(hidden) and not any(self._cell_text(cell) for cell in cells_of(row))

    def _cell_text(self, cell: etree._Element) -> str:
        """Lines as printed. A field does not reach over the edge of a cell."""
        outside, self.texts.fields = self.texts.fields, []
        carried, lines = "", []
        for paragraph in _paragraphs(cell):
            text, boxes, _ = self.texts.paragraph(paragraph, in_cell=True)
            text, carried = carried + text, ""
            if _end_is_deleted(paragraph):
                carried = text
            else:
                lines.append(text)
            for box in boxes:
                lines += [f"［文本框］{self._cell_text(box)}"]
        lines.append(carried)
        if any(not open_field.has_result for open_field in self.texts.fields):
            lines.append("［域］")
        self.texts.fields = outside
        text = "\n".join(line for text in lines for line in _lines(text))
        change = child(child(cell, "tcPr"), "cellDel")
        if change is None:
            change = child(child(cell, "tcPr"), "cellMerge")
        if change is not None:
            self.texts.deleted += 1
            text = f"~{text}"  # no grid is certain where cells themselves were taken out
        return text

    def _covered(self, text: str) -> None:
        if text:
            self.issues.append(Issue("covered_text", f"合并单元格下面还有看不见的文字“{text[:40]}”，未读取。"))

    def _broken_span(self, text: str) -> None:
        self.issues.append(Issue("broken_span", f"单元格“{text[:40]}”标明与上一行合并，但上一行没有对应的单元格。"))


def _is_layout(row: list[Source]) -> bool:
    """Whether a cell holds a table that says more than one thing, or prose: crawler.formats.html.tabular judges so too."""
    for cell in row:
        inner = [node for node in cell.element.iterdescendants("{*}tc") if _said(node)]
        if len(inner) > 1 or len(_said(cell.element)) > PROSE:
            return True
    return False


def _said(element: etree._Element) -> str:
    return "".join([node.text or "" for node in element.iterdescendants("{*}t")]).strip()


def _paragraphs(parent: etree._Element) -> Iterator[etree._Element]:
    """Of a cell or a text box; a table inside of a cell of data says one thing at most, it is read as text."""
    for node in parent:
        name = name_of(node)
        if name == "p":
            yield node
        elif name in OPEN_WRAPPERS or name in _TABLE_PARTS:
            yield from _paragraphs(node)
        elif name == "mc:AlternateContent" and (branch := alternative(node)) is not None:
            yield from _paragraphs(branch)


def _end_is_deleted(paragraph: etree._Element) -> bool:
    return child(child(child(paragraph, "pPr"), "rPr"), "del") is not None


def _lines(text: str) -> list[str]:
    """Without spaces at the edges and without empty lines."""
    return [line for line in map(plain, text.split("\n")) if line]
