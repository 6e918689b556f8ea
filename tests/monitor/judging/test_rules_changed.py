"""A change of rules over a real store: what is recorded of it, who hears what, and that it is told once."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from config.alerts import EventKind
from config.deadlines import Deadlines
from config.env import PACKAGED_CONFIG
from config.load import read_yaml
from config.schema import Agency, AgencyKind
from crawler.model import LookOutcome
from crawler.store.session import open_store
from crawler.store.tables import AgencyState, Event, Finding
from monitor.alerts.notice import notice
from monitor.details import assessment_json, finding_json
from monitor.judging.transitions import OpenFinding, RecordedState, changes
from monitor.model import Assessment, EvaluateResult, LocalVerdict, NewEvent, State, Verdicts
from monitor.wording import LANGUAGES
from tests.monitor.checks.history import moment
from tests.monitor.world import Page, World, agency, configuration

SW = agency("shili-sw", "示例市水务局")
TOWN = agency("shili-zf", "示例镇人民政府", AgencyKind.TOWNSHIP)
PACKAGED = read_yaml(PACKAGED_CONFIG / "deadlines.yml")
MARCH = {"month": 3, "day": 31}
LOCAL = {
    "id": "shili",
    "years": {"first": 2023, "last": 2023},
    "due": {"month": 1, "day": 20},
    "citation_zh": "示例政公开办〔2024〕1号",
    "citation_en": "示例政公开办〔2024〕No. 1",
}


@pytest.fixture
def world(database_url: str) -> World:
    return World(open_store(database_url, create=True), configuration(SW, TOWN))


def put(world: World, *local: Mapping[str, Any], department: Mapping[str, int] | None = None, name: str = "") -> None:
    """Other rules from now on: local ones, another day for departments, another name for their rule."""
    rules = [dict(rule) for rule in PACKAGED["rules"]]
    rules[1] |= {"due": dict(department)} if department else {}
    rules[1] |= {"id": name} if name else {}
    made = Deadlines.model_validate(PACKAGED | {"rules": rules, "local": [{**LOCAL, **one} for one in local]})
    world.configuration = replace(world.configuration, deadlines=made)


def of(result: EvaluateResult, who: Agency = SW) -> list[NewEvent]:
    return [event for event in result.events if event.agency_id == who.id]


def said(events: list[NewEvent]) -> list[tuple[str, str, str]]:
    """Kind, what was resolved, and why."""
    return [(one.kind, str(one.details.get("resolved", "")), str(one.details.get("because", ""))) for one in events]


def look(world: World, *days: str, who: Agency = SW) -> EvaluateResult:
    for day in days:
        world.visit(who.id, day)
        result = world.evaluate(day)
    return result


def words(event: NewEvent, at: str) -> str:
    """A message about the event, in both languages."""
    items = [
        notice(
            EventKind(event.kind),
            event.agency_id,
            event.year,
            event.details,
            at=moment(at),
            public_url="http://127.0.0.1",
            language=language,
        )
        for language in LANGUAGES
    ]
    return "\n".join(f"{line.label}: {line.text} {line.address}" for item in items for line in item.lines)


def test_who_was_told_missing_hears_that_the_rules_were_corrected(world: World) -> None:
    assert said(of(look(world, "01-31", "02-01", "02-02")))[-1] == ("missing", "", "")
    put(world, department=MARCH)
    (event,) = of(world.evaluate("02-02 21:00"))
    assert said([event]) == [("resolved", "rules_changed", "rules")]
    assert event.details["rules"] == {
        "from": {"rule": "regulation-711-department", "due": "2024-01-31", "local_rule": None, "local_due": None},
        "to": {"rule": "regulation-711-department", "due": "2024-03-31", "local_rule": None, "local_due": None},
    }
    assert (event.details["from"], event.details["to"]) == ("missing", "not_due")
    text = words(event, "02-02 21:00")
    assert "截止日由2024年1月31日改为2024年3月31日" in text
    assert "our correction: the rule for the due day that we used was wrong" in text
    assert not of(world.evaluate("02-02 22:00"))
    with world.sessions() as session:
        (finding,) = session.scalars(select(Finding).where(Finding.kind == "missing"))
        assert finding.closed_at == moment("02-02 21:00")
        row = session.scalars(select(AgencyState).where(AgencyState.agency_id == SW.id)).one()
        assert (row.due, row.state) == (dt.date(2024, 3, 31), "not_due")
        assert "because" not in row.details


def test_who_was_told_late_hears_it_too(world: World) -> None:
    look(world, "02-01", "02-02")
    world.visit(SW.id, "02-05", [Page("nb", stated="02-05")])
    assert said(of(world.evaluate("02-05"))) == [("resolved", "published", ""), ("late", "", "")]
    put(world, department=MARCH)
    events = of(world.evaluate("02-06"))
    assert said(events) == [("quiet", "", "rules"), ("resolved", "rules_changed", "rules")]
    assert events[1].finding_key == f"late:{SW.id}:2023"
    # The other way round it becomes late by the rules, and says so.
    put(world)
    assert said(of(world.evaluate("02-07"))) == [("late", "", "rules")]


def test_seen_meanwhile_it_was_published_whatever_the_rules(world: World) -> None:
    look(world, "02-01", "02-02")
    put(world, department={"month": 2, "day": 1})
    world.visit(SW.id, "02-05", [Page("nb")])
    assert said(of(world.evaluate("02-05"))) == [("resolved", "published", "rules"), ("late", "", "rules")]


def test_missing_by_both_days_is_recorded_and_told_to_nobody(world: World) -> None:
    look(world, "02-01", "02-02", "02-03")
    put(world, department={"month": 1, "day": 25})
    assert said(of(world.evaluate("02-03 21:00"))) == [("quiet", "", "rules")]
    assert not of(world.evaluate("02-03 22:00"))


def test_a_rule_that_got_another_name_changes_nothing(world: World) -> None:
    look(world, "02-01", "02-02")
    put(world, name="article-49")
    assert not of(world.evaluate("02-02 21:00"))
    with world.sessions() as session:
        row = session.scalars(select(AgencyState).where(AgencyState.agency_id == SW.id)).one()
        assert row.details["rule"] == "article-49"


@pytest.mark.parametrize("outcome", [LookOutcome.SERVER_ERROR, LookOutcome.CHALLENGE])
def test_a_newest_look_that_could_not_see_is_no_correction_of_the_rules(world: World, outcome: LookOutcome) -> None:
    look(world, "02-01", "02-02", "02-03")
    put(world, department={"month": 2, "day": 1})
    world.visit(SW.id, "02-04", outcome=outcome)
    assert said(of(world.evaluate("02-04"))) == [("quiet", "", "rules")]
    world.visit(SW.id, "02-05")
    assert said(of(world.evaluate("02-05"))) == [("quiet", "", "")]  # the finding has stood all the time


def test_missing_may_fall_by_the_rules_into_a_blindness_that_is_told_as_well(world: World) -> None:
    look(world, "02-01", "02-02")
    world.visit(SW.id, "02-03", outcome=LookOutcome.SERVER_ERROR)
    put(world, department={"month": 2, "day": 2})
    assert said(of(world.evaluate("02-03"))) == [("resolved", "rules_changed", "rules"), ("unknown", "", "rules")]


def test_a_local_day_that_was_missed_is_told_once_and_as_the_supervising_office_s(world: World) -> None:
    put(world, {"kinds": ["department"]})
    assert not [one for one in of(look(world, "01-10", "01-20", "01-21")) if one.kind != "quiet"]
    (event,) = of(look(world, "01-22"))
    assert (event.kind, event.finding_key) == ("local_late", f"local_late:{SW.id}:2023:missing")
    text = words(event, "01-22")
    for part in (
        "主管部门要求最迟于2024年1月20日公布",
        "示例政公开办〔2024〕1号",
        "《条例》规定的截止日是2024年1月31日，尚未到期",
        "this is not the Regulation's day: by the Regulation it is due on 31 January 2024, which is still to come",
        "第四十九条第一句",
    ):
        assert part in text
    assert "报告: " not in text
    assert not of(look(world, "01-23"))
    # It comes after the local day and before the law's: told once more, as late by the local day and on time by the law.
    world.visit(SW.id, "01-24", [Page("nb")])
    events = of(world.evaluate("01-24"))
    assert said(events) == [("quiet", "", ""), ("local_late", "", "")]
    assert (events[1].details["state"], events[1].finding_key) == ("on_time", f"local_late:{SW.id}:2023:late")
    text = words(events[1], "01-24")
    assert "《条例》规定的截止日是2024年1月31日，报告在此之前已公布" in text
    assert "2024年1月24日 20:00首次看到" in text
    assert not of(world.evaluate("02-10"))
    with world.sessions() as session:
        kinds = session.scalars(select(Event.kind).where(Event.agency_id == SW.id, Event.kind != "quiet")).all()
        assert kinds == ["due_soon", "local_late", "local_late"]


def test_a_local_day_that_is_taken_back_is_told_as_our_correction(world: World) -> None:
    put(world, {"kinds": ["department"]})
    look(world, "01-21", "01-22")
    put(world)
    events = of(world.evaluate("01-22 21:00"))
    assert said(events) == [("quiet", "", "rules"), ("resolved", "rules_changed", "rules")]
    assert "主管部门要求的日期由2024年1月20日改为无" in words(events[1], "01-22 21:00")


@pytest.mark.parametrize(
    ("state", "local", "resolved"),
    [
        (State.ON_TIME, State.LATE, []),  # told by the finding that opens
        (State.ON_TIME, State.DATE_UNSURE, ["published"]),
        (State.UNKNOWN, State.UNKNOWN, ["published"]),  # an earlier entry that nobody has decided
        (State.ON_TIME, State.ON_TIME, ["retracted"]),
        (State.EXEMPT, None, ["exempt"]),
    ],
)
def test_why_it_no_longer_stands_that_a_local_day_was_missed(
    state: State, local: State | None, resolved: list[str]
) -> None:
    seen, due = moment("01-23"), dt.date(2024, 1, 20)
    before = Assessment(SW.id, 2023, State.DUE_SOON, "before_due", moment("01-17"), dt.date(2024, 1, 31), "law")
    verdict = LocalVerdict("shili", due, State.MISSING, "absent", "甲", "a")
    missed = replace(before, local=verdict, parameters={"due_on": "2024-01-31"})
    after = replace(
        missed,
        state=state,
        first_seen=seen,
        local=None if local is None else replace(verdict, state=local, reason="date_unsure"),
    )
    recorded = assessment_json(missed, SW, None, seen)
    key = f"local_late:{SW.id}:2023:missing"
    found = OpenFinding(1, key, "local_late", finding_json(recorded, key, "local_late", {"url": ""}))
    made = changes(
        after,
        SW,
        None,
        [Verdicts(over=frozenset({key}))],
        RecordedState(missed.state, missed.since, missed.due, recorded),
        {key: found},
        seen,
    )
    ended = [one for one in made.events if one.finding_key == key]
    assert [one.details["resolved"] for one in ended] == resolved
    assert not any("because" in one.details for one in made.events)


def test_a_township_is_missing_by_the_local_day_and_the_message_says_whose_it_is(world: World) -> None:
    assert not [one for one in of(look(world, "02-01", "02-02", who=TOWN), TOWN) if one.kind != "quiet"]
    put(world, {"kinds": ["township"], "due": {"month": 1, "day": 31}})
    (event,) = of(world.evaluate("02-02 21:00"), TOWN)
    assert said([event]) == [("missing", "", "rules")]
    assert event.details["citation"]["zh"] == "示例政公开办〔2024〕1号"
    text = words(event, "02-02 21:00")
    assert "国家规定未对该类单位设定公布日期；2024年1月31日是主管部门规定的日期（示例政公开办〔2024〕1号）" in text
    assert "第四十九条" not in text
    put(world)
    assert said(of(world.evaluate("02-02 22:00"), TOWN)) == [("resolved", "rules_changed", "rules")]


def test_who_was_missing_and_turns_out_to_owe_nothing_is_told_so(world: World) -> None:
    look(world, "02-01", "02-02")
    ended = SW.model_copy(update={"valid_to": dt.date(2024, 1, 10)})
    heir = Agency.model_validate(
        TOWN.model_dump() | {"id": "shili-new", "name": "示例市新水务局", "kind": "department", "predecessor": SW.id}
    )
    agencies = world.configuration.agencies | {SW.id: ended, heir.id: heir}
    world.configuration = replace(world.configuration, agencies=agencies)
    (event,) = of(world.evaluate("02-02 21:00"))
    assert said([event]) == [("resolved", "exempt", "")]
    text = words(event, "02-02 21:00")
    assert "由示例市新水务局承接" in text
    assert "by the registry the office owes no report of this year" in text
    with world.sessions() as session:
        assert session.scalars(select(Finding).where(Finding.closed_at.is_(None))).all() == []


def test_a_report_that_is_seen_ends_an_alert_also_where_its_day_is_unsure(world: World) -> None:
    world.visit(SW.id, "02-01", outcome=LookOutcome.SERVER_ERROR)
    assert said(of(world.evaluate("02-01"))) == [("quiet", "", "")]  # the first record of it, before anybody asked
    world.visit(SW.id, "02-03", [Page("nb", stated="02-02")])
    result = world.evaluate("02-03")
    (found,) = [one for one in result.assessments if one.agency_id == SW.id]
    assert (found.state.value, found.publication) == ("date_unsure", found.state)
    assert said(of(result)) == [("resolved", "published", "")]
    assert not of(world.evaluate("02-04"))
