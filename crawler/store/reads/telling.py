"""Reads what is to be told: events that a recipient has not had.

May touch: the tables event, delivery, delivery_event, agency_state, finding, for reading.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from crawler.store.reads.batches import batches
from crawler.store.tables import AgencyState, DeliveryEvent, Event, Finding


@dataclass(frozen=True, slots=True)
class EventKey:
    """What decides who hears of an event, and when. `finding` (its key) and `severity` are "" where it has none."""

    id: int
    at: dt.datetime
    kind: str
    agency_id: str
    year: int
    finding: str
    severity: str


def untold(session: Session, *, recipient: str, channel: str) -> list[EventKey]:
    """The events, oldest first, that are in no message to this recipient through this channel, quiet ones left out."""
    told = select(DeliveryEvent.event_id).where(DeliveryEvent.recipient == recipient, DeliveryEvent.channel == channel)
    statement = (
        select(
            Event.id,
            Event.at,
            Event.kind,
            Event.agency_id,
            Event.year,
            func.coalesce(Finding.key, ""),
            func.coalesce(Event.details["finding"]["severity"].as_string(), ""),
        )
        .outerjoin(Finding, Finding.id == Event.finding_id)
        .where(Event.kind != "quiet", Event.id.not_in(told))
        .order_by(Event.id)
    )
    return [EventKey(*row) for row in session.execute(statement)]


@dataclass(frozen=True, slots=True)
class EventNow:
    """An event, and what became of it since. `state` None: no longer recorded; `finding_closed` None: it has none."""

    event: Event
    state: AgencyState | None
    finding_closed: bool | None


def events_now(session: Session, ids: Sequence[int]) -> list[EventNow]:
    """The events `ids`, oldest first."""
    found = []
    for batch in batches(ids):
        statement = (
            select(Event, AgencyState, Finding.id, Finding.closed_at)
            .outerjoin(AgencyState, and_(AgencyState.agency_id == Event.agency_id, AgencyState.year == Event.year))
            .outerjoin(Finding, Finding.id == Event.finding_id)
            .where(Event.id.in_(batch))
        )
        for event, state, finding_id, closed_at in session.execute(statement):
            found.append(EventNow(event, state, None if finding_id is None else closed_at is not None))
    return sorted(found, key=lambda one: one.event.id)
