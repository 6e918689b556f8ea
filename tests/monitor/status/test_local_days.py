"""The page over a store with local days and with offices that owe no report: whose day it is, and who is counted."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from config.deadlines import Deadlines
from config.env import PACKAGED_CONFIG, Settings
from config.load import read_yaml
from config.schema import AgencyKind
from crawler.store.session import open_store
from monitor.clock import FixedClock
from monitor.status import create_app
from tests.monitor.checks.history import moment
from tests.monitor.status.test_routes import ask
from tests.monitor.world import Page, World, agency, configuration

SLOW = agency("shili-sw", "示例市水务局")  # after the local day and before the law's
TOWN = agency("shili-zf", "示例镇人民政府", AgencyKind.TOWNSHIP)
GONE = agency("shili-wl", "示例市文旅局").model_copy(update={"valid_to": dt.date(2024, 1, 10)})
NOTICE = {"citation_zh": "示例政公开办〔2024〕1号", "citation_en": "示例政公开办〔2024〕No. 1"}
YEARS = {"first": 2023, "last": 2023}
LOCAL: list[dict[str, Any]] = [
    {"id": "city", "years": YEARS, "kinds": ["department"], "due": {"month": 1, "day": 20}} | NOTICE,
    {"id": "towns", "years": YEARS, "kinds": ["township"], "due": {"month": 1, "day": 31}} | NOTICE,
]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    folder: Path = tmp_path_factory.mktemp("local")
    known = configuration(SLOW, TOWN, GONE)
    rules = Deadlines.model_validate(read_yaml(PACKAGED_CONFIG / "deadlines.yml") | {"local": LOCAL})
    world = World(open_store(f"sqlite:///{folder / 'store.db'}", create=True), replace(known, deadlines=rules))
    for day in ("01-21", "01-22", "02-01", "02-02"):
        world.visit(SLOW.id, day, [Page("nb")] if day >= "02" else [])
        world.visit(TOWN.id, day)
        world.visit(GONE.id, day)
    world.visit(SLOW.id, "01-25", [Page("nb")])
    world.evaluate("02-02")
    return create_app(Settings(data_dir=folder), world.configuration, world.sessions, FixedClock(moment("02-02")))


def get(page: FastAPI, path: str) -> httpx.Response:
    answer = ask(page, path)
    assert answer.status_code == 200
    return answer


def test_a_missed_local_day_stands_beside_the_law_s_state(page: FastAPI) -> None:
    said = get(page, "/agency/shili-sw").text
    assert 'class="timeline-year s-on_time"' in said
    assert "晚于主管部门规定的日期" in said
    assert "示例政公开办〔2024〕1号" in said
    assert "《条例》规定的截止日是2024年1月31日，报告在此之前已公布" in said
    english = get(page, "/en/agency/shili-sw").text
    assert "After the day set by the supervising office" in english
    assert "it was due on 31 January 2024, and it was published by then" in english
    # How the report stands now is said once more, beside the state.
    assert "Published after 20 January 2024, the day set by the supervising office" in english


def test_a_township_s_state_names_whose_day_it_is(page: FastAPI) -> None:
    said = get(page, "/agency/shili-zf").text
    assert 'class="timeline-year s-missing"' in said
    assert "2024年1月31日是主管部门规定的日期（示例政公开办〔2024〕1号）" in said
    assert "第四十九条" not in said


def test_who_owes_nothing_is_in_no_denominator(page: FastAPI) -> None:
    said = get(page, "/").text
    assert "共 2 个应当公布的被观察机关" in said
    assert said.count("figure s-exempt") == 1
    assert "不计入总数" in said
    assert "占 50%" in said
    own = get(page, "/agency/shili-wl").text
    assert "该单位2024年1月10日撤销" in own
    matrix = get(page, "/coverage?state=exempt").text.partition('id="matrix"')[2].partition("</table>")[0]
    assert "/agency/shili-wl" in matrix
    assert "/agency/shili-sw" not in matrix


def test_programs_read_both_days(page: FastAPI) -> None:
    slow, town, gone = (get(page, f"/api/v1/agencies/{agency.id}").json()["years"][0] for agency in (SLOW, TOWN, GONE))
    assert (slow["state"], slow["due"]) == ("on_time", "2024-01-31")
    assert slow["local"] == {"rule": "city", "due": "2024-01-20", "state": "late", "decides": False}
    assert (town["state"], town["rule"], town["local"]["decides"]) == ("missing", "towns", True)
    assert (gone["state"], gone["local"]) == ("exempt", None)
