"""The world and its configuration: real agencies appear with their real reports only, invented ones say so."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from config.load import Configuration, load
from crawler import formats, reports
from tests.golden.pages import SEEDS
from tests.portals import SimulatedPortals, World
from tests.portals.configuration import write_configuration
from tests.portals.families import FAMILIES
from tests.portals.world import the_world

HOST = "127.0.0.1:1"


@pytest.fixture(scope="module")
def world() -> World:
    return the_world()


@pytest.fixture(scope="module")
def configuration(world: World, tmp_path_factory: pytest.TempPathFactory) -> Configuration:
    with SimulatedPortals(world) as portals:
        return load(write_configuration(tmp_path_factory.mktemp("config"), portals))


def test_portals_of_real_agencies_hold_the_golden_reports_and_nothing_else(world: World) -> None:
    real = [site for site in world.sites if not site.invented]
    shown = [(article.issuer, article.title) for site in real for column in site.columns for article in column.articles]
    assert sorted(shown) == sorted((seed["agency"], seed["title"]) for seed in SEEDS.values())
    assert not any(site.slug in world.faults for site in real)
    for site in real:
        for article in (article for column in site.columns for article in column.articles):
            assert not article.revisions and article.last is None and "模拟" in article.note
            assert all("示例" not in page.body.decode() for page in FAMILIES[site.family].pages(site, HOST, article.published).values())  # fmt: skip


def test_a_report_without_signature_says_whose_date_it_bears(world: World) -> None:
    notes = {a.issuer: a.note for site in world.sites for column in site.columns for a in column.articles if a.note}
    unsigned = {seed["agency"] for seed in SEEDS.values() if seed["signed_on"] is None}
    assert {agency for agency, note in notes.items() if "没有落款日期" in note} == unsigned


def test_everything_on_the_other_portals_is_invented(world: World) -> None:
    for site in (site for site in world.sites if site.invented):
        for article in (article for column in site.columns for article in column.articles):
            assert "示例" in article.issuer and "虚构" in article.body


def test_the_configuration_watches_only_the_years_of_the_reports(configuration: Configuration) -> None:
    golden = {(seed["agency"], seed["year"]) for seed in SEEDS.values()}
    watched = {
        (agency.name, year) for agency in configuration.agencies.values() for year in range(2007, 2031) if agency.watched(year)
    }  # fmt: skip
    assert {(name, year) for name, year in watched if "示例" not in name} == golden
    assert {year for name, year in watched if "示例" in name} == {2023}
    in_a_column = {agency.name for id_, agency in configuration.agencies.items() if any(configuration.columns_of(id_))}
    assert in_a_column == {name for name, _ in watched}
    assert all(portal.is_local for portal in configuration.portals.values())


def test_every_invented_report_reads_as_what_it_is(world: World) -> None:
    """Agency, year and form are recognised on the rendered page, and the sums hold but for the county's misprint."""
    day = dt.date(2024, 3, 28)
    broken = set()
    for site in (site for site in world.sites if site.invented):
        family = FAMILIES[site.family]
        pages = family.pages(site, HOST, day)
        for column in site.columns:
            for article in column.listed(day):
                report = reports.parse(formats.read(pages[family.article_path(column, article)].body))
                if not article.title.endswith("年政府信息公开工作年度报告") or article.title.startswith("图解"):
                    assert not report.is_report
                    continue
                assert (report.agency, report.template, len(report.facts)) == (article.issuer, "2021", 200)
                assert article.title == f"{report.agency}{report.year}年政府信息公开工作年度报告"
                assert not report.issues
                broken |= {(report.agency, report.year, i.identity) for i in report.identities if i.holds is False}
    assert broken == {
        ("示例县人民政府", 2023, "requests.applicants.granted"),
        ("示例县人民政府", 2023, "requests.outcomes.total"),
    }


def test_the_civil_affairs_bureau_changes_two_numbers(world: World) -> None:
    (article,) = (
        article
        for site in world.sites
        for column in site.columns
        for article in column.articles
        if article.issuer == "示例市民政局" and article.published.year == 2024
    )
    before, after = (
        {fact.code: fact.value for fact in reports.parse(formats.read(f"<h1>{article.title}</h1>{body}".encode())).facts}
        for body in (article.body, article.body_on(dt.date(2024, 2, 20)))
    )  # fmt: skip
    changed = {code: (value, after[code]) for code, value in before.items() if value != after[code]}
    assert changed == {
        "proactive.licences.decisions": (Decimal(45), Decimal(54)),
        "proactive.fees.amount": (Decimal(23600), Decimal(32600)),
    }


def test_the_configuration_folder_may_be_written_again(world: World, tmp_path: Path) -> None:
    with SimulatedPortals(world) as portals:
        first = load(write_configuration(tmp_path, portals))
        assert load(write_configuration(tmp_path, portals)) == first
