"""TRS list pages: which list, which rows, which further pages. All pages are invented."""

import pytest

from config.schema import Column, Portal
from crawler.page import Page
from spiders import FAMILIES
from spiders.lists.listing import END, Listing, Paging, Row, Seen, Step
from spiders.signs import recognise, told
from spiders.trs import TrsSpider

BASE = "http://www.example.org/zwgk/nb/"
COLUMN = Column(key="reports", url=BASE, agencies=("shili-jyj",))
SPIDER = TrsSpider(
    Portal(slug="sim", name="示例门户", family="trs", hosts=("www.example.org",), columns=(COLUMN,), delay=2)
)
MENU = '<ul class="menu"><li><a href="../zn/">指南</a></li><li><a href="./">年报</a></li></ul>'


def read(body: str, column: Column = COLUMN, url: str = BASE) -> Listing:
    return SPIDER.read_list(Page(url, f"<html><body>{MENU}{body}</body></html>"), column)


def line(number: int, date: str = "2024-01-18", *, shape: str = "span") -> str:
    href, title = f"./202401/t20240118_{number}.html", f"示例市第{number}局年度报告"
    return {
        "span": f'<li><a href="{href}" title="{title}">{title[:4]}…</a><span>{date}</span></li>',
        "b": f'<li><a href="{href}">{title}</a><b>{date}</b></li>',
        "em": f"<li><em>[{date}]</em><a href='{href}'>{title}</a></li>",
        "text": f"<li><a href='{href}'>{title}</a> {date}</li>",
        "inside": f"<li><a href='{href}'><p>{title}</p><span>{date}</span></a></li>",
        "table": f"<tr><td><img></td><td><a href='{href}'>{title}</a></td><td>\n {date} \n</td></tr>",
        "two links": f"<li><a href='./'>[年报]</a><a href='{href}'>{title}</a><i>（{date}）</i></li>",
    }[shape]


@pytest.mark.parametrize("shape", ["span", "b", "em", "text", "inside", "two links"])
def test_shapes_of_a_line(shape: str) -> None:
    listing = read(f"<ul>{line(1, shape=shape)}{line(2, shape=shape)}</ul>")
    assert listing == Listing(
        (
            Row(BASE + "202401/t20240118_1.html", "示例市第1局年度报告", "2024-01-18"),
            Row(BASE + "202401/t20240118_2.html", "示例市第2局年度报告", "2024-01-18"),
        )
    )


def test_a_table_within_the_tables_of_a_layout() -> None:
    body = f"<table><tr><td>{MENU}</td><td><table>{line(1, shape='table')}{line(2, shape='table')}</table></td></tr></table>"
    assert [row.title for row in read(body).rows] == ["示例市第1局年度报告", "示例市第2局年度报告"]


def test_a_table_for_every_line() -> None:
    body = "".join(f"<table class='t'>{line(number, shape='table')}</table>" for number in (1, 2, 3))
    assert len(read(f"<div>{body}</div>").rows) == 3


@pytest.mark.parametrize(
    "date",
    [
        "2024-01-18",
        "2024/1/18",
        "2024.01.18",
        "2024年01月18日",
        "2024年 1月 18日",
        "2024-01-18 09:30",
        "发布时间：2024-01-18",
    ],
)
def test_dates_are_kept_as_they_stand(date: str) -> None:
    (row,) = read(f"<ul>{line(1, date)}</ul>").rows
    assert row.date == date.removeprefix("发布时间：")


def test_lists_in_several_parts_are_one() -> None:
    listing = read(f"<div><ul class='l'>{line(1)}</ul><hr><ul class='l'>{line(2)}</ul></div>")
    assert len(listing.rows) == 2


def test_the_known_container_counts_even_without_dates() -> None:
    listing = read('<div class="zfxxgk_zdgkc"><ul><li><a href="./202401/t1.html">示例一</a></li></ul></div>')
    assert [row.title for row in listing.rows] == ["示例一"]


def test_the_column_s_own_folder_beats_a_longer_list_beside_it() -> None:
    news = "".join(
        f'<li><a href="../../news/202401/t20240118_{n}.html">新闻</a><i>2024-01-18</i></li>' for n in range(9)
    )
    listing = read(f"<ul class='news'>{news}</ul><ul>{line(1)}</ul>")
    assert [row.title for row in listing.rows] == ["示例市第1局年度报告"]


def test_two_lists_of_other_columns_are_not_chosen_between() -> None:
    one, two = (
        f'<ul class="{name}"><li><a href="/{name}/202401/t20240118_1.html">示例</a><i>2024-01-18</i></li></ul>'
        for name in ("a", "b")
    )
    assert read(f"<div>{one}</div>").rows
    assert read(f"<div>{one}{two}</div>").problem


def test_a_cut_title_is_completed_where_the_page_allows() -> None:
    whole, href = "示例市教育局2023年政府信息公开工作年度报告", "./202401/t20240118_1.html"
    for markup in (
        f'<a href="{href}" title="{whole}">示例市教育局2023年…</a>',
        f'<a href="{href}"><p title="{whole}">示例市教育局2023年...</p></a>',
        f'<div title="{whole}"><a href="{href}">示例市教育局2023年…</a></div>',
        f'<a href="{href}" title="点击查看">{whole}</a>',
        f'<a href="{href}" title="示例市教育局2023年…">{whole}</a>',
    ):
        (row,) = read(f"<ul><li>{markup}<i>2024-01-18</i></li></ul>").rows
        assert row.title == whole, markup


def test_a_title_cut_for_good_stays_as_it_stands() -> None:
    for cut in ("示例市教育局2023年政府信息…", "示例市教育局2023年政府信息..."):
        (row,) = read(
            f'<ul><li><a href="./202401/t20240118_1.html" title="查看">{cut}</a><i>2024-01-18</i></li></ul>'
        ).rows
        assert row.title == cut


def test_of_several_dates_that_of_publication_is_taken_or_none() -> None:
    row = "<tr><td><a href='./202401/t20240118_1.html'>示例</a></td><td>2024-01-10</td><td>2024-01-18</td></tr>"
    head = "<tr><th>名称</th><th>{}</th><th>{}</th></tr>"
    assert read(f"<table>{head.format('成文日期', '发布日期')}{row}</table>").rows[0].date == "2024-01-18"
    assert read(f"<table>{head.format('公开日期', '有效期')}{row}</table>").rows[0].date == "2024-01-10"
    assert read(f"<table>{head.format('甲', '乙')}{row}</table>").rows[0].date == ""
    assert read(f"<table>{row}</table>").rows[0].date == ""
    assert read(f"<table>{row.replace('2024-01-10', '2024-01-18')}</table>").rows[0].date == "2024-01-18"


def test_no_address_is_listed_twice() -> None:
    listing = read(f"<ul><li><a href='./202401/t20240118_1.html'>示例一</a></li>{line(1)}{line(1)}</ul>")
    assert listing.rows == (Row(BASE + "202401/t20240118_1.html", "示例市第1局年度报告", "2024-01-18"),)


YEARS = '<li><a href="./2023n/">2023年</a></li><li><a href="./2022n_5930973/">2022年</a></li>'


def test_rows_that_lead_to_sub_columns_prove_nothing_by_themselves() -> None:
    """Yearly sub-columns that the portal's file does not name: what stands behind them has not been seen."""
    listing = read(f'<div class="zfxxgk_zdgkc"><ul>{line(1)}{YEARS}</ul></div>')
    assert len(listing.rows) == 3
    assert "2 行是下级栏目（如“2023年”）" in listing.partial
    assert read(f"<ul>{line(1)}</ul>").partial == ""


def test_branches_are_no_rows() -> None:
    column = COLUMN.model_copy(update={"branches": ("years",)})
    listing = read(f'<div class="zfxxgk_zdgkc"><ul>{line(1)}{YEARS}</ul></div>', column)
    assert (len(listing.rows), listing.partial) == (1, "")
    assert "子栏目" in read(f'<div class="zfxxgk_zdgkc"><ul>{YEARS}</ul></div>', column).problem


def test_a_page_of_offices_lists_them_and_proves_nothing() -> None:
    offices = "".join(f'<li><a href="../../jg/auto{n}/?id=1780">示例市第{n}局</a></li>' for n in (1, 2, 3))
    listing = read(f'<div class="scroll_cont"><div class="scroll_con"><ul>{offices}</ul><!-- {offices} --></div></div>')
    assert [row.title for row in listing.rows] == ["示例市第1局", "示例市第2局", "示例市第3局"]
    assert "下级栏目" in listing.partial


def test_a_hidden_list_proves_nothing() -> None:
    assert "隐藏" in read(f'<div style="display:none"><ul>{line(1)}</ul></div>').partial
    shown_by_a_pager = f'<ul>{line(1)}<li style="display: none">{line(2)[4:]}</ul>'
    assert (len(read(shown_by_a_pager).rows), read(shown_by_a_pager).partial) == (2, "")


def test_an_undated_list_is_known_by_its_articles() -> None:
    listing = read(
        '<ul><li><a href="./202401/t20240118_1.html">示例一</a></li><li><a href="./t803352.shtml">示例二</a></li></ul>'
    )
    assert [row.title for row in listing.rows] == ["示例一", "示例二"]


def test_a_selector_of_the_portal_s_file_decides() -> None:
    column = COLUMN.model_copy(update={"options": {"list": "div.mine"}})
    body = f"<ul>{line(1)}</ul><div class='mine'><ul><li><a href='/other/a.html'>示例</a></li></ul></div>"
    assert [row.title for row in read(body, column).rows] == ["示例"]
    assert read("<p></p>", column).problem
    broken = COLUMN.model_copy(update={"options": {"list": "div["}})
    assert "CSS" in read(body, broken).problem


def test_addresses_are_as_they_are_sent() -> None:
    listing = read(
        '<div class="zfxxgk_zdgkc"><li><a href=" ./年报 1.html#top">示例</a></li><li><a href="http://[x">b</a></li></div>'
    )
    assert [row.url for row in listing.rows] == [BASE + "%E5%B9%B4%E6%8A%A5%201.html", "http://[x"]


@pytest.mark.parametrize("words", ["暂无信息", "暂无相关信息", "暂无数据！", "该栏目暂无内容。", "没有相关信息"])
def test_an_empty_column_says_so(words: str) -> None:
    assert read(f'<div class="zfxxgk_zdgkc"><ul></ul><p>{words}</p></div>') == Listing(empty=True)
    column = COLUMN.model_copy(update={"options": {"list": "#list"}})
    assert read(f"<div id='list'>{words}</div>", column) == Listing(empty=True)


@pytest.mark.parametrize(
    "body",
    [
        "",
        '<div class="zfxxgk_zdgkc"><ul></ul></div>',
        '<div class="zfxxgk_zdgkc"><ul><li><a href="{{item.url}}">{{item.title}}</a></li></ul></div>',
        '<ul><li><a href="./<?=el.link?>"><?=el.title?></a><i>2024-01-18</i></li></ul>',
        f"<!-- <ul>{line(1)}</ul> -->",
        "<p>暂无信息</p>",  # of whom?
        '<div class="zfxxgk_zdgkc"><p style="display: none">暂无数据</p></div>',  # kept at hand by a script
        '<div class="zfxxgk_zdgkc"><p>暂无数据</p><script>load()</script></div>',
        '<div class="zfxxgk_zdgkc"><p>加载中</p><p>暂无数据</p></div>',
    ],
)
def test_what_is_no_list(body: str) -> None:
    listing = read(body)
    assert listing.problem
    assert not listing.rows
    assert not listing.empty


LIST = f"<ul>{line(1)}</ul>"
# The script of the countPage dialect writes its links itself, with the name and the suffix of the files.
WRITTEN = """var currentPage = 0;//所在页从0开始
var nextPage = currentPage+1//下一页
var countPage = 2//共多少页
document.write("<a href=\\"list"+"_" + nextPage + "."+"htm\\">下一页</a>");"""
ZERO = BASE + "index_{page}.html"


@pytest.mark.parametrize(
    ("script", "paging"),
    [
        ("var currentPage = 0;//所在页从0开始\nvar countPage = 2//共多少页", Paging(2, template=ZERO, first=1)),
        ("var currentPage = 1;var countPage=3;", Paging(3, template=ZERO, first=2)),
        ('createPageHTML(4, 0, "index", "html");', Paging(4, template=ZERO, first=1)),
        (
            "createPageHTML(4, 0, 'index', 'shtml', 'black2', 66);",
            Paging(4, 66, template=BASE + "index_{page}.shtml", first=1),
        ),
        ('createPageHTML(4, 1, "index", "html");', Paging(4, template=ZERO, first=2)),
        ("createPageHTML('paging', 4, 1, 'index', 'html', 60);", Paging(4, 60, template=ZERO, first=2)),
        ("createPageHTML('paging', 4, 0, 'index', 'html');", Paging(4, template=ZERO, first=1)),
        ("var currentPage = 0;var countPage=56;var countnum= 6348;", Paging(56, 6348, template=ZERO, first=1)),
        (WRITTEN, Paging(2, template=BASE + "list_{page}.htm", first=1)),
        ('$("#p").pagination("setPage", 1, 7);', Paging(7, template=ZERO, first=2)),
        ("//createPageHTML(9, 0, 'index', 'html');\nvar countPage = 1;", Paging(1, template=ZERO, first=1)),
        ("function createPageHTML(_nPageCount, _nCurrIndex) {}", Paging()),
        ("", Paging()),
    ],
)
def test_what_the_script_says_of_further_pages(script: str, paging: Paging) -> None:
    assert read(f"{LIST}<script>{script}</script>").paging == paging


def test_another_pager_that_states_one_page_is_believed() -> None:
    assert read(f"{LIST}<script>$('#p').paging({{pageNo: 1, totalPage: 1}});</script>") == read(LIST)


def test_a_script_in_a_comment_says_nothing() -> None:
    assert read(f"{LIST}<!-- <script>createPageHTML(4, 0, 'index', 'html');</script> -->").paging == Paging()


def test_plain_links_to_the_next_page() -> None:
    assert read(f'{LIST}<a href="index_1.html">下一页</a> 共3页').paging == Paging(link=BASE + "index_1.html")
    assert read(f'{LIST}<a href="index_2.html">[下页>]</a>').paging == Paging(link=BASE + "index_2.html")
    assert not read(f"{LIST}共1页 <a href='#'>下一页</a>").unclear
    assert not read(f"{LIST}第3页 共3页 <a href='#'>下一页</a>").unclear


@pytest.mark.parametrize(
    "body",
    [
        "共3页",
        '<a href="javascript:next()">下一页</a>',
        '共5页 <a href="#">下一页</a>',
        "<script>createPageHTML(pages, here, 'index', 'html')</script>",
        '<span onclick="next()">下一页</span>',
        "<script>$('#p').paging({pageNo: 1, totalPage: 4});</script>",
        "<script>laypage.render({elem: 'p', count: total});</script>",
        "<script>var pageCount = '12';</script>",
    ],
)
def test_paging_that_is_not_understood_is_said(body: str) -> None:
    assert read(LIST + body).unclear


ZERO_BASED = Paging(3, template=ZERO, first=1)
ONE_BASED = Paging(3, template=ZERO, first=2)


def seen(*fresh: int | None, paging: Paging = ZERO_BASED, rows: int = 0) -> list[Seen]:
    """Pages with so many new entries each; None: the address does not exist."""
    full = tuple(Row(f"{BASE}{number}.html", "示例") for number in range(rows))
    return [
        Seen(Step(f"page {position}"), None if number is None else Listing(full, paging=paging), number or 0)
        for position, number in enumerate(fresh)
    ]


def page(number: int) -> Step:
    return Step(f"{BASE}index_{number}.html", probe=True)


LINKED = Paging(link=BASE + "index_1.html")
ALL_OF_11 = Paging(3, 11, template=ZERO, first=1)


@pytest.mark.parametrize(
    ("pages", "step"),
    [
        (seen(5), page(1)),
        (seen(5, 5), page(2)),
        (seen(5, 5, 2), END),
        (seen(5, 0), page(2)),  # index_1 repeats page 1: the pages are counted from 1
        (seen(5, None), page(2)),  # or does not exist
        (seen(5, 0, 5), page(3)),
        (seen(5, 0, 5, 1), END),
        (seen(5, paging=ONE_BASED), page(2)),
        (seen(5, 5, paging=ONE_BASED), page(3)),
        (seen(5, None, paging=ONE_BASED), page(1)),
        (seen(5, None, 5, paging=ONE_BASED), page(2)),
        # Told to be counted from 1, and counted from 0: index_2 was page 3, index_3 does not exist, index_1 is page 2.
        (seen(5, 1, None, paging=ONE_BASED), page(1)),
        (seen(5, 1, None, 5, paging=ONE_BASED), END),
        (seen(5, paging=Paging(1, template=ZERO, first=1)), END),
        (seen(5, paging=Paging(0, template=ZERO, first=1)), END),
        (seen(5, paging=Paging()), END),
        (seen(5, paging=LINKED), Step(BASE + "index_1.html")),
        (seen(5, 6, None, paging=ALL_OF_11), END),  # a page is claimed too many, but every record was listed
        (seen(5, 5, 1, paging=ALL_OF_11, rows=5), END),
    ],
)
def test_the_next_step(pages: list[Seen], step: Step) -> None:
    assert SPIDER.next_step(COLUMN, pages) == step


@pytest.mark.parametrize(
    ("pages", "reason"),
    [
        (seen(5, 0, 0), "第 2 页没有新的条目"),
        (seen(5, None, None), "第 2 页起不存在"),
        (seen(5, 5, 0), "第 3 页没有新的条目"),
        (seen(5, 5, None), "第 3 页起不存在"),  # claimed pages that are 404 (Shanghai's last two)
        (seen(5, 5, None, 0, paging=ONE_BASED), "第 3 页起不存在"),
        (seen(5, 5, None, None, paging=ONE_BASED), "第 3 页起不存在"),
        (seen(5, 5, 5, paging=Paging(3, 6348, template=ZERO, first=1), rows=5), "更早的看不到"),  # countnum
        (seen(5, paging=Paging(1, 40, template=ZERO, first=1), rows=5), "更早的看不到"),
        (seen(5, 0, paging=LINKED), "没有新的条目"),
    ],
)
def test_what_cannot_be_read_to_its_end_makes_the_look_incomplete(pages: list[Seen], reason: str) -> None:
    assert reason in SPIDER.next_step(COLUMN, pages).incomplete


ARTICLE = '<a href="./202401/t20240118_1.html">示例</a>'


@pytest.mark.parametrize(
    ("body", "family"),
    [
        ('<a class="CurrChnlCls" href="../">公开</a>', "trs"),
        (f'<form action="http://www.example.org/was5/web/search"></form>{ARTICLE}', "trs"),
        (f'<div class="TRS_Editor"></div>{ARTICLE}', "trs"),
        (f"<script>var countPage = 3;</script>{ARTICLE}", "trs"),
        ('<div class="TRS_Editor"></div>', ""),  # came along with a text that was moved to another system
        ('<div class="TRS_Editor"></div><a href="/10/content_2005370.html">示例</a>', ""),
        (ARTICLE, ""),
        ('<p>TRS_Editor CurrChnlCls</p><a href="./t803352.shtml">示例</a>', ""),
    ],
)
def test_by_what_it_is_told(body: str, family: str) -> None:
    assert told(recognise(Page(BASE, f"<html><body>{body}</body></html>"), FAMILIES)) == family
