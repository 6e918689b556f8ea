"""Reads what earlier visits saw, for the next visit: what a list held, which bodies are known.

May touch: the tables run, look, entry, entry_change, capture, for reading.
"""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crawler.model import LookOutcome
from crawler.store.tables import Capture, Entry, EntryChange


@dataclass(frozen=True, slots=True)
class KnownBody:
    """The body that a portal last sent for an address, with what a conditional request needs."""

    sha256: str
    etag: str
    last_modified: str
    media_type: str
    headers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Remembered:
    """An address that a column has listed. `listed`: it was still there at the last look that could tell."""

    url: str
    verdict: str
    listed: bool


def remembered(session: Session, portal: str, column: str) -> tuple[Remembered, ...]:
    """Every address that the column ever listed, in the order of first appearance, with its last title's verdict."""
    listed = listed_urls(session, portal, column)
    newest = (
        select(func.max(EntryChange.id))
        .join(Entry, Entry.id == EntryChange.entry_id)
        .where(Entry.portal == portal, Entry.column == column, EntryChange.kind != "gone")
        .group_by(EntryChange.entry_id)
    )
    rows = session.execute(
        select(Entry.url, EntryChange.verdict)
        .join(EntryChange, EntryChange.entry_id == Entry.id)
        .where(EntryChange.id.in_(newest))
        .order_by(Entry.id)
    )
    return tuple(Remembered(url, verdict, url in listed) for url, verdict in rows)


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
