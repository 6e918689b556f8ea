"""Every branch of the state of an agency, with the exact boundaries of its days.

Long, because the branches of one function are checked against each other in one place.
"""

import datetime as dt

import pytest

from config.schema import AgencyKind, YearSpan
from crawler.model import DateSource, LookOutcome
from monitor.checks.assessment import assess
from monitor.checks.case import judged_years
from monitor.days import begin_of, days_past, end_of, late_span
from monitor.model import EntryFacts, State
from tests.monitor.checks.history import (
    AGENCY,
    DEADLINES,
    Looks,
    column,
    entry,
    facts,
    judged,
    moment,
    of_kind,
    published,
    reading,
    state,
)

DOWN = LookOutcome.SERVER_ERROR
NOT_FOUND = LookOutcome.SOFT_404


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("01-01 00:00:00", ("not_due", "before_due")),
        ("01-16 23:59:59", ("not_due", "before_due")),
        ("01-17 00:00:00", ("due_soon", "before_due")),
        ("01-31 23:59:59", ("due_soon", "before_due")),
        ("02-01 00:00:00", ("unknown", "not_looked_yet")),
        ("02-03 23:59:59", ("unknown", "not_looked_yet")),
        ("02-04 00:00:00", ("unknown", "never_looked")),
    ],
)
def test_days_before_and_after_the_due_day(at: str, expected: tuple[str, str]) -> None:
    assert state(facts(column(["01-31"])), at) == expected


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ("2023-12-20", ("on_time", "seen_by_due")),
        ("01-31 23:59:59", ("on_time", "seen_by_due")),
        ("02-01 00:00:00", ("date_unsure", "date_unsure")),
    ],
)
def test_seen_at_the_last_second_is_on_time(seen: str, expected: tuple[str, str]) -> None:
    assert state(facts(column([seen]), entries=[published(seen)]), "03-01") == expected


@pytest.mark.parametrize(
    ("kind", "year", "due"),
    [
        (AgencyKind.DEPARTMENT, 2007, None),
        (AgencyKind.DEPARTMENT, 2008, dt.date(2009, 3, 31)),
        (AgencyKind.DEPARTMENT, 2018, dt.date(2019, 3, 31)),
        (AgencyKind.DEPARTMENT, 2019, dt.date(2020, 1, 31)),
        (AgencyKind.DEPARTMENT, 2020, dt.date(2021, 1, 31)),
        (AgencyKind.GOVERNMENT, 2018, dt.date(2019, 3, 31)),
        (AgencyKind.GOVERNMENT, 2019, dt.date(2020, 3, 31)),
        (AgencyKind.TOWNSHIP, 2018, dt.date(2019, 3, 31)),
        (AgencyKind.TOWNSHIP, 2019, None),
    ],
)
def test_the_rule_follows_kind_and_year(kind: AgencyKind, year: int, due: dt.date | None) -> None:
    known = facts(column([]), agency=of_kind(kind))
    assessment = assess(known, year, DEADLINES, begin_of(dt.date(year + 1, 1, 2)))
    assert assessment.due == due
    if due is not None:
        assert assess(known, year, DEADLINES, end_of(due) - dt.timedelta(seconds=1)).state is State.DUE_SOON
        assert assess(known, year, DEADLINES, end_of(due)).state is State.UNKNOWN


def test_a_leap_day_is_a_day() -> None:
    assert days_past(dt.date(2024, 1, 31), moment("03-01 00:00:00")) == 30
    assert days_past(dt.date(2024, 1, 31), moment("02-29 23:59:59")) == 29
    assert days_past(dt.date(2023, 1, 31), moment("2023-03-01 00:00:00")) == 29
    assert late_span(dt.date(2024, 1, 31), moment("02-28"), moment("03-01")) == (28, 30)


def test_without_a_rule_or_a_day_nobody_is_late() -> None:
    silent = facts(column(["02-01", "02-02", "02-03"]))
    assert state(silent, "02-03", year=2007) == ("not_due", "no_rule")
    township = of_kind(AgencyKind.TOWNSHIP)
    assert state(facts(column(["02-01", "02-02"]), agency=township), "02-02") == ("not_due", "no_national_day")
    told = facts(column(["06-01"]), agency=township, entries=[published("06-01")])
    assert state(told, "06-02") == ("on_time", "no_national_day")


def test_without_a_column_nothing_can_be_said() -> None:
    assert state(facts(), "01-05") == ("unknown", "no_column")
    assert state(facts(), "06-05") == ("unknown", "no_column")


@pytest.mark.parametrize(
    ("looks", "at", "expected"),
    [
        (["02-01"], "02-01", ("unknown", "awaiting_second_look")),
        (["02-01 00:00:00", "02-01 23:59:59"], "02-02 12:00", ("unknown", "awaiting_second_look")),
        (["02-01 23:59:59", "02-02 00:00:00"], "02-02 00:00:00", ("missing", "absent")),
        (["01-31 23:59:59", "02-01"], "02-01", ("unknown", "awaiting_second_look")),
        (["02-01", "02-02"], "02-01 23:00", ("unknown", "awaiting_second_look")),
        (["02-01", "02-02"], "02-05 23:59:59", ("missing", "absent")),
        (["02-01", "02-02"], "02-06 00:00:00", ("unknown", "stale")),
        (["02-01"], "02-05", ("unknown", "stale")),
        ([("02-01", LookOutcome.EMPTY), "02-03"], "02-03", ("missing", "absent")),
        ([("02-01", DOWN), ("02-02", DOWN), "02-03"], "02-03", ("unknown", "awaiting_second_look")),
        (["02-01", "02-02", ("02-03", DOWN)], "02-03", ("unknown", "unverified")),
        (["02-01", "02-02", ("02-03", DOWN)], "02-06", ("unknown", "stale")),
        (["02-01", "02-02", ("02-03", DOWN), "02-04"], "02-04", ("missing", "absent")),
    ],
)
def test_missing_needs_healthy_looks_on_two_days(looks: Looks, at: str, expected: tuple[str, str]) -> None:
    assert state(facts(column(looks)), at) == expected


@pytest.mark.parametrize("outcome", [outcome for outcome in LookOutcome if not outcome.proves_absence])
def test_no_failing_look_ever_proves_an_absence(outcome: LookOutcome) -> None:
    known = facts(column(["01-27", ("01-28", outcome), *((f"02-{day:02}", outcome) for day in range(1, 20))]))
    assessment = judged(known, "02-19")
    assert (assessment.state, assessment.reason) == (State.UNKNOWN, f"blind_{outcome.value}")
    assert assessment.since == moment("01-28")


def test_the_reason_is_the_newest_failure_and_since_its_first() -> None:
    known = facts(column([("02-01", DOWN), ("02-02", LookOutcome.CHALLENGE)]))
    assessment = judged(known, "02-02")
    assert (assessment.reason, assessment.since) == ("blind_challenge", moment("02-01"))


def test_every_column_has_to_prove_the_absence() -> None:
    seen_well = column(["02-01", "02-02", "02-03"])
    blind = column([("02-01", DOWN), ("02-02", DOWN)], key="other")
    once = column(["02-02", ("02-03", DOWN)], key="other")
    other_days = column(["02-03", "02-04"], key="other")
    assert state(facts(seen_well, blind), "02-03") == ("unknown", "blind_server_error")
    assert state(facts(seen_well, column([], key="other")), "02-03") == ("unknown", "not_looked_yet")
    assert state(facts(seen_well, once), "02-03") == ("unknown", "awaiting_second_look")
    assert state(facts(seen_well, other_days), "02-04") == ("missing", "absent")
    # The staleness is that of the column verified longest ago.
    assert state(facts(seen_well, column(["02-02", "02-04"], key="other")), "02-08") == ("unknown", "stale")


@pytest.mark.parametrize(
    ("looks", "stated", "expected", "basis"),
    [
        # Blind until it was first seen: the agency's own days are all there is.
        ([("02-01", DOWN), "02-04"], ["01-30"], ("on_time", "dates_by_due"), "claimed"),
        ([("02-01", DOWN), "02-04"], ["01-31"], ("on_time", "dates_by_due"), "claimed"),
        ([("02-01", DOWN), "02-04"], ["02-01"], ("date_unsure", "date_unsure"), ""),
        ([("02-01", DOWN), "02-04"], ["01-30", "02-02"], ("date_unsure", "date_unsure"), ""),
        ([("02-01", DOWN), "02-04"], [], ("date_unsure", "date_unsure"), ""),
        # Looks before the due day that prove a stated day wrong.
        (["01-27", ("02-01", DOWN), "02-04"], ["01-27"], ("on_time", "dates_by_due"), "claimed"),
        (["01-27", ("02-01", DOWN), "02-04"], ["01-26"], ("date_unsure", "date_unsure"), ""),
        # One look after the due day without it.
        (["02-01", "02-04"], ["02-03"], ("late", "absence_proven"), ""),
        (["02-01", "02-04"], [], ("late", "absence_proven"), ""),
        (["02-01", "02-04"], ["01-30"], ("date_unsure", "date_unsure"), ""),
        (["02-01", "02-04"], ["01-30", "02-03"], ("date_unsure", "date_unsure"), ""),
        # Two days of them: what the agency states changes nothing any more.
        (["02-01", "02-02", "02-04"], ["01-30"], ("late", "absence_proven"), ""),
        (["02-01 08:00", "02-01 20:00", "02-04"], ["01-30"], ("date_unsure", "date_unsure"), ""),
    ],
)
def test_first_seen_after_the_due_day(looks: Looks, stated: list[str], expected: tuple[str, str], basis: str) -> None:
    known = facts(column(looks), entries=[published("02-04", *stated)])
    assessment = judged(known, "02-10")
    assert (assessment.state.value, assessment.reason) == expected
    assert assessment.basis == basis
    assert assessment.publication is assessment.state


def test_late_says_between_which_looks_it_was_published() -> None:
    known = facts(column(["02-01", "02-02", "02-04", "02-05"]), entries=[published("02-05", "02-05")])
    assessment = judged(known, "03-01")
    assert assessment.state is State.LATE
    assert (assessment.last_absent, assessment.first_seen) == (moment("02-04"), moment("02-05"))
    assert late_span(dt.date(2024, 1, 31), assessment.last_absent, moment("02-05")) == (4, 5)
    assert [note.key for note in assessment.notes] == ["stated_after_due"]


def test_a_stated_day_that_looks_prove_wrong_is_said() -> None:
    known = facts(column(["02-01", "02-02", "02-03", "02-04"]), entries=[published("02-04", "01-30")])
    assessment = judged(known, "02-10")
    assert assessment.state is State.LATE
    assert [note.key for note in assessment.notes] == ["stated_date_contradicts_look"]


def test_documents_dates_claim_no_publication() -> None:
    signed = reading(stated=["01-10"], source=DateSource.SIGNATURE)
    known = facts(
        column([("02-01", DOWN), "02-04"]),
        entries=[entry([("02-04", "appeared")], [("02-04", "a")], {"a": signed})],
    )
    assert state(known, "02-05") == ("date_unsure", "date_unsure")


def test_a_moved_page_with_a_new_date_stays_on_time() -> None:
    first = published("01-20", "01-20")
    moved = published("03-01", "03-01", id_=2)
    known = facts(column(["01-20", "03-01"]), entries=[moved, first])
    assert state(known, "03-02") == ("on_time", "seen_by_due")


def test_the_list_alone_shows_it_before_its_page_can_be_read() -> None:
    listed = entry([("01-30", "appeared")], [("01-30", DOWN), ("02-04", "a")])
    assert state(facts(column(["01-30", "02-04"]), entries=[listed]), "02-05") == ("on_time", "seen_by_due")
    # Before the page was read, nobody could tell: not missing.
    assert state(facts(column(["01-30", "02-01", "02-02"]), entries=[listed]), "02-03") == (
        "unknown",
        "unread_candidate",
    )


def test_an_entry_that_held_another_report_counts_from_its_change_on() -> None:
    other = reading(year=2022, id_=2)
    changed = entry(
        [("2023-01-20", "appeared")],
        [("2023-01-20", "b"), ("02-02", "b"), ("02-05", "a")],
        {"a": reading(), "b": other},
        title="政府信息公开工作年度报告",
    )
    known = facts(column(["2023-01-20", "02-01", "02-02", "02-05"]), entries=[changed])
    assert state(known, "02-02") == ("missing", "absent")
    assessment = judged(known, "02-06")
    assert (assessment.state, assessment.first_seen) == (State.LATE, moment("02-05"))


def test_a_look_that_listed_the_report_unopened_proves_no_absence() -> None:
    silent = reading("not_a_report", id_=2)
    first_a_shell = entry(
        [("02-01", "appeared")],
        [("02-01", "b"), ("02-05", "a")],
        {"a": reading(), "b": silent},
    )
    known = facts(column(["02-01", "02-02", "02-03", "02-05"]), entries=[first_a_shell])
    # On 02-01 the page was seen to be something else; on 02-02 and 02-03 nobody opened it.
    assert judged(known, "02-06").last_absent == moment("02-01")


@pytest.mark.parametrize(
    ("title", "candidate"),
    [
        ("示例市水务局2023年政府信息公开工作年度报告", True),
        ("示例水务二〇二三年度报告", True),
        ("政府信息公开工作年度报告", True),
        ("2023年政府信息公开工作年度报告", True),
        ("２０２３年政府信息公开工作年度报告", True),
        ("2022年政府信息公开工作年度报告", False),
        ("示例市文旅局2023年政府信息公开工作年度报告", False),
        ("示例市文旅局、示例市水务局2023年政府信息公开工作年度报告", True),
    ],
)
@pytest.mark.parametrize("readings", [{}, {"a": reading("review")}])
def test_an_undecided_entry_keeps_from_accusing(title: str, candidate: bool, readings: dict[str, object]) -> None:
    unread = entry(
        [("02-01", "appeared")],
        [("02-01", "a")],
        {"a": reading("review")} if readings else {},
        title=title,
    )
    known = facts(column(["02-01", "02-02"]), entries=[unread])
    assert state(known, "02-02") == (("unknown", "unread_candidate") if candidate else ("missing", "absent"))


@pytest.mark.parametrize(
    ("unread", "candidate"),
    [
        (entry([("02-01", "appeared")], [], {}), True),  # never opened
        (entry([("02-01", "appeared")], [("02-01", NOT_FOUND)], {}), True),
        (entry([("02-01", "appeared")], [("02-01", "a")], {"a": reading("not_a_report")}), False),
        (entry([("02-01", "appeared")], [("02-01", "a")], {"a": reading(year=2022)}), False),
        (entry([("02-01", "appeared")], [("02-01", "a")], {"a": reading("review", candidates=("shili-x",))}), False),
        (entry([("02-01", "appeared")], [("02-01", "a")], {"a": reading("review", candidates=(AGENCY.id,))}), True),
        (entry([("02-01", "appeared")], [], {}, key="elsewhere"), False),  # not a column of this agency
        (entry([("2022-03-01", "appeared")], [], {}, title="年度报告"), False),  # there before the year was over
        (entry([("02-01", "appeared")], [], {}, title="年度报告", list_date="2019-03-01"), False),
        (entry([("02-01", "appeared")], [], {}, title="年度报告", list_date="2023-01-20"), True),  # a slip in January
        (
            entry(
                [("02-01", "appeared")],
                [("02-01", "a")],
                {"a": reading("review", printed="示例市文旅局")},
                title="2023年度报告",
            ),
            False,
        ),
    ],
)
def test_which_undecided_entries_may_be_the_report(unread: EntryFacts, candidate: bool) -> None:
    known = facts(column(["02-01", "02-02"]), entries=[unread])
    assert state(known, "02-02") == (("unknown", "unread_candidate") if candidate else ("missing", "absent"))


def test_an_unread_page_that_was_there_before_keeps_from_calling_it_late() -> None:
    unread = entry([("02-01", "appeared")], [("02-01", "b")], {}, id_=2)
    known = facts(column(["02-01", "02-02", "02-05"]), entries=[published("02-05"), unread])
    assert state(known, "02-06") == ("unknown", "unread_candidate")
    later = entry([("02-06", "appeared")], [("02-06", "b")], {}, id_=2)
    known = facts(column(["02-01", "02-02", "02-05", "02-06"]), entries=[published("02-05"), later])
    assert state(known, "02-07") == ("late", "absence_proven")


GONE = [("01-20", "appeared"), ("03-05", "gone")]
VISITS = ["01-20", "03-04", "03-05", "03-06"]


@pytest.mark.parametrize(
    ("pages", "at", "expected"),
    [
        ([("01-20", "a"), ("03-05", NOT_FOUND)], "03-05", ("unknown", "awaiting_second_look")),
        ([("01-20", "a"), ("03-05", NOT_FOUND)], "03-06", ("unknown", "awaiting_second_look")),
        ([("01-20", "a"), ("03-05", NOT_FOUND), ("03-06", NOT_FOUND)], "03-06", ("withdrawn", "page_gone")),
        ([("01-20", "a"), ("03-05", "a"), ("03-06", "a")], "03-06", ("on_time", "seen_by_due")),
        ([("01-20", "a"), ("03-05", DOWN), ("03-06", DOWN)], "03-06", ("on_time", "seen_by_due")),
        ([("01-20", "a"), ("03-05", NOT_FOUND), ("03-06", DOWN)], "03-06", ("unknown", "awaiting_second_look")),
        ([("01-20", "a"), ("03-05", NOT_FOUND), ("03-06", "a")], "03-06", ("on_time", "seen_by_due")),
    ],
)
def test_withdrawn_needs_list_and_page_on_two_days(
    pages: list[tuple[str, str | LookOutcome]], at: str, expected: tuple[str, str]
) -> None:
    known = facts(column(VISITS), entries=[entry(GONE, pages)])
    assert state(known, at) == expected


def test_withdrawn_keeps_the_verdict_on_the_publication_and_ends_when_it_is_back() -> None:
    pages: list[tuple[str, str | LookOutcome]] = [("01-20", "a"), ("03-05", NOT_FOUND), ("03-06", NOT_FOUND)]
    gone = entry(GONE, pages)
    assessment = judged(facts(column(VISITS), entries=[gone]), "03-07")
    assert (assessment.state, assessment.publication) == (State.WITHDRAWN, State.ON_TIME)
    assert assessment.since == moment("03-05")
    back = entry([*GONE, ("03-08", "appeared")], [*pages, ("03-08", "a")])
    assert state(facts(column([*VISITS, "03-08"]), entries=[back]), "03-08") == ("on_time", "seen_by_due")
    # A copy of it that still stands, or an unread page in the list that may be it, speaks against it.
    copy = published("01-20", id_=2)
    assert state(facts(column(VISITS), entries=[gone, copy]), "03-07") == ("on_time", "seen_by_due")
    unread = entry([("03-05", "appeared")], [("03-05", "b")], {}, id_=2)
    assert state(facts(column(VISITS), entries=[gone, unread]), "03-07") == ("unknown", "unread_candidate")


@pytest.mark.parametrize(
    ("changes", "pages", "notes"),
    [
        ([("01-20", "appeared")], [("01-20", "a")], []),
        (GONE, [("01-20", "a"), ("03-05", "a")], ["unlisted"]),
        ([("01-20", "appeared")], [("01-20", "a"), ("03-05", DOWN)], ["page_failing"]),
        ([("01-20", "appeared")], [("01-20", "a"), ("03-05", NOT_FOUND)], ["page_failing"]),
        ([("01-20", "appeared")], [("01-20", "a"), ("03-05", "b")], ["other_content"]),
    ],
)
def test_what_is_said_beside_a_state(
    changes: list[tuple[str, str]], pages: list[tuple[str, str | LookOutcome]], notes: list[str]
) -> None:
    held = entry(changes, pages, {"a": reading(), "b": reading(year=2020, id_=2)})
    assessment = judged(facts(column(VISITS), entries=[held]), "03-07")
    assert assessment.state is State.ON_TIME
    assert [note.key for note in assessment.notes] == notes


def test_facts_later_than_the_moment_are_not_looked_at() -> None:
    known = facts(column(["02-01", "02-02", "02-05"]), entries=[published("02-05", "02-05")])
    assert state(known, "01-20") == ("due_soon", "before_due")
    assert state(known, "02-01") == ("unknown", "awaiting_second_look")
    assert state(known, "02-04") == ("missing", "absent")
    assert state(known, "02-05") == ("late", "absence_proven")


def test_which_years_are_judged() -> None:
    agency = AGENCY.model_copy(update={"watched_years": (YearSpan(first=2021), YearSpan(first=2018, last=2019))})
    assert judged_years(agency, moment("2023-12-31 23:59:59")) == [2018, 2019, 2021, 2022]
    assert judged_years(agency, moment("2024-01-01 00:00:00")) == [2018, 2019, 2021, 2022, 2023]
    # Also where it did not exist: such a year has a state of its own (exempt).
    founded = agency.model_copy(update={"valid_from": dt.date(2022, 1, 1), "valid_to": dt.date(2022, 6, 1)})
    assert judged_years(founded, moment("02-01")) == [2018, 2019, 2021, 2022, 2023]
