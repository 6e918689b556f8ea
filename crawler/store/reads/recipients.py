"""Reads what a recipient has had through a channel, and since when it is known.

May touch: the tables delivery, delivery_event, event, finding, for reading.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, func, not_, select
from sqlalchemy.orm import Session

from crawler.store.reads.batches import batches
from crawler.store.tables import Delivery, DeliveryEvent, Event, Finding

WELCOME = "welcome"  # Delivery.edition of the row that says since when a recipient is known
SKIPPED = "skipped"  # Delivery.status of a row that covers events without a message


def known_since(session: Session, *, recipient: str, channel: str) -> dt.datetime | None:
    """When the recipient was first written to or welcomed; None for one that was never heard of.

    A delivery without events (a test message, an edition of the calendar) makes nobody known.
    """
    with_events = select(DeliveryEvent.delivery_id).where(
        DeliveryEvent.recipient == recipient, DeliveryEvent.channel == channel
    )
    return session.scalar(
        select(func.min(Delivery.claimed_at)).where(
            Delivery.recipient == recipient,
            Delivery.channel == channel,
            (Delivery.edition == WELCOME) | Delivery.id.in_(with_events),
        )
    )


def older(since: dt.datetime, standing: Collection[str]) -> Select[Any]:
    """The ids of the events before `since`, but for those that opened a finding of the kinds `standing` that is still open."""
    stands = and_(Finding.closed_at.is_(None), Finding.kind.in_(sorted(standing)), Finding.kind == Event.kind)
    return (
        select(Event.id)
        .outerjoin(Finding, Finding.id == Event.finding_id)
        .where(Event.at < since, Event.kind != "quiet", not_(func.coalesce(stands, False)))
    )


def last_digest(
    session: Session, *, recipient: str, channel: str, subscriptions: Collection[str]
) -> dt.datetime | None:
    """When the newest digest of events was made that one of the named subscriptions had a part in."""
    rows = session.execute(
        select(Delivery.subscription, func.max(Delivery.claimed_at))
        .where(
            Delivery.recipient == recipient,
            Delivery.channel == channel,
            Delivery.edition == "",
            Delivery.status != SKIPPED,
        )
        .group_by(Delivery.subscription)
    )
    return max((at for names, at in rows if set(names.split(", ")) & set(subscriptions)), default=None)


def editions(session: Session, *, recipient: str, channel: str) -> frozenset[str]:
    """The names of the calendar's editions that the recipient has had, or has coming."""
    rows = select(Delivery.edition).where(
        Delivery.recipient == recipient, Delivery.channel == channel, Delivery.edition != ""
    )
    return frozenset(session.scalars(rows))


@dataclass(frozen=True, slots=True)
class Heard:
    """An event that a recipient was told of in a message. `finding`: its id, None for one of the state itself."""

    kind: str
    agency_id: str
    year: int
    finding: int | None


def heard(session: Session, agencies: Collection[str], *, recipient: str, channel: str) -> list[Heard]:
    """What the recipient was told of these agencies."""
    found = []
    for batch in batches(agencies):
        rows = (
            select(Event.kind, Event.agency_id, Event.year, Event.finding_id)
            .join(DeliveryEvent, DeliveryEvent.event_id == Event.id)
            .join(Delivery, Delivery.id == DeliveryEvent.delivery_id)
            .where(
                DeliveryEvent.recipient == recipient,
                DeliveryEvent.channel == channel,
                Delivery.status != SKIPPED,
                Event.agency_id.in_(batch),
            )
        )
        found += [Heard(*row) for row in session.execute(rows)]
    return found
