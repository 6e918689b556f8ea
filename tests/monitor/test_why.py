"""The explanation is the judgement: its steps, evaluated by themselves, lead to the state that was judged."""

import datetime as dt
import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.deadlines import DueDay, LocalRule
from config.schema import AgencyKind, YearSpan
from crawler.model import DateSource, LookOutcome
from monitor.checks.assessment import assess_case
from monitor.checks.case import Case, case_of
from monitor.model import AgencyFacts, State
from monitor.why.answer import Why, as_json, why
from monitor.why.steps import Conclusion
from monitor.wording import keys
from tests.monitor.checks.histories import DAY, DUE_OVER, END, History, histories, moments_of_judging, see
from tests.monitor.checks.history import (
    AGENCY,
    DEADLINES,
    YEAR,
    column,
    entry,
    facts,
    moment,
    of_kind,
    published,
    reading,
)

DOWN = LookOutcome.SERVER_ERROR
Values = Mapping[str, Any]


def at(values: Values, name: str) -> dt.datetime:
    return dt.datetime.fromisoformat(values[name])


# What each condition says, from its values alone.
HOLDS: Mapping[str, Callable[[Values], bool]] = {
    "founded": lambda v: v["founded_on"] <= v["year_end_on"],
    "existed": lambda v: v["ended_on"] >= v["needed_on"],
    "filed": lambda v: v["count"] > 0,
    "columns": lambda v: v["count"] > 0,
    "overdue": lambda v: at(v, "now_at") >= at(v, "overdue_at"),
    "soon": lambda v: at(v, "now_at") >= at(v, "soon_at"),
    "undecided": lambda v: v["count"] > 0,
    "undecided_before": lambda v: v["count"] > 0,
    "moved": lambda v: v["count"] > 0,
    "seen_well": lambda v: v["unseen"] == 0,
    "waited": lambda v: v["days"] >= v["needed"],
    "fresh": lambda v: v["days"] <= v["allowed"],
    "enough_days": lambda v: v["days"] >= v["needed"],
    "newest_saw": lambda v: v["count"] == 0,
    "seen_by_due": lambda v: at(v, "seen_at") < at(v, "overdue_at"),
    "absent_on_days": lambda v: v["days"] >= v["needed"],
    "absent_once": lambda v: v["days"] >= 1,
    "claims_by_due": lambda v: v["count"] > 0,
    "claims": lambda v: v["count"] > 0,
    "all_by_due": lambda v: v["last_on"] <= v["due_on"],
    "no_look_against": lambda v: v["days"] == 0,
    "not_contradicted": lambda v: v["absent_at"] is None or v["last_on"] >= v["absent_at"][:10],
    "gone": lambda v: v["standing"] == 0,
    "gone_on_days": lambda v: v["count"] == 0,
}
NOTHING_TO_COUNT = {"rule", "no_day", "failing", "fails_since", "reimported", "apart"}


def evaluated(answer: Why) -> Conclusion | None:
    """What the steps lead to: each is evaluated from its values; the last one that concludes anything decides."""
    found = None
    for step in answer.steps:
        held = HOLDS[step.key](step.values) if step.key not in NOTHING_TO_COUNT else step.held
        assert held is step.held, step
        found = step.leads_to
    return found


def explained(known: AgencyFacts, when: str, year: int = YEAR) -> Why:
    case = case_of(known, year, DEADLINES, moment(when))
    return why(case, assess_case(case))


def path(answer: Why) -> list[tuple[str, bool]]:
    return [(step.key, step.held) for step in answer.steps]


local_days = st.none() | st.builds(DueDay, month=st.just(1), day=st.integers(10, 30))


@settings(deadline=None, derandomize=settings().max_examples <= 100)
@given(histories(), moments_of_judging, local_days, st.sampled_from((None, (2024, 2, 3), (2023, 5, 1), (2025, 1, 1))))
def test_the_steps_lead_to_what_was_judged(
    history: History, drawn: int, local: DueDay | None, founded: tuple[int, int, int] | None
) -> None:
    years = YearSpan(first=2007)
    rules = (
        ()
        if local is None
        else (LocalRule(id="l", years=years, due=local, citation_zh="示例〔1〕", citation_en="Notice"),)
    )
    deadlines = DEADLINES.model_copy(update={"local": rules})
    agency = history.subject.agency.model_copy(update={"valid_from": None if founded is None else dt.date(*founded)})
    for until in (drawn, DUE_OVER, DUE_OVER + 3 * DAY, END):
        known = see(history, until)[0]
        judged_facts = AgencyFacts(agency, known.columns, known.entries, known.others)
        case = case_of(judged_facts, history.subject.year, deadlines, history.subject.moment(until))
        assessment = assess_case(case)
        answer = why(case, assessment)
        assert evaluated(answer) == (assessment.state, assessment.reason)
        assert [step.number for step in answer.steps] == list(range(1, len(answer.steps) + 1))
        _check_parts(case, answer)
        if assessment.local is not None and answer.local is not None and answer.local.steps:
            assert answer.local.steps[-1].leads_to == (assessment.local.state, assessment.local.reason)
        json.dumps(as_json(answer))


def _check_parts(case: Case, answer: Why) -> None:
    """No look is lost without being counted, and what a look is said to prove is what it can prove."""
    if answer.state is not State.EXEMPT:
        for shown, known in zip(answer.columns, case.facts.columns, strict=True):
            assert len(shown.looks) + shown.left_out == len(known.looks)
            assert len(shown.looks) <= 12
    for look in (look for found in answer.columns for look in found.looks):
        assert look.outcome.proves_absence or look.proves in ("nothing", "found")
        if look.proves == "absent_after_due":
            assert case.overdue_from is not None
            assert look.begun >= case.overdue_from
    assert len(answer.dates) == len(case.stated)


def test_every_step_has_its_words() -> None:
    spoken = {key.split(".")[1] for key in keys() if key.startswith("why_step.")}
    assert spoken == set(HOLDS) | NOTHING_TO_COUNT


def test_late_is_explained_by_its_looks() -> None:
    known = facts(column(["02-01", "02-02", "02-03 09:12"]), entries=[published("02-03 09:12", "02-03")])
    answer = explained(known, "02-10")
    assert (answer.state, answer.reason) == (State.LATE, "absence_proven")
    assert path(answer) == [
        ("filed", True),
        ("rule", True),
        ("seen_by_due", False),
        ("absent_on_days", True),
        ("undecided_before", False),
        ("reimported", False),
        ("gone", False),
    ]
    assert answer.steps[2].words.en == (
        "first seen 3 February 2024, 09:12 ≥ 1 February 2024, 00:00 → not seen by the due day"
    )
    assert "2天" in answer.steps[3].words.zh
    assert "≥ 2" in answer.steps[3].words.zh
    assert answer.steps[-1].leads_to == (State.LATE, "absence_proven")
    assert answer.law is not None
    assert (answer.law.rule_id, answer.law.article) == ("regulation-711-department", "第四十九条第一句")
    assert as_json(answer.law)["last_moment"] == "2024-01-31T23:59:59+08:00"
    assert "第一千二百五十九条" in answer.law.words.zh
    (shown,) = answer.columns
    assert [(look.proves, look.captures) for look in shown.looks] == [
        ("absent_after_due", (1001,)),
        ("absent_after_due", (1002,)),
        ("found", (1003,)),
    ]
    assert [(date.claims_publication, date.by_due) for date in answer.dates] == [(True, False)]
    assert answer.interval_words.en == "after 2 February 2024, 20:00, by 3 February 2024, 09:12"


def test_looks_are_few_and_the_rest_is_counted() -> None:
    looks = [*(f"01-{day:02}" for day in range(1, 32)), *(f"02-{day:02}" for day in range(1, 29))]
    answer = explained(facts(column(looks)), "02-28")
    (shown,) = answer.columns
    assert answer.state is State.MISSING
    assert [str(look.begun.date()) for look in shown.looks] == ["2024-02-01", "2024-02-02", "2024-02-28"]
    assert shown.left_out == len(looks) - 3


def test_a_document_s_date_is_shown_and_claims_nothing() -> None:
    signed = reading(stated=["01-10"], source=DateSource.SIGNATURE)
    late = entry([("02-04", "appeared")], [("02-04", "a")], {"a": signed})
    answer = explained(facts(column([("02-01", DOWN), "02-04"]), entries=[late]), "02-05")
    assert (answer.state, answer.reason) == (State.DATE_UNSURE, "date_unsure")
    assert [(date.date.source, date.claims_publication) for date in answer.dates] == [(DateSource.SIGNATURE, False)]
    assert ("claims", False) in path(answer)
    assert answer.interval_words.zh == "2024年2月4日 20:00之前（含）；此前没有能证明其不存在的查看"


@pytest.mark.parametrize(("readings", "says"), [({"a": reading("review")}, "review show 1"), ({}, "gongkai crawl")])
def test_what_to_do_about_an_undecided_entry(readings: dict[str, Any], says: str) -> None:
    waiting = entry([("02-01", "appeared")], [("02-01", "a")], readings)
    answer = explained(facts(column(["02-01", "02-02"]), entries=[waiting]), "02-02")
    assert (answer.state, answer.reason) == (State.UNKNOWN, "unread_candidate")
    (candidate,) = answer.candidates
    assert candidate.entry == 1
    assert says in candidate.todo.en
    assert {look.proves for look in answer.columns[0].looks} == {"candidate"}


def test_a_blind_look_proves_nothing_and_says_why() -> None:
    answer = explained(facts(column(["01-27", ("02-01", DOWN), ("02-02", DOWN)])), "02-02")
    assert (answer.state, answer.reason) == (State.UNKNOWN, "blind_server_error")
    assert [look.proves for look in answer.columns[0].looks] == ["nothing", "nothing"]
    assert answer.columns[0].left_out == 1
    assert path(answer)[-3:] == [("seen_well", False), ("failing", True), ("fails_since", True)]


def test_exempt_no_rule_and_no_day_are_answers_too() -> None:
    founded = AGENCY.model_copy(update={"valid_from": dt.date(2024, 2, 1)})
    answer = explained(facts(column(["02-01", "02-02"]), agency=founded), "02-02")
    assert (answer.state, answer.reason, answer.columns) == (State.EXEMPT, "founded_later", ())
    assert path(answer) == [("founded", False)]
    answer = explained(facts(column(["02-01"])), "02-02", year=2007)
    assert (answer.state, answer.law) == (State.NOT_DUE, None)
    township = explained(facts(column(["02-01"]), agency=of_kind(AgencyKind.TOWNSHIP)), "02-02")
    assert township.law is not None
    assert (township.reason, township.law.due, township.law.article) == ("no_national_day", None, "第四十九条")


@pytest.mark.parametrize(
    ("seen", "missed", "local_state"),
    [
        ("01-24", "none", State.ON_TIME),
        ("01-29", "local", State.LATE),
        ("02-03", "both", State.LATE),
    ],
)
def test_which_of_two_days_was_missed(seen: str, missed: str, local_state: State) -> None:
    rule = LocalRule(
        id="shili",
        years=YearSpan(first=2023),
        due=DueDay(month=1, day=25),
        citation_zh="《示例市通知》（示例〔2024〕1号）第三条",
        citation_en="Notice of 示例市",
    )
    looks = [*(f"01-{day}" for day in range(20, 32)), "02-01", "02-02", "02-03"]
    known = facts(column([day for day in looks if day <= seen]), entries=[published(seen, seen)])
    case = case_of(known, YEAR, DEADLINES.model_copy(update={"local": (rule,)}), moment("02-05"))
    answer = why(case, assess_case(case))
    assert answer.local is not None
    assert (answer.local.missed, answer.local.state) == (missed, local_state)
    assert (answer.local.day.article, answer.local.day.due) == ("第三条", dt.date(2024, 1, 25))
    assert answer.local.day.citation.en == "Notice of 示例市"
    assert answer.local.steps[-1].leads_to is not None


def test_another_assessment_is_refused() -> None:
    known = facts(column(["02-01", "02-02"]))
    missing, before = (case_of(known, YEAR, DEADLINES, moment(day)) for day in ("02-02", "01-20"))
    with pytest.raises(ValueError, match="steps lead to"):
        why(missing, assess_case(before))
