"""Whatever a page is: reading it as a list never fails, never says the same address twice, never says two things."""

import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.schema import Column, Portal
from crawler.page import Page
from spiders import FAMILIES
from spiders.base import PortalSpider
from spiders.lists.listing import Seen, Step
from spiders.signs import recognise

URL = "http://www.example.org/zwgk/c110634/"
STATIC = ("trs", "ucap", "nfcms")

# Bits of pages as they are met, whole and broken, in any order.
PIECES = (
    '<div class="zfxxgk_zdgkc">', "</div>", "<ul>", "</ul>", "<li>", "</li>", "<table><tr><td>", "</table>", "<tr>", "<td>",
    '<a href="./202401/t20240118_1.html">', '<a href="./202401/t20240118_2.html" title="示例市2023年年报">', "</a>",
    '<a href="/zwgk/c110634/202401/3.shtml">', '<a href="content/post_4.html">', '<a href="./2023n/">', "<a href=''>",
    '<a href="http://[x">', '<a href="javascript:next()">下一页</a>', '<a href="index_1.html">下一页</a>', "<p title='…'>",
    "示例市教育局2023年…", "2024-01-18", "[2024/1/18]", "暂无信息", "共3页", "{{title}}", "<?=el.link?>", "<!--", "-->",
    "<script>", "</script>", "createPageHTML(3, 0, 'index', 'html');", "createPageHTML('page_div',3,1,'list','shtml',41);",
    "var countPage = 99999999999999999999;var currentPage = 0;", "countPage=2;countnum=1", f"countPage = {'9' * 5000};", "articleList = [",
    'articleList = [{"title": "示例", "urls": "{"}];', "websiteCode='x';channelsTagSelf={};", '"/common/search/" + channelId',
    "getFileListByCodeId", '<meta name="channelId" content="x">', '<meta name="code" content="c110634">', "\x00", "\ud800",
    '<div style="display:none">', '<div class="scroll_con">', '{"data": {"results": [', '{"title": "a", "url": "/a"}', "]}}",
)  # fmt: skip
pages = st.lists(st.one_of(st.sampled_from(PIECES), st.text(string.printable, max_size=5)), max_size=40).map("".join)


def spider_of(
    family: str, options: dict[str, str | int | bool], levels: tuple[str, ...]
) -> tuple[PortalSpider, Column]:
    column = Column(key="c", url=URL, agencies=("a",), options=options, branches=levels)
    portal = Portal(slug="s", name="示例", family=family, hosts=("www.example.org",), columns=(column,), delay=2)
    return FAMILIES[family](portal), column


@pytest.mark.parametrize("family", STATIC)
@pytest.mark.parametrize("levels", [(), ("years",)])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=pages)
def test_any_page_is_read(family: str, levels: tuple[str, ...], text: str) -> None:
    spider, column = spider_of(family, {}, levels)
    page = Page(URL, text)
    listing = spider.read_list(page, column)
    addresses = [row.url for row in listing.rows]
    assert len(set(addresses)) == len(addresses)
    assert all(row.url for row in listing.rows)
    if listing.problem or listing.empty:
        assert not listing.rows
        assert not (listing.problem and listing.empty)
    if not listing.problem:
        step = spider.next_step(column, [Seen(Step(URL), listing, len(addresses))])
        assert not (step.url and step.incomplete)
    recognise(page, FAMILIES)


@given(selector=st.text(max_size=12))
@settings(max_examples=50, deadline=None)
def test_any_selector_is_tried(selector: str) -> None:
    spider, column = spider_of("trs", {"list": selector}, ())
    spider.read_list(Page(URL, '<div id="a"><ul><li><a href="./t803352.shtml">示例</a></li></ul></div>'), column)
