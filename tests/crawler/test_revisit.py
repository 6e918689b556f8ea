"""When the page behind an entry is fetched again: a table over what is known of it."""

import datetime as dt
from typing import Any

import pytest

from config.visits import VisitRules
from crawler.model import LookOutcome
from crawler.revisit import Remembered, days_between, is_due

NOW = dt.datetime(2024, 7, 15, 3, tzinfo=dt.timezone(dt.timedelta(hours=8)))
RULES = VisitRules()
TITLE = "示例市水利局2023年政府信息公开工作年度报告"


def ago(days: float) -> dt.datetime:
    return NOW - dt.timedelta(days=days)


def entry(seen: float, fetched: float | None, **more: Any) -> Remembered:
    values: dict[str, Any] = {
        "url": "http://127.0.0.1/a",
        "verdict": "report",
        "listed": True,
        "title": TITLE,
        "first_seen": ago(seen),
        "fetched_at": None if fetched is None else ago(fetched),
        "outcome": None if fetched is None else LookOutcome.HEALTHY,
    }
    return Remembered(**(values | more))


@pytest.mark.parametrize(
    ("known", "title", "due"),
    [
        (entry(400, None), TITLE, True),  # never read
        (entry(3, 0), TITLE, False),  # read today
        (entry(3, 1), TITLE, True),  # daily for 30 days
        (entry(30, 1), TITLE, True),
        (entry(31, 6), TITLE, False),  # then weekly
        (entry(31, 7), TITLE, True),
        (entry(181, 29), TITLE, False),  # then monthly
        (entry(181, 30), TITLE, True),
        (entry(400, 1), TITLE + "（更正）", True),  # the list says something else of it
        (entry(400, 1, outcome=LookOutcome.TRANSPORT_ERROR), TITLE, True),
        (entry(400, 1, outcome=LookOutcome.SOFT_404), TITLE, True),
        (entry(400, 0), None, True),  # it has vanished just now
        (entry(400, 1, listed=False, left_at=ago(2)), None, True),  # it vanished lately
        (entry(400, 1, listed=False, left_at=ago(40)), None, False),  # long ago, and its page still stands
        (entry(400, 7, listed=False, left_at=ago(40)), None, True),
        (entry(400, 1, listed=False, left_at=ago(40), outcome=LookOutcome.SOFT_404), None, True),
    ],
)
def test_due(known: Remembered, title: str | None, due: bool) -> None:
    assert is_due(known, NOW, RULES, title=title) is due


def test_days_are_those_of_the_calendar_in_shanghai() -> None:
    assert days_between(dt.datetime(2024, 7, 14, 15, 59, tzinfo=dt.UTC), NOW) == 1
    assert days_between(dt.datetime(2024, 7, 14, 16, 1, tzinfo=dt.UTC), NOW) == 0
