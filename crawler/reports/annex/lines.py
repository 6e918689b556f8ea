"""One printed line of a statistics annex: its label, what stands beside it, and where. Touches nothing."""

from __future__ import annotations

from dataclasses import dataclass, field

from crawler.model import Cell, Place
from crawler.reports import numbers
from crawler.reports.annex.indicators import Indicators, is_top_heading, label_and_figure, unit_in


@dataclass(frozen=True, slots=True)
class Value:
    """`column`: 0-based, the last one that its cell covers; None within the label's own cell or in a text line."""

    text: str
    column: int | None = None
    cell: Cell | None = None


@dataclass
class Line:
    """One printed line. `name` is "" where the form has no such label; `doubt` is a kind of issue."""

    text: str
    name: str
    place: Place
    half: int = 0
    units: list[str] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)
    blanks: set[int | None] = field(default_factory=set)  # columns of cells that say nothing; None as for values
    row_width: int = 0  # columns of its whole row
    doubt: str = ""

    @property
    def is_top(self) -> bool:
        return is_top_heading(self.text)


def label_in(text: str, indicators: Indicators) -> str:
    """The compared form of the label that a text is or begins with before its value; "" where there is none."""
    name = indicators.named(text)
    parts = None if name else label_and_figure(text)
    return indicators.named(parts[0]) if parts else name


def take_own_cell(line: Line, indicators: Indicators) -> None:
    """The unit and the value that stand in the label's own cell."""
    if unit_in(line.text):
        line.units.append(unit_in(line.text))
    parts = None if indicators.named(line.text) else label_and_figure(line.text)
    if parts and numbers.is_blank(parts[1]):
        line.blanks.add(None)
    elif parts:
        line.values.append(Value(parts[1]))
