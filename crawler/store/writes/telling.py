"""Writes what is told to whom: the claim of a message, who is delivering it, and what became of it.

May touch: the tables delivery, delivery_event. Leases and pauses are moments of the real clock, also where the time that
is told of is a simulated one.
"""

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Update, and_, insert, or_, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from crawler.store.reads.deliveries import is_due
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
    sender: str = "",
    leased_until: dt.datetime | None = None,
) -> int:
    """Fixes a message and the events in it, and returns the delivery's id.

    `sender`, `leased_until`: who delivers it at once, so that nobody takes it over in between. Raises
    sqlalchemy.exc.IntegrityError when one of the events, or the edition, is claimed for this recipient and channel already.
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
        sender=sender,
        leased_until=leased_until,
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


def lease(session: Session, delivery_id: int, *, sender: str, now: dt.datetime, until: dt.datetime) -> bool:
    """Takes a message that is due for one attempt; False: another sender has it, it arrived, or its pause is not over.

    One UPDATE decides: of two at once the second finds the row changed, on SQLite and on PostgreSQL.
    """
    return _changed(
        session,
        update(Delivery).where(Delivery.id == delivery_id, is_due(now)).values(sender=sender, leased_until=until),
    )


def mark_sent(session: Session, delivery_id: int, at: dt.datetime) -> None:
    """The receiving side has taken the message over. That is so whoever holds the lease by now."""
    session.execute(
        update(Delivery)
        .where(Delivery.id == delivery_id)
        .values(
            status="sent",
            sent_at=at,
            attempts=Delivery.attempts + 1,
            error="",
            leased_until=None,
            next_try_at=None,
        )
    )


def mark_undelivered(
    session: Session, delivery_id: int, error: str, *, sender: str, next_try_at: dt.datetime | None
) -> None:
    """An attempt of `sender` went wrong. Tried again from `next_try_at` on; None: given up, a person has to look.

    Nothing happens if the lease ended and another sender has the message: the newer attempt says how it stands.
    """
    session.execute(
        update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.sender == sender, Delivery.status == "claimed")
        .values(
            status="failed" if next_try_at is None else "claimed",
            attempts=Delivery.attempts + 1,
            error=error[:MAX_ERROR],
            leased_until=None,
            next_try_at=next_try_at,
        )
    )


def retry(session: Session, now: dt.datetime, delivery_ids: Collection[int] | None = None) -> int:
    """What has not arrived is due at once, all or those named: given up or resting, somebody has mended the cause.

    What a sender has in its hands just now is left to it. Returns how many there are.
    """
    free = or_(Delivery.leased_until.is_(None), Delivery.leased_until <= now)
    statement = update(Delivery).where(
        or_(Delivery.status == "failed", and_(Delivery.status == "claimed", Delivery.next_try_at.is_not(None), free))
    )
    if delivery_ids is not None:
        statement = statement.where(Delivery.id.in_(delivery_ids))
    return _count(session, statement.values(status="claimed", attempts=0, next_try_at=None, leased_until=None))


def _changed(session: Session, statement: Update) -> bool:
    return _count(session, statement) == 1


def _count(session: Session, statement: Update) -> int:
    result: CursorResult[Any] = session.connection().execute(statement)
    return result.rowcount
