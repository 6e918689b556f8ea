"""Drawn lines → lattices: the column and row edges of a table and its smallest cells. Touches nothing.

Dashes, dots, double lines and lines drawn cell by cell are joined first. Two squares of a lattice are separate
cells only where a line runs between them; where a line is missing or broken they are one cell with a span, never
two with a guessed border: a cell that covers two columns is read as open later, a shifted number would be wrong.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from crawler.formats.layout.squares import Span, Squares, root, union
from crawler.formats.sheet import Rule

MAX_RULES = 60_000  # of one page; a dotted table has some thousands of dots
MAX_SEGMENTS = 1_500  # of one page and direction, after joining
MAX_SQUARES = 20_000  # of one lattice

_THICK = 4.0  # points: what is thicker is an area
_TOUCH = 3.0  # edges that are so near are one; a row of text needs more
_DASH_GAP = 4.5
_SHORT = 5.0  # what is shorter after joining is no line
_OPEN_SIDE = 6.0  # lines that reach further than the last edge leave a side without border
_DRAWN = 0.75  # part of a border that must be drawn …
_NOT_DRAWN = 0.25  # … and that may be drawn where there is none; between them the border is in doubt


@dataclass(frozen=True, slots=True)
class Lattice:
    """`xs`, `ys`: the edges from left to right and from the top down; the spans cover every square once.

    `open_sides`: sides ("top", "bottom", "left", "right") whose border is not drawn. `doubtful`: some lines are
    broken or end in the middle of the table; the cells beside them were taken together.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    spans: tuple[Span, ...]
    open_sides: frozenset[str] = frozenset()
    doubtful: bool = False

    @property
    def area(self) -> float:
        return (self.xs[-1] - self.xs[0]) * (self.ys[-1] - self.ys[0])

    def holds(self, x: float, y: float) -> bool:
        return self.xs[0] <= x <= self.xs[-1] and self.ys[0] <= y <= self.ys[-1]


@dataclass(frozen=True, slots=True)
class _Segment:
    """A line at `at` (x of an upright one, y of a level one) from `begin` to `end`."""

    at: float
    begin: float
    end: float


def lattices(rules: Iterable[Rule]) -> tuple[list[Lattice], list[Rule], bool]:
    """(lattices from the top down, the level lines that belong to none, whether a bound was reached)."""
    level, upright = [], []
    for number, rule in enumerate(rules):
        if number >= MAX_RULES:
            return [], [], True
        wide, high = rule.right - rule.left, rule.bottom - rule.top
        if high <= _THICK and (wide >= high or wide <= _TOUCH):
            level.append(_Segment((rule.top + rule.bottom) / 2, rule.left, rule.right))
        if wide <= _THICK and (high >= wide or high <= _TOUCH):
            upright.append(_Segment((rule.left + rule.right) / 2, rule.top, rule.bottom))
    level, upright = _joined(level), _joined(upright)
    if len(level) > MAX_SEGMENTS or len(upright) > MAX_SEGMENTS:
        return [], [], True
    found = []
    used: set[int] = set()
    for levels, uprights in _overlapping(_with_beside(_components(level, upright), upright), level, upright):
        lattice = _lattice([level[number] for number in levels], [upright[number] for number in uprights])
        if lattice is not None:
            found.append(lattice)
            used.update(levels)
    left = [Rule(line.begin, line.at, line.end, line.at) for number, line in enumerate(level) if number not in used]
    return sorted(found, key=lambda lattice: (lattice.ys[0], lattice.xs[0])), left, False


def merged(lattice: Lattice, pairs: Sequence[tuple[Span, Span]]) -> Lattice:
    """The lattice with these pairs of cells taken together, with all that lies between them."""
    squares = Squares(len(lattice.ys) - 1, len(lattice.xs) - 1)
    for span in lattice.spans:
        squares.take(span.row, span.column, span.row + span.rows, span.column + span.columns)
    for one, other in pairs:
        squares.join(squares.number(one.row, one.column), squares.number(other.row, other.column))
    spans, _ = squares.spans()
    return Lattice(lattice.xs, lattice.ys, spans, lattice.open_sides, lattice.doubtful)


def _joined(segments: list[_Segment]) -> list[_Segment]:
    """Dashes of one line become one; so do parallel lines nearer than half of _TOUCH: two tables may nearly align."""
    segments.sort(key=lambda segment: segment.at)
    found: list[_Segment] = []
    group: list[_Segment] = []
    for segment in [*segments, _Segment(float("inf"), 0, 0)]:
        if group and (segment.at - group[-1].at > _TOUCH / 2 or segment.at - group[0].at > _TOUCH):
            at = median(member.at for member in group)
            begin, end = None, 0.0
            for member in sorted(group, key=lambda member: member.begin):
                if begin is not None and member.begin - end <= _DASH_GAP:
                    end = max(end, member.end)
                    continue
                if begin is not None and end - begin >= _SHORT:
                    found.append(_Segment(at, begin, end))
                begin, end = member.begin, member.end
            if begin is not None and end - begin >= _SHORT:
                found.append(_Segment(at, begin, end))
            group = []
        group.append(segment)
    return found


def _components(level: list[_Segment], upright: list[_Segment]) -> list[tuple[list[int], list[int]]]:
    """Lines that touch each other, directly or through others: (numbers of level lines, of upright ones)."""
    parent = list(range(len(level) + len(upright)))
    heights = [line.at for line in level]  # sorted by _joined
    for number, line in enumerate(upright):
        first = bisect_left(heights, line.begin - _TOUCH)
        for crossed in range(first, len(level)):
            other = level[crossed]
            if other.at > line.end + _TOUCH:
                break
            if other.begin - _TOUCH <= line.at <= other.end + _TOUCH:
                union(parent, crossed, len(level) + number)
    groups: dict[int, tuple[list[int], list[int]]] = {}
    for number in range(len(parent)):
        members = groups.setdefault(root(parent, number), ([], []))
        if number < len(level):
            members[0].append(number)
        else:
            members[1].append(number - len(level))
    return [group for group in groups.values() if group[0] and group[1]]


def _with_beside(
    components: list[tuple[list[int], list[int]]], upright: list[_Segment]
) -> list[tuple[list[int], list[int]]]:
    """Upright lines that touch no level line, as tall as the table beside them, are columns of it.

    So a browser draws a cell over several rows that a page break cut.
    """
    touched = {number for _, uprights in components for number in uprights}
    alone = [number for number in range(len(upright)) if number not in touched]
    found = []
    for levels, uprights in components:
        begin = min(upright[number].begin for number in uprights)
        end = max(upright[number].end for number in uprights)
        beside = [
            number
            for number in alone
            if abs(upright[number].begin - begin) <= _OPEN_SIDE and abs(upright[number].end - end) <= _OPEN_SIDE
        ]
        found.append((levels, [*uprights, *beside]))
    return found


def _overlapping(
    components: list[tuple[list[int], list[int]]], level: list[_Segment], upright: list[_Segment]
) -> list[tuple[list[int], list[int]]]:
    """Components that reach into each other are one broken table: else one would take the other's text.

    One that lies within another stays: that is a table in a layout table.
    """
    boxes = [_reach_of(levels, uprights, level, upright) for levels, uprights in components]
    parent = list(range(len(components)))
    for number, (left, top, right, bottom) in enumerate(boxes):
        for other in range(number):
            other_left, other_top, other_right, other_bottom = boxes[other]
            wide = min(right, other_right) - max(left, other_left)
            high = min(bottom, other_bottom) - max(top, other_top)
            if wide <= _TOUCH or high <= _TOUCH:
                continue
            smaller_wide, smaller_high = (
                min(right - left, other_right - other_left),
                min(bottom - top, other_bottom - other_top),
            )
            if smaller_wide - wide > _TOUCH or smaller_high - high > _TOUCH:
                union(parent, other, number)
    groups: dict[int, tuple[list[int], list[int]]] = {}
    for number, (levels, uprights) in enumerate(components):
        members = groups.setdefault(root(parent, number), ([], []))
        members[0].extend(levels)
        members[1].extend(dict.fromkeys(uprights))
    return list(groups.values())


def _reach_of(
    levels: list[int], uprights: list[int], level: list[_Segment], upright: list[_Segment]
) -> tuple[float, float, float, float]:
    across = [edge for number in levels for edge in (level[number].begin, level[number].end)]
    across += [upright[number].at for number in uprights]
    down = [edge for number in uprights for edge in (upright[number].begin, upright[number].end)]
    down += [level[number].at for number in levels]
    return min(across), min(down), max(across), max(down)


def _lattice(level: list[_Segment], upright: list[_Segment]) -> Lattice | None:
    """None where the lines enclose fewer than two cells."""
    sides: set[str] = set()
    ys = _edges([line.at for line in level])
    xs = _edges([line.at for line in upright])
    _close(ys, upright, "top", "bottom", sides)
    _close(xs, level, "left", "right", sides)
    rows, columns = len(ys) - 1, len(xs) - 1
    if rows < 1 or columns < 1 or not 2 <= rows * columns <= MAX_SQUARES:
        return None
    squares = Squares(rows, columns)
    doubtful = False
    for column, x in enumerate(xs[1:-1], start=1):
        drawn = _drawn(x, upright, ys)
        for row in range(rows):
            if drawn[row] < _DRAWN:
                doubtful = doubtful or drawn[row] > _NOT_DRAWN
                squares.join(squares.number(row, column - 1), squares.number(row, column))
    for row, y in enumerate(ys[1:-1], start=1):
        drawn = _drawn(y, level, xs)
        for column in range(columns):
            if drawn[column] < _DRAWN:
                doubtful = doubtful or drawn[column] > _NOT_DRAWN
                squares.join(squares.number(row - 1, column), squares.number(row, column))
    spans, whole = squares.spans()
    if len(spans) < 2:
        return None
    return Lattice(tuple(xs), tuple(ys), spans, frozenset(sides), doubtful or not whole)


def _edges(places: list[float]) -> list[float]:
    """Places nearer than _TOUCH to the first of their group are one edge, in their middle."""
    found: list[float] = []
    group: list[float] = []
    for place in sorted(places):
        if group and place - group[0] > _TOUCH:
            found.append((group[0] + group[-1]) / 2)
            group = []
        group.append(place)
    return [*found, (group[0] + group[-1]) / 2]


def _close(edges: list[float], crossing: list[_Segment], before: str, behind: str, sides: set[str]) -> None:
    """Adds the edge of a side without border where crossing lines reach beyond the outermost drawn edge.

    Two lines must reach the same place, or half of all; a single line that sticks out is no side.
    """
    begins = _reach([-line.begin for line in crossing if line.begin < edges[0] - _OPEN_SIDE], len(crossing))
    ends = _reach([line.end for line in crossing if line.end > edges[-1] + _OPEN_SIDE], len(crossing))
    if begins is not None:
        edges.insert(0, -begins)
        sides.add(before)
    if ends is not None:
        edges.append(ends)
        sides.add(behind)


def _reach(places: list[float], all_lines: int) -> float | None:
    """The furthest place that is reached by enough lines."""
    furthest = sorted(places, reverse=True)
    for number, place in enumerate(furthest):
        together = [other for other in furthest[number:] if place - other <= _TOUCH]
        if len(together) > 1 or len(together) * 2 >= all_lines:
            return median(together)
    return None


def _drawn(at: float, lines: list[_Segment], edges: list[float]) -> list[float]:
    """For every stretch between two neighbouring edges the part of it that is drawn along `at`."""
    parts = [0.0] * (len(edges) - 1)
    taken = sorted((line.begin, line.end) for line in lines if abs(line.at - at) <= _TOUCH)
    for number, (first, last) in enumerate(pairwise(edges)):
        reached = first
        for begin, end in taken:
            low, high = max(begin, reached), min(end, last)
            if high - low <= min(_TOUCH, (last - first) / 3):
                continue  # touches the stretch, or begins where another line ended
            low = reached if low - reached <= _TOUCH else low
            high = last if last - high <= _TOUCH else high
            parts[number] += high - low
            reached = high
        parts[number] /= last - first
    return parts
