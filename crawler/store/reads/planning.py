"""Reads what the plan of visits asks: the last look at every column, new entries, hosts that want to be left alone.

May touch: the tables run, look, entry, entry_change, host, for reading. One query each, whatever the number of portals.
"""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crawler.items import INTERRUPTED
from crawler.model import LookOutcome
from crawler.store.tables import Entry, EntryChange, Host, Look, Run

ColumnName = tuple[str, str]  # portal slug, column key


@dataclass(frozen=True, slots=True)
class LastLook:
    """The newest look at a column. `interrupted`: the visit ended before the column was seen; `offline`: nothing answered."""

    at: dt.datetime
    outcome: LookOutcome
    interrupted: bool = False
    offline: bool = False


def last_looks(session: Session) -> dict[ColumnName, LastLook]:
    """The newest look at every column that was ever looked at."""
    newest = select(func.max(Look.id)).group_by(Look.portal, Look.column)
    rows = session.execute(
        select(Look.portal, Look.column, Look.at, Look.outcome, Look.reason, Run.outcome)
        .join(Run, Run.id == Look.run_id)
        .where(Look.id.in_(newest))
    )
    return {
        (portal, column): LastLook(
            at,
            LookOutcome(outcome),
            interrupted=outcome == LookOutcome.INCOMPLETE and INTERRUPTED in reason,
            offline=run == "offline",
        )
        for portal, column, at, outcome, reason, run in rows
    }


def newest_changes(session: Session, since: dt.datetime) -> dict[ColumnName, dt.datetime]:
    """When a report last appeared in a column or left it, where that was after `since`."""
    rows = session.execute(
        select(Entry.portal, Entry.column, func.max(EntryChange.at))
        .join(EntryChange, EntryChange.entry_id == Entry.id)
        .where(EntryChange.kind.in_(("appeared", "gone")), EntryChange.verdict != "lookalike", EntryChange.at > since)
        .group_by(Entry.portal, Entry.column)
    )
    return {(portal, column): at for portal, column, at in rows}


@dataclass(frozen=True, slots=True)
class Rest:
    """Until when a host wants to be left alone, after how many visits without any answer, and why."""

    until: dt.datetime
    failures: int
    reason: str


def resting(session: Session, now: dt.datetime) -> dict[str, Rest]:
    """The hosts that are to be left alone at `now`, by name (host or host:port, in lower case)."""
    rows = session.scalars(select(Host).where(Host.not_before > now))
    return {row.name: Rest(row.not_before, row.failures, row.reason) for row in rows if row.not_before is not None}


def failures(session: Session) -> dict[str, int]:
    """After how many visits in a row without any answer, by host; a host that answered last is not in it."""
    return dict(session.execute(select(Host.name, Host.failures).where(Host.failures > 0)).all())
