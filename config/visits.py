"""How often is looked at what: visits.yml and the intervals that follow from it. Pure: days in, days out.

May touch nothing. The plan of a day is made of it by monitor.visits; judging asks how old a look may be by the plan.
"""

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator, model_validator

from config.deadlines import Deadlines
from config.schema import Agency, Strict

SHANGHAI = ZoneInfo("Asia/Shanghai")


class ColumnVisits(Strict):
    """How often a column is visited."""

    daily_months: tuple[int, ...] = (1, 2, 3, 4)
    around_due_days: int = Field(14, ge=0, le=60)
    every_days: int = Field(7, ge=1, le=31)
    retry_days: int = Field(1, ge=1, le=31)

    @field_validator("daily_months")
    @classmethod
    def _months(cls, value: tuple[int, ...]) -> tuple[int, ...]:
        if not all(1 <= month <= 12 for month in value):
            raise ValueError("months are numbers from 1 to 12")
        return value


class EntryVisits(Strict):
    """How often the page of an entry is fetched as long as it was first seen at most `until_days` ago; None: any age."""

    until_days: int | None = Field(None, ge=1)
    every_days: int = Field(ge=1, le=366)


class VisitRules(Strict):
    """visits.yml."""

    columns: ColumnVisits = ColumnVisits()
    entries: tuple[EntryVisits, ...] = (
        EntryVisits(until_days=30, every_days=1),
        EntryVisits(until_days=180, every_days=7),
        EntryVisits(until_days=None, every_days=30),
    )
    pauses_hours: tuple[int, ...] = (1, 4, 22, 46)

    @model_validator(mode="after")
    def _in_order(self) -> "VisitRules":
        ages = [step.until_days for step in self.entries]
        bounds = [age for age in ages[:-1] if age is not None]
        if not ages or ages[-1] is not None or len(bounds) != len(ages) - 1 or bounds != sorted(set(bounds)):
            raise ValueError("entries: until_days rises from line to line, and the last line has none")
        if not self.pauses_hours or min(self.pauses_hours) < 1:
            raise ValueError("pauses_hours: at least one number of hours, none below 1")
        return self

    def interval_on(self, day: dt.date, dues: Iterable[dt.date]) -> int:
        """Days between two visits to a column on `day`, where the reports in it are due on `dues`."""
        columns = self.columns
        near = dt.timedelta(days=columns.around_due_days)
        daily = day.month in columns.daily_months or any(abs(day - due) <= near for due in dues)
        return 1 if daily else columns.every_days

    def entry_interval(self, age_days: int) -> int:
        """Days between two fetches of an entry's page that was first seen `age_days` ago."""
        return next(step.every_days for step in self.entries if step.until_days is None or age_days <= step.until_days)

    def pause(self, failures: int) -> dt.timedelta:
        """How long a host is left alone after so many visits in a row that it answered with nothing at all."""
        if failures <= 0:
            return dt.timedelta()
        return dt.timedelta(hours=self.pauses_hours[min(failures, len(self.pauses_hours)) - 1])


def dues(deadlines: Deadlines, agency: Agency, day: dt.date) -> tuple[dt.date, ...]:
    """The agency's due days in the year of `day` and the years beside it: the law's and those of local notices."""
    found = []
    for year in (day.year - 2, day.year - 1, day.year):
        rules = (deadlines.rule_for(agency, year), deadlines.local_rule_for(agency, year))
        found += [rule.due.of(year) for rule in rules if rule is not None and rule.due is not None]
    return tuple(found)


def interval_days(rules: VisitRules, deadlines: Deadlines, agency: Agency, day: dt.date) -> int:
    """By how many days the last look at a column of such an agency may be past on `day` if every visit went as planned.

    At the beginning of a day its own visit has not been made yet, so yesterday's interval counts as well: on 1 January
    the last look is that of December's plan.
    """
    near = dues(deadlines, agency, day)
    return max(rules.interval_on(day, near), rules.interval_on(day - dt.timedelta(days=1), near))


def window_end(hours: str, moment: dt.datetime) -> dt.datetime | None:
    """When the window `hours` (22:00-06:00, in Shanghai) ends that is open at `moment`; None where it is closed then."""
    first, last = (dt.time.fromisoformat(part) for part in hours.split("-"))
    here = moment.astimezone(SHANGHAI)
    for day in (here.date() - dt.timedelta(days=1), here.date()):
        start = dt.datetime.combine(day, first, SHANGHAI)
        end = dt.datetime.combine(day if last > first else day + dt.timedelta(days=1), last, SHANGHAI)
        if start <= here < end:
            return end
    return None
