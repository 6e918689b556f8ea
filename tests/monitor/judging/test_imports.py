"""Bulk re-imports: which days they are, and that nobody is accused by them."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from config.load import packaged_changes
from crawler.model import CellState, LookOutcome
from monitor.checks import revision
from monitor.checks.assessment import assess_case
from monitor.checks.case import Judged, case_of
from monitor.checks.changes import history
from monitor.judging.imports import Arrival, import_days
from monitor.model import CellFact, State
from tests.monitor.checks.history import (
    DEADLINES,
    YEAR,
    column,
    entry,
    facts,
    judged,
    moment,
    published,
    reading,
    state,
)

DAY = dt.date(2024, 3, 5)
NOT_FOUND = LookOutcome.SOFT_404


def arrival(entry_: int, year: int = 2020, at: str = "03-05", **values: Any) -> Arrival:
    usual = Arrival(entry_, "shili", moment(at), f"shili-{entry_}", year, known_before=True, left=False)
    return replace(usual, **values)


def test_many_old_reports_on_one_day_are_an_import() -> None:
    old = [arrival(number) for number in range(5)]
    assert import_days(old, 5) == {"shili": frozenset([DAY])}
    assert import_days(old[:4], 5) == {}
    assert import_days([*old[:4], old[0]], 5) == {}  # an entry counts once


@pytest.mark.parametrize(
    "fifth",
    [
        arrival(9, year=2023),  # the report that is due
        arrival(9, at="03-06"),
        arrival(9, portal="other"),
        arrival(9, known_before=False),  # the first look at a column finds all of it at once
    ],
)
def test_what_is_no_import(fifth: Arrival) -> None:
    assert import_days([*(arrival(number) for number in range(4)), fifth], 5) == {}


def test_the_same_reports_at_new_addresses_are_an_import() -> None:
    before = [arrival(number, 2023, "01-20", left=True) for number in range(5)]
    after = [arrival(10 + number, 2023, agency_id=f"shili-{number}") for number in range(5)]
    assert import_days([*before, *after], 5) == {"shili": frozenset([DAY])}
    still_there = [arrival(number, 2023, "01-20") for number in range(5)]
    assert import_days([*still_there, *after], 5) == {}


def test_a_year_never_seen_before_is_unsure_and_not_late() -> None:
    made = entry([("03-05", "appeared")], [("03-05", "a")], {"a": reading()}, import_days=["03-05"])
    looks = column(["02-01", "02-02", "03-04", "03-05"])
    assert state(facts(looks, entries=[made]), "03-06") == ("date_unsure", "reimported")
    alone = entry([("03-05", "appeared")], [("03-05", "a")], {"a": reading()})
    assert state(facts(looks, entries=[alone]), "03-06") == ("late", "absence_proven")


def test_a_year_seen_before_stays_what_it_was() -> None:
    moved = entry([("03-05", "appeared")], [("03-05", "a")], {"a": reading()}, id_=2, import_days=["03-05"])
    on_time = facts(column(["01-20", "02-01", "03-05"]), entries=[published("01-20"), moved])
    assert state(on_time, "03-06") == ("on_time", "seen_by_due")
    late = facts(column(["02-01", "02-02", "02-10", "03-05"]), entries=[published("02-10"), moved])
    assert state(late, "03-06") == ("late", "absence_proven")


@pytest.mark.parametrize(
    ("left", "withdrawn"), [((0, 3), True), ((1, 3), True), ((2, 3), False), ((1, 1), False), ((4, 90), False)]
)
def test_leaving_with_many_others_is_no_withdrawal(left: tuple[int, int], withdrawn: bool) -> None:
    made = entry(
        [("01-20", "appeared"), ("02-10", "gone")],
        [("01-20", "a"), ("02-10", NOT_FOUND), ("02-11", NOT_FOUND)],
        left=left,
    )
    assessment = judged(facts(column(["01-20", "02-10", "02-11"]), entries=[made]), "02-11")
    assert (assessment.state is State.WITHDRAWN) is withdrawn
    assert ("left_with_others" in [note.key for note in assessment.notes]) is not withdrawn


def test_what_leaves_while_the_portal_is_moved_is_not_withdrawn() -> None:
    changes, captures = (
        [("01-20", "appeared"), ("02-10", "gone")],
        [("01-20", "a"), ("02-10", NOT_FOUND), ("02-11", NOT_FOUND)],
    )
    made = entry(changes, captures, import_days=["02-14"], left=(0, 3))
    assert state(facts(column(["01-20", "02-10", "02-11"]), entries=[made]), "02-15")[0] == "on_time"
    long_ago = entry(changes, captures, import_days=["2023-12-14"], left=(0, 3))
    assert state(facts(column(["01-20", "02-10", "02-11"]), entries=[long_ago]), "02-15")[0] == "withdrawn"


@pytest.mark.parametrize("outcome", [LookOutcome.MOVED, LookOutcome.HIJACKED])
def test_an_address_that_leads_elsewhere_proves_no_withdrawal(outcome: LookOutcome) -> None:
    made = entry([("01-20", "appeared"), ("02-10", "gone")], [("01-20", "a"), ("02-10", outcome), ("02-11", outcome)])
    assert state(facts(column(["01-20", "02-10", "02-11"]), entries=[made]), "02-12")[0] == "on_time"


def test_a_report_that_stands_at_another_address_was_moved() -> None:
    old = entry(
        [("01-20", "appeared"), ("02-10", "gone")],
        [("01-20", "a"), ("02-10", NOT_FOUND), ("02-11", NOT_FOUND)],
        left=(0, 3),
    )
    new = published("02-10", id_=2, key="other")
    known = facts(column(["01-20", "02-10", "02-11"]), column(["02-10"], key="other"), entries=[old, new])
    assessment = judged(known, "02-12")
    assert assessment.state is State.ON_TIME
    assert "other_address" in [note.key for note in assessment.notes]


def test_numbers_that_differ_across_an_import_are_no_change() -> None:
    def cells(value: int) -> dict[str, CellFact]:
        return {"a": CellFact(CellState.NUMBER, Decimal(value), "件", str(value))}

    made = {"a": reading(cells=cells(1)), "b": reading(id_=2, cells=cells(2))}
    captures = [("01-20", "a"), ("03-04", "a"), ("03-05", "b")]

    def found(*import_days: str) -> int:
        shown = entry([("01-20", "appeared")], captures, made, import_days=import_days)
        case = case_of(facts(column(["01-20"]), entries=[shown]), YEAR, DEADLINES, moment("03-06"))
        assessment = assess_case(case)
        return len(revision.check(Judged(case, assessment, history(case, assessment, packaged_changes()))).standing)

    assert found() == 1
    assert found("03-05") == 0
    assert found("02-20") == 1
