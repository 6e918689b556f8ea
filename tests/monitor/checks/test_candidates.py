"""A page that nobody could decide keeps from accusing also when it was replaced since. Found by test_histories."""

from dataclasses import replace

import pytest

from crawler.model import LookOutcome
from monitor.model import ListChange, ReadingFact
from tests.monitor.checks.history import YEAR, column, entry, facts, judged, moment, published, reading, state

YEARLESS = "政府信息公开年报"
OTHER = reading(year=YEAR - 1, id_=2)
NEXT = reading(year=YEAR + 1, id_=2)
LOOKS = ["01-20", "02-01", "02-02", "02-03"]


@pytest.mark.parametrize(
    ("then", "now", "expected"),
    [
        (reading("review"), OTHER, ("unknown", "unread_candidate")),
        (reading("review"), NEXT, ("unknown", "unread_candidate")),
        (reading("review"), reading("not_a_report", id_=2), ("unknown", "unread_candidate")),
        (None, OTHER, ("unknown", "unread_candidate")),
        (reading("review", candidates=("shili-x",)), OTHER, ("missing", "absent")),
        (reading("not_a_report"), OTHER, ("missing", "absent")),
    ],
)
def test_an_undecided_page_that_was_replaced(
    then: ReadingFact | None, now: ReadingFact, expected: tuple[str, str]
) -> None:
    readings = {"b": now} if then is None else {"a": then, "b": now}
    replaced = entry([("01-20", "appeared")], [("01-20", "a"), ("02-01", "b")], readings, title=YEARLESS)
    assert state(facts(column(LOOKS), entries=[replaced]), "02-03") == expected


def test_its_title_of_then_tells_the_year() -> None:
    titles = {
        "示例市水务局2022年政府信息公开工作年度报告": "missing",
        "示例市水务局2023年政府信息公开工作年度报告": "unknown",
    }
    for title, expected in titles.items():
        made = {"a": reading("review"), "b": OTHER}
        replaced = entry([("01-20", "appeared")], [("01-20", "a"), ("02-01", "b")], made, title=title)
        assert state(facts(column(LOOKS), entries=[replaced]), "02-03")[0] == expected


def test_every_title_of_an_unopened_row_counts() -> None:
    row = entry([("01-20", "appeared")], [("01-20", LookOutcome.SERVER_ERROR)], {})
    renamed = ListChange(moment("02-01"), "changed", "2022年政府信息公开工作年度报告", verdict="report")
    known = facts(column(LOOKS), entries=[replace(row, changes=(*row.changes, renamed))])
    assert state(known, "02-03") == ("unknown", "unread_candidate")


def test_a_page_that_was_unread_and_is_the_report_now_is_no_other_one() -> None:
    made = {"a": reading("review"), "b": reading(id_=2)}
    mended = entry([("01-20", "appeared")], [("01-20", "a"), ("02-01", "b")], made)
    assert state(facts(column(LOOKS), entries=[mended]), "02-03") == ("on_time", "seen_by_due")


def test_an_unread_attachment_of_a_page_that_stays_is_settled_by_its_reading() -> None:
    """The page came twice, its content is the same: nothing was replaced."""
    same = entry(
        [("01-20", "appeared")], [("01-20", "a"), ("01-22", "a"), ("02-01", "a")], {"a": OTHER}, title=YEARLESS
    )
    assert state(facts(column(LOOKS), entries=[same]), "02-03") == ("missing", "absent")


def test_a_report_found_elsewhere_is_not_late_while_the_replaced_page_is_open() -> None:
    made = {"a": reading("review"), "b": OTHER}
    replaced = entry([("01-20", "appeared")], [("01-20", "a"), ("02-01", "b")], made, title=YEARLESS, id_=2)
    known = facts(column([*LOOKS, "02-05"]), entries=[published("02-05"), replaced])
    assert judged(known, "02-06").reason == "unread_candidate"
