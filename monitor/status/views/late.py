"""The read model of the late and missing list of one report year: who, by how many days, why, and why we cannot tell.

May touch: the board; the store for the reasons of the rows of one page, one SELECT.
"""

import dataclasses
import datetime as dt
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from config.load import Configuration
from config.schema import Agency
from crawler.store.reads import coverage
from monitor.board import Board, Place
from monitor.board.board import CODES, FLAG_BITS, STATE_CODES, UNJUDGED, Mask, Rows
from monitor.days import day_of
from monitor.model import State
from monitor.status.filters import SIZES, Filters, Sort
from monitor.status.views.atlas import atlas
from monitor.status.views.choices import Choices, choices
from monitor.status.views.matrix import due_year, ordered
from monitor.status.views.paging import Paging
from monitor.status.views.verdicts import Verdict, verdict

# The groups of the list in their order. What is late by a supervising office's own day only is no breach of the law.
GROUPS: Final = (State.MISSING, State.LATE, State.DATE_UNSURE, State.UNKNOWN, State.WITHDRAWN)
LOCAL: Final = "local_late"
NO_GROUP: Final = len(GROUPS) + 1


@dataclass(frozen=True, slots=True)
class LateRow:
    """`verdict` None: the store says another state by now than the board; its reason would be that of another state."""

    agency: Agency
    place: Place
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class LateGroup:
    """`name`: a state's word, or LOCAL."""

    name: str
    rows: tuple[LateRow, ...]


@dataclass(frozen=True, slots=True)
class LateList:
    """`counts`: of everybody who is selected by what they are, by group; of LOCAL whatever the state is.

    `year` None: no report year is watched.
    """

    filters: Filters
    year: int | None
    years: tuple[int, ...]  # newest first
    counts: tuple[tuple[str, int], ...]
    groups: tuple[LateGroup, ...]
    paging: Paging
    choices: Choices
    simulated: bool


def late_list(
    session: Session, board: Board, configuration: Configuration, filters: Filters, now: dt.datetime
) -> LateList:
    """One page of the list; of the newest due year if none is asked for."""
    year = filters.year or due_year(board, now)
    mask = filters.rows(board)
    places = _places(board, year) if year is not None else np.zeros(0, dtype=np.uint8)
    listed = _listed(board, mask, places, filters, year, now) if year is not None else np.zeros(0, dtype=np.int64)
    paging = Paging.of(len(listed), filters.page, filters.size)
    shown = listed[max(0, paging.begin - 1) : paging.end]
    return LateList(
        filters=filters,
        year=year,
        years=board.years[::-1],
        counts=_counts(board, mask, places, year) if year is not None else (),
        groups=_groups(session, board, configuration, shown, year, now) if year is not None else (),
        paging=paging,
        choices=choices(board, configuration.portals, filters),
        simulated=board.simulated,
    )


def _places(board: Board, year: int) -> NDArray[np.uint8]:
    """For every agency the place of its group; NO_GROUP for who is not on the list."""
    column = board.column_of[year]
    of_state = np.full(CODES, NO_GROUP, dtype=np.uint8)
    for place, state in enumerate(GROUPS):
        of_state[STATE_CODES[state]] = place
    places = of_state[board.state[:, column]]
    local = (places == NO_GROUP) & ((board.flags[:, column] & FLAG_BITS[LOCAL]) != 0)
    places[local & (board.state[:, column] > UNJUDGED)] = len(GROUPS)
    return places


def _listed(board: Board, mask: Mask, places: NDArray[np.uint8], filters: Filters, year: int, now: dt.datetime) -> Rows:
    column = board.column_of[year]
    mask = mask & (places != NO_GROUP)
    if filters.state is not None:
        mask &= board.state[:, column] == STATE_CODES[filters.state]
    if filters.flag:
        mask &= (board.flags[:, column] & FLAG_BITS[filters.flag]) != 0
    sort = filters.sort or Sort.DAYS
    span = None if sort is Sort.WORST else year  # the worst are so in all years, the days are those of this one
    asked = dataclasses.replace(filters, sort=sort, first=span, last=span, size=SIZES[0], page=1)

    def make() -> Rows:
        rows = ordered(board, mask, asked, now)
        return rows[np.argsort(places[rows], kind="stable")]

    return atlas(board).listed(("late", year, asked, day_of(now)), make)


def _counts(board: Board, mask: Mask, places: NDArray[np.uint8], year: int) -> tuple[tuple[str, int], ...]:
    totals = board.totals(year, mask)
    local = mask & ((board.flags[:, board.column_of[year]] & FLAG_BITS[LOCAL]) != 0) & (places != NO_GROUP)
    return (*((state.value, totals.states[state]) for state in GROUPS), (LOCAL, int(local.sum())))


def _groups(
    session: Session, board: Board, configuration: Configuration, rows: Rows, year: int, now: dt.datetime
) -> tuple[LateGroup, ...]:
    ids = [board.ids[row] for row in rows.tolist()]
    verdicts = {line.agency_id: verdict(line, now) for line in coverage.state_lines(session, ids, year)} if ids else {}
    found: dict[str, list[LateRow]] = {}
    for agency_id in ids:
        place = board.place(board.row_of[agency_id], year, now)
        said = verdicts.get(agency_id)
        group = place.state.value if place.state in GROUPS and place.state is not None else LOCAL
        line = LateRow(configuration.agencies[agency_id], place, said if said and said.state is place.state else None)
        found.setdefault(group, []).append(line)
    return tuple(LateGroup(name, tuple(lines)) for name, lines in found.items())
