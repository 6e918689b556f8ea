"""Sheets drawn by hand for the layout's tests: words as single characters, lattices as lines. Touches nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from crawler.formats.sheet import Rule, Run, Sheet
from crawler.model import Cell, Issue, Paragraph, Table

WIDE, HIGH = 595.0, 842.0


def words(text: str, left: float, top: float, size: float = 10.0, confidence: float = 1.0) -> list[Run]:
    """One run a character: Chinese ones an em wide, the others half an em."""
    runs = []
    for sign in text:
        wide = size / 2 if sign.isascii() else size
        runs.append(Run(sign, left, top, left + wide, top + size, confidence))
        left += wide
    return runs


def level(y: float, left: float, right: float) -> Rule:
    return Rule(left, y, right, y)


def upright(x: float, top: float, bottom: float) -> Rule:
    return Rule(x, top, x, bottom)


def grid(xs: Sequence[float], ys: Sequence[float]) -> list[Rule]:
    return [*(level(y, xs[0], xs[-1]) for y in ys), *(upright(x, ys[0], ys[-1]) for x in xs)]


def filled(texts: Sequence[Sequence[str]], xs: Sequence[float], ys: Sequence[float]) -> list[Run]:
    """Words three points right of and below the corner of each cell."""
    return [
        run
        for row, top in zip(texts, ys, strict=False)
        for text, left in zip(row, xs, strict=False)
        for run in words(text, left + 3, top + 3)
    ]


def sheet(runs: Iterable[Run], rules: Iterable[Rule] = (), number: int = 1) -> Sheet:
    return Sheet(number, WIDE, HIGH, tuple(runs), tuple(rules))


Arranged = tuple[tuple[Paragraph | Table, ...], tuple[Issue, ...]]


def texts(arranged: Arranged) -> list[list[list[str]] | str]:
    """Paragraphs as their text; tables as rows of texts, "«" where a span covers the place."""
    return [
        block.text if isinstance(block, Paragraph) else [[_said(cell) for cell in row] for row in block.rows]
        for block in arranged[0]
    ]


def kinds(arranged: Arranged) -> list[str]:
    return [issue.kind for issue in arranged[1]]


def _said(cell: Cell) -> str:
    return "«" if cell.repeated else cell.text
