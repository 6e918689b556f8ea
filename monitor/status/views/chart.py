"""A chart as a page writes it: a table that says everything, which static/charts.js draws a picture of. May touch nothing.

templates/_chart.html writes it.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from markupsafe import Markup

Kind = Literal["bars", "stacked", "line"]


@dataclass(frozen=True, slots=True)
class Point:
    """One cell. `shown`: what people read. `value`: what is drawn, as a plain decimal; "" for nothing, which is no nought.

    `note`: a remark below it. `unsure`: the number is not certain. `broken`: no line joins it to the row before.
    """

    shown: str
    value: str = ""
    note: str = ""
    unsure: bool = False
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One label of the axis with a point of every series. `mark`: words for a marked one, such as a due day.

    `border`: words for a border between this row and the one before. `broken`: words for one across which no line is drawn
    at all; None where lines may be drawn. `note`: a remark below the label. `address`: where the label leads.
    """

    label: str
    points: tuple[Point, ...]
    mark: str = ""
    border: str = ""
    broken: str | None = None
    note: str = ""
    address: str = ""

    @property
    def cells(self) -> Markup:
        """The points as cells of a table."""
        return Markup("").join(cell(point) for point in self.points)


@lru_cache(maxsize=8192)
def cell(point: Point) -> Markup:
    """One cell of the table; most points of a page were met before."""
    told = (("data-value", point.value), ("data-unsure", point.unsure), ("data-break", point.broken))
    given = Markup("").join(
        Markup(' {}="{}"').format(name, "" if value is True else value) for name, value in told if value
    )
    note = Markup('<span class="chart-note">{}</span>').format(point.note) if point.note else ""
    return Markup("<td{}>{}{}</td>").format(given, point.shown, note)


@dataclass(frozen=True, slots=True)
class Series:
    """`state`: a state's colour, else one of the palette. `short`: for the legend."""

    name: str
    short: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """`title`, `corner` (the head of the labels) and `note` are texts in the language of the page.

    `lying`: bars from left to right, for long labels.
    """

    id: str
    kind: Kind
    title: str
    corner: str
    series: tuple[Series, ...]
    rows: tuple[Row, ...]
    note: str = ""
    lying: bool = False
