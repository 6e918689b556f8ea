"""Every rule at its boundaries: the last instant of a due day and the first one after it, for seen and not seen.

The days are those of the packaged rules, written out here once more: a rule that is changed by mistake fails these tests.

Long, because it is a list: every rule at both sides of its day.
"""

import datetime as dt
from typing import Any

import pytest

from config.deadlines import Deadlines
from config.env import PACKAGED_CONFIG
from config.load import read_yaml
from config.schema import Agency, AgencyKind, YearSpan
from crawler.model import LookOutcome
from monitor.checks import deadline
from monitor.checks.assessment import assess, assess_case
from monitor.checks.case import Judged, case_of
from monitor.checks.exemption import exemption
from monitor.days import SHANGHAI, begin_of, iso_moment
from monitor.model import (
    AgencyFacts,
    Assessment,
    ColumnFacts,
    EntryFacts,
    ListChange,
    LookFact,
    PageCapture,
    State,
    Verdicts,
)
from tests.monitor.checks.history import AGENCY, DEADLINES, reading

DEPARTMENT, GOVERNMENT, TOWNSHIP = AgencyKind.DEPARTMENT, AgencyKind.GOVERNMENT, AgencyKind.TOWNSHIP
CODES = {"national": "100000", "provincial": "990000", "prefectural": "990100", "county": "990121"}
INSTANT = dt.timedelta(microseconds=1)
DAY = dt.timedelta(days=1)

# Kind, levels, report year, and the day of the year after by which it is due.
DUES = [
    *((kind, level, year, (3, 31)) for kind in AgencyKind for level in CODES for year in (2008, 2018)),
    *((DEPARTMENT, level, year, (1, 31)) for level in CODES for year in (2019, 2020, 2021, 2023, 2024)),
    *(
        (GOVERNMENT, level, year, (3, 31))
        for level in CODES
        if level != "national"
        for year in (2019, 2020, 2021, 2023)
    ),
]
NO_DUES = [
    *((kind, year, "no_rule") for kind in AgencyKind for year in (2007,)),
    *((TOWNSHIP, year, "no_national_day") for year in (2019, 2020, 2021, 2023, 2024)),
]


def agency(kind: AgencyKind = DEPARTMENT, code: str = "990100", **values: Any) -> Agency:
    return AGENCY.model_copy(update={"kind": kind, "region_code": code, **values})


def looks(*moments: dt.datetime, outcome: LookOutcome = LookOutcome.HEALTHY) -> ColumnFacts:
    found = tuple(LookFact(place, at, at, outcome, captures=(place,)) for place, at in enumerate(moments, 1))
    return ColumnFacts("shili", "示例市人民政府", "nb", "政府信息公开年报", "http://127.0.0.1/nb/", found)


def report(at: dt.datetime, year: int, *stated: str) -> EntryFacts:
    """The report of that year, listed and opened at that moment."""
    url = "http://127.0.0.1/nb/1.html"
    return EntryFacts(
        id=1,
        portal="shili",
        column="nb",
        url=url,
        changes=(ListChange(at, "appeared", f"{AGENCY.name}{year}年政府信息公开工作年度报告", verdict="report"),),
        captures=(PageCapture(100, at, "detail", url, LookOutcome.HEALTHY, "a"),),
        readings={"a": (reading(year=year, stated=stated),)},
    )


def facts(column: ColumnFacts, *entries: EntryFacts, of: Agency | None = None, **values: Any) -> AgencyFacts:
    return AgencyFacts(of or AGENCY, (column,), entries, frozenset(), **values)


def over(year: int, day: tuple[int, int]) -> dt.datetime:
    """00:00:00 in Shanghai after the due day: the first instant that is too late."""
    return begin_of(dt.date(year + 1, *day) + DAY)


@pytest.mark.parametrize(("kind", "level", "year", "day"), DUES)
def test_the_last_instant_of_the_due_day(kind: AgencyKind, level: str, year: int, day: tuple[int, int]) -> None:
    who, end = agency(kind, CODES[level]), over(year, day)
    assert (end - INSTANT).isoformat().endswith("T23:59:59.999999+08:00")
    silent = facts(looks(end - DAY, end, end + DAY), of=who)
    before = assess(silent, year, DEADLINES, end - INSTANT)
    assert (before.state, before.due) == (State.DUE_SOON, dt.date(year + 1, *day))
    assert assess(silent, year, DEADLINES, end).state is State.UNKNOWN  # one look is none
    assert assess(silent, year, DEADLINES, end + DAY - INSTANT).state is State.UNKNOWN
    assert assess(silent, year, DEADLINES, end + DAY).state is State.MISSING


@pytest.mark.parametrize(("kind", "level", "year", "day"), DUES)
def test_seen_at_the_last_instant_and_at_the_first_one_too_late(
    kind: AgencyKind, level: str, year: int, day: tuple[int, int]
) -> None:
    who, end = agency(kind, CODES[level]), over(year, day)
    later = end + 40 * DAY

    def seen(at: dt.datetime, *earlier: dt.datetime) -> Assessment:
        return assess(facts(looks(*earlier, at), report(at, year), of=who), year, DEADLINES, later)

    in_time = seen(end - INSTANT, end - DAY)
    assert (in_time.state, in_time.basis, in_time.publication) == (State.ON_TIME, "seen", State.ON_TIME)
    # First seen when the due day was over: nothing proves when it came.
    unsure = seen(end, end - DAY)
    assert (unsure.state, unsure.reason, unsure.publication) == (
        State.DATE_UNSURE,
        "date_unsure",
        State.DATE_UNSURE,
    )
    assert unsure.interval is not None and unsure.interval.not_before is not None
    assert unsure.interval.not_before.at < end <= unsure.interval.not_after.at
    # A look at the first instant after it did not find it.
    late = seen(end + INSTANT, end)
    assert (late.state, late.publication) == (State.LATE, State.LATE)
    assert seen(end + INSTANT, end - INSTANT).state is State.DATE_UNSURE


@pytest.mark.parametrize(("kind", "year", "reason"), NO_DUES)
def test_without_a_day_nobody_is_ever_accused(kind: AgencyKind, year: int, reason: str) -> None:
    who = agency(kind)
    for month in range(1, 13):
        at = dt.datetime(year + 1, month, 28, 20, tzinfo=SHANGHAI)
        silent = assess(facts(looks(at - 2 * DAY, at - DAY, at), of=who), year, DEADLINES, at)
        assert (silent.state, silent.reason, silent.due) == (State.NOT_DUE, reason, None)
        seen = assess(facts(looks(at - DAY, at), report(at, year), of=who), year, DEADLINES, at)
        assert (seen.state, seen.reason, seen.publication) == (State.ON_TIME, reason, State.ON_TIME)


@pytest.mark.parametrize(("year", "days"), [(2019, 29), (2023, 29), (2020, 28), (2022, 28)])
def test_february_has_as_many_days_as_it_has(year: int, days: int) -> None:
    """31 January to 1 March of the due year: leap years after the report years 2019 and 2023."""
    end = over(year, (1, 31))
    march = dt.datetime(year + 1, 3, 1, tzinfo=SHANGHAI)
    assert (march - end).days == days
    missing = assess(facts(looks(*(end + place * DAY for place in range(days + 1)))), year, DEADLINES, march)
    assert (missing.state, missing.since) == (State.MISSING, end)
    on_leap_day = assess(
        facts(looks(*(end + place * DAY for place in range(days))), report(march - INSTANT, year)),
        year,
        DEADLINES,
        march,
    )
    assert on_leap_day.state is State.LATE
    assert on_leap_day.interval is not None
    assert on_leap_day.interval.not_after.at.date() == dt.date(year + 1, 2, days)


PACKAGED = read_yaml(PACKAGED_CONFIG / "deadlines.yml")


def with_local(*rules: dict[str, Any]) -> Deadlines:
    made = [
        {
            "id": "shili",
            "years": {"first": 2023, "last": 2023},
            "citation_zh": "示例政公开办〔2024〕1号",
            "citation_en": "示例政公开办〔2024〕No. 1",
        }
        | rule
        for rule in rules
    ]
    return Deadlines.model_validate(PACKAGED | {"local": made})


JANUARY_20 = {"due": {"month": 1, "day": 20}}
LOCAL_OVER = begin_of(dt.date(2024, 1, 21))
LAW_OVER = begin_of(dt.date(2024, 2, 1))


def judge(known: AgencyFacts, rules: Deadlines, at: dt.datetime) -> tuple[Assessment, Verdicts]:
    case = case_of(known, 2023, rules, at)
    assessment = assess_case(case)
    return assessment, deadline.check(Judged(case, assessment))


def local_state(assessment: Assessment) -> State | None:
    return None if assessment.local is None else assessment.local.state


@pytest.mark.parametrize(
    ("at", "law", "local", "note", "standing"),
    [
        (LOCAL_OVER - INSTANT, State.DUE_SOON, State.DUE_SOON, "local_ahead", []),
        (LOCAL_OVER, State.DUE_SOON, State.UNKNOWN, "local_unsure", []),
        (LOCAL_OVER + DAY - INSTANT, State.DUE_SOON, State.UNKNOWN, "local_unsure", []),
        (LOCAL_OVER + DAY, State.DUE_SOON, State.MISSING, "local_missing", ["local_late"]),
        (LAW_OVER - INSTANT, State.DUE_SOON, State.MISSING, "local_missing", ["local_late"]),
        (LAW_OVER, State.UNKNOWN, State.MISSING, "local_missing", ["local_late"]),
        (LAW_OVER + DAY, State.MISSING, State.MISSING, "local_missing", ["missing", "local_late"]),
    ],
)
def test_nothing_published_by_the_local_day(
    at: dt.datetime, law: State, local: State, note: str, standing: list[str]
) -> None:
    daily = looks(*(LOCAL_OVER + place * DAY for place in range(-3, 20)))
    assessment, verdicts = judge(facts(daily), with_local(JANUARY_20), at)
    assert (assessment.state, local_state(assessment)) == (law, local)
    assert (assessment.rule_id, assessment.due) == ("regulation-711-department", dt.date(2024, 1, 31))
    assert not assessment.is_by_local_day
    assert note in [one.key for one in assessment.notes]
    assert [finding.kind for finding in verdicts.standing] == standing


@pytest.mark.parametrize(
    ("seen", "absent", "local", "standing"),
    [
        (LOCAL_OVER - INSTANT, LOCAL_OVER - DAY, State.ON_TIME, []),
        (LOCAL_OVER, LOCAL_OVER - INSTANT, State.DATE_UNSURE, []),
        (LOCAL_OVER + INSTANT, LOCAL_OVER, State.LATE, ["local_late"]),
        (LAW_OVER - INSTANT, LAW_OVER - DAY, State.LATE, ["local_late"]),
    ],
)
def test_published_around_the_local_day_is_on_time_by_the_law(
    seen: dt.datetime, absent: dt.datetime, local: State, standing: list[str]
) -> None:
    known = facts(looks(absent, seen), report(seen, 2023))
    assessment, verdicts = judge(known, with_local(JANUARY_20), LAW_OVER + DAY)
    assert (assessment.state, assessment.publication) == (State.ON_TIME, State.ON_TIME)
    assert local_state(assessment) is local
    assert [finding.kind for finding in verdicts.standing] == standing
    for finding in verdicts.standing:
        assert finding.details["due_on"] == "2024-01-20"
        assert finding.details["state"] == "late"
        assert finding.details["citation"]["zh"] == "示例政公开办〔2024〕1号"
        assert finding.details["law"]["state"] == "on_time"
        assert finding.details["law"]["due_on"] == "2024-01-31"
        assert finding.details["parameters"]["seen_at"] == iso_moment(seen)


def test_both_days_missed_are_told_apart() -> None:
    seen = LAW_OVER + 4 * DAY
    known = facts(looks(*(LOCAL_OVER + place * DAY for place in range(12)), seen), report(seen, 2023))
    assessment, verdicts = judge(known, with_local(JANUARY_20), seen)
    assert (assessment.state, local_state(assessment)) == (State.LATE, State.LATE)
    law, local = verdicts.standing
    assert (law.kind, local.kind, local.details["law"]["state"]) == ("late", "local_late", "late")


def test_that_a_local_day_was_missed_stands_while_nobody_can_see_and_ends_when_the_report_is_seen() -> None:
    rules = with_local(JANUARY_20)
    key = f"local_late:{AGENCY.id}:2023"
    absent = looks(LOCAL_OVER, LOCAL_OVER + DAY)
    down = LookFact(9, LOCAL_OVER + 2 * DAY, LOCAL_OVER + 2 * DAY, LookOutcome.SERVER_ERROR)
    blind = ColumnFacts(**{name: getattr(absent, name) for name in absent.__slots__} | {"looks": (*absent.looks, down)})
    for days in (2, 30):
        verdicts = judge(facts(blind), rules, LOCAL_OVER + days * DAY)[1]
        assert not [one for one in verdicts.standing if one.kind == "local_late"]
        assert f"{key}:missing" not in verdicts.over
        assert f"{key}:late" in verdicts.over
    seen = LOCAL_OVER + 3 * DAY
    verdicts = judge(facts(absent, report(seen, 2023)), rules, seen)[1]
    assert [one.key for one in verdicts.standing] == [f"{key}:late"]
    assert f"{key}:missing" in verdicts.over
    # No local day any more: whatever was said of it is over.
    assert {f"{key}:missing", f"{key}:late"} <= judge(facts(blind), DEADLINES, seen)[1].over


def test_an_undecided_entry_keeps_a_local_day_from_being_missed() -> None:
    unread = EntryFacts(
        id=2, portal="shili", column="nb", url="http://127.0.0.1/nb/2.html",
        changes=(ListChange(LOCAL_OVER, "appeared", "政府信息公开工作年度报告", verdict="report"),),
        captures=(), readings={},
    )  # fmt: skip
    known = facts(looks(LOCAL_OVER, LOCAL_OVER + DAY), unread)
    assessment, verdicts = judge(known, with_local(JANUARY_20), LOCAL_OVER + DAY)
    assert assessment.local is not None
    assert (assessment.local.state, assessment.local.reason) == (State.UNKNOWN, "unread_candidate")
    assert not verdicts.standing


def test_the_local_verdict_is_on_the_publication_whatever_became_of_the_page() -> None:
    begun, gone = LOCAL_OVER - 5 * DAY, LOCAL_OVER + 20 * DAY
    listed = report(begun, 2023)
    not_found = tuple(
        PageCapture(101 + place, gone + place * DAY, "detail", listed.url, LookOutcome.SOFT_404, None)
        for place in range(3)
    )
    left = EntryFacts(
        id=1, portal="shili", column="nb", url=listed.url,
        changes=(*listed.changes, ListChange(gone, "gone", others_stayed=5)),
        captures=(*listed.captures, *not_found), readings=listed.readings,
    )  # fmt: skip
    known = facts(looks(begun, gone, gone + DAY, gone + 2 * DAY), left)
    assessment, verdicts = judge(known, with_local(JANUARY_20), gone + 2 * DAY)
    assert (assessment.state, local_state(assessment)) == (State.WITHDRAWN, State.ON_TIME)
    assert [one.kind for one in verdicts.standing] == ["withdrawn"]


@pytest.mark.parametrize(
    ("rule", "who", "due"),
    [
        ({"regions": ["9901"]}, agency(), dt.date(2024, 1, 20)),
        ({"regions": ["9902"]}, agency(), None),
        ({"levels": ["county"]}, agency(), None),
        ({"levels": ["county"]}, agency(code="990121"), dt.date(2024, 1, 20)),
        ({"kinds": ["department"]}, agency(), dt.date(2024, 1, 20)),
        ({"kinds": ["government"]}, agency(), None),
        ({"agencies": [AGENCY.id]}, agency(), dt.date(2024, 1, 20)),
        ({"agencies": ["shili-other"]}, agency(), None),
        ({"years": {"first": 2024}}, agency(), None),
    ],
)
def test_whom_a_local_day_is_for(rule: dict[str, Any], who: Agency, due: dt.date | None) -> None:
    assessment, _ = judge(facts(looks(LOCAL_OVER), of=who), with_local(JANUARY_20 | rule), LOCAL_OVER)
    assert (assessment.local.due if assessment.local else None) == due


def test_of_two_local_days_the_earlier_one_counts() -> None:
    rules = with_local(
        {"id": "later", "due": {"month": 1, "day": 25}}, {"id": "earlier", "due": {"month": 1, "day": 15}}
    )
    assessment, _ = judge(facts(looks(LOCAL_OVER)), rules, LOCAL_OVER)
    assert assessment.local is not None
    assert (assessment.local.rule_id, assessment.local.due) == ("earlier", dt.date(2024, 1, 15))


@pytest.mark.parametrize(
    ("at", "state", "standing"),
    [
        (LAW_OVER - INSTANT, State.DUE_SOON, []),
        (LAW_OVER, State.UNKNOWN, []),
        (LAW_OVER + DAY, State.MISSING, ["missing"]),
    ],
)
def test_a_township_is_judged_by_the_local_day_and_it_is_said_whose_it_is(
    at: dt.datetime, state: State, standing: list[str]
) -> None:
    rules = with_local({"kinds": ["township"], "due": {"month": 1, "day": 31}})
    known = facts(looks(LAW_OVER - DAY, LAW_OVER, LAW_OVER + DAY), of=agency(TOWNSHIP))
    assessment, verdicts = judge(known, rules, at)
    assert (assessment.state, assessment.rule_id, assessment.due) == (state, "shili", dt.date(2024, 1, 31))
    assert assessment.is_by_local_day
    assert local_state(assessment) is state
    assert [finding.kind for finding in verdicts.standing] == standing
    (note,) = assessment.notes
    assert note.key == "local_decides"
    assert note.parameters["citation"]["zh"] == "示例政公开办〔2024〕1号"
    # The year before, no local rule applies, and nobody is late.
    before = case_of(known, 2022, rules, at)
    assert assess_case(before).reason == "no_national_day"


BORN, ENDED = "valid_from", "valid_to"
SUCCESSOR = Agency.model_validate(
    AGENCY.model_dump() | {"id": "shili-xs", "name": "示例市新水务局", "predecessor": AGENCY.id, "former_names": ()}
)


@pytest.mark.parametrize(
    ("values", "kind", "year", "reason"),
    [
        ({BORN: dt.date(2023, 12, 30)}, DEPARTMENT, 2023, None),
        ({BORN: dt.date(2023, 12, 31)}, DEPARTMENT, 2023, None),  # it was there for a day of that year
        ({BORN: dt.date(2024, 1, 1)}, DEPARTMENT, 2023, "founded_later"),
        ({BORN: dt.date(2024, 1, 1)}, DEPARTMENT, 2010, "founded_later"),  # a year watched long before
        ({BORN: dt.date(2024, 1, 1)}, DEPARTMENT, 2007, "founded_later"),
        ({BORN: dt.date(2024, 1, 1)}, TOWNSHIP, 2023, "founded_later"),
        ({ENDED: dt.date(2024, 1, 31)}, DEPARTMENT, 2023, None),  # its last day is the due day: it had all the time
        ({ENDED: dt.date(2024, 1, 30)}, DEPARTMENT, 2023, "abolished"),
        ({ENDED: dt.date(2024, 1, 30)}, GOVERNMENT, 2023, "abolished"),
        ({ENDED: dt.date(2024, 3, 30)}, GOVERNMENT, 2023, "abolished"),
        ({ENDED: dt.date(2024, 3, 31)}, GOVERNMENT, 2023, None),
        ({ENDED: dt.date(2019, 3, 30)}, DEPARTMENT, 2018, "abolished"),
        ({ENDED: dt.date(2019, 3, 31)}, DEPARTMENT, 2018, None),
        ({ENDED: dt.date(2020, 1, 30)}, DEPARTMENT, 2019, "abolished"),
        ({ENDED: dt.date(2020, 1, 31)}, DEPARTMENT, 2019, None),
        ({ENDED: dt.date(2023, 12, 30)}, TOWNSHIP, 2023, "abolished"),  # without a day the year's end counts
        ({ENDED: dt.date(2023, 12, 31)}, TOWNSHIP, 2023, None),
        ({ENDED: dt.date(2015, 6, 30)}, DEPARTMENT, 2023, "abolished"),
        ({}, DEPARTMENT, 2023, None),
    ],
)
def test_who_owes_no_report(values: dict[str, Any], kind: AgencyKind, year: int, reason: str | None) -> None:
    who = agency(kind, **values)
    at = dt.datetime(year + 1, 6, 1, 20, tzinfo=SHANGHAI)
    assessment = assess(facts(looks(at - DAY, at), of=who), year, DEADLINES, at)
    assert (assessment.reason if assessment.state is State.EXEMPT else None) == reason
    if reason is not None:
        assert assessment.publication is None
        assert assessment.since == begin_of(dt.date(year + 1, 1, 1))
        assert assessment.evidence.looks == ()
        (day,) = values.values()
        assert day.isoformat() in assessment.parameters.values()
    elif year >= 2008 and kind is not TOWNSHIP:
        assert assessment.state is State.MISSING


@pytest.mark.parametrize(
    ("ended", "begun", "reason", "ended_on"),
    [
        (dt.date(2024, 1, 30), dt.date(2024, 1, 31), "merged", "2024-01-30"),
        (dt.date(2024, 1, 30), None, "merged", "2024-01-30"),
        (dt.date(2024, 1, 31), dt.date(2024, 2, 1), None, ""),
        (None, dt.date(2024, 1, 31), "merged", "2024-01-30"),  # its successor's first day ends it
        (None, dt.date(2024, 2, 1), None, ""),
        (None, None, None, ""),  # a successor of whom nobody knows since when
    ],
)
def test_merged_into_a_successor(
    ended: dt.date | None, begun: dt.date | None, reason: str | None, ended_on: str
) -> None:
    successor = SUCCESSOR.model_copy(update={"valid_from": begun})
    known = facts(looks(LAW_OVER, LAW_OVER + DAY), of=agency(valid_to=ended), successors=(successor,))
    assessment = assess(known, 2023, DEADLINES, LAW_OVER + DAY)
    if reason is None:
        assert assessment.state is State.MISSING
        return
    assert (assessment.state, assessment.reason) == (State.EXEMPT, reason)
    assert dict(assessment.parameters) == {
        "ended_on": ended_on,
        "successor": "示例市新水务局",
        "successor_ids": ["shili-xs"],
    }


def test_a_local_day_counts_for_an_office_that_ended_where_the_law_names_none() -> None:
    rules = with_local({"kinds": ["township"], "due": {"month": 1, "day": 31}})
    ended = facts(looks(LAW_OVER), of=agency(TOWNSHIP, valid_to=dt.date(2024, 1, 30)))
    assert assess(ended, 2023, DEADLINES, LAW_OVER).state is State.NOT_DUE
    assert assess(ended, 2023, rules, LAW_OVER).state is State.EXEMPT
    # Beside the law's day it decides nothing.
    office = facts(looks(LAW_OVER), of=agency(valid_to=dt.date(2024, 1, 31)))
    assert assess(office, 2023, with_local(JANUARY_20), LAW_OVER).state is State.UNKNOWN


def test_who_published_without_having_to_is_not_judged_and_it_is_said() -> None:
    late = LAW_OVER + 3 * DAY
    known = facts(looks(LAW_OVER, LAW_OVER + DAY, late), report(late, 2023), of=agency(valid_to=dt.date(2024, 1, 30)))
    assessment, verdicts = judge(known, with_local(JANUARY_20), late)
    assert (assessment.state, assessment.publication, assessment.local) == (State.EXEMPT, None, None)
    assert [note.key for note in assessment.notes] == ["published_all_the_same"]
    assert assessment.first_seen == late
    assert not verdicts.standing
    assert {"missing", "late", "withdrawn", "local_late"} == {key.split(":")[0] for key in verdicts.over}


def test_exemption_needs_nothing_but_the_registry() -> None:
    founded = agency(valid_from=dt.date(2024, 1, 1), watched_years=(YearSpan(first=2008),))
    assert exemption(founded, (), 2023, dt.date(2024, 1, 31)) == exemption(founded, (), 2023, None)
    assert exemption(founded, (), 2024, dt.date(2025, 1, 31)) is None
