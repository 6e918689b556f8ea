"""UCAP: lists for everybody to see, in a comment, behind endpoints, in the cloud's script. All pages are invented."""

import json
from typing import Any

import pytest

from config.schema import Column, Portal
from crawler.model import LookOutcome
from crawler.page import Page
from crawler.reports.dates import parse_day
from spiders import FAMILIES
from spiders.lists.branches import branches
from spiders.lists.listing import END, Listing, Paging, Row, Seen, Step
from spiders.signs import recognise, told
from spiders.ucap import UcapSpider
from tests.portals import ucap
from tests.portals.ucap_cloud import QUERY
from tests.spiders.offline import HOST, Walked, published, simulated, walk
from tests.spiders.worlds import DAY

CODE = "c110634"
BASE = f"http://www.example.org/jyt/{CODE}/list.shtml"
COLUMN = Column(key="reports", url=BASE, agencies=("shili-jyj",))
SPIDER = UcapSpider(
    Portal(slug="sim", name="示例门户", family="ucap", hosts=("www.example.org",), columns=(COLUMN,), delay=2)
)
META = f'<meta name="channelId" content="0123456789abcdef0123456789abcdef"><meta name="code" content="{CODE}">'
MENU = f'<ul id="nb_list"><li id="erji_{CODE}"><a href="/jyt/{CODE}/list.shtml">2024</a></li></ul>'


def read(body: str, target: Column = COLUMN) -> Listing:
    return SPIDER.read_list(Page(BASE, f"<html><head>{META}</head><body>{MENU}{body}</body></html>"), target)


def line(number: int) -> str:
    title = f"示例市第{number}局2023年政府信息公开工作年度报告"
    return f'<li><a href="/jyt/{CODE}/202401/{number}.shtml" title="{title}">{title[:9]}…</a><b>2024-01-18</b></li>'


def row(number: int) -> Row:
    title = f"示例市第{number}局2023年政府信息公开工作年度报告"
    return Row(f"http://www.example.org/jyt/{CODE}/202401/{number}.shtml", title, "2024-01-18")


CALL = "<script>createPageHTML('page_div',3, 1,'list','shtml',41);</script>"
NUMBERED = Paging(3, 41, template=f"http://www.example.org/jyt/{CODE}/list_{{page}}.shtml", first=2)


def test_a_list_for_everybody_to_see() -> None:
    body = f'<div class="zfxxgk_zdgkc"><ul>{line(1)}{line(2)}</ul></div><div id="page_div"></div>{CALL}'
    assert read(body) == Listing((row(1), row(2)), paging=NUMBERED)


def test_a_list_in_a_comment_is_listed_and_proves_nothing() -> None:
    body = f'<div class="zfxxgk_zdgkc"><ul><!--{line(1)}{line(2)}{CALL}--></ul></div><div id="page_div"></div>'
    listing = read(body)
    assert (listing.rows, listing.paging) == ((row(1), row(2)), NUMBERED)
    assert "注释" in listing.partial


def test_which_comment_is_the_list() -> None:
    other = line(9).replace(CODE, "c990000")
    assert read(f"<div><!-- <ul>{other}</ul> --></div>").problem  # another column's, outside of any container
    own = read(f"<div><!-- <ul>{other}</ul> --><!-- <ul>{line(1)}</ul> --></div>")
    assert own.rows == (row(1),)
    empty = read(f'<div class="zfxxgk_zdgkc"><ul><!-- {CALL.replace("3, 1", "0, 1")} --></ul></div>')
    assert (empty.rows, empty.problem) == ((), "")
    assert empty.partial
    assert not empty.empty
    template = line(1).replace("202401/1.shtml", "202401/${id}.shtml").replace("示例", "${x}")
    assert read(f'<div class="zfxxgk_zdgkc"><!--{template}--></div>').problem


def test_what_is_seen_beats_what_is_commented() -> None:
    body = f'<div class="zfxxgk_zdgkc"><ul>{line(1)}<!--{line(2)}--></ul></div>{CALL}'
    assert read(body).rows == (row(1),)
    assert not read(body).partial


def test_a_pager_that_a_script_fills_is_not_taken_for_a_single_page() -> None:
    body = f'<div class="zfxxgk_zdgkc"><ul>{line(1)}</ul></div>'
    assert read(f'{body}<div id="page_div"></div>').unclear
    assert read(f'<script src="/js/page_list.js"></script>{body}').unclear
    assert not read(body).unclear


def test_a_list_that_a_script_fills_is_not_empty() -> None:
    body = '<div class="zfxxgk_zdgkc"><p>暂无信息</p></div>'
    assert read(body).empty
    assert read(f'<script src="/js/page_list.js"></script>{body}').problem


CHANNEL = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    ("script", "link", "fields"),
    [
        (f'$.get("/common/search/{CHANNEL}?page=" + page)', f"/common/search/{CHANNEL}", ()),
        ('$.get("/common/search/" + channelId + "?page=" + page)', f"/common/search/{CHANNEL}", ()),
        ('load("/jyt/searchList/" + this.channel_id)', f"/jyt/searchList/{CHANNEL}", ()),
        (
            '$.post("/getFileListByCodeId", {channelId: id})',
            "/getFileListByCodeId",
            (("channelId", CHANNEL), ("page", "{page}"), ("size", "20"), ("relateSubChannels", "true")),
        ),
    ],
)
def test_the_endpoint_that_the_page_names(script: str, link: str, fields: tuple[tuple[str, str], ...]) -> None:
    listing = read(f'<div class="zfxxgk_zdgkc"><ul></ul></div><script>{script}</script>')
    assert listing.frame
    assert not listing.rows
    assert listing.paging.link.partition("?")[0] == f"http://www.example.org{link}"
    assert listing.paging.form == fields


@pytest.mark.parametrize(
    "script",
    [
        f'$.get("/common/search/{"9" * 32}?page=1")',  # the box of news beside the list
        'window.open("/search/s?q=" + words)',  # the site's search
        f'// $.get("/common/searching/{CHANNEL}")',
    ],
)
def test_what_is_no_endpoint_of_this_list(script: str) -> None:
    assert not read(f'<div class="zfxxgk_zdgkc"><ul></ul></div><script>{script}</script>').frame


def test_an_endpoint_may_be_given() -> None:
    target = COLUMN.model_copy(update={"options": {"endpoint": f"/common/search/{CHANNEL}?page={{page}}"}})
    listing = read("", target)
    assert listing.paging.link == f"http://www.example.org/common/search/{CHANNEL}?page={{page}}"
    assert SPIDER.next_step(target, [Seen(Step(BASE), listing, 0)]) == Step(listing.paging.link.replace("{page}", "1"))


def answer(data: Any) -> Listing:
    return SPIDER.read_list(Page("http://www.example.org/common/search/x", json.dumps(data)), COLUMN)


SHAPES: tuple[Any, ...] = (
    {"data": {"results": [{"title": "示例", "url": "/a.shtml", "publishedTimeStr": "2024-01-18"}], "total": 1}},
    {"data": {"results": [{"source": {"title": "示例", "pubDate": "2024-01-18", "urls": '{"pc": "/a.shtml"}'}}], "total": "1"}},
    {"results": {"data": {"results": [{"titleHtml": "<em>示</em>例", "redirectUrl": "", "url": "/a.shtml", "publishedTimeStr": "2024-01-18"}], "total": 1}}},
    {"infolist": [{"title": "示例", "link": "/a.shtml", "pubtime": "2024-01-18"}], "total": 1},
)  # fmt: skip


@pytest.mark.parametrize("data", SHAPES, ids=["search", "cloud", "tax", "suzhou"])
def test_shapes_of_an_answer(data: Any) -> None:
    assert answer(data) == Listing(
        (Row("http://www.example.org/a.shtml", "示例", "2024-01-18"),), paging=Paging(records=1)
    )
    assert told(recognise(Page("http://www.example.org/x", json.dumps(data)), FAMILIES)) == "ucap"


def test_answers_that_say_nothing() -> None:
    assert answer({"data": {"results": [], "total": 0}}).empty
    assert not answer({"data": {"results": []}}).empty
    broken_answers: tuple[Any, ...] = ({}, {"data": None}, {"data": {"results": {}}}, {"code": 500, "msg": "x"}, [])
    for broken in broken_answers:
        assert answer(broken).problem
    assert SPIDER.read_list(Page("http://www.example.org/x", '{"data": {"results": [}'), COLUMN).problem
    assert answer({"data": {"results": [{"title": "{{t}}", "url": "/a"}], "total": 1}}).problem
    lost = answer({"data": {"results": [{"title": "示例"}, {"url": "/a"}, None], "total": 3}})
    assert (lost.rows, lost.paging.records) == ((), 3)


LINK = "http://www.example.org/common/search/x?page={page}"


def seen(*answers: tuple[int, int, int | None], rows: int = 0) -> list[Seen]:
    """The page with so many rows of its own, then answers: numbers of the first and the last row, stated total."""
    frame = Listing(tuple(map(row, range(rows))), frame=True, paging=Paging(link=LINK))
    pages = [Seen(Step(BASE), frame, 0)]
    for first, last, total in answers:
        found = tuple(row(number) for number in range(first, last + 1))
        pages.append(Seen(Step("x"), Listing(found, empty=total == 0, paging=Paging(records=total)), len(found)))
    return pages


def asked(number: int) -> Step:
    return Step(LINK.replace("{page}", str(number)))


@pytest.mark.parametrize(
    ("pages", "step"),
    [
        (seen(), asked(1)),
        (seen((1, 20, 45)), asked(2)),
        (seen((1, 20, 45), (21, 40, 45)), asked(3)),
        (seen((1, 20, 45), (21, 40, 45), (41, 45, 45)), END),
        (seen((1, 20, 20)), END),
        (seen((1, 20, 20), rows=5), END),
        (seen((1, 0, 0)), END),  # it says that there is nothing
        (seen((1, 20, None)), asked(2)),
        (seen((1, 20, None), (21, 20, None)), END),  # nothing behind the last page
    ],
)
def test_the_next_step(pages: list[Seen], step: Step) -> None:
    assert SPIDER.next_step(COLUMN, pages) == step


@pytest.mark.parametrize(
    ("pages", "reason"),
    [
        (seen((1, 20, 45), (21, 20, 45)), "有 45 条，只列出 20 条"),
        (seen((1, 20, 45), (1, 20, 45)), "没有新的条目"),  # the page's number is not honoured
        (seen((1, 20, 45), (1, 20, 45), (1, 20, 45)), "没有新的条目"),
        (seen((1, 20, 25), (21, 26, 26)), "总数前后不同"),  # the list moved under our hands
        (seen((1, 0, None)), "没有说明总数"),
        (seen((1, 0, 0), rows=3), "接口却说没有"),
    ],
)
def test_endpoints_that_do_not_give_what_they_promise(pages: list[Seen], reason: str) -> None:
    assert reason in SPIDER.next_step(COLUMN, pages).incomplete


def cloud(articles: str, count: int | str = 2, *, more: str = "var codeName='col42150';") -> Listing:
    script = f"""var websiteCode = 'sim';{more}var channelsTagSelf = {{"articleCount": {count}}};
var listData = {{}}; listData.articleList = {articles};"""
    return read(f"<script>{script}</script>")


ARTICLE = '{"title": "示例", "pubDate": "2024-01-18", "urls": {"pc": "/col/col42150/content/content_1.html"}}'


def test_the_cloud_s_list_in_its_script() -> None:
    whole = cloud(f"[{ARTICLE}]", 1)
    assert (len(whole.rows), whole.paging) == (1, Paging(pages=1, records=1))
    part = cloud(f"[{ARTICLE}]", 41)
    assert part.paging.link == "http://www.example.org/queryList"
    assert ("channelCode[]", "col42150") in part.paging.form
    assert cloud("[]", 0).empty
    assert cloud("[]", 41).frame
    assert cloud("[]", '""', more="").problem
    assert cloud(f"[{ARTICLE}]", 41, more="").unclear
    assert cloud("[{title: 'x'}]", 1).problem


def rows_of(walked: Walked) -> set[tuple[str, str, str]]:
    """Address, title, day: the endpoints say the time as well."""
    return {(url, title, str(parse_day(date))) for url, title, date in walked.rows}


@pytest.mark.parametrize("kind", ["shown", "search", "tax", "cloud"])
def test_every_dialect_is_read_to_its_end(kind: str) -> None:
    chosen = simulated("ucap", list=kind)
    walked = walk(chosen)
    assert walked.complete, walked.found
    assert len(walked.rows) == 14
    assert rows_of(walked) == published(chosen)


def test_the_commented_list_is_read_over_all_its_pages_and_proves_nothing() -> None:
    chosen = simulated("ucap", list="comment", stem="zwgklist")
    walked = walk(chosen)
    assert rows_of(walked) == published(chosen)
    assert walked.steps == tuple(f"http://{HOST}/{CODE}/zwgklist{number}.shtml" for number in ("", "_2", "_3"))
    assert walked.found.outcome is LookOutcome.INCOMPLETE
    assert "注释" in walked.found.reason


def test_the_years_of_the_menu_are_sub_columns() -> None:
    """One code for each year, beside each other: /jyt/c250121/zwgklist.shtml, /jyt/c240106/zwgklist.shtml."""
    menu = "".join(
        f'<li id="erji_{code}"><a href="/jyt/{code}/zwgklist.shtml">{year}</a></li>'
        for code, year in ((CODE, 2024), ("c240106", 2023))
    )
    other = '<li><a href="/other/c1/zwgklist.shtml">2023</a></li>'
    page = Page(f"http://www.example.org/jyt/{CODE}/zwgklist.shtml", f'<ul id="nb_list">{menu}{other}</ul>')
    assert branches(page, "years") == ("http://www.example.org/jyt/c240106/zwgklist.shtml",)


def test_an_endpoint_without_a_total_ends_with_an_empty_page() -> None:
    walked = walk(simulated("ucap", list="search", total=False))
    assert walked.complete
    assert len(walked.rows) == 14


def test_an_endpoint_that_wants_a_token_is_a_challenge() -> None:
    walked = walk(simulated("ucap", list="search", blocked=True))
    assert walked.found.outcome is LookOutcome.INCOMPLETE
    assert "HTTP 412" in walked.found.reason


def test_an_endpoint_that_only_a_script_file_names_is_given_in_the_portal_s_file() -> None:
    chosen = simulated("ucap", list="search", named=False)
    assert walk(chosen).found.outcome is LookOutcome.SHELL
    channel = ucap.channel_id(chosen.columns[0])
    options = {"endpoint": f"/common/search/{channel}?_isJson=true&_pageSize=5&page={{page}}"}
    walked = walk(chosen, options=options)
    assert walked.complete
    assert rows_of(walked) == published(chosen)
    assert len(walked.steps) == 4


def test_the_cloud_is_asked_by_post() -> None:
    assert walk(simulated("ucap", list="cloud")).steps[1].startswith(f"http://{HOST}{QUERY}#POST current=1&pageSize=20")


@pytest.mark.parametrize("kind", ["shown", "comment", "search", "tax", "cloud"])
def test_its_own_pages_are_told(kind: str) -> None:
    chosen = simulated("ucap", list=kind)
    pages = ucap.pages(chosen, HOST, DAY)
    for path, page in pages.items():
        if path != "/":
            found = recognise(Page(f"http://{HOST}{path}", page.body.decode()), FAMILIES)
            assert told(found) == "ucap", (path, found)
