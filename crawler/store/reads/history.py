"""Reads one agency's years for its page: columns only, no headers of captures and no details of readings.

May touch: the tables entry, capture, reading, filing, fact, finding, run, for reading.
"""

import datetime as dt
from collections.abc import Collection
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session, aliased

from crawler.store.tables import Capture, Entry, FactRow, Filing, Finding, Reading, Run


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


class Cell(NamedTuple):
    """A cell of a reading. `state` is a CellState; `certain` False: recognised in a picture, and not confirmed."""

    reading: int
    code: str
    state: str
    value: Decimal | None
    certain: bool


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
    newer, newer_reading = aliased(Filing), aliased(Reading)
    superseded = (
        select(newer.id)
        .join(newer_reading, newer_reading.id == newer.reading_id)
        .where(newer.entry_id == Filing.entry_id, newer.id > Filing.id, newer_reading.sha256 == Reading.sha256)
        .exists()
    )
    rows = (
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
        .where(Filing.agency_id == agency_id, Filing.decision == "filed", ~superseded)
        .order_by(Filing.id.desc())
    )
    return [Filed(*row) for row in session.execute(rows)]


def cells(session: Session, readings: Collection[int], codes: Collection[str]) -> list[Cell]:
    """What some readings have at some codes, in the order in which it was read."""
    if not readings or not codes:
        return []
    rows = (
        select(FactRow.reading_id, FactRow.code, FactRow.state, FactRow.value, FactRow.certain)
        .where(FactRow.reading_id.in_(readings), FactRow.code.in_(codes))
        .order_by(FactRow.id)
    )
    return [Cell(*row) for row in session.execute(rows)]


def findings(session: Session, agency_id: str, closed: int) -> list[Finding]:
    """Every open finding about an agency and the newest `closed` that ended; open ones first, then the newest first."""
    about = select(Finding).where(Finding.agency_id == agency_id)
    still = about.where(Finding.closed_at.is_(None)).order_by(Finding.opened_at.desc(), Finding.id.desc())
    ended = about.where(Finding.closed_at.is_not(None)).order_by(Finding.closed_at.desc(), Finding.id.desc())
    return [*session.scalars(still), *session.scalars(ended.limit(closed))]


def waiting(session: Session, columns: Collection[tuple[str, str]], limit: int) -> list[Waiting]:
    """What stands in some columns and waits for a person to say whose report it is, newest first."""
    if not columns:
        return []
    rows = (
        select(Filing.entry_id, Capture.fetched_at, Capture.final_url, Filing.evidence)
        .join(Entry, Entry.id == Filing.entry_id)
        .join(Capture, Capture.id == Filing.capture_id)
        .where(Filing.decision == "review", tuple_(Entry.portal, Entry.column).in_(columns))
        .order_by(Filing.id.desc())
        .limit(limit)
    )
    return [Waiting(*row) for row in session.execute(rows)]


def is_simulated(session: Session, portals: Collection[str]) -> bool:
    """Whether a run of one of these portals was a simulation."""
    found = select(Run.id).where(Run.portal.in_(portals), Run.simulated).limit(1)
    return bool(portals) and session.scalar(found) is not None
