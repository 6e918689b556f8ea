"""Reads one agency's years for its page: columns only, no headers of captures and no details of readings.

May touch: the tables entry, capture, reading, filing, fact, agency_state, finding, event, run, for reading.
"""

import datetime as dt
from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Any, Final, NamedTuple

from sqlalchemy import Row, bindparam, case, func, select, tuple_
from sqlalchemy.orm import Session, aliased

from crawler.store.reads.coverage import QUIET, StateLine
from crawler.store.tables import AgencyState, Capture, Entry, Event, FactRow, Filing, Finding, Reading, Run


class Filed(NamedTuple):
    """A content of an entry that is filed as the agency's report of `year`. `captured_at`: when it was first captured."""

    filing: int
    year: int | None
    entry: int
    portal: str
    url: str
    captured_at: dt.datetime
    reading: int
    sha256: str
    template: str | None


class Waiting(NamedTuple):
    """A document whose report it is has to be decided by a person; `evidence` as filed."""

    entry: int
    captured_at: dt.datetime
    url: str
    evidence: dict[str, Any]


def filed(session: Session, agency_id: str) -> list[Filed]:
    """Every content of every entry that is filed as a report of the agency, newest first, by its newest reading.

    What a newer reading of the same content no longer takes for this report is left out.
    """
    return [Filed(*row) for row in session.execute(_FILED, {"agency": agency_id})]


def cells(
    session: Session, readings: Collection[int], codes: Collection[str]
) -> Iterable[Row[int, str, str, Decimal | None, bool]]:
    """What some readings have at some codes: reading, code, state (a CellState), value, certain (False: from a picture)."""
    if not readings or not codes:
        return ()
    return session.execute(_CELLS, {"readings": list(readings), "codes": list(codes)})


def findings(session: Session, agency_id: str, limit: int) -> list[Finding]:
    """The findings about an agency: open ones first, then those that ended last; the newest of each first."""
    return list(session.scalars(_FINDINGS, {"agency": agency_id, "limit": limit}))


def events(session: Session, agency_id: str, limit: int) -> list[Event]:
    """The newest events about an agency that are news, newest first."""
    return list(session.scalars(_EVENTS, {"agency": agency_id, "limit": limit}))


def states(session: Session, agency_id: str) -> list[StateLine]:
    """The recorded state of every year, with all that it rests on."""
    return [StateLine(*row) for row in session.execute(_STATES, {"agency": agency_id})]


def waiting(session: Session, columns: Collection[tuple[str, str]], limit: int) -> list[Waiting]:
    """What stands in some columns and waits for a person to say whose report it is, newest first."""
    if not columns:
        return []
    return [Waiting(*row) for row in session.execute(_WAITING, {"columns": list(columns), "limit": limit})]


def is_simulated(session: Session, portals: Collection[str]) -> bool:
    """Whether a run of one of these portals was a simulation."""
    return bool(portals) and session.scalar(_SIMULATED, {"portals": list(portals)}) is not None


# Put together once: on a page of some milliseconds, putting a statement together takes longer than asking it.
_newer, _newer_reading = aliased(Filing), aliased(Reading)
_FILED: Final = (
    select(
        Filing.id,
        Filing.year,
        Filing.entry_id,
        Entry.portal,
        Capture.url,
        Capture.fetched_at,
        Reading.id,
        Reading.sha256,
        Reading.template,
    )
    .join(Reading, Reading.id == Filing.reading_id)
    .join(Entry, Entry.id == Filing.entry_id)
    .join(Capture, Capture.id == Filing.capture_id)
    .where(
        Filing.agency_id == bindparam("agency"),
        Filing.decision == "filed",
        ~(
            select(_newer.id)
            .join(_newer_reading, _newer_reading.id == _newer.reading_id)
            .where(
                _newer.entry_id == Filing.entry_id,
                _newer.id > Filing.id,
                _newer_reading.sha256 == Reading.sha256,
            )
            .exists()
        ),
    )
    .order_by(Filing.id.desc())
)
_CELLS: Final = select(FactRow.reading_id, FactRow.code, FactRow.state, FactRow.value, FactRow.certain).where(
    FactRow.reading_id.in_(bindparam("readings", expanding=True)),
    FactRow.code.in_(bindparam("codes", expanding=True)),
)
_FINDINGS: Final = (
    select(Finding)
    .where(Finding.agency_id == bindparam("agency"))
    .order_by(
        case((Finding.closed_at.is_(None), 0), else_=1),
        func.coalesce(Finding.closed_at, Finding.opened_at).desc(),
        Finding.id.desc(),
    )
    .limit(bindparam("limit"))
)
_EVENTS: Final = (
    select(Event)
    .where(Event.agency_id == bindparam("agency"), Event.kind != QUIET)
    .order_by(Event.id.desc())
    .limit(bindparam("limit"))
)
_STATES: Final = select(
    AgencyState.agency_id, AgencyState.year, AgencyState.state, AgencyState.since, AgencyState.due, AgencyState.details
).where(AgencyState.agency_id == bindparam("agency"))
_WAITING: Final = (
    select(Filing.entry_id, Capture.fetched_at, Capture.final_url, Filing.evidence)
    .join(Entry, Entry.id == Filing.entry_id)
    .join(Capture, Capture.id == Filing.capture_id)
    .where(Filing.decision == "review", tuple_(Entry.portal, Entry.column).in_(bindparam("columns", expanding=True)))
    .order_by(Filing.id.desc())
    .limit(bindparam("limit"))
)
_SIMULATED: Final = select(Run.id).where(Run.portal.in_(bindparam("portals", expanding=True)), Run.simulated).limit(1)
