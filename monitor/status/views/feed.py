"""The read model of the Atom feeds: which events a feed holds, by the filters of the matrix. May touch: the store for reading.

Whatever is selected, a page of a feed costs a bounded number of SELECTs: the events of a few agencies are asked for by
their ids; those of many are read newest first and kept if their agency is selected, SCANNED of them at most. Where that
does not fill a page, the page after it goes on.
"""

import dataclasses
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from config.alerts import EventKind
from config.load import Configuration
from crawler.store.reads import feeds as reads
from crawler.store.reads.feeds import EventLine
from crawler.store.tables import Event
from monitor.board import Board
from monitor.board.board import FLAG_BITS, STATE_CODES, UNWATCHED, Mask
from monitor.desk import replies as desk
from monitor.desk.replies import Reply
from monitor.model import State
from monitor.status.filters import FIRST_YEAR, LAST_YEAR, SIZES, Filters

PAGE = 50  # entries
FEW = 200  # agencies that are asked for by their ids
BATCH = 200  # events that are read first; then more at a time
SCANNED = 10_000
# The events of each feed. An end (`resolved`) is told where what ended is.
KINDS: Final[dict[str, frozenset[str] | None]] = {
    "events": None,  # all
    "late": frozenset(("late", "missing", "withdrawn", "resolved")),
    "changes": frozenset(("changed", "revised")),
}


@dataclass(frozen=True, slots=True)
class Told:
    """An event with what became of it: `over`, and the state that stands now (None: nothing judged, or about a portal)."""

    event: Event
    over: bool
    state_now: State | None
    replies: tuple[Reply, ...]


@dataclass(frozen=True, slots=True)
class FeedPage:
    """Newest first. `older`: the page before holds what has an id below it; None where there is nothing older."""

    told: tuple[Told, ...]
    older: int | None


def chosen(
    session: Session,
    configuration: Configuration,
    board: Board,
    filters: Filters,
    kinds: Collection[str] | None,
    before: int | None,
    agency_id: str = "",
) -> tuple[tuple[int, ...], int | None]:
    """The ids of the events of one page of a feed, newest first, and FeedPage.older. `filters`: as of_events makes them."""
    asked = _Asked(configuration, board, filters, agency_id)
    few = asked.few()
    if few == []:
        return (), None
    found: list[int] = []
    scanned, size = 0, BATCH
    while True:
        lines = reads.newest_lines(session, kinds, before=before, limit=size, agencies=few)
        for line in lines:
            if len(found) == PAGE:
                return tuple(found), found[-1]
            if asked.holds(line):
                found.append(line.id)
        scanned += len(lines)
        if len(lines) < size:
            return tuple(found), None
        before = lines[-1].id
        if scanned >= SCANNED:
            return tuple(found), before
        size = min(3 * size, SCANNED - scanned)


def of_events(filters: Filters) -> Filters:
    """The filters as events can be asked: without order and page; one report year is a span of years."""
    given = dataclasses.replace(filters, sort=None, size=SIZES[0], page=1, year=None)
    if filters.year is None or filters.first is not None or filters.last is not None:
        return given
    return dataclasses.replace(given, first=filters.year, last=filters.year)


def feed_page(session: Session, board: Board, ids: tuple[int, ...], older: int | None) -> FeedPage:
    """The events of `ids` with what became of them."""
    events = reads.events(session, ids)
    closed = reads.closed_findings(session, {event.finding_id for event in events if event.finding_id is not None})
    said = desk.by_year(desk.from_acts(reads.replies(session, {event.agency_id for event in events})))
    told = (_told(event, board, closed, said.get((event.agency_id, event.year), ())) for event in events)
    return FeedPage(tuple(told), older)


def _told(event: Event, board: Board, closed: Collection[int], said: tuple[Reply, ...]) -> Told:
    state = state_now(board, event.agency_id, event.year)
    key = event.details.get("finding", {}).get("key", "")
    kept = tuple(reply for reply in said if reply.superseded_by is None and reply.finding_key in ("", key))
    return Told(event, event.kind != EventKind.RESOLVED and _is_over(event, state, closed), state, kept)


def _is_over(event: Event, state: State | None, closed: Collection[int]) -> bool:
    """Whether what it says is no longer so. A finding says when it ends; a state ends when another one is recorded."""
    if event.finding_id is not None:
        return event.finding_id in closed
    return state is not None and state.value != event.details.get("state")


def state_now(board: Board, agency_id: str, year: int) -> State | None:
    """The state on the board; None: not judged, not watched or not registered."""
    row, column = board.row_of.get(agency_id), board.column_of.get(year)
    if row is None or column is None:
        return None
    code = int(board.state[row, column])
    return next((state for state, known in STATE_CODES.items() if known == code), None)


class _Asked:
    """What a feed holds: events about selected agencies and years that are watched, and about portals."""

    def __init__(self, configuration: Configuration, board: Board, filters: Filters, agency_id: str) -> None:
        self._configuration = configuration
        self._board = board
        self._filters = filters
        self._agency_id = agency_id
        self._rows: Mask | None = _rows(board, filters) if filters.active else None
        # An event about a portal fits a filter by what an agency is as little as it fits an agency.
        self._portals = not agency_id and filters == Filters(portal=filters.portal, family=filters.family)

    def few(self) -> list[str] | None:
        """The ids that are selected, where they are few; with them "", of events about portals."""
        if self._agency_id:
            return [self._agency_id]
        if self._rows is None or int(self._rows.sum()) > FEW:
            return None
        return [*(self._board.ids[row] for row in self._rows.nonzero()[0]), *([""] if self._portals else [])]

    def holds(self, line: EventLine) -> bool:
        if not line.agency_id:
            return self._portals and self._holds_portal(line.portal)
        board, filters = self._board, self._filters
        row, column = board.row_of.get(line.agency_id), board.column_of.get(line.year)
        if row is None or column is None or int(board.state[row, column]) == UNWATCHED:
            return False
        if self._rows is not None and not self._rows[row]:
            return False
        if filters.state is not None and int(board.state[row, column]) != STATE_CODES[filters.state]:
            return False
        if filters.flag and not int(board.flags[row, column]) & FLAG_BITS[filters.flag]:
            return False
        return filters.spans(line.year)

    def _holds_portal(self, slug: str) -> bool:
        filters = self._filters
        if not filters.portal and not filters.family:
            return True
        portal = self._configuration.portals.get(slug)
        return portal is not None and filters.portal in ("", slug) and filters.family in ("", portal.family)


def _rows(board: Board, filters: Filters) -> Mask:
    """The agencies of which a year may be selected; which one is asked for every event."""
    rows = filters.rows(board)
    first, last = filters.first or FIRST_YEAR, filters.last or LAST_YEAR
    if filters.state is not None:
        rows &= board.in_state([filters.state], first, last)
    if filters.flag:
        rows &= board.flagged([filters.flag], first, last)
    return rows
