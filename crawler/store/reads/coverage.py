"""What the status page shows: each function is one SELECT (or two), whatever the number of agencies.

May touch: every table, for reading. What a state means is said elsewhere; rows are handed on as they are stored.
"""

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from crawler.model import LookOutcome
from crawler.store.tables import (
    AgencyState,
    Capture,
    Change,
    Entry,
    Event,
    FactRow,
    Filing,
    Finding,
    Job,
    JobRun,
    Look,
    Reading,
    Run,
)

PROVING = tuple(outcome.value for outcome in LookOutcome if outcome.proves_absence)
MOST_PAIRS = 5000  # a statement takes some ten thousand parameters; beyond this all columns are asked for
OFFLINE = "offline"  # Run.outcome: our own network was down
QUIET = "quiet"  # the kind of an event that nobody is told of


@dataclass(frozen=True, slots=True)
class ColumnLooks:
    """The newest look at a column, and when one last saw it well (None: never).

    `blind_since`: the first of the looks after that; None where the newest one saw.
    """

    newest: Look
    healthy_at: dt.datetime | None
    blind_since: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class StateLine:
    """A recorded state with the few of its details that a line about it needs."""

    KEPT: ClassVar = ("reason", "parameters", "basis", "rule", "first_seen_at", "last_absent_at", "published", "local")

    agency_id: str
    year: int
    state: str
    since: dt.datetime
    due: dt.date | None
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change of a published report without its details; `kind`: a config.changes.ChangeKind."""

    agency_id: str
    year: int
    at: dt.datetime
    kind: str
    severity: str
    before_capture: int | None
    after_capture: int | None


@dataclass(frozen=True, slots=True)
class FiledReport:
    """A filing with the reading it rests on, the entry it stands at and the first capture of that content."""

    filing: Filing
    reading: Reading
    entry: Entry
    capture: Capture


@dataclass(frozen=True, slots=True)
class ShownCapture:
    """A capture and of how many of its entry it is one; the page shows the newest and those with new content."""

    capture: Capture
    of: int


def states(session: Session, agencies: Collection[str]) -> list[AgencyState]:
    """The recorded states of some agencies with everything they rest on, by agency and year."""
    rows = select(AgencyState).where(AgencyState.agency_id.in_(agencies))
    return list(session.scalars(rows.order_by(AgencyState.agency_id, AgencyState.year)))


def state_lines(
    session: Session, agencies: Collection[str] | None = None, year: int | None = None
) -> Iterator[StateLine]:
    """The recorded states of all or some agencies, of all years or one, without their evidence, by agency and year."""
    parts = [AgencyState.details[name].label(name) for name in StateLine.KEPT]
    rows = select(
        AgencyState.agency_id, AgencyState.year, AgencyState.state, AgencyState.since, AgencyState.due, *parts
    )
    if agencies is not None:
        rows = rows.where(AgencyState.agency_id.in_(agencies))
    if year is not None:
        rows = rows.where(AgencyState.year == year)
    for agency_id, of_year, state, since, due, *kept in session.execute(
        rows.order_by(AgencyState.agency_id, AgencyState.year)
    ):
        details = {name: value for name, value in zip(StateLine.KEPT, kept, strict=True) if value is not None}
        yield StateLine(agency_id, of_year, state, since, due, details)


def open_findings(session: Session, agencies: Collection[str]) -> list[Finding]:
    """The findings of some agencies that are not closed, oldest first."""
    rows = select(Finding).where(Finding.closed_at.is_(None), Finding.agency_id.in_(agencies)).order_by(Finding.id)
    return list(session.scalars(rows))


def findings(session: Session, agency_id: str) -> list[Finding]:
    """Every finding about an agency, open or closed, newest first."""
    rows = select(Finding).where(Finding.agency_id == agency_id)
    return list(session.scalars(rows.order_by(Finding.opened_at.desc(), Finding.id.desc())))


def newest_events(session: Session, limit: int, agency_id: str | None = None) -> list[Event]:
    """The newest events that are news, newest first."""
    rows = select(Event).where(Event.kind != QUIET)
    if agency_id is not None:
        rows = rows.where(Event.agency_id == agency_id)
    return list(session.scalars(rows.order_by(Event.id.desc()).limit(limit)))


def newest_changes(session: Session, limit: int) -> list[ChangeLine]:
    """Of the newest `limit` changes of published reports those that somebody should look at, newest first."""
    newest = select(Change.id).order_by(Change.at.desc(), Change.id.desc()).limit(limit)
    rows = select(
        Change.agency_id,
        Change.year,
        Change.at,
        Change.kind,
        Change.severity,
        Change.before_capture,
        Change.after_capture,
    ).where(Change.id.in_(newest.scalar_subquery()), Change.severity != "")
    return [ChangeLine(*row) for row in session.execute(rows.order_by(Change.at.desc(), Change.id.desc()))]


def column_looks(session: Session, columns: Collection[tuple[str, str]] | None = None) -> list[ColumnLooks]:
    """The newest look at every column that was ever looked at, or at some (portal, column) pairs."""
    # An index holds this question; only the columns that the newest look could not see need the looks before it.
    offline = select(Run.id).where(Run.outcome == OFFLINE)  # our own network was down: nothing was looked at
    newest = select(Look.portal, Look.column, func.max(Look.at).label("at")).where(Look.run_id.not_in(offline))
    newest = newest.group_by(Look.portal, Look.column)
    if columns is not None:
        newest = newest.where(_among(columns))
    latest = newest.subquery()
    same = (latest.c.portal == Look.portal) & (latest.c.column == Look.column) & (latest.c.at == Look.at)
    looks = {
        (look.portal, look.column): look for look in session.scalars(select(Look).join(latest, same).order_by(Look.id))
    }
    blind = [key for key, look in looks.items() if look.outcome not in PROVING]
    before = _healthy_at(session, blind) if blind else {}
    since = _blind_since(session, blind) if blind else {}
    return [
        ColumnLooks(look, look.at if look.outcome in PROVING else before.get(key), since.get(key))
        for key, look in sorted(looks.items())
    ]


def _healthy_at(session: Session, columns: Collection[tuple[str, str]]) -> dict[tuple[str, str], dt.datetime]:
    rows = select(Look.portal, Look.column, func.max(Look.at)).where(Look.outcome.in_(PROVING))
    if len(columns) <= MOST_PAIRS:
        rows = rows.where(_among(columns))
    grouped = session.execute(rows.group_by(Look.portal, Look.column))
    return {(portal, column): at for portal, column, at in grouped}


def _blind_since(session: Session, columns: Collection[tuple[str, str]]) -> dict[tuple[str, str], dt.datetime]:
    """When the first of the looks was made that followed the last one that saw."""
    well = (
        select(Look.portal, Look.column, func.max(Look.at).label("at"))
        .where(Look.outcome.in_(PROVING))
        .group_by(Look.portal, Look.column)
        .subquery()
    )
    rows = (
        select(Look.portal, Look.column, func.min(Look.at))
        .outerjoin(well, (well.c.portal == Look.portal) & (well.c.column == Look.column))
        .where(or_(well.c.at.is_(None), Look.at > well.c.at))
        .where(Look.run_id.not_in(select(Run.id).where(Run.outcome == OFFLINE)))
    )
    if len(columns) <= MOST_PAIRS:
        rows = rows.where(_among(columns))
    grouped = session.execute(rows.group_by(Look.portal, Look.column))
    return {(portal, column): at for portal, column, at in grouped}


def offline_since(session: Session) -> dt.datetime | None:
    """The newest visit on which no portal at all answered; None if another one came after it."""
    newest = session.execute(
        select(Run.outcome, Run.started_at).order_by(Run.started_at.desc(), Run.id.desc()).limit(1)
    )
    row = newest.first()
    return row[1] if row is not None and row[0] == OFFLINE else None


def simulated_portals(session: Session) -> frozenset[str]:
    """The portals of which at least one run was a simulation."""
    return frozenset(session.scalars(select(Run.portal).where(Run.simulated).distinct()))


def jobs(session: Session) -> tuple[dict[str, JobRun], dict[str, dt.datetime | None]]:
    """The newest run of every job, and when the scheduler means to run each next."""
    newest = select(func.max(JobRun.id)).group_by(JobRun.job)
    runs = {run.job: run for run in session.scalars(select(JobRun).where(JobRun.id.in_(newest)))}
    planned = dict(session.execute(select(Job.name, Job.next_run_at)).all())
    return runs, planned


def last_finished(session: Session, job: str) -> dt.datetime | None:
    """When a job last ended well."""
    return session.scalar(select(func.max(JobRun.ended_at)).where(JobRun.job == job, JobRun.outcome == "finished"))


def filed_reports(session: Session, agency_id: str) -> list[FiledReport]:
    """What is filed as a report of the agency: every content of every entry, newest first.

    Only by the newest reading of a content: what a newer extractor no longer takes for this report is left out.
    """
    newer = aliased(Filing)
    newer_reading = aliased(Reading)
    superseded = (
        select(newer.id)
        .join(newer_reading, newer_reading.id == newer.reading_id)
        .where(newer.entry_id == Filing.entry_id, newer.id > Filing.id, newer_reading.sha256 == Reading.sha256)
        .exists()
    )
    return _reports(session, Filing.agency_id == agency_id, Filing.decision == "filed", ~superseded)


def facts(session: Session, readings: Collection[int]) -> dict[int, list[FactRow]]:
    """The facts of some readings, in the order in which they were read."""
    found: dict[int, list[FactRow]] = {reading_id: [] for reading_id in readings}
    for fact in session.scalars(select(FactRow).where(FactRow.reading_id.in_(readings)).order_by(FactRow.id)):
        found[fact.reading_id].append(fact)
    return found


def captures(session: Session, entries: Collection[int], keep: Collection[int], per_entry: int) -> list[ShownCapture]:
    """The newest `per_entry` captures of each entry and those of `keep` (capture ids), newest first."""
    place = func.row_number().over(partition_by=Capture.entry_id, order_by=Capture.id.desc()).label("place")
    total = func.count().over(partition_by=Capture.entry_id).label("total")
    ranked = select(Capture.id, place, total).where(Capture.entry_id.in_(entries)).subquery()
    wanted: ColumnElement[bool] = or_(ranked.c.place <= per_entry, ranked.c.id.in_(keep))
    rows = select(Capture, ranked.c.total).join(ranked, ranked.c.id == Capture.id).where(wanted)
    ordered = session.execute(rows.order_by(Capture.fetched_at.desc(), Capture.id.desc()))
    return [ShownCapture(capture, total) for capture, total in ordered]


def newest_contents(session: Session, entries: Collection[int]) -> dict[tuple[int, str], str]:
    """By entry and address: the sha256 of the newest body that was well received there."""
    newest = (
        select(func.max(Capture.id))
        .where(
            Capture.entry_id.in_(entries),
            Capture.sha256.is_not(None),
            Capture.outcome == LookOutcome.HEALTHY.value,
        )
        .group_by(Capture.entry_id, Capture.url)
    )
    rows = select(Capture.entry_id, Capture.url, Capture.sha256).where(Capture.id.in_(newest))
    return {(entry or 0, url): sha256 or "" for entry, url, sha256 in session.execute(rows)}


def _reports(session: Session, *conditions: ColumnElement[bool], limit: int | None = None) -> list[FiledReport]:
    rows = session.execute(
        select(Filing, Reading, Entry, Capture)
        .join(Reading, Reading.id == Filing.reading_id)
        .join(Entry, Entry.id == Filing.entry_id)
        .join(Capture, Capture.id == Filing.capture_id)
        .where(*conditions)
        .order_by(Filing.id.desc())
        .limit(limit)
    )
    return [FiledReport(filing, reading, entry, capture) for filing, reading, entry, capture in rows]


def _among(columns: Collection[tuple[str, str]]) -> ColumnElement[bool]:
    return tuple_(Look.portal, Look.column).in_(columns)
