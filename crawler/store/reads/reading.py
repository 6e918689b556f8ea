"""Reads what still has to be read by an extractor, and what it has read before.

May touch: the tables capture, entry, entry_change, reading, fact, filing, for reading.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from crawler.model import LookOutcome
from crawler.store.tables import Capture, Entry, EntryChange, FactRow, Filing, Reading

FEW = 500  # entries that are asked for by their ids; of more all are read
MOST_ATTEMPTS = 3  # at a content that is stopped at a limit: a busy day passes, a document that is too much stays so


@dataclass(frozen=True, slots=True)
class Content:
    """A distinct content of an entry: the first capture that brought it, and how the list called it."""

    entry_id: int
    capture_id: int
    portal: str
    column: str
    url: str
    sha256: str
    media_type: str
    title: str
    verdict: str
    attached: bool = False


def contents(session: Session, extractor: str, *, again: bool) -> list[Content]:
    """The contents of detail pages and attachments that `extractor` has not read yet; `again`: all of them.

    What was stopped at a limit counts as not read until it was tried MOST_ATTEMPTS times.
    """
    rows = _captured()
    if not again:
        done = (
            select(Filing.entry_id)
            .join(Reading, Reading.id == Filing.reading_id)
            .where(
                Reading.extractor == extractor,
                Reading.sha256 == Capture.sha256,
                Reading.id.not_in(_to_be_tried_again(session, extractor)),
                Filing.entry_id == Capture.entry_id,
            )
            .exists()
        )
        rows = rows.where(~done)
    return _contents(session, rows)


def contents_of(session: Session, entry_ids: Collection[int]) -> list[Content]:
    """Every content that these entries ever had."""
    return _contents(session, _captured().where(Entry.id.in_(entry_ids)))


def _captured() -> Select[Capture, Entry]:
    """The first capture of every content of every entry."""
    first = (
        select(func.min(Capture.id).label("capture_id"))
        .where(
            Capture.entry_id.is_not(None),
            Capture.sha256.is_not(None),
            Capture.kind.in_(("detail", "attachment")),
            Capture.outcome == LookOutcome.HEALTHY.value,
        )
        .group_by(Capture.entry_id, Capture.sha256)
        .subquery()
    )
    return (
        select(Capture, Entry)
        .join(first, first.c.capture_id == Capture.id)
        .join(Entry, Entry.id == Capture.entry_id)
        .order_by(Capture.id)
    )


def _contents(session: Session, rows: Select[Capture, Entry]) -> list[Content]:
    pairs = session.execute(rows).all()
    titles = _titles(session, {entry.id for _, entry in pairs})
    return [
        Content(
            entry_id=entry.id,
            capture_id=capture.id,
            portal=entry.portal,
            column=entry.column,
            url=capture.final_url,
            sha256=capture.sha256 or "",
            media_type=capture.media_type,
            title=titles.get(entry.id, ("", ""))[0],
            verdict=titles.get(entry.id, ("", ""))[1],
            attached=capture.kind == "attachment",
        )
        for capture, entry in pairs
    ]


def _to_be_tried_again(session: Session, extractor: str) -> list[int]:
    failed = session.scalars(select(Reading).where(Reading.extractor == extractor, Reading.error != ""))
    return [reading.id for reading in failed if 0 < attempts(reading) < MOST_ATTEMPTS]


def attempts(reading: Reading) -> int:
    """How often this content was read and stopped at a limit; 0 for a reading that says something of the bytes."""
    return int(reading.details.get("attempts", 0))


def _titles(session: Session, entry_ids: set[int]) -> dict[int, tuple[str, str]]:
    """The newest title and verdict that the lists gave to each entry."""
    newest = select(func.max(EntryChange.id)).where(EntryChange.kind != "gone").group_by(EntryChange.entry_id)
    if len(entry_ids) <= FEW:
        newest = newest.where(EntryChange.entry_id.in_(entry_ids))
    rows = select(EntryChange.entry_id, EntryChange.title, EntryChange.verdict).where(EntryChange.id.in_(newest))
    return {id_: (title, verdict) for id_, title, verdict in session.execute(rows) if id_ in entry_ids}


def reading_of(session: Session, sha256: str, extractor: str) -> Reading | None:
    return session.scalar(select(Reading).where(Reading.sha256 == sha256, Reading.extractor == extractor))


def facts_of(session: Session, reading_id: int) -> list[FactRow]:
    return list(session.scalars(select(FactRow).where(FactRow.reading_id == reading_id).order_by(FactRow.id)))


def filing_of(session: Session, entry_id: int, reading_id: int) -> Filing | None:
    return session.scalar(select(Filing).where(Filing.entry_id == entry_id, Filing.reading_id == reading_id))
