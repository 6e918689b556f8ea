"""The rush to the deadline: how many reports of one year were published on which day, as far as the day is proven.

May touch nothing. A day on which we first saw a report is no day of publication unless we looked shortly before: what has
neither such a look nor a day of its own is counted apart and drawn nowhere.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final

import numpy as np

from monitor.board import Board
from monitor.board.board import STATE_CODES, Mask
from monitor.days import day_of
from monitor.model import State
from monitor.status.views.chart import Chart, Point, Row, Series
from monitor.wording import Language, say

PROVEN_WITHIN: Final = 3  # days between the last look without the report and the first with it
AFTER_DUE: Final = 30  # days that are drawn after the last due day
LONGEST: Final = 200  # days that are drawn at most
DUE_DAYS: Final = 3  # due days that are marked: those of the most agencies
PUBLISHED: Final = (State.ON_TIME, State.LATE, State.DATE_UNSURE, State.WITHDRAWN)  # it was seen; also what went again


@dataclass(frozen=True, slots=True)
class RushDay:
    """`seen`: first seen that day, not there PROVEN_WITHIN days before. `stated`: that day is the agency's own statement."""

    day: dt.date
    seen: int
    stated: int


@dataclass(frozen=True, slots=True)
class Rush:
    """`days`: without gaps. `before`, `after`: published on days that are not drawn. `unproven`: on a day nobody knows.

    `due`: the due days of the most agencies with their number.
    """

    year: int
    days: tuple[RushDay, ...]
    due: tuple[tuple[dt.date, int], ...]
    seen: int
    stated: int
    unproven: int
    before: int
    after: int

    @property
    def published(self) -> int:
        return self.seen + self.stated + self.unproven


def rush(board: Board, mask: Mask, year: int, now: dt.datetime) -> Rush:
    """Of the agencies of `mask`. The days begin with the year after the report year."""
    column = board.column_of[year]
    codes = [STATE_CODES[state] for state in PUBLISHED]
    rows = np.flatnonzero(mask & np.isin(board.state[:, column], codes) & (board.seen[:, column] > 0))
    seen, absent, stated = board.seen[rows, column], board.absent[rows, column], board.stated[rows, column]
    by_seen = (absent > 0) & (absent <= seen) & (seen - absent <= PROVEN_WITHIN)
    # A stated day counts unless our own looks speak against it: it was not there yet, or it was there already.
    by_stated = ~by_seen & (stated > 0) & (stated >= absent) & (stated <= seen)
    due = _due_days(board, mask, column)
    begin = dt.date(year + 1, 1, 1)
    last = max((day for day, _ in due), default=dt.date(year + 1, 3, 31)) + dt.timedelta(days=AFTER_DUE)
    length = max(1, min((min(last, day_of(now)) - begin).days + 1, LONGEST))
    counts, outside = [], [0, 0]
    for days in (seen[by_seen], stated[by_stated]):
        places = days - begin.toordinal()
        counts.append(np.bincount(places[(places >= 0) & (places < length)], minlength=length).tolist())
        outside[0] += int((places < 0).sum())
        outside[1] += int((places >= length).sum())
    return Rush(
        year=year,
        days=tuple(RushDay(begin + dt.timedelta(days=n), counts[0][n], counts[1][n]) for n in range(length)),
        due=due,
        seen=int(by_seen.sum()),
        stated=int(by_stated.sum()),
        unproven=len(rows) - int(by_seen.sum()) - int(by_stated.sum()),
        before=outside[0],
        after=outside[1],
    )


def _due_days(board: Board, mask: Mask, column: int) -> tuple[tuple[dt.date, int], ...]:
    """By day; of many only those of the most agencies."""
    due = board.due[:, column][mask]
    due = due[due > 0]
    if not len(due):
        return ()
    first = int(due.min())
    counts = np.bincount(due - first)
    most = np.argsort(-counts, kind="stable")[:DUE_DAYS]
    return tuple(
        (dt.date.fromordinal(first + int(place)), int(counts[place])) for place in sorted(most) if counts[place]
    )


def rush_chart(found: Rush, language: Language) -> Chart:
    """As a table of days that charts.js draws; a day without any is a nought in the table and nothing in the picture."""
    due = dict(found.due)
    rows = tuple(
        Row(
            label=one.day.isoformat(),
            points=tuple(Point(f"{count:,}", str(count) if count else "") for count in (one.seen, one.stated)),
            mark=say("overview.rush.due", language, count=f"{due[one.day]:,}") if one.day in due else "",
        )
        for one in found.days
    )
    return Chart(
        id="rush-chart",
        kind="stacked",
        title=say("overview.rush.chart", language, year=found.year),
        corner=say("overview.rush.day", language),
        series=(
            Series(say("overview.rush.seen", language), say("overview.rush.seen_short", language)),
            Series(say("overview.rush.stated", language), say("overview.rush.stated_short", language)),
        ),
        rows=rows,
    )
