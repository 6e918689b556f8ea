"""Writes that a recipient will not be told of events: rows of deliveries without a message, so that nothing comes later.

May touch: the tables delivery, delivery_event.
"""

import datetime as dt
from collections.abc import Collection

from sqlalchemy import insert, literal
from sqlalchemy.orm import Session

from crawler.store.reads.recipients import SKIPPED, WELCOME, older
from crawler.store.tables import Delivery, DeliveryEvent


def welcome(
    session: Session,
    *,
    recipient: str,
    channel: str,
    subscription: str,
    at: dt.datetime,
    since: dt.datetime,
    standing: Collection[str],
) -> None:
    """The recipient is known from `at` on; of the events that reads.recipients.older names it does not hear.

    Raises sqlalchemy.exc.IntegrityError when another sender has welcomed it already.
    """
    delivery_id = _add(session, WELCOME, recipient=recipient, channel=channel, subscription=subscription, at=at)
    passed_over = older(since, standing).add_columns(literal(recipient), literal(channel), literal(delivery_id))
    columns = ["event_id", "recipient", "channel", "delivery_id"]
    session.execute(insert(DeliveryEvent).from_select(columns, passed_over))


def cover(
    session: Session, *, recipient: str, channel: str, subscription: str, at: dt.datetime, event_ids: Collection[int]
) -> None:
    """Of these events (at least one), which began and ended while they were muted, the recipient does not hear.

    Raises sqlalchemy.exc.IntegrityError when another sender has claimed or covered one of them already.
    """
    edition = f"muted:{min(event_ids)}-{max(event_ids)}"
    delivery_id = _add(session, edition, recipient=recipient, channel=channel, subscription=subscription, at=at)
    rows = [
        {"event_id": event_id, "recipient": recipient, "channel": channel, "delivery_id": delivery_id}
        for event_id in sorted(event_ids)
    ]
    session.execute(insert(DeliveryEvent), rows)


def _add(session: Session, edition: str, *, recipient: str, channel: str, subscription: str, at: dt.datetime) -> int:
    delivery = Delivery(
        subscription=subscription,
        recipient=recipient,
        channel=channel,
        message_id=f"{edition}:{channel}:{recipient}",
        subject="",
        message=b"",
        status=SKIPPED,
        claimed_at=at,
        edition=edition,
    )
    session.add(delivery)
    session.flush()
    return delivery.id
