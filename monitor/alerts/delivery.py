"""Claim → deliver → record: at least once, never by two senders at the same time, and a repetition is the identical message.

May touch: the store through reads.deliveries and writes.telling, the channels.

The bytes of a message and the events in it are fixed in one transaction before anything is sent, and "sent" is written
after the receiving side has taken it over. Whoever delivers holds a lease, by the real clock. A process that dies leaves
a claimed message, which the next sender takes over when the lease has ended: same bytes, same Message-ID.
"""

import datetime as dt
import logging
import uuid
from dataclasses import dataclass, field, replace

from sqlalchemy.exc import IntegrityError

from crawler.errors import DeliveryError
from crawler.store.reads import deliveries as reads
from crawler.store.tables import Delivery
from crawler.store.writes import telling as writes
from monitor.alerts.errands import Errand
from monitor.alerts.message import Status, Told
from monitor.channels import CHANNELS
from monitor.clock import Clock
from monitor.context import Context
from monitor.desk import unsubscribes

log = logging.getLogger(__name__)

# Longer than any delivery can take (monitor.channels.smtp.LONGEST), so that it ends only under a sender that is dead.
LEASE = dt.timedelta(minutes=15)
# After an error that may pass. Together five days: RFC 5321, 4.5.4.1, asks for four to five before giving up.
PAUSES = tuple(dt.timedelta(minutes=minutes) for minutes in (5, 15, 45, 135, 405, 1215, 1440, 1440, 1440, 1440))


@dataclass(frozen=True, slots=True)
class Sender:
    """One run that delivers. `name` is in the leases it takes; `clock` is the real one."""

    clock: Clock
    name: str = field(default_factory=lambda: uuid.uuid4().hex)

    def lease(self) -> tuple[dt.datetime, dt.datetime]:
        """Now, and when the lease ends that begins now."""
        now = self.clock.now()
        return now, now + LEASE


def claim(context: Context, sender: Sender, errand: Errand) -> Told | None:
    """Fixes the message to one recipient and leases it to `sender`; None if there is nothing to tell.

    Another sender may have claimed the edition or one of the events in the meantime: then the keys of the tables refuse
    ours, and what is left is told by the next run.
    """
    try:
        with context.sessions.begin() as session:
            planned = errand.plan(session, context)
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
                sender=sender.name,
                leased_until=sender.lease()[1],
            )
    except IntegrityError as error:
        log.info("%s: another sender has just claimed the same: %s", errand.recipient, error.orig)
        return None
    return replace(planned, id=delivery_id, status="waiting")


def take_over(context: Context, sender: Sender, delivery_id: int) -> Told | None:
    """Leases a message of an earlier run to `sender`; None if another one was quicker."""
    now, until = sender.lease()
    with context.sessions.begin() as session:
        if not writes.lease(session, delivery_id, sender=sender.name, now=now, until=until):
            return None
        return told(reads.delivery(session, delivery_id), "waiting")


def deliver(context: Context, sender: Sender, message: Told) -> Told:
    """One attempt with a message that `sender` has leased, and its record. A failure does not stop the others."""
    delivery_id = message.id
    if delivery_id is None:
        raise ValueError("a message is claimed before it is sent")
    try:
        _refuse_if_unsubscribed(context, message)
        CHANNELS[message.channel].deliver(message.message, settings=context.settings, recipient=message.recipient)
    except DeliveryError as error:
        log.warning("%s: %s", message.recipient, error)
        again = None if error.permanent or message.attempts >= len(PAUSES) else PAUSES[message.attempts]
        next_try_at = None if again is None else sender.clock.now() + again
        with context.sessions.begin() as session:
            writes.mark_undelivered(session, delivery_id, str(error), sender=sender.name, next_try_at=next_try_at)
        status: Status = "failed" if next_try_at is None else "waiting"
        return replace(message, status=status, attempts=message.attempts + 1, error=str(error))
    with context.sessions.begin() as session:
        writes.mark_sent(session, delivery_id, context.now)
    return replace(message, status="sent", attempts=message.attempts + 1, error="")


def _refuse_if_unsubscribed(context: Context, message: Told) -> None:
    """For what was claimed before the recipient unsubscribed."""
    with context.sessions() as session:
        if unsubscribes.is_unsubscribed(session, message.recipient, message.channel):
            raise DeliveryError("the recipient has unsubscribed since the message was made", permanent=True)


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
        edition=delivery.edition,
        attempts=delivery.attempts,
        error=delivery.error,
    )
