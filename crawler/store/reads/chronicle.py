"""Reads what happened, by id: events, findings and changes in pages; and the marks by which anything new is noticed.

May touch: event, finding, change, act and the newest ids of any table, for reading. What is rare is found through an index
among millions of others.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, false, func, literal, select
from sqlalchemy.orm import Session

from crawler.store.tables import Act, Base, Capture, Change, Event, Finding

Happening = type[Event] | type[Finding] | type[Change]


@dataclass(frozen=True, slots=True)
class Line:
    """What it takes to choose a row. `more`: the column that was asked for."""

    id: int
    agency_id: str
    year: int
    more: Any


@dataclass(frozen=True, slots=True)
class EventLine:
    """An event with the few of its details that a line about it needs."""

    id: int
    at: dt.datetime
    kind: str
    agency_id: str
    year: int
    finding_key: str | None
    before: str | None
    after: str | None
    resolved: str | None
    because: str | None
    portal: dict[str, Any] | None


def marks(session: Session, *tables: type[Base]) -> tuple[int, ...]:
    """The newest id of each table: another answer means that something was added."""
    newest = [select(func.max(table.__table__.c.id)).scalar_subquery() for table in tables]
    return tuple(found or 0 for found in session.execute(select(*newest)).one())


def lines(
    session: Session,
    table: Happening,
    *,
    kind: str | None,
    year: int | None,
    agencies: Collection[str] | None,
    beyond: int | None,
    oldest_first: bool,
    limit: int,
    more: ColumnElement[Any] | None = None,
) -> list[Line]:
    """At most `limit` rows behind the id `beyond`, newest first or oldest first; events only if they are news.

    `agencies`: a few, or None for all. Of `kind` and `year` only one where `agencies` is None: one index answers.
    `more`: one more column.
    """
    rows = select(table.id, table.agency_id, table.year, (more if more is not None else false()).label("more"))
    if kind is not None:
        rows = rows.where(table.kind == kind)
    elif table is Event:
        # Written out, since a partial index is chosen by the words of its condition.
        rows = rows.where(Event.kind != literal("quiet", literal_execute=True))
    if year is not None:
        rows = rows.where(table.year == year)
    if agencies is not None:
        rows = rows.where(table.agency_id.in_(sorted(agencies)))
    if beyond is not None:
        rows = rows.where(table.id > beyond if oldest_first else table.id < beyond)
    rows = rows.order_by(table.id.asc() if oldest_first else table.id.desc())
    return [Line(*row) for row in session.execute(rows.limit(limit))]


def events(session: Session, ids: Collection[int]) -> list[EventLine]:
    """Some events by id."""
    names = ("from", "to", "resolved", "because")
    parts = [Event.details[name].as_string().label(name) for name in names]
    rows = (
        select(
            Event.id, Event.at, Event.kind, Event.agency_id, Event.year, Finding.key, *parts, Event.details["portal"]
        )
        .outerjoin(Finding, Finding.id == Event.finding_id)
        .where(Event.id.in_(ids))
    )
    return [EventLine(*row) for row in session.execute(rows.order_by(Event.id))]


def findings(session: Session, ids: Collection[int]) -> list[Finding]:
    """Some findings by id."""
    return list(session.scalars(select(Finding).where(Finding.id.in_(ids)).order_by(Finding.id)))


def changes(session: Session, ids: Collection[int]) -> list[Change]:
    """Some changes by id."""
    return list(session.scalars(select(Change).where(Change.id.in_(ids)).order_by(Change.id)))


def replies(session: Session, agencies: Collection[str], until: dt.datetime) -> list[Act]:
    """What some offices said until a moment, oldest first."""
    rows = select(Act).where(Act.agency_id.in_(agencies), Act.kind == "reply", Act.at <= until)
    return list(session.scalars(rows.order_by(Act.id)))


def contents(session: Session, captures: Collection[int]) -> list[tuple[int, dt.datetime, str | None]]:
    """Some captures: id, when, and the sha256 of what was kept."""
    rows = select(Capture.id, Capture.fetched_at, Capture.sha256).where(Capture.id.in_(captures))
    return [(id_, at, sha256) for id_, at, sha256 in session.execute(rows)]
