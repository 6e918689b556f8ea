"""Writes what was judged: states as last recorded, findings that opened and closed, events.

May touch: the tables agency_state, finding, event. Events are only ever added; a finding's end is filled in once.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from crawler.errors import StoreError
from crawler.store.tables import AgencyState, Event, Finding


def add_states(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Records states for the first time; each row has all columns of agency_state."""
    if rows:
        session.execute(insert(AgencyState), list(rows))


def change_states(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Replaces recorded states; each row has all columns of agency_state."""
    if rows:
        session.execute(update(AgencyState), list(rows))


def open_finding(
    session: Session, *, key: str, kind: str, agency_id: str, year: int, at: dt.datetime, details: Mapping[str, Any]
) -> int:
    """Opens a finding and returns its id. The schema refuses a second open one with the same key."""
    finding = Finding(key=key, kind=kind, agency_id=agency_id, year=year, opened_at=at, details=dict(details))
    session.add(finding)
    session.flush()
    return finding.id


def close_finding(session: Session, finding_id: int, at: dt.datetime) -> None:
    """Closes an open finding. Raises StoreError if it is closed already."""
    still_open = update(Finding).where(Finding.id == finding_id, Finding.closed_at.is_(None))
    if session.scalar(still_open.values(closed_at=at).returning(Finding.id)) is None:
        raise StoreError(f"finding {finding_id} is not open: another evaluation ran at the same time")


def add_events(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Adds events in the given order; each row has at, kind, agency_id, year, finding_id, details."""
    if rows:
        session.execute(insert(Event), list(rows))
