"""How often is looked at what: the calendar, the ages of entries, the pauses of hosts. No socket."""

import datetime as dt

import pytest
from pydantic import ValidationError

from config.deadlines import Deadlines
from config.env import PACKAGED_CONFIG
from config.load import read_model
from config.schema import Agency, AgencyKind
from config.visits import VisitRules, dues, interval_days, window_end

RULES = VisitRules()
DEADLINES = read_model(Deadlines, PACKAGED_CONFIG / "deadlines.yml")


def office(kind: AgencyKind) -> Agency:
    return Agency(id="office", name="示例机关", region_code="990101", region="示例市", kind=kind, invented=True)


DEPARTMENT, TOWNSHIP = office(AgencyKind.DEPARTMENT), office(AgencyKind.TOWNSHIP)


def test_the_packaged_file_says_what_the_program_does_without_one() -> None:
    assert read_model(VisitRules, PACKAGED_CONFIG / "visits.yml") == RULES


@pytest.mark.parametrize(
    ("day", "interval"),
    [
        ("2023-12-31", 7),
        ("2024-01-01", 1),
        ("2024-04-30", 1),
        ("2024-05-01", 7),
    ],
)
def test_daily_while_the_reports_are_due(day: str, interval: int) -> None:
    assert RULES.interval_on(dt.date.fromisoformat(day), ()) == interval


@pytest.mark.parametrize(
    ("day", "interval"), [("2024-07-16", 7), ("2024-07-17", 1), ("2024-08-14", 1), ("2024-08-15", 7)]
)
def test_daily_around_a_local_due_day(day: str, interval: int) -> None:
    assert RULES.interval_on(dt.date.fromisoformat(day), [dt.date(2024, 7, 31)]) == interval


def test_due_days_of_a_kind() -> None:
    assert dues(DEADLINES, DEPARTMENT, dt.date(2024, 6, 1)) == (
        dt.date(2023, 1, 31),
        dt.date(2024, 1, 31),
        dt.date(2025, 1, 31),
    )
    assert dues(DEADLINES, TOWNSHIP, dt.date(2024, 6, 1)) == ()


@pytest.mark.parametrize(
    ("day", "interval"),
    [
        ("2024-01-01", 7),  # the visit of this day has not been made, the last one is that of December's plan
        ("2024-01-02", 1),
        ("2024-05-01", 7),
        ("2024-11-21", 7),
    ],
)
def test_how_old_the_last_look_may_be(day: str, interval: int) -> None:
    assert interval_days(RULES, DEADLINES, DEPARTMENT, dt.date.fromisoformat(day)) == interval


@pytest.mark.parametrize(("age", "interval"), [(0, 1), (30, 1), (31, 7), (180, 7), (181, 30), (4000, 30)])
def test_entries_by_age(age: int, interval: int) -> None:
    assert RULES.entry_interval(age) == interval


def test_pauses_of_a_host() -> None:
    hours = [RULES.pause(failures).total_seconds() / 3600 for failures in range(7)]
    assert hours == [0, 1, 4, 22, 46, 46, 46]


@pytest.mark.parametrize(
    "wrong",
    [
        {"columns": {"daily_months": [0]}},
        {"columns": {"every_days": 0}},
        {"entries": []},
        {"entries": [{"until_days": 30, "every_days": 1}]},
        {"entries": [{"until_days": 30, "every_days": 1}, {"until_days": 20, "every_days": 1}, {"every_days": 9}]},
        {"entries": [{"every_days": 1}, {"every_days": 9}]},
        {"pauses_hours": []},
        {"pauses_hours": [0]},
        {"seldom": True},
    ],
)
def test_what_makes_no_plan_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        VisitRules.model_validate(wrong)


@pytest.mark.parametrize(
    ("hours", "moment", "end"),
    [
        ("22:00-06:00", "2024-01-25T21:59+08:00", None),
        ("22:00-06:00", "2024-01-25T22:00+08:00", "2024-01-26T06:00+08:00"),
        ("22:00-06:00", "2024-01-26T05:59+08:00", "2024-01-26T06:00+08:00"),
        ("22:00-06:00", "2024-01-26T06:00+08:00", None),
        ("22:00-06:00", "2024-01-25T20:00+00:00", "2024-01-26T06:00+08:00"),  # 04:00 in Shanghai
        ("01:30-05:00", "2024-01-25T01:29+08:00", None),
        ("01:30-05:00", "2024-01-25T01:30+08:00", "2024-01-25T05:00+08:00"),
        ("01:30-05:00", "2024-01-25T05:00+08:00", None),
    ],
)
def test_the_hours_of_a_portal(hours: str, moment: str, end: str | None) -> None:
    found = window_end(hours, dt.datetime.fromisoformat(moment))
    assert found == (dt.datetime.fromisoformat(end) if end else None)
