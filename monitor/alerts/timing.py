"""When a recipient is written to: at once, daily at an hour, weekly on a weekday at an hour, in Asia/Shanghai. Pure.

A digest belongs to a slot: the newest moment of its kind that has come. It goes out when news has been waiting since before
the slot. So a machine that was off sends one digest when it comes back, whatever number of slots went by; what is recorded
after the slot waits for the next one; and on one day a recipient gets at most one digest of a subscription.

How often somebody is written to is that subscriber's choice alone: a daily subscriber hears of a withdrawn report or
changed numbers with the day's digest, however severe they are. Who wants to know at once subscribes to these at once.
"""

import datetime as dt

from config.alerts import Subscription, Weekday, When
from monitor.days import begin_of, day_of

WEEKDAYS = tuple(Weekday)  # Monday first, as date.weekday() counts
DAY = dt.timedelta(days=1)


def slot(subscription: Subscription, at: dt.datetime) -> dt.datetime:
    """The newest moment up to `at` at which its digest is due; `at` itself for one that is told at once."""
    if subscription.when is When.AT_ONCE:
        return at
    newest = _hour(subscription, day_of(at))
    while newest > at or not _is_its_day(subscription, newest):
        newest -= DAY
    return newest


def next_slot(subscription: Subscription, at: dt.datetime) -> dt.datetime:
    """The first moment after `at` at which its digest is due; `at` itself for one that is told at once."""
    if subscription.when is When.AT_ONCE:
        return at
    coming = _hour(subscription, day_of(at))
    while coming <= at or not _is_its_day(subscription, coming):
        coming += DAY
    return coming


def is_due(
    subscription: Subscription,
    at: dt.datetime,
    *,
    waiting_since: dt.datetime,
    known_since: dt.datetime,
    last: dt.datetime | None,
) -> bool:
    """Whether the news that waits goes out at `at`.

    `waiting_since`: the oldest news. `known_since`: the recipient is known since then; a new one waits for the first slot
    after it. `last`: when the last digest of this subscription was made, None: there was none.
    """
    if subscription.when is When.AT_ONCE:
        return True
    newest = slot(subscription, at)
    if waiting_since > newest or known_since > newest:
        return False
    return last is None or (last < newest and day_of(last) < day_of(at))


def _hour(subscription: Subscription, day: dt.date) -> dt.datetime:
    return begin_of(day) + dt.timedelta(hours=subscription.hour)  # Shanghai has had no summer time since 1991


def _is_its_day(subscription: Subscription, moment: dt.datetime) -> bool:
    return subscription.when is When.DAILY or WEEKDAYS[moment.weekday()] is subscription.weekday
