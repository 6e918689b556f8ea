"""Articles and columns from day to day: present or not, replaced silently, the list's own age. No socket."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from tests.portals import Column, Fault, Kind
from tests.portals.conftest import article
from tests.portals.reports import Figures, invented_report

CHANGE = dt.date(2024, 2, 20)


@pytest.mark.parametrize(
    ("day", "present"),
    [(dt.date(2024, 1, 17), False), (dt.date(2024, 1, 18), True), (dt.date(2024, 3, 4), True), (dt.date(2024, 3, 5), False)],
)  # fmt: skip
def test_an_article_is_there_from_its_first_to_its_last_day(day: dt.date, present: bool) -> None:
    one = replace(article(18), last=dt.date(2024, 3, 4))
    assert one.present(day) is present
    assert bool(Column("x", (one,)).listed(day)) is present


def test_a_claimed_day_may_differ_from_the_real_one() -> None:
    one = replace(article(18), first=dt.date(2024, 2, 9))
    assert not one.present(dt.date(2024, 2, 8)) and one.present(dt.date(2024, 2, 9))


def test_a_revision_replaces_the_body_from_its_day_on() -> None:
    one = replace(article(18), revisions=((CHANGE, "<p>新的正文</p>"),))
    before, after = CHANGE - dt.timedelta(days=1), CHANGE
    assert (one.body_on(before), one.changed_on(before)) == (one.body, one.published)
    assert (one.body_on(after), one.changed_on(after)) == ("<p>新的正文</p>", CHANGE)


def test_a_column_that_lost_an_article_is_younger_than_before() -> None:
    column = Column("x", (article(10), replace(article(18), last=dt.date(2024, 3, 4))))
    assert column.changed_on(dt.date(2024, 1, 9)) is None
    assert column.changed_on(dt.date(2024, 3, 4)) == dt.date(2024, 1, 18)
    assert column.changed_on(dt.date(2024, 3, 5)) == dt.date(2024, 3, 5)


def test_a_fault_holds_on_its_days_and_paths_only() -> None:
    fault = Fault(Kind.SERVER_ERROR, dt.date(2024, 1, 28), dt.date(2024, 2, 3), "/module/")
    held = [fault.holds(dt.date(2024, 1, 27) + dt.timedelta(days=n), "/module/x") for n in range(9)]
    assert held == [False, *[True] * 7, False]
    assert not fault.holds(dt.date(2024, 1, 28), "/col/col1/index.html")


def test_figures_balance() -> None:
    figures = Figures(
        outcomes={"granted": {"natural_person": 5, "company": 1}},
        carried_in={"natural_person": 2},
        carried_out={"company": 3},
    )
    values = figures.values()
    assert len(values) == 200
    assert values["requests.received.natural_person"] == 3 and values["requests.received.company"] == 4
    assert values["requests.received.total"] + values["requests.carried_in.total"] == 9
    assert values["requests.processed_total.total"] + values["requests.carried_out.total"] == 9


def test_figures_refuse_a_cell_that_the_form_does_not_have() -> None:
    with pytest.raises(ValueError, match=r"requests\.granted\.nobody"):
        Figures(misprints={"requests.granted.nobody": 1}).values()


def test_only_invented_agencies_get_invented_reports() -> None:
    with pytest.raises(ValueError, match="示例"):
        invented_report("某市教育局", 2023, Figures(), dt.date(2024, 1, 1))
