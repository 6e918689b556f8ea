"""Dates on pages and in addresses, as days in Asia/Shanghai, each with its source."""

import datetime as dt

import pytest

from crawler import formats
from crawler.model import DateSource
from crawler.reports import dates


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-01-19 20:34", (2026, 1, 19)),
        ("2023年 02月 17日", (2023, 2, 17)),
        ("2018/3/26", (2018, 3, 26)),
        ("2018/3/2 6:05", (2018, 3, 2)),
        ("2022年01月25日", (2022, 1, 25)),
        ("2021-03-2918:26", (2021, 3, 29)),
        ("2024-01-26 15:35:23", (2024, 1, 26)),
        ("2021.01.26", (2021, 1, 26)),
        ("２０２１年１月２６日", (2021, 1, 26)),
        ("二〇二一年一月二十六日", (2021, 1, 26)),
        ("二○一九年十二月三十一日", (2019, 12, 31)),
        ("二〇二〇年十月十日", (2020, 10, 10)),
        ("2021-01-31T20:30:00Z", (2021, 2, 1)),
        ("2021-01-31T20:30:00+08:00", (2021, 1, 31)),
    ],
)
def test_formats(text: str, day: tuple[int, int, int]) -> None:
    assert dates.parse_day(text) == dt.date(*day)


@pytest.mark.parametrize(
    "text", ["", "2021年", "2021-13-01", "2021-02-30", "2021-1-265", "12021-01-26", "电话 0635-8902600"]
)
def test_no_day(text: str) -> None:
    assert dates.parse_day(text) is None


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("http://x.example/zfxxgknb/202101/t20210126_1734539.html", (2021, 1, 26)),
        ("http://x.example/art/2021/1/26/art_6093_475998.html", (2021, 1, 26)),
        ("http://x.example/2023/01-19/2677014.html", (2023, 1, 19)),
        ("http://x.example/nw12344/20230331/0123456789abcdef.html", (2023, 3, 31)),
    ],
)
def test_addresses(url: str, day: tuple[int, int, int]) -> None:
    found = dates.from_address(url)
    assert found is not None
    assert (found.source, found.value) == (DateSource.ADDRESS, dt.date(*day))
    assert found.raw in url


@pytest.mark.parametrize(
    "url",
    [
        "http://x.example/t803352.shtml",
        "http://x.example/t20211301_1.html",
        "http://x.example/col/col81605/index.html",
        "http://x.example/zfxxgknb2022/24969651.jhtml",
    ],
)
def test_addresses_without_a_day(url: str) -> None:
    assert dates.from_address(url) is None


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<meta name=PubDate content='2020年08月02日'>", [(DateSource.META, (2020, 8, 2))]),
        ("<p>发布时间：2021-03-2918:26 来源：某局 浏览次数：12</p>", [(DateSource.SHOWN, (2021, 3, 29))]),
        ("<p>【发布日期】2021-03-29</p>", [(DateSource.SHOWN, (2021, 3, 29))]),
        ("<span>日期: 2025-02-26 11:54</span>", [(DateSource.SHOWN, (2025, 2, 26))]),
        ("<p>发布时间： 更新时间：2024-01-26 15:35:23</p>", []),
        ("<p>页面生成时间：2025-03-27</p>", []),
        ("<p>截止日期：2025-03-27</p>", []),
        (
            "<table><tr><td>索引号：</td><td>1</td></tr><tr><td>成文日期：</td><td>2026年01月15日</td>"
            "<td>发布日期：</td><td>2026-01-21</td></tr></table>",
            [(DateSource.WRITTEN, (2026, 1, 15)), (DateSource.HEADER, (2026, 1, 21))],
        ),
        (
            "<p><strong>索引号</strong>：1</p><p>发文日期：2026-01-15</p><p>发 布 日 期：2026-01-21 12:23</p>",
            [(DateSource.WRITTEN, (2026, 1, 15)), (DateSource.HEADER, (2026, 1, 21))],
        ),
    ],
)
def test_pages(markup: str, expected: list[tuple[DateSource, tuple[int, int, int]]]) -> None:
    document = formats.read(f"<html>{markup}</html>".encode())
    found = [(date.source, date.value) for date in dates.evidence(document)]
    assert found == [(source, dt.date(*day)) for source, day in expected]


def test_conflicts_are_kept() -> None:
    page = "<meta name=PubDate content='2021-04-09 10:21'><p>发布时间：2021-04-07</p>"
    values = [date.value.day for date in dates.evidence(formats.read(page.encode()))]
    assert values == [9, 7]
