"""Tables without upright lines: text that only stands in columns. Touches nothing.

Columns are what the fullest rows show; a gap between two of them must be clear in every row. Where level lines
separate the rows, a row may have several lines of text. Spans are not known, so such a table says so, and a row
whose cells cannot be placed keeps only the cells that are there: the reader then counts them against the labels.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.formats.layout import lines
from crawler.formats.layout.lines import TextLine
from crawler.formats.sheet import Rule
from crawler.model import Box, Cell, Table

_COLUMN_GAP = 1.5  # ems between two columns of one row
_FEWEST_ROWS = 3
_SAME_EDGE = 5.0  # points
_TOUCH = 3.0


@dataclass(frozen=True, slots=True)
class _Piece:
    """A cell's text in a row: its lines, as wide as all of them."""

    left: float
    right: float
    lines: tuple[TextLine, ...]


def tables(found: Sequence[TextLine], level: Sequence[Rule], page: int) -> list[TextLine | Table]:
    """The lines of a page in their order, with those that make a table replaced by it."""
    blocks: list[TextLine | Table] = []
    ladders = _ladders(level)
    number = 0
    while number < len(found):
        ladder = next((edges for edges in ladders if edges[0] <= _middle(found[number]) <= edges[-1]), None)
        end = number
        if ladder is not None:
            while end < len(found) and _middle(found[end]) <= ladder[-1]:
                end += 1
            bands = itertools.pairwise(ladder)
            rows = [[line for line in found[number:end] if top <= _middle(line) < bottom] for top, bottom in bands]
            rows = [row for row in rows if row]
        else:
            while end < len(found) and len(_pieces([found[end]])) > 1:
                end += 1
            rows = [[line] for line in found[number:end]]
        table = _table(rows, page, banded=ladder is not None)
        end = max(end, number + 1)
        blocks += [table] if table is not None else found[number:end]
        number = end
    return blocks


def _middle(line: TextLine) -> float:
    return (line.top + line.bottom) / 2


def _ladders(level: Sequence[Rule]) -> list[list[float]]:
    """Heights of at least three level lines of the same left and right end."""
    groups: list[tuple[Rule, list[float]]] = []
    for rule in sorted(level, key=lambda rule: rule.top):
        for first, heights in groups:
            if abs(first.left - rule.left) <= _SAME_EDGE and abs(first.right - rule.right) <= _SAME_EDGE:
                if rule.top - heights[-1] > _TOUCH:
                    heights.append(rule.top)
                break
        else:
            groups.append((rule, [rule.top]))
    return [heights for _, heights in groups if len(heights) > _FEWEST_ROWS - 1]


def _pieces(row: Sequence[TextLine]) -> list[_Piece]:
    """What stands apart in a row, from left to right; lines below each other that overlap are one piece."""
    words: list[TextLine] = []
    for line in row:
        first = 0
        for number in range(1, len(line.runs) + 1):
            ended = number == len(line.runs)
            if ended or line.runs[number].left - line.runs[number - 1].right > _COLUMN_GAP * line.size:
                words += lines.text_lines(line.runs[first:number])
                first = number
    pieces: list[_Piece] = []
    for word in sorted(words, key=lambda word: word.left):
        if pieces and word.left < pieces[-1].right:
            last = pieces[-1]
            pieces[-1] = _Piece(last.left, max(last.right, word.right), (*last.lines, word))
        else:
            pieces.append(_Piece(word.left, word.right, (word,)))
    return pieces


def _table(rows: Sequence[Sequence[TextLine]], page: int, *, banded: bool) -> Table | None:
    pieced = [_pieces(row) for row in rows]
    if sum(len(row) > 1 for row in pieced) < _FEWEST_ROWS:
        return None
    columns = _columns(pieced)
    if columns is None:
        return None
    return Table(tuple(_cells(row, columns, page, banded=banded) for row in pieced), spans_known=False, page=page)


def _columns(rows: Sequence[Sequence[_Piece]]) -> list[tuple[float, float]] | None:
    """Left and right end of every column in the rows with most pieces; None where two of them overlap."""
    most = max(len(row) for row in rows)
    fullest = [row for row in rows if len(row) == most]
    columns = [
        (min(row[number].left for row in fullest), max(row[number].right for row in fullest)) for number in range(most)
    ]
    if any(right >= left for (_, right), (left, _) in itertools.pairwise(columns)):
        return None
    return columns


def _cells(
    row: Sequence[_Piece], columns: Sequence[tuple[float, float]], page: int, *, banded: bool
) -> tuple[Cell, ...]:
    """One cell a column where every piece stands in one column alone; else only the pieces.

    A label alone is no row of blanks where no line separates the rows: it may be the rest of another label.
    """
    places = [
        [number for number, (left, right) in enumerate(columns) if piece.left < right and piece.right > left]
        for piece in row
    ]
    placed = [place[0] for place in places if len(place) == 1]
    if len(set(placed)) < len(row) or (len(row) == 1 and not banded):
        return tuple(_cell(piece, page) for piece in row)
    by_column = dict(zip(placed, row, strict=True))
    return tuple(_cell(by_column[number], page) if number in by_column else Cell("") for number in range(len(columns)))


def _cell(piece: _Piece, page: int) -> Cell:
    box = Box(
        page, piece.left, min(line.top for line in piece.lines), piece.right, max(line.bottom for line in piece.lines)
    )
    text = "\n".join(line.text for line in sorted(piece.lines, key=lambda line: line.top))
    return Cell(text, box=box, confidence=min(line.confidence for line in piece.lines))
