"""Who is told what now: from the events that a recipient has not had to a message for each recipient.

May touch: the store, for reading; the channels, for composing.
"""

import hashlib
from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from config.alerts import EventKind, Severity, Subscription, When
from config.errors import ConfigError
from config.load import Configuration
from config.schema import Agency
from crawler.store.reads import recipients
from crawler.store.reads import telling as reads
from crawler.store.reads.telling import EventKey, EventNow
from monitor.alerts.digest import News, digest
from monitor.alerts.letter import Digest
from monitor.alerts.message import Told
from monitor.alerts.pending import is_over, pending
from monitor.alerts.timing import is_due
from monitor.channels import CHANNELS
from monitor.context import Context
from monitor.desk import replies as desk
from monitor.desk import unsubscribes
from monitor.desk.replies import Reply

SOONEST_FIRST = (When.AT_ONCE, When.DAILY, When.WEEKLY)
WEIGHED = (EventKind.CHANGED.value, EventKind.REVISED.value)  # the kinds that a subscription may ask for by severity


def addressees(configuration: Configuration) -> list[list[Subscription]]:
    """The subscriptions, those together that make one message: of one recipient and channel, in one language, at one time.

    An event is told once, so what two of them ask for comes with the sooner one, which stands first. Raises ConfigError for
    an unknown channel.
    """
    grouped: dict[tuple[object, ...], list[Subscription]] = {}
    for one in configuration.alerts.subscriptions:
        if one.channel not in CHANNELS:
            raise ConfigError(
                f"alerts.yml: subscriptions/{one.name}/channel: {one.channel!r} is none of {', '.join(CHANNELS)}"
            )
        hour = None if one.when is When.AT_ONCE else one.hour
        weekday = one.weekday if one.when is When.WEEKLY else None
        grouped.setdefault((one.to, one.channel, one.language, one.when, hour, weekday), []).append(one)
    return sorted(grouped.values(), key=lambda group: SOONEST_FIRST.index(group[0].when))


def plan(
    session: Session, context: Context, subscriptions: Sequence[Subscription], *, early: bool = False
) -> Told | None:
    """The message to the one recipient and channel of `subscriptions`, with everything that they have not had.

    They share language and timing; None before the hour of the digest unless `early`, and where nothing is new.
    """
    first = subscriptions[0]
    found = [
        event
        for event in pending(session, context, subscriptions)
        if any(wants(one, event, context.configuration) for one in subscriptions)
    ]
    if not found or not (early or _is_due(session, context, subscriptions, found)):
        return None
    events = reads.events_now(session, [event.id for event in found])
    names = ", ".join(one.name for one in subscriptions)
    replies = desk.by_year(desk.load(session, until=context.now))
    made = digest(
        [_news(one, replies) for one in events],
        at=context.now,
        public_url=context.settings.public_url,
        language=first.language,
        subscription=names,
        unsubscribe=unsubscribes.address(context.settings, first.to, first.channel),
    )
    parts = [
        f"{one.event.id} {one.event.at.isoformat()} {one.event.kind} {one.event.agency_id} {one.event.year}"
        for one in events
    ]
    return composed(context, subscriptions, made, parts, event_ids=tuple(event.id for event in found))


def composed(
    context: Context,
    subscriptions: Sequence[Subscription],
    made: Digest,
    parts: Sequence[str],
    *,
    event_ids: tuple[int, ...] = (),
    edition: str = "",
) -> Told:
    """A message as the channel forms it. `parts`: what it is about, which decides its Message-ID."""
    recipient, channel = subscriptions[0].to, subscriptions[0].channel
    message_id = _message_id(recipient, channel, parts, sender=context.settings.mail_from)
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
        event_ids=event_ids,
        edition=edition,
        status="planned",
    )


def wants(subscription: Subscription, event: EventKey, configuration: Configuration) -> bool:
    """Whether a subscription asks for an event. Of an agency that is no longer registered nobody is told anything.

    What is about a portal and no agency goes to those that ask for all offices: to the operator. A change is weighed by its
    finding's severity; one without any is severe enough for everybody.
    """
    if event.kind not in {kind.value for kind in subscription.events}:
        return False
    is_weighed = event.finding.partition(":")[0] in WEIGHED and event.severity != ""
    if is_weighed and Severity(event.severity).rank < subscription.severity.rank:
        return False
    if not event.agency_id:
        return is_operator(subscription)
    agency = configuration.agencies.get(event.agency_id)
    return agency is not None and covers(subscription, agency)


def covers(subscription: Subscription, agency: Agency) -> bool:
    """Whether an agency is one of those that a subscription asks for."""
    return (
        (not subscription.regions or agency.region_code.startswith(subscription.regions))
        and (not subscription.levels or agency.level in subscription.levels)
        and (not subscription.kinds or agency.kind in subscription.kinds)
        and (not subscription.agencies or agency.id in subscription.agencies)
    )


def is_operator(subscription: Subscription) -> bool:
    """Whether it asks for all offices, and so hears of portals, too."""
    return not (subscription.regions or subscription.levels or subscription.kinds or subscription.agencies)


def _is_due(
    session: Session, context: Context, subscriptions: Sequence[Subscription], found: Sequence[EventKey]
) -> bool:
    first = subscriptions[0]
    if first.when is When.AT_ONCE:
        return True
    names = [one.name for one in subscriptions]
    return is_due(
        first,
        context.now,
        waiting_since=min(event.at for event in found),
        known_since=recipients.known_since(session, recipient=first.to, channel=first.channel) or context.now,
        last=recipients.last_digest(session, recipient=first.to, channel=first.channel, subscriptions=names),
    )


def _news(one: EventNow, replies: Mapping[tuple[str, int], Sequence[Reply]]) -> News:
    """What is told of an event. While the state still stands, with its newest evidence: it may be told days later."""
    event = one.event
    state = one.state.state if one.state else None
    newest = one.state.details if one.state and state == event.details.get("state") else {}
    key = event.details.get("finding", {}).get("key", "")
    said = desk.about_event(replies, event.agency_id, event.year, key)
    return News(
        event_id=event.id,
        at=event.at,
        kind=EventKind(event.kind),
        agency_id=event.agency_id,
        year=event.year,
        details={**event.details, **newest, "replies": said},
        over=is_over(one),
        state_now=state,
    )


def _message_id(recipient: str, channel: str, parts: Sequence[str], *, sender: str) -> str:
    """The same for the same news to the same recipient, whoever makes it and however often; other news, another one."""
    digits = hashlib.sha256("\n".join([recipient, channel, *parts]).encode()).hexdigest()[:40]
    return f"{digits}@{sender.rpartition('@')[2]}"
