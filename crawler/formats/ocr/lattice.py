"""The ruling lines of a scanned page → lattices of cells. Touches nothing but the picture's ink.

Lines may be thin, thick, broken for a few pixels and a little bent; strokes of characters are no lines. Every
lattice is made of whole columns and rows of edges: an edge between two crossings is drawn or it is not, and what
is not separated by a drawn edge is one cell (a span). An edge that is half drawn is doubtful, and so are its cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.uint8]  # 0 or 1

MAX_LINES = 400  # of one direction in one lattice
_LEVEL = 0.45  # inches: a level line is at least so long; no stroke of a character is
_UPRIGHT = 0.13  # inches: less than the height of a row
_GAP = 0.05  # inches: a break in a line that is closed; the narrowest cell is wider
_PIECE = 0.2  # inches: pieces of a broken line that count; no stroke of a character in a table is so long
_REACH = 0.03  # inches: by so much a line may miss the line that it ends at
_NARROWEST = 1.0  # inches: what is smaller is a character of a heading
_LOWEST = 0.11  # inches: the height of a cell with one line of six points
_LONG = 4.0  # inches: level lines of this length need no upright ones at their ends
_SLACK = 0.02  # inches: how far a bent line may leave its place
_DRAWN, _ABSENT = 0.6, 0.2  # share of an edge that has ink: from here it is drawn, below it is not


@dataclass(frozen=True, slots=True)
class Area:
    """A cell in pixels, between the middles of its lines. `doubtful`: a line within it is half drawn."""

    left: int
    top: int
    right: int
    bottom: int
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Lattice:
    """`level`: (y, left, right), `upright`: (x, top, bottom) of the drawn lines, joined as far as they go."""

    areas: tuple[Area, ...]
    level: tuple[tuple[int, int, int], ...]
    upright: tuple[tuple[int, int, int], ...]
    thickness: int  # pixels of the thickest line

    @property
    def bounds(self) -> tuple[int, int, int, int]:
        """(left, top, right, bottom)"""
        xs = [x for x, _, _ in self.upright] + [edge for _, *ends in self.level for edge in ends]
        ys = [y for y, _, _ in self.level] + [edge for _, *ends in self.upright for edge in ends]
        return min(xs), min(ys), max(xs), max(ys)


def find(ink: Mask, dots: float) -> tuple[list[Lattice], Mask]:
    """(the lattices from top to bottom, the ink of all lines). Nothing for lines that enclose no cell."""
    level = _strokes(ink, round(_LEVEL * dots), round(_GAP * dots), upright=False)
    upright = _strokes(ink, round(_UPRIGHT * dots), round(_GAP * dots), upright=True)
    upright = _anchored(upright, level, round(_REACH * dots), least=ink.shape[0])
    level = _anchored(level.T, upright.T, round(_REACH * dots), least=round(_LONG * dots)).T
    lines = level | upright
    joined = cv2.dilate(lines, np.ones((5, 5), np.uint8))
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    found: list[Lattice] = []
    kept = np.zeros_like(lines)
    for number in range(1, min(count, MAX_LINES)):
        left, top, width, height, _ = (int(side) for side in boxes[number])
        if width < _NARROWEST * dots or height < _UPRIGHT * dots:
            continue
        window = np.s_[top : top + height, left : left + width]
        own = (labels[window] == number).astype(np.uint8)
        lattice = _lattice(level[window] & own, upright[window] & own, dots, left, top)
        if lattice is not None and _is_table(lattice, dots):
            kept[window] |= lines[window] & own
            found.append(lattice)
    long_lines = _strokes(ink, round(2 * _LEVEL * dots), round(_GAP * dots), upright=False)
    return sorted(found, key=lambda lattice: lattice.bounds[1]), kept | long_lines


def _is_table(found: Lattice, dots: float) -> bool:
    """Whether the cells could hold text; the strokes of bold headings enclose smaller ones."""
    left, _, right, _ = found.bounds
    heights = sorted(area.bottom - area.top for area in found.areas)
    return right - left >= _NARROWEST * dots and heights[len(heights) // 2] >= _LOWEST * dots


def _strokes(ink: Mask, length: int, gap: int, *, upright: bool) -> Mask:
    """The ink that belongs to straight strokes of this length, breaks of `gap` pixels closed.

    Pieces are taken out first and joined then: the gaps between characters must not close to a line.
    """

    def bar(pixels: int) -> Mask:
        return np.ones((max(pixels, 1), 1) if upright else (1, max(pixels, 1)), np.uint8)

    across = np.ones((1, 3) if upright else (3, 1), np.uint8)
    thick = cv2.dilate(ink, across)  # a slightly bent thin line changes its row of pixels
    pieces = cv2.morphologyEx(thick, cv2.MORPH_OPEN, bar(min(length, round(_PIECE / _GAP * gap))))
    closed = cv2.morphologyEx(pieces, cv2.MORPH_CLOSE, bar(gap))
    return np.asarray(cv2.morphologyEx(closed, cv2.MORPH_OPEN, bar(length)), dtype=np.uint8)


def _anchored(strokes: Mask, others: Mask, reach: int, least: int) -> Mask:
    """The upright strokes from one level line to another, without what sticks out; whole those of `least` pixels.

    Strokes of characters begin or end in the white. The pieces of a line that is badly broken are judged together.
    """
    chained = cv2.morphologyEx(np.ascontiguousarray(strokes), cv2.MORPH_CLOSE, np.ones((4 * reach, 1), np.uint8))
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(chained, connectivity=8)
    kept = np.zeros_like(strokes)
    for number in range(1, count):
        left, top, width, height, _ = (int(side) for side in boxes[number])
        first, last = top, top + height
        if height < least:
            start = max(top - reach, 0)
            crossed = np.flatnonzero(
                others[start : last + reach, max(left - reach, 0) : left + width + reach].any(axis=1)
            )
            if crossed.size == 0 or crossed[-1] - crossed[0] < 3 * reach:
                continue
            first, last = max(start + int(crossed[0]), top), min(start + int(crossed[-1]) + 1, last)
        window = np.s_[first:last, left : left + width]
        kept[window] |= strokes[window] & (labels[window] == number)
    return kept


def _lattice(level: Mask, upright: Mask, dots: float, left: int, top: int) -> Lattice | None:
    slack = max(round(_SLACK * dots), 2)
    ys, thick_level = _places(level.sum(axis=1), round(_LEVEL * dots), slack)
    xs, thick_upright = _places(upright.sum(axis=0), round(_UPRIGHT * dots), slack)
    if len(ys) < 2 or len(xs) < 2 or max(len(ys), len(xs)) > MAX_LINES:
        return None
    rows, columns = len(ys) - 1, len(xs) - 1
    drawn_level = np.array(
        [[_share(level, y, xs[column], xs[column + 1], slack) for column in range(columns)] for y in ys]
    )
    drawn_upright = np.array([[_share(upright.T, x, ys[row], ys[row + 1], slack) for x in xs] for row in range(rows)])
    areas = _areas(drawn_level, drawn_upright, xs, ys)
    if not areas:
        return None
    return Lattice(
        tuple(Area(a.left + left, a.top + top, a.right + left, a.bottom + top, a.doubtful) for a in areas),
        tuple((y + top, a + left, b + left) for y, a, b in _joined(drawn_level, ys, xs)),
        tuple((x + left, a + top, b + top) for x, a, b in _joined(drawn_upright.T, xs, ys)),
        max(thick_level, thick_upright) - 2,  # `_strokes` makes them thicker by one pixel on each side
    )


def _places(profile: npt.NDArray[np.int_], least: int, slack: int) -> tuple[list[int], int]:
    """(the middles of the bands where lines run, the thickness of the thickest)."""
    found: list[tuple[int, int]] = []
    inside = np.flatnonzero(profile >= least)
    for place in inside.tolist():
        if found and place - found[-1][1] <= slack:
            found[-1] = (found[-1][0], place)
        else:
            found.append((place, place))
    middles = [round(float(np.average(np.arange(a, b + 1), weights=profile[a : b + 1]))) for a, b in found]
    return middles, max((b - a + 1 for a, b in found), default=0)


def _share(lines: Mask, place: int, start: int, end: int, slack: int) -> float:
    """How much of the edge at row `place`, from column `start` to `end`, has ink in it (0 to 1)."""
    inset = min(slack, (end - start) // 4)
    band = lines[max(place - slack, 0) : place + slack + 1, start + inset : end - inset]
    return float(band.any(axis=0).mean()) if band.size else 0.0


def _areas(
    level: npt.NDArray[np.float64], upright: npt.NDArray[np.float64], xs: Sequence[int], ys: Sequence[int]
) -> list[Area]:
    """Elementary cells joined over the edges that are not drawn; those that reach the open are no cells."""
    rows, columns = len(ys) - 1, len(xs) - 1
    group = list(range(rows * columns + 1))
    outside = rows * columns

    def head(number: int) -> int:
        while group[number] != number:
            group[number] = group[group[number]]
            number = group[number]
        return number

    edges: list[tuple[int, int, float]] = []
    for row in range(rows):
        for column in range(columns):
            own = row * columns + column
            edges.append((own, own - columns if row else outside, level[row][column]))
            edges.append((own, own - 1 if column else outside, upright[row][column]))
            if row == rows - 1:
                edges.append((own, outside, level[rows][column]))
            if column == columns - 1:
                edges.append((own, outside, upright[row][columns]))
    for one, other, share in edges:
        if share < _DRAWN:
            group[head(one)] = head(other)
    doubtful = {head(one) for one, other, share in edges if _ABSENT <= share < _DRAWN and head(one) == head(other)}
    members: dict[int, list[int]] = {}
    for number in range(rows * columns):
        members.setdefault(head(number), []).append(number)
    members.pop(head(outside), None)
    found: list[Area] = []
    for name, cells in members.items():
        spans = [divmod(cell, columns) for cell in cells]
        first_row, last_row = min(row for row, _ in spans), max(row for row, _ in spans)
        first, last = min(column for _, column in spans), max(column for _, column in spans)
        ragged = len(cells) != (last_row - first_row + 1) * (last - first + 1)
        area = Area(xs[first], ys[first_row], xs[last + 1], ys[last_row + 1], ragged or name in doubtful)
        found.append(area)
    return sorted(found, key=lambda area: (area.top, area.left))


def _joined(
    shares: npt.NDArray[np.float64], places: Sequence[int], crossings: Sequence[int]
) -> list[tuple[int, int, int]]:
    """(place, start, end) of each unbroken row of drawn edges."""
    found: list[tuple[int, int, int]] = []
    for place, edges in zip(places, shares, strict=True):
        for number, share in enumerate(edges):
            if share < _DRAWN:
                continue
            start, end = crossings[number], crossings[number + 1]
            if found and found[-1][0] == place and found[-1][2] == start:
                found[-1] = (place, found[-1][1], end)
            else:
                found.append((place, start, end))
    return found
