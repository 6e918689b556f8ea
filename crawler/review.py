"""A person's decision about an entry: written down, and obeyed at once by every filing that it touches.

May touch: the store. Raises StoreError for an entry, an agency or a year that cannot be.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from crawler import filing
from crawler.errors import StoreError
from crawler.identification import Identifier
from crawler.store.reads import review as reads
from crawler.store.writes import reading as filings
from crawler.store.writes.ruling import add_ruling

MOST_SIGNS = 500  # of a name or a note


def file_as(
    session: Session,
    identifier: Identifier,
    entry_id: int,
    *,
    agency_id: str,
    year: int,
    by: str,
    note: str,
    at: dt.datetime,
) -> None:
    """The entry is that agency's report of that year."""
    agency = identifier.registry.agencies.get(agency_id)
    if agency is None:
        raise StoreError(f"{agency_id} is no id of agencies.csv")
    if not identifier.registry.existed_in(agency, year):
        raise StoreError(f"{agency_id} did not exist in {year} by agencies.csv; mend its dates there first")
    if not 2007 <= year <= at.year:
        raise StoreError(f"{year} is no year of a report")
    _rule(session, identifier, entry_id, "filed", agency_id, year, by, note, at)


def refuse(session: Session, identifier: Identifier, entry_id: int, *, by: str, note: str, at: dt.datetime) -> None:
    """The entry is no annual report of anybody here."""
    _rule(session, identifier, entry_id, "not_a_report", None, None, by, note, at)


def undo(session: Session, identifier: Identifier, entry_id: int, *, by: str, note: str, at: dt.datetime) -> None:
    """What was decided by persons holds no more; the program decides by itself again."""
    existing(session, entry_id)
    if reads.newest_ruling(session, entry_id) is None:
        raise StoreError(f"nothing was decided about entry {entry_id}")
    _rule(session, identifier, entry_id, reads.UNDONE, None, None, by, note, at)


def _rule(
    session: Session,
    identifier: Identifier,
    entry_id: int,
    decision: str,
    agency_id: str | None,
    year: int | None,
    by: str,
    note: str,
    at: dt.datetime,
) -> None:
    existing(session, entry_id)
    if not by.strip() or len(by) > MOST_SIGNS or len(note) > MOST_SIGNS:
        raise StoreError(f"a decision needs a name; name and note have at most {MOST_SIGNS} signs")
    add_ruling(
        session,
        entry_id=entry_id,
        sha256=seen(session, entry_id),
        decision=decision,
        agency_id=agency_id,
        year=year,
        at=at,
        by=by.strip(),
        note=note.strip(),
    )
    ruled = reads.newest_ruling(session, entry_id)
    for content, row, reading in reads.filings(session, entry_id):
        found = filing.decide(content, reading, identifier, ruled)
        if row.decision == "review" or "ruling" in row.evidence or "ruling" in found.evidence:
            filings.refile(row, **found.row())


def existing(session: Session, entry_id: int) -> None:
    """Raises StoreError if there is no such entry."""
    if reads.entry(session, entry_id) is None:
        raise StoreError(f"there is no entry {entry_id}; gongkai review lists those that wait")


def seen(session: Session, entry_id: int) -> str | None:
    """The content that was before the person's eyes: what waits, else what the entry holds; its page before its files."""
    newest = reads.newest(session, entry_id)
    newest.sort(key=lambda one: (one.filing.decision != "review", one.content.attached, -one.content.capture_id))
    return newest[0].content.sha256 if newest else None
