"""The page over a store in which something was backdated, a portal is blind and a domain is possibly lost."""

from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from config.env import Settings
from crawler.model import LookOutcome
from crawler.store.session import open_store
from monitor.clock import FixedClock
from monitor.status import create_app
from tests.monitor.checks.history import moment
from tests.monitor.status.test_routes import ask
from tests.monitor.world import Page, World, agency, configuration

DATED = agency("shili-sw", "示例市水务局")
BLIND = agency("shili-wl", "示例市文旅局")
LOST = agency("shili-jt", "示例市交通局")


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    folder: Path = tmp_path_factory.mktemp("seeing")
    world = World(open_store(f"sqlite:///{folder / 'store.db'}", create=True), configuration(DATED, BLIND, LOST))
    world.visit(DATED.id, "02-08")
    world.visit(DATED.id, "02-10", [Page("nb", stated="01-30")])
    world.visit(BLIND.id, "02-09")
    world.visit(BLIND.id, "02-10", outcome=LookOutcome.CHALLENGE, reason="HTTP 521：<b>反自动化验证</b>")
    world.visit(LOST.id, "02-10", outcome=LookOutcome.HIJACKED, reason="标题中有博彩字样")
    world.evaluate("02-10")
    return create_app(Settings(data_dir=folder), world.configuration, world.sessions, FixedClock(moment("02-10")))


def get(page: FastAPI, path: str) -> httpx.Response:
    answer = ask(page, path)
    assert answer.status_code == 200
    return answer


def test_both_ends_of_the_publication_are_shown(page: FastAPI) -> None:
    line = get(page, "/agency/shili-sw").text
    assert "2024-02-08 20:00 查看时尚无" in line and "2024-02-10 20:00</time>" in line
    assert "页面标注2024-01-30公布；2024-02-08 20:00查看其所在栏目时尚无此报告，2024-02-10 20:00首次看到" in line
    assert "报告也可能曾先在未登记的地方公布" in line
    english = get(page, "/en/agency/shili-sw").text
    assert "not there on 2024-02-08 20:00" in english
    assert "The page states 2024-01-30 as day of publication" in english
    report = get(page, "/agency/shili-sw/2023").text
    assert "2024-02-08 20:00（尚无）至2024-02-10 20:00（已有）之间" in report
    assert "found" in report


def test_programs_read_the_interval_with_its_proofs(page: FastAPI) -> None:
    (year,) = get(page, "/api/v1/agencies/shili-sw").json()["years"]
    assert year["published"]["not_before"]["at"].startswith("2024-02-08T")
    assert year["published"]["not_before"]["captures"]
    assert year["published"]["not_after"]["captures"]
    assert get(page, "/api/v1/agencies/shili-wl").json()["years"][0]["published"] is None


def test_blind_portals_are_listed_with_sight_since_and_reason(page: FastAPI) -> None:
    said = get(page, "/").text
    assert "<code>challenge</code>" in said
    assert "自2024-02-10 20:00起" in said
    assert "&lt;b&gt;反自动化验证" in said
    assert "<b>反自动化验证" not in said
    assert "challenge" in get(page, "/agency/shili-wl").text


def test_a_lost_domain_stands_apart_and_accuses_no_office(page: FastAPI) -> None:
    said = get(page, "/").text
    assert "域名可能已易主的网站" in said
    assert "示例市交通局网站" in said
    assert "与任何单位是否公布报告无关" in said
    own = get(page, "/agency/shili-jt").text
    assert "疑似域名易主" in own
    assert 'class="timeline-year s-unknown"' in own
    assert get(page, "/en/").text.count("domain possibly lost") >= 1
