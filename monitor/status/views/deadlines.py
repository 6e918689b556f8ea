"""The read model of the calendar: on which days the reports of which years are due, to whom. Pure, on the board's arrays.

Asked like config.deadlines for one agency (the first rule of the law that fits; of the local ones the earliest, where the
law names a later day or none), for all selected agencies at once.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from config.deadlines import Applies, DeadlineRule, Deadlines, LocalRule
from monitor.board import Board
from monitor.board.board import KINDS, LEVELS, UNWATCHED, Mask
from monitor.days import day_of

NO_RULE: Final = -1
NO_DAY: Final = 0


@dataclass(frozen=True, slots=True)
class DueDay:
    """The day on which the reports of a year are due by one rule, for at least one selected agency."""

    year: int
    day: dt.date
    rule: DeadlineRule | LocalRule

    @property
    def is_local(self) -> bool:
        return isinstance(self.rule, LocalRule)


def due_days(board: Board, deadlines: Deadlines, selected: Mask, now: dt.datetime) -> tuple[DueDay, ...]:
    """By day: those of every year of the board, and of the years after it that have begun; the last one's are due next year."""
    covers: dict[str, Mask] = {
        rule.id: _covered(board, rule) & selected for rule in (*deadlines.rules, *deadlines.local)
    }
    present = day_of(now).year
    # The board of the old year is shown until the first judging of the new one.
    years = {*board.years, *range(max(board.years, default=present - 1) + 1, present + 1)}
    found = [due for year in sorted(years) for due in _of_year(board, deadlines, covers, year)]
    return tuple(sorted(found, key=lambda due: (due.day, due.is_local, due.rule.id)))


def _of_year(board: Board, deadlines: Deadlines, covers: dict[str, Mask], year: int) -> Iterator[DueDay]:
    column = board.column_of.get(year)
    # Nothing is on the board yet; that the year will be watched is taken for granted.
    left: Mask = np.ones(len(board), dtype=np.bool_) if column is None else board.state[:, column] != UNWATCHED
    law: NDArray[np.int32] = np.full(len(board), NO_RULE, dtype=np.int32)
    for rule in deadlines.rules:
        rows = covers[rule.id] & left if year in rule.years else None
        if rows is None or not rows.any():
            continue
        left = left & ~rows
        law[rows] = rule.due.of(year).toordinal() if rule.due else NO_DAY
        if rule.due is not None:
            yield DueDay(year, rule.due.of(year), rule)
    # A local day later than the law's, or on it, says nothing; of several the earliest counts.
    open_rows: Mask = law != NO_RULE
    for local in sorted((rule for rule in deadlines.local if year in rule.years), key=lambda rule: rule.due.of(year)):
        day = local.due.of(year)
        rows = covers[local.id] & open_rows & ((law == NO_DAY) | (law > day.toordinal()))
        if rows.any():
            open_rows = open_rows & ~rows
            yield DueDay(year, day, local)


def _covered(board: Board, rule: Applies) -> Mask:
    """The rows that a rule covers, whatever the year."""
    rows: Mask = np.ones(len(board), dtype=np.bool_)
    if rule.kinds:
        rows &= np.isin(board.kind, [KINDS.index(kind) for kind in rule.kinds])
    if rule.levels:
        rows &= np.isin(board.level, [LEVELS.index(level) for level in rule.levels])
    if rule.regions:
        within: Mask = np.zeros(len(board), dtype=np.bool_)
        for prefix in rule.regions:
            low, high = int(prefix.ljust(6, "0")), int(prefix.ljust(6, "9"))
            within |= (board.region_code >= low) & (board.region_code <= high)
        rows &= within
    if isinstance(rule, LocalRule) and rule.agencies:
        named: Mask = np.zeros(len(board), dtype=np.bool_)
        named[[board.row_of[id_] for id_ in rule.agencies if id_ in board.row_of]] = True
        rows &= named
    return rows
