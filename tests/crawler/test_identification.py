"""Whose report, of which year: every witness, in the order of trust, and what happens when they do not agree.

The offices are invented; the shapes are met ones (titles and addresses of real portals).
"""

import datetime as dt
from typing import Any

import pytest

from config.env import PACKAGED_CONFIG
from config.load import Configuration, load
from config.schema import Agency, AgencyKind, Column, Holds, Portal
from crawler.identification import Identification, Identifier, Item, Page, Source
from crawler.model import DateEvidence, DateSource
from crawler.reports import title as titling

BASE = "https://www.example.org/bm/slj/zfxxgknb/"
MIXED = "https://www.example.org/zfxxgknb/"
LINE = "https://www.example.org/bm/spj/nb/"
ELSEWHERE = "https://other.example.net/nb/"


def agency(id_: str, name: str, kind: AgencyKind = AgencyKind.DEPARTMENT, **more: object) -> Agency:
    row = {"id": id_, "name": name, "region": "示例省示例市", "region_code": "990100", "kind": kind, "invented": True}
    return Agency.model_validate(row | more)


AGENCIES = (
    agency("slj", "示例市水利局"),
    agency("lyj", "示例市林业局"),
    agency("jyj", "示例市教育局"),
    agency("zf", "示例市人民政府", AgencyKind.GOVERNMENT),
    agency("zfb", "示例市人民政府办公室"),
    agency("zwzx", "示例市政务服务中心管理办公室"),
    agency("spj", "示例市行政审批服务局", predecessor="zwzx", valid_from="2019-02-01"),
    agency("other", "另示例市水利局", region="示例省另示例市", sites=("site.example.com",)),
)


def portal(slug: str, host: str, *columns: Column) -> Portal:
    return Portal(slug=slug, name="示例门户", family="trs", hosts=(host,), columns=columns)


@pytest.fixture(scope="module")
def identifier() -> Identifier:
    years = Column(
        key="years", url="https://www.example.org/nb.jsp?area=11&fbtime={year}", agencies=("slj",), holds=Holds.YEARS
    )
    portals = (
        portal(
            "shili",
            "www.example.org",
            Column(key="slj", url=BASE, agencies=("slj",)),
            Column(key="all", url=MIXED + "index.html", agencies=("slj", "lyj", "zf", "zfb")),
            Column(key="spj", url=LINE, agencies=("spj",)),
            Column(key="jyj", url="https://www.example.org/bm/jyj/", agencies=("jyj",)),
            years,
        ),
        portal("ling", "other.example.net", Column(key="nb", url=ELSEWHERE, agencies=("other",))),
    )
    packaged = load(PACKAGED_CONFIG)
    return Identifier(
        Configuration(
            {one.id: one for one in AGENCIES},
            {one.slug: one for one in portals},
            packaged.deadlines,
            packaged.alerts,
        )
    )


def page(title: str = "", **more: object) -> Page:
    """A page whose own title names what `title` names."""
    read = titling.read(title)
    given = {"agency": read.agency if read else None, "year": read.year if read else None}
    values: dict[str, Any] = {"is_report": True, "title": title} | given | more
    return Page(**values)


def period(year: int) -> tuple[dt.date, dt.date]:
    return dt.date(year, 1, 1), dt.date(year, 12, 31)


def on(day: str, source: DateSource = DateSource.META) -> tuple[DateEvidence, ...]:
    return (DateEvidence(source, dt.date.fromisoformat(day), day),)


def decided(found: Identification) -> tuple[str, str | None, int | None]:
    return found.decision, found.agency, found.year


BARE = "政府信息公开工作年度报告"
WATER = "示例市水利局2023年政府信息公开工作年度报告"
FOREST = "示例市林业局2023年政府信息公开工作年度报告"


@pytest.mark.parametrize(
    ("title", "url", "agency_id", "year"),
    [
        (WATER, MIXED + "1.html", "slj", 2023),
        ("水利局2023年政府信息公开工作年度报告", MIXED + "1.html", "slj", 2023),
        ("二〇二三年度示例市水利局政府信息公开年度报告", MIXED + "1.html", "slj", 2023),
        ("示例市2023年政府信息公开年度工作报告", MIXED + "1.html", "zf", 2023),
        ("示例市人民政府信息公开年度报告（2023年度）", MIXED + "1.html", "zf", 2023),
        ("示例市人民政府办公室2023年政府信息公开工作年度报告", MIXED + "1.html", "zfb", 2023),
        ("示例市水利局2023年政府信…", MIXED + "1.html", "slj", 2023),
        ("水利局_2023年_…", BASE + "1.html", "slj", 2023),
        (BARE, BASE + "202401/t20240118_1.html", "slj", 2023),  # neither year nor agency: column, then the address
        (BARE, BASE + "2020/202401/t20240118_1.html", "slj", 2023),  # a folder is no year
        (BARE, "https://www.example.org/nb.jsp?fbtime=2022&area=11", "slj", 2022),
        ("示例市水利局2022年政府信息公开工作年度报告", BASE + "202309/t20230912_1.html", "slj", 2022),  # late
        ("示例市水利局政府信息公开工作2021年度报告", BASE + "202112/t20211231_1.html", "slj", 2021),  # before its end
        ("示例市教育局2023年政府信息公开工作年度报告", "https://www.example.org/1.html", "jyj", 2023),  # portal only
        ("水利局2023年政府信息公开工作年度报告", "https://site.example.com/1.html", "other", 2023),  # an agency's site
    ],
)
def test_a_title_and_an_address(identifier: Identifier, title: str, url: str, agency_id: str, year: int) -> None:
    found = identifier.identify(Item(title, url))
    assert decided(found) == ("filed", agency_id, year)
    assert found.why
    assert found.evidence


@pytest.mark.parametrize(
    ("title", "url", "candidates", "words"),
    [
        (BARE, MIXED + "t20240118_1.html", ("slj", "lyj", "zf", "zfb"), "栏目登记了多个机构"),
        (BARE, BASE + "1.html", ("slj",), "报告年度无法确定"),
        (BARE, BASE + "t20240912_1.html", ("slj",), "报告年度无法确定"),
        ("示例市水文局2023年政府信息公开工作年度报告", BASE + "1.html", ("slj",), "未登记的名称"),
        (WATER, "https://www.example.com/1.html", ("slj",), "未登记"),
        (WATER, "https://[broken", ("slj",), "未登记"),
        ("示例市教育局2023年政府信息公开工作年度报告", BASE + "1.html", ("jyj",), "其他栏目"),
        ("示例市水利局2023年政府信息公开工作年度报告", BASE + "t20230118_1.html", ("slj",), "早于该年末"),
        (
            "示例市水利局2022年政府信息公开工作年度报告",
            "https://www.example.org/nb.jsp?area=11&fbtime=2021",
            ("slj",),
            "不一致",
        ),
        ("示例市水利局2023年大事", BASE + "1.html", (), ""),
    ],
)
def test_what_is_not_certain_is_for_a_person(
    identifier: Identifier, title: str, url: str, candidates: tuple[str, ...], words: str
) -> None:
    found = identifier.identify(Item(title, url))
    if not words:
        assert found.decision == "not_a_report"
        return
    assert (found.decision, found.agency) == ("review", None)
    assert found.candidates == candidates
    assert words in found.why


@pytest.mark.parametrize(
    "title",
    [
        "2023年度政府网站年度工作报表",
        "示例市2024年政务公开工作要点",
        "图解：示例市水利局2023年政府信息公开工作年度报告",
        "示例市2023年政府工作报告",
    ],
)
def test_look_alikes_are_refused_with_the_reason(identifier: Identifier, title: str) -> None:
    found = identifier.identify(Item(title, BASE + "t20240118_1.html"))
    assert decided(found) == ("not_a_report", None, None)
    assert found.why
    assert found.evidence[0].source is Source.LISTED


@pytest.mark.parametrize(
    ("listed", "read", "url", "expected"),
    [
        # 「我局」: the column's only agency; the period says the year
        ("年报", page(BARE, period=period(2023)), BASE + "1.html", ("filed", "slj", 2023)),
        # the period before the title where the address or a date says the same
        (WATER, page(WATER, period=period(2022), dates=on("2023-01-18")), BASE + "1.html", ("filed", "slj", 2022)),
        (
            "示例市水利局2020年政府信息公开工作年度报告",
            page(BARE, period=period(2021)),
            "https://www.example.org/nb.jsp?area=11&fbtime=2021",
            ("filed", "slj", 2021),
        ),
        # nobody says which of the two is the slip
        (WATER, page(WATER, period=period(2022)), BASE + "1.html", ("review", None, 2022)),
        (WATER, page(WATER, period=period(2022), dates=on("2024-01-18")), BASE + "1.html", ("review", None, 2022)),
        # list and page name different years, different agencies
        (WATER, page("示例市水利局2022年政府信息公开工作年度报告"), BASE + "1.html", ("review", None, 2022)),
        (WATER, page(FOREST), MIXED + "1.html", ("review", None, 2023)),
        # an unknown name beside a known one
        (WATER, page("示例市水文局2023年政府信息公开工作年度报告"), BASE + "1.html", ("review", None, 2023)),
        (WATER, page("水利局2023年政府信息公开工作年度报告"), BASE + "1.html", ("filed", "slj", 2023)),
        # the signature: of another office, of the government's own office, the only name
        (WATER, page(WATER, signed_by="示例市林业局"), MIXED + "1.html", ("review", None, 2023)),
        (
            "示例市2023年政府信息公开工作年度报告",
            page("示例市2023年政府信息公开工作年度报告", signed_by="示例市人民政府办公室"),
            MIXED + "1.html",
            ("filed", "zf", 2023),
        ),
        ("年报", page(BARE, period=period(2023), signed_by="示例市林业局"), MIXED + "1.html", ("filed", "lyj", 2023)),
        ("年报", page(BARE, period=period(2023), signed_by="示例市教育局"), MIXED + "1.html", ("review", None, 2023)),
        # ContentSource is often whoever runs the site
        (
            "年报",
            page(BARE, period=period(2023), content_source="示例市林业局"),
            MIXED + "1.html",
            ("review", None, 2023),
        ),
        (
            "年报",
            page(BARE, period=period(2023), content_source="示例市林业局"),
            BASE + "1.html",
            ("filed", "slj", 2023),
        ),
        # two agencies in one name
        (
            "年报",
            page("示例市人民政府(市人民政府办公室)2023年政府信息公开工作年度报告"),
            MIXED + "1.html",
            ("review", None, 2023),
        ),
        # dates alone: one year, two years, a form that is younger
        ("年报", page(BARE, dates=on("2024-01-18")), BASE + "1.html", ("filed", "slj", 2023)),
        ("年报", page(BARE, dates=on("2023-01-18")), BASE + "t20240118_1.html", ("review", None, None)),
        ("年报", page(BARE, dates=on("2020-01-18"), template="2021"), BASE + "1.html", ("review", None, None)),
        ("年报", page(BARE, dates=on("2024-01-18", DateSource.SIGNATURE)), BASE + "1.html", ("review", None, None)),
        # the page is nothing of the kind
        (WATER, Page(is_report=False), BASE + "1.html", ("review", None, 2023)),
        ("年报", Page(is_report=False), BASE + "1.html", ("not_a_report", None, None)),
    ],
)
def test_a_page_and_its_list(
    identifier: Identifier, listed: str, read: Page, url: str, expected: tuple[str, str | None, int | None]
) -> None:
    found = identifier.identify(Item(listed, url, read))
    assert decided(found) == expected, found.why
    if found.decision == "review":
        assert found.candidates or "年度" in found.why or "没有读到" in found.why


def test_a_file_of_a_page_that_is_no_report_contradicts_nothing(identifier: Identifier) -> None:
    found = identifier.identify(Item(WATER, BASE + "1.pdf", Page(is_report=False), attached=True))
    assert found.decision == "not_a_report"


@pytest.mark.parametrize(
    ("name", "year", "expected"),
    [
        ("示例市政务服务中心管理办公室", 2017, ("filed", "zwzx", 2017)),
        ("示例市行政审批服务局", 2020, ("filed", "spj", 2020)),
        ("示例市政务服务中心管理办公室", 2020, ("review", None, 2020)),
        ("示例市行政审批服务局", 2018, ("review", None, 2018)),
    ],
)
def test_predecessor_and_successor(
    identifier: Identifier, name: str, year: int, expected: tuple[str, str | None, int | None]
) -> None:
    """The column belongs to the successor; the old reports stay in it."""
    found = identifier.identify(Item(f"{name}{year}年政府信息公开工作年度报告", LINE + "1.html"))
    assert decided(found) == expected
    if expected[0] == "review":
        assert set(found.candidates) == {"zwzx", "spj"}
        assert "不存在" in found.why


@pytest.mark.parametrize(
    ("year", "expected"),
    [(2016, "zwzx"), (2017, "zwzx"), (2018, None), (2019, None), (2020, "spj"), (2023, "spj")],
)
def test_our_office_in_the_years_around_a_change(identifier: Identifier, year: int, expected: str | None) -> None:
    """In January and March 2019 either of the two may have written 「我局」 about 2018."""
    found = identifier.identify(Item("年报", LINE + "1.html", page(BARE, period=period(year))))
    assert found.agency == expected
    if expected is None:
        assert found.decision == "review"
        assert found.candidates


def test_a_former_name_counts_until_its_last_day(identifier: Identifier) -> None:
    renamed = agency("slj", "示例市水利局", former_names="示例市水务局@2019-02-01")
    agencies = {one.id: one for one in AGENCIES} | {"slj": renamed}
    packaged = load(PACKAGED_CONFIG)
    own = Identifier(Configuration(agencies, dict(identifier.places.portals), packaged.deadlines, packaged.alerts))
    for year, decision in ((2018, "filed"), (2019, "filed"), (2020, "review")):
        found = own.identify(Item(f"示例市水务局{year}年政府信息公开工作年度报告", BASE + "1.html"))
        assert found.decision == decision


def test_a_report_of_another_portal_s_agency_is_a_repost(identifier: Identifier) -> None:
    title = "另示例市水利局2023年政府信息公开工作年度报告"
    found = identifier.identify(Item(title, BASE + "1.html", page(title)))
    assert decided(found) == ("not_a_report", None, None)
    assert "转载" in found.why
    assert found.candidates == ("other",)
    assert found.conflicts
    # one witness alone may be a slip of whoever copied the page
    for item in (Item(title, BASE + "1.html"), Item("年报", BASE + "1.html", page(title))):
        assert identifier.identify(item).decision == "review"


def test_a_report_of_another_column_s_agency_is_filed_if_page_and_list_say_so(identifier: Identifier) -> None:
    title = "示例市教育局2023年政府信息公开工作年度报告"
    found = identifier.identify(Item(title, BASE + "1.html", page(title)))
    assert decided(found) == ("filed", "jyj", 2023)
    assert any("栏目登记" in conflict for conflict in found.conflicts)


@pytest.mark.parametrize(
    ("url", "column"),
    [
        (BASE + "202401/t20240118_1.html", "slj"),
        ("http://www.example.org/bm/slj/zfxxgknb/", "slj"),
        (MIXED + "2023n/1.html", "all"),
        ("https://example.org/bm/spj/nb/1.html", "spj"),
        ("https://www.example.org/nb.jsp?fbtime=2019&area=11", "years"),
        ("https://www.example.org/nb.jsp?fbtime=2019&area=12", ""),
        ("https://www.example.org/bm/slj/zfxxgknbx/1.html", ""),
        ("https://www.example.org/", ""),
    ],
)
def test_the_column_of_an_address(identifier: Identifier, url: str, column: str) -> None:
    place = identifier.places.of_address(url)
    assert (place.portal, place.column) == ("shili", column)
    assert set(place.portal_agencies) == {"slj", "lyj", "zf", "zfb", "spj", "jyj"}


def test_a_column_by_its_name(identifier: Identifier) -> None:
    assert identifier.places.column("shili", "slj").column_agencies == ("slj",)
    assert identifier.places.column("shili", "nothing").column_agencies == ()
    assert identifier.places.column("nowhere", "slj").portal == ""


def test_the_value_as_json_names_every_witness(identifier: Identifier) -> None:
    read = page(WATER, period=period(2023), dates=on("2024-01-18"), signed_by="示例市水利局")
    found = identifier.identify(Item(WATER, BASE + "t20240118_1.html", read)).as_json()
    assert (found["decision"], found["agency"], found["year"]) == ("filed", "slj", 2023)
    assert {(one["about"], one["source"]) for one in found["evidence"]} >= {
        ("year", "period"),
        ("year", "title"),
        ("year", "listed"),
        ("year", "date"),
        ("agency", "title"),
        ("agency", "signature"),
        ("agency", "column"),
    }
