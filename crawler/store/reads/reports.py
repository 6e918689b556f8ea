"""Reads what the page of one report shows, the captures that it may show, and who refers to archived bytes.

May touch: the tables of seen, read and judged, for reading. Each function is one SELECT by index, or two; what can grow has
a limit.
"""

import datetime as dt
from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from crawler.store.reads.changes import ChangeRow
from crawler.store.reads.coverage import FiledReport
from crawler.store.tables import AgencyState, Capture, Change, Entry, EntryChange, Filing, Finding, Reading, Run

FILED = "filed"
COSMETIC = "cosmetic"  # the kind of a change of nothing that is read; there may be one for every visit


class VersionRow(NamedTuple):
    """One content of one address that is filed as the report, by the newest reading of it; without what was read of it."""

    filing_id: int
    entry_id: int
    portal: str
    column: str
    reading_id: int
    sha256: str
    extractor: str
    format: str
    capture_id: int  # the first one with this content
    url: str
    final_url: str
    kind: str
    fetched_at: dt.datetime


class Referrer(NamedTuple):
    """A report that some bytes are filed as."""

    agency_id: str
    year: int
    capture_id: int


def state(session: Session, agency_id: str, year: int) -> AgencyState | None:
    return session.get(AgencyState, (agency_id, year))


def findings(session: Session, agency_id: str, year: int, limit: int) -> list[Finding]:
    """The findings about one report year, the open ones first, each group newest first."""
    rows = select(Finding).where(Finding.agency_id == agency_id, Finding.year == year)
    order = (Finding.closed_at.is_not(None), Finding.opened_at.desc(), Finding.id.desc())
    return list(session.scalars(rows.order_by(*order).limit(limit)))


def versions(session: Session, agency_id: str, year: int, limit: int) -> list[VersionRow]:
    """The contents that are filed as the agency's report of the year, the newest filing first."""
    rows = _versions().where(Filing.agency_id == agency_id, Filing.year == year, Filing.decision == FILED)
    return [VersionRow(*row) for row in session.execute(rows.order_by(Filing.id.desc()).limit(limit))]


def version_of(session: Session, agency_id: str, year: int, capture: Capture) -> VersionRow | None:
    """The content that a capture brought, if it is filed as this agency's report of this year."""
    rows = _versions().where(
        Filing.agency_id == agency_id,
        Filing.year == year,
        Filing.decision == FILED,
        Filing.entry_id == capture.entry_id,
        Reading.sha256 == capture.sha256,
    )
    row = session.execute(rows.order_by(Filing.id.desc()).limit(1)).first()
    return None if row is None else VersionRow(*row)


def _versions() -> Select[Any]:
    """Without what a newer reading of the same content was decided to be otherwise."""
    newer, newer_reading = aliased(Filing), aliased(Reading)
    superseded = (
        select(newer.id)
        .join(newer_reading, newer_reading.id == newer.reading_id)
        .where(newer.entry_id == Filing.entry_id, newer.id > Filing.id, newer_reading.sha256 == Reading.sha256)
        .exists()
    )
    columns: tuple[Any, ...] = (
        *(Filing.id, Entry.id, Entry.portal, Entry.column),
        *(Reading.id, Reading.sha256, Reading.extractor, Reading.format),
        *(Capture.id, Capture.url, Capture.final_url, Capture.kind, Capture.fetched_at),
    )
    return (
        select(*columns)
        .join(Reading, Reading.id == Filing.reading_id)
        .join(Entry, Entry.id == Filing.entry_id)
        .join(Capture, Capture.id == Filing.capture_id)
        .where(~superseded)
    )


def filed(session: Session, filings: Collection[int]) -> dict[int, FiledReport]:
    """Some filings with all that was read, by id."""
    rows = (
        select(Filing, Reading, Entry, Capture)
        .join(Reading, Reading.id == Filing.reading_id)
        .join(Entry, Entry.id == Filing.entry_id)
        .join(Capture, Capture.id == Filing.capture_id)
        .where(Filing.id.in_(filings))
    )
    return {row[0].id: FiledReport(*row) for row in session.execute(rows)}


def filings_of(session: Session, entry_id: int, sha256: str) -> list[tuple[Filing, Reading]]:
    """Every decision about one content of an entry with the reading that it rests on, the newest last."""
    rows = (
        select(Filing, Reading)
        .join(Reading, Reading.id == Filing.reading_id)
        .where(Filing.entry_id == entry_id, Reading.sha256 == sha256)
        .order_by(Reading.id, Filing.id)
    )
    return [(filing, reading) for filing, reading in session.execute(rows)]


def newest_captures(session: Session, entry_id: int, limit: int) -> tuple[list[Capture], int]:
    """The newest captures of an entry, newest first, and how many there are."""
    rows = select(Capture).where(Capture.entry_id == entry_id).order_by(Capture.id.desc()).limit(limit)
    total = session.scalar(select(func.count()).select_from(Capture).where(Capture.entry_id == entry_id))
    return list(session.scalars(rows)), total or 0


def list_changes(session: Session, entries: Collection[int], limit: int) -> list[EntryChange]:
    """The newest of what happened to some entries in their lists, oldest first."""
    rows = select(EntryChange).where(EntryChange.entry_id.in_(entries)).order_by(EntryChange.id.desc()).limit(limit)
    return list(session.scalars(rows))[::-1]


def changes(session: Session, agency_id: str, year: int, limit: int) -> list[ChangeRow]:
    """The newest changes of one report that are more than cosmetic, newest first."""
    columns = [getattr(Change, name) for name in ChangeRow._fields]
    rows = select(*columns).where(Change.agency_id == agency_id, Change.year == year, Change.kind != COSMETIC)
    return [ChangeRow(*row) for row in session.execute(rows.order_by(Change.at.desc(), Change.id.desc()).limit(limit))]


def change_between(session: Session, agency_id: str, year: int, before: int, after: int) -> list[ChangeRow]:
    """What is recorded of two captures of one report: usually one change, a few where pages show contents in turn."""
    columns = [getattr(Change, name) for name in ChangeRow._fields]
    rows = select(*columns).where(
        Change.agency_id == agency_id,
        Change.year == year,
        Change.before_capture == before,
        Change.after_capture == after,
    )
    return [ChangeRow(*row) for row in session.execute(rows.order_by(Change.id).limit(10))]


def capture(session: Session, capture_id: int) -> Capture | None:
    return session.get(Capture, capture_id)


def first_with(session: Session, sha256: str) -> Capture | None:
    """The first capture that brought these bytes; None: no capture refers to them."""
    rows = select(Capture).where(Capture.sha256 == sha256).order_by(Capture.id).limit(1)
    return session.scalar(rows)


def referrers(session: Session, sha256: str, limit: int) -> list[Referrer]:
    """The reports that these bytes are filed as, the newest decision first."""
    rows = (
        select(Filing.agency_id, Filing.year, Filing.capture_id)
        .join(Reading, Reading.id == Filing.reading_id)
        .where(Reading.sha256 == sha256, Filing.decision == FILED)
        .order_by(Filing.id.desc())
        .limit(limit)
    )
    found = (Referrer(agency_id or "", year or 0, capture_id) for agency_id, year, capture_id in session.execute(rows))
    return list({(row.agency_id, row.year): row for row in found}.values())


def is_simulated(session: Session, portals: Collection[str]) -> bool:
    """Whether a run at one of these portals was a simulation."""
    rows = select(Run.id).where(Run.portal.in_(portals), Run.simulated).limit(1)
    return session.scalar(rows) is not None
