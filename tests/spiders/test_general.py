"""The general family: which part of a page is its list, and where the next page is. All pages are invented."""

import datetime as dt

import pytest

from config.schema import Column
from crawler.model import LookOutcome
from crawler.page import Page
from spiders.lists.choice import MAX_LINKS
from spiders.lists.listing import END, Listing, Paging, Row, Seen, Step
from tests.portals.families import FAMILIES as SIMULATED
from tests.portals.general import SHAPES
from tests.spiders.offline import HOST, many, published, simulated, spider_of, walk

BASE = f"http://{HOST}/zwgk/nb/"
COLUMN = Column(key="c", url=BASE, agencies=("shili-jyj",))
SPIDER = spider_of(simulated("general"), COLUMN)
# Families whose lists stand in the page as HTML for everybody to see, and those whose lists do not.
STATIC = ("trs", "ucap", "nfcms", "boda")
MENU = """<div class="sideMenu"><ul><li><a href="/gk/10001.html">政府信息公开指南</a></li>
<li><a href="/gk/10002.html">政府信息公开制度</a></li><li><a href="/gk/10003.html">政府信息公开年报</a></li></ul></div>"""
NEWS = "".join(
    f"<li><a href='/xwzx/{number}8800.html'>示例县召开第{number}次模拟会议</a><span>2024-01-1{number}</span></li>"
    for number in range(3)
)


def read(body: str, url: str = BASE, column: Column = COLUMN) -> Listing:
    return SPIDER.read_list(Page(url, f"<html><body>{body}</body></html>"), column)  # type: ignore[no-any-return]  # the registry knows the base only


def line(number: int, folder: str = "/zwgk/nb", date: str = "2024-01-18") -> str:
    return f"<li><a href='{folder}/{number}.html'>示例市第{number}局2023年年报</a><span>{date}</span></li>"


def row(number: int, folder: str = "/zwgk/nb", date: str = "2024-01-18") -> Row:
    return Row(f"http://{HOST}{folder}/{number}.html", f"示例市第{number}局2023年年报", date)


LIST = f"<ul>{line(10001)}{line(10002)}</ul>"
ROWS = (row(10001), row(10002))


@pytest.mark.parametrize("layout", ["ul", "table", "boxes", "platform"])
@pytest.mark.parametrize("shape", SHAPES)
def test_all_entries_of_all_pages(shape: str, layout: str) -> None:
    site = simulated("general", shape=shape, layout=layout)
    walked = walk(site)
    assert walked.complete and set(walked.rows) == published(site)
    assert len(walked.steps) == 3


@pytest.mark.parametrize("pager", ["next", "numbers", "select", "rel", "arrow"])
@pytest.mark.parametrize("count", [1, 5, 17])
def test_links_lead_to_the_next_page(pager: str, count: int) -> None:
    site = simulated("general", many(count), pager=pager)
    walked = walk(site)
    assert walked.complete and set(walked.rows) == published(site)


@pytest.mark.parametrize("pager", ["script", "silent"])
def test_pages_to_which_no_link_leads_are_said(pager: str) -> None:
    walked = walk(simulated("general", many(17), pager=pager))
    assert walked.found.outcome is LookOutcome.INCOMPLETE and len(walked.rows) == 5


@pytest.mark.parametrize("shape", SHAPES)
def test_entries_without_dates_are_known_by_their_addresses_and_titles(shape: str) -> None:
    site = simulated("general", shape=shape, dates=False)
    walked = walk(site)
    assert walked.complete
    assert {found[:2] for found in walked.rows} == {real[:2] for real in published(site)}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_page_whose_list_a_script_fills_is_a_shell_and_no_menu_or_news_stand_in_for_it(shape: str) -> None:
    walked = walk(simulated("general", shape=shape, hollow=True))
    assert walked.found.outcome is LookOutcome.SHELL and not walked.rows


def test_an_empty_column_is_told_only_where_its_place_is_known() -> None:
    before = dt.date(2023, 1, 1)
    assert walk(simulated("general", layout="platform"), before).said_empty
    assert walk(simulated("general"), before).found.outcome is LookOutcome.SHELL


@pytest.mark.parametrize("family", STATIC)
def test_it_finds_the_same_rows_as_the_family_itself(family: str) -> None:
    site = simulated(family, many(5))
    assert set(walk(site, family="general").rows) == set(walk(site).rows) == published(site)


@pytest.mark.parametrize("family", [family for family in SIMULATED if family not in (*STATIC, "general")])
def test_a_list_that_is_not_in_the_page_is_not_found_elsewhere_in_it(family: str) -> None:
    walked = walk(simulated(family), family="general")
    assert not walked.complete and not walked.rows


@pytest.mark.parametrize("family", STATIC)
def test_a_pager_that_only_a_script_makes_is_no_end(family: str) -> None:
    walked = walk(simulated(family, many(12)), family="general")
    assert walked.complete == (len(walked.rows) == 12)


@pytest.mark.parametrize("around", ["{}", MENU + "{}", "{}" + MENU, f"<h3>本地要闻</h3><ul>{NEWS}</ul><div>{{}}</div>"])
def test_menus_and_boxes_are_passed_over(around: str) -> None:
    assert read(around.format(LIST)).rows == ROWS


@pytest.mark.parametrize(
    "body",
    [
        f"<table><tr><th>标题</th><th>日期</th></tr>{LIST.replace('<ul>', '').replace('</ul>', '').replace('li>', 'tr>')}</table>",
        f"<div>{LIST.replace('<ul>', '<div>').replace('</ul>', '</div>').replace('<li>', '<div class=a>').replace('</li>', '</div>')}</div>",
        f"<ul>{line(10001)}</ul><hr><ul>{line(10002)}</ul>",
        f"<div><h4>2023</h4><ul>{line(10001)}</ul></div><div><h4>2022</h4><ul>{line(10002)}</ul></div>",
        LIST.replace("<span>", "<p>发布日期：").replace("</span>", "</p>"),
        "<dl>{}</dl>".format(
            LIST[4:-5].replace("<li>", "<dt>").replace("<span>", "</dt><dd>").replace("</span></li>", "</dd>")
        ),
        LIST[4:-5].replace("<li>", "").replace("</li>", "<br>").replace("<span>", "　(").replace("</span>", ")"),
        LIST[4:-5].replace("li>", "p>").replace("<span>", "　").replace("</span>", ""),
        LIST.replace("<span>2024-01-18</span>", "[2024-01-18]"),
    ],
)
def test_shapes_of_a_list(body: str) -> None:
    assert read(f"<div class='main'>{body}</div>").rows == ROWS


@pytest.mark.parametrize(
    "body",
    [
        "",
        MENU,
        MENU.replace("sideMenu", "main"),
        f"<ul>{NEWS}</ul>",  # dated and numbered, but nothing ties it to the column
        f"<div class='main'><h2>动态</h2><ul>{NEWS}</ul></div>",
        f"<div class='footer'>{LIST}</div>",
        f"<nav>{LIST}</nav>",
        f"<div class='tj'><h3>热门推荐</h3>{LIST}</div>",
        f"<div><div class='t'>政府信息公开年报<a href='/nb/'>更多&gt;&gt;</a></div><ul>{LIST}</ul></div>",  # the first few only
        f"<div style='display: none'>{LIST}</div>",
        f"<!-- {LIST} -->",
        LIST.replace("10001", "{{id}}"),
        "<ul><li><a href='/2024.html'>2024年</a></li><li><a href='/2023.html'>2023年</a></li></ul>",
        "<ul><li><a href='/a/'>示例县教育局</a></li><li><a href='/b/'>示例县水利局</a></li></ul>",
        "<p>示例县2023年政府信息公开工作年度报告</p>",
        "<h1>示例县2023年年报</h1><p>上一篇：<a href='/zwgk/nb/10001.html'>示例县2022年政府信息公开工作年度报告</a></p>"
        "<p>下一篇：<a href='/zwgk/nb/10003.html'>示例县2024年政府信息公开工作年度报告</a></p>",
        "<ul>" + "".join(f"<li><a href='/c/1000{n}/'>示例栏目2023年第{n}个子栏目</a></li>" for n in range(6)) + "</ul>",
        f"<ul>{line(10001, '/zwgk/a')}</ul><table><tr><td><a href='/x/10009.html'>示例县2022年年报</a></td><td>2023-01-18</td></tr></table>",
    ],
)
def test_what_is_no_list(body: str) -> None:
    listing = read(body)
    assert listing.problem and not listing.rows and not listing.empty


def test_the_column_s_own_folder_ties_a_list_to_it_and_the_site_s_root_does_not() -> None:
    papers = "".join(
        f"<li><a href='{{}}/{number}8800.html'>示例县第{number}号文件</a><span>2024-01-1{number}</span></li>"
        for number in (1, 2)
    )
    assert len(read(f"<ul>{papers.format('/zwgk/nb', '/zwgk/nb')}</ul>").rows) == 2
    assert read(f"<ul>{papers.format('', '')}</ul>", f"http://{HOST}/nb.html").problem
    assert read(f"<ul>{papers.format('/zwgk/nb', '/zwgk/nb')}</ul>", f"{BASE}list.jsp?id=7").problem


def test_the_pager_says_which_of_two_lists_is_the_column_s() -> None:
    other = f"<div><ul>{line(10005, '/zwgk/zn')}</ul></div>"
    own = f"<div class='m'><ul>{line(10001, '/a')}</ul><p><a href='list_2.html'>下一页</a></p></div>"
    assert read(other + own, f"http://{HOST}/x.html").rows == (row(10001, "/a"),)
    assert read(other + own.replace("下一页", "后面"), f"http://{HOST}/x.html").problem


def test_a_list_in_parts_is_whole_although_the_pager_stands_beside_the_last() -> None:
    parts = f"<ul class='a'>{line(10001)}</ul><div><ul class='b'>{line(10002)}</ul><p><a href='list_2.html'>下一页</a></p></div>"
    assert read(parts).rows == ROWS


def test_a_selector_of_the_portal_s_file_decides() -> None:
    column = COLUMN.model_copy(update={"options": {"list": "#mine"}})
    listing = read(f"{LIST}<ul id='mine'><li><a href='/a'>甲</a></li><li><a href='/2'>2</a></li></ul>", column=column)
    assert [found.title for found in listing.rows] == ["甲"]
    assert read("<ul id='mine'>暂无信息</ul>", column=column).empty
    assert read("<ul id='mine'></ul>", column=column).problem
    assert read(LIST, column=column).problem
    assert "CSS" in read(LIST, column=COLUMN.model_copy(update={"options": {"list": "div["}})).problem


@pytest.mark.parametrize(
    ("pager", "link"),
    [
        ("<a href='list_2.html'>下一页</a>", "list_2.html"),
        ("<a href='?page=2'>[下页]</a>", "?page=2"),
        ("<a href='list_2.html' title='下一页'><img></a>", "list_2.html"),
        ("<p>共 3 页 <a href='list_2.html'>&gt;</a></p>", "list_2.html"),
        ("<link rel='next' href='list_2.html'>", "list_2.html"),
        (
            "<ul class=pages><li class=on>1</li><li><a href='list_2.html'>2</a></li><li><a href='list_3.html'>3</a></li></ul>",
            "list_2.html",
        ),
        ("<p><a href='/zwgk/nb/' class=on>1</a><a href='list_2.html'>2</a></p>", "list_2.html"),
        (
            "<p>共2页<select><option value='./'>1</option><option value='list_2.html'>2</option></select></p>",
            "list_2.html",
        ),
    ],
)
def test_links_to_the_next_page(pager: str, link: str) -> None:
    listing = read(f"{LIST}{pager}")
    assert listing.rows == ROWS and not listing.unclear
    assert listing.paging.link == (BASE + link)


@pytest.mark.parametrize(
    "pager",
    [
        "",
        "<p>共1页</p>",
        "<p>第3页/共3页 <a href='./'>首页</a> <a href='list_2.html'>上一页</a></p>",
        "<p>页次：3/3</p>",
        "<p><a href='#' class='disabled' onclick='go(4)'>下一页</a></p>",
        "<p><a href='javascript:;'>下一页</a></p>",
        "<p><a href='2023.html'>2023</a><a href='2022.html'>2022</a></p>",  # years are no pages
        "<p><a href='list_1.html'>1</a><a href='list_2.html'>2</a><b>3</b></p>",
        "<script>var countPage = 1</script>",
        "<div class='page'><script>var countPage = 1</script></div>",
        "<div class='page-wrap'></div>",
        f"<p><a href='{BASE}index.html'>下一页</a></p>",  # this very page
    ],
)
def test_a_page_that_is_the_last(pager: str) -> None:
    listing = read(f"{LIST}{pager}")
    assert listing.rows == ROWS
    assert (listing.unclear, listing.paging.link) == ("", "")


@pytest.mark.parametrize(
    "pager",
    [
        "<p>共3页</p>",
        "<p>1/3页</p>",
        "<p>第1页 共3页</p>",
        "<p><a href='javascript:go(2)'>下一页</a></p>",
        "<p><a href='#' onclick='go(2)'>下一页</a></p>",
        "<p>首页 <a href='list_9.html'>尾页</a></p>",
        "<p><a href='http://www.example.org/list_2.html'>下一页</a> 共3页</p>",
        "<p><b>1</b><a href='javascript:go(2)'>2</a><a href='list_3.html'>3</a></p>",
        "<script>var countPage = 3</script>",
        "<script>createPageHTML(3, 0, 'index', 'html');</script>",
        "<script>pageDec('pageDec', 3, 1);</script>",
        "<script>laypage({pages: 3, curr: 1})</script>",
        "<div id='page'></div><script>laypage.render({elem: 'page', count: 128, limit: 15})</script>",
        "<ul class='box pagination'></ul>",
    ],
)
def test_more_pages_without_a_link_are_said(pager: str) -> None:
    listing = read(f"{LIST}{pager}")
    assert listing.rows == ROWS and listing.unclear


def listed(rows: int, fresh: int, url: str, link: str = "", records: int | None = None) -> Seen:
    return Seen(Step(url), Listing(tuple(map(row, range(rows))), paging=Paging(link=link, records=records)), fresh)


@pytest.mark.parametrize(
    ("seen", "step"),
    [
        ([listed(5, 5, BASE)], END),
        ([listed(5, 5, BASE, f"{BASE}2.html")], Step(f"{BASE}2.html")),
        ([listed(5, 5, BASE, f"{BASE}2.html"), listed(5, 5, f"{BASE}2.html", BASE)], END),  # round to the first
        ([listed(5, 5, BASE, records=5)], END),
        ([listed(5, 5, BASE, f"{BASE}2.html", 7), listed(2, 2, f"{BASE}2.html", records=7)], END),
    ],
)
def test_the_next_step(seen: list[Seen], step: Step) -> None:
    assert SPIDER.next_step(COLUMN, seen) == step


@pytest.mark.parametrize(
    "seen",
    [
        [listed(5, 5, BASE, records=7)],
        [listed(5, 5, BASE, f"{BASE}2.html"), listed(5, 0, f"{BASE}2.html", f"{BASE}3.html")],
        [listed(5, 5, BASE, f"{BASE}2.html"), listed(5, 0, f"{BASE}2.html")],
    ],
)
def test_what_is_promised_and_not_found_makes_the_look_incomplete(seen: list[Seen]) -> None:
    assert SPIDER.next_step(COLUMN, seen).incomplete


@pytest.mark.parametrize("box", ["<li>{}</li>", "<div>{}</div>", "<p><b>{}</b></p>", "{}"])
def test_a_page_with_more_links_than_a_list_has_is_none(box: str) -> None:
    link = "<a href='/x/{0}0000.html'>示例市第{0}局2023年年报</a>"
    body = "".join(box.format(link.format(number)) for number in range(MAX_LINKS + 1))
    assert str(MAX_LINKS) in read(f"<div>{body}</div>").problem


def test_a_deep_page_is_read() -> None:
    assert read("<div>" * 200 + LIST + "</div>" * 200).rows == ROWS
