"""Which reports are filed: page by page, each address with what it holds now. May touch: the store, for reading."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from sqlalchemy.orm import Session

from crawler.store.reads import coverage, filed
from crawler.store.reads.filed import Content, Spot
from monitor.board import Board
from monitor.status.api.cursors import Place
from monitor.status.api.queries import ReportQuery

SHAPE: Final = (str, int, int, str)  # of a cursor: agency, year, entry, and what tells the addresses of an entry apart
NEIGHBOURS: Final = 32  # agencies that are asked for by name at once, at first
ROUNDS: Final = 5  # so many portions, each twice the one before


class Report(NamedTuple):
    """One address; `current`: what it holds now, `contents`: all of it that is filed as this report, newest first."""

    current: Content
    contents: tuple[Content, ...]

    @property
    def mark(self) -> str:
        """Tells the addresses of one entry apart."""
        return hashlib.sha256(self.current.url.encode("utf-8", "surrogatepass")).hexdigest()[:8]

    @property
    def id(self) -> str:
        return f"{self.current.entry_id}-{self.mark}"

    @property
    def place(self) -> tuple[str, int, int, str]:
        return self.current.agency_id, self.current.year, self.current.entry_id, self.mark


class Walk:
    """Goes through the selected reports in order: a bounded number of SELECTs, each of bounded size."""

    def __init__(
        self, session: Session, board: Board, query: ReportQuery, begin: Place | None, *, entries: int
    ) -> None:
        """`entries`: how many are read at once. `begin`: a place of SHAPE; the report at it is the first one."""
        self._session = session
        self._board = board
        self._query = query
        self._begin = Spot(str(begin[0]), int(begin[1]), int(begin[2])) if begin else None
        self._mark = str(begin[3]) if begin else ""
        self._entries = entries
        self.stopped: tuple[str, int, int, str] | None = None  # where the walk ended early, if it did

    def __iter__(self) -> Iterator[Report]:
        everybody = self._query.agency is None and self._query.region is None
        for spots in self._of_everybody() if everybody else self._of_some():
            for start in range(0, len(spots), self._entries):
                yield from self._reports(spots[start : start + self._entries])

    def _of_everybody(self) -> Iterator[list[Spot]]:
        """Through the index, in the order of the store; more at once where few are wanted."""
        since, size = self._begin, self._entries
        for _ in range(ROUNDS):
            found, since = filed.spots(self._session, self._query.year, since=since, limit=size)
            yield found
            size *= 2
            if since is None:
                return
        self.stopped = (*since, "") if since else None

    def _of_some(self) -> Iterator[list[Spot]]:
        """Portion by portion of the selected agencies, in the order of their ids; more at once where few have reports."""
        chosen = self._chosen()
        start, size = 0, NEIGHBOURS
        for _ in range(ROUNDS):
            portion = chosen[start : start + size]
            if not portion:
                return
            found = sorted(filed.spots_of(self._session, portion, self._query.year))
            yield [spot for spot in found if self._begin is None or spot >= self._begin]
            start, size = start + size, size * 2
        self.stopped = (chosen[start], 0, 0, "") if start < len(chosen) else None

    def _chosen(self) -> list[str]:
        board, query = self._board, self._query
        mask = board.select(region=query.region or "")
        rows = np.flatnonzero(mask)
        if query.agency is not None:
            row = board.row_of.get(query.agency)
            rows = rows[rows == row] if row is not None else rows[:0]
        least = self._begin.agency_id if self._begin else ""
        return sorted(agency_id for agency_id in (board.ids[row] for row in rows) if agency_id >= least)

    def _reports(self, spots: Sequence[Spot]) -> Iterator[Report]:
        known = [spot for spot in spots if spot.agency_id in self._board.row_of]
        by_spot: dict[Spot, list[Report]] = {}
        for report in reports_of(self._session, {spot.entry_id for spot in known}):
            by_spot.setdefault(Spot(*report.place[:3]), []).append(report)
        for spot in known:
            for report in sorted(by_spot.get(spot, ()), key=lambda report: report.mark):
                if spot != self._begin or report.mark >= self._mark:
                    yield report


def reports_of(session: Session, entries: set[int]) -> list[Report]:
    """What stands at every address of some entries that has a filed content."""
    if not entries:
        return []
    newest = coverage.newest_contents(session, entries)
    by_address: dict[tuple[int, str], list[Content]] = {}
    for content in filed.contents(session, entries):
        by_address.setdefault((content.entry_id, content.url), []).append(content)
    found = []
    for address, contents in by_address.items():
        # The newest content may be filed as nothing, or not yet: then the one that was filed last stands.
        current = next((content for content in contents if content.sha256 == newest.get(address)), contents[0])
        same = (current.agency_id, current.year)
        found.append(Report(current, tuple(one for one in contents if (one.agency_id, one.year) == same)))
    return found
