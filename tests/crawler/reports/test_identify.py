"""Whose report, of which year, signed when — and what is no report."""

import datetime as dt

import pytest

from crawler import formats
from crawler.reports.identify import Identity, identify, is_report_title


def identified(body: str, *, head: str = "", hint_title: str = "") -> Identity:
    page = f"<html><head>{head}</head><body>{body}</body></html>"
    return identify(formats.read(page.encode()), hint_title=hint_title)


@pytest.mark.parametrize(
    ("title", "agency", "year"),
    [
        ("示例市某局2020年度政府信息公开工作年度报告", "示例市某局", 2020),
        ("示例市某局 2020 年政府信息公开年度报告", "示例市某局", 2020),
        ("示例市某局2020年政府信息公开年度工作报告", "示例市某局", 2020),
        ("示例市某局政府信息公开工作2021年度报告", "示例市某局", 2021),
        ("示例市某局信息公开工作年度报告（2020年度）", "示例市某局", 2020),
        ("示例市某局2017年度政府信息公开工作报告", "示例市某局", 2017),
        ("2020年度示例市某局政府信息公开工作年度报告", "示例市某局", 2020),
        ("2020年政府信息公开工作年度报告（示例市某局）", "示例市某局", 2020),
        ("示例市某局关于2020年度政府信息公开工作情况的报告", "示例市某局", 2020),
        (
            "示例高新区党政综合办公室（行政审批）２０２５年政府信息公开工作年度报告",
            "示例高新区党政综合办公室（行政审批）",
            2025,
        ),
        ("政府信息公开工作年度报告", None, None),
    ],
)
def test_titles(title: str, agency: str | None, year: int | None) -> None:
    found = identified(f"<h1>{title}</h1>")
    assert (found.is_report, found.agency, found.year) == (True, agency, year)


@pytest.mark.parametrize(
    "title",
    [
        "2021年度政府网站工作年度报表",
        "示例市某局2021年政府信息公开工作年度报告解读",
        "2021年示例市政府工作报告",
        "示例市2021年政务公开工作要点",
        "关于做好2020年政府信息公开工作年度报告编制工作的通知",
        "示例市某局政府信息公开指南",
        "示例市某局2020年政府信息公开工作年度报告，欢迎查阅",
    ],
)
def test_look_alikes(title: str) -> None:
    assert not is_report_title(title)
    assert not identified(f"<h1>{title}</h1>").is_report


def test_the_period_goes_before_the_title_and_a_mismatch_is_said() -> None:
    found = identified(
        "<h1>示例市某局2021年政府信息公开工作年度报告</h1>"
        "<p>本年度报告中所列数据的统计期限自2022年1月1日起，至2022年12月31日止。</p>"
    )
    assert found.year == 2022
    assert found.period == (dt.date(2022, 1, 1), dt.date(2022, 12, 31))
    assert [issue.kind for issue in found.issues] == ["year_mismatch"]
    assert "统计期限" in found.evidence["year"]


@pytest.mark.parametrize(
    "sentence",
    [
        "统计时间为：2020年1月1日起-2020年12月31日止",
        "数据统计期限为2020年1月1日至12月31日",
        "本报告所列数据的统计期限从2020年1月1日开始，到2020年12月31日止",
    ],
)
def test_periods(sentence: str) -> None:
    assert identified(f"<p>{sentence}。</p>").period == (dt.date(2020, 1, 1), dt.date(2020, 12, 31))


def test_a_range_of_days_that_is_no_period() -> None:
    assert identified("<p>2020年3月1日至2020年3月5日举办培训。</p>").period is None


def test_a_period_over_two_years_names_no_year() -> None:
    found = identified("<h1>示例市某局2020年政府信息公开年度报告</h1><p>统计期限2019年11月1日至2020年10月31日</p>")
    assert found.year == 2020
    assert [issue.kind for issue in found.issues] == ["period_odd"]


@pytest.mark.parametrize(
    "body",
    [
        "<p>正文。</p><p>示例市某局</p><p>2021年1月26日</p><p>主办：示例市政府</p>",
        "<p>正文。</p><p>示例市某局　2021年1月26日</p>",
        "<p>（示例市某局 2021年1月26日）</p><p>正文。</p>",
        "<p>正文。</p><p>示例市某局</p><p>二〇二一年一月二十六日</p>",
    ],
)
def test_signatures(body: str) -> None:
    found = identified(f"<h1>政府信息公开工作年度报告</h1>{body}")
    assert found.signature is not None
    assert found.signature.value == dt.date(2021, 1, 26)
    assert (found.agency, found.evidence["agency"]) == ("示例市某局", "落款")


@pytest.mark.parametrize(
    "body",
    ["<p>截至2021年1月26日</p>", "<p>发布时间：2021年1月26日</p>", "<p>共发布信息若干条。</p><p>2021年1月26日</p>"],
)
def test_no_signatures(body: str) -> None:
    assert identified(f"<h1>示例市某局2020年政府信息公开年度报告</h1>{body}").signature is None


def test_the_line_above_the_title_is_the_agency() -> None:
    found = identified("<p>示例市某局</p><p>2020年度政府信息公开工作年度报告</p>")
    assert (found.agency, found.year) == ("示例市某局", 2020)
    assert found.title == "示例市某局2020年度政府信息公开工作年度报告"


def test_signature_of_another_office_is_said() -> None:
    found = identified(
        "<h1>示例市甲局2020年政府信息公开年度报告</h1><p>正文。</p><p>示例市乙局</p><p>2021年1月26日</p>"
    )
    assert found.agency == "示例市甲局"
    assert [issue.kind for issue in found.issues] == ["agency_mismatch"]


def test_the_index_header_is_no_witness_but_contentsource_is_the_last() -> None:
    body = "<p>发布机构：示例市政务服务局</p><h1>2020年政府信息公开年度报告</h1>"
    assert identified(body).agency is None
    found = identified(body, head="<meta name=ContentSource content=示例市某局>")
    assert found.agency == "示例市某局"


def test_other_reports_in_the_menu_are_not_this_one() -> None:
    other = "示例市某局2019年政府信息公开年度报告"
    found = identified(f"<ul><li><a href=x>{other}</a></li></ul><p>示例市某局2020年政府信息公开年度报告</p>")
    assert found.year == 2020
    assert not identified(f"<ul><li><a href=x>{other}</a></li></ul><p>工作动态</p>").is_report


def test_meta_title_first_site_name_cut_from_the_window_title_hint_last() -> None:
    meta = "<meta name=ArticleTitle content=示例市某局2020年政府信息公开年度报告>"
    assert identified("<h1>示例市某局2019年政府信息公开年度报告</h1>", head=meta).year == 2020
    window = "<title>示例市某局2020年政府信息公开年度报告_示例市人民政府</title>"
    assert identified("<p>正文</p>", head=window).agency == "示例市某局"
    assert identified("<p>正文</p>", hint_title="示例市某局2018年政府信息公开年度报告").year == 2018
