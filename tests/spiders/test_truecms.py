"""TrueCMS: the page's rows, the end point behind them, how much it gives at once. All pages are invented."""

import datetime as dt
import json
from typing import Any

import pytest

from config.schema import Column
from crawler.model import LookOutcome
from crawler.page import Page
from spiders.lists.listing import Listing, Row, Seen, Step
from tests.spiders.offline import many, published, simulated, spider_of, walk

BASE = "http://127.0.0.1:1/zwgk/nb/nb.html"
COLUMN = Column(key="c", url=BASE, agencies=("shili-jyj",))
SPIDER = spider_of(simulated("truecms"), COLUMN)
ID = "5a43294a-2028-49b7-ab9d-7fde4ef72632"
POINT = "/truecms/messageController/getMessage.do"
CALL = f"<script>$('#l').jpage({{totalRecord:3,proxyUrl:'{POINT}',ajaxParam:{{columnId:'{ID}'}}}});</script>"
ROW = "<li><a href='/zwgk/nb/content/6453d00a-fa05-50c8-9df7-21fa7e8c5ec1.html' title='示例一'>示…</a><span>2024-01-18</span></li>"
MANY = many(75)


def read(body: str, url: str = BASE) -> Listing:
    return SPIDER.read_list(Page(url, body), COLUMN)  # type: ignore[no-any-return]  # the registry knows the base only


def answer(result: object) -> Listing:
    return read(f"cb({json.dumps({'result': result})})", f"http://127.0.0.1:1{POINT}?startrecord=1")


def test_a_list_that_stands_in_the_page_needs_no_end_point() -> None:
    site = simulated("truecms")
    walked = walk(site)
    assert walked.complete and len(walked.steps) == 1
    assert set(walked.rows) == published(site)


@pytest.mark.parametrize(
    ("options", "sizes"),
    [
        ({}, ["50", "50"]),
        ({"ceiling": 20}, ["50", "20", "20", "20", "20"]),
        ({"ceiling": 10, "over": "404"}, ["50", "20", *["10"] * 8]),
        ({"shown": 0}, ["50", "50"]),
    ],
)
def test_how_much_an_answer_holds_is_found_out(options: dict[str, Any], sizes: list[str]) -> None:
    site = simulated("truecms", MANY, **options)
    walked = walk(site)
    assert walked.complete
    assert set(walked.rows) == published(site) and len(walked.rows) == 75
    assert [step.partition("perpage=")[2].partition("&")[0] for step in walked.steps[1:]] == sizes


def test_a_dead_end_point_leaves_the_rows_of_the_page_and_says_so() -> None:
    walked = walk(simulated("truecms", MANY, dead=True))
    assert len(walked.rows) == 60
    assert walked.found.outcome is LookOutcome.INCOMPLETE
    assert "404" in walked.found.reason and "60" in walked.found.reason and "75" in walked.found.reason


def test_an_end_point_that_gives_nothing_is_not_the_end() -> None:
    walked = walk(simulated("truecms", MANY, ceiling=5))
    assert walked.found.outcome is LookOutcome.INCOMPLETE and "没有内容" in walked.found.reason


def test_an_empty_column_says_so() -> None:
    walked = walk(simulated("truecms"), dt.date(2023, 1, 1))
    assert walked.complete and walked.said_empty and not walked.rows


def test_the_titles_are_whole() -> None:
    assert read(f"<ul id='initData'>{ROW}</ul>").rows == (
        Row("http://127.0.0.1:1/zwgk/nb/content/6453d00a-fa05-50c8-9df7-21fa7e8c5ec1.html", "示例一", "2024-01-18"),
    )


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<ul id='initData'></ul>",
        f"<ul class='menu'>{ROW}</ul>",
        "<ul id='initData'><li><a href='{{el.url}}'>{{el.title}}</a></li></ul>",
        f"<script>var url='{POINT}'</script>",  # no columnId
    ],
)
def test_what_is_no_list(body: str) -> None:
    listing = read(body)
    assert listing.problem and not listing.rows and not listing.empty


def test_a_page_without_rows_leads_to_the_end_point() -> None:
    listing = read(CALL)
    assert listing.frame and listing.paging.records == 3 and f"columnId={ID}" in listing.paging.template


def test_an_empty_answer_is_an_answer_and_no_empty_column() -> None:
    assert answer("") == Listing()
    assert answer("<datastore><totalrecord>0</totalrecord><recordset></recordset></datastore>").empty
    assert not answer("<datastore><totalrecord>4</totalrecord><recordset></recordset></datastore>").empty


@pytest.mark.parametrize("result", [None, 3, ["<datastore>"], "没有权限"])
def test_what_is_no_answer(result: object) -> None:
    assert answer(result).problem


def test_no_total_anywhere_is_no_complete_list() -> None:
    unsaid = CALL.replace("totalRecord:3,", "")
    first = read(f"<ul id='initData'>{ROW}</ul>{unsaid}")
    assert first.rows and first.paging.records is None
    alone = read(f"<ul id='initData'>{ROW}</ul>")
    assert SPIDER.next_step(COLUMN, [Seen(Step(BASE), alone, 1)]).incomplete
