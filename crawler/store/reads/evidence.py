"""Reads the rows that a claim about a report rests on. May touch: every table of seen, read and judged, for reading."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crawler.items import SCREENSHOT
from crawler.model import LookOutcome
from crawler.store.reads.batches import batches
from crawler.store.tables import AgencyState, Capture, EntryChange, FactRow, Look, Reading, Run

KINDS = ("detail", "attachment")
MOST = 100_000  # captures of a report's addresses that are looked through; daily visits for years make some thousand


@dataclass(frozen=True, slots=True)
class Visited:
    """A look and the run in which it was made."""

    look: Look
    run: Run


def state(session: Session, agency_id: str, year: int) -> AgencyState | None:
    return session.get(AgencyState, (agency_id, year))


def looks(session: Session, ids: Collection[int]) -> list[Visited]:
    """These looks, by id."""
    found: list[Visited] = []
    for batch in batches(ids):
        rows = select(Look, Run).join(Run, Run.id == Look.run_id).where(Look.id.in_(batch)).order_by(Look.id)
        found += [Visited(look, run) for look, run in session.execute(rows)]
    return found


def captures(session: Session, ids: Collection[int]) -> list[Capture]:
    """These captures, by id."""
    found: list[Capture] = []
    for batch in batches(ids):
        found += session.scalars(select(Capture).where(Capture.id.in_(batch)).order_by(Capture.id))
    return found


def of_entries(session: Session, entries: Collection[int], until: dt.datetime) -> list[int]:
    """Of each address of these entries: the first capture with each content, and the failures after the last good one."""
    good = Capture.outcome == LookOutcome.HEALTHY.value
    found: set[int] = set()
    for batch in batches(entries):
        scope = (Capture.entry_id.in_(batch), Capture.kind.in_(KINDS), Capture.fetched_at <= until)
        contents = select(func.min(Capture.id)).where(*scope, good, Capture.sha256.is_not(None))
        found |= set(session.scalars(contents.group_by(Capture.entry_id, Capture.url, Capture.sha256)))
        last_good = (
            select(Capture.entry_id, Capture.url, func.max(Capture.id).label("id"))
            .where(*scope, good)
            .group_by(Capture.entry_id, Capture.url)
            .subquery()
        )
        same = (last_good.c.entry_id == Capture.entry_id) & (last_good.c.url == Capture.url)
        failures = select(Capture.id).outerjoin(last_good, same).where(*scope, ~good)
        failures = failures.where((last_good.c.id.is_(None)) | (Capture.id > last_good.c.id)).limit(MOST)
        found |= set(session.scalars(failures))
    return sorted(found)


def screenshots(session: Session, urls: Collection[str], until: dt.datetime) -> list[int]:
    """The pictures of the pages at these addresses."""
    found: list[int] = []
    for batch in batches({url + SCREENSHOT for url in urls}):
        rows = select(Capture.id).where(
            Capture.url.in_(batch), Capture.kind == "screenshot", Capture.fetched_at <= until
        )
        found += session.scalars(rows)
    return sorted(found)


def original(session: Session, capture: Capture) -> Capture | None:
    """The answer that brought the body of one that says "not modified"."""
    rows = select(Capture).where(
        Capture.url == capture.url,
        Capture.sha256 == capture.sha256,
        Capture.not_modified.is_(False),
        Capture.id < capture.id,
    )
    return session.scalar(rows.order_by(Capture.id.desc()).limit(1))


def list_changes(session: Session, entries: Collection[int], until: dt.datetime) -> list[EntryChange]:
    """What happened to these entries in their lists, oldest first."""
    rows = select(EntryChange).where(EntryChange.entry_id.in_(entries), EntryChange.at <= until)
    return list(session.scalars(rows.order_by(EntryChange.id)))


def reading(session: Session, sha256: str, extractor: str = "") -> Reading | None:
    """The reading of a content by `extractor`, or the newest one."""
    rows = select(Reading).where(Reading.sha256 == sha256)
    if extractor:
        rows = rows.where(Reading.extractor == extractor)
    return session.scalar(rows.order_by(Reading.id.desc()).limit(1))


def facts(session: Session, reading_id: int) -> list[FactRow]:
    return list(session.scalars(select(FactRow).where(FactRow.reading_id == reading_id).order_by(FactRow.id)))
