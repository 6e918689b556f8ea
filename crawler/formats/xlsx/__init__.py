"""XLSX and XLSM → Document: what the visible sheets show. Touches nothing but the bytes it is given.

How to recognise: a ZIP container whose content types name SpreadsheetML (ECMA-376, transitional or strict). The
parts are read here, not by openpyxl: that cannot tell a blank from a formula without a kept result, and has no
bounds. Numbers become the text that their format shows, see crawler.formats.xlsx.number_format. Hidden sheets, rows
and columns are not read and are named.

Known limits: conditional formats, white text, comments, and decimals that a narrow column rounds on the screen.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from crawler.errors import ReadError
from crawler.formats import ooxml
from crawler.formats.grid import MAX_SPAN
from crawler.formats.html.tabular import plain
from crawler.formats.package import Package
from crawler.formats.placed import PlacedCell
from crawler.formats.xlsx import bands, number_format
from crawler.formats.xlsx.sheetml import (
    MAX_COLUMN,
    MAX_ROW,
    ON,
    bounded,
    child,
    children,
    local,
    looks_of,
    reference,
    rich_text,
    unescaped,
)
from crawler.model import Document, Issue, Paragraph, Table

NAME = "xlsx"

MAX_FILLED = 100_000  # cells with content of one sheet
MAX_COVERED = 200_000  # places that merged cells of one sheet cover
MAX_SHEETS = 50

_KINDS = (b"spreadsheetml.sheet.main", b"spreadsheetml.template.main", b"ms-excel.sheet.macroEnabled.main")


def sniff(data: bytes, name: str, content_type: str) -> bool:
    del name, content_type
    return ooxml.declares(data, _KINDS)


def read(data: bytes, content_type: str) -> Document:
    """Raises ReadError: a damaged or encrypted container, a part that is no XML, or bounds exceeded."""
    del content_type
    book = _Book(Package(data))
    blocks: list[Paragraph | Table] = []
    for cells in book.sheets():
        found, issues = bands.blocks_of(cells)
        blocks += found
        book.issues += issues
    return Document(format=NAME, blocks=tuple(blocks), title=book.title, issues=tuple(book.issues))


class _Book:
    """The parts of a workbook, and what was met on the way."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.issues: list[Issue] = []
        main = ooxml.main_part(package)
        self.root = ooxml.part(package, main)
        self.relations = ooxml.relations(package, main)
        self.title = ooxml.title(package)
        properties = child(self.root, "workbookPr")
        self.since_1904 = properties is not None and properties.get("date1904") in ON
        self.strings = [rich_text(node) for node in self._part("sharedStrings")]
        self.looks = looks_of(self._part("styles"))

    def sheets(self) -> Iterator[list[PlacedCell]]:
        """The cells of the visible sheets, in their order."""
        entries = [node for node in children(child(self.root, "sheets")) if local(node) == "sheet"]
        if len(entries) > MAX_SHEETS:
            raise ReadError(f"工作簿有 {len(entries)} 张工作表，不像一份报告。 / Too many sheets for a report.")
        for node in entries:
            name = str(node.get("name") or "")
            key = next((str(value) for attribute, value in node.attrib.items() if str(attribute).endswith("}id")), "")
            relation = self.relations.get(key)
            if node.get("state") in ("hidden", "veryHidden"):
                self.issues.append(Issue("hidden_sheet", f"工作表“{name}”是隐藏的，未读取。"))
            elif relation is None or relation.kind != "worksheet" or not self.package.has(relation.target):
                self.issues.append(Issue("part_not_read", f"工作表“{name}”不是普通工作表，未读取。"))
            else:
                yield _Sheet(name, self, ooxml.part(self.package, relation.target)).cells()
                self._drawings(name, relation.target)

    def _drawings(self, name: str, part: str) -> None:
        """Text boxes and pictures float over the cells; which cell they cover is not known."""
        for relation in ooxml.relations(self.package, part).values():
            if relation.kind != "drawing" or not self.package.has(relation.target):
                continue
            kinds = {local(node) for node in ooxml.part(self.package, relation.target).iter()}
            if "t" in kinds:
                self.issues.append(Issue("text_box_not_read", f"工作表“{name}”里有文本框，其中的文字未读取。"))
            if "pic" in kinds:
                self.issues.append(Issue("picture_not_read", f"工作表“{name}”里有图片，其中的文字和表格未读取。"))

    def _part(self, kind: str) -> list[etree._Element]:
        target = next((relation.target for relation in self.relations.values() if relation.kind == kind), "")
        return list(ooxml.part(self.package, target)) if self.package.has(target) else []


@dataclass
class _Sheet:
    """One sheet: texts by (row, column) from 1, then the cells as they are seen."""

    name: str
    book: _Book
    root: etree._Element
    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)

    def cells(self) -> list[PlacedCell]:
        """What is seen, places counted from 0 without the hidden rows and columns."""
        self._read_rows()
        if not self.texts:
            return []
        self._read_hidden_columns()
        covered = self._merge()
        if covered is None:
            self._issue("table_too_big", f"合并单元格超过 {MAX_COVERED} 格，未读取。")
            return []
        found: list[PlacedCell] = []
        unseen = 0
        for (row, column), text in self.texts.items():
            height, width = covered.get((row, column), (1, 1))
            if not height:  # below another cell's span
                continue
            rows, columns = self._seen(row, height, self.hidden_rows), self._seen(column, width, self.hidden_columns)
            if rows and columns:
                top, left = self._place(row, self.hidden_rows), self._place(column, self.hidden_columns)
                found.append(PlacedCell(top, left, text, rows, columns))
            else:
                unseen += bool(text)
        if unseen:
            self._issue("hidden_cells", f"有 {unseen} 个有内容的单元格在隐藏的行或列里，未读取。")
        return found

    def _read_rows(self) -> None:
        views = child(self.root, "sheetViews")
        zeros = not any(view.get("showZeros") in ("0", "false") for view in children(views))
        number = 0
        for row in children(child(self.root, "sheetData")):
            number = bounded(row.get("r"), MAX_ROW, number + 1)
            if row.get("hidden") in ON or row.get("ht") in ("0", "0.0"):
                self.hidden_rows.append(number)
            column = 0
            for cell in row:
                place = reference(str(cell.get("r") or ""))
                column = place[1] if place else column + 1
                text = self._text(cell, zeros)
                if text:
                    self.texts[number, column] = text
                    if len(self.texts) > MAX_FILLED:
                        raise ReadError(f"工作表“{self.name}”有内容的单元格超过 {MAX_FILLED} 个，不像一份报告。"
                                        " / Too many cells for a report.")  # fmt: skip
        self.hidden_rows.sort()

    def _read_hidden_columns(self) -> None:
        last = max(column for _, column in self.texts)
        hidden: set[int] = set()
        for node in children(child(self.root, "cols")):
            if node.get("hidden") in ON or node.get("width") in ("0", "0.0"):
                first = bounded(node.get("min"), MAX_COLUMN, 1)
                hidden.update(range(first, min(bounded(node.get("max"), MAX_COLUMN, first), last) + 1))
        self.hidden_columns = sorted(hidden)

    def _merge(self) -> dict[tuple[int, int], tuple[int, int]] | None:
        """Place → the size of the span that begins there, (0, 0) below a span; None beyond MAX_COVERED.

        Spans end where the sheet's content ends, and after MAX_SPAN.
        """
        last_row, last_column = max(row for row, _ in self.texts), max(column for _, column in self.texts)
        sizes: dict[tuple[int, int], tuple[int, int]] = {}
        covered = lost = 0
        for node in children(child(self.root, "mergeCells")):
            first, _, second = str(node.get("ref") or "").partition(":")
            start, end = reference(first), reference(second or first)
            if start is None or end is None or start[0] > last_row or start[1] > last_column:
                continue
            height = min(max(end[0] - start[0] + 1, 1), MAX_SPAN, last_row - start[0] + 1)
            width = min(max(end[1] - start[1] + 1, 1), MAX_SPAN, max(last_column - start[1] + 1, 1))
            covered += height * width
            if covered > MAX_COVERED:
                return None
            if start in sizes:
                continue
            for row in range(start[0], start[0] + height):
                for column in range(start[1], start[1] + width):
                    if sizes.setdefault((row, column), (0, 0)) == (0, 0) and (row, column) != start:
                        lost += bool(self.texts.get((row, column)))
            sizes[start] = (height, width)
            self.texts.setdefault(start, "")
        if lost:
            self._issue("covered_text", f"合并单元格下面还有 {lost} 处看不见的内容，未读取。")
        return sizes

    def _seen(self, first: int, length: int, hidden: list[int]) -> int:
        """How many of the rows or columns from `first` on are shown."""
        return length - (bisect_left(hidden, first + length) - bisect_left(hidden, first))

    def _place(self, number: int, hidden: list[int]) -> int:
        return number - 1 - bisect_left(hidden, number)

    def _text(self, cell: etree._Element, zeros: bool) -> str:
        """What the cell shows; "" for a blank only."""
        parts = {local(node): node for node in cell}
        kind, value = cell.get("t") or "n", parts.get("v")
        raw = (value.text or "") if value is not None else ""
        style = bounded(cell.get("s"), len(self.book.looks) - 1, 0)
        look = self.book.looks[style]
        if kind == "s":
            index = bounded(raw, len(self.book.strings), len(self.book.strings))
            text = self.book.strings[index] if index < len(self.book.strings) else "（缺少字符串）"
        elif kind == "inlineStr":
            text = rich_text(parts["is"]) if "is" in parts else ""
        elif kind in ("str", "d"):
            text = unescaped(raw)
        elif kind == "e":
            return raw or "#VALUE!"
        elif kind == "b":
            return "TRUE" if raw in ON else "FALSE"
        elif not raw.strip():
            return "（公式没有结果）" if "f" in parts else ""
        else:
            text = number_format.shown(raw, look.code, since_1904=self.book.since_1904)
            if not zeros and _is_nought(raw):
                text = f"{text}（不显示零值）"
            return look.mark + text
        text = "\n".join(line for line in map(plain, text.split("\n")) if line)
        if text and number_format.hides_text(look.code):
            return f"{text}（显示格式 {look.code[:40]}）"
        return look.mark + text if text else ""

    def _issue(self, kind: str, message: str) -> None:
        self.book.issues.append(Issue(kind, f"工作表“{self.name}”：{message}"))


def _is_nought(raw: str) -> bool:
    return re.fullmatch(r"\s*-?0*(?:\.0*)?(?:[eE][+-]?\d+)?\s*", raw) is not None
