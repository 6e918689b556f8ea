"""Who is told what now: from the events that a recipient has not had to a message for each recipient.

May touch: the store through reads.telling, for reading; the channels, for composing.
"""

import hashlib
from collections.abc import Sequence

from sqlalchemy.orm import Session

from config.alerts import EventKind, Subscription
from config.errors import ConfigError
from config.load import Configuration
from crawler.store.reads import telling as reads
from crawler.store.reads.telling import EventKey, EventNow
from monitor.alerts.digest import News, digest
from monitor.alerts.message import Told
from monitor.channels import CHANNELS
from monitor.context import Context

# Kinds that say how an agency stands: over as soon as another state is recorded. The others are facts of their moment.
STANDING = {EventKind.UNKNOWN: "unknown", EventKind.DUE_SOON: "due_soon"}


def addressees(configuration: Configuration) -> list[list[Subscription]]:
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


def plan(session: Session, context: Context, subscriptions: Sequence[Subscription]) -> Told | None:
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
