"""A small country, lived through with the real jobs; and that its measure sees what is wrong. See `make country`.

One module for a run of about a minute and a half, which everything that is asserted of it shares.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from crawler.store.tables import Look
from monitor.days import SHANGHAI
from monitor.jobs import CrawlResult
from monitor.model import Assessment, EvaluateResult, NewEvent, State
from tests.country.dress import KNOWN
from tests.country.drive import Lived
from tests.country.measure import ACCUSATIONS, Figures, Measure
from tests.country.plan import Country, Fate, Report, country
from tests.country.troubles import Trouble, Troubles, troubles
from tests.country.whole import lived_through
from tests.portals import Kind

# A week on both sides of the departments' due day; in this seed somebody never publishes, somebody is late, somebody
# changes numbers, and twelve kinds of trouble meet them.
SEED, START, DAYS, GAP = 58, dt.date(2024, 1, 25), 14, 3


@pytest.fixture(scope="module")
def plan() -> Country:
    return country(SEED, KNOWN, portals=len(KNOWN), agencies=5 * len(KNOWN), days=DAYS, start=START)


@pytest.fixture(scope="module")
def wrongs(plan: Country) -> Troubles:
    return troubles(plan, KNOWN, gap=GAP)


@pytest.fixture(scope="module")
def lived(plan: Country, wrongs: Troubles, tmp_path_factory: pytest.TempPathFactory) -> Figures:
    return lived_through(plan, wrongs, tmp_path_factory.mktemp("country"))


@pytest.mark.integration
def test_every_report_that_could_be_seen_is_found(lived: Figures) -> None:
    assert lived.published > 20
    assert lived.found == lived.published, lived.wrong


@pytest.mark.integration
@pytest.mark.parametrize("what", ACCUSATIONS)
def test_nobody_is_accused_wrongly(lived: Figures, what: str) -> None:
    assert lived.false[what] == 0, [wrong for wrong in lived.wrong if wrong.what == f"false {what}"]


@pytest.mark.integration
def test_who_never_published_is_missing(lived: Figures) -> None:
    assert lived.right["missing"] >= lived.due_to["missing"] > 0  # who came late was missing until then


@pytest.mark.integration
def test_every_blindness_has_its_right_name(lived: Figures) -> None:
    assert len(lived.named) > 10
    assert not lived.misnamed, [wrong for wrong in lived.wrong if wrong.what == "sight"]


@pytest.mark.integration
def test_every_visit_ended_well_and_nothing_is_left_open(lived: Figures) -> None:
    assert (lived.failed_visits, lived.review) == (0, 0)
    assert lived.well


# --- the measure itself -----------------------------------------------------------------------------------------------


def _report(plan: Country, fate: Fate) -> Report:
    return next(
        report for place in plan.places for report in place.reports if report.fate is fate and report.year == 2023
    )


def _said(report: Report, day: dt.date, state: State, *events: NewEvent, looks: tuple[Look, ...] = ()) -> Lived:
    at = dt.datetime.combine(day, dt.time(21), SHANGHAI)
    seen = None if state in (State.MISSING, State.UNKNOWN) else at
    assessment = Assessment(report.office, report.year, state, "any", at, due=report.due, first_seen=seen)
    return Lived(day, looks, CrawlResult(), None, EvaluateResult((assessment,), events), {})


@pytest.fixture
def quiet(plan: Country) -> Measure:
    """Of a country in which nothing goes wrong."""
    return Measure(plan, Troubles({place.slug: () for place in plan.places}, frozenset()))


@pytest.mark.parametrize(
    ("fate", "state", "what"),
    [
        (Fate.ON_TIME, State.MISSING, "missing"),
        (Fate.ON_TIME, State.LATE, "late"),
        (Fate.ON_TIME, State.WITHDRAWN, "withdrawn"),
    ],
)
def test_a_wrong_state_is_counted_once(plan: Country, quiet: Measure, fate: Fate, state: State, what: str) -> None:
    report = _report(plan, fate)
    assert report.due is not None
    for days in (5, 6):
        quiet.take(_said(report, report.due + dt.timedelta(days=days), state))
    figures = quiet.finish()
    assert figures.false == {what: 1}
    assert [wrong.what for wrong in figures.wrong] == [f"false {what}"]


@pytest.mark.parametrize(("key", "what"), [("changed:a:2023:1-2", "changed"), ("copied:a:2023", "other")])
def test_a_wrong_finding_is_counted(plan: Country, quiet: Measure, key: str, what: str) -> None:
    report = _report(plan, Fate.ON_TIME)
    assert report.due is not None
    event = NewEvent(what, report.office, report.year, {}, key)
    quiet.take(_said(report, report.due + dt.timedelta(days=5), State.ON_TIME, event))
    assert quiet.finish().false == {what: 1}


def test_a_portal_that_is_called_lost_without_reason_is_told(plan: Country, quiet: Measure, wrongs: Troubles) -> None:
    report, place = _report(plan, Fate.ON_TIME), plan.places[0].slug
    event = NewEvent("portal_lost", "", 0, {}, f"portal:{place}:lost")
    quiet.take(_said(report, START, State.ON_TIME, event))
    assert quiet.figures.false == {"portal_lost": 1}
    hijacked = Trouble(place, Kind.HIJACKED, START, START)
    right = Measure(plan, replace(wrongs, at={place: (hijacked,)}, offline=frozenset()))
    right.take(_said(report, START, State.ON_TIME, event))
    assert right.finish().right == {"portal_lost": 1}


def test_a_right_accusation_is_none_of_the_wrong_ones(plan: Country, quiet: Measure) -> None:
    report = _report(plan, Fate.NEVER)
    assert report.due is not None
    quiet.take(_said(report, report.due + dt.timedelta(days=5), State.MISSING))
    figures = quiet.finish()
    assert (figures.right, figures.false, figures.well) == ({"missing": 1}, {}, True)


def test_missing_on_the_due_day_itself_is_wrong(plan: Country, quiet: Measure) -> None:
    report = _report(plan, Fate.NEVER)
    assert report.due is not None
    quiet.take(_said(report, report.due, State.MISSING))
    assert quiet.finish().false == {"missing": 1}


def test_a_report_that_was_seen_and_not_found_and_a_wrong_name_are_told(plan: Country, wrongs: Troubles) -> None:
    report = _report(plan, Fate.ON_TIME)
    office = next(o for place in plan.places for o in place.offices if o.id == report.office)
    assert report.due is not None
    at = dt.datetime.combine(report.due, dt.time(20), SHANGHAI)
    healthy = Look(run_id=1, portal=office.place, column=office.column, at=at, outcome="healthy", reason="", entries=0)
    denied = Look(run_id=1, portal=office.place, column=office.column, at=at, outcome="denied", reason="403", entries=0)
    quiet = replace(wrongs, at={place.slug: () for place in plan.places}, offline=frozenset())
    measure = Measure(plan, quiet)
    measure.take(_said(report, report.due, State.UNKNOWN, looks=(healthy, denied)))
    figures = measure.finish()
    assert sorted(wrong.what for wrong in figures.wrong) == ["not found", "sight"]
    assert figures.misnamed == {("", "denied"): 1}
    assert figures.found == figures.published - 1


def test_a_healthy_look_that_lists_too_few_is_told(plan: Country, quiet: Measure) -> None:
    report = _report(plan, Fate.ON_TIME)
    office = next(o for place in plan.places for o in place.offices if o.id == report.office)
    at = dt.datetime.combine(START, dt.time(20), SHANGHAI)
    look = Look(run_id=1, portal=office.place, column=office.column, at=at, outcome="healthy", reason="", entries=9)
    said = _said(report, START, State.ON_TIME, looks=(look,))
    quiet.take(replace(said, listed={(office.place, office.column): 9}))
    assert quiet.figures.well
    quiet.take(replace(said, listed={(office.place, office.column): 10}))
    assert quiet.figures.misnamed == {("", "healthy"): 1}
