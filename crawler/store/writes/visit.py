"""Writes what a visit saw: the run, its captures, its looks and what they changed in the lists.

May touch: the tables run, look, entry, entry_change, capture.
"""

import datetime as dt
from collections.abc import Iterable, Sequence

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from crawler.items import CaptureItem, ListedEntry, LookItem
from crawler.model import LookOutcome
from crawler.store.reads.visit import last_changes
from crawler.store.tables import Capture, Entry, EntryChange, Look, Run


def start_run(session: Session, portal: str, started_at: dt.datetime, *, simulated: bool) -> int:
    """Opens a run and returns its id. A run that a dead process left open is marked failed first:

    the caller holds the portal's host locks, so no living process can own it.
    """
    session.execute(
        update(Run)
        .where(Run.portal == portal, Run.outcome == "running")
        .values(outcome="failed", ended_at=started_at, reason="the process ended before the visit did")
    )
    run = Run(portal=portal, started_at=started_at, outcome="running", simulated=simulated)
    session.add(run)
    session.flush()
    return run.id


def finish_run(
    session: Session, run_id: int, ended_at: dt.datetime, *, outcome: str, reason: str = "", requests: int = 0
) -> None:
    """Closes a run as `finished` or `failed`."""
    session.execute(
        update(Run).where(Run.id == run_id).values(ended_at=ended_at, outcome=outcome, reason=reason, requests=requests)
    )


def mark_offline(session: Session, run_ids: Sequence[int], reason: str) -> None:
    """These runs met no host at all that answered: their looks say nothing about anybody."""
    session.execute(update(Run).where(Run.id.in_(run_ids)).values(outcome="offline", reason=reason))


def add_captures(session: Session, run_id: int, captures: Sequence[tuple[CaptureItem, str | None]]) -> None:
    """Appends captures, each with the sha256 under which the archive holds its body (None: no body)."""
    if not captures:
        return
    wanted = {(item.portal, item.column, item.entry_url) for item, _ in captures if item.entry_url is not None}
    ids = ensure_entries(session, wanted)
    session.execute(
        insert(Capture),
        [
            {
                "run_id": run_id,
                "entry_id": None if item.entry_url is None else ids[item.portal, item.column, item.entry_url],
                "portal": item.portal,
                "column": item.column,
                "kind": item.kind,
                "url": item.url,
                "final_url": item.final_url,
                "fetched_at": item.fetched_at,
                "status": item.status,
                "outcome": item.outcome.value,
                "reason": item.reason,
                "sha256": sha256,
                "size": None if item.body is None else len(item.body),
                "media_type": item.media_type,
                "headers": _headers(item),
                "request": dict(item.request),
                "not_modified": item.not_modified,
            }
            for item, sha256 in captures
        ],
    )


def _headers(item: CaptureItem) -> dict[str, list[list[str]]]:
    found = {"pairs": [list(pair) for pair in item.headers]}
    return found | {"not_modified": [list(pair) for pair in item.headers_304]} if item.headers_304 else found


def ensure_entries(session: Session, wanted: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str, str], int]:
    """The ids of entries by (portal, column, url); those that are new are made."""
    by_column: dict[tuple[str, str], set[str]] = {}
    for portal, column, url in wanted:
        by_column.setdefault((portal, column), set()).add(url)
    ids: dict[tuple[str, str, str], int] = {}
    for (portal, column), urls in by_column.items():
        known = select(Entry.url, Entry.id).where(Entry.portal == portal, Entry.column == column)
        ids |= {(portal, column, url): id_ for url, id_ in session.execute(known) if url in urls}
        known_urls = {url for (p, c, url) in ids if (p, c) == (portal, column)}
        fresh = [Entry(portal=portal, column=column, url=url) for url in sorted(urls - known_urls)]
        session.add_all(fresh)
        session.flush()
        ids |= {(portal, column, entry.url): entry.id for entry in fresh}
    return ids


def add_look(session: Session, run_id: int, item: LookItem) -> int:
    """Appends a look and what it changed in the list, and returns the look's id.

    What a look saw is recorded whatever its outcome; that something left the list only by a healthy one.
    """
    look = Look(
        run_id=run_id,
        portal=item.portal,
        column=item.column,
        at=item.at,
        outcome=item.outcome.value,
        reason=item.reason,
        status=item.status,
        url=item.url,
        entries=len(item.entries),
        pages=item.pages,
    )
    session.add(look)
    session.flush()
    ids = ensure_entries(session, ((item.portal, item.column, entry.url) for entry in item.entries))
    before = last_changes(session, item.portal, item.column)
    listed = {ids[item.portal, item.column, entry.url]: entry for entry in item.entries}
    for entry_id, entry in listed.items():
        last = before.get(entry_id)
        if last is None or last.kind == "gone":
            _add_change(session, look, entry_id, "appeared", entry)
        elif (last.title, last.list_date_raw, last.verdict) != (entry.title, entry.list_date_raw, entry.verdict):
            _add_change(session, look, entry_id, "changed", entry)
    if item.outcome is LookOutcome.HEALTHY:
        for entry_id, last in before.items():
            if last.kind != "gone" and entry_id not in listed:
                _add_change(session, look, entry_id, "gone", None)
    return look.id


def _add_change(session: Session, look: Look, entry_id: int, kind: str, entry: ListedEntry | None) -> None:
    change = EntryChange(entry_id=entry_id, look_id=look.id, at=look.at, kind=kind)
    if entry is not None:
        change.title = entry.title
        change.list_date = entry.list_date
        change.list_date_raw = entry.list_date_raw
        change.verdict = entry.verdict
        change.verdict_reason = entry.verdict_reason
    session.add(change)
