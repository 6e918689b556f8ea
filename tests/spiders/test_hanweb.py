"""Hanweb data stores: which one, which rows, which further pages. All pages are invented."""

import pytest

from config.schema import Column, Portal
from crawler.page import Page
from spiders.hanweb import HanwebSpider
from spiders.listing import END, Listing, Paging, Row, Seen, Step

BASE = "http://www.example.org/col/col123/index.html"
COLUMN = Column(key="reports", url=BASE, agencies=("shili-jyj",))
SPIDER = HanwebSpider(
    Portal(slug="sim", name="示例门户", family="hanweb", hosts=("www.example.org",), columns=(COLUMN,), delay=2)
)
PROXY = "/module/web/jpage/dataproxy.jsp"
GROUP = f"{PROXY}?page=1&appid=1&appid=1&webid=9&path=/&columnid=123&unitid=77&webname=%25E7%25A4%25BA&permissiontype=0"
TEMPLATE = "http://www.example.org" + GROUP.replace("page=1", "page={page}")


def record(number: int, column: int = 123) -> str:
    href, title = f"/art/2024/1/18/art_{column}_{number}.html", f"示例市第{number}局年度报告"
    return f"<record><![CDATA[<li><a href='{href}' title='{title}'>示例...</a><span>2024-01-18</span></li>]]></record>"


def store(*records: str, group: str = GROUP) -> str:
    nextgroup = f'<nextgroup><![CDATA[<a href="{group}"></a>]]></nextgroup>' if group else ""
    return (
        f'<script type="text/xml"><datastore>{nextgroup}<recordset>{"".join(records)}</recordset></datastore></script>'
    )


def jpage(total: int, unit: int = 77) -> str:
    return f"<script>$('#{unit}').jpage({{totalRecord:{total},perPage:2}});</script>"


def read(body: str, column: Column = COLUMN) -> Listing:
    return SPIDER.read_list(Page(BASE, f"<html><body><ul></ul>{body}</body></html>"), column)


def test_rows_stand_in_the_data_store() -> None:
    assert read(store(record(1), record(2)) + jpage(5)) == Listing(
        (
            Row("http://www.example.org/art/2024/1/18/art_123_1.html", "示例市第1局年度报告", "2024-01-18"),
            Row("http://www.example.org/art/2024/1/18/art_123_2.html", "示例市第2局年度报告", "2024-01-18"),
        ),
        paging=Paging(records=5, template=TEMPLATE, first=1),
    )


def test_the_store_of_this_column_is_taken() -> None:
    other = store(record(9, 990), group=GROUP.replace("columnid=123", "columnid=1234").replace("77", "88"))
    listing = read(other + jpage(70, unit=88) + store(record(1)) + jpage(5))
    assert [row.url for row in listing.rows] == ["http://www.example.org/art/2024/1/18/art_123_1.html"]
    assert listing.paging.records == 5
    assert read(other).problem


def test_a_store_without_next_group_is_known_by_its_articles() -> None:
    listing = read(store(record(9, 990), group="") + store(record(1), group=""))
    assert [row.title for row in listing.rows] == ["示例市第1局年度报告"]
    assert listing.paging == Paging(first=1)


def test_the_address_of_the_next_group_may_be_escaped() -> None:
    escaped = (
        store(record(1))
        .replace("<![CDATA[<a href", "&lt;a href")
        .replace("</a>]]></nextgroup>", "&lt;/a&gt;</nextgroup>")
    )
    assert read(escaped.replace("&appid", "&amp;amp;appid") + jpage(5)).paging.template == TEMPLATE
    in_cdata = store(record(1)).replace("&", "&amp;")
    assert read(in_cdata + jpage(5)).paging.template == TEMPLATE


def test_rows_may_be_table_rows_with_a_bold_date() -> None:
    row = "<record><![CDATA[<tr><td><a href='/art/2024/1/18/art_123_1.html'>示例市年报</a></td><td><b>2024年1月18日</b></td></tr>]]></record>"
    (found,) = read(store(row)).rows
    assert (found.title, found.date) == ("示例市年报", "2024年1月18日")


def test_an_empty_column_says_so_by_its_total() -> None:
    assert read(store() + jpage(0)) == Listing(empty=True)


@pytest.mark.parametrize(
    "body",
    ["", "<ul><li><a href='/art/1.html'>x</a></li></ul>", store() + jpage(4), store(), "<script><datastore><record>"],
)
def test_what_is_no_list(body: str) -> None:
    listing = read(body)
    assert listing.problem
    assert not listing.empty


def test_a_column_without_a_number_needs_the_option() -> None:
    column = Column(key="reports", url="http://www.example.org/nb/", agencies=("shili-jyj",))
    assert "column_id" in read(store(record(1)), column).problem
    assert read(store(record(1)), column.model_copy(update={"options": {"column_id": 123}})).rows


def test_an_unknown_dialect_of_further_pages_is_said() -> None:
    other = GROUP.replace("page=1", "offset=1")
    assert read(store(record(1), group=other) + jpage(5)).unclear
    assert not read(store(record(1), group=other) + jpage(1)).unclear


def test_an_answer_of_the_proxy() -> None:
    xml = (
        f"<datastore><totalrecord>5</totalrecord><totalpage>2</totalpage><recordset>{record(1)}</recordset></datastore>"
    )
    listing = SPIDER.read_list(Page(TEMPLATE.replace("{page}", "1"), xml), COLUMN)
    assert len(listing.rows) == 1
    assert listing.paging == Paging(pages=2, records=5)
    assert SPIDER.read_list(Page(TEMPLATE, "<datastore></datastore>"), COLUMN).problem


def first(fresh: int, records: int | None = 9, template: str = TEMPLATE) -> Seen:
    return Seen(Step(BASE), Listing(paging=Paging(records=records, template=template, first=1)), fresh)


def proxied(fresh: int, pages: int | None = 3, records: int | None = 9) -> Seen:
    return Seen(Step("proxy"), Listing(paging=Paging(pages=pages, records=records)), fresh)


def group(number: int) -> Step:
    return Step(TEMPLATE.replace("{page}", str(number)))


@pytest.mark.parametrize(
    ("pages", "step"),
    [
        ([first(9)], END),
        ([first(3, records=None, template="")], END),
        ([first(3)], group(1)),
        ([first(3), proxied(0)], group(2)),  # the first group repeats the page
        ([first(3), proxied(2)], group(2)),
        ([first(3), proxied(2), proxied(4)], END),
        ([first(3), proxied(2), proxied(2), proxied(1)], END),  # all pages read, one article stands there twice
        ([first(3, None), proxied(2, None, None), proxied(0, None, None)], END),
    ],
)
def test_the_next_step(pages: list[Seen], step: Step) -> None:
    assert SPIDER.next_step(COLUMN, pages) == step


@pytest.mark.parametrize("pages", [[first(3, template="")], [first(3), proxied(1, None), proxied(0, None)]])
def test_entries_that_are_promised_and_not_found_make_the_look_incomplete(pages: list[Seen]) -> None:
    assert SPIDER.next_step(COLUMN, pages).incomplete
