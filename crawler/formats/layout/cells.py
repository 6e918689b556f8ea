"""A lattice and the characters in it → the cells of one page's part of a table. Touches nothing.

A character belongs to the cell that its middle is in. Text that runs across a drawn border (a number too wide for
its cell) belongs to neither side for sure: the two cells are taken together, so that it is read as open later.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from crawler.formats.layout import lines, ruling
from crawler.formats.layout.lines import TextLine
from crawler.formats.layout.ruling import Lattice
from crawler.formats.layout.squares import Span
from crawler.formats.sheet import Run
from crawler.model import Box, Issue, Place

# A picture shows a blank cell as it shows a faint figure: nothing recognised is no proof of nothing there.
_UNSEEN = 0.5

# Parts of an em, the height of the character.
_OVERHANG = 0.25  # of a single character over a border
_OVERHANG_OF_WORDS = 0.35
_FEW_ACROSS = 3  # cells with text over a border that a sound table may have …
_MANY_ACROSS = 0.1  # … or this part of its filled cells
_CONTIGUOUS = 0.08  # nearer than this, characters on both sides of a border are one word


@dataclass(frozen=True, slots=True)
class PartCell:
    """A cell with its lines. `row` and `column` count within the part, from 0."""

    row: int
    column: int
    rows: int
    columns: int
    lines: tuple[TextLine, ...]
    box: Box
    recognised: bool = False

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    @property
    def confidence(self) -> float:
        blank = _UNSEEN if self.recognised else 1.0
        return min((line.confidence for line in self.lines), default=blank)


@dataclass(frozen=True, slots=True)
class Part:
    """What one page holds of a table: edges in points, cells that cover every square once."""

    page: int
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[PartCell, ...]
    open_sides: frozenset[str] = frozenset()

    @property
    def rows(self) -> int:
        return len(self.ys) - 1

    @property
    def columns(self) -> int:
        return len(self.xs) - 1


def fill(
    lattice: Lattice, runs: Sequence[Run], *, page: int, recognised: bool
) -> tuple[Part | None, tuple[Issue, ...]]:
    """The cells of a lattice with the runs that stand in it; None where text and lines do not fit each other.

    Where much of the text lies on borders, the rest may lie in a wrong cell altogether.
    """
    issues: list[Issue] = []
    if lattice.doubtful:
        message = f"第 {page} 页的一个表格框线不完整，缺线之处的格已合并，不能确定的数字不读取。"
        issues.append(Issue("ruling_incomplete", message, _place(lattice, page)))
    texts = _texts(lattice, runs)
    across = [*_overhanging(lattice, runs), *_contiguous(lattice, texts)]
    if across:
        if len({one for one, _, _ in across}) > max(_FEW_ACROSS, _MANY_ACROSS * len(texts)):
            message = f"第 {page} 页一个表格的文字与框线错位，未按表格读取。"
            return None, (*issues, Issue("text_off_rules", message, _place(lattice, page)))
        found = "、".join(dict.fromkeys(text for _, _, text in across))
        message = f"第 {page} 页表格中有文字跨过框线（{found[:40]}），所跨各格已合并，其中数字不读取。"
        issues.append(Issue("text_across_rule", message, _place(lattice, page)))
        lattice = ruling.merged(lattice, [(one, other) for one, other, _ in across])
        texts = _texts(lattice, runs)
    cells = tuple(
        PartCell(
            span.row, span.column, span.rows, span.columns, texts.get(span, ()), _box(lattice, span, page), recognised
        )
        for span in lattice.spans
    )
    return _without_empty_sides(Part(page, lattice.xs, lattice.ys, cells, lattice.open_sides)), tuple(issues)


def _place(lattice: Lattice, page: int) -> Place:
    box = Box(page, lattice.xs[0], lattice.ys[0], lattice.xs[-1], lattice.ys[-1])
    return Place(block=1, page=page, box=box)


def _box(lattice: Lattice, span: Span, page: int) -> Box:
    xs, ys = lattice.xs, lattice.ys
    return Box(page, xs[span.column], ys[span.row], xs[span.column + span.columns], ys[span.row + span.rows])


def _owners(lattice: Lattice) -> list[list[Span]]:
    """The cell of every square."""
    first = lattice.spans[0]
    owners = [[first] * (len(lattice.xs) - 1) for _ in range(len(lattice.ys) - 1)]
    for span in lattice.spans:
        for row in range(span.row, span.row + span.rows):
            owners[row][span.column : span.column + span.columns] = [span] * span.columns
    return owners


def _square(lattice: Lattice, run: Run) -> tuple[int, int]:
    row = bisect_right(lattice.ys, (run.top + run.bottom) / 2) - 1
    column = bisect_right(lattice.xs, (run.left + run.right) / 2) - 1
    return min(max(row, 0), len(lattice.ys) - 2), min(max(column, 0), len(lattice.xs) - 2)


def _texts(lattice: Lattice, runs: Iterable[Run]) -> dict[Span, tuple[TextLine, ...]]:
    owners = _owners(lattice)
    members: dict[Span, list[Run]] = {}
    for run in runs:
        row, column = _square(lattice, run)
        members.setdefault(owners[row][column], []).append(run)
    return {span: tuple(lines.text_lines(found)) for span, found in members.items()}


def _overhanging(lattice: Lattice, runs: Iterable[Run]) -> list[tuple[Span, Span, str]]:
    """(cell, neighbour, text) of words and figures that reach over a border between two cells.

    Punctuation may hang over, as Chinese typesetting lets it.
    """
    owners = _owners(lattice)
    last_row, last_column = len(lattice.ys) - 2, len(lattice.xs) - 2
    found = []
    for run in runs:
        if not any(sign.isalnum() for sign in run.text):
            continue
        row, column = _square(lattice, run)
        span = owners[row][column]
        high = run.bottom - run.top
        allowed = high * _OVERHANG_OF_WORDS if len(run.text) > 1 else min(high, run.right - run.left) * _OVERHANG
        left, right = lattice.xs[span.column], lattice.xs[span.column + span.columns]
        top, bottom = lattice.ys[span.row], lattice.ys[span.row + span.rows]
        if left - run.left > allowed and span.column > 0:
            found.append((span, owners[row][span.column - 1], run.text))
        if run.right - right > allowed and span.column + span.columns <= last_column:
            found.append((span, owners[row][span.column + span.columns], run.text))
        if top - run.top > high * _OVERHANG_OF_WORDS and span.row > 0:
            found.append((span, owners[span.row - 1][column], run.text))
        if run.bottom - bottom > high * _OVERHANG_OF_WORDS and span.row + span.rows <= last_row:
            found.append((span, owners[span.row + span.rows][column], run.text))
    return found


def _contiguous(lattice: Lattice, texts: dict[Span, tuple[TextLine, ...]]) -> list[tuple[Span, Span, str]]:
    """(cell, right neighbour, text) where the last sign of one and the first of the other follow without a gap."""
    owners = _owners(lattice)
    found = []
    for span, own in texts.items():
        beside = span.column + span.columns
        if beside > len(lattice.xs) - 2:
            continue
        for neighbour in dict.fromkeys(owners[row][beside] for row in range(span.row, span.row + span.rows)):
            for line in own:
                for other in texts.get(neighbour, ()):
                    shared = min(line.bottom, other.bottom) - max(line.top, other.top)
                    size = min(line.size, other.size)
                    if shared > 0.5 * size and other.left - line.right < _CONTIGUOUS * size:
                        signs = line.text[-1:] + other.text[:1]
                        if signs.isalnum():
                            found.append((span, neighbour, line.text + other.text))
    return found


def _without_empty_sides(part: Part) -> Part:
    """A side that is only assumed and holds no text was no row or column."""
    for side in ("top", "bottom", "left", "right"):
        if side not in part.open_sides:
            continue
        if side in ("top", "bottom"):
            edge = 0 if side == "top" else part.rows - 1
            own = [cell for cell in part.cells if cell.row <= edge < cell.row + cell.rows]
            removable = part.rows > 1 and all(cell.rows == 1 and not cell.lines for cell in own)
        else:
            edge = 0 if side == "left" else part.columns - 1
            own = [cell for cell in part.cells if cell.column <= edge < cell.column + cell.columns]
            removable = part.columns > 1 and all(cell.columns == 1 and not cell.lines for cell in own)
        if removable:
            part = _removed(part, side, own)
    return part


def _removed(part: Part, side: str, own: Sequence[PartCell]) -> Part:
    kept = [cell for cell in part.cells if cell not in own]
    down, across = int(side == "top"), int(side == "left")
    moved = tuple(
        PartCell(cell.row - down, cell.column - across, cell.rows, cell.columns, cell.lines, cell.box, cell.recognised)
        for cell in kept
    )
    xs = part.xs[1:] if side == "left" else part.xs[:-1] if side == "right" else part.xs
    ys = part.ys[1:] if side == "top" else part.ys[:-1] if side == "bottom" else part.ys
    return Part(part.page, xs, ys, moved, part.open_sides - {side})
