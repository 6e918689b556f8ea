"""Lonsun: the label behind a disclosure column, ordinary columns, reports by year. All pages are invented."""

import datetime as dt
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from config.schema import Column
from crawler.model import LookOutcome
from crawler.page import Page
from spiders.lists.listing import Listing, Paging, Row, Seen, Step
from spiders.lonsun import EMPTY, LENGTH, RESULT
from tests.portals import lonsun
from tests.spiders.offline import column_url, many, published, simulated, spider_of, walk

HOST = "http://127.0.0.1:1"
BASE = f"{HOST}/public/column/990001?type=4&catId=123&action=list"
COLUMN = Column(key="c", url=BASE, agencies=("shili-jyj",))
SPIDER = spider_of(simulated("lonsun"), COLUMN)
LABEL = f"{HOST}/site/label/8888?labelName=publicInfoList"
CALL = (
    'Ls.ajax({type:"get",url:"/zwgk/site/label/8888",data:{labelName:"publicInfoList",siteId:"77",organId:"1",'
    'type:"4",catId:"2",pageSize:"18",file:"/c2/newest"}})'
)


def read(body: str, url: str = BASE, column: Column = COLUMN) -> Listing:
    return SPIDER.read_list(Page(url, body), column)  # type: ignore[no-any-return]  # the registry knows the base only


def entry(number: int) -> str:
    return (
        f'<div class="xxgk_navli"><ul><li>{number}</li><li><a href="/public/990001/{number}.html" title="示例第{number}局年报">'
        f'示例…</a> <a href="/jd/1.html">解读</a></li><li><span class="date"> 2024-01-18 </span></li></ul></div>'
    )


def row(number: int) -> Row:
    return Row(f"{HOST}/public/990001/{number}.html", f"示例第{number}局年报", "2024-01-18")


@pytest.mark.parametrize("options", [{}, {"shape": "list"}, {"page_count": False}, {"ordinary": True}])
@pytest.mark.parametrize("count", [4, 5, 14])
def test_all_entries_of_all_pages(options: dict[str, Any], count: int) -> None:
    site = simulated("lonsun", many(count), **options)
    walked = walk(site)
    assert walked.complete and set(walked.rows) == published(site)


def test_titles_longer_than_the_page_shows_are_asked_for() -> None:
    asked = parse_qs(urlsplit(walk(simulated("lonsun")).steps[1]).query)
    assert asked["length"] == [str(LENGTH)] and asked["result"] == [RESULT]
    assert (asked["pageIndex"], asked["pageSize"], asked["file"]) == (["1"], ["5"], [lonsun.FILE])


def test_an_empty_column_says_so() -> None:
    walked = walk(simulated("lonsun"), dt.date(2023, 1, 1))
    assert walked.complete and walked.said_empty and not walked.rows


def test_a_label_that_answers_nothing_is_no_empty_column() -> None:
    walked = walk(simulated("lonsun"), options={"file": "/another/list"})
    assert walked.found.outcome is LookOutcome.INCOMPLETE and not walked.said_empty


def test_what_the_page_does_not_name_the_options_do() -> None:
    walked = walk(simulated("lonsun", nameless=True))
    assert walked.found.outcome is LookOutcome.SHELL and "file" in walked.found.reason
    site = simulated("lonsun", nameless=True)
    assert set(walk(site, options={"file": lonsun.FILE}).rows) == published(site)


def test_the_call_is_read_with_the_names_beside_it() -> None:
    other = 'Ls.ajax({url:"/site/label/8889",data:{labelName:"organs",siteId:"1"}});'
    listing = read(f"<script>{CALL}</script>{'<p>示例</p>' * 300}<script>{other}</script>")
    asked = urlsplit(listing.paging.template)
    assert listing.frame and asked.path == "/zwgk/site/label/8888"
    fields = {name: value[0] for name, value in parse_qs(asked.query).items()}
    assert (fields["siteId"], fields["file"], fields["pageSize"]) == ("77", "/c2/newest", "18")
    assert (fields["organId"], fields["catId"], fields["type"]) == ("990001", "123", "4")  # the address is the witness


def test_one_entry_for_each_box_whatever_else_it_links_to() -> None:
    assert read(entry(1000001) + entry(1000002) + "<script>x({pageCount:1})</script>", LABEL) == Listing(
        (row(1000001), row(1000002)), paging=Paging(pages=1)
    )


def test_an_older_list_of_lines() -> None:
    body = "<ul class='clearfix xxgk_nav_list'><li><a href='/public/990001/1.html'>示例第1局年报</a><span>2024-01-18</span></li></ul>"
    assert read(body, LABEL).rows == (row(1),)


@pytest.mark.parametrize("words", [EMPTY, RESULT])
def test_the_words_of_an_empty_list(words: str) -> None:
    assert read(f"<div class='xxgk_navli'><p>{words}</p></div>", LABEL).empty
    assert read(f"<p>{words}</p>{'<p>这里还有别的内容</p>' * 30}", LABEL).problem


@pytest.mark.parametrize(
    ("body", "url"),
    [
        ("", BASE),
        ("<div></div>", LABEL),
        ("<div class='xxgk_menu'><ul><li><a href='/public/column/1?catId=2'>指南</a></li></ul></div>", BASE),
        ("<div class='xxgk_navli'><a href='{{url}}'>{{title}}</a></div>", LABEL),
        ("<script>Ls.ajax({data:{labelName:'publicInfoList'}})</script>", BASE),
    ],
)
def test_what_is_no_list(body: str, url: str) -> None:
    listing = read(body, url)
    assert listing.problem and not listing.rows and not listing.empty


FRAME = Seen(Step(BASE), Listing(frame=True, paging=Paging(template=f"{LABEL}&pageSize=2&pageIndex={{page}}")), 0)


def answered(rows: int, fresh: int, pages: int | None = None, *, empty: bool = False) -> Seen:
    return Seen(Step(LABEL), Listing(tuple(map(row, range(rows))), empty=empty, paging=Paging(pages=pages)), fresh)


@pytest.mark.parametrize(
    ("seen", "page"),
    [
        ([FRAME], "1"),
        ([FRAME, answered(2, 2, 2)], "2"),
        ([FRAME, answered(2, 2, 2), answered(1, 1, 2)], ""),
        ([FRAME, answered(1, 1)], ""),  # not full: the last
        ([FRAME, answered(2, 2)], "2"),
        ([FRAME, answered(2, 2), answered(0, 0, empty=True)], ""),
        ([FRAME, answered(2, 2, 3), answered(2, 0, 3)], "?"),
        ([FRAME, answered(2, 2), answered(2, 0)], "?"),
        ([FRAME, answered(3, 3)], "?"),  # the size asked for is not kept: nobody knows what is full
    ],
)
def test_the_next_step(seen: list[Seen], page: str) -> None:
    step = SPIDER.next_step(COLUMN, seen)
    assert bool(step.incomplete) == (page == "?")
    assert step.url.rpartition("pageIndex=")[2] == page.replace("?", "")


def test_a_frame_that_names_no_size_has_no_full_page() -> None:
    frame = Seen(Step(BASE), Listing(frame=True, paging=Paging(template=f"{LABEL}&pageIndex={{page}}")), 0)
    assert "几页" in SPIDER.next_step(COLUMN, [frame, answered(2, 2)]).incomplete


def test_a_list_in_the_page_whose_label_is_not_known_is_incomplete() -> None:
    one = read(entry(1000001) + "<script>Ls.pagination({pageCount:3})</script>")
    assert one.rows and not one.frame
    assert "3 页" in SPIDER.next_step(COLUMN, [Seen(Step(BASE), one, 1)]).incomplete
    assert not SPIDER.next_step(COLUMN, [Seen(Step(BASE), read(entry(1000001)), 1)]).incomplete


def test_a_column_of_years_is_the_report_itself() -> None:
    assert column_url(simulated("lonsun", years=True)).endswith("type=3&catId=123&action=list&timeFrame={year}")
