"""Retry-After: seconds and dates, and what is none of both. No socket."""

import datetime as dt

import pytest
from scrapy.http import Response

from crawler.middlewares.bounds import LONGEST_WAIT, host_of, retry_after

NOW = dt.datetime(2024, 1, 25, 9, tzinfo=dt.UTC)


def seconds(**headers: str) -> float | None:
    response = Response("http://127.0.0.1/", headers={name.replace("_", "-"): text for name, text in headers.items()})
    found = retry_after(response, NOW)
    return None if found is None else found.total_seconds()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("999999999999999999999", LONGEST_WAIT.total_seconds()),
        ("9" * 5000, LONGEST_WAIT.total_seconds()),
        ("Thu, 25 Jan 2024 09:30:00 GMT", 1800),
        ("Thu, 25 Jan 2024 08:00:00 GMT", 0),
        ("Fri, 25 Jan 2999 08:00:00 GMT", LONGEST_WAIT.total_seconds()),
        ("soon", None),
        ("-5", None),
        ("²", None),
        ("", None),
        ("Thu, 99 Jan 2024 09:30:00 GMT", None),
    ],
)
def test_retry_after(text: str, expected: float | None) -> None:
    assert seconds(Retry_After=text) == expected


def test_an_answer_that_names_no_time() -> None:
    assert seconds() is None


def test_a_date_is_counted_from_the_answer_s_own_clock() -> None:
    """The portal's clock is two days ahead; what it means is an hour."""
    assert seconds(Retry_After="Sat, 27 Jan 2024 10:00:00 GMT", Date="Sat, 27 Jan 2024 09:00:00 GMT") == 3600


@pytest.mark.parametrize("url", ["http://A.example.org:81/x", "http://user@a.example.org:81/"])
def test_the_name_of_a_host(url: str) -> None:
    assert host_of(url) == "a.example.org:81"
