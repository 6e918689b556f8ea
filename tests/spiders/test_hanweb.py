"""Hanweb data stores, windows and searches: which one, which rows, which further pages. All pages are invented."""

from dataclasses import replace

import pytest

from config.schema import Column, Portal
from crawler.page import Page
from spiders.hanweb import HanwebSpider
from spiders.hanweb.windows import PROXIES
from spiders.lists.listing import END, Listing, Paging, Row, Seen, Step

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


def test_of_two_units_of_the_column_the_fuller_one_is_taken() -> None:
    newest = store(record(9), group=GROUP.replace("77", "88")) + jpage(1, unit=88)
    whole = store(record(9), record(8)) + jpage(31)
    for body in (newest + whole, whole + newest):
        listing = read(body)
        assert len(listing.rows) == 2
        assert listing.paging == Paging(records=31, template=TEMPLATE, first=1)
    alone = store(record(9), group="") + store(record(9), record(8), group="")
    assert len(read(alone).rows) == 2


def test_a_store_without_next_group_is_known_by_its_articles() -> None:
    listing = read(store(record(9, 990), group="") + store(record(1), group=""))
    assert [row.title for row in listing.rows] == ["示例市第1局年度报告"]
    assert listing.paging == Paging()
    assert not listing.unclear


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
    page = Page(column.url, f"<html><body>{store(record(1))}</body></html>")
    assert "column_id" in SPIDER.read_list(page, column).problem
    assert SPIDER.read_list(page, column.model_copy(update={"options": {"column_id": 123}})).rows


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


def twice(fresh: int) -> Seen:
    """An answer that lists one article twice."""
    return replace(proxied(fresh), listing=Listing((Row("x", "y"), Row("x", "y")), paging=Paging(3, 9)))


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
        ([first(3), proxied(2), proxied(2), twice(1)], END),  # one article stands there twice
        ([first(3, None), proxied(2, None, None), proxied(0, None, None)], END),
    ],
)
def test_the_next_step(pages: list[Seen], step: Step) -> None:
    assert SPIDER.next_step(COLUMN, pages) == step


@pytest.mark.parametrize("pages", [[first(3, template="")], [first(3), proxied(1, None), proxied(0, None)]])
def test_entries_that_are_promised_and_not_found_make_the_look_incomplete(pages: list[Seen]) -> None:
    assert SPIDER.next_step(COLUMN, pages).incomplete


def test_a_server_that_ignores_the_page_is_not_read_to_its_end() -> None:
    """Two groups are said to be there, and the second one is the first one again."""
    assert SPIDER.next_step(COLUMN, [first(3), proxied(3, 2), proxied(0, 2)]).incomplete
    assert SPIDER.next_step(COLUMN, [first(3), proxied(2), proxied(2), proxied(1)]).incomplete  # one is nowhere
    again = Seen(Step("proxy"), Listing((Row("x", "y"),)), 0)
    assert SPIDER.next_step(COLUMN, [first(3, None), proxied(2, None, None), again]).incomplete


def test_a_total_that_nobody_can_read_is_said() -> None:
    assert read(store(record(1), group="") + "<script>$('#77').jpage({perPage:2});</script>").unclear


def test_an_answer_that_promises_entries_and_holds_none_is_none() -> None:
    xml = "<datastore><totalrecord>{}</totalrecord><recordset></recordset></datastore>"
    assert SPIDER.read_list(Page(TEMPLATE, xml.format(5)), COLUMN).problem
    assert SPIDER.read_list(Page(TEMPLATE, xml.format(0)), COLUMN).empty


def test_a_record_may_link_to_its_column_too() -> None:
    link = "<li><a href='/col/col5/index.html'>[年报]</a><a href='/art/2024/1/18/art_123_1.html'>年报</a></li>"
    (row,) = read(store(f"<record><![CDATA[{link}]]></record>")).rows
    assert row.url == "http://www.example.org/art/2024/1/18/art_123_1.html"


def test_the_list_of_a_sub_column_is_that_of_its_own_address() -> None:
    body = store(record(1, 456), group=GROUP.replace("columnid=123", "columnid=456"))
    page = Page("http://www.example.org/col/col456/index.html", f"<html><body>{body}</body></html>")
    assert len(SPIDER.read_list(page, COLUMN).rows) == 1


PARAMETERS = (
    "var param_77={col:1,appid:1,webid:9,path:'/',columnid:123,sourceContentType:1,unitid:'77',"
    "webname:'%25E7%25A4%25BA',permissiontype:0};"
)
FIELDS = (
    ("col", "1"),
    ("appid", "1"),
    ("webid", "9"),
    ("path", "/"),
    ("columnid", "123"),
    ("sourceContentType", "1"),
    ("unitid", "77"),
    ("webname", "%25E7%25A4%25BA"),
    ("permissiontype", "0"),
)
POST = f"http://www.example.org{PROXY}"


def by_post(total: int, proxy: str = f"proxyUrl:'{PROXY}',", parameters: str = PARAMETERS) -> str:
    return f"<script>{parameters}$('#77').jpage({{{proxy}totalRecord:{total},perPage:2,proxyParam:param_77}});</script>"


def test_what_is_posted_stands_in_the_script() -> None:
    listing = read(store(record(1), group="") + by_post(5))
    assert len(listing.rows) == 1
    assert listing.paging == Paging(records=5, link=POST, form=FIELDS)
    assert read(store(group="") + by_post(5)) == Listing(frame=True, paging=listing.paging)
    assert read(by_post(5)) == Listing(frame=True, paging=listing.paging)
    assert read(store(group="") + by_post(0)).empty


def test_the_parameters_of_another_column_are_not_taken() -> None:
    other = PARAMETERS.replace("columnid:123", "columnid:1234")
    assert read(by_post(5, parameters=other)).problem
    assert read(store(record(1)) + jpage(70, 88) + by_post(5)).paging == Paging(records=5, template=TEMPLATE, first=1)


def test_a_next_group_with_startrecord_is_posted() -> None:
    group = GROUP.replace("page=1", "startrecord=26&endrecord=50&perpage=25")
    paging = read(store(record(1), group=group) + jpage(5)).paging
    assert paging.link == POST
    assert dict(paging.form)["webname"] == "%E7%A4%BA"  # as it stands, once it is sent


def posted(fresh: int, start: int, numbers: range, records: int | None = 9, proxy: str = POST) -> Seen:
    rows = tuple(Row(f"http://www.example.org/{number}", str(number)) for number in numbers)
    return Seen(Step(f"{proxy}?startrecord={start}&endrecord=1"), Listing(rows, paging=Paging(records=records)), fresh)


def framed(fresh: int = 2, records: int | None = 9, link: str = POST) -> Seen:
    return Seen(Step(BASE), Listing(paging=Paging(records=records, link=link, form=FIELDS)), fresh)


def window(start: int, proxy: str = POST, *, probe: bool = False) -> Step:
    query = f"?startrecord={start}&endrecord={start + 24}&perpage=25"
    return Step(proxy + query, form=FIELDS, probe=probe)


@pytest.mark.parametrize(
    ("pages", "step"),
    [
        ([framed(9)], END),
        ([framed(2)], window(1, probe=True)),  # the page may be older than the list
        ([framed(2), posted(3, 1, range(1, 6))], window(5)),  # each window begins with the last one's last record
        ([framed(2), posted(3, 1, range(1, 6)), posted(4, 5, range(5, 10))], END),
        ([framed(2), posted(3, 1, range(1, 6)), posted(3, 5, range(5, 10))], END),  # one article stands there twice
        ([framed(2, None), posted(3, 1, range(1, 6), None), posted(0, 5, range(0), None)], END),
    ],
)
def test_the_next_window(pages: list[Seen], step: Step) -> None:
    assert SPIDER.next_step(COLUMN, pages) == step


@pytest.mark.parametrize(
    "pages",
    [
        [framed(2), posted(3, 1, range(1, 6)), posted(0, 5, range(1, 6))],  # startrecord is ignored
        [framed(2), posted(3, 1, range(1, 6)), posted(3, 5, range(6, 9))],  # a gap, or none: it does not say
        [framed(2), posted(3, 1, range(1, 6)), posted(0, 5, range(0))],
        [framed(2, None), posted(3, 1, range(1, 6), None), posted(0, 5, range(5, 6), None)],
    ],
)
def test_windows_that_do_not_meet_make_the_look_incomplete(pages: list[Seen]) -> None:
    assert SPIDER.next_step(COLUMN, pages).incomplete


def test_a_proxy_that_is_not_where_the_page_says_is_looked_for() -> None:
    named = f"http://www.example.org{PROXIES[2]}"
    gone = Seen(window(1, named, probe=True), None, 0)
    assert SPIDER.next_step(COLUMN, [framed(link=named)]) == gone.step
    assert SPIDER.next_step(COLUMN, [framed(link=named), gone]) == window(1, probe=True)


def test_the_proxy_that_the_page_does_not_name_is_looked_for() -> None:
    pages = [framed(link="")]
    for proxy in PROXIES:
        step = window(1, f"http://www.example.org{proxy}", probe=True)
        assert SPIDER.next_step(COLUMN, pages) == step
        pages.append(Seen(step, None, 0))
    assert SPIDER.next_step(COLUMN, pages).incomplete
    found = posted(3, 1, range(1, 6), proxy=f"http://www.example.org{PROXIES[1]}")
    assert SPIDER.next_step(COLUMN, [*pages[:2], found]) == window(5, f"http://www.example.org{PROXIES[1]}")


SEARCH = "http://www.example.org/module/xxgk/search.jsp"
ASKED = "<script>$.ajax({url:'/module/xxgk/search.jsp',data:'infotypeId=&amp;jdid=3&amp;area=123000&amp;currpage=1'})</script>"


def test_a_search_is_asked_for_as_the_page_asks() -> None:
    listing = read(ASKED)
    assert listing.frame
    assert listing.paging.link == SEARCH
    assert dict(listing.paging.form) == dict.fromkeys(dict(listing.paging.form), "") | {
        "jdid": "3",
        "area": "123000",
        "currpage": "1",
    }
    in_frame = read('<iframe src="/module/xxgk/search.jsp?area=9&amp;jdid=3&amp;texttype=0"></iframe>')
    assert dict(in_frame.paging.form)["area"] == "9"
    column = COLUMN.model_copy(update={"options": {"area": "42"}})
    assert dict(read("", column).paging.form)["area"] == "42"
    assert "area" in read("<script src='/module/xxgk/search.jsp'></script>").problem


def line(number: int, column: int = 123) -> str:
    href = f"/art/2024/1/{number}/art_{column}_{number}.html"
    return (
        f"<tr><td><a href='{href}' title='示例市第{number}局年度报告'>示例...</a></td><td>2024-01-{number:02}</td></tr>"
    )


def searched(*lines: str, pages: str = "共2页") -> Listing:
    return SPIDER.read_list(Page(SEARCH, f"<table>{''.join(lines)}</table><div>{pages}</div>"), COLUMN)


def test_a_search_lists_the_whole_office() -> None:
    listing = searched(line(1), line(2, 991), line(3, 1234))
    assert listing.rows == (
        Row("http://www.example.org/art/2024/1/1/art_123_1.html", "示例市第1局年度报告", "2024-01-01"),
    )
    assert listing.paging.pages == 2
    none_of_it = searched(line(2, 991))
    assert not none_of_it.rows and not none_of_it.empty and not none_of_it.problem
    assert searched(pages="共0页 共0条").empty
    assert searched(pages="").problem
    assert not searched(pages="共3页").empty


def test_the_pages_of_a_search() -> None:
    frame = Seen(Step(BASE), read(ASKED), 0)
    one, two = Seen(Step(SEARCH), searched(line(2, 991)), 0), Seen(Step(SEARCH), searched(line(1)), 1)
    assert dict(SPIDER.next_step(COLUMN, [frame]).form)["currpage"] == "1"
    step = SPIDER.next_step(COLUMN, [frame, one])
    assert (step.url, dict(step.form)["currpage"]) == (SEARCH, "2")
    assert SPIDER.next_step(COLUMN, [frame, one, two]) == END
    assert SPIDER.next_step(COLUMN, [frame, one, one]).incomplete  # currpage is ignored
    assert SPIDER.next_step(COLUMN, [frame, Seen(Step(SEARCH), searched(line(1), pages=""), 1)]).incomplete
    empty = replace(one, listing=searched(pages="共2页"))
    assert SPIDER.next_step(COLUMN, [frame, empty]).incomplete
