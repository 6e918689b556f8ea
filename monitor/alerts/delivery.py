"""Claim → deliver → record: at least once, and a repetition is the identical message.

May touch: the store through reads.telling and writes.telling, the channels.

The bytes of a message and the events in it are fixed in one transaction before anything is sent, and "sent" is written
after the receiving side has taken it over. A process that dies in between leaves a claimed message, which the next
run sends again first: same bytes, same Message-ID.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.exc import IntegrityError

from config.alerts import Subscription
from crawler.errors import DeliveryError
from crawler.store.tables import Delivery
from crawler.store.writes import telling as writes
from monitor.alerts.message import Status, Told
from monitor.alerts.planning import plan
from monitor.channels import CHANNELS
from monitor.context import Context

log = logging.getLogger(__name__)


def claim(context: Context, subscriptions: Sequence[Subscription]) -> Told | None:
    """Fixes the message to one recipient; None if there is nothing to tell.

    On PostgreSQL a sender of another data folder may have claimed one of the events in the meantime: then the
    primary key refuses ours, and what is left is told by the next run.
    """
    try:
        with context.sessions.begin() as session:
            planned = plan(session, context, subscriptions)
            if planned is None:
                return None
            delivery_id = writes.claim(
                session,
                subscription=planned.subscription,
                recipient=planned.recipient,
                channel=planned.channel,
                message_id=planned.message_id,
                subject=planned.subject,
                message=planned.message,
                event_ids=planned.event_ids,
                at=context.now,
                edition=planned.edition,
            )
    except IntegrityError as error:
        log.warning("%s: another sender has just claimed the same events: %s", subscriptions[0].to, error.orig)
        return None
    return replace(planned, id=delivery_id, status="waiting")


def deliver(context: Context, message: Told) -> Told:
    """One attempt, and its record. One recipient's failure is recorded and does not stop the others."""
    delivery_id = message.id
    if delivery_id is None:
        raise ValueError("a message is claimed before it is sent")
    try:
        CHANNELS[message.channel].deliver(message.message, settings=context.settings, recipient=message.recipient)
    except DeliveryError as error:
        log.warning("%s: %s", message.recipient, error)
        with context.sessions.begin() as session:
            writes.mark_undelivered(session, delivery_id, str(error), permanent=error.permanent)
        return replace(message, status="failed" if error.permanent else "waiting", error=str(error))
    with context.sessions.begin() as session:
        writes.mark_sent(session, delivery_id, context.now)
    return replace(message, status="sent", error="")


def told(delivery: Delivery, status: Status) -> Told:
    """A message as it was claimed."""
    return Told(
        id=delivery.id,
        subscription=delivery.subscription,
        recipient=delivery.recipient,
        channel=delivery.channel,
        message_id=delivery.message_id,
        subject=delivery.subject,
        message=delivery.message,
        status=status,
        error=delivery.error,
    )
