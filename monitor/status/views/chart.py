"""A chart as a page writes it: a table that says everything, which static/charts.js draws a picture of. May touch nothing.

templates/_chart.html writes it.
"""

from dataclasses import dataclass
from typing import Literal

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

    `broken`: why no line joins any series to the row before, in a few words; None where lines may be drawn.
    """

    label: str
    points: tuple[Point, ...]
    mark: str = ""
    broken: str | None = None
    address: str = ""


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
