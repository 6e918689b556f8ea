"""The plan of visits: what is due at a moment, why, in which order, and what has to wait. No socket, no store."""

import datetime as dt
import time
from collections.abc import Mapping
from typing import Any

import pytest

from config.alerts import Alerts
from config.load import Configuration
from config.schema import Agency, Portal
from config.visits import VisitRules
from crawler.model import LookOutcome
from crawler.store.reads.planning import ColumnName, LastLook, Rest
from monitor.days import SHANGHAI
from monitor.visits import Obstacle, Reason, VisitPlan, plan_visits
from tests.monitor.checks.history import DEADLINES

SUMMER = dt.datetime(2024, 7, 15, 3, tzinfo=SHANGHAI)
WINTER = dt.datetime(2024, 1, 15, 3, tzinfo=SHANGHAI)
HEALTHY, CHALLENGE, INCOMPLETE = LookOutcome.HEALTHY, LookOutcome.CHALLENGE, LookOutcome.INCOMPLETE


def agency(number: int = 0) -> Agency:
    return Agency(
        id=f"a{number}", name=f"示例{number}局", region_code="990100", region="示例市", kind="department", invented=True
    )


def portal(slug: str = "p", columns: int = 1, **more: Any) -> Portal:
    host = more.pop("host", "www.example.org")
    return Portal(
        slug=slug,
        name="示例门户",
        family="trs",
        hosts=[host],
        columns=[{"key": f"c{n}", "url": f"http://{host}/{n}/", "agencies": ["a0"]} for n in range(columns)],
        **more,
    )


def plan(
    looks: Mapping[ColumnName, LastLook],
    now: dt.datetime,
    *portals: Portal,
    newest: Mapping[ColumnName, dt.datetime] | None = None,
    resting: Mapping[str, Rest] | None = None,
) -> VisitPlan:
    registered = {one.slug: one for one in portals or (portal(),)}
    configuration = Configuration({"a0": agency()}, registered, DEADLINES, Alerts(), VisitRules())
    return plan_visits(configuration, looks, newest or {}, resting or {}, now)


def reason(last: LastLook | None, now: dt.datetime, newest: dt.datetime | None = None) -> Reason | None:
    """Why the only column is due; None where it is not."""
    name = ("p", "c0")
    found = plan({name: last} if last else {}, now, newest={name: newest} if newest else {})
    return found.visits[0].columns[0].reason if found.visits else None


def ago(now: dt.datetime, **span: float) -> dt.datetime:
    return now - dt.timedelta(**span)


@pytest.mark.parametrize(
    ("now", "days", "expected"),
    [
        (SUMMER, 6, None),
        (SUMMER, 7, Reason.INTERVAL),
        (WINTER, 0, None),
        (WINTER, 1, Reason.INTERVAL),
    ],
)
def test_the_interval_of_the_season(now: dt.datetime, days: int, expected: Reason | None) -> None:
    assert reason(LastLook(ago(now, days=days), HEALTHY), now) is expected


def test_days_are_those_of_the_calendar_in_shanghai() -> None:
    evening = dt.datetime(2024, 1, 14, 23, 50, tzinfo=SHANGHAI)
    assert reason(LastLook(evening, HEALTHY), dt.datetime(2024, 1, 15, 0, 10, tzinfo=SHANGHAI)) is Reason.INTERVAL
    assert reason(LastLook(evening, HEALTHY), dt.datetime(2024, 1, 14, 15, 59, tzinfo=dt.UTC)) is None


def test_a_column_that_was_never_looked_at_is_due() -> None:
    assert reason(None, SUMMER) is Reason.NEVER


@pytest.mark.parametrize("outcome", [outcome for outcome in LookOutcome if not outcome.proves_absence])
def test_a_blind_look_is_repeated_the_next_day_and_not_the_same(outcome: LookOutcome) -> None:
    assert reason(LastLook(ago(SUMMER, days=1), outcome), SUMMER) is Reason.BLIND
    assert reason(LastLook(ago(SUMMER, hours=1), outcome), SUMMER) is None


def test_what_was_interrupted_or_offline_is_due_at_once() -> None:
    assert reason(LastLook(ago(SUMMER, hours=1), INCOMPLETE, interrupted=True), SUMMER) is Reason.INTERRUPTED
    assert reason(LastLook(ago(SUMMER, hours=1), LookOutcome.TRANSPORT_ERROR, offline=True), SUMMER) is Reason.OFFLINE


@pytest.mark.parametrize(
    ("found", "looked", "expected"),
    [(30, 1, Reason.NEW_REPORT), (31, 1, None), (31, 7, Reason.INTERVAL), (30, 0, None)],
)
def test_a_report_found_lately_is_looked_at_daily(found: int, looked: int, expected: Reason | None) -> None:
    last = LastLook(ago(SUMMER, days=looked), HEALTHY)
    assert reason(last, SUMMER, newest=ago(SUMMER, days=found)) is expected


def test_what_was_not_seen_comes_first_then_what_was_seen_longest_ago() -> None:
    looks = {
        ("p", "c0"): LastLook(ago(WINTER, days=1), HEALTHY),
        ("p", "c1"): LastLook(ago(WINTER, days=3), HEALTHY),
        ("p", "c2"): LastLook(ago(WINTER, days=1), INCOMPLETE),
        ("p", "c4"): LastLook(ago(WINTER, hours=2), HEALTHY),
    }
    found = plan(looks, WINTER, portal(columns=5))
    assert found.columns == {"p": ["c3", "c2", "c1", "c0"]}


def test_a_portal_that_is_switched_off_is_not_planned() -> None:
    assert plan({}, SUMMER, portal(enabled=False)) == VisitPlan((), ())


@pytest.mark.parametrize(("hour", "visited"), [(21, False), (22, True), (3, True), (6, False)])
def test_the_hours_of_a_portal(hour: int, visited: bool) -> None:
    found = plan({}, SUMMER.replace(hour=hour), portal(hours="22:00-06:00"))
    assert bool(found.visits) is visited
    assert [(one.portal, one.obstacle, one.reason) for one in found.postponed] == (
        [] if visited else [("p", Obstacle.HOURS, "22:00-06:00")]
    )


def test_a_host_that_wants_to_be_left_alone_is() -> None:
    two = Portal.model_validate(
        portal(columns=1).model_dump()
        | {
            "hosts": ["a.example.org", "B.example.org"],
            "columns": [
                {"key": "c0", "url": "http://a.example.org/", "agencies": ["a0"]},
                {"key": "c1", "url": "http://B.example.org/", "agencies": ["a0"]},
            ],
        }
    )
    until = SUMMER + dt.timedelta(hours=3)
    found = plan({}, SUMMER, two, resting={"b.example.org": Rest(until, 2, "HTTP 429")})
    assert found.columns == {"p": ["c0"]}
    (waiting,) = found.postponed
    assert [column.key for column in waiting.columns] == ["c1"]
    assert (waiting.obstacle, waiting.until, waiting.reason) == (Obstacle.RESTING, until, "HTTP 429")


def test_a_country_is_planned_in_seconds() -> None:
    """5,000 portals with 30,000 columns; the bound is generous, on one core it takes about a third of a second."""
    model = portal(columns=6)
    portals = {f"p{number}": model.model_copy(update={"slug": f"p{number}"}) for number in range(5000)}
    looks = {
        (slug, f"c{number}"): LastLook(ago(WINTER, days=number % 2), HEALTHY) for slug in portals for number in range(6)
    }
    configuration = Configuration({"a0": agency()}, portals, DEADLINES, Alerts(), VisitRules())
    began = time.perf_counter()
    found = plan_visits(configuration, looks, {}, {}, WINTER)
    took = time.perf_counter() - began
    assert sum(len(visit.columns) for visit in found.visits) == 15_000
    assert took < 10
