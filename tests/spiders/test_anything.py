"""Whatever a portal answers, no family breaks over it or asks for ever. Invented text only."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.schema import Column
from crawler.page import Page
from spiders import FAMILIES
from spiders.lists.listing import Seen, Step
from tests.spiders.offline import HOST, column_url, simulated, spider_of

PIECES = (
    "<ul>", "</ul>", "<li>", "</li>", "<table><tr><td>", "</td></tr></table>", "<div class='xxgk_navli'>", "</div>",
    "<div class='zfxxgk_zdgkc'>", "<ul id='initData'>", "<select><option value='/a_2.html'>2</option></select>",
    "<a href='/info/1050/21831.htm' title='示例市2023年年报'>示例…</a>", "<a href='list_2.html'>下一页</a>", "<a href='http://[x'>示例</a>",
    "<a href='/public/1/2.html'>示例市2022年政府信息公开年报</a>", "<a href='?<?=el.link?>'>x</a>", "<a>2</a>", "2024-01-18",
    "共3页", "暂无信息", "<!--", "-->", "<script>", "</script>", "pageCount:3", "totalRecord:75,", "siteInfo = {\"siteGuid\":\"g\"",
    ",\"projectName\":\"/p\"}", "labelName:'publicInfoList',url:'/site/label/8888',siteId:'1',catId:'2',organId:'3',file:'f'",
    "proxyUrl:'/truecms/messageController/getMessage.do',columnId:'5a43294a-2028-49b7-ab9d-7fde4ef72632'",
    "<script src='/js/webBuilderCommon.js'></script>", "<datastore><recordset><record><![CDATA[", "]]></record></recordset></datastore>",
    "<totalrecord>9</totalrecord>", "&#0;", "\x00", "\ud800", "\U0010ffff", "createPageHTML(3,0,'index','html')", "<?xml version='1.0'?>",
)  # fmt: skip
PAGES = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8)), max_size=25).map("".join)
KEYS = st.sampled_from(
    ("custom", "data", "total", "infourl", "title", "realtitle", "infodate", "result", "articles", "html", "results", "success")
)  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | PAGES,
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(KEYS, inside, max_size=4),
    max_leaves=12,
)
ANSWERS = st.one_of(PAGES, VALUES.map(json.dumps), VALUES.map(lambda value: f"cb({json.dumps(value)})"))
PATHS = (
    "", "/site/label/8888?labelName=publicInfoList", "/truecms/messageController/getMessage.do?startrecord=1",
    "/EWB-FRONT/rest/lightfrontaction/getgovinfolist", "/js/webBuilderCommon.js", "/content/column/12", "/list.jsp?wbtreeid=1050",
)  # fmt: skip


@pytest.mark.parametrize("family", FAMILIES)
@settings(max_examples=60, deadline=None)
@given(answers=st.lists(st.tuples(st.sampled_from(PATHS), ANSWERS), min_size=1, max_size=4))
def test_a_family_reads_whatever_comes(family: str, answers: list[tuple[str, str]]) -> None:
    site = simulated(family)
    column = Column(key="c", url=column_url(site), agencies=("shili-jyj",))
    spider: Any = spider_of(site, column)
    seen: list[Seen] = []
    known: set[str] = set()
    for path, text in answers:
        url = f"http://{HOST}{path}" if path else column.url
        page = Page(url, text)
        for sign in type(spider).signs(page):
            assert sign.weight > 0 and sign.seen
        listing = spider.read_list(page, column)
        assert not (listing.problem and (listing.rows or listing.empty))
        assert not (listing.empty and listing.rows)
        if listing.problem:
            continue
        fresh = {row.url for row in listing.rows} - known
        known |= fresh
        seen.append(Seen(Step(url), listing, len(fresh)))
        step = spider.next_step(column, seen)
        assert not (step.url and step.incomplete)


@pytest.mark.parametrize("family", ["lonsun", "boda", "truecms", "epoint", "general"])
@settings(max_examples=40, deadline=None)
@given(text=ANSWERS)
def test_an_answer_that_never_changes_is_not_asked_for_for_ever(family: str, text: str) -> None:
    site = simulated(family)
    column = Column(key="c", url=column_url(site), agencies=("shili-jyj",))
    spider: Any = spider_of(site, column)
    seen: list[Seen] = []
    known: set[str] = set()
    step = Step(column.url)
    for _ in range(30):
        listing = spider.read_list(Page(step.url, text), column)
        if listing.problem or listing.unclear:
            return
        fresh = {row.url for row in listing.rows} - known
        known |= fresh
        seen.append(Seen(step, listing, len(fresh)))
        step = spider.next_step(column, seen)
        if not step.url:
            return
    pytest.fail("it does not end")


@pytest.mark.parametrize("family", ["boda", "general"])
@settings(max_examples=80, deadline=None)
@given(text=PAGES)
def test_one_address_is_listed_once(family: str, text: str) -> None:
    site = simulated(family)
    column = Column(key="c", url=column_url(site), agencies=("shili-jyj",), options={"list": "body"})
    spider: Any = spider_of(site, column)
    urls = [row.url for row in spider.read_list(Page(column.url, f"<body>{text}{text}</body>"), column).rows]
    assert len(urls) == len(set(urls))
