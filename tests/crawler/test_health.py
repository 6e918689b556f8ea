"""What is a page, what is a block, an error, a shell: tables over invented answers."""

import time

import pytest

from crawler import health
from crawler.model import LookOutcome
from crawler.page import Page

TEXT = "示例市政府信息公开年报的正文。" * 40
TRADITIONAL = "示例縣國務資訊開發區辦會報關於網內經濟學與為這個對實產業。" * 20
RUISHU = "<script r='m'>$_ts=window['$_ts'];if(!$_ts)$_ts={};</script>"


def page(body: str, head: str = "") -> Page:
    return Page("http://www.example.org/", f"<html><head>{head}</head><body>{body}</body></html>")


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, LookOutcome.HEALTHY),
        (202, LookOutcome.HEALTHY),  # the text decides
        (203, LookOutcome.HEALTHY),
        (204, LookOutcome.SHELL),
        (302, LookOutcome.SHELL),  # a redirect without an address
        (304, LookOutcome.SHELL),  # nobody asked for it
        (400, LookOutcome.DENIED),
        (401, LookOutcome.DENIED),
        (403, LookOutcome.DENIED),
        (404, LookOutcome.SOFT_404),
        (405, LookOutcome.DENIED),
        (410, LookOutcome.SOFT_404),
        (412, LookOutcome.CHALLENGE),
        (429, LookOutcome.DENIED),
        (499, LookOutcome.DENIED),
        (500, LookOutcome.SERVER_ERROR),
        (503, LookOutcome.SERVER_ERROR),
        (521, LookOutcome.CHALLENGE),
        (522, LookOutcome.SERVER_ERROR),
    ],
)
def test_status(status: int, outcome: LookOutcome) -> None:
    found = health.of_status(status)
    assert found.outcome is outcome
    assert bool(found.reason) is not found.good


@pytest.mark.parametrize(
    ("final", "outcome"),
    [
        ("http://a.example.org/zwgk/nb/", LookOutcome.HEALTHY),
        ("https://a.example.org/zwgk/nb/index.html", LookOutcome.HEALTHY),
        ("http://a.example.org/zwgk/nb/202401/t1.html", LookOutcome.HEALTHY),
        ("http://a.example.org/", LookOutcome.SOFT_404),
        ("http://a.example.org/index.shtml", LookOutcome.SOFT_404),
        ("http://b.example.org/zwgk/nb/", LookOutcome.MOVED),
        ("http://a.example.org:8080/zwgk/nb/", LookOutcome.MOVED),
        ("http://a.example.org/system/resource/visitcode/visitcode.jsp?backUrl=x", LookOutcome.CHALLENGE),
    ],
)
def test_address(final: str, outcome: LookOutcome) -> None:
    assert health.of_address("http://a.example.org/zwgk/nb/", final).outcome is outcome


def test_a_column_at_the_root_of_its_host_is_at_home_there() -> None:
    assert health.of_address("http://a.example.org/", "http://a.example.org/index.html").good


@pytest.mark.parametrize(
    ("asked", "final", "same"),
    [
        ("http://a.example.org/nb", "https://a.example.org/nb/", True),
        ("http://a.example.org/nb/", "http://A.example.org/nb/index.htm", True),
        ("http://a.example.org/col/col1/index.html", "http://a.example.org/col/col1/", True),
        ("http://a.example.org/nb/", "http://a.example.org/nb2/", False),
        ("http://a.example.org/nb/?c=1", "http://a.example.org/nb/?c=2", False),
        ("http://a.example.org/nb/index.html", "http://a.example.org/nb/index_1.html", False),
    ],
)
def test_same_page(asked: str, final: str, same: bool) -> None:
    assert health.same_page(asked, final) is same


@pytest.mark.parametrize(
    ("given", "outcome"),
    [
        (page(f"<p>{TEXT}</p>"), LookOutcome.HEALTHY),
        (page(f"<p>{TEXT}</p>", RUISHU), LookOutcome.HEALTHY),  # the script alone is no block
        (page("", RUISHU), LookOutcome.CHALLENGE),
        (page("<script>document.cookie='__jsl_clearance_s=1';location.href='/'</script>"), LookOutcome.CHALLENGE),
        (page("<script>var arg1='…';setCookie('acw_sc__v2')</script>"), LookOutcome.CHALLENGE),
        (page("请输入验证码 <input> 点击提交后继续访问本网站的内容页面"), LookOutcome.CHALLENGE),
        (page("拖动滑块完成验证，确认您不是机器人，然后继续访问本网站"), LookOutcome.CHALLENGE),
        (page("当前访问疑似黑客攻击，已被创宇盾拦截。如有疑问请联系网站管理员。"), LookOutcome.CHALLENGE),
        (page("您的请求已被拦截，如有疑问请联系网站管理员，并提供以下编号。"), LookOutcome.DENIED),
        (page("", "<title>403 Forbidden</title>"), LookOutcome.DENIED),
        (page("抱歉，您访问的页面不存在或已被删除，请返回网站首页继续浏览。"), LookOutcome.SOFT_404),
        (page(f"<h2>您访问的信息不存在</h2>{TEXT * 3}"), LookOutcome.SOFT_404),  # in the site's full dress
        (page(TEXT * 3, "<title>404 Not Found</title>"), LookOutcome.SOFT_404),
        (page(f"{TEXT * 3}没有保存的记录，申请的信息不存在。"), LookOutcome.HEALTHY),  # a report says so of requests
        (page(TEXT, "<title>澳门博彩_示例市</title>"), LookOutcome.HIJACKED),
        (page(f"足球彩票_竞彩足球_示例{TEXT}"), LookOutcome.HIJACKED),
        (page(f"娛樂城 示例市人民政府門戶網站 {TRADITIONAL}"), LookOutcome.HIJACKED),
        (page(TRADITIONAL + TRADITIONAL), LookOutcome.HEALTHY),  # the script alone is no gambling
        (page(f"{TEXT}体育彩票、足球彩票销售管理"), LookOutcome.HEALTHY),  # one word, as a sports office may use it
        (page(f"示例市公安局严厉打击博彩、网络赌场，欢迎群众提供线索{TEXT}"), LookOutcome.HEALTHY),
        (page(TEXT, "<title>示例市公安局查处博彩窝点_示例市</title>"), LookOutcome.HEALTHY),
        (page(f"{TEXT}打击网络博彩", "<title>示例市公安局年报</title>"), LookOutcome.HEALTHY),
        (page("<script>location.replace('./new/index.html')</script>"), LookOutcome.SHELL),
        (page("<div id='app'></div>"), LookOutcome.SHELL),
        (page(f"<!-- {TEXT} --><style>{TEXT}</style><script>{TEXT}</script>"), LookOutcome.SHELL),
        (Page("http://www.example.org/", ""), LookOutcome.SHELL),
        (page("依申请公开：政府信息不存在3件。报告全文见附件，附件为本机关2008年的报告。"), LookOutcome.HEALTHY),
    ],
)
def test_page(given: Page, outcome: LookOutcome) -> None:
    found = health.of_page(given)
    assert found.outcome is outcome, found.reason


@pytest.mark.parametrize(
    "piece", ["<script>", "<!--", "<div>", "<a href='", "<table><tr><td>", "<title>", 'sitecode="9']
)
def test_hostile_markup_takes_no_endless_time(piece: str) -> None:
    hostile = Page("http://www.example.org/", piece * (2**21 // len(piece)))
    began = time.monotonic()
    health.of_page(hostile)
    health.of_site(hostile.text, "9900000001")
    health.of_column(hostile, NAME)
    assert time.monotonic() - began < 20


def test_202_with_text_is_not_yet_a_page() -> None:
    assert health.of_page(page(TEXT), status=202).outcome is LookOutcome.SHELL


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ('<meta name="SiteIDCode" content="9900000001">', True),
        ('<META content="9900000001" name="SiteIDCode">', True),
        ('<meta name="SiteIDCode" content="9900000002"/>', False),
        ('<script id="_jiucuo_" sitecode="9900000002"></script>', False),
        ("<p>网站标识码：9900000002</p>", False),
        ("<p>网站标识码：<b>9900000001</b></p>", True),
        ("<p>没有标识码的页面</p>", True),
        ('<meta name="SiteIDCode" content="9900000002"><p>网站标识码：9900000001</p>', True),
    ],
)
def test_site(text: str, good: bool) -> None:
    found = health.of_site(text, "9900000001")
    assert found.good is good
    assert found.good or found.outcome is LookOutcome.MOVED
    assert health.of_site(text, "").good


NAME = "政府信息公开年报"
MENU = f'<div class="sideMenu"><h3><em></em><a href="../nb/">{NAME}</a></h3><ul><li><a href="../nb/">{NAME}</a></li></ul></div>'


@pytest.mark.parametrize(
    ("given", "good"),
    [
        (page("", f'<meta name="ColumnName" content="{NAME}">'), True),
        (page("", f'<META content=" 示例市 {NAME} " name="columnname">'), True),
        (page(f"<h2>{NAME}</h2>", '<meta name="ColumnName" content="政府信息公开指南">'), False),  # it decides alone
        (page(f"<h2>{NAME}</h2>", '<meta name="ColumnName" content="null">'), True),
        (page(f"<h2>{NAME}</h2>"), True),
        (page("<h3>政府信息<br>公开年报</h3>"), True),
        (page("", f"<title>{NAME}_示例市人民政府</title>"), True),
        (page(f'<div class="zfxxgk_zdgktit">{NAME}</div>'), True),
        (page(f'<div>您现在的位置：<a href="/">首页</a> &gt; <a href="./">{NAME}</a></div>'), True),
        (page(f'<div class="crumbs"><a href="/">首页</a> / <a>{NAME}</a></div>'), True),
        (page(MENU, "<title>示例市人民政府</title>"), False),  # every page's menu names every column
        (page(f"<p>关于{NAME}的正文</p>"), False),
        (page(f"<!-- <h2>{NAME}</h2> -->"), False),
        (page(""), False),
    ],
)
def test_column(given: Page, good: bool) -> None:
    found = health.of_column(given, NAME)
    assert found.good is good, found.reason
    assert found.good or found.outcome is LookOutcome.MOVED
