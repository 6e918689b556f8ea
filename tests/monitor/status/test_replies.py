"""What an office said, on its page and for programs: beside its finding, escaped, the newest first, nobody's name."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from fastapi import FastAPI
from playwright.sync_api import Browser, expect

from config.env import Settings
from crawler.store.writes import acts
from monitor.clock import FixedClock
from monitor.desk.replies import NewReply, ReplyKind
from monitor.status import create_app
from tests.monitor.circular import town
from tests.monitor.status.conftest import served
from tests.monitor.status.test_browser import SCHEMES, WIDTHS, Scheme, opened
from tests.monitor.status.test_routes import ask
from tests.monitor.world import World

HOSTILE = "<img src=x onerror=alert(1)> \"'&{{ 7*7 }}\n第二行 " + "长" * 300
KEY = "arithmetic:shili-swj:2023:total"
WATER, TRADE = "/agency/shili-slj", "/agency/shili-swj"


def say(world: World, day: dt.date, **changes: object) -> None:
    """One more reply about the sums of the bureau of commerce."""
    new = NewReply("shili-swj", town.YEAR, KEY, ReplyKind.CORRECTION, HOSTILE, "javascript:alert(2)", day, "值班员")
    at = dt.datetime.combine(day, dt.time(12), town.NOW.tzinfo)
    with world.sessions.begin() as session:
        acts.add(session, "reply", at=at, **replace(new, **changes).columns())  # type: ignore[arg-type]  # by name


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = town.build(tmp_path_factory.mktemp("town"))
    say(made, dt.date(2024, 2, 21))
    say(
        made,
        dt.date(2024, 2, 22),
        kind=ReplyKind.REPLY,
        text="网址见来源。",
        source="https://www.example.org/1.html?a=1&b=2",
    )
    say(made, dt.date(2024, 4, 1), text="此刻之后的答复")
    yield made
    made.sessions.kw["bind"].dispose()


@pytest.fixture(scope="module")
def page(world: World) -> FastAPI:
    return create_app(Settings(), world.configuration, world.sessions, FixedClock(town.NOW))


@pytest.mark.parametrize(
    ("prefix", "kind", "hint"), [("", "单位答复", "未作核实"), ("/en", "Reply of the office", "not verified")]
)
def test_a_reply_about_the_year_stands_above_its_findings(page: FastAPI, prefix: str, kind: str, hint: str) -> None:
    read = BeautifulSoup(ask(page, prefix + WATER).text, "lxml")
    section = read.select_one("#y2023 > .replies")
    assert section is not None
    counts = section.select_one(":scope > ul")
    assert counts is not None and "=1+1 网站改版，公布较晚。" in counts.text
    assert "未能及时公布" not in counts.text
    assert kind in counts.text and "2024-02-12" in counts.text and "复函〔2024〕3号" in counts.text
    assert hint in section.text
    replaced = section.select_one("details")
    assert replaced is not None and "网站改版，未能及时公布。" in replaced.text


def test_a_reply_about_a_finding_stands_beside_it_and_nowhere_else(page: FastAPI) -> None:
    read = BeautifulSoup(ask(page, TRADE).text, "lxml")
    assert read.select("#y2023 > .replies") == []
    assert len(read.select(".finding .replies")) == 1
    beside = read.select_one(".finding .replies")
    assert beside is not None and [item.text for item in beside.select(":scope > ul > li strong")] == [
        "单位答复",
        "单位更正",
    ]


def test_hostile_words_and_sources_stay_text(page: FastAPI) -> None:
    html = ask(page, TRADE).text
    read = BeautifulSoup(html, "lxml")
    assert "<img src=x" not in html and "49" not in read.select_one(".finding .replies").text  # type: ignore[union-attr]
    assert [link["href"] for link in read.select(".replies a")] == ["https://www.example.org/1.html?a=1&b=2"]
    assert "javascript:alert(2)" in html and 'href="javascript' not in html
    assert len(read.select(".finding .replies .words")) == 4  # two lines, one line, and one that was replaced


def test_nobody_sees_who_recorded_it_or_what_comes_later(page: FastAPI) -> None:
    for path in (WATER, TRADE, "/api/v1/agencies/shili-slj", "/api/v1/findings?agency=shili-swj"):
        answer = ask(page, path).text
        assert "值班员" not in answer
        assert "此刻之后" not in answer


def test_findings_for_programs_with_their_replies(page: FastAPI) -> None:
    answer = ask(page, "/api/v1/findings?agency=shili-swj")
    assert answer.headers["content-type"] == "application/json"
    one = next(finding for finding in json.loads(answer.text)["items"] if finding["key"] == KEY)
    assert (one["agency"], one["invented"]) == ("shili-swj", True)
    assert one["closed_at"] is None and one["title"]["zh"] == "表内数字不符合勾稽关系"
    assert one["lines"][0]["label"]["en"] == "Sum"
    texts = [(reply["kind"], reply["received_on"], reply["superseded_by"] is None) for reply in one["replies"]]
    assert texts == [("reply", "2024-02-20", False), ("correction", "2024-02-21", True), ("reply", "2024-02-22", True)]
    assert one["replies"][1]["text"] == HOSTILE
    years = json.loads(ask(page, "/api/v1/agencies/shili-slj").text)["years"]
    assert [len(year["replies"]) for year in years] == [2]
    assert json.loads(ask(page, "/api/v1/findings?agency=nobody").text)["items"] == []


@pytest.mark.integration
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_replies_can_be_read(browser: Browser, page: FastAPI, screens: Path, width: str, scheme: Scheme) -> None:
    with served(page) as origin:
        for name, path in (("year", WATER), ("finding", TRADE)):
            with opened(browser, origin, path, width=width, scheme=scheme) as shown:
                section = shown.locator(".replies").first
                expect(section).to_be_visible()
                box = section.bounding_box()
                assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= WIDTHS[width][0]
                section.scroll_into_view_if_needed()
                shown.screenshot(path=screens / f"reply-{name}-{width}-{scheme}.png")
