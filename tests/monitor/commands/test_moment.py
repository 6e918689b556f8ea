"""`--at`: days and moments."""

import datetime as dt

import click
import pytest

from monitor.commands.moment import Moment
from monitor.days import SHANGHAI, day_of, end_of


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-02-05", dt.datetime(2024, 2, 5, 23, 59, 59, tzinfo=SHANGHAI)),
        ("2024-02-05T09:00", dt.datetime(2024, 2, 5, 9, tzinfo=SHANGHAI)),
        ("2024-02-05 09:00:30", dt.datetime(2024, 2, 5, 9, 0, 30, tzinfo=SHANGHAI)),
        ("2024-02-05T01:00Z", dt.datetime(2024, 2, 5, 9, tzinfo=SHANGHAI)),
        ("2024-02-05T09:00+08:00", dt.datetime(2024, 2, 5, 9, tzinfo=SHANGHAI)),
    ],
)
def test_what_is_meant(text: str, moment: dt.datetime) -> None:
    assert Moment().convert(text, None, None) == moment


def test_a_due_day_is_not_over_at_its_end_and_its_date_is_that_day() -> None:
    day = dt.date(2024, 1, 31)
    at = Moment().convert("2024-01-31", None, None)
    assert day_of(at) == day
    assert at < end_of(day)


@pytest.mark.parametrize("text", ["", "31.1.2024", "2024-02-30", "2024-13-01T00:00", "heute", "20240205T"])
def test_what_means_nothing(text: str) -> None:
    with pytest.raises(click.BadParameter, match="neither a date"):
        Moment().convert(text, None, None)
