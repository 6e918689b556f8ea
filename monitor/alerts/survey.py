"""What a subscription amounts to: whom it covers, when it is written to next, and what is wrong with it.

May touch: the store, for reading. Nothing is sent or written.
"""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from config.alerts import Subscription, When
from crawler.store.reads import recipients
from monitor.alerts.editions import DueDay, Issue, coming, due_days
from monitor.alerts.issuing import bound
from monitor.alerts.planning import covers, is_operator
from monitor.alerts.timing import next_slot
from monitor.channels import CHANNELS
from monitor.context import Context
from monitor.desk import unsubscribes


@dataclass(frozen=True, slots=True)
class Surveyed:
    """`covered`: watched agencies. `next_digest` None: with every run. `known_since` None: not written to yet.

    `warnings`: words below `alerts.warning`.
    """

    subscription: Subscription
    covered: int
    is_operator: bool
    next_digest: dt.datetime | None
    next_edition: Issue | None
    known_since: dt.datetime | None
    warnings: tuple[str, ...]


def survey(session: Session, context: Context, subscription: Subscription) -> Surveyed:
    """One subscription at the context's moment."""
    configuration = context.configuration
    covered = sum(bool(one.watched_years) and covers(subscription, one) for one in configuration.agencies.values())
    warnings = []
    if not covered:
        warnings.append("covers_none")
    if subscription.channel not in CHANNELS:
        warnings.append("unknown_channel")
    if not subscription.events and not subscription.editions:
        warnings.append("asks_for_nothing")
    unknown = set(subscription.agencies) - configuration.agencies.keys()
    if unknown:
        warnings.append("unknown_agency")
    if unsubscribes.is_unsubscribed(session, subscription.to, subscription.channel):
        warnings.append("unsubscribed")
    days = _days(context, subscription) if subscription.editions else set()
    return Surveyed(
        subscription=subscription,
        covered=covered,
        is_operator=is_operator(subscription),
        next_digest=None if subscription.when is When.AT_ONCE else next_slot(subscription, context.now),
        next_edition=coming(subscription, configuration.alerts.calendar, days, context.now),
        known_since=recipients.known_since(session, recipient=subscription.to, channel=subscription.channel),
        warnings=tuple(warnings),
    )


def _days(context: Context, subscription: Subscription) -> set[DueDay]:
    """The due days that bind at least one of the covered agencies."""
    found = due_days(context.configuration.deadlines, context.now)
    kind = subscription.editions[0]
    return {day for day in found if bound(context, [subscription], Issue(kind, day, 0))}
