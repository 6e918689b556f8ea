"""Writes how published reports changed. May touch: the table change.

It follows from what was captured and read: where more is known, a row is written anew, and one that nothing speaks for
any more is taken out. What was said of it stays in findings and events.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from crawler.store.reads.batches import batches
from crawler.store.tables import Change


def add(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Adds changes in the given order; each row has all columns of change but the id."""
    if rows:
        session.execute(insert(Change), list(rows))


def alter(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Writes changes anew; each row has all columns of change."""
    if rows:
        session.execute(update(Change), list(rows))


def drop(session: Session, ids: Collection[int]) -> None:
    for batch in batches(ids):
        session.execute(delete(Change).where(Change.id.in_(batch)))
