"""The board itself: one row an agency, one column a report year. Frozen arrays; touches nothing, reads no clock.

Rows are in the order of the lists: by region code, governments first, then as in the registry.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from config.alerts import EventKind
from config.schema import AgencyKind, Level
from monitor.board.folding import folded
from monitor.board.values import ColumnSight, Place, Totals
from monitor.days import day_of
from monitor.model import State

Mask = NDArray[np.bool_]
Rows = NDArray[np.int64]

UNWATCHED: Final = 0  # never judged, whatever the store holds
UNJUDGED: Final = 1  # watched, and not judged yet
STATE_CODES: Final = {state: 2 + number for number, state in enumerate(State)}
CODES: Final = 2 + len(STATE_CODES)
KINDS: Final = tuple(AgencyKind)
LEVELS: Final = tuple(Level)
FLAG_BITS: Final = {kind.value: 1 << number for number, kind in enumerate(EventKind)}


@dataclass(frozen=True, eq=False)
class Board:
    """Arrays of shape (agencies,) or (agencies, years); days are ordinals (date.toordinal), 0 for none.

    Those with years lie column by column (Fortran order): what is counted or looked for is nearly always one year of all.

    `digest` changes with everything that is shown of it but `judged_at`; `version` with that, too. `registry`: digest of the
    registry that it was made of.
    `portal_starts`, `portal_rows`: the portals of row i are portal_rows[portal_starts[i]:portal_starts[i + 1]], as places
    in `portals`. `text`, `text_starts`: everything that agencies are found by, as UTF-16 units, and where each one's begins.
    """

    made_at: dt.datetime
    judged_at: dt.datetime | None
    simulated: bool
    registry: str
    digest: str
    years: tuple[int, ...]
    ids: tuple[str, ...]
    names: tuple[str, ...]
    regions: tuple[str, ...]
    supervisors: tuple[str, ...]
    portals: tuple[str, ...]
    families: tuple[str, ...]  # of each portal
    columns: tuple[ColumnSight, ...]
    region_code: NDArray[np.int32]
    kind: NDArray[np.uint8]  # places in KINDS
    level: NDArray[np.uint8]  # places in LEVELS
    supervisor: NDArray[np.int32]  # places in `supervisors`; the empty one is none
    invented: Mask
    by_name: NDArray[np.int32]  # rows in the order of the names' pinyin
    portal_starts: NDArray[np.int32]
    portal_rows: NDArray[np.int32]
    text: NDArray[np.uint16]
    text_starts: NDArray[np.int32]
    state: NDArray[np.uint8]  # UNWATCHED, UNJUDGED or a code of STATE_CODES
    due: NDArray[np.int32]
    late: NDArray[np.int16]  # of LATE: least and most days late, in the last axis (agencies, years, 2)
    seen: NDArray[np.int32]
    absent: NDArray[np.int32]
    stated: NDArray[np.int32]
    flags: NDArray[np.uint32]
    _found: dict[str, Mask] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def version(self) -> str:
        """Changes with everything that is shown of the board: for ETags."""
        return f"{self.digest}.{int(self.judged_at.timestamp()) if self.judged_at else 0}"

    @cached_property
    def row_of(self) -> dict[str, int]:
        """The row of every agency by its id."""
        return {agency_id: row for row, agency_id in enumerate(self.ids)}

    @cached_property
    def column_of(self) -> dict[int, int]:
        """The place of every report year in the arrays."""
        return {year: place for place, year in enumerate(self.years)}

    def place(self, row: int, year: int, now: dt.datetime) -> Place:
        """One agency and year at the moment `now`."""
        column = self.column_of[year]
        code = int(self.state[row, column])
        state = STATES_BY_CODE[code]
        due = int(self.due[row, column])
        return Place(
            year=year,
            watched=code != UNWATCHED,
            state=state,
            due=_day(due),
            days=self._days(row, column, state, due, now),
            seen_on=_day(int(self.seen[row, column])),
            absent_on=_day(int(self.absent[row, column])),
            stated_on=_day(int(self.stated[row, column])),
            flags=flag_names(int(self.flags[row, column])),
        )

    def _days(self, row: int, column: int, state: State | None, due: int, now: dt.datetime) -> tuple[int, int] | None:
        if not due:
            return None
        if state is State.MISSING:
            return (day_of(now).toordinal() - due,) * 2
        if state is State.DUE_SOON:
            return (due - day_of(now).toordinal(),) * 2
        if state is State.LATE and self.late[row, column, 1] > 0:
            first, last = self.late[row, column]
            return int(first), int(last)
        return None

    def totals(self, year: int, mask: Mask | None = None) -> Totals:
        """The agencies of `mask` (all, if None) by state in one report year."""
        return _totals(year, self._counted(self.state[:, self.column_of[year]], mask))

    def totals_by(self, groups: NDArray[np.int64], size: int, year: int, mask: Mask | None = None) -> list[Totals]:
        """As `totals`, for each group; `groups`: the group of every row, from 0 to size - 1."""
        codes = groups * CODES + self.state[:, self.column_of[year]]
        counts = np.bincount(codes if mask is None else codes[mask], minlength=size * CODES)
        return [_totals(year, counts[group * CODES : (group + 1) * CODES]) for group in range(size)]

    @staticmethod
    def _counted(codes: NDArray[np.uint8], mask: Mask | None) -> NDArray[np.int64]:
        return np.bincount(codes if mask is None else codes[mask], minlength=CODES)

    def select(
        self,
        *,
        text: str = "",
        region: str = "",
        kind: AgencyKind | None = None,
        level: Level | None = None,
        supervisor: str = "",
        portal: str = "",
        family: str = "",
    ) -> Mask:
        """The rows that fulfil all that is given. `region`: six digits; with 00 at its end also everything below it.

        `text`: every word of it occurs in a name (of today, short or former), in its pinyin or initials, or is the id.
        """
        mask: Mask = np.ones(len(self), dtype=np.bool_)
        if region:
            low, high = region_span(region)
            mask &= (self.region_code >= low) & (self.region_code <= high)
        if kind is not None:
            mask &= self.kind == KINDS.index(kind)
        if level is not None:
            mask &= self.level == LEVELS.index(level)
        if supervisor:
            known = self.supervisors.index(supervisor) if supervisor in self.supervisors else -1
            mask &= self.supervisor == known
        if portal or family:
            mask &= self._on(
                [
                    place
                    for place, slug in enumerate(self.portals)
                    if (not portal or slug == portal) and (not family or self.families[place] == family)
                ]
            )
        for word in filter(None, map(folded, text.split())):
            mask &= self._holding(word)
        return mask

    def in_state(self, states: Sequence[State], first: int, last: int) -> Mask:
        """The rows that are in one of `states` in at least one report year from `first` to `last`."""
        mask: Mask = np.zeros(len(self), dtype=np.bool_)
        for column in self._within(first, last):
            for state in states:
                mask |= self.state[:, column] == STATE_CODES[state]
        return mask

    def flagged(self, kinds: Sequence[str], first: int, last: int) -> Mask:
        """The rows with an open finding of one of `kinds` about a report year from `first` to `last`."""
        bits = np.uint32(flag_bits(kinds))
        mask: Mask = np.zeros(len(self), dtype=np.bool_)
        for column in self._within(first, last):
            mask |= (self.flags[:, column] & bits) != 0
        return mask

    def _within(self, first: int, last: int) -> list[int]:
        return [column for column, year in enumerate(self.years) if first <= year <= last]

    def portals_of(self, row: int) -> tuple[str, ...]:
        """The slugs of the portals in which an agency's reports are looked for."""
        places = self.portal_rows[self.portal_starts[row] : self.portal_starts[row + 1]]
        return tuple(self.portals[place] for place in places)

    def _on(self, portals: Sequence[int]) -> Mask:
        hits = np.concatenate(([0], np.cumsum(np.isin(self.portal_rows, portals))))
        found: Mask = hits[self.portal_starts[1:]] > hits[self.portal_starts[:-1]]
        return found

    def _holding(self, word: str) -> Mask:
        """The rows whose text holds `word`. The last few answers are kept: pages of one search ask again."""
        if word not in self._found:
            # Half of a surrogate pair is no sign, and no reason to fail.
            units = np.frombuffer(word.encode("utf-16-le", errors="surrogatepass"), dtype=np.uint16)
            hits = np.flatnonzero(self.text[: max(0, len(self.text) - len(units) + 1)] == units[0])
            for ahead, unit in enumerate(units[1:], 1):
                hits = hits[self.text[hits + ahead] == unit]
            found: Mask = np.zeros(len(self), dtype=np.bool_)
            found[np.searchsorted(self.text_starts, hits, side="right") - 1] = True
            while len(self._found) >= SEARCHES:
                self._found.pop(next(iter(self._found)), None)
            self._found[word] = found
        return self._found[word].copy()


SEARCHES = 64
STATES_BY_CODE: Final[tuple[State | None, ...]] = (None, None, *State)


def region_span(code: str) -> tuple[int, int]:
    """The lowest and highest region code at or below `code`: 370000 → 370000-379999; 100000 is the whole country.

    GB/T 2260 fills the codes of provinces and prefectures up with noughts.
    """
    if code in ("000000", "100000"):
        return 0, 999_999
    prefix = code
    while prefix.endswith("00"):
        prefix = prefix.removesuffix("00")
    return int(prefix.ljust(6, "0")), int(prefix.ljust(6, "9"))


def flag_names(bits: int) -> tuple[str, ...]:
    """The kinds of findings in one cell of `Board.flags`."""
    return tuple(kind for kind, bit in FLAG_BITS.items() if bits & bit) if bits else ()


def flag_bits(kinds: Iterable[str]) -> int:
    """The other way round; a kind that is unknown today is left out."""
    return sum({FLAG_BITS.get(kind, 0) for kind in kinds})


def _totals(year: int, counts: NDArray[Any]) -> Totals:
    return Totals(year, {state: int(counts[code]) for state, code in STATE_CODES.items()}, int(counts[UNJUDGED]))


def _day(ordinal: int) -> dt.date | None:
    return dt.date.fromordinal(ordinal) if ordinal else None
