"""Columns of one agency that were seen well at different times only: a report may have been moved from one to another."""

import pytest

from config.env import PACKAGED_CONFIG
from config.load import read_model
from config.visits import VisitRules
from crawler.model import LookOutcome
from monitor.checks.assessment import assess
from monitor.checks.case import case_of
from monitor.model import Assessment, EntryFacts, State
from tests.monitor.checks.history import DEADLINES, YEAR, Looks, column, entry, facts, moment, reading

VISITS = read_model(VisitRules, PACKAGED_CONFIG / "visits.yml")
FAILS = LookOutcome.SERVER_ERROR


def judge(at: str, old: Looks, new: Looks, *entries: EntryFacts) -> Assessment:
    """Judged at a moment: an agency with an old and a new column, by the plan of visits that comes with the program."""
    known = facts(column(old, "old"), column(new, "new"), entries=entries)
    return assess(known, YEAR, DEADLINES, moment(at), VISITS)


def test_a_report_that_moved_unseen_is_not_late() -> None:
    """It stood in the old column, which failed; it was moved to the new one, which failed by then."""
    old: Looks = [("02-01", FAILS), ("02-02", FAILS), ("02-03", FAILS), "02-05", "02-06"]
    new: Looks = ["02-01", "02-02", ("02-05", FAILS), ("02-06", FAILS), "02-08"]
    moved = entry([("02-08", "appeared")], [("02-08", "a")], {"a": reading()}, key="new")
    found = judge("02-09", old, new, moved)
    assert (found.state, found.reason) == (State.DATE_UNSURE, "date_unsure")
    assert found.interval is not None
    assert found.interval.not_before is None


def test_looks_at_different_times_make_nothing_missing() -> None:
    found = judge("02-06", ["02-05", "02-06"], ["02-01", "02-02"])
    assert (found.state, found.reason) == (State.UNKNOWN, "seen_apart")


def test_why_it_cannot_be_seen_is_said_first() -> None:
    found = judge("02-06", ["02-05", "02-06"], ["02-01", "02-02", ("02-05", FAILS)])
    assert (found.state, found.reason) == (State.UNKNOWN, "blind_server_error")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (["02-01", "02-02"], ["02-01", "02-02"]),
        (["02-01 03:00", "02-02 03:00"], ["02-01 23:00", "02-02 23:00"]),
        (["02-01", "02-03"], ["02-02", "02-04"]),  # in turn: it would have had to move at each look
    ],
)
def test_what_was_seen_at_about_the_same_time_counts(old: Looks, new: Looks) -> None:
    assert judge("02-04 23:30", old, new).state is State.MISSING


def test_weekly_visits_are_at_about_the_same_time() -> None:
    """In summer a portal is visited once a week, each on a day of its own."""
    found = judge("06-14", ["06-03", "06-10"], ["06-06", "06-13"])
    assert found.state is State.MISSING


def test_what_counted_when_it_was_seen_counts_later() -> None:
    """The days between two visits are those of the day of the look, not of the day of judging."""
    apart = judge("06-14", ["02-05", "02-06"], ["02-01", "02-02"])
    assert (apart.state, apart.reason) == (State.UNKNOWN, "seen_apart")


def test_one_column_alone_proves_as_ever() -> None:
    known = facts(column(["02-01", "02-09"]))
    absence = case_of(known, YEAR, DEADLINES, moment("02-09 23:00"), VISITS).absence_overdue
    assert (absence.days, absence.apart) == (2, False)
