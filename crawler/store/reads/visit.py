"""Reads what earlier visits saw, for the next visit: what a list held, which bodies are known.

May touch: the tables run, look, entry, entry_change, capture, for reading.
"""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crawler.model import LookOutcome
from crawler.revisit import Remembered
from crawler.store.tables import Capture, Entry, EntryChange, Look


@dataclass(frozen=True, slots=True)
class KnownBody:
    """The body that a portal last sent for an address, with what a conditional request needs."""

    sha256: str
    etag: str
    last_modified: str
    media_type: str
    headers: tuple[tuple[str, str], ...]


def remembered(session: Session, portal: str, column: str) -> tuple[Remembered, ...]:
    """Every address that the column ever listed, in the order of first appearance, with its last title's verdict."""
    last = last_changes(session, portal, column)
    of_column = select(Entry.id).where(Entry.portal == portal, Entry.column == column)
    named = (
        select(func.max(EntryChange.id))
        .where(EntryChange.entry_id.in_(of_column), EntryChange.kind != "gone")
        .group_by(EntryChange.entry_id)
    )
    came = func.max(EntryChange.look_id).filter(EntryChange.kind == "appeared")
    begun = {
        entry_id: (at, look_id)
        for entry_id, at, look_id in session.execute(
            select(EntryChange.entry_id, func.min(EntryChange.at), came)
            .where(EntryChange.entry_id.in_(of_column))
            .group_by(EntryChange.entry_id)
        )
    }
    healthy = Look.outcome == LookOutcome.HEALTHY.value
    whole = session.scalar(select(func.max(Look.id)).where(Look.portal == portal, Look.column == column, healthy))
    newest = (
        select(func.max(Capture.id))
        .where(Capture.entry_id.in_(of_column), Capture.kind == "detail")
        .group_by(Capture.entry_id)
    )
    fetched = {
        entry_id: (at, LookOutcome(outcome))
        for entry_id, at, outcome in session.execute(
            select(Capture.entry_id, Capture.fetched_at, Capture.outcome).where(Capture.id.in_(newest))
        )
    }
    rows = session.execute(
        select(Entry.id, Entry.url, EntryChange.verdict, EntryChange.title)
        .join(EntryChange, EntryChange.entry_id == Entry.id)
        .where(EntryChange.id.in_(named))
        .order_by(Entry.id)
    )
    found = []
    for entry_id, url, verdict, title in rows:
        gone = last[entry_id].kind == "gone"
        left_at = last[entry_id].at if gone else None
        at, outcome = fetched.get(entry_id, (None, None))
        first_seen, last_came = begun[entry_id]
        settled = whole is not None and last_came <= whole
        found.append(Remembered(url, verdict, not gone, title, first_seen, left_at, at, outcome, settled))
    return tuple(found)


def known_attachments(session: Session, portal: str) -> dict[str, tuple[str, ...]]:
    """The addresses of the documents that each entry's page has led to, by the entry's address."""
    rows = session.execute(
        select(Entry.url, Capture.url)
        .join(Capture, Capture.entry_id == Entry.id)
        .where(Entry.portal == portal, Capture.kind == "attachment")
        .group_by(Entry.url, Capture.url)
        .order_by(func.min(Capture.id))
    )
    found: dict[str, list[str]] = {}
    for entry, url in rows:
        found.setdefault(entry, []).append(url)
    return {entry: tuple(urls) for entry, urls in found.items()}


def last_changes(session: Session, portal: str, column: str) -> dict[int, EntryChange]:
    """The newest entry_change of every entry of a column, by entry id."""
    newest = (
        select(func.max(EntryChange.id))
        .join(Entry, Entry.id == EntryChange.entry_id)
        .where(Entry.portal == portal, Entry.column == column)
        .group_by(EntryChange.entry_id)
    )
    changes = session.scalars(select(EntryChange).where(EntryChange.id.in_(newest)))
    return {change.entry_id: change for change in changes}


def listed_urls(session: Session, portal: str, column: str) -> frozenset[str]:
    """The addresses that the column's list held at the last look that saw it."""
    present = [id_ for id_, change in last_changes(session, portal, column).items() if change.kind != "gone"]
    return frozenset(session.scalars(select(Entry.url).where(Entry.id.in_(present))))


def known_bodies(session: Session, portal: str) -> dict[str, KnownBody]:
    """For every address of the portal that was once well received: the newest body and its validators.

    Not where a redirect led elsewhere: those validators belong to the other address.
    """
    newest = (
        select(func.max(Capture.id))
        .where(
            Capture.portal == portal,
            Capture.sha256.is_not(None),
            Capture.outcome == LookOutcome.HEALTHY.value,
            Capture.final_url == Capture.url,
        )
        .group_by(Capture.url)
    )
    bodies = {}
    for capture in session.scalars(select(Capture).where(Capture.id.in_(newest))):
        headers = tuple((name, value) for name, value in capture.headers.get("pairs", ()))
        by_name = {name.lower(): value for name, value in headers}
        bodies[capture.url] = KnownBody(
            sha256=capture.sha256 or "",
            etag=by_name.get("etag", ""),
            last_modified=by_name.get("last-modified", ""),
            media_type=capture.media_type,
            headers=headers,
        )
    return bodies
