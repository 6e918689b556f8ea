"""What the board is made of, streamed, and the board as it was last kept.

May touch: agency_state, finding, event, look, board, for reading.
"""

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crawler.store.tables import AgencyState, BoardRow, Event, Finding, Look

AT_ONCE = 10_000  # rows that are held while streaming


class StandingLine(NamedTuple):
    """A recorded state with its days: ISO moments, or None. `stated`: JSON text, as Assessment's evidence keeps it."""

    agency_id: str
    year: int
    state: str
    due: dt.date | None
    first_seen_at: str | None
    last_absent_at: str | None
    stated: str | None


def standings(session: Session) -> Iterator[StandingLine]:
    """Every recorded state. The database takes the details apart: reading them here would take twice as long."""
    kept = (AgencyState.details[name].as_string().label(name) for name in ("first_seen_at", "last_absent_at", "stated"))
    rows = select(AgencyState.agency_id, AgencyState.year, AgencyState.state, AgencyState.due, *kept)
    for some in session.execute(rows.execution_options(yield_per=AT_ONCE)).partitions():
        yield from map(StandingLine._make, some)


def open_kinds(session: Session) -> Iterator[tuple[str, int, str]]:
    """Agency, year and kind of every open finding about an agency."""
    rows = select(Finding.agency_id, Finding.year, Finding.kind).where(Finding.closed_at.is_(None))
    for agency_id, year, kind in session.execute(rows.execution_options(yield_per=AT_ONCE)):
        if agency_id:
            yield agency_id, year, kind


def marks(session: Session) -> tuple[int, int, int]:
    """The newest ids of what a board is made of: another answer means that there is something new to show."""
    event, finding, look = (session.scalar(select(func.max(table.id))) or 0 for table in (Event, Finding, Look))
    return event, finding, look


def newest_board(session: Session) -> int | None:
    """The id of the board that was kept last."""
    return session.scalar(select(func.max(BoardRow.id)))


def newest_digest(session: Session) -> str | None:
    """The digest of the board that was kept last."""
    return session.scalar(select(BoardRow.digest).order_by(BoardRow.id.desc()).limit(1))


def board_content(session: Session, board_id: int) -> bytes | None:
    """The packed board; None if a newer one has replaced it meanwhile."""
    return session.scalar(select(BoardRow.content).where(BoardRow.id == board_id))
