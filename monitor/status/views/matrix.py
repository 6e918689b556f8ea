"""The read model of the matrix agency × year: one page of a selection, in an order. Works on the board alone.

May touch nothing: the store is not asked. Cells come as markup that was made before, for a page may have thousands.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from typing import Final

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from config.schema import Portal
from monitor.board import Board
from monitor.board.board import FLAG_BITS, STATE_CODES, STATES_BY_CODE, UNJUDGED, UNWATCHED, Mask, Rows
from monitor.days import day_of
from monitor.model import State
from monitor.status.filters import SIZES, Filters, Sort
from monitor.status.site import PREFIXES
from monitor.status.views.atlas import atlas
from monitor.status.views.choices import Choices, choices
from monitor.status.views.paging import Paging
from monitor.wording import Language, say, show_days

FLAGS: Final = (  # in the order in which a cell names them
    "changed",
    "revised",
    "local_late",
    "backdated",
    "arithmetic",
    "narrative",
    "carry_over",
    "attachment",
    "copied",
)
LATE, MISSING, DUE_SOON = (STATE_CODES[state] for state in (State.LATE, State.MISSING, State.DUE_SOON))


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One agency; `cells`: one for each year of the page."""

    id: str
    name: str
    region: str
    invented: bool
    cells: Markup


@dataclass(frozen=True, slots=True)
class MatrixGroup:
    """Rows that stand together. `region` is empty where the order is not that of the regions."""

    region: str
    rows: tuple[MatrixRow, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    filters: Filters
    years: tuple[int, ...]  # those that are shown, newest first
    groups: tuple[MatrixGroup, ...]
    paging: Paging
    registered: int
    choices: Choices
    simulated: bool


def matrix(
    board: Board, portals: Mapping[str, Portal], filters: Filters, now: dt.datetime, language: Language
) -> Matrix:
    """One page of the agencies that `filters` select. `portals`: by slug, for their names."""
    years = filters.years(reversed(board.years))
    everything = replace(filters, size=SIZES[0], page=1)
    rows = atlas(board).listed(
        (everything, day_of(now)), lambda: ordered(board, filters.selected(board), filters, now).astype(np.int32)
    )
    paging = Paging.of(len(rows), filters.page, filters.size)
    shown = rows[max(0, paging.begin - 1) : paging.end]
    return Matrix(
        filters=filters,
        years=years,
        groups=_groups(board, shown, years, filters, now, language),
        paging=paging,
        registered=len(board),
        choices=choices(board, portals, filters),
        simulated=board.simulated,
    )


def ordered(board: Board, mask: Mask, filters: Filters, now: dt.datetime) -> Rows:
    """The rows of `mask` in the order that is asked for; those that are equal in it stand as in the registry.

    In the order of the regions those who are watched in none of the years come last.
    """
    if filters.sort is Sort.NAME:
        return np.asarray(board.by_name[mask[board.by_name]], dtype=np.int64)
    rows = np.flatnonzero(mask)
    columns = [board.column_of[year] for year in filters.years(board.years)]
    if filters.sort is Sort.WORST:
        worst = np.zeros(len(rows), dtype=np.int16)
        for column in columns:
            states = board.state[rows, column]
            worst -= (states == LATE) | (states == MISSING)
        return rows[np.argsort(worst, kind="stable")]
    if filters.sort is Sort.DAYS and columns:
        newest = due_year(board, now, filters.years(board.years))
        if newest is not None:
            return rows[np.argsort(-days_over(board, rows, newest, now), kind="stable")]
        return rows
    # Who is known by name only has nothing to show, and stands behind those who are watched.
    unwatched = (board.state[:, columns] == UNWATCHED).all(axis=1)[rows]
    return rows[np.argsort(unwatched, kind="stable")]


def days_over(board: Board, rows: Rows, year: int, now: dt.datetime) -> NDArray[np.int16]:
    """By how many days each of `rows` was late at most, or is overdue; 0 for every other state."""
    column = board.column_of[year]
    states = board.state[rows, column]
    overdue = np.minimum(day_of(now).toordinal() - board.due[rows, column], np.iinfo(np.int16).max).astype(np.int16)
    late = board.late[rows, column, 1]
    none = np.int16(0)
    return np.where(states == MISSING, overdue, np.where(states == LATE, late, none)).astype(np.int16)


def due_year(board: Board, now: dt.datetime, years: Sequence[int] | None = None) -> int | None:
    """The newest of `years` whose due day has come for somebody who was judged; else the newest one; None without any."""
    today = day_of(now).toordinal()
    of = board.years if years is None else years

    def find() -> int | None:
        for year in sorted(of, reverse=True):
            due = board.due[:, board.column_of[year]]
            if bool(((due > 0) & (due <= today)).any()):
                return year
        return max(of, default=None)

    return atlas(board).remembered(("due year", today, tuple(of)), find)


def _groups(
    board: Board, rows: Rows, years: Sequence[int], filters: Filters, now: dt.datetime, language: Language
) -> tuple[MatrixGroup, ...]:
    lines = zip(rows.tolist(), cells(board, rows, years, now, language), strict=True)
    found = [
        MatrixRow(board.ids[row], board.names[row], board.regions[row], bool(board.invented[row]), markup)
        for row, markup in lines
    ]
    if filters.sort not in (None, Sort.REGION):
        return (MatrixGroup("", tuple(found)),) if found else ()
    return tuple(MatrixGroup(name, tuple(group)) for name, group in groupby(found, key=lambda row: row.region))


def cells(board: Board, rows: Rows, years: Sequence[int], now: dt.datetime, language: Language) -> list[Markup]:
    """For every row the table cells of `years`, each a link to the report of that year."""
    columns = [board.column_of[year] for year in years]
    if not columns:
        return [Markup()] * len(rows)
    grid = rows[:, None], np.array(columns)
    today = day_of(now).toordinal()
    prefix = PREFIXES[language]
    found = []
    for row, states, dues, lates, flags in zip(
        rows.tolist(),
        board.state[grid].tolist(),
        board.due[grid].tolist(),
        board.late[grid].tolist(),
        board.flags[grid].tolist(),
        strict=True,
    ):
        parts = []
        for year, code, due, late, bits in zip(years, states, dues, lates, flags, strict=True):
            least, most = _days(code, due, late, today)
            before, after = _cell(code, least, most, bits, language)
            parts.append(f"{before}{prefix}/agency/{board.ids[row]}/{year}{after}" if after else before)
        found.append(Markup("".join(parts)))  # noqa: S704  ids are slugs, the rest is escaped in _cell
    return found


def _days(code: int, due: int, late: list[int], today: int) -> tuple[int, int]:
    """As Board.place counts them; (-1, -1) for none."""
    if due and code == MISSING:
        return today - due, today - due
    if due and code == DUE_SOON:
        return due - today, due - today
    if due and code == LATE and late[1] > 0:
        return late[0], late[1]
    return -1, -1


@lru_cache(maxsize=20_000)
def _cell(code: int, least: int, most: int, flags: int, language: Language) -> tuple[str, str]:
    """A table cell before and after the address it links to; nothing after it where nothing is judged and linked."""
    name = state_name(code)
    days = days_words(STATES_BY_CODE[code], (least, most) if most >= 0 else None, language)
    words = Markup('<span class="word">{}</span>').format(say(f"page.short.{name}", language))
    if days:
        words += Markup(' <span class="days">{}</span>').format(days)
    for flag in FLAGS:
        if flags & FLAG_BITS[flag]:
            words += Markup(' <span class="flag flag-{}">{}</span>').format(flag, say(f"page.flag.{flag}", language))
    content = Markup(
        '<svg class="symbol" aria-hidden="true"><use href="#s-{}"/></svg><span class="words">{}</span>'
    ).format(name, words)
    if code == UNWATCHED:
        return Markup('<td class="cell s-{}"><span class="plain">{}</span></td>').format(name, content), ""
    return f'<td class="cell s-{name}"><a href="', f'">{content}</a></td>'


def state_name(code: int) -> str:
    """The word of a code of the board in class names and wording keys."""
    state = STATES_BY_CODE[code]
    return state.value if state is not None else "unjudged" if code == UNJUDGED else "unwatched"


def days_words(state: State | None, days: tuple[int, int] | None, language: Language) -> str:
    """迟4至11天, 已逾48天, 今天截止, or empty."""
    if state is None or days is None:
        return ""
    least, most = days
    if state is State.DUE_SOON and most == 0:
        return say("page.days.due_today", language)
    span = show_days(most, language) if least == most else say("days.span", language, first=least, last=most)
    return say(f"page.days.{state.value}", language, days=span)
