"""Where an office stands in a roll, as a table over recorded states: never worse than what is recorded and still fresh."""

from typing import Any

import pytest

from config.alerts import Edition
from crawler.store.reads.standings import Standing
from monitor.alerts.editions import DueDay, Issue
from monitor.alerts.rollcall import Called, Place, call
from tests.monitor.checks.history import AGENCY, moment

DUE = moment("01-31").date()
ISSUE = Issue(Edition.DAY_AFTER, DueDay(2023, DUE), 1)
AT = moment("02-03 09:00")


def column(**more: Any) -> dict[str, Any]:
    seen = "2024-02-02T20:00:00+08:00"
    return {"looked_at": seen, "proved_at": seen, "outcome": "healthy", "sight": "listed_without_year", **more}


def standing(state: str, reason: str = "absent", columns: Any = None, **more: Any) -> Standing:
    details = {
        "reason": reason,
        "parameters": {},
        "columns": [column()] if columns is None else columns,
        "local": None,
        "first_seen_at": None,
        "last_absent_at": None,
        **more,
    }
    return Standing(AGENCY.id, state, DUE, details)


def called(found: Standing, *, is_local: bool = False, at: str = "02-03 09:00") -> Called | None:
    return call(AGENCY, found, ISSUE, moment(at), is_local=is_local, fresh_days=3)


@pytest.mark.parametrize(
    ("found", "place", "reason"),
    [
        (standing("missing"), "missing", "edition.reason.absent"),
        (standing("on_time"), "published", ""),
        (standing("late"), "published", ""),
        (standing("date_unsure"), "published", ""),
        (standing("withdrawn", "page_gone"), "withdrawn", "reason.page_gone"),
        (standing("unknown", "awaiting_second_look"), "second_look", "reason.awaiting_second_look"),
        (standing("unknown", "not_looked_yet"), "second_look", "reason.not_looked_yet"),
        (standing("unknown", "blind_denied"), "unknown", "reason.blind_denied"),
        (standing("due_soon", "before_due"), "not_judged", "edition.reason.not_judged"),
        (standing("missing", columns=[]), "unknown", "reason.no_column"),
        (standing("missing", columns=[column(), column(outcome="denied")]), "unknown", "reason.blind_denied"),
        (standing("missing", columns=[column(sight="found")]), "unknown", "edition.reason.unread"),
        (standing("missing", columns=[column(looked_at=None)]), "unknown", "edition.reason.never_looked"),
        (standing("missing", columns=[column(proved_at=None)]), "unknown", "edition.reason.never_looked"),
    ],
)
def test_places(found: Standing, place: str, reason: str) -> None:
    one = called(found)
    assert one is not None
    assert (one.place.value, one.reason) == (place, reason)


@pytest.mark.parametrize(("at", "place"), [("02-05 23:59:59", Place.MISSING), ("02-06 00:00", Place.UNKNOWN)])
def test_an_old_proof_calls_nobody_missing(at: str, place: Place) -> None:
    one = called(standing("missing"), at=at)
    assert one is not None
    assert one.place is place


def test_the_weakest_column_counts() -> None:
    one = called(standing("missing", columns=[column(), column(proved_at="2024-01-20T20:00:00+08:00")]))
    assert one is not None
    assert (one.place, one.reason) == (Place.UNKNOWN, "reason.stale")


def test_who_owes_nothing_is_in_no_list() -> None:
    assert called(standing("exempt", "founded_later")) is None
    assert called(standing("exempt", "founded_later"), is_local=True) is None


def test_by_a_local_day_the_local_verdict_counts() -> None:
    local = {"state": "missing", "due": DUE.isoformat(), "reason": "absent", "parameters": {}}
    one = called(standing("due_soon", "before_due", local=local), is_local=True)
    assert one is not None
    assert one.place is Place.MISSING
    changed_rules = called(standing("missing", local=local | {"due": "2024-01-20"}), is_local=True)
    assert changed_rules is not None
    assert changed_rules.place is Place.NOT_JUDGED
    gone = called(standing("withdrawn", "page_gone", local=local | {"state": "on_time"}), is_local=True)
    assert gone is not None
    assert gone.place is Place.WITHDRAWN
