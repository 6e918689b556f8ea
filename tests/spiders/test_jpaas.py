"""JPaaS: which unit is the list, what the gateway answers, where the list ends. All pages are invented."""

import json
from urllib.parse import parse_qsl, urlsplit

import pytest

from config.schema import Column, Portal
from crawler.page import Page
from spiders.jpaas import JpaasSpider
from spiders.lists.listing import END, Listing, Paging, Row, Seen, Step

BASE = "http://www.example.org/zfxxgk/nb/index.html"
COLUMN = Column(key="reports", url=BASE, agencies=("shili-jyj",))
SPIDER = JpaasSpider(
    Portal(slug="sim", name="示例门户", family="jpaas", hosts=("www.example.org",), columns=(COLUMN,), delay=2)
)
UNIT = "/api-gateway/jpaas-publish-server/front/page/build/unit"
LINK = f"http://www.example.org{UNIT}"


def script(tag: str, *, parse: str = "bulidstatic", url: str = UNIT) -> str:
    fields = (
        f"{{'webId':'9','tplSetId':'d5a1','pageId':'77','tagId':'{tag}','pageType':'column','parseType':'{parse}'}}"
    )
    return f'<script src="/AuthorizedRead/unitbuild.js" url="{url}" queryData="{fields}"></script>'


def read(body: str, column: Column = COLUMN) -> Listing:
    return SPIDER.read_list(Page(BASE, f"<html><body><ul class='list'></ul>{body}</body></html>"), column)


FORM = (
    ("webId", "9"),
    ("tplSetId", "d5a1"),
    ("pageId", "77"),
    ("tagId", "信息公开内容2"),
    ("pageType", "column"),
    ("parseType", "bulidstatic"),
)
FRAME = Listing(frame=True, paging=Paging(link=LINK, form=FORM))


def test_the_unit_of_the_list_is_told_from_the_others() -> None:
    assert read(script("信息公开内容2")) == FRAME
    assert read(script("栏目导航") + script("当前位置") + script("信息公开内容2")) == FRAME
    assert dict(read(script("甲", parse="buildstatic")).paging.form)["parseType"] == "buildstatic"
    assert "甲、乙" in read(script("甲") + script("乙")).problem
    named = COLUMN.model_copy(update={"options": {"unit": "乙"}})
    assert dict(read(script("甲") + script("乙"), named).paging.form)["tagId"] == "乙"
    assert read(script("甲"), named).problem


@pytest.mark.parametrize(
    "body",
    [
        "",
        f"<!-- {script('列表')} -->",
        script("列表", url="/other.jsp"),
        "<script url='/x' queryData></script>",
        "<ul></ul>",
    ],
)
def test_what_is_no_page_of_the_family(body: str) -> None:
    assert read(body).problem


def item(number: int, date: str = "2024-01-18") -> str:
    href, title = f"/zfxxgk/nb/art/2024/art_{number:032x}.html", f"示例市第{number}局\n关于年度报告"
    return f'<li><a href="{href}" title="{title}">{title[:6]}...</a><span>{date}</span></li>'


def url(page: int) -> str:
    asked = json.dumps({"pageNo": page, "pageSize": 15})
    return f"{LINK}?paramJson={asked}"


def answered(html: object, page: int = 1, **changes: object) -> Listing:
    answer = {"success": True, "data": {"html": html}} | changes
    return SPIDER.read_list(Page(url(page), json.dumps(answer, ensure_ascii=False)), COLUMN)


def test_an_answer_of_the_gateway() -> None:
    listing = answered(f"<div><a href='/'>首页</a><ul>{item(1)}{item(2)}</ul></div>")
    assert listing == Listing(
        tuple(
            Row(
                f"http://www.example.org/zfxxgk/nb/art/2024/art_{n:032x}.html",
                f"示例市第{n}局 关于年度报告",
                "2024-01-18",
            )
            for n in (1, 2)
        )
    )
    assert answered(f"<ul>{item(1)}</ul><p>共 31 条</p>").paging.records == 31


def test_an_empty_page_is_the_end_and_an_empty_list_says_so() -> None:
    assert answered("<ul></ul><p>暂无信息</p>").empty
    assert answered("<ul></ul>共0条").empty
    assert answered("<ul></ul>").problem
    assert answered("<ul></ul><div><a href='/p?2'>上一页</a></div>", 2) == Listing()
    assert answered("<ul><li><a href='/zfxxgk/'>公开指南</a></li></ul>", 2).problem  # not a list, nor its end


@pytest.mark.parametrize(
    "text",
    [
        '{"success": false, "message": "无权限", "data": {"html": ""}}',
        '{"success": true, "data": null}',
        '{"success": true, "data": {"html": 5}}',
        '{"code": 500}',
        "{",
        "<html><title>403</title></html>",
        "",
    ],
)
def test_what_is_no_answer(text: str) -> None:
    listing = SPIDER.read_list(Page(url(1), text), COLUMN)
    assert listing.problem
    assert not listing.empty


def test_a_template_is_no_list() -> None:
    assert answered('<li><a href="{{url}}">{{title}}</a><span>2024-01-18</span></li>').problem


def seen(*fresh: int, records: int | None = None) -> list[Seen]:
    """The page, and answers with so many new entries each; -1: an answer without any entry."""
    pages = [Seen(Step(BASE), FRAME, 0)]
    for number, new in enumerate(fresh):
        rows = () if new < 0 else (Row(str(number), "x"),)
        pages.append(Seen(Step(url(number)), Listing(rows, paging=Paging(records=records)), max(new, 0)))
    return pages


def asked(step: Step) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(step.url).query))


def test_the_pages_are_asked_for_within_param_json() -> None:
    step = SPIDER.next_step(COLUMN, seen())
    assert step.url.startswith(f"{LINK}?") and not step.form and not step.json
    assert asked(step) == dict(FORM) | {"editType": "null", "paramJson": '{"pageNo":1,"pageSize":15}'}
    assert json.loads(asked(SPIDER.next_step(COLUMN, seen(15, 15)))["paramJson"])["pageNo"] == 3


def test_where_the_list_ends() -> None:
    whole = COLUMN.model_copy(update={"options": {"whole": True}})
    assert SPIDER.next_step(whole, seen(15, 4, -1)) == END
    assert SPIDER.next_step(whole, seen(15, 4, records=19)) == END
    assert SPIDER.next_step(whole, seen(-1, records=0)) == END
    assert SPIDER.next_step(whole, seen(15, 0)).incomplete  # the first page again: ignored, or the last one?
    assert SPIDER.next_step(whole, seen(15, -1, records=19)).incomplete


def listed(*days: str) -> list[Seen]:
    rows = tuple(Row(f"http://www.example.org/{number}", "x", day) for number, day in enumerate(days))
    answer = Seen(Step(url(1)), Listing(rows), len(rows))
    return [Seen(Step(BASE), FRAME, 0), answer, Seen(Step(url(2)), Listing(), 0)]


def test_a_list_may_have_forgotten_what_is_old() -> None:
    """Six months are kept by some, and it is not said: the report of January is no longer listed in November."""
    assert SPIDER.next_step(COLUMN, listed("2024-01-18", "2023-01-20", "")) == END
    for days in (("2024-11-01", "2024-05-20"), ("2024-01-18",), ("",), ()):
        step = SPIDER.next_step(COLUMN, listed(*days))
        assert "半年" in step.partial and not step.url and not step.incomplete
