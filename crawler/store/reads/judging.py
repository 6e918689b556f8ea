"""Reads what judging rests on, for some agencies at a time, in a fixed number of queries.

May touch: every table of what was seen, read and judged, for reading. Rows come back as they are stored; what they
mean is said by monitor.judging.facts. Only what was seen up to `until` is read.

Long, because it is a list: one short query for each kind of row.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, null, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from crawler.model import LookOutcome
from crawler.store.reads.batches import batches
from crawler.store.tables import (
    AgencyState,
    Capture,
    Entry,
    EntryChange,
    Event,
    FactRow,
    Filing,
    Finding,
    Look,
    Reading,
    Run,
)

WORTH_FETCHING = ("report", "unsure")  # EntryChange.verdict of the entries whose pages are fetched
OFFLINE = "offline"  # Run.outcome: no portal at all answered
PROVING = tuple(outcome.value for outcome in LookOutcome if outcome.proves_absence)


@dataclass(frozen=True, slots=True)
class LookRow:
    """A look, with the moment at which its run began."""

    id: int
    portal: str
    column: str
    at: dt.datetime
    begun: dt.datetime
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True)
class Scope:
    """Which entries matter: the columns of some agencies, and whatever was filed as a report of these agencies."""

    columns: frozenset[tuple[str, str]]
    agencies: frozenset[str]
    until: dt.datetime

    def entries(self) -> Select[int]:
        """A subquery of entry ids. An entry that only ever had a look-alike's title is no matter."""
        entry, change, filing = aliased(Entry), aliased(EntryChange), aliased(Filing)
        titled = select(change.entry_id).where(change.entry_id == entry.id)
        worth = or_(titled.where(change.verdict.in_(WORTH_FETCHING)).exists(), ~titled.exists())
        filed = select(filing.entry_id).where(filing.agency_id.in_(self.agencies), filing.decision == "filed")
        in_columns = tuple_(entry.portal, entry.column).in_(sorted(self.columns))
        return select(entry.id).where(or_(in_columns & worth, entry.id.in_(filed)))


def looks(session: Session, scope: Scope) -> list[LookRow]:
    """All looks at the columns, by time, but those of runs on which our own network was down."""
    rows = (
        select(Look.id, Look.portal, Look.column, Look.at, Run.started_at, Look.outcome, Look.reason)
        .join(Run, Run.id == Look.run_id)
        .where(tuple_(Look.portal, Look.column).in_(sorted(scope.columns)), Look.at <= scope.until)
        .where(Run.outcome != OFFLINE)
        .order_by(Look.at, Look.id)
    )
    return [LookRow(*row) for row in session.execute(rows)]


def hijacked_looks(session: Session, until: dt.datetime) -> list[LookRow]:
    """The looks that showed another's content and after which their column was never seen well, by time."""
    well = (
        select(Look.portal, Look.column, func.max(Look.at).label("at"))
        .where(Look.outcome.in_(PROVING), Look.at <= until)
        .group_by(Look.portal, Look.column)
        .subquery()
    )
    rows = (
        select(Look.id, Look.portal, Look.column, Look.at, Run.started_at, Look.outcome, Look.reason)
        .join(Run, Run.id == Look.run_id)
        .outerjoin(well, (well.c.portal == Look.portal) & (well.c.column == Look.column))
        .where(
            Look.outcome == LookOutcome.HIJACKED.value,
            Look.at <= until,
            or_(well.c.at.is_(None), well.c.at < Look.at),
        )
        .order_by(Look.at, Look.id)
    )
    return [LookRow(*row) for row in session.execute(rows)]


class NewestLook(NamedTuple):
    """The newest look at a column; of a country's there are tens of thousands."""

    id: int
    portal: str
    column: str
    at: dt.datetime
    outcome: str
    reason: str


def newest_looks(session: Session, until: dt.datetime) -> list[NewestLook]:
    """The newest look at every column, but for those of runs on which our own network was down."""
    newest = (
        select(Look.portal, Look.column, func.max(Look.at).label("at"))
        .where(Look.at <= until, Look.run_id.not_in(select(Run.id).where(Run.outcome == OFFLINE)))
        .group_by(Look.portal, Look.column)
        .subquery()
    )
    same = (newest.c.portal == Look.portal) & (newest.c.column == Look.column) & (newest.c.at == Look.at)
    rows = select(Look.id, Look.portal, Look.column, Look.at, Look.outcome, Look.reason).join(newest, same)
    found = {(row.portal, row.column): NewestLook(*row) for row in session.execute(rows.order_by(Look.id))}
    return list(found.values())


def blind_since(session: Session, portals: Collection[str], until: dt.datetime) -> dict[tuple[str, str], dt.datetime]:
    """By column of these portals the first look after the last one that saw it well."""
    found: dict[tuple[str, str], dt.datetime] = {}
    for batch in batches(portals):
        well = (
            select(Look.portal, Look.column, func.max(Look.at).label("at"))
            .where(Look.portal.in_(batch), Look.outcome.in_(PROVING), Look.at <= until)
            .group_by(Look.portal, Look.column)
            .subquery()
        )
        rows = (
            select(Look.portal, Look.column, func.min(Look.at))
            .outerjoin(well, (well.c.portal == Look.portal) & (well.c.column == Look.column))
            .where(
                Look.portal.in_(batch),
                Look.at <= until,
                or_(well.c.at.is_(None), Look.at > well.c.at),
                Look.run_id.not_in(select(Run.id).where(Run.outcome == OFFLINE)),
            )
            .group_by(Look.portal, Look.column)
        )
        found |= {(portal, column): at for portal, column, at in session.execute(rows)}
    return found


def entries(session: Session, scope: Scope) -> list[Entry]:
    return list(session.scalars(select(Entry).where(Entry.id.in_(scope.entries())).order_by(Entry.id)))


def changes(session: Session, scope: Scope) -> list[EntryChange]:
    """What happened to the entries in their lists, by time."""
    rows = select(EntryChange).where(EntryChange.entry_id.in_(scope.entries()), EntryChange.at <= scope.until)
    return list(session.scalars(rows.order_by(EntryChange.at, EntryChange.id)))


@dataclass(frozen=True, slots=True)
class Departures:
    """What one look found gone: how many entries left the list, and how many of those before stayed."""

    left: int
    stayed: int


def departures(session: Session, looks: Collection[int]) -> dict[int, Departures]:
    """By look id, for looks that found an entry gone."""
    found: dict[int, Departures] = {}
    left = func.count(EntryChange.id).filter(EntryChange.kind == "gone")
    came = func.count(EntryChange.id).filter(EntryChange.kind == "appeared")
    for batch in batches(looks):
        rows = (
            select(Look.id, left, Look.entries - came)
            .join(EntryChange, EntryChange.look_id == Look.id)
            .where(Look.id.in_(batch))
            .group_by(Look.id, Look.entries)
        )
        found |= {look_id: Departures(gone, stayed) for look_id, gone, stayed in session.execute(rows)}
    return found


def listing_captures(session: Session, looks: Collection[int], *, also_failed: bool = False) -> dict[int, list[int]]:
    """By look id the captures of the list pages that it read, in their order; `also_failed`: that it asked for."""
    found: dict[int, list[int]] = {}
    for batch in batches(looks):
        rows = (
            select(Look.id, Capture.id)
            .join(Capture, Capture.run_id == Look.run_id)
            .where(
                Look.id.in_(batch),
                Capture.portal == Look.portal,
                Capture.column == Look.column,
                Capture.kind == "listing",
            )
            .order_by(Capture.id)
        )
        if not also_failed:
            rows = rows.where(Capture.outcome == LookOutcome.HEALTHY.value)
        for look_id, capture_id in session.execute(rows):
            found.setdefault(look_id, []).append(capture_id)
    return found


class CaptureRow(NamedTuple):
    """A capture without what judging does not look at: its headers alone would take a quarter of an evaluation."""

    id: int
    entry_id: int | None
    fetched_at: dt.datetime
    kind: str
    url: str
    outcome: str
    sha256: str | None


def captures(session: Session, scope: Scope) -> list[CaptureRow]:
    """The captures of the entries' pages and attachments, by time.

    Of a row of healthy captures with the same content only the first and the last are read: a year of daily visits
    to an unchanged page says no more than these two.
    """
    stream: dict[str, Any] = {
        "partition_by": (Capture.entry_id, Capture.url),
        "order_by": (Capture.fetched_at, Capture.id),
    }

    def differs(neighbour: Any) -> ColumnElement[bool]:
        other_outcome = neighbour(Capture.outcome).over(**stream).is_distinct_from(Capture.outcome)
        other_content = neighbour(Capture.sha256).over(**stream).is_distinct_from(Capture.sha256)
        return or_(other_outcome, other_content)

    ranked = (
        select(
            Capture.id,
            (Capture.outcome != LookOutcome.HEALTHY.value).label("failed"),
            differs(func.lag).label("first"),
            differs(func.lead).label("last"),
        )
        .where(
            Capture.entry_id.in_(scope.entries()),
            Capture.kind.in_(("detail", "attachment")),
            Capture.fetched_at <= scope.until,
            Capture.run_id.not_in(select(Run.id).where(Run.outcome == OFFLINE)),
        )
        .subquery()
    )
    rows = (
        select(*(getattr(Capture, name) for name in CaptureRow._fields))
        .join(ranked, ranked.c.id == Capture.id)
        .where(or_(ranked.c.failed, ranked.c.first, ranked.c.last))
        .order_by(Capture.fetched_at, Capture.id)
    )
    return [CaptureRow(*row) for row in session.execute(rows)]


def filings(session: Session, scope: Scope) -> list[tuple[Filing, Reading]]:
    """Every decision about every content of the entries with the reading it rests on, the newest reading last."""
    rows = (
        select(Filing, Reading)
        .join(Reading, Reading.id == Filing.reading_id)
        .where(Filing.entry_id.in_(scope.entries()))
        .order_by(Reading.id, Filing.id)
    )
    return [(filing, reading) for filing, reading in session.execute(rows)]


class CellRow(NamedTuple):
    """A cell of a reading, as the table `fact` has it; there are hundreds of thousands, so it is no mapped object."""

    reading_id: int
    code: str
    state: str
    value: Decimal | None
    unit: str
    raw: str
    place: dict[str, Any] | None
    certain: bool


def cells(
    session: Session, readings: Collection[int], codes: Collection[str] | None = None, *, placed: bool = True
) -> dict[int, list[CellRow]]:
    """The cells of some readings, all or those with some codes, by reading id. `placed` False: without their places."""
    columns = [getattr(FactRow, name) for name in CellRow._fields]
    if not placed:  # a fifth of the time of an evaluation is the decoding of places that nobody looks at
        columns[CellRow._fields.index("place")] = null().label("place")
    found: dict[int, list[CellRow]] = {}
    for batch in batches(readings):
        rows = select(*columns).where(FactRow.reading_id.in_(batch))
        if codes is not None:
            rows = rows.where(FactRow.code.in_(sorted(codes)))
        for row in session.execute(rows.order_by(FactRow.id)):
            found.setdefault(row[0], []).append(CellRow(*row))
    return found


@dataclass(frozen=True, slots=True)
class FingerprintRow:
    """The fingerprint (JSON of crawler.model.Fingerprint) of a content that is filed as an agency's report."""

    agency_id: str
    year: int
    url: str
    capture_id: int
    at: dt.datetime
    sha256: str
    fingerprint: dict[str, Any]


def fingerprints(
    session: Session, agencies: Collection[str], extractor: str, until: dt.datetime
) -> list[FingerprintRow]:
    """Of every content that `extractor` read and that is filed as a report of one of the agencies, the first first."""
    found: list[FingerprintRow] = []
    for batch in batches(agencies):
        rows = (
            select(
                Filing.agency_id,
                Filing.year,
                Capture.url,
                Capture.id,
                Capture.fetched_at,
                Reading.sha256,
                Reading.details["fingerprint"],
            )
            .join(Reading, Reading.id == Filing.reading_id)
            .join(Capture, Capture.id == Filing.capture_id)
            .where(
                Filing.agency_id.in_(batch),
                Filing.decision == "filed",
                Reading.extractor == extractor,
                Capture.fetched_at <= until,
            )
            .order_by(Capture.id)
        )
        found += [FingerprintRow(*row) for row in session.execute(rows) if row[-1] is not None]
    return found


def recorded_states(session: Session, agencies: Collection[str]) -> dict[tuple[str, int], AgencyState]:
    """The recorded states of some agencies by (agency id, report year)."""
    rows = select(AgencyState).where(AgencyState.agency_id.in_(agencies))
    return {(row.agency_id, row.year): row for row in session.scalars(rows)}


def open_findings(session: Session, agencies: Collection[str]) -> dict[str, Finding]:
    """The findings of some agencies that are not closed, by key."""
    rows = select(Finding).where(Finding.agency_id.in_(agencies), Finding.closed_at.is_(None))
    return {row.key: row for row in session.scalars(rows)}


def newest_event_at(session: Session) -> dt.datetime | None:
    """The moment of the newest event; None before the first."""
    return session.scalar(select(func.max(Event.at)))
