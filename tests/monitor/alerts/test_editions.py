"""Which editions are due: their days and hours, a machine that was off, names that go out once. Pure, as a table."""

import datetime as dt

import pytest

from config.alerts import Calendar, Edition, Subscription
from config.deadlines import Deadlines
from monitor.alerts.editions import DueDay, Issue, coming, due_days, issues
from tests.monitor.checks.history import DEADLINES, moment

DUE = DueDay(2023, dt.date(2024, 1, 31))
CALENDAR = Calendar()
EVERY = Subscription(name="office", to="office@example.org", editions=tuple(Edition))


def names(at: str, subscription: Subscription = EVERY, calendar: Calendar = CALENDAR, due: DueDay = DUE) -> list[str]:
    return [issue.name for issue in issues([subscription], calendar, [due], moment(at))]


@pytest.mark.parametrize(
    ("at", "found"),
    [
        ("01-01 07:59:59", []),
        ("01-01 08:00", ["run_up:2023:2024-01-31:30"]),
        ("01-04 23:59:59", ["run_up:2023:2024-01-31:30"]),
        ("01-05 00:00", []),  # three days late, and past
        ("01-19 07:59:59", []),
        ("01-19 08:00", ["run_up:2023:2024-01-31:12"]),
        ("01-22 23:59:59", ["run_up:2023:2024-01-31:12"]),
        ("01-23 00:00", []),
        ("01-28 08:00", ["run_up:2023:2024-01-31:3"]),
        ("01-31 23:59:59", ["run_up:2023:2024-01-31:3"]),  # on the due day itself
        ("02-01 00:00", []),  # nothing runs up to a day that is over
        ("02-01 07:59:59", []),
        ("02-01 08:00", ["day_after:2023:2024-01-31"]),
        ("02-04 23:59:59", ["day_after:2023:2024-01-31"]),
        ("02-05 00:00", []),
        ("02-07 08:00", ["reminder:2023:2024-01-31:7"]),
        ("02-11 00:00", []),
        ("03-01 08:00", ["reminder:2023:2024-01-31:30"]),
        ("03-05 08:00", []),
    ],
)
def test_the_days_of_the_calendar(at: str, found: list[str]) -> None:
    assert names(at) == found


def test_of_several_that_are_due_together_the_newest_goes_out() -> None:
    close = Calendar(run_up_days=(3, 2, 1), reminder_days=(2, 3))
    assert names("01-30 09:00", calendar=close) == ["run_up:2023:2024-01-31:1"]
    assert names("02-03 09:00", calendar=close) == ["day_after:2023:2024-01-31", "reminder:2023:2024-01-31:3"]


def test_the_end_of_a_leap_february() -> None:
    due = DueDay(2023, dt.date(2024, 2, 28))
    assert names("02-29 08:00", due=due) == ["day_after:2023:2024-02-28"]
    assert names("03-06 08:00", due=due) == ["reminder:2023:2024-02-28:7"]


def test_only_what_is_asked_for_and_at_the_hour_of_who_asks_first() -> None:
    early = EVERY.model_copy(update={"editions": (Edition.REMINDER,), "hour": 6})
    assert [issue.name for issue in issues([early, EVERY], CALENDAR, [DUE], moment("02-01 06:30"))] == []
    assert [issue.kind for issue in issues([early, EVERY], CALENDAR, [DUE], moment("02-07 06:30"))] == ["reminder"]
    assert names("02-01 09:00", EVERY.model_copy(update={"editions": ()})) == []


def test_the_next_one_is_known() -> None:
    found = coming(EVERY, CALENDAR, [DUE], moment("01-19 08:00"))
    assert found == Issue(Edition.RUN_UP, DUE, 3)
    assert coming(EVERY, CALENDAR, [DUE], moment("03-01 08:00")) is None


def test_the_due_days_of_the_law_and_of_notices() -> None:
    local = {
        "id": "shili-notice",
        "years": {"first": 2023, "last": 2023},
        "due": {"month": 1, "day": 20},
        "citation_zh": "示例办〔2024〕1号",
        "citation_en": "notice of an invented office",
    }
    known = Deadlines.model_validate({**DEADLINES.model_dump(mode="json"), "local": [local]})
    days = due_days(known, moment("01-10"))
    assert {DUE, DueDay(2023, dt.date(2024, 3, 31)), DueDay(2023, dt.date(2024, 1, 20))} <= days
    assert DueDay(2022, dt.date(2023, 1, 20)) not in days
    assert {day.year for day in days} == {2022, 2023, 2024}
