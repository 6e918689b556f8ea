"""The cells of a sheet → paragraphs and tables: a sheet is one endless grid, people put several things on it.

Touches nothing. A sheet falls apart at blank rows. In what hangs together, a row that holds a single cell over
most of the width is a title and parts two tables; so are the single cells above the first row with more, and those
below the last. Two tables side by side are parted by a blank column. A row with a label alone between others stays
in its table: its values are blank.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from crawler.formats.grid import MAX_CELLS
from crawler.formats.placed import PlacedCell, lay
from crawler.model import Cell, Issue, Paragraph, Table

_BLANK = Cell("")
_LEAST_WIDTH = 2  # columns with content on either side of a gap that parts two tables

Row = list[PlacedCell]  # the cells with content that stand in a row or reach into it


def blocks_of(cells: Iterable[PlacedCell]) -> tuple[list[Paragraph | Table], list[Issue]]:
    """Cells of one sheet, in any order; those with an empty text only give the size of a merged blank."""
    ordered = sorted(cells, key=lambda cell: (cell.row, cell.column))
    blanks = [cell for cell in ordered if not cell.text]
    rows: dict[int, Row] = {}
    for cell in ordered:
        for number in range(cell.row, cell.row + cell.rows) if cell.text else ():
            rows.setdefault(number, []).append(cell)
    blocks: list[Paragraph | Table] = []
    issues: list[Issue] = []
    for band in _bands(sorted(rows)):
        for part, is_table in _parts([(number, rows[number]) for number in band]):
            if not is_table:
                blocks += _paragraphs(part)
                continue
            for columns in _side_by_side(part):
                table = _table(part, blanks, columns)
                if table is None:
                    issues.append(Issue("table_too_big", f"一个表格展开后超过 {MAX_CELLS} 格，未读取。"))
                else:
                    blocks.append(table)
    return blocks, issues


def _bands(numbers: list[int]) -> Iterator[list[int]]:
    """Runs of rows without a blank row between them."""
    band: list[int] = []
    for number in numbers:
        if band and number != band[-1] + 1:
            yield band
            band = []
        band.append(number)
    if band:
        yield band


def _parts(band: list[tuple[int, Row]]) -> Iterator[tuple[list[Row], bool]]:
    """(rows, whether they are a table) in their order."""
    several = [number for number, row in band if len(row) > 1]
    table: list[Row] = []
    for number, row in band:
        if not _is_title(number, row, band, several):
            table.append(row)
            continue
        if table:
            yield table, len(table) > 1
        yield [row], False
        table = []
    if table:
        yield table, len(table) > 1


def _is_title(number: int, row: Row, band: list[tuple[int, Row]], several: list[int]) -> bool:
    if len(row) > 1:
        return False
    below = [other for other in several if other > number]
    above = [other for other in several if other < number]
    if not above or not below:
        return True
    neighbour = dict(band)[below[0]]
    left, right = min(cell.column for cell in neighbour), max(cell.column + cell.columns for cell in neighbour)
    only = row[0]
    return only.columns > 1 and only.column <= left and 2 * (only.column + only.columns - left) > right - left


def _paragraphs(rows: list[Row]) -> Iterator[Paragraph]:
    seen: set[int] = set()
    for row in rows:
        for cell in row:
            if id(cell) not in seen:
                seen.add(id(cell))
                yield from (Paragraph(line) for line in cell.text.split("\n"))


def _side_by_side(rows: list[Row]) -> list[tuple[int, int]]:
    """The columns [first, behind the last) of each table."""
    used: set[int] = set()
    for row in rows:
        for cell in row if len(row) > 1 else ():
            used.update(range(cell.column, cell.column + cell.columns))
    runs = [(run[0], run[-1] + 1) for run in _bands(sorted(used))]
    if len(runs) < 2 or any(end - start < _LEAST_WIDTH for start, end in runs):
        return [(0, 1 << 20)]
    edges = [0, *(start for start, _ in runs[1:]), 1 << 20]
    return list(pairwise(edges))


def _table(rows: list[Row], blanks: list[PlacedCell], columns: tuple[int, int]) -> Table | None:
    """None beyond the bounds. Blank merged cells within the table's edges are kept: they give spans."""
    cells = {id(cell): cell for row in rows for cell in row if columns[0] <= cell.column < columns[1]}
    kept = list(cells.values())
    top, bottom = min(cell.row for cell in kept), max(cell.row + cell.rows for cell in kept)
    left, right = min(cell.column for cell in kept), max(cell.column + cell.columns for cell in kept)
    for blank in blanks:
        if top <= blank.row < bottom and left <= blank.column < right:
            inside = replace(
                blank, rows=min(blank.rows, bottom - blank.row), columns=min(blank.columns, right - blank.column)
            )
            kept.append(inside)
    grid = lay(kept, _BLANK)
    return Table(grid, spans_known=True) if grid is not None else None
