"""gkmlpt: where the API is, what it lists, and why its silence proves nothing. All pages are invented."""

import datetime as dt
import json
from typing import Any

import pytest

from config.schema import Column, Portal
from crawler.model import LookOutcome
from crawler.page import Page
from crawler.reports.dates import parse_day
from spiders.gkmlpt import GkmlptSpider
from spiders.lists.listing import END, Listing, Paging, Row, Seen, Step

BASE = "http://www.example.org/sljj/gkmlpt/index#123"
COLUMN = Column(key="reports", url=BASE, agencies=("shili-jyj",))
SPIDER = GkmlptSpider(
    Portal(slug="sim", name="示例门户", family="gkmlpt", hosts=("www.example.org",), columns=(COLUMN,), delay=2)
)
API = "http://www.example.org/sljj/gkmlpt/api/all/123"
TEMPLATE = f"{API}?page={{page}}&sid=9"
PUBLISHED = 1705541400  # 2024-01-18 09:30 in Shanghai
LATE_EVENING = 1705595400  # 2024-01-19 00:30 in Shanghai, the 18th by UTC
TREE = '[{"id": 1, "name": "公开", "children": [{"id": 123, "name": "政府信息公开年报", "parent": 1}]}]'


def page(config: str, url: str = BASE) -> Page:
    return Page(url.partition("#")[0], f"<html><body>示例<script>window._CONFIG = {config};</script></body></html>")


CONFIG = f'{{"SITE_ID": 9, "TREE": {TREE}}}'


def test_the_api_stands_beside_the_page() -> None:
    assert SPIDER.read_list(page(CONFIG), COLUMN) == Listing(frame=True, paging=Paging(template=TEMPLATE))
    for config in ("{ SITE_ID: '9' }", '{"sid": "9"}', '{"sid": 7, "SITE_ID": 9}'):
        assert SPIDER.read_list(page(config), COLUMN).paging.template == TEMPLATE


def test_what_address_and_page_do_not_bear_is_an_option() -> None:
    bare = COLUMN.model_copy(update={"url": "http://www.example.org/sljj/gkmlpt/index"})
    assert "column_id" in SPIDER.read_list(page(CONFIG), bare).problem
    assert "site_id" in SPIDER.read_list(page("{}"), COLUMN).problem
    given = bare.model_copy(update={"options": {"column_id": 123, "site_id": 9}})
    assert SPIDER.read_list(page("{}"), given).paging.template == TEMPLATE
    assert SPIDER.read_list(Page(BASE, "<html></html>"), COLUMN).problem
    assert SPIDER.read_list(page(CONFIG, "http://www.example.org/other/"), COLUMN).problem


def test_the_column_is_named_by_the_tree() -> None:
    assert SPIDER.names_column(page(CONFIG), COLUMN).good
    renamed = page(CONFIG.replace("政府信息公开年报", "财政预决算"))
    assert SPIDER.names_column(renamed, COLUMN).outcome is LookOutcome.MOVED
    assert SPIDER.names_column(page('{"SITE_ID": 9}'), COLUMN).good  # then the API's answer decides
    assert not SPIDER.names_column(Page(BASE, "<html><h1>财政预决算</h1></html>"), COLUMN).good


def article(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "id": number,
        "title": f"示例市第{number}局年度报告",
        "url": f"http://www.example.org/sljj/gkmlpt/content/3/3255/post_{number}.html",
        "type": "normal",
        "date": PUBLISHED - 86400 * 20,
        "create_time": PUBLISHED,
        "created_at": PUBLISHED + 86400 * 400,
    } | changes


def answered(*articles: Any, asked: int = 1, total: int | None = 1, held: int | None = None, **changes: Any) -> Listing:
    classify = {"id": 123, "name": "政府信息公开年报", "post_count": total if held is None else held}
    answer = {"classify": classify, "total": total, "offset": (asked - 1) * 100, "articles": list(articles)} | changes
    text = json.dumps(answer, ensure_ascii=False)
    return SPIDER.read_list(Page(TEMPLATE.replace("{page}", str(asked)), text), COLUMN)


def test_the_date_of_a_row_is_that_of_publication() -> None:
    listing = answered(article(1))
    assert listing == Listing(
        (Row("http://www.example.org/sljj/gkmlpt/content/3/3255/post_1.html", "示例市第1局年度报告", "2024-01-18"),),
        paging=Paging(records=1),
    )
    (late,) = answered(article(1, create_time=LATE_EVENING)).rows
    assert late.date == "2024-01-19"
    (written,) = answered(article(1, create_time=0, date=PUBLISHED)).rows
    assert written.date == "成文日期 2024-01-18"  # no publication, and it says so
    assert parse_day(written.date) == dt.date(2024, 1, 18)
    (ingested,) = answered(article(1, create_time=None, date=None)).rows
    assert ingested.date == ""
    (odd,) = answered(article(1, create_time=10**17, date="2024-01-02")).rows
    assert odd.date == "成文日期 2024-01-02"


def test_an_address_may_be_left_out_or_lead_elsewhere() -> None:
    (row,) = answered(article(3255421, url="")).rows
    assert row.url == "http://www.example.org/sljj/gkmlpt/content/3/3255/post_3255421.html"
    (row,) = answered(article(1, url="http://other.example.org/a.html", type="url")).rows
    assert row.url == "http://other.example.org/a.html"


def test_what_is_not_listed_may_be_published() -> None:
    assert not answered(article(1), total=1, held=1).partial
    listing = answered(article(1), total=1, held=2679)
    assert listing.rows and "2679" in listing.partial
    assert answered(article(1), total=None, held=203).partial


@pytest.mark.parametrize(
    ("listing", "empty"),
    [
        (answered(total=0, held=0), True),
        (answered(total=None, held=0), True),
        (answered(total=0, held=5), False),
        (answered(total=5, held=5), False),
        (answered(total=None), False),
        (answered(total=0, classify={"id": 123, "name": "政府信息公开年报", "post_count": 0, "jump_url": "/x"}), False),
    ],
)
def test_an_empty_answer(listing: Listing, empty: bool) -> None:
    assert listing.empty is empty
    assert bool(listing.problem) is not empty


@pytest.mark.parametrize(
    "listing",
    [
        answered(article(1), classify={"id": 124, "name": "政府信息公开年报"}),
        answered(article(1), classify={"id": 123, "name": "财政预决算"}),
        answered(article(1), classify=None),
        answered(articles={}),
        answered(article(1), article(2, title="")),
        answered(article(1), "示例"),
        answered(article(1), asked=2, offset=0),  # page 2 was asked for and page 1 came
        SPIDER.read_list(Page(API, "{"), COLUMN),
        SPIDER.read_list(Page(API, "<html><title>403 Forbidden</title></html>"), COLUMN),
    ],
)
def test_what_is_no_list_of_the_column(listing: Listing) -> None:
    assert listing.problem
    assert not listing.empty


def seen(*fresh: int | None, records: int | None = 250) -> list[Seen]:
    """The page, and answers with so many new entries each; None: 404; -1: an answer without entries."""
    pages = [Seen(Step(BASE), Listing(frame=True, paging=Paging(template=TEMPLATE)), 0)]
    for number, new in enumerate(fresh):
        rows = () if new is None or new < 0 else (Row(str(number), "x"),)
        listing = None if new is None else Listing(rows, paging=Paging(records=records))
        pages.append(Seen(Step("api"), listing, max(new or 0, 0)))
    return pages


def asked(number: int, *, probe: bool = True) -> Step:
    return Step(TEMPLATE.replace("{page}", str(number)), probe=probe)


@pytest.mark.parametrize(
    ("pages", "step"),
    [
        (seen(), asked(1, probe=False)),
        (seen(100), asked(2)),
        (seen(100, 100), asked(3)),
        (seen(100, 100, 50), END),
        (seen(0, records=0), END),
        (seen(100, -1, records=None), END),
    ],
)
def test_the_next_page(pages: list[Seen], step: Step) -> None:
    assert SPIDER.next_step(COLUMN, pages) == step


@pytest.mark.parametrize("pages", [seen(100, None), seen(100, 0), seen(100, -1), seen(100, None, records=None)])
def test_pages_that_do_not_come_make_the_look_incomplete(pages: list[Seen]) -> None:
    assert SPIDER.next_step(COLUMN, pages).incomplete
