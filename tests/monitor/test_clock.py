"""The clock, the days in Shanghai, and the context."""

import datetime as dt

import pytest

from config.alerts import Alerts
from config.deadlines import Deadlines
from config.env import Settings
from config.errors import GongkaiError
from config.load import Configuration
from config.schema import Column, Portal
from monitor.clock import FixedClock, SystemClock, for_settings
from monitor.days import SHANGHAI, begin_of, day_of, days_past, end_of, late_span
from tests.monitor.checks.history import DEADLINES

PRETENDED = dt.datetime(2024, 2, 1, 1, 0, tzinfo=dt.UTC)


def with_host(host: str) -> Configuration:
    column = Column(key="nb", url=f"http://{host}/nb/", agencies=("shili-sw",))
    portal = Portal(slug="shili", name="示例市", family="trs", hosts=(host,), columns=(column,))
    return Configuration({}, {"shili": portal}, Deadlines(rules=DEADLINES.rules), Alerts())


def test_a_pretended_present_is_for_simulated_portals_only() -> None:
    settings = Settings(simulated_now=PRETENDED)
    clock = for_settings(settings, with_host("127.0.0.1:8001"))
    assert clock.now() == PRETENDED
    assert clock.now().tzinfo is SHANGHAI
    with pytest.raises(GongkaiError, match="shili"):
        for_settings(settings, with_host("shili.example"))


def test_without_one_the_machines_clock_counts() -> None:
    clock = for_settings(Settings(), with_host("shili.example"))
    assert isinstance(clock, SystemClock)
    before = dt.datetime.now(dt.UTC)
    assert before <= clock.now() <= dt.datetime.now(dt.UTC)


def test_a_moment_without_offset_is_refused() -> None:
    naive = dt.datetime(2024, 2, 1)  # noqa: DTZ001 - the point of the test
    with pytest.raises(ValueError, match="offset"):
        FixedClock(naive)
    with pytest.raises(ValueError, match="offset"):
        day_of(naive)


def test_days_are_those_of_shanghai() -> None:
    due = dt.date(2024, 1, 31)
    last_second = dt.datetime(2024, 1, 31, 15, 59, 59, tzinfo=dt.UTC)
    assert day_of(last_second) == due
    assert days_past(due, last_second) == 0
    assert end_of(due) == last_second + dt.timedelta(seconds=1)
    assert days_past(due, end_of(due)) == 1
    assert begin_of(due) == dt.datetime(2024, 1, 30, 16, tzinfo=dt.UTC)


def test_days_of_delay_lie_between_two_looks() -> None:
    due = dt.date(2024, 1, 31)
    seen = begin_of(dt.date(2024, 2, 5))
    assert late_span(due, begin_of(dt.date(2024, 2, 4)), seen) == (4, 5)
    assert late_span(due, None, seen) == (5, 5)
