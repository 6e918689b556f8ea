"""What a recipient has not heard and still may: without the history before it was known, without what is muted.

May touch: the store through reads.telling, reads.recipients and reads.acts; writes.skips for what it will never hear.
"""

import datetime as dt
import logging
from collections.abc import Sequence

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from config.alerts import EventKind, Subscription
from crawler.store.reads import recipients, telling
from crawler.store.reads.acts import acts
from crawler.store.reads.telling import EventKey, EventNow
from crawler.store.writes import skips
from monitor.alerts.mutes import is_muted, mutes, was_muted
from monitor.context import Context

log = logging.getLogger(__name__)

# What a new recipient hears: what was recorded in these days, and whatever is open of these kinds, because somebody has to
# act on it. A report that came late years ago is history.
WELCOME_DAYS = dt.timedelta(days=7)
STILL_TO_DO = ("missing", "withdrawn", "portal_lost", "portal_blind")
# Kinds that say how an agency stands: over as soon as another state is recorded. The others are facts of their moment.
STANDING = {EventKind.UNKNOWN: "unknown", EventKind.DUE_SOON: "due_soon"}


def is_over(one: EventNow) -> bool:
    """Whether what an event says is no longer so."""
    kind = EventKind(one.event.kind)
    if kind in STANDING:
        return one.state is None or one.state.state != STANDING[kind]
    return bool(one.finding_closed) and kind is not EventKind.RESOLVED


def pending(session: Session, context: Context, subscriptions: Sequence[Subscription]) -> list[EventKey]:
    """The events, oldest first, that the one recipient and channel of `subscriptions` has not heard and may hear now."""
    recipient, channel = subscriptions[0].to, subscriptions[0].channel
    passed_over: set[int] = set()
    if recipients.known_since(session, recipient=recipient, channel=channel) is None:
        passed_over = set(session.scalars(recipients.older(context.now - WELCOME_DAYS, STILL_TO_DO)))
    known = mutes(acts(session, ("mute", "unmute")))
    untold = [
        event
        for event in telling.untold(session, recipient=recipient, channel=channel)
        if event.id not in passed_over and not is_muted(event, known, context.now)
    ]
    ended = _ended_unheard(session, context, untold, recipient=recipient, channel=channel)
    return [event for event in untold if event.id not in ended]


def settle(context: Context, subscriptions: Sequence[Subscription]) -> None:
    """Records what the one recipient and channel of `subscriptions` will never hear.

    A new recipient is welcomed: older history is passed over. What began and ended under a mute is covered. When another
    sender does the same at the same time, the keys of the tables let one of the two do it.
    """
    recipient, channel = subscriptions[0].to, subscriptions[0].channel
    names = ", ".join(one.name for one in subscriptions)
    try:
        with context.sessions.begin() as session:
            if recipients.known_since(session, recipient=recipient, channel=channel) is None:
                skips.welcome(
                    session,
                    recipient=recipient,
                    channel=channel,
                    subscription=names,
                    at=context.now,
                    since=context.now - WELCOME_DAYS,
                    standing=STILL_TO_DO,
                )
            untold = telling.untold(session, recipient=recipient, channel=channel)
            ended = _ended_unheard(session, context, untold, recipient=recipient, channel=channel)
            if ended:
                skips.cover(
                    session,
                    recipient=recipient,
                    channel=channel,
                    subscription=names,
                    at=context.now,
                    event_ids=ended,
                )
    except IntegrityError as error:
        log.info("%s: another sender has just recorded what is not told: %s", recipient, error.orig)


def _ended_unheard(
    session: Session, context: Context, untold: Sequence[EventKey], *, recipient: str, channel: str
) -> set[int]:
    """Of the events under a mute that ended: those that are over, and ends of what the recipient never heard of."""
    known = mutes(acts(session, ("mute", "unmute")))
    once_muted = [event for event in untold if was_muted(event, known, context.now)]
    if not once_muted:
        return set()
    now = telling.events_now(session, [event.id for event in once_muted])
    over = {one.event.id for one in now if is_over(one)}
    ends = [one.event for one in now if one.event.kind == EventKind.RESOLVED]
    heard = recipients.heard(session, {end.agency_id for end in ends}, recipient=recipient, channel=channel)
    begun = {(one.agency_id, one.year, one.finding) for one in heard if one.kind != EventKind.RESOLVED}
    begun |= {(agency_id, year, None) for agency_id, year, _ in begun}  # the end of a state names no finding
    unheard = {end.id for end in ends if (end.agency_id, end.year, end.finding_id) not in begun}
    return over | unheard
