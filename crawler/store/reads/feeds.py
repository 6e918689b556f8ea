"""What the Atom feeds tell: events by kind, newest first. May touch: event, finding, act, for reading."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, case, or_, select, union_all
from sqlalchemy.orm import Session

from crawler.store.tables import Act, Event, Finding

RESOLVED = "resolved"
QUIET = "quiet"  # the kind of an event that nobody is told of
Lines = Select[tuple[int, str, int, str | None]]


@dataclass(frozen=True, slots=True)
class EventLine:
    """What it takes to choose an event. `portal`: the slug, of an event that is about a portal and no agency."""

    id: int
    agency_id: str
    year: int
    portal: str


def newest_lines(
    session: Session,
    kinds: Collection[str] | None,
    *,
    before: int | None,
    limit: int,
    agencies: Collection[str] | None = None,
) -> list[EventLine]:
    """The newest events with an id below `before`, newest first; of all agencies, or of a few.

    `kinds` None: every event that is news. Of some kinds an index finds each by itself, so that rare ones are found among
    millions of others; of the kind `resolved` they are then the ends of states and of findings of these kinds.
    """
    if kinds is None:
        wanted = _lines(before, limit, agencies).where(Event.kind != QUIET)
    else:
        parts = [_of_kind(kind, kinds, before, limit, agencies) for kind in sorted(kinds)]
        rows = union_all(*(select(part.subquery()) for part in parts)).subquery()
        wanted = select(rows).order_by(rows.c.id.desc()).limit(limit)
    found = session.execute(wanted)
    return [EventLine(row.id, row.agency_id, row.year, row.portal or "") for row in found]


def _of_kind(
    kind: str, kinds: Collection[str], before: int | None, limit: int, agencies: Collection[str] | None
) -> Lines:
    rows = _lines(before, limit, agencies).where(Event.kind == kind)
    if kind == RESOLVED:
        rows = rows.outerjoin(Finding, Finding.id == Event.finding_id)
        rows = rows.where(or_(Finding.id.is_(None), Finding.kind.in_(sorted(kinds))))
    return rows


def _lines(before: int | None, limit: int, agencies: Collection[str] | None) -> Lines:
    # Only of the few events about portals the details are opened.
    portal = case((Event.agency_id == "", Event.details[("portal", "slug")].as_string()), else_=None)
    rows = select(Event.id, Event.agency_id, Event.year, portal.label("portal"))
    if before is not None:
        rows = rows.where(Event.id < before)
    if agencies is not None:
        rows = rows.where(Event.agency_id.in_(agencies))
    return rows.order_by(Event.id.desc()).limit(limit)


def events(session: Session, ids: Sequence[int]) -> list[Event]:
    """Some events with all that they say, newest first."""
    return list(session.scalars(select(Event).where(Event.id.in_(ids)).order_by(Event.id.desc())))


def closed_findings(session: Session, ids: Collection[int]) -> frozenset[int]:
    """Which of some findings are closed."""
    return frozenset(session.scalars(select(Finding.id).where(Finding.id.in_(ids), Finding.closed_at.is_not(None))))


def replies(session: Session, agencies: Collection[str]) -> list[Act]:
    """What some offices said, oldest first."""
    rows = select(Act).where(Act.kind == "reply", Act.agency_id.in_(agencies))
    return list(session.scalars(rows.order_by(Act.id)))
