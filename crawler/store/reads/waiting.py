"""Reads what waits for a person, a page at a time: a bounded number of SELECTs over a bounded number of entries.

May touch: the tables capture, entry, entry_change, reading, filing, for reading.
"""

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crawler.model import LookOutcome
from crawler.store.reads.reading import contents_of
from crawler.store.reads.review import Waiting
from crawler.store.tables import Capture, Entry, Filing, Reading

BATCH = 50  # entries that are read together
MOST_BATCHES = 10  # in one request


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """`entries`: each with all its contents that wait. `after`: the entry from which the next page goes on; None: the end."""

    entries: tuple[tuple[Waiting, ...], ...]
    after: int | None


def waiting_page(
    session: Session, *, after: int, limit: int, portal: str = "", fits: Callable[[Waiting], bool] | None = None
) -> WaitingPage:
    """Entries with contents that nobody could decide, by their ids, those after `after`. `fits`: at least one of them does.

    An entry of which another part is filed as a report does not wait. At most BATCH × MOST_BATCHES entries are looked at,
    so that a page may be short, or empty, and have another one after it.
    """
    found: list[tuple[Waiting, ...]] = []
    for _ in range(MOST_BATCHES):
        ids = _undecided(session, after, portal)
        contents = current(session, ids)
        for entry_id in ids:
            after = entry_id
            waits = waiting_of(contents.get(entry_id, ()))
            if waits and (fits is None or any(fits(one) for one in waits)):
                found.append(waits)
                if len(found) == limit:
                    return WaitingPage(tuple(found), entry_id)
        if len(ids) < BATCH:
            return WaitingPage(tuple(found), None)
    return WaitingPage(tuple(found), after)


def undecided(session: Session) -> int:
    """How many entries have a content that could not be decided; of some another part, or a newer content, is decided."""
    rows = select(func.count(Filing.entry_id.distinct())).where(Filing.decision == "review")
    return session.scalar(rows) or 0


def waiting_of(contents: Sequence[Waiting]) -> tuple[Waiting, ...]:
    """Those of an entry's contents that wait."""
    if any(one.filing.decision == "filed" for one in contents):
        return ()
    return tuple(one for one in contents if one.filing.decision == "review")


def current(session: Session, entry_ids: Collection[int]) -> dict[int, list[Waiting]]:
    """By entry: what its page and each of its files hold now, by the newest reading (crawler.store.reads.review.newest)."""
    held = _held(session, entry_ids)
    contents = {(one.entry_id, one.sha256): one for one in contents_of(session, entry_ids)}
    since = _moments(session, [one.capture_id for one in contents.values()])
    found: dict[tuple[int, str], Waiting] = {}
    rows = session.execute(
        select(Filing, Reading)
        .join(Reading, Reading.id == Filing.reading_id)
        .where(Filing.entry_id.in_(entry_ids))
        .order_by(Reading.id)
    )
    for filing, reading in rows:
        key = filing.entry_id, reading.sha256
        if key in held and key in contents:
            found[key] = Waiting(contents[key], filing, reading, since[contents[key].capture_id])
    by_entry: dict[int, list[Waiting]] = {}
    for one in sorted(found.values(), key=lambda one: one.content.capture_id):
        by_entry.setdefault(one.content.entry_id, []).append(one)
    return by_entry


def _undecided(session: Session, after: int, portal: str) -> list[int]:
    rows = select(Filing.entry_id).where(Filing.decision == "review", Filing.entry_id > after)
    if portal:
        rows = rows.join(Entry, Entry.id == Filing.entry_id).where(Entry.portal == portal)
    return list(session.scalars(rows.distinct().order_by(Filing.entry_id).limit(BATCH)))


def _held(session: Session, entry_ids: Collection[int]) -> set[tuple[int | None, str | None]]:
    newest = (
        select(func.max(Capture.id))
        .where(
            Capture.entry_id.in_(entry_ids),
            Capture.sha256.is_not(None),
            Capture.outcome == LookOutcome.HEALTHY.value,
        )
        .group_by(Capture.entry_id, Capture.url)
    )
    rows = session.execute(select(Capture.entry_id, Capture.sha256).where(Capture.id.in_(newest)))
    return {(entry_id, sha256) for entry_id, sha256 in rows}


def _moments(session: Session, capture_ids: Collection[int]) -> dict[int, dt.datetime]:
    rows = session.execute(select(Capture.id, Capture.fetched_at).where(Capture.id.in_(capture_ids)))
    return dict(rows.all())
