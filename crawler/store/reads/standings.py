"""Reads how agencies stand with the reports of one year, as far as an edition of the calendar says it.

May touch: the tables agency_state, finding, for reading.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from crawler.store.reads.batches import batches
from crawler.store.tables import AgencyState, Finding


@dataclass(frozen=True, slots=True)
class Standing:
    """A recorded state with those of its details (monitor.details) that a line in a list needs."""

    KEPT: ClassVar = ("reason", "parameters", "columns", "local", "first_seen_at", "last_absent_at")

    agency_id: str
    state: str
    due: dt.date | None
    details: dict[str, Any]


def standings(session: Session, year: int, agencies: Collection[str]) -> dict[str, Standing]:
    """The recorded states of some agencies for one report year, by agency."""
    parts = [AgencyState.details[name].label(name) for name in Standing.KEPT]
    found: dict[str, Standing] = {}
    for batch in batches(agencies):
        rows = select(AgencyState.agency_id, AgencyState.state, AgencyState.due, *parts)
        rows = rows.where(AgencyState.year == year, AgencyState.agency_id.in_(batch))
        for agency_id, state, due, *kept in session.execute(rows):
            details = dict(zip(Standing.KEPT, kept, strict=True))
            found[agency_id] = Standing(agency_id, state, due, details)
    return found


def opened(session: Session, year: int, kind: str) -> dict[str, dt.datetime]:
    """By agency when its open finding of a kind about the report of a year was opened."""
    rows = select(Finding.agency_id, Finding.opened_at)
    rows = rows.where(Finding.kind == kind, Finding.year == year, Finding.closed_at.is_(None))
    return dict(session.execute(rows).all())
