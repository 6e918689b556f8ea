"""The read model of the overview: one report year against its deadline, the same by region and by supervising office.

May touch: the board; the store for the newest changes and events, a bounded number of SELECTs.
"""

import dataclasses
import datetime as dt
from dataclasses import dataclass
from typing import Final

import numpy as np
from sqlalchemy.orm import Session

from config.load import Configuration
from config.schema import Agency, Level
from crawler.store.reads import coverage
from crawler.store.reads.coverage import ChangeLine
from monitor.board import Board, Place, Totals
from monitor.board.board import STATE_CODES, UNWATCHED, Mask
from monitor.days import day_of
from monitor.model import State
from monitor.status.filters import Filters
from monitor.status.views.atlas import COUNTRY, Region, atlas, groups_of
from monitor.status.views.matrix import due_year
from monitor.status.views.news import News, news
from monitor.status.views.rush import Rush, rush
from monitor.status.views.sight import Seeing, seeing

NEWS: Final = 8
LATEST: Final = 8
SUPERVISORS: Final = 15
# Of the newest changes of the whole country those of the selection are shown; of what is older, the page of changes tells.
CHANGES, CHANGES_SEARCHED = 8, 200
# Of those that owe a report: what happened to the due day first, what is still to come last.
OWED: Final = (
    State.ON_TIME,
    State.LATE,
    State.DATE_UNSURE,
    State.MISSING,
    State.UNKNOWN,
    State.WITHDRAWN,
    State.DUE_SOON,
    State.NOT_DUE,
)
STATES: Final = (*OWED, State.EXEMPT)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the selection. `name` empty: it has none (no supervising office). `filters`: what selects it."""

    name: str
    own: bool
    filters: Filters
    totals: Totals


@dataclass(frozen=True, slots=True)
class Figures:
    """One selection and year in numbers. `supervisors`: the largest SUPERVISORS; `more`: how many others there are."""

    totals: Totals
    regions: tuple[Part, ...]
    supervisors: tuple[Part, ...]
    more: int
    rush: Rush
    latest: tuple[int, ...]  # rows of the board: late ones, those first seen last at the beginning


@dataclass(frozen=True, slots=True)
class LateLine:
    agency: Agency
    place: Place


@dataclass(frozen=True, slots=True)
class ShownChange:
    agency: Agency
    change: ChangeLine


@dataclass(frozen=True, slots=True)
class Overview:
    """`figures` None: no report year is watched, or nobody is selected."""

    filters: Filters
    year: int | None
    years: tuple[int, ...]  # newest first
    path: tuple[Region, ...]
    figures: Figures | None
    latest: tuple[LateLine, ...]
    changes: tuple[ShownChange, ...]
    news: tuple[News, ...]
    sight: Seeing
    simulated: bool
    judged_at: dt.datetime | None


def overview(
    session: Session, board: Board, configuration: Configuration, filters: Filters, now: dt.datetime
) -> Overview:
    """Everything that the overview shows of one selection and year at one moment; the newest due year if none is asked for."""
    index = atlas(board)
    year = filters.year or due_year(board, now)
    mask = filters.rows(board)
    figures = (
        index.remembered(
            ("figures", dataclasses.replace(filters, year=None), year, day_of(now)),
            lambda: _figures(board, mask, filters, year, now),
        )
        if year is not None
        else None
    )
    latest = figures.latest if figures is not None else ()
    return Overview(
        filters=filters,
        year=year,
        years=board.years[::-1],
        path=index.path(filters.region),
        figures=figures,
        latest=tuple(
            LateLine(configuration.agencies[board.ids[row]], board.place(row, year, now))
            for row in latest
            if year is not None
        ),
        changes=_changes(session, board, configuration, mask),
        news=news(coverage.newest_events(session, NEWS), configuration),
        sight=seeing(session, board, now),
        simulated=board.simulated,
        judged_at=board.judged_at,
    )


def _figures(board: Board, mask: Mask, filters: Filters, year: int, now: dt.datetime) -> Figures:
    regions = _regions(board, mask, filters, year)
    supervisors, more = _supervisors(board, mask, filters, year)
    column = board.column_of[year]
    late = np.flatnonzero(mask & (board.state[:, column] == STATE_CODES[State.LATE]))
    newest = late[np.argsort(-board.seen[late, column], kind="stable")[:LATEST]]
    return Figures(
        totals=board.totals(year, mask),
        regions=regions,
        supervisors=supervisors,
        more=more,
        rush=rush(board, mask, year, now),
        latest=tuple(newest.tolist()),
    )


def _regions(board: Board, mask: Mask, filters: Filters, year: int) -> tuple[Part, ...]:
    """One level below the selected region; nothing where the region itself or a county is selected."""
    children = atlas(board).children(filters.region) if not filters.own else ()
    if not children:
        return ()
    totals = board.totals_by(groups_of(board, children), len(children), year, mask)
    return tuple(
        Part(region.short, region.own, _of_region(filters, region), found)
        for region, found in zip(children, totals, strict=True)
        if found.watched
    )


def _of_region(filters: Filters, region: Region) -> Filters:
    if region.own and region.code == COUNTRY:
        return dataclasses.replace(filters, region="", level=Level.NATIONAL)
    return dataclasses.replace(filters, region=region.code, own=region.own)


def _supervisors(board: Board, mask: Mask, filters: Filters, year: int) -> tuple[tuple[Part, ...], int]:
    """Those of the most agencies that owe a report, and how many more there are. None where no office is named at all."""
    states = board.state[:, board.column_of[year]]
    owing = mask & (states != UNWATCHED) & (states != STATE_CODES[State.EXEMPT])
    sizes = np.bincount(board.supervisor[owing], minlength=len(board.supervisors))
    named = [place for place in np.argsort(-sizes, kind="stable").tolist() if sizes[place] and board.supervisors[place]]
    shown = named[:SUPERVISORS]
    if not shown:
        return (), 0
    groups = np.full(len(board.supervisors), len(shown), dtype=np.int64)  # the last group: all others
    groups[shown] = np.arange(len(shown))
    totals = board.totals_by(groups[board.supervisor], len(shown) + 1, year, mask)
    parts = tuple(
        Part(name, False, dataclasses.replace(filters, supervisor=name), found)
        for name, found in zip((board.supervisors[place] for place in shown), totals, strict=False)
    )
    return parts, len(named) - len(shown)


def _changes(session: Session, board: Board, configuration: Configuration, mask: Mask) -> tuple[ShownChange, ...]:
    """Of years that are no longer watched nothing is told."""
    found = []
    for change in coverage.newest_changes(session, CHANGES_SEARCHED):
        row, column = board.row_of.get(change.agency_id), board.column_of.get(change.year)
        if row is None or column is None or not mask[row] or board.state[row, column] == UNWATCHED:
            continue
        found.append(ShownChange(configuration.agencies[change.agency_id], change))
        if len(found) == CHANGES:
            break
    return tuple(found)
