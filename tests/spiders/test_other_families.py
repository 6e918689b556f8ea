"""Real visits to Lonsun, Boda, TrueCMS, Epoint and portals of no known system: every report found, its file too."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from crawler.model import LookOutcome
from tests.portals import Column, File, Kind, SimulatedPortals, Site, World
from tests.portals.reports import Figures, invented_report, invented_title
from tests.portals.site import Article
from tests.spiders.offline import PATHS, many
from tests.spiders.visiting import Workshop
from tests.spiders.worlds import DAY

pytestmark = pytest.mark.integration

AGENCY = "示例市水利局"
PDF = File("nb.pdf", b"%PDF-1.4\n%sample\n", "application/pdf")
WITH_FILE = Article(
    number=7100,
    title=f"{AGENCY}2023年政府信息公开工作年度报告（虚构机构的报告）",
    published=DAY,
    body='<p>报告见附件：<a href="./nb.pdf">示例市水利局2023年政府信息公开工作年度报告</a></p>',
    issuer=AGENCY,
    files=(PDF,),
)
ARTICLES = (*many(6), WITH_FILE)
SITES: dict[str, tuple[str, dict[str, Any]]] = {
    "sim-lonsun": ("lonsun", {}),
    "sim-boda": ("boda", {}),
    "sim-truecms": ("truecms", {"shown": 5, "ceiling": 10}),
    "sim-epoint": ("epoint", {"first": 1, "strict": True}),
    "sim-general": ("general", {"shape": "snowflake", "layout": "boxes"}),
}


def site(slug: str) -> Site:
    family, options = SITES[slug]
    column = Column(PATHS.get(family, "zwgk/nb"), ARTICLES, page_size=3, options=options)
    return Site(slug, "示例市人民政府", family, "9900000001", (column,), invented=True)


def test_every_report_is_found_with_its_file(workshop: Workshop) -> None:
    with SimulatedPortals(World(tuple(map(site, SITES))), DAY) as portals:
        workshop.configure(*portals)
        done = workshop.visit()
        assert done.code == 0, done.log
    for slug in SITES:
        (look,) = workshop.looks(slug)
        assert (look.outcome, look.reason) == (LookOutcome.HEALTHY, "")
        assert titles(workshop, slug) == {article.title for article in ARTICLES}
        files = [capture for capture in workshop.captures(slug) if capture.kind == "attachment"]
        assert {workshop.archive.get(capture.sha256) for capture in files if capture.sha256} == {PDF.body}, slug


def titles(workshop: Workshop, slug: str) -> set[str]:
    return {change.title for change in workshop.changes(slug)}


def test_a_report_each_year_behind_one_lonsun_address(workshop: Workshop) -> None:
    reports = tuple(
        Article(
            number=year,
            title=invented_title(AGENCY, year),
            published=dt.date(year + 1, 1, 10),
            body=invented_report(AGENCY, year, Figures(outcomes={}), dt.date(year + 1, 1, 8)),
            issuer=AGENCY,
        )
        for year in (2021, 2022)
    )
    column = Column("123", reports, options={"years": True})
    years = Site("sim-years", "示例市人民政府", "lonsun", "9900000001", (column,), invented=True)
    with SimulatedPortals(World((years,)), DAY) as portals:
        portal = portals["sim-years"]
        entry = {"key": "c0", "url": portal.column_url(), "agencies": ["liaocheng-xzspj"], "holds": "years"}
        workshop.register("sim-years", family="lonsun", hosts=[portal.host], columns=[entry | {"first_year": 2020}])
        done = workshop.visit()
        assert done.code == 0, done.log
    (look,) = workshop.looks("sim-years")
    assert (look.outcome, look.reason) == (LookOutcome.HEALTHY, "")
    assert titles(workshop, "sim-years") == {report.title for report in reports}


def test_blindness_has_its_reason(workshop: Workshop) -> None:
    challenged = replace(site("sim-boda"), columns=(replace(site("sim-boda").columns[0], options={"visitcode": True}),))
    dead = site("sim-truecms")
    dead = replace(dead, columns=(replace(dead.columns[0], options={"shown": 5, "dead": True}),))
    hollow = site("sim-general")
    hollow = replace(hollow, columns=(replace(hollow.columns[0], options={"hollow": True}),))
    with SimulatedPortals(World((challenged, dead, hollow, site("sim-lonsun"), site("sim-epoint"))), DAY) as portals:
        portals["sim-lonsun"].misbehave(Kind.SERVER_ERROR, "/site/label/")
        portals["sim-epoint"].misbehave(Kind.SERVER_ERROR, "/EWB-FRONT/")
        workshop.configure(*portals)
        workshop.visit()
    looks = {slug: workshop.looks(slug)[0] for slug in SITES}
    assert looks["sim-boda"].outcome == LookOutcome.CHALLENGE
    assert looks["sim-truecms"].outcome == LookOutcome.INCOMPLETE and "404" in looks["sim-truecms"].reason
    assert looks["sim-general"].outcome == LookOutcome.SHELL
    for slug in ("sim-lonsun", "sim-epoint"):
        assert looks[slug].outcome == LookOutcome.INCOMPLETE and "没有读到" in looks[slug].reason
