"""When a digest goes out, as a table: midnight, weekdays, a machine that was off, never two of one day."""

import datetime as dt

import pytest

from config.alerts import Subscription, Weekday, When
from monitor.alerts.timing import is_due, next_slot, slot
from tests.monitor.checks.history import moment

LONG_AGO = moment("2023-01-01")
AT_ONCE = Subscription(name="at-once", to="office@example.org")
DAILY = AT_ONCE.model_copy(update={"when": When.DAILY, "hour": 8})
MIDNIGHT = AT_ONCE.model_copy(update={"when": When.DAILY, "hour": 0})
LATE = AT_ONCE.model_copy(update={"when": When.DAILY, "hour": 23})
WEEKLY = AT_ONCE.model_copy(
    update={"when": When.WEEKLY, "hour": 8, "weekday": Weekday.MONDAY}
)  # 5 February 2024 is one
SUNDAY = WEEKLY.model_copy(update={"weekday": Weekday.SUNDAY, "hour": 0})


@pytest.mark.parametrize(
    ("subscription", "at", "newest", "coming"),
    [
        (AT_ONCE, "02-01 12:34:56", "02-01 12:34:56", "02-01 12:34:56"),
        (DAILY, "02-01 07:59:59", "01-31 08:00", "02-01 08:00"),
        (DAILY, "02-01 08:00", "02-01 08:00", "02-02 08:00"),
        (DAILY, "03-01 00:00", "02-29 08:00", "03-01 08:00"),  # a leap year
        (MIDNIGHT, "02-01 00:00", "02-01 00:00", "02-02 00:00"),
        (MIDNIGHT, "01-31 23:59:59", "01-31 00:00", "02-01 00:00"),
        (LATE, "02-01 00:00", "01-31 23:00", "02-01 23:00"),
        (WEEKLY, "02-05 07:59:59", "01-29 08:00", "02-05 08:00"),
        (WEEKLY, "02-05 08:00", "02-05 08:00", "02-12 08:00"),
        (WEEKLY, "02-11 23:59:59", "02-05 08:00", "02-12 08:00"),
        (WEEKLY, "2024-01-01 08:00", "2024-01-01 08:00", "01-08 08:00"),
        (SUNDAY, "02-10 23:59:59", "02-04 00:00", "02-11 00:00"),
        (SUNDAY, "02-11 00:00", "02-11 00:00", "02-18 00:00"),
    ],
)
def test_slots(subscription: Subscription, at: str, newest: str, coming: str) -> None:
    assert slot(subscription, moment(at)) == moment(newest)
    assert next_slot(subscription, moment(at)) == moment(coming)


@pytest.mark.parametrize(
    ("subscription", "at", "waiting", "last", "due"),
    [
        (AT_ONCE, "02-01 00:00", "02-01 00:00", "02-01 00:00", True),
        (DAILY, "02-01 07:59:59", "01-31 20:00", "01-31 08:05", False),
        (DAILY, "02-01 08:00", "01-31 20:00", "01-31 08:05", True),
        (DAILY, "02-01 08:00", "02-01 08:00", None, True),
        (DAILY, "02-01 08:40", "02-01 08:10", "01-31 08:05", False),  # recorded after the slot: with tomorrow's
        (DAILY, "02-01 15:00", "02-01 12:00", None, False),
        (DAILY, "02-01 20:00", "02-01 07:00", "02-01 08:05", False),  # once a day
        (DAILY, "02-01 20:00", "02-01 07:00", "01-31 08:05", True),  # the machine was off in the morning
        (DAILY, "02-04 05:00", "01-31 20:00", "01-31 08:05", True),  # off for days: one digest …
        (DAILY, "02-04 08:00", "02-04 04:00", "02-04 05:00", False),  # … and not another one on that day
        (DAILY, "02-05 08:00", "02-04 04:00", "02-04 05:00", True),
        (MIDNIGHT, "02-01 00:00", "01-31 23:59:59", "01-31 00:00", True),
        (MIDNIGHT, "01-31 23:59:59", "01-31 20:00", "01-31 00:00", False),
        (LATE, "02-01 00:30", "01-31 22:00", "01-30 23:00", True),  # yesterday's, just late
        (LATE, "02-01 23:00", "02-01 22:00", "02-01 00:30", False),  # two on one day
        (WEEKLY, "02-04 23:59:59", "01-30 20:00", "01-29 08:00", False),
        (WEEKLY, "02-05 08:00", "01-30 20:00", "01-29 08:00", True),
        (WEEKLY, "02-05 09:00", "02-05 07:00", "02-05 08:00", False),
        (WEEKLY, "02-08 12:00", "02-01 20:00", "01-29 08:00", True),  # Monday was missed
        (WEEKLY, "02-08 12:00", "02-06 20:00", "01-29 08:00", False),  # recorded since: next Monday
        (WEEKLY, "02-12 08:00", "02-09 20:00", "02-08 12:00", True),
    ],
)
def test_due(subscription: Subscription, at: str, waiting: str, last: str | None, due: bool) -> None:
    found = is_due(
        subscription,
        moment(at),
        waiting_since=moment(waiting),
        known_since=LONG_AGO,
        last=None if last is None else moment(last),
    )
    assert found is due


@pytest.mark.parametrize(
    ("known", "at", "due"),
    [
        ("02-01 07:00", "02-01 07:40", False),
        ("02-01 07:00", "02-01 08:00", True),
        ("02-01 15:00", "02-01 15:00", False),
        ("02-01 15:00", "02-02 08:00", True),
    ],
)
def test_a_new_recipient_waits_for_its_first_hour(known: str, at: str, due: bool) -> None:
    found = is_due(DAILY, moment(at), waiting_since=moment("01-28"), known_since=moment(known), last=None)
    assert found is due


def test_the_hours_are_those_of_shanghai_wherever_the_machine_stands() -> None:
    there = moment("02-01 08:00").astimezone(dt.UTC)
    assert slot(DAILY, there) == moment("02-01 08:00")
    assert slot(DAILY, there - dt.timedelta(seconds=1)) == moment("01-31 08:00")


def test_a_month_of_runs_writes_once_a_day_and_loses_nothing() -> None:
    """A run each 40 minutes, news each 7 hours: whatever the offset, each piece goes out once, a day late at most."""
    step, spacing = dt.timedelta(minutes=40), dt.timedelta(hours=7)
    begin, last = moment("02-01 00:00"), None
    untold: list[dt.datetime] = []
    sent: list[dt.datetime] = []
    news, at = begin, begin
    while at < begin + dt.timedelta(days=30):
        while news <= at:
            untold.append(news)
            news += spacing
        if untold and is_due(DAILY, at, waiting_since=untold[0], known_since=LONG_AGO, last=last):
            assert at - untold[0] < dt.timedelta(days=1, hours=1)
            sent.append(at)
            untold, last = [], at
        at += step
    assert len({moment_.date() for moment_ in sent}) == len(sent) == 30
