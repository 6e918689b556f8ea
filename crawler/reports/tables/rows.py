"""A table's rows sorted by what they are: header, values of one row of the form, or nothing known.

Touches nothing. The result is a list of regions: header rows with the value rows that stand under them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from crawler.model import Cell, Table
from crawler.reports import numbers
from crawler.reports.labels import normalise
from crawler.reports.tables.vocabulary import COMMON, Section, Vocabulary
from crawler.reports.templates import Block, Row

# A table counts as statutory with one header label of the form and one row of it, or with so many rows alone.
_ROWS_ALONE = 3


@dataclass(frozen=True, slots=True)
class ValueRow:
    """`number`: 0-based row of the table; `after`: 0-based column of its last label (-1: no labels)."""

    number: int
    cells: tuple[Cell, ...]
    block: Block
    row: Row | None  # None in a line of values (table four)
    after: int
    printed: str  # the labels as printed

    def own_values(self) -> list[tuple[int, Cell]]:
        """(column, cell) of the cells right of the labels that begin in this row."""
        return [
            (place, cell)
            for place, cell in enumerate(self.cells)
            if place > self.after and not cell.repeated and not cell.missing
        ]


@dataclass
class Region:
    """Header rows and the value rows below them, all of one section."""

    section: Section
    header: list[tuple[int, tuple[Cell, ...]]] = field(default_factory=list)
    values: list[ValueRow] = field(default_factory=list)
    blank_lines: list[int] = field(default_factory=list)  # rows below a line header without any text

    def trim(self) -> None:
        """Drops the columns that no row of the region has: another part of the table is wider."""
        rows = [cells for _, cells in self.header] + [row.cells for row in self.values]
        width = max((extent(cells) for cells in rows), default=0)
        if any(len(cells) > width for cells in rows):
            self.header = [(number, cells[:width]) for number, cells in self.header]
            self.values = [replace(row, cells=row.cells[:width]) for row in self.values]


@dataclass
class SortedRows:
    regions: list[Region] = field(default_factory=list)
    unknown: list[tuple[int, tuple[Cell, ...], Section | None]] = field(default_factory=list)
    statutory: bool = False


def sort_rows(table: Table, vocabulary: Vocabulary) -> SortedRows:
    """Every row of the table is in a region, in `unknown`, or states nothing (blank, notes, markers)."""
    sorter = _Sorter(vocabulary)
    for number, cells in enumerate(table.rows):
        sorter.take(number, cells)
    result = sorter.result
    rows = {row.row.code for region in result.regions for row in region.values if row.row}
    headers = {
        name
        for region in result.regions
        for _, cells in region.header
        for name in (normalise(cell.text) for cell in cells)
        if name in region.section.official and name not in COMMON
    }
    for region in result.regions:
        region.trim()
    lines = any(region.values for region in result.regions if region.section.is_line)
    result.statutory = bool(headers and (rows or lines or len(headers) > 1)) or len(rows) >= _ROWS_ALONE
    return result


@dataclass
class _Sorter:
    vocabulary: Vocabulary
    result: SortedRows = field(default_factory=SortedRows)
    current: Region | None = None

    def take(self, number: int, cells: tuple[Cell, ...]) -> None:
        own = [(place, cell, normalise(cell.text)) for place, cell in enumerate(cells) if not cell.repeated]
        words = [(place, cell, name) for place, cell, name in own if name]
        said = [name for _, _, name in words if not self.vocabulary.is_neutral(name)]
        if not said:
            self._nothing_said(number, [name for _, _, name in words])
        elif (
            (self._takes_values(said) and self._value_row(number, cells))
            or self._header_row(number, cells, said)
            or self._line(number, cells, said)
        ):
            return
        elif not all(self._is_row_group(name) for name in said):
            section = self.vocabulary.section_of_row(said[0]) or (self.current.section if self.current else None)
            self.result.unknown.append((number, cells, section))

    def _is_row_group(self, name: str) -> bool:
        return any(name in section.row_groups for section in self.vocabulary.sections)

    def _nothing_said(self, number: int, names: list[str]) -> None:
        marked = next(
            (section for section in self.vocabulary.sections if any(name in section.markers for name in names)), None
        )
        if marked is not None:
            self._open(marked)
        elif not names and self.current is not None and self.current.section.is_line and self.current.header:
            self.current.blank_lines.append(number)

    def _takes_values(self, said: list[str]) -> bool:
        """其他 and 总计 are labels of rows and of columns: below value rows they begin a row."""
        section = self.vocabulary.section_of_row(said[0])
        if section is None:
            return False
        begun = self.current is not None and self.current.section is section and bool(self.current.values)
        return begun or not all(name in section.official for name in said)

    def _value_row(self, number: int, cells: tuple[Cell, ...]) -> bool:
        """False where the labels name no row of the form, or contradict each other."""
        section: Section | None = None
        labels: list[tuple[int, str, str]] = []
        for place, cell in enumerate(cells):
            name = normalise(cell.text)
            if not name or cell.missing or self.vocabulary.is_neutral(name):
                continue
            found = self.vocabulary.section_of_row(name)
            if found is None or (section is not None and found is not section):
                if cell.repeated and section is None:
                    continue  # a header cell that reaches down into this row
                break
            section = found
            labels.append((place, name, cell.text))
        if section is None or labels[-1][1] not in section.rows:
            return False
        block, row = section.rows[labels[-1][1]]
        allowed = frozenset(name for label in row.path for name in label.names)
        if any(name not in allowed for _, name, _ in labels):
            return False
        last = labels[-1][0]
        while last + 1 < len(cells) and cells[last + 1].repeated and cells[last + 1].text == cells[last].text:
            last += 1
        printed = dict.fromkeys(" ".join(text.split()) for _, _, text in labels)
        region = self.current if self.current and self.current.section is section else self._open(section)
        region.values.append(ValueRow(number, cells, block, row, last, "／".join(printed)))
        return True

    def _header_row(self, number: int, cells: tuple[Cell, ...], said: list[str]) -> bool:
        candidates = [section for section in self.vocabulary.sections if any(name in section.official for name in said)]
        if not candidates or any(_is_figure(name) for name in said):
            return False
        if self.current is not None and self.current.section in candidates:
            section = self.current.section
        else:
            section = max(
                candidates, key=lambda option: sum(name in option.official and name not in COMMON for name in said)
            )
            if all(name in COMMON or name not in section.official for name in said):
                return False
        region = self.current
        if region is None or region.section is not section or region.values:
            if region is not None and region.values and all(name in COMMON for name in said):
                return False  # a row of its own below the values: 小计, 合计
            region = self._open(section)
        region.header.append((number, cells))
        return True

    def _line(self, number: int, cells: tuple[Cell, ...], said: list[str]) -> bool:
        region = self.current
        if region is None or not region.section.is_line or not region.header:
            return False
        if any(name in region.section.official for name in said):
            return False  # labels beside values: the table may be turned
        texts = [cell.text for cell in cells if cell.text and not cell.repeated]
        if not any(_is_figure(name) for name in said) and not all(numbers.is_blank(text) for text in texts):
            return False
        region.values.append(ValueRow(number, cells, region.section.blocks[0], None, -1, ""))
        return True

    def _open(self, section: Section) -> Region:
        self.current = Region(section)
        self.result.regions.append(self.current)
        return self.current


def extent(cells: tuple[Cell, ...]) -> int:
    """How many places a row has before the source's row ends."""
    return next((place + 1 for place in range(len(cells) - 1, -1, -1) if not cells[place].missing), 0)


def _is_figure(name: str) -> bool:
    return any(sign.isdecimal() for sign in name)
