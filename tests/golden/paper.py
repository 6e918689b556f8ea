"""Invented reports set on A4 pages: where every text and every ruling line stands. Touches nothing.

The renderers for pages (OFD, pictures, scans) draw the same setting. All lengths are points from the top left.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tests.golden.forms import Grid, InventedReport, Line, Square

WIDTH, HEIGHT = 595.0, 842.0
MARGIN = 46.0
TITLE, HEADING, BODY, TABLE = 18.0, 14.0, 12.0, 9.0  # sizes of characters
_LEADING = 1.5  # line to line, in sizes
_LEADING_IN_CELLS = 1.25
_WORDS = re.compile(r"[!-~]+|[^!-~]")  # figures and Latin words hold together
_PAD = 3.0  # from a cell's border to its text
_NARROWEST = 3.8  # widths of columns, in sizes of characters
_WIDEST = 9.0


@dataclass(frozen=True, slots=True)
class Text:
    """One line. `y` is the middle of its height; `x` its left end, its middle or its right end, by `anchor`."""

    text: str
    x: float
    y: float
    size: float
    anchor: str = "left"
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Stroke:
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Place:
    """A cell as it stands on one page; `text` is empty where a span goes on from the page before."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass
class Page:
    texts: list[Text] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)
    cells: list[Place] = field(default_factory=list)
    height: float = HEIGHT


def width_of(text: str, size: float) -> float:
    """As in a Chinese font: ASCII takes half a square."""
    return sum(size / 2 if sign.isascii() else size for sign in text)


def wrapped(text: str, room: float, size: float) -> list[str]:
    """Lines no wider than `room`; figures are never torn apart, newlines are kept."""
    lines: list[str] = []
    for part in text.split("\n"):
        line = ""
        for word in _WORDS.findall(part):
            if line and width_of(line + word, size) > room:
                lines.append(line)
                line = ""
            line += word
        lines.append(line)
    return lines


def set_report(report: InventedReport, *, endless: bool = False) -> list[Page]:
    """The report on as many pages as it takes; `endless`: on one that is as long as it must be."""
    setter = _Setter(float("inf") if endless else HEIGHT)
    for number, block in enumerate(report.blocks):
        if isinstance(block, Grid):
            setter.table(block)
        elif number == 0:
            setter.lines(block.text, TITLE, anchor="middle", bold=True)
        elif number >= len(report.blocks) - 2:
            setter.lines(block.text, BODY, anchor="right")
        else:
            setter.paragraph(block)
    if endless:
        setter.pages[0].height = setter.y + MARGIN
    return setter.pages


def set_grid(grid: Grid) -> list[Page]:
    """One table alone."""
    setter = _Setter()
    setter.table(grid)
    return setter.pages


class _Setter:
    def __init__(self, height: float = HEIGHT) -> None:
        self.pages = [Page()]
        self.y = MARGIN
        self.height = height

    def room(self, height: float) -> None:
        if self.y + height > self.height - MARGIN:
            self.pages.append(Page())
            self.y = MARGIN

    def lines(self, text: str, size: float, *, anchor: str, bold: bool = False) -> None:
        x = {"left": MARGIN, "middle": WIDTH / 2, "right": WIDTH - MARGIN}[anchor]
        for line in wrapped(text, WIDTH - 2 * MARGIN, size):
            self.room(size * _LEADING)
            self.pages[-1].texts.append(Text(line, x, self.y + size * _LEADING / 2, size, anchor, bold))
            self.y += size * _LEADING

    def paragraph(self, line: Line) -> None:
        size = HEADING if line.heading else BODY
        self.lines("\u3000\u3000" + line.text, size, anchor="left", bold=line.heading)

    def table(self, grid: Grid) -> None:
        places = grid.places()
        widths = _widths(places, WIDTH - 2 * MARGIN)
        xs = [MARGIN + sum(widths[:number]) for number in range(len(widths) + 1)]
        heights = _heights(places, widths, len(grid.rows))
        first = 0
        self.y += 4
        while first < len(heights):
            self.room(heights[first] + 2)
            last = first
            while last < len(heights) and self.y + sum(heights[first : last + 1]) <= self.height - MARGIN:
                last += 1
            self._part(places, xs, heights, first, max(last, first + 1))
            first = max(last, first + 1)
        self.y += 8

    def _part(
        self,
        places: Sequence[tuple[int, int, Square]],
        xs: Sequence[float],
        heights: Sequence[float],
        first: int,
        last: int,
    ) -> None:
        """The rows from `first` to before `last`; a span that began on the page before goes on without text."""
        page = self.pages[-1]
        ys = [self.y + sum(heights[first:number]) for number in range(first, last + 1)]
        for row, column, square in places:
            top, bottom = max(row, first), min(row + square.rows, last)
            if top >= bottom:
                continue
            left, right = xs[column], xs[column + square.columns]
            upper, lower = ys[top - first], ys[bottom - first]
            page.strokes += [
                Stroke(left, upper, right, upper),
                Stroke(left, lower, right, lower),
                Stroke(left, upper, left, lower),
                Stroke(right, upper, right, lower),
            ]
            page.cells.append(Place(square.text if row >= first else "", left, upper, right, lower))
            if row >= first:
                page.texts += _cell_texts(square, left, upper, right, lower)
        self.y = ys[-1]


def _cell_texts(square: Square, left: float, top: float, right: float, bottom: float) -> Iterator[Text]:
    lines = wrapped(square.text, right - left - 2 * _PAD, TABLE)
    step = TABLE * _LEADING_IN_CELLS
    y = (top + bottom) / 2 - step * (len(lines) - 1) / 2
    for number, line in enumerate(lines):
        if line:
            yield Text(line, (left + right) / 2, y + number * step, TABLE, "middle")


def _widths(places: Sequence[tuple[int, int, Square]], room: float) -> list[float]:
    """Columns as wide as their longest text, within bounds, together as wide as the page.

    Where that is too wide, the columns of labels give way: figures keep their distance from the lines.
    """
    columns = max(column + square.columns for _, column, square in places)
    wishes = [_NARROWEST * TABLE] * columns
    for _, column, square in places:
        if square.columns == 1:
            wishes[column] = max(wishes[column], min(width_of(square.text, TABLE) + 2 * _PAD, _WIDEST * TABLE))
    least = _NARROWEST * TABLE
    spare = sum(wish - least for wish in wishes)
    over = sum(wishes) - room
    if 0 < over < spare:
        return [wish - over * (wish - least) / spare for wish in wishes]
    return [wish * room / sum(wishes) for wish in wishes]


def _heights(places: Sequence[tuple[int, int, Square]], widths: Sequence[float], rows: int) -> list[float]:
    """Rows as high as their text; what a span needs beyond its rows goes to the last of them."""
    heights = [TABLE * _LEADING_IN_CELLS + 2 * _PAD] * rows
    for row, column, square in sorted(places, key=lambda place: place[2].rows):
        room = sum(widths[column : column + square.columns]) - 2 * _PAD
        need = len(wrapped(square.text, room, TABLE)) * TABLE * _LEADING_IN_CELLS + 2 * _PAD
        have = sum(heights[row : row + square.rows])
        heights[row + square.rows - 1] += max(need - have, 0)
    return heights
