"""Cells with spans → a grid with equal rows, as browsers form a table, within bounds. Touches nothing.

HTML, DOCX, XLSX and the ruled tables of pages all state their spans; this is the one place that expands them
(WHATWG HTML, "forming a table": https://html.spec.whatwg.org/multipage/tables.html#forming-a-table).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from crawler.model import Box, Cell

MAX_SPAN = 200  # rows or columns; the widest statutory form has 15 columns and 28 rows
MAX_CELLS = 50_000  # of one expanded table


class SourceCell(NamedTuple):
    """A cell before expansion; `rows` 0 reaches to the end of its row group. `box`, `confidence` as in Cell."""

    text: str
    rows: int = 1
    columns: int = 1
    box: Box | None = None
    confidence: float = 1.0


def expand(groups: Iterable[Sequence[Sequence[SourceCell]]]) -> tuple[tuple[Cell, ...], ...] | None:
    """Row groups (thead, tbody …) of source cells → one grid with equal rows; None beyond MAX_CELLS.

    A span covers its neighbours with `repeated` cells and never leaves its row group. Where two spans overlap,
    the place belongs to the earlier one. A row that is shorter than the widest ends in `missing` cells; a row
    without any cell is left out.
    """
    grid: list[dict[int, Cell]] = []
    single: dict[SourceCell, Cell] = {}  # most cells of a form are alike: 0
    cells = 0
    for group in groups:
        first = len(grid)
        end = first + len(group)
        grid.extend({} for _ in group)
        for number, source in enumerate(group, start=first):
            row = grid[number]
            column = 0
            cells += len(source)
            if cells > MAX_CELLS:
                return None
            for cell in source:
                while column in row:
                    column += 1
                if cell.rows == 1 and cell.columns <= 1:
                    alike = single.get(cell)
                    if alike is None:
                        alike = single[cell] = Cell(cell.text, box=cell.box, confidence=cell.confidence)
                    row[column] = alike
                    column += 1
                    continue
                height = min(cell.rows if cell.rows > 0 else len(group), end - number, MAX_SPAN)
                width = min(max(cell.columns, 1), MAX_SPAN)
                cells += height * width - 1
                if cells > MAX_CELLS:
                    return None
                covered = Cell(cell.text, repeated=True, box=cell.box, confidence=cell.confidence)
                for below in grid[number : number + height]:
                    for place in range(column, column + width):
                        below.setdefault(place, covered)
                row[column] = Cell(cell.text, False, False, height, width, cell.box, cell.confidence)
                column += width
    width = max((max(row) + 1 for row in grid if row), default=0)
    if width * len(grid) > MAX_CELLS:
        return None
    absent = Cell("", missing=True)
    return tuple(tuple([row.get(place, absent) for place in range(width)]) for row in grid if row)
