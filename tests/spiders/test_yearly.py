"""Columns without a list: what a report is, and what only looks like one. All pages are invented."""

import datetime as dt

import pytest

from config.schema import Column, Holds
from crawler.health import HEALTHY
from crawler.model import LookOutcome
from crawler.page import Page
from spiders.visits.answer import Answer
from spiders.visits.yearly import addresses, holds_report, read_report
from tests.portals import hanweb_xxgk

NOW = dt.datetime(2024, 12, 31, 20, tzinfo=dt.UTC)  # 2025 in Shanghai
BASE = "http://www.example.org/module/xxgk/xxgkAnnualReport.jsp?area=990100&fbtime={year}"
COLUMN = Column(key="c", url=BASE, agencies=("a",), holds=Holds.YEARS, first_year=2022)
SECTIONS = (
    "<p>一、总体情况。示例市水利局认真贯彻条例。二、主动公开政府信息情况。三、收到和处理政府信息公开申请情况。</p>" * 4
)
OLD = (
    "<p>一、概述。二、主动公开政府信息情况。三、依申请公开情况。四、收费及减免情况。五、存在的问题和改进措施。</p>" * 5
)
FILLING = "<p>示例市水利局的联系地址、办公时间和其他说明，虚构。</p>" * 10


def page(body: str) -> Page:
    return Page(BASE.format(year=2022), f"<html><body>{body}</body></html>")


@pytest.mark.parametrize("body", [SECTIONS, OLD, hanweb_xxgk.annual_frame(SECTIONS)])
def test_a_report_is_told_by_its_sections(body: str) -> None:
    assert holds_report(page(body))


@pytest.mark.parametrize(
    "body",
    [
        hanweb_xxgk.annual_frame(""),
        hanweb_xxgk.annual_frame(FILLING),  # the menu has 行政复议, 收费, 依申请公开 and 法定主动公开内容
        "<p>主动公开</p><p>依申请公开</p>" + FILLING,
        SECTIONS[:60],
        "",
    ],
)
def test_a_frame_is_no_report(body: str) -> None:
    assert not holds_report(page(body))


def answer(body: str, final: str = "") -> Answer:
    url = BASE.format(year=2022)
    return Answer(url, final or url, NOW, HEALTHY, 200, f"<html><body>{body}</body></html>".encode(), "text/html")


def test_the_title_is_the_page_s_own_or_the_column_s() -> None:
    assert read_report(answer(f"<h1>示例市水利局2022年信息公开年报</h1>{SECTIONS}"), COLUMN)[1].startswith(
        "示例市水利局2022"
    )
    assert read_report(answer(SECTIONS), COLUMN) == (HEALTHY, COLUMN.name)
    assert read_report(answer(hanweb_xxgk.annual_frame("")), COLUMN) == (HEALTHY, "")


def test_a_report_may_be_a_document_behind_the_page() -> None:
    body = '<p>见附件</p><a href="nb2022.pdf">2022年政府信息公开年度报告</a>'
    assert read_report(answer(hanweb_xxgk.annual_frame(body)), COLUMN)[1]


def test_the_order_of_parameters_is_no_other_page() -> None:
    turned = "http://www.example.org/module/xxgk/xxgkAnnualReport.jsp?fbtime=2022&area=990100&showType=2"
    assert read_report(answer(SECTIONS, turned), COLUMN)[0].good
    other = turned.replace("990100", "990200")
    assert read_report(answer(SECTIONS, other), COLUMN)[0].outcome is LookOutcome.MOVED


def test_every_year_has_an_address_and_the_one_under_way_too() -> None:
    assert addresses(COLUMN, NOW) == tuple(BASE.format(year=year) for year in (2025, 2024, 2023, 2022))
