"""Writes what is told to whom: the claim of a message, and what became of it.

May touch: the tables delivery, delivery_event.
"""

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from crawler.store.tables import Delivery, DeliveryEvent

MAX_ERROR = 500  # characters kept of an error: servers answer with whole pages at times


def claim(
    session: Session,
    *,
    subscription: str,
    recipient: str,
    channel: str,
    message_id: str,
    subject: str,
    message: bytes,
    event_ids: Iterable[int],
    at: dt.datetime,
    edition: str = "",
) -> int:
    """Fixes a message and the events in it, and returns the delivery's id.

    Raises sqlalchemy.exc.IntegrityError when one of the events, or the edition, is claimed for this
    recipient and channel already.
    """
    delivery = Delivery(
        subscription=subscription,
        recipient=recipient,
        channel=channel,
        message_id=message_id,
        subject=subject,
        message=message,
        status="claimed",
        claimed_at=at,
        edition=edition,
    )
    session.add(delivery)
    session.flush()
    events = [
        {"event_id": event_id, "recipient": recipient, "channel": channel, "delivery_id": delivery.id}
        for event_id in event_ids
    ]
    if events:
        session.execute(insert(DeliveryEvent), events)
    return delivery.id


def mark_sent(session: Session, delivery_id: int, at: dt.datetime) -> None:
    """The receiving side has taken the message over."""
    session.execute(
        update(Delivery)
        .where(Delivery.id == delivery_id)
        .values(status="sent", sent_at=at, attempts=Delivery.attempts + 1, error="")
    )


def mark_undelivered(session: Session, delivery_id: int, error: str, *, permanent: bool) -> None:
    """An attempt went wrong. The message stays claimed and is tried again, unless it was refused for good."""
    session.execute(
        update(Delivery)
        .where(Delivery.id == delivery_id)
        .values(status="failed" if permanent else "claimed", attempts=Delivery.attempts + 1, error=error[:MAX_ERROR])
    )


def claim_failed_again(session: Session) -> None:
    """Messages that were refused for good are waiting again: somebody has mended the cause."""
    session.execute(update(Delivery).where(Delivery.status == "failed").values(status="claimed"))
