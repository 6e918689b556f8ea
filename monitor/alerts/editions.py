"""The editions that the calendar makes: which of them are due at a moment. Pure.

An edition is of one due day: of the law, or an earlier one that a supervising office set. It goes out from the
subscription's hour on, on its own day or, after a machine was off, within the three days after it; then it is past. Of
several of one kind that are due together only the newest goes out: it says everything that the older ones would.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from config.alerts import Calendar, Edition, Subscription
from config.deadlines import DeadlineRule, Deadlines, LocalRule
from monitor.days import begin_of, day_of

LATEST = 3  # days after its own day on which an edition still goes out


@dataclass(frozen=True, slots=True)
class DueDay:
    """A day by which reports of a year are due."""

    year: int
    day: dt.date


@dataclass(frozen=True, slots=True)
class Issue:
    """One edition of one due day. `days`: by the calendar, before or after it; what a message says is counted anew."""

    kind: Edition
    due: DueDay
    days: int

    @property
    def name(self) -> str:
        """What a recipient gets once: run_up:2023:2024-01-31:12, day_after:2023:2024-01-31, reminder:2023:2024-01-31:7."""
        name = f"{self.kind.value}:{self.due.year}:{self.due.day.isoformat()}"
        return name if self.kind is Edition.DAY_AFTER else f"{name}:{self.days}"

    @property
    def day(self) -> dt.date:
        """The day on which it goes out."""
        return self.due.day + dt.timedelta(days=-self.days if self.kind is Edition.RUN_UP else self.days)

    @property
    def last_day(self) -> dt.date:
        """The last day on which it may go out; nothing runs up to a day that is over."""
        last = self.day + dt.timedelta(days=LATEST)
        return min(last, self.due.day) if self.kind is Edition.RUN_UP else last


def issues(
    subscriptions: Sequence[Subscription], calendar: Calendar, days: Iterable[DueDay], at: dt.datetime
) -> list[Issue]:
    """What is due at `at` to a recipient, by due day. `subscriptions`: all those of one recipient and channel.

    The hour is that of the first subscription that asks for the kind.
    """
    found = []
    for due in sorted(set(days), key=lambda due: (due.day, due.year)):
        for kind in Edition:
            asking = next((one for one in subscriptions if kind in one.editions), None)
            if asking is None:
                continue
            ready = [issue for issue in _of_kind(kind, due, calendar) if _is_ready(issue, asking.hour, at)]
            if ready:
                found.append(max(ready, key=lambda issue: issue.day))
    return found


def coming(subscription: Subscription, calendar: Calendar, days: Iterable[DueDay], at: dt.datetime) -> Issue | None:
    """The next edition that the subscription asks for, the first whose day is still to come."""
    found = [
        issue
        for due in days
        for kind in subscription.editions
        for issue in _of_kind(kind, due, calendar)
        if begin_of(issue.day) + dt.timedelta(hours=subscription.hour) > at
    ]
    return min(found, key=lambda issue: (issue.day, issue.name), default=None)


def due_days(deadlines: Deadlines, at: dt.datetime) -> frozenset[DueDay]:
    """The due days of the law and of local notices that an edition at `at` may be about, whomever they bind."""
    this_year = day_of(at).year
    rules: list[DeadlineRule | LocalRule] = [*deadlines.rules, *deadlines.local]
    return frozenset(
        DueDay(year, rule.due.of(year))
        for year in (this_year - 2, this_year - 1, this_year)
        for rule in rules
        if rule.due is not None and year in rule.years
    )


def _of_kind(kind: Edition, due: DueDay, calendar: Calendar) -> Iterator[Issue]:
    days = {Edition.RUN_UP: calendar.run_up_days, Edition.DAY_AFTER: (1,), Edition.REMINDER: calendar.reminder_days}
    return (Issue(kind, due, count) for count in days[kind])


def _is_ready(issue: Issue, hour: int, at: dt.datetime) -> bool:
    return begin_of(issue.day) + dt.timedelta(hours=hour) <= at and day_of(at) <= issue.last_day
