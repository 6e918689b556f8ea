"""A table → its parts, each the way the form has it: labels of columns above, labels of rows at the left.

Touches nothing. A part is turned only where its rows, read as they stand, have no column labels above them and,
read turned, have. Without known spans nothing is turned: rows of a dump have no columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from crawler.model import Cell, Table
from crawler.reports.labels import normalise
from crawler.reports.tables.rows import SortedRows, extent, sort_rows
from crawler.reports.tables.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of a table, sorted. `first`: the 0-based row of the table at which it begins."""

    table: Table
    rows: SortedRows
    first: int = 0
    turned: bool = False

    def origin(self, row: int, column: int | None) -> tuple[int, int | None]:
        """(row, column) of the table, 0-based, for a row and a column of the part."""
        if not self.turned:
            return self.first + row, column
        return self.first + (column or 0), row


def parts(table: Table, vocabulary: Vocabulary) -> list[Part]:
    """The table as one part, unless a piece of it must be turned: then each piece is a part."""
    whole = Part(table, sort_rows(table, vocabulary))
    if not table.spans_known or _headed(whole.rows) == _valued(whole.rows) > 0:
        return [whole]
    pieces = list(_pieces(table, vocabulary))
    if any(piece.turned for piece in pieces):
        return pieces
    return [whole]


def _pieces(table: Table, vocabulary: Vocabulary) -> Iterator[Part]:
    """The rows between the lines that only name a piece (第二十条第（一）项), turned where that makes them readable."""
    starts = [number for number, cells in enumerate(table.rows) if _names_a_piece(cells, vocabulary)]
    for first, end in zip(sorted({0, *starts}), [*sorted({0, *starts})[1:], len(table.rows)], strict=True):
        piece = Table(table.rows[first:end], table.spans_known, table.page)
        straight = sort_rows(piece, vocabulary)
        other = turn(piece)
        if _headed(straight) == 0 and other is not None:
            turned = sort_rows(other, vocabulary)
            if _headed(turned) > 0:
                yield Part(other, turned, first, turned=True)
                continue
        yield Part(piece, straight, first)


def turn(table: Table) -> Table | None:
    """Rows for columns; None where the rows are not of one length in the source."""
    widths = {extent(cells) for cells in table.rows}
    if len(widths) != 1 or any(cell.missing for cells in table.rows for cell in cells[: min(widths)]):
        return None
    rows = [cells[: min(widths)] for cells in table.rows]
    flipped = tuple(tuple(_flip(cell) for cell in column) for column in zip(*rows, strict=True))
    return Table(flipped, table.spans_known, table.page)


def _flip(cell: Cell) -> Cell:
    return cell if cell.rows == cell.columns else replace(cell, rows=cell.columns, columns=cell.rows)


def _names_a_piece(cells: tuple[Cell, ...], vocabulary: Vocabulary) -> bool:
    names = [normalise(cell.text) for cell in cells if cell.text and not cell.repeated]
    return len(names) == 1 and vocabulary.is_neutral(names[0])


def _headed(rows: SortedRows) -> int:
    """How many rows of values stand below labels of columns."""
    return sum(len(region.values) + len(region.blank_lines) for region in rows.regions if region.header)


def _valued(rows: SortedRows) -> int:
    return sum(len(region.values) + len(region.blank_lines) for region in rows.regions)
