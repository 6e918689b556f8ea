"""Parts of a ruled table on following pages → one table. Touches nothing.

A row that the page break cut is put together only where the drawing or the text says so; a cell that spans rows
on both pages goes on under its first text. What cannot be told stays in two rows, with an issue. Header rows
repeated on the next page stay: the reader of tables knows them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from crawler.formats.layout.cells import Part, PartCell
from crawler.model import Cell, Issue, Place, Table

_SAME_EDGE = 3.0  # points
_SAME_WIDTH = 0.015  # part of the table's width: scanned pages differ a little in scale
_FULL_LINE = 2.2  # ems left over in a line that could not take another character, with both paddings
_MAX_HEADER = 4  # rows
# A label that begins like this is a new one, not the rest of the label above.
_NUMBERING = re.compile(r"\s*(?:[(（][一二三四五六七八九十\d]{1,3}[)）]|[一二三四五六七八九十\d]{1,3}[、.．]|[①-⑳]|第)")
_FIGURE = re.compile(r"[\s\d.,，．+\-−－—%％/\\元万亿件项条个增减无０-９]*")


def goes_on(before: Sequence[Part], after: Part) -> bool:
    """Whether `after` has the column edges of the table so far, or some of them and no other."""
    known, own = _edges_of(before), _shifted(after)
    if abs(known[-1] - own[-1]) > max(_SAME_EDGE, _SAME_WIDTH * known[-1]):
        return False
    scale = known[-1] / own[-1] if own[-1] else 1.0
    scaled = [edge * scale for edge in own]
    return _within(scaled, known) or _within(known, scaled)


def table(parts: Sequence[Part]) -> tuple[Table, tuple[Issue, ...]]:
    """The parts, one below the other, as one grid of equal rows."""
    grid = _Grid(_edges_of(parts))
    for part in parts:
        grid.add(part)
    return grid.table(parts[0].page), tuple(grid.issues)


def _shifted(part: Part) -> list[float]:
    return [edge - part.xs[0] for edge in part.xs]


def _within(edges: Sequence[float], others: Sequence[float]) -> bool:
    """Whether each edge is one of the others, no two of them the same."""
    nearest = [min(range(len(others)), key=lambda number: abs(others[number] - edge)) for edge in edges]
    return len(set(nearest)) == len(edges) and all(
        abs(others[number] - edge) <= _SAME_EDGE for number, edge in zip(nearest, edges, strict=True)
    )


def _edges_of(parts: Sequence[Part]) -> list[float]:
    """All edges from the left one on; those of later parts are scaled to the width of the first."""
    edges = _shifted(parts[0])
    for part in parts[1:]:
        own = _shifted(part)
        scale = edges[-1] / own[-1] if own[-1] else 1.0
        for edge in own:
            if min(abs(edge * scale - known) for known in edges) > _SAME_EDGE:
                edges.append(edge * scale)
        edges.sort()
    return edges


@dataclass
class _Whole:
    """A cell of the joined table: the pieces of it on each page."""

    pieces: list[PartCell]

    @property
    def text(self) -> str:
        return "\n".join(text for text in (piece.text for piece in self.pieces) if text)

    @property
    def confidence(self) -> float:
        return min(piece.confidence for piece in self.pieces)

    @property
    def is_blank(self) -> bool:
        return not self.text

    @property
    def is_figure(self) -> bool:
        return bool(self.text) and _FIGURE.fullmatch(self.text) is not None

    @property
    def is_full(self) -> bool:
        """Whether the last line could not have taken another character, so that the text may go on."""
        piece = self.pieces[-1]
        if not piece.lines:
            return False
        last = piece.lines[-1]
        return (piece.box.right - piece.box.left) - (last.right - last.left) < _FULL_LINE * last.size


@dataclass
class _Grid:
    edges: list[float]
    rows: list[list[_Whole]] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    _open_bottom: bool = False

    def add(self, part: Part) -> None:
        rows = self._rows_of(part)
        if self.rows:
            header = self._repeated_header(rows)
            is_open = not header and (self._open_bottom or "top" in part.open_sides)
            rows[header:] = self._sewn(rows[header:], part.page, is_open=is_open)
        self.rows += rows
        self._open_bottom = "bottom" in part.open_sides

    def _rows_of(self, part: Part) -> list[list[_Whole]]:
        """The part's cells on the joined table's columns."""
        own = _shifted(part)
        scale = self.edges[-1] / own[-1] if own[-1] else 1.0
        places = [
            min(range(len(self.edges)), key=lambda number: abs(self.edges[number] - edge * scale)) for edge in own
        ]
        blank = _Whole([])
        rows = [[blank] * (len(self.edges) - 1) for _ in range(part.rows)]
        for cell in part.cells:
            whole = _Whole([cell])
            first, last = places[cell.column], places[cell.column + cell.columns]
            for row in range(cell.row, cell.row + cell.rows):
                rows[row][first:last] = [whole] * (last - first)
        return rows

    def _repeated_header(self, rows: list[list[_Whole]]) -> int:
        """How many rows at the top of the next page say the same as the first rows of the table."""
        count = 0
        while count < min(len(rows), len(self.rows), _MAX_HEADER):
            texts, known = ([cell.text for cell in row] for row in (rows[count], self.rows[count]))
            if texts != known or not any(texts):
                break
            count += 1
        return count

    def _sewn(self, rows: list[list[_Whole]], page: int, *, is_open: bool) -> list[list[_Whole]]:
        """The next page's rows after its first one was joined to the last one so far, where it was cut."""
        if not rows:
            return rows
        above, below = self.rows[-1], rows[0]
        spans = [
            (one, other)
            for one, other in self._pairs(above, below)
            if self._spans_on(one, other, rows, is_open=is_open)
        ]
        spanning = {id(other) for _, other in spans}
        pairs = [(one, other) for one, other in self._pairs(above, below) if id(other) not in spanning]
        fits = {id(cell) for cell in below} == spanning | {id(other) for _, other in pairs}
        cut = bool(pairs) and fits and (self._is_cut(pairs) or (is_open and not self._are_rows(pairs)))
        if not cut and self._looks_cut(below, spanning):
            message = f"第 {page} 页顶端的表格行可能是上一页最后一行的延续，不能确定，未合并。"
            box = below[0].pieces[0].box
            self.issues.append(Issue("row_cut_by_page", message, Place(block=1, page=page, box=box)))
        for one, other in [*spans, *(pairs if cut else [])]:
            self._replace(rows, other, one)
        return rows[1:] if cut else rows

    def _pairs(self, above: list[_Whole], below: list[_Whole]) -> list[tuple[_Whole, _Whole]]:
        """Cells that stand below each other with the same left and right edges."""
        found = []
        first = 0
        for column in range(1, len(above) + 1):
            ends_above = column == len(above) or above[column] is not above[column - 1]
            ends_below = column == len(below) or below[column] is not below[column - 1]
            if ends_above and ends_below:
                if all(cell is above[first] for cell in above[first:column]) and all(
                    cell is below[first] for cell in below[first:column]
                ):
                    found.append((above[first], below[first]))
                first = column
        return found

    def _height(self, cell: _Whole) -> int:
        """Rows that the cell covers up to the page's end."""
        count = 0
        for row in reversed(self.rows):
            if not any(other is cell for other in row):
                break
            count += 1
        return count

    def _spans_on(self, one: _Whole, other: _Whole, rows: list[list[_Whole]], *, is_open: bool) -> bool:
        """Whether a cell over several rows goes on below: without text there, or with the rest of its text."""
        height_below = sum(any(cell is other for cell in row) for row in rows)
        if max(self._height(one), height_below) < 2 or one.is_figure or other.is_figure:
            return False
        if one.is_blank and other.is_blank:
            return False
        if other.is_blank or other.text == one.text:
            return True
        if one.is_blank:
            return self._height(one) > 1 and height_below > 1
        return (one.is_full or is_open) and not _NUMBERING.match(other.text)

    def _is_cut(self, pairs: Sequence[tuple[_Whole, _Whole]]) -> bool:
        """Whether the text alone shows that these cells are halves of one row."""
        both = [(one, other) for one, other in pairs if not one.is_blank and not other.is_blank]
        one, other = pairs[0]
        if other.is_blank and not one.is_blank:
            return any(below.is_figure for _, below in pairs)
        if any(
            above.is_figure or below.is_figure or not above.is_full or _NUMBERING.match(below.text)
            for above, below in both
        ):
            return False
        mixed = any(above.is_figure for above, _ in pairs) and any(below.is_figure for _, below in pairs)
        return bool(both) and not mixed

    def _are_rows(self, pairs: Sequence[tuple[_Whole, _Whole]]) -> bool:
        """Whether both have a label and figures in one column: two rows, only the border between is not drawn."""
        one, other = pairs[0]
        labelled = not one.is_blank and not other.is_blank
        return labelled and any(above.is_figure and below.is_figure for above, below in pairs)

    def _looks_cut(self, below: list[_Whole], spanning: set[int]) -> bool:
        """Figures without a label in front of them."""
        own = [cell for cell in dict.fromkeys(map(id, below)) if cell not in spanning]
        by_id = {id(cell): cell for cell in below}
        return bool(own) and by_id[own[0]].is_blank and any(by_id[number].is_figure for number in own)

    def _replace(self, rows: list[list[_Whole]], other: _Whole, one: _Whole) -> None:
        if other.text != one.text:
            one.pieces += other.pieces
        for row in rows:
            for column, cell in enumerate(row):
                if cell is other:
                    row[column] = one

    def table(self, page: int) -> Table:
        """Every cell at its first square, with the size of the rectangle that it covers from there."""
        begun: set[int] = set()
        grid = []
        for number, row in enumerate(self.rows):
            cells = []
            for column, whole in enumerate(row):
                box, text = whole.pieces[0].box, whole.text
                if id(whole) in begun:
                    cells.append(Cell(text, repeated=True, box=box, confidence=whole.confidence))
                    continue
                begun.add(id(whole))
                wide = sum(1 for cell in row[column:] if cell is whole)
                high = 0
                while number + high < len(self.rows) and self.rows[number + high][column] is whole:
                    high += 1
                cells.append(Cell(text, rows=high, columns=wide, box=box, confidence=whole.confidence))
            grid.append(tuple(cells))
        return Table(tuple(grid), spans_known=True, page=page)
