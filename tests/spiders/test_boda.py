"""Boda: which list, the pages that count down, what is behind download.jsp and visitcode.jsp. All pages are invented."""

import pytest

from config.schema import Column
from crawler import health
from crawler.attachments import attachments
from crawler.model import LookOutcome
from crawler.page import Page
from spiders.lists.listing import Listing, Paging, Row, Seen, Step
from tests.portals import File, boda
from tests.portals.site import Article
from tests.spiders.offline import HOST, answer, many, published, read_page, simulated, spider_of, walk
from tests.spiders.worlds import DAY

BASE = f"http://{HOST}/xstz.htm"
COLUMN = Column(key="c", url=BASE, agencies=("shili-jyj",))
SPIDER = spider_of(simulated("boda"), COLUMN)
COUNTER = "<script>_jsq_(1050,'/xstz.jsp',-1,1632660000)</script>"


def read(body: str, url: str = BASE, column: Column = COLUMN) -> Listing:
    return SPIDER.read_list(Page(url, f"<html><body>{body}</body></html>"), column)  # type: ignore[no-any-return]  # the registry knows the base only


def line(number: int, tree: int = 1050, title: str = "示例市年报") -> str:
    return f'<li id="line_u5_{number}"><a href="info/{tree}/{number}.htm" title="{title}{number}">…</a><span>2024-01-18</span></li>'


def row(number: int, tree: int = 1050, title: str = "示例市年报") -> Row:
    return Row(f"http://{HOST}/info/{tree}/{number}.htm", f"{title}{number}", "2024-01-18")


@pytest.mark.parametrize("dynamic", [False, True])
@pytest.mark.parametrize("count", [1, 5, 6, 23])
def test_all_entries_of_all_pages(count: int, dynamic: bool) -> None:
    site = simulated("boda", many(count), dynamic=dynamic)
    walked = walk(site)
    assert walked.complete and set(walked.rows) == published(site)
    assert len(walked.steps) == -(-count // 5)


def test_the_pages_of_a_static_column_count_down() -> None:
    steps = walk(simulated("boda", many(23))).steps
    assert [step.rpartition("1/")[2] for step in steps] == [f"xstz{name}.htm" for name in ("", "/4", "/3", "/2", "/1")]


def test_visitcode_is_a_challenge() -> None:
    site = simulated("boda", visitcode=True)
    moved = answer(site, Step(BASE))
    assert (moved.status, moved.location.partition("?")[0]) == (302, boda.VISITCODE)
    assert health.of_address(BASE, f"http://{HOST}{moved.location}").outcome is LookOutcome.CHALLENGE


def test_files_behind_download_jsp_are_found_and_need_a_referer() -> None:
    article = Article(
        number=21831,
        title="示例市水利局2023年政府信息公开工作年度报告（虚构机构的报告）",
        published=DAY,
        body='<p>见附件：<a href="./年报.pdf">示例市水利局2023年年报</a></p>',
        issuer="示例市水利局",
        files=(File("年报.pdf", b"%PDF-1.4 sample", "application/pdf"),),
    )
    site = simulated("boda", [article])
    (url,) = attachments(read_page(site, f"http://{HOST}/info/1050/21831.htm"))
    assert url.startswith(f"http://{HOST}{boda.DOWNLOAD}?urltype=news.DownloadAttachUrl")
    assert answer(site, Step(url), referer=BASE).body == article.files[0].body
    assert b"<html" in answer(site, Step(url), referer="").body


def test_the_list_beside_the_pager_is_taken() -> None:
    news = f"<div><ul>{line(1, 1009, '示例新闻')}{line(2, 1009, '示例新闻')}</ul></div>"
    pager = "<div><span class='p_next p_fun'><a href='xstz/2.htm'>下页</a></span></div>"
    listing = read(f"{news}<div class='m'><ul>{line(3)}</ul>{pager}</div>")
    assert listing.rows == (row(3),)
    assert listing.paging.link == f"http://{HOST}/xstz/2.htm"


def test_the_list_of_the_column_s_own_tree_is_taken() -> None:
    news = f"<div><ul>{line(1, 1009, '示例新闻')}</ul></div>"
    assert read(f"{news}<div><ul class='l'>{line(3, 1050, '示例文件')}</ul></div>{COUNTER}").rows == (
        row(3, 1050, "示例文件"),
    )
    dynamic = f"http://{HOST}/list.jsp?urltype=tree.TreeTempUrl&wbtreeid=1050"
    shown = '<li><a href="show.jsp?urltype=news.NewsContentUrl&wbtreeid=1050&wbnewsid=7">示例市年报七</a><span>2024-01-18</span></li>'
    (found,) = read(f"{news}<div><ul class='l'>{shown}</ul></div>", dynamic).rows
    assert found.url.endswith("wbtreeid=1050&wbnewsid=7")


@pytest.mark.parametrize(
    "body",
    [
        "",
        f"<h3>本地要闻</h3><ul>{line(1, 1009, '示例新闻')}</ul>",
        f"<ul>{line(1, 1009, '示例新闻')}</ul>{COUNTER}",  # another tree's, and nothing ties it to this column
        f"<div class='nav'><ul>{line(1)}</ul></div>",
        "<ul><li><a href='info/1050/${id}.htm'>${title}</a><span>2024-01-18</span></li></ul>",
        "<ul><li><a href='gkzn.htm'>政府信息公开指南</a></li><li><a href='xstz.htm'>政府信息公开年报</a></li></ul>",
        f"<!-- <ul>{line(1)}</ul> -->",
    ],
)
def test_what_is_no_list(body: str) -> None:
    listing = read(body)
    assert listing.problem and not listing.rows and not listing.empty


def test_a_selector_of_the_portal_s_file_decides() -> None:
    column = COLUMN.model_copy(update={"options": {"list": "#mine"}})
    assert read(f"<ul>{line(1)}</ul><ul id='mine'>{line(2, 1009, '示例')}</ul>", column=column).rows == (
        row(2, 1009, "示例"),
    )
    assert read("<div id='mine'>暂无信息</div>", column=column).empty
    assert read("<p></p>", column=column).problem


def test_a_last_page_is_the_end_only_if_the_pager_s_number_is_reached() -> None:
    body = f"<div><ul>{line(1)}{line(2)}</ul><span class='p_t'>共9条</span><span class='p_next_d'>下页</span></div>"
    assert read(body).paging == Paging(records=9)
    assert "9 条" in SPIDER.next_step(COLUMN, [Seen(Step(BASE), read(body), 2)]).incomplete
    assert not SPIDER.next_step(COLUMN, [Seen(Step(BASE), read(body.replace("共9条", "共2条")), 2)]).incomplete


def test_pages_without_a_link_are_said() -> None:
    body = f"<div><ul>{line(1)}</ul><span class='p_t'>1/5</span><a href='javascript:next()'>下页</a></div>"
    assert read(body).unclear
