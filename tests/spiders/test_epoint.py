"""Epoint: the site's names, the posted question, the answer, from which number its pages count. All pages are invented."""

import datetime as dt
import json
from typing import Any

import pytest

from config.schema import Column
from crawler.model import LookOutcome
from crawler.page import Page
from spiders.lists.listing import Listing, Paging, Row, Seen, Step
from tests.portals import epoint
from tests.spiders.offline import column_url, many, published, simulated, spider_of, walk

HOST = "http://127.0.0.1:1"
BASE = f"{HOST}{epoint.COLUMN_PAGE}?categorynum=003002&deptcode=014"
COLUMN = Column(key="c", url=BASE, agencies=("shili-jyj",))
SPIDER = spider_of(simulated("epoint"), COLUMN)
INFO = 'var siteInfo = {\'a\':1}; siteInfo = {"siteGuid":"g-1","projectName":"/EWB-FRONT"}'


def read(text: str, url: str = BASE) -> Listing:
    return SPIDER.read_list(Page(url, text), COLUMN)  # type: ignore[no-any-return]  # the registry knows the base only


def answer(custom: Any) -> Listing:
    return read(json.dumps({"custom": custom}), f"{HOST}{epoint.POINT}")


@pytest.mark.parametrize(
    ("options", "asked"),
    [
        ({}, [0]),
        ({"first": 1}, [0]),
        ({"first": 1, "strict": True}, [0, 1]),
        ({"inline": True}, [0]),
        ({"custom": "string"}, [0]),
    ],
)
def test_a_short_list(options: dict[str, Any], asked: list[int]) -> None:
    site = simulated("epoint", **options)
    walked = walk(site)
    assert walked.complete and set(walked.rows) == published(site)
    assert [json.loads(step.partition("#POST ")[2])["pageIndex"] for step in walked.steps if "#POST" in step] == asked
    assert ("webBuilderCommon.js" in " ".join(walked.steps)) != bool(options.get("inline"))


@pytest.mark.parametrize(
    ("options", "asked"),
    [({}, [0, 1, 2]), ({"first": 1}, [0, 1, 2, 3]), ({"first": 1, "strict": True}, [0, 1, 2, 3])],
)
def test_pages_are_counted_from_0_or_from_1(options: dict[str, Any], asked: list[int]) -> None:
    site = simulated("epoint", many(45), **options)
    walked = walk(site)
    assert walked.complete and set(walked.rows) == published(site)
    posted = [json.loads(step.partition("#POST ")[2]) for step in walked.steps if "#POST" in step]
    assert [body["pageIndex"] for body in posted] == asked
    assert {(body["categorynum"], body["siteGuid"]) for body in posted} == {("003002", epoint.GUID)}


def test_an_empty_column_says_so() -> None:
    walked = walk(simulated("epoint"), dt.date(2023, 1, 1))
    assert walked.complete and walked.said_empty and not walked.rows


def test_a_column_without_categorynum_needs_the_option() -> None:
    site = simulated("epoint")
    bare = f"{HOST}{epoint.COLUMN_PAGE}"
    frame = Seen(Step(bare), Listing(frame=True, paging=Paging(link=f"{HOST}{epoint.POINT}", template="g-1")), 0)
    assert "categorynum" in SPIDER.next_step(COLUMN.model_copy(update={"url": bare}), [frame]).incomplete
    told = COLUMN.model_copy(update={"url": bare, "options": {"categorynum": "003002"}})
    assert json.loads(SPIDER.next_step(told, [frame]).json)["categorynum"] == "003002"
    assert walk(site, options={"categorynum": "999"}).complete  # the address is the better witness


def test_names_of_the_site() -> None:
    listing = read(f"<script>{INFO}</script>")
    assert listing.frame
    assert listing.paging == Paging(link=f"{HOST}{epoint.POINT}", template="g-1")
    step = SPIDER.next_step(COLUMN, [Seen(Step(BASE), listing, 0)])
    assert json.loads(step.json) == {
        "siteGuid": "g-1",
        "deptcode": "014",
        "categorynum": "003002",
        "pageIndex": 0,
        "pageSize": 20,
    }


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<ul><li><a href='<?=el.link?>'><?=el.title?></a></li></ul>",
        "<ul><li><a href='/003/123456.html'>示例市2023年年报</a><span>2024-01-18</span></li></ul>",
        "<script>var siteInfo = {}</script>",
    ],
)
def test_a_template_is_no_list(text: str) -> None:
    listing = read(text)
    assert listing.problem and not listing.rows and not listing.empty


def test_a_script_without_the_names_is_said() -> None:
    assert "siteInfo" in read("var a = 1", f"{HOST}/js/webBuilderCommon.js?v=1").problem


def test_titles_are_whole_and_plain() -> None:
    record = {
        "title": "示例…",
        "realtitle": "<font color='red'>示例市&nbsp;年报</font>",
        "infourl": "003/1.html",
        "infodate": "2024-01-18",
    }
    listing = answer({"total": "1", "data": [record]})
    assert listing == Listing((Row(f"{HOST}/003/1.html", "示例市 年报", "2024-01-18"),), paging=Paging(records=1))
    assert answer(json.dumps({"total": 1, "data": [record]})) == listing
    outside = answer({"total": 1, "data": [{"title": "示例", "infourl": "http://www.example.org/1.html"}]})
    assert outside.rows == (Row("http://www.example.org/1.html", "示例"),)


@pytest.mark.parametrize(
    "custom",
    [
        None,
        {},
        "",
        "<html>",
        {"data": "x"},
        {"total": 1, "data": [{"title": "示例"}]},
        {"total": 1, "data": ["示例"]},
        {"total": 1, "data": [{"title": "<?=el.title?>", "infourl": "<?=el.link?>"}]},
    ],
)
def test_what_is_no_answer(custom: Any) -> None:
    listing = answer(custom)
    assert listing.problem and not listing.empty


def test_an_answer_without_total_is_no_complete_list() -> None:
    frame = Seen(Step(BASE), Listing(frame=True, paging=Paging(link="x", template="g")), 0)
    one = answer({"data": [{"title": "示例", "infourl": "/1.html"}]})
    assert "总数" in SPIDER.next_step(COLUMN, [frame, Seen(Step("x"), one, 1)]).incomplete
    nothing = answer({"data": []})
    assert SPIDER.next_step(COLUMN, [frame, Seen(Step("x"), nothing, 0)]).incomplete


def test_a_total_that_is_not_reached_is_said() -> None:
    frame = Seen(Step(BASE), Listing(frame=True, paging=Paging(link="x", template="g")), 0)
    one = answer({"total": 41, "data": [{"title": "示例", "infourl": "/1.html"}]})
    seen = [frame, Seen(Step("x"), one, 1), Seen(Step("x"), one, 0), Seen(Step("x"), one, 0)]
    assert SPIDER.next_step(COLUMN, seen[:3]).json  # 0 may have been taken for 1
    assert "41" in SPIDER.next_step(COLUMN, seen).incomplete


def test_a_dead_end_point_is_incomplete(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(epoint, "POINT", "/elsewhere")
    walked = walk(simulated("epoint"))
    assert walked.found.outcome is LookOutcome.INCOMPLETE and "没有读到" in walked.found.reason


def test_the_column_s_address_bears_a_query() -> None:
    assert column_url(simulated("epoint")).endswith("?categorynum=003002&deptcode=")
