"""The plan of the country by itself: its truth is whole, comes from the seed alone, and agrees with the law's days."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest

from config.deadlines import Deadlines
from config.env import PACKAGED_CONFIG
from config.load import read_model
from config.schema import Agency, AgencyKind
from crawler.titles import judge_title
from tests.country.dress import DRESSES, KNOWN
from tests.country.plan import LOOKALIKES, OLD_YEAR, TITLES, YEARS, Country, Fate, country, due_day
from tests.country.sites import chapters, faults
from tests.country.troubles import TROUBLES, Change, troubles
from tests.portals.families import FAMILIES


@pytest.fixture(scope="module")
def plan() -> Country:
    return country(7, KNOWN, portals=60, agencies=600, days=400)


def test_every_simulated_family_is_in_the_country() -> None:
    assert DRESSES.keys() == FAMILIES.keys()


def test_the_plan_comes_from_the_seed_alone(plan: Country) -> None:
    assert plan == country(7, KNOWN, portals=60, agencies=600, days=400)
    assert plan != country(8, KNOWN, portals=60, agencies=600, days=400)
    assert troubles(plan, KNOWN) == troubles(plan, KNOWN)


def test_it_holds_what_was_asked_for(plan: Country) -> None:
    offices = [office for place in plan.places for office in place.offices]
    assert (len(plan.places), len({office.id for office in offices}), len(plan.calendar)) == (60, 600, 400)
    assert len({office.name for office in offices}) == 600
    assert all(office.name.startswith("示例") for office in offices)
    assert {office.kind for office in offices} == set(AgencyKind)
    assert {place.family for place in plan.places} == set(KNOWN)
    assert {report.fate for place in plan.places for report in place.reports} == set(Fate)


def test_more_agencies_than_the_portals_hold_are_refused() -> None:
    with pytest.raises(ValueError, match="not 500"):
        country(1, KNOWN, portals=2, agencies=500)


@pytest.mark.parametrize("kind", AgencyKind)
@pytest.mark.parametrize("year", [OLD_YEAR, *YEARS])
def test_the_due_days_are_those_of_the_rules(kind: AgencyKind, year: int) -> None:
    office = Agency(id="office", name="示例机关", region_code="990101", region="示例市", kind=kind, invented=True)
    rule = read_model(Deadlines, PACKAGED_CONFIG / "deadlines.yml").rule_for(office, year)
    assert rule is not None
    assert due_day(kind, year) == (None if rule.due is None else rule.due.of(year))


def test_a_fate_is_what_its_days_say(plan: Country) -> None:
    for report in (report for place in plan.places for report in place.reports):
        assert (report.first is None) is (report.fate is Fate.NEVER)
        assert report.is_late is (report.fate in (Fate.LATE, Fate.BACKDATED)), report
        if report.fate is Fate.BACKDATED:
            assert report.claimed is not None and report.due is not None and report.claimed <= report.due
        else:
            assert report.claimed == report.first


def test_titles_are_reports_and_lookalikes_are_none() -> None:
    for title in TITLES:
        assert judge_title(title.format(agency="示例甲子市水利局", year=2023))[0] == "report", title
    for title in LOOKALIKES:
        assert judge_title(title.format(place="示例甲子市", year=2023))[0] == "lookalike", title


def test_troubles_of_a_portal_never_overlap_and_all_kinds_occur(plan: Country) -> None:
    found = troubles(plan, KNOWN, gap=10)
    for of_place in found.at.values():
        assert all(before.last < after.first for before, after in pairwise(of_place))
        assert all(trouble.first >= plan.start + dt.timedelta(days=3) for trouble in of_place)
    met = {trouble.what for of_place in found.at.values() for trouble in of_place} | {Change.OFFLINE}
    assert met == TROUBLES.keys()


def test_every_report_has_its_address_in_every_chapter(plan: Country) -> None:
    """After a redesign and a migration nothing is lost, and no address is used again."""
    found = troubles(plan, KNOWN, gap=10)
    for place in plan.places:
        life = chapters(plan, place, found.at[place.slug])
        used: set[str] = set()
        for position, chapter in enumerate(life):
            last = life[position + 1].first if position + 1 < len(life) else plan.end
            paths = [
                (FAMILIES[chapter.site.family].article_path(column, article), article)
                for column in chapter.site.columns
                for article in column.articles
            ]
            assert not used & {path for path, _ in paths}
            used |= {path for path, _ in paths}
            there = {article.title for _, article in paths if article.present(last)}
            assert {report.title for report in place.reports if report.stands(last)} <= there
        assert all(
            fault.holds(fault.first or plan.start, fault.path) for fault in faults(place, life, found.at[place.slug])
        )
