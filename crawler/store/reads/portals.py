"""Reads how the columns of portals were last seen: `gongkai portal list` and `check`.

May touch: the tables look, entry, entry_change, for reading.
"""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crawler.model import LookOutcome
from crawler.store.reads.visit import last_changes
from crawler.store.tables import Look


@dataclass(frozen=True, slots=True)
class ColumnSeen:
    """The newest look at a column, in its own words."""

    portal: str
    column: str
    at: dt.datetime
    outcome: LookOutcome
    reason: str
    status: int | None
    entries: int
    pages: int


@dataclass(frozen=True, slots=True)
class Newest:
    """The entry of a list with the latest day beside it; of those without any day, none."""

    title: str
    listed: dt.date


def columns_seen(session: Session) -> dict[tuple[str, str], ColumnSeen]:
    """By portal slug and column key; a column that was never looked at is not in it."""
    newest = select(func.max(Look.id)).group_by(Look.portal, Look.column)
    looks = session.scalars(select(Look).where(Look.id.in_(newest)))
    return {
        (look.portal, look.column): ColumnSeen(
            look.portal,
            look.column,
            look.at,
            LookOutcome(look.outcome),
            look.reason,
            look.status,
            look.entries,
            look.pages,
        )
        for look in looks
    }


def newest_listed(session: Session, portal: str, column: str) -> Newest | None:
    """Of the reports that the column lists."""
    listed = [
        Newest(change.title, change.list_date)
        for change in last_changes(session, portal, column).values()
        if change.kind != "gone" and change.verdict != "lookalike" and change.list_date is not None
    ]
    return max(listed, key=lambda entry: entry.listed, default=None)
