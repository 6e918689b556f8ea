"""Cells that know their row and column → a grid with equal rows, within bounds. Touches nothing.

DOCX and XLSX say where a cell stands and how far it reaches; HTML leaves the place to the reader, see
crawler.formats.grid, whose bounds hold here too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from crawler.formats.grid import MAX_CELLS, MAX_SPAN
from crawler.model import Cell


@dataclass(slots=True)
class PlacedCell:
    """A cell at `row` and `column` (counted from 0) that reaches over `rows` × `columns` places."""

    row: int
    column: int
    text: str
    rows: int = 1
    columns: int = 1


def lay(cells: Iterable[PlacedCell], absent: Cell) -> tuple[tuple[Cell, ...], ...] | None:
    """The grid, from its first row and column to its last; `absent` stands where no cell is; None beyond MAX_CELLS.

    Where two spans overlap, the place belongs to the earlier cell.
    """
    grid: dict[int, dict[int, Cell]] = {}
    filled = 0
    for cell in cells:
        height, width = min(max(cell.rows, 1), MAX_SPAN), min(max(cell.columns, 1), MAX_SPAN)
        filled += height * width
        if filled > MAX_CELLS:
            return None
        own = Cell(cell.text, rows=height, columns=width)
        covered = Cell(cell.text, repeated=True)
        for row in range(cell.row, cell.row + height):
            places = grid.setdefault(row, {})
            for column in range(cell.column, cell.column + width):
                places.setdefault(column, own if (row, column) == (cell.row, cell.column) else covered)
    if not grid:
        return ()
    rows = range(min(grid), max(grid) + 1)
    columns = range(min(min(row) for row in grid.values()), max(max(row) for row in grid.values()) + 1)
    if len(rows) * len(columns) > MAX_CELLS:
        return None
    return tuple(tuple(grid.get(row, {}).get(column, absent) for column in columns) for row in rows)
