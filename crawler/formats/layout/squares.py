"""The squares of a lattice, taken together in groups that end up as rectangles: the cells. Touches nothing."""

from __future__ import annotations

from dataclasses import dataclass

_MAX_PASSES = 50


@dataclass(frozen=True, slots=True)
class Span:
    """A cell: the squares that it covers, counted from 0."""

    row: int
    column: int
    rows: int = 1
    columns: int = 1


class Squares:
    """The squares of a lattice, taken together in groups that end up as rectangles."""

    def __init__(self, rows: int, columns: int) -> None:
        self._rows, self._columns = rows, columns
        self._parent = list(range(rows * columns))

    def number(self, row: int, column: int) -> int:
        return row * self._columns + column

    def join(self, one: int, other: int) -> bool:
        return union(self._parent, one, other)

    def take(self, top: int, left: int, bottom: int, right: int) -> bool:
        """Joins a rectangle; True where something changed."""
        first = self.number(top, left)
        changed = False
        for row in range(top, bottom):
            for column in range(left, right):
                changed = self.join(first, self.number(row, column)) or changed
        return changed

    def spans(self) -> tuple[tuple[Span, ...], bool]:
        """The cells, and whether the groups were rectangles; what was none has been widened to one."""
        whole = True
        for _ in range(_MAX_PASSES):
            boxes = self._boxes()
            changed = [self.take(*box) for box in boxes.values() if self._is_gappy(box)]
            if not any(changed):
                break
            whole = False
        else:
            self.take(0, 0, self._rows, self._columns)
        boxes = self._boxes()
        spans = [Span(top, left, bottom - top, right - left) for top, left, bottom, right in boxes.values()]
        return tuple(sorted(spans, key=lambda span: (span.row, span.column))), whole

    def _is_gappy(self, box: tuple[int, int, int, int]) -> bool:
        top, left, bottom, right = box
        first = root(self._parent, self.number(top, left))
        return any(
            root(self._parent, self.number(row, column)) != first
            for row in range(top, bottom)
            for column in range(left, right)
        )

    def _boxes(self) -> dict[int, tuple[int, int, int, int]]:
        boxes: dict[int, tuple[int, int, int, int]] = {}
        for number in range(len(self._parent)):
            row, column = divmod(number, self._columns)
            first = root(self._parent, number)
            top, left, bottom, right = boxes.get(first, (row, column, row, column))
            boxes[first] = (min(top, row), min(left, column), max(bottom, row + 1), max(right, column + 1))
        return boxes


def root(parent: list[int], number: int) -> int:
    """The member that stands for the group of `number`."""
    while parent[number] != number:
        parent[number] = parent[parent[number]]
        number = parent[number]
    return number


def union(parent: list[int], one: int, other: int) -> bool:
    """Joins two groups; False where they were one."""
    one, other = root(parent, one), root(parent, other)
    if one != other:
        parent[max(one, other)] = min(one, other)
    return one != other
