"""An agency's numbers over the years as charts: what was read, what is not certain, and what cannot be told. May touch nothing.

A cell that is blank, open or absent is no nought and no point. Where two documents are filed as one year's report and do not
say the same, both numbers stand in the table and neither is drawn.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, lru_cache
from typing import Final, NamedTuple

from crawler.model import CellState
from crawler.reports import crosswalk, templates
from crawler.reports.crosswalk import Kind
from monitor.status.views.chart import Chart, Point, Row, Series
from monitor.status.views.form import show_number
from monitor.status.views.indicators import PLOTS, Indicator, Plot
from monitor.wording import Language, say

NOTHING: Final = "—"  # the form has no such cell, or nothing was read


class Value(NamedTuple):
    """A cell as one document has it. `number` only in state NUMBER; `certain` as of crawler.store.tables.FactRow.

    `state` None: a sum, and one of its cells is no number.
    """

    state: CellState | None
    number: Decimal | None
    certain: bool


@dataclass(frozen=True, slots=True)
class Filled:
    """A document that is filed as a year's report: its form ("" where none was recognised) and its cells by code."""

    template: str
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Numbers:
    """The charts; the titles of those that would show nothing but noughts, which are not drawn; what has to be known of all."""

    charts: tuple[Chart, ...]
    noughts: tuple[str, ...]
    notes: tuple[str, ...]


def numbers(years: Mapping[int, Sequence[Filled]], address: str, language: Language) -> Numbers:
    """Charts of the documents of each report year (a year without any has no report); `address`: of the agency's page."""
    charts, noughts = [], []
    read = {code for filled in years.values() for one in filled for code in one.values}
    for plot in PLOTS:
        if read.isdisjoint(_codes_of(plot)):
            continue
        chart = _chart(plot, years, address, language)
        drawn = [point.value for row in chart.rows for point in row.points if point.value] if chart else []
        if chart is not None and any(value != "0" for value in drawn):
            charts.append(chart)
        elif chart is not None and drawn:
            noughts.append(chart.title)
    rows = [row for chart in charts for row in chart.rows]
    notes = []
    if any(point.unsure for row in rows for point in row.points):
        notes.append(say("plot.unsure", language))
    if any(row.border for row in rows):
        notes.append(say("plot.borders", language))
    return Numbers(tuple(charts), tuple(noughts), tuple(notes))


def _chart(plot: Plot, years: Mapping[int, Sequence[Filled]], address: str, language: Language) -> Chart | None:
    """From the first year to the last that say anything; None where none does. A series without a word is left out."""
    points = {
        year: [_point(indicator, filled, language) for indicator in plot.indicators] for year, filled in years.items()
    }
    telling = [year for year, found in points.items() if any(point is not None for point in found)]
    if not telling:
        return None
    span = range(min(telling), max(telling) + 1)
    kept = [place for place in range(len(plot.indicators)) if any(points[year][place] for year in telling)]
    indicators = [plot.indicators[place] for place in kept]
    rows: list[Row] = []
    form = ""
    for year in span:
        found = points.get(year) or [None] * len(plot.indicators)
        named = _forms(years.get(year, ()), language)
        changed = bool(form and named and named != form and any(found[place] for place in kept))
        rows.append(
            Row(
                label=str(year),
                points=_together(plot, [found[place] or Point(NOTHING) for place in kept]),
                border=named if changed else "",
                note=named or say("plot.no_report", language),
                address=f"{address}/{year}",
            )
        )
        form = named if any(found[place] for place in kept) else form
    title = say(f"plot.{plot.key}", language)
    unit = say(f"plot.unit.{plot.unit}", language)
    return Chart(
        id=f"c-{plot.key}",
        kind=plot.kind,
        title=f"{title}（{unit}）" if language == "zh" else f"{title} ({unit})",
        corner=say("plot.year", language),
        series=tuple(Series(say(f"indicator.{indicator.key}", language)) for indicator in indicators),
        rows=tuple(rows),
        note=_note(plot, tuple(indicators), rows, language),
    )


def _together(plot: Plot, points: Sequence[Point]) -> tuple[Point, ...]:
    """A pile that lacks a part would look like a smaller one: it is drawn whole or not at all."""
    if plot.kind == "stacked" and not all(point.value for point in points):
        return tuple(replace(point, value="") for point in points)
    return tuple(points)


def _note(plot: Plot, indicators: tuple[Indicator, ...], rows: Sequence[Row], language: Language) -> str:
    """What has to be known of this chart, in whole sentences."""
    said = []
    if any(indicator.is_sum for indicator in indicators):
        said.append(say("plot.sums", language))
    if plot.kind == "stacked" and any(not row.points[0].value for row in rows):
        said.append(say("plot.whole", language))
    said += _unlike(indicators, language)
    return ("" if language == "zh" else " ").join(said)


@cache
def _unlike(indicators: tuple[Indicator, ...], language: Language) -> tuple[str, ...]:
    """Why series of one chart that look alike are not joined, in the words of config/crosswalk.yml."""
    codes = {code for indicator in indicators for codes in indicator.sums for code in codes}
    found = (
        relation.zh if language == "zh" else relation.en
        for relation in crosswalk.load().relations
        if relation.kind is Kind.SIMILAR
        and not codes.isdisjoint(relation.codes)
        and not codes.isdisjoint(relation.counterparts)
    )
    return tuple(dict.fromkeys(found))


def _point(indicator: Indicator, filled: Sequence[Filled], language: Language) -> Point | None:
    """What the documents of one year say together; None where none of their forms has the cell, or none was read."""
    values = tuple(value for one in filled if (value := _value(indicator, one)) is not None)
    return _said(values, language) if values else None


@lru_cache(maxsize=8192)
def _said(values: Sequence[Value], language: Language) -> Point:
    """The same cell in one or more documents."""
    told = [value for value in values if value.state is not CellState.ABSENT] or values
    said = list(dict.fromkeys(value.number for value in told))
    if len(said) > 1:
        sides = dict.fromkeys(_word(value, language) for value in told)
        return Point(" ≠ ".join(sides), note=say("plot.differ", language))
    if said[0] is None:
        return Point(" / ".join(dict.fromkeys(_word(value, language) for value in told)))
    point = Point(show_number(said[0]), f"{said[0].normalize():f}")
    if any(value.certain for value in told):
        return point
    return replace(point, note=say("page.form.uncertain", language), unsure=True)


def _word(value: Value, language: Language) -> str:
    if value.number is not None:
        return show_number(value.number)
    return say(f"page.cell.{value.state.value}" if value.state else "plot.no_sum", language)


def _value(indicator: Indicator, filled: Filled) -> Value | None:
    """The cell of one document, or the sum of its cells: a number only where every one is a number."""
    codes = _codes(indicator, filled.template)
    if len(codes) == 1:
        return filled.values.get(codes[0])
    known = [filled.values[code] for code in codes if code in filled.values]
    if not known:
        return None
    numbers = [value.number for value in known if value.number is not None]
    if len(numbers) < len(codes):
        return Value(None, None, certain=True)
    return Value(CellState.NUMBER, sum(numbers, Decimal(0)), certain=all(value.certain for value in known))


@cache
def _codes(indicator: Indicator, template: str) -> tuple[str, ...]:
    """The codes that make up the indicator in this form; none where the form does not have them."""
    form = templates.load().get(template)
    known = {cell.code for cell in form.cells()} if form else set()
    return next((codes for codes in indicator.sums if known.issuperset(codes)), ())


@cache
def _codes_of(plot: Plot) -> frozenset[str]:
    return frozenset(code for indicator in plot.indicators for codes in indicator.sums for code in codes)


def _forms(filled: Sequence[Filled], language: Language) -> str:
    """The forms of one year's documents in a few words; empty where there is no document."""
    return " / ".join(dict.fromkeys(_form(one.template, language) for one in filled))


@cache
def _form(template: str, language: Language) -> str:
    return say(f"plot.form.{template if template in templates.load() else 'other'}", language)
