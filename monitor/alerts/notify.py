"""Tells recipients what is new: claim → deliver → record. At least once, and a repetition is the identical message.

May touch: the store through reads.telling and writes.telling, the channels, one lock file.

The bytes of a message and the events in it are fixed in one transaction before anything is sent, and "sent" is written
after the receiving side has taken it over. A process that dies in between leaves a claimed message, which the next
run sends again first: same bytes, same Message-ID.
"""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from config.alerts import EventKind, Subscription
from config.errors import ConfigError
from config.load import Configuration
from crawler.errors import DeliveryError
from crawler.store.reads import telling as reads
from crawler.store.reads.telling import EventKey, EventNow
from crawler.store.tables import Delivery
from crawler.store.writes import telling as writes
from monitor.alerts.digest import News, digest
from monitor.channels import CHANNELS
from monitor.context import Context
from monitor.single import single

log = logging.getLogger(__name__)

Status = Literal["sent", "waiting", "failed", "planned"]

# Kinds that say how an agency stands: over as soon as another state is recorded. The others are facts of their moment.
STANDING = {EventKind.UNKNOWN: "unknown", EventKind.DUE_SOON: "due_soon"}


@dataclass(frozen=True, slots=True)
class Told:
    """One message and how far it came.

    `status`: sent, waiting (tried without success, or claimed before: will be tried again), failed (refused for
    good), planned (dry run; `id` is None). `event_ids`: only of a message that this run made.
    """

    id: int | None
    subscription: str
    recipient: str
    channel: str
    message_id: str
    subject: str
    message: bytes
    status: Status
    event_ids: tuple[int, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class NotifyResult:
    told: tuple[Told, ...]

    @property
    def sent(self) -> tuple[Told, ...]:
        return tuple(one for one in self.told if one.status == "sent")

    @property
    def unsent(self) -> tuple[Told, ...]:
        """What did not arrive, each with its error."""
        return tuple(one for one in self.told if one.status in ("waiting", "failed"))

    @property
    def all_sent(self) -> bool:
        return not self.unsent


def notify(context: Context, *, dry_run: bool = False, retry_failed: bool = False) -> NotifyResult:
    """One digest for each recipient and channel that has news; messages of earlier runs that did not arrive go first.

    `retry_failed`: also those that were refused for good. `dry_run`: nothing is written or sent. Raises
    GongkaiError when another sender is at work, and ConfigError for a subscription to an unknown channel.
    """
    addressees = _addressees(context.configuration)
    if dry_run:
        with context.sessions() as session:
            earlier = [_told(delivery, "waiting") for delivery in reads.waiting(session)]
            planned = [_plan(session, context, subscriptions) for subscriptions in addressees]
        return NotifyResult((*earlier, *(one for one in planned if one is not None)))
    told = []
    with single(context.settings.lock_dir / "notify.lock"):
        with context.sessions.begin() as session:
            if retry_failed:
                writes.claim_failed_again(session)
            earlier = [_told(delivery, "waiting") for delivery in reads.waiting(session)]
        told += [_deliver(context, one) for one in earlier]
        for subscriptions in addressees:
            claimed = _claim(context, subscriptions)
            if claimed is not None:
                told.append(_deliver(context, claimed))
    return NotifyResult(tuple(told))


def _addressees(configuration: Configuration) -> list[list[Subscription]]:
    """The subscriptions, those of one recipient and channel together: they make one message."""
    grouped: dict[tuple[str, str], list[Subscription]] = {}
    for subscription in configuration.alerts.subscriptions:
        if subscription.channel not in CHANNELS:
            raise ConfigError(
                f"alerts.yml: subscriptions/{subscription.name}/channel: {subscription.channel!r} is none of "
                f"{', '.join(CHANNELS)}"
            )
        grouped.setdefault((subscription.to, subscription.channel), []).append(subscription)
    return list(grouped.values())


def _claim(context: Context, subscriptions: Sequence[Subscription]) -> Told | None:
    """Fixes the message to one recipient; None if there is nothing to tell.

    On PostgreSQL a sender of another data folder may have claimed one of the events in the meantime: then the
    primary key refuses ours, and what is left is told by the next run.
    """
    try:
        with context.sessions.begin() as session:
            planned = _plan(session, context, subscriptions)
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
            )
    except IntegrityError as error:
        log.warning("%s: another sender has just claimed the same events: %s", subscriptions[0].to, error.orig)
        return None
    return replace(planned, id=delivery_id, status="waiting")


def _plan(session: Session, context: Context, subscriptions: Sequence[Subscription]) -> Told | None:
    """The message to the one recipient and channel of `subscriptions`, with everything they have not had."""
    recipient, channel = subscriptions[0].to, subscriptions[0].channel
    untold = reads.untold(session, recipient=recipient, channel=channel)
    ids = [key.id for key in untold if any(wants(one, key, context.configuration) for one in subscriptions)]
    if not ids:
        return None
    events = reads.events_now(session, ids)
    message_id = _message_id(recipient, channel, events, sender=context.settings.mail_from)
    made = digest([_news(one) for one in events], at=context.now, public_url=context.settings.public_url)
    return Told(
        id=None,
        subscription=", ".join(one.name for one in subscriptions),
        recipient=recipient,
        channel=channel,
        message_id=message_id,
        subject=made.subject,
        message=CHANNELS[channel].compose(
            made, settings=context.settings, recipient=recipient, message_id=message_id, at=context.now
        ),
        event_ids=tuple(ids),
        status="planned",
    )


def wants(subscription: Subscription, event: EventKey, configuration: Configuration) -> bool:
    """Whether a subscription asks for an event. Of an agency that is no longer registered nobody is told anything.

    What is about a portal and no agency goes to those that ask for all regions, kinds and agencies: to the operator.
    """
    if event.kind not in {kind.value for kind in subscription.events}:
        return False
    if not event.agency_id:
        return not (subscription.regions or subscription.kinds or subscription.agencies)
    agency = configuration.agencies.get(event.agency_id)
    if agency is None:
        return False
    return (
        (not subscription.regions or agency.region_code.startswith(subscription.regions))
        and (not subscription.kinds or agency.kind in subscription.kinds)
        and (not subscription.agencies or agency.id in subscription.agencies)
    )


def _news(one: EventNow) -> News:
    """What is told of an event. While the state still stands, with its newest evidence: it may be told days later."""
    event, kind = one.event, EventKind(one.event.kind)
    state = one.state.state if one.state else None
    is_over = bool(one.finding_closed) and kind is not EventKind.RESOLVED
    if kind in STANDING:
        is_over = state != STANDING[kind]
    newest = one.state.details if one.state and state == event.details["state"] else {}
    return News(
        event_id=event.id,
        at=event.at,
        kind=kind,
        agency_id=event.agency_id,
        year=event.year,
        details={**event.details, **newest},
        over=is_over,
        state_now=state,
    )


def _message_id(recipient: str, channel: str, events: Sequence[EventNow], *, sender: str) -> str:
    """The same for the same news to the same recipient, whoever makes it and however often; other news, another one."""
    parts = [recipient, channel]
    for one in events:
        event = one.event
        parts.append(f"{event.id} {event.at.isoformat()} {event.kind} {event.agency_id} {event.year}")
    digits = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:40]
    return f"{digits}@{sender.rpartition('@')[2]}"


def _deliver(context: Context, message: Told) -> Told:
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


def _told(delivery: Delivery, status: Status) -> Told:
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
