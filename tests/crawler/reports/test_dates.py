"""Dates on pages and in addresses, as days in Asia/Shanghai, each with its source."""

import datetime as dt

import pytest

from crawler import formats
from crawler.model import DateEvidence, DateSource
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
        ("http://x.example/zfxxgknb/t20240118_12.shtml?isMobile=false", (2024, 1, 18)),
        ("http://x.example/columns/a00a0c72/202308/21/720faafd-6610-4d9e-9cc8.html", (2023, 8, 21)),
        ("http://x.example/10462/10778/10876/2024/1/29/0123456789abcdef.shtml", (2024, 1, 29)),
        ("http://x.example/doc/2024/01/08/4153378.shtml", (2024, 1, 8)),
        ("http://x.example/UserData/DocHtml/731/2018/3/26/3618558579887.html", (2018, 3, 26)),
        ("http://x.example/news/show/20200117182933343.html", (2020, 1, 17)),
        ("http://x.example/news/20200117182933.html", (2020, 1, 17)),
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
        "http://20230331.example/nb/1.html",
        "http://x.example/2022/13/40/1.html",
        "http://x.example/resources/202401/833772.html",
        "http://x.example/nb/20200117996033.html",
        "http://x.example/nb/1619593655548706818.html",
    ],
)
def test_addresses_without_a_day(url: str) -> None:
    assert dates.from_address(url) is None


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("nb/1619593655548706818.html", (2023, 1, 29)),
        ("nb/1906985041421463553.html", (2025, 4, 1)),
        ("nb/?id=1750804787066077186", (2024, 1, 26)),
        ("nb/63be2a70f8fd1c4c2136ad2e.html", (2023, 1, 11)),
        ("site_1/channel_63899ecb375991828262e2a2/doc_641a60c40c770bba2a81ffc6.html", (2023, 3, 22)),
    ],
)
def test_ids_that_tell_when_their_row_was_made(name: str, day: tuple[int, int, int]) -> None:
    found = dates.from_id(f"http://x.example/{name}")
    assert found is not None
    assert (found.source, found.value) == (DateSource.ID_TIME, dt.date(*day))
    assert found.source.claims_publication is False


@pytest.mark.parametrize(
    "name",
    [
        "nb/2024011815300012345.html",  # begins with a date and a time: no snowflake
        "nb/161959365554870681.html",  # 18 digits
        "nb/9999999999999999999.html",  # 2086
        "nb/4a03b5fa47ae4c73b7ec42801de6be66.html",  # 32 characters: a UUID
        "nb/202401181530001234567890.html",  # 24 digits without a letter
        "nb/ffffffff47ae4c73b7ec4280.html",  # 2106
        "nb/00000001f8fd1c4c2136ad2e.html",  # 1970
        "nb/c1619593655548706818.html",
    ],
)
def test_numbers_that_are_no_such_ids(name: str) -> None:
    assert dates.from_id(f"http://x.example/{name}") is None


def test_the_raw_text_of_a_day_is_whole() -> None:
    page = "<p>索引号：1</p><p>成文日期：2026年01月15日</p><p>发布日期：2021-03-2918:26</p>"
    assert [date.raw for date in dates.evidence(formats.read(page.encode()))] == [
        "成文日期:2026年01月15日",
        "发布日期:2021-03-29",
    ]


def test_the_header_of_an_answer() -> None:
    found = dates.from_header("Wed, 17 Jan 2024 16:30:00 GMT")
    assert found is not None
    assert (found.source, found.value) == (DateSource.LAST_MODIFIED, dt.date(2024, 1, 18))
    for nonsense in (
        "",
        "yesterday",
        "1 Jan 2024 1:1:1 +99999999999999999",
        "\0" * 99,
    ):
        assert dates.from_header(nonsense) is None


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<meta name=PubDate content='2020年08月02日'>", [(DateSource.META, (2020, 8, 2))]),
        ("<p>发布时间：2021-03-2918:26 来源：某局 浏览次数：12</p>", [(DateSource.SHOWN, (2021, 3, 29))]),
        ("<p>【发布日期】2021-03-29</p>", [(DateSource.SHOWN, (2021, 3, 29))]),
        ("<span>日期: 2025-02-26 11:54</span>", [(DateSource.SHOWN, (2025, 2, 26))]),
        ("<p>发布时间： 更新时间：2024-01-26 15:35:23</p>", [(DateSource.UPDATED, (2024, 1, 26))]),
        ("<p>页面生成时间：2025-03-27</p>", [(DateSource.GENERATED, (2025, 3, 27))]),
        ("<meta name=others content='页面生成时间 2025-11-24 15:09:57'>", [(DateSource.GENERATED, (2025, 11, 24))]),
        ("<meta name=HtmlGenerateTime content='2025-11-24 15:09:57'>", [(DateSource.GENERATED, (2025, 11, 24))]),
        ("<meta name=others content='2025-11-24'>", []),
        (
            '<script>window._CONFIG = {TREE: [{"date": 1}], DETAIL: {"content": "<p>\\"date\\":1600000000</p>",'
            '"create_time": 1705570000, "date": "2024-01-10", "created_at": 1705670000}}</script>',
            [
                (DateSource.DATA, (2024, 1, 18)),
                (DateSource.WRITTEN, (2024, 1, 10)),
                (DateSource.ID_TIME, (2024, 1, 19)),
            ],
        ),
        (
            "<h1>报告</h1><p>发布时间：2024-01-26 10:00 来源：某局 浏览次数：3</p>"
            "<p>索引号：1</p><p>发布机构：某局</p><p>成文日期：2024年01月15日</p><p>发布日期：2024-01-25</p>",
            [
                (DateSource.SHOWN, (2024, 1, 26)),
                (DateSource.WRITTEN, (2024, 1, 15)),
                (DateSource.HEADER, (2024, 1, 25)),
            ],
        ),
        (
            "<p>索引号：1 发布机构：某局 成文日期：2024-01-15 发布日期：2024-01-25</p><p>发布时间：2024-01-26 信息来源：某局</p>",
            [
                (DateSource.WRITTEN, (2024, 1, 15)),
                (DateSource.HEADER, (2024, 1, 25)),
                (DateSource.SHOWN, (2024, 1, 26)),
            ],
        ),
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


@pytest.mark.parametrize(
    ("raw", "source"),
    [
        ("2024-01-18", DateSource.LIST),
        ("成文日期 2024-01-18", DateSource.WRITTEN),
        ("发布时间：2024-01-18", DateSource.LIST),
    ],
)
def test_a_list_may_say_that_its_date_is_the_documents(raw: str, source: DateSource) -> None:
    assert dates.from_list(dt.date(2024, 1, 18), raw) == DateEvidence(source, dt.date(2024, 1, 18), raw)
