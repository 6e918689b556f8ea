"""What the exports hold, streamed: no function here keeps more rows than AT_ONCE, whatever the size of the store.

May touch: every table of seen, read and judged, for reading.
"""

import datetime as dt
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, NamedTuple, TypeVarTuple

from sqlalchemy import Select, func, null, select
from sqlalchemy.orm import Session, aliased

from crawler.model import LookOutcome
from crawler.store.reads.batches import batches
from crawler.store.session import Sessions
from crawler.store.tables import (
    AgencyState,
    Capture,
    Change,
    Entry,
    EntryChange,
    Event,
    FactRow,
    Filing,
    Finding,
    Look,
    Reading,
    Ruling,
)

AT_ONCE = 500  # rows that are held while streaming
HEAVY_AT_ONCE = 50  # of those with all that a reading says beside its facts
SQLITE_CACHE = -16_384  # KiB: an export reads every page once, a large cache would only take memory
KINDS = ("detail", "attachment")
Columns = TypeVarTuple("Columns")


class FiledRow(NamedTuple):
    """One content of an address that is filed as a report, by its newest reading.

    `captured_at`, `url`: of the first capture of this content. `dates`: JSON values, as crawler.read_captures keeps them.
    """

    report_id: int
    entry_id: int
    agency_id: str
    year: int
    reading_id: int
    sha256: str
    extractor: str
    format: str
    template: str | None
    signed_on: dt.date | None
    address: str
    url: str
    captured_at: dt.datetime
    portal: str
    column: str
    title: str | None
    dates: list[dict[str, Any]] | None


class FactLine(NamedTuple):
    reading_id: int
    code: str
    state: str
    value: Decimal | None
    unit: str
    raw: str
    certain: bool
    place: dict[str, Any] | None


class ShownLine(NamedTuple):
    """One answer that brought a body, or said that it is the same one as before."""

    entry_id: int
    url: str
    id: int
    fetched_at: dt.datetime
    sha256: str


class ChangeLine(NamedTuple):
    id: int
    key: str
    agency_id: str
    year: int
    at: dt.datetime
    kind: str
    severity: str
    url: str
    details: dict[str, Any]
    portal: str | None


@contextmanager
def snapshot(sessions: Sessions) -> Iterator[Session]:
    """A session that sees one moment of the store, however long it reads: everything read in it agrees.

    On SQLite a read transaction of the write-ahead log, on PostgreSQL REPEATABLE READ; nobody waits for it, nothing is
    written by it.
    """
    with sessions() as session:
        if session.get_bind().dialect.name == "sqlite":
            connection = session.connection()
            connection.exec_driver_sql(f"PRAGMA cache_size={SQLITE_CACHE}")
            connection.exec_driver_sql("BEGIN DEFERRED")  # Python's sqlite3 begins none for a SELECT
        else:
            options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
            session.connection(execution_options=options)
        try:
            yield session
        finally:
            session.rollback()


def marks(session: Session) -> list[str]:
    """Another answer means that there is something new to export; the day may be (`follows_the_day`)."""
    tables = (Look, Capture, Reading, Filing, Ruling, Finding, Event, Change)
    newest = [session.scalar(select(func.max(table.id))) for table in tables]
    closed = session.execute(select(func.count(Finding.closed_at), func.max(Finding.closed_at))).one()
    states = session.execute(select(func.count(), func.max(AgencyState.since)).select_from(AgencyState)).one()
    return [repr(value) for value in (*newest, *closed, *states)]


def in_states(session: Session, states: Collection[str]) -> bool:
    """Whether any agency is recorded in one of these states."""
    return session.scalar(select(AgencyState.agency_id).where(AgencyState.state.in_(states)).limit(1)) is not None


def counts(session: Session) -> dict[str, int]:
    """How many rows there are at most of what is exported, by the names of the tables in the store."""
    filed = select(func.count()).select_from(Filing).where(Filing.decision == "filed")
    found = {"filing": session.scalar(filed) or 0}
    for table in (AgencyState, FactRow, Change, Finding, Event):
        found[table.__tablename__] = session.scalar(select(func.count()).select_from(table)) or 0
    return found


def readings_by_template(session: Session) -> dict[str, int]:
    """How many readings there are of each template."""
    rows = select(Reading.template, func.count()).where(Reading.template.is_not(None)).group_by(Reading.template)
    return {str(template): count for template, count in session.execute(rows)}


def states(session: Session) -> Iterator[AgencyState]:
    """Every recorded state with everything it rests on, by agency and year."""
    rows = select(AgencyState).order_by(AgencyState.agency_id, AgencyState.year)
    yield from session.scalars(_streamed(rows))


def filed(session: Session, *, worded: bool) -> Iterator[FiledRow]:
    """Every filed content, by agency and year; only where `worded` with its title and dates, which take longest to read.

    Only by the newest reading of a content: what a newer extractor no longer takes for this report is left out.
    """
    # The whole value: SQLite's own JSON functions stop at a NUL, and give half a surrogate pair as bytes that are no text.
    words = Reading.details if worded else null()
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
            Filing.entry_id,
            Filing.agency_id,
            Filing.year,
            Reading.id,
            Reading.sha256,
            Reading.extractor,
            Reading.format,
            Reading.template,
            Reading.signed_on,
            Capture.url,
            Capture.final_url,
            Capture.fetched_at,
            Entry.portal,
            Entry.column,
            words,
        )
        .join(Reading, Reading.id == Filing.reading_id)
        .join(Entry, Entry.id == Filing.entry_id)
        .join(Capture, Capture.id == Filing.capture_id)
        .where(Filing.decision == "filed", Filing.agency_id.is_not(None), Filing.year.is_not(None), ~superseded)
        .order_by(Filing.agency_id, Filing.year, Filing.id)
    )
    for row in session.execute(_streamed(rows, HEAVY_AT_ONCE if worded else AT_ONCE)):
        values: tuple[Any, ...] = tuple(row)
        details = values[-1] or {}
        yield FiledRow._make((*values[:-1], details.get("title"), details.get("dates")))


def published(session: Session, agencies: Collection[str]) -> dict[tuple[str, int], dict[str, Any] | None]:
    """By agency and year: the interval of publication as monitor.details keeps it."""
    found: dict[tuple[str, int], dict[str, Any] | None] = {}
    for batch in batches(agencies):
        rows = select(AgencyState.agency_id, AgencyState.year, AgencyState.details["published"])
        for agency_id, year, interval in session.execute(rows.where(AgencyState.agency_id.in_(batch))):
            found[agency_id, year] = interval
    return found


def cells(session: Session, readings: Collection[int]) -> dict[int, int]:
    """How many cells each of these readings has; none of those that have none."""
    found: dict[int, int] = {}
    for batch in batches(readings):
        rows = select(FactRow.reading_id, func.count()).where(FactRow.reading_id.in_(batch))
        found |= dict(session.execute(rows.group_by(FactRow.reading_id)).all())
    return found


def list_dates(session: Session, entries: Collection[int]) -> dict[int, dt.date | None]:
    """The date that stood beside each of these entries in its list, as it stood last."""
    found: dict[int, dt.date | None] = {}
    for batch in batches(entries):
        rows = select(EntryChange.entry_id, EntryChange.list_date).where(
            EntryChange.entry_id.in_(batch), EntryChange.list_date.is_not(None)
        )
        found |= dict(session.execute(rows.order_by(EntryChange.id)).all())
    return found


def facts(session: Session, readings: Collection[int]) -> Iterator[FactLine]:
    """The facts of some readings, reading by reading, in the order in which they were read."""
    columns = [getattr(FactRow, name) for name in FactLine._fields]
    for batch in batches(readings):
        rows = select(*columns).where(FactRow.reading_id.in_(batch)).order_by(FactRow.reading_id, FactRow.id)
        for row in session.execute(_streamed(rows)):
            yield FactLine._make(row)


def shown(session: Session, entries: Collection[int]) -> Iterator[ShownLine]:
    """What the addresses of some entries answered well, address by address, oldest first."""
    for batch in batches(entries):
        rows = (
            select(Capture.entry_id, Capture.url, Capture.id, Capture.fetched_at, Capture.sha256)
            .where(
                Capture.entry_id.in_(batch),
                Capture.kind.in_(KINDS),
                Capture.outcome == LookOutcome.HEALTHY.value,
                Capture.sha256.is_not(None),
            )
            .order_by(Capture.entry_id, Capture.url, Capture.fetched_at, Capture.id)
        )
        for row in session.execute(_streamed(rows)):
            yield ShownLine._make(row)


def changes(session: Session) -> Iterator[ChangeLine]:
    """Every recorded change; `portal`: on which the new content was seen."""
    columns = [getattr(Change, name) for name in ChangeLine._fields[:-1]]
    rows = select(*columns, Capture.portal).outerjoin(Capture, Capture.id == Change.after_capture).order_by(Change.id)
    for row in session.execute(_streamed(rows)):
        yield ChangeLine._make(row)


def findings(session: Session) -> Iterator[Finding]:
    """Every finding, open or closed."""
    yield from session.scalars(_streamed(select(Finding).order_by(Finding.id)))


def events(session: Session) -> Iterator[Event]:
    """Every event, also those that nobody is told of."""
    yield from session.scalars(_streamed(select(Event).order_by(Event.id)))


def _streamed(rows: Select[*Columns], at_once: int = AT_ONCE) -> Select[*Columns]:
    """With a cursor of the server on PostgreSQL, so many rows at a time."""
    return rows.execution_options(yield_per=at_once)
