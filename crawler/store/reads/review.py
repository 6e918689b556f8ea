"""Reads what waits for a person, and what persons decided.

May touch: the tables capture, entry, entry_change, reading, filing, ruling, for reading.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal, cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crawler.model import LookOutcome
from crawler.rulings import Ruled
from crawler.store.reads.reading import Content, contents_of
from crawler.store.tables import Capture, Entry, Filing, Reading, Ruling

UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Waiting:
    """One content that nobody could decide: the newest one at its address, by the newest reading. `since`: first captured."""

    content: Content
    filing: Filing
    reading: Reading
    since: dt.datetime


def newest_ruling(session: Session, entry_id: int) -> Ruled | None:
    """What holds for the entry; None where nobody decided, or the decision was undone."""
    row = session.scalar(select(Ruling).where(Ruling.entry_id == entry_id).order_by(Ruling.id.desc()).limit(1))
    if row is None or row.decision == UNDONE:
        return None
    decision: Literal["filed", "not_a_report"] = "filed" if row.decision == "filed" else "not_a_report"
    return Ruled(decision, row.agency_id, row.year, row.sha256, row.at, row.by, row.note)


def rulings(session: Session, entry_id: int) -> list[Ruling]:
    """Everything that was decided about the entry, by time."""
    return list(session.scalars(select(Ruling).where(Ruling.entry_id == entry_id).order_by(Ruling.id)))


def entry(session: Session, entry_id: int) -> Entry | None:
    return session.get(Entry, entry_id)


def filings(session: Session, entry_id: int) -> list[tuple[Content, Filing, Reading]]:
    """Every content of the entry that was read, with each of its readings, the newest content last."""
    pairs = session.execute(
        select(Filing, Reading).join(Reading, Reading.id == Filing.reading_id).where(Filing.entry_id == entry_id)
    ).all()
    by_content = {content.sha256: content for content in contents_of(session, {entry_id})}
    found = [(by_content[reading.sha256], filing, reading) for filing, reading in pairs if reading.sha256 in by_content]
    return sorted(found, key=lambda one: (one[0].capture_id, one[2].id))


def waiting(session: Session) -> list[Waiting]:
    """What waits for a person, the oldest first. A report that is filed by one part of its entry does not wait."""
    reviewed = select(Filing.entry_id).where(Filing.decision == "review").distinct()
    found: list[Waiting] = []
    for entry_id in session.scalars(reviewed.order_by(Filing.entry_id)).all():
        contents = newest(session, entry_id)
        if any(one.filing.decision == "filed" for one in contents):
            continue
        found += [one for one in contents if one.filing.decision == "review"]
    return sorted(found, key=lambda one: (one.since, one.content.entry_id, one.content.capture_id))


def newest(session: Session, entry_id: int) -> list[Waiting]:
    """For the page and each of its files: what it holds now, by the newest reading."""
    healthy = (
        select(func.max(Capture.id))
        .where(Capture.entry_id == entry_id, Capture.sha256.is_not(None), Capture.outcome == LookOutcome.HEALTHY.value)
        .group_by(Capture.url)
    )
    now = {capture.sha256 for capture in session.scalars(select(Capture).where(Capture.id.in_(healthy)))}
    by_content: dict[str, Waiting] = {}
    for content, filing, reading in filings(session, entry_id):
        if content.sha256 in now:
            first = cast(Capture, session.get(Capture, content.capture_id))
            by_content[content.sha256] = Waiting(content, filing, reading, first.fetched_at)
    return list(by_content.values())
