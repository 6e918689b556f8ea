"""The page of one agency: its years, what is drawn of its numbers and what is not, its findings; in a bounded number of SELECTs."""

import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import chain, permutations
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from fastapi import FastAPI
from playwright.sync_api import Browser, expect

from crawler.model import CellState
from crawler.reports import crosswalk, templates
from crawler.store.tables import Finding
from monitor.board import build
from monitor.clock import FixedClock
from monitor.context import Context
from monitor.status import create_app
from monitor.status.views.agency import AgencyPage, YearLine, agency_page
from monitor.status.views.chart import Chart, Point, Row
from monitor.status.views.indicators import CODES, PLOTS, Indicator
from monitor.status.views.numbers import Filled, Value, numbers
from monitor.wording import LANGUAGES, keys
from tests.monitor.status.conftest import served
from tests.monitor.status.seed import NOW, UNWATCHED_REAL, seed
from tests.monitor.status.selects import counted
from tests.monitor.status.test_browser import opened
from tests.monitor.status.test_routes import ask
from tests.monitor.status.years import AGENCY, REPORTS, years
from tests.servers.browser import see_charts

MOST_SELECTS = 12
HOSTILE = "<script>alert('key')</script>"


def page_of(context: Context, agency_id: str) -> AgencyPage:
    with context.sessions() as session:
        board = build(session, context.configuration, context.now)
        agency = context.configuration.agencies[agency_id]
        return agency_page(session, board, context.configuration, agency, context.now, "zh", f"/agency/{agency_id}")


def line_of(context: Context, agency_id: str, year: int) -> YearLine:
    return next(line for line in page_of(context, agency_id).years if line.year == year)


@pytest.fixture(scope="module")
def eleven(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    """Eleven years in three forms."""
    folder = tmp_path_factory.mktemp("years")
    context = years(f"sqlite:///{folder / 'gongkai.db'}", folder)
    yield context
    context.sessions.kw["bind"].dispose()


@pytest.fixture(scope="module")
def archive_office(eleven: Context) -> AgencyPage:
    return page_of(eleven, AGENCY.id)


@pytest.fixture(scope="module")
def app_of_years(eleven: Context) -> FastAPI:
    return create_app(eleven.settings, eleven.configuration, eleven.sessions, FixedClock(NOW))


def chart(page: AgencyPage, key: str) -> Chart:
    return next(chart for chart in page.numbers.charts if chart.id == f"c-{key}")


def series(chart: Chart, name: str) -> dict[str, Point]:
    """The points of one series by year."""
    place = [one.name for one in chart.series].index(name)
    return {row.label: row.points[place] for row in chart.rows}


def row(chart: Chart, year: int) -> Row:
    return next(row for row in chart.rows if row.label == str(year))


def test_every_code_that_is_drawn_stands_in_a_form() -> None:
    assert {cell.code for form in templates.load().values() for cell in form.cells()} >= CODES


@pytest.mark.parametrize(("form", "other"), list(permutations(("2014", "2019", "2021"), 2)))
def test_a_series_goes_on_only_where_the_crosswalk_lets_it(form: str, other: str) -> None:
    """Each way of counting an indicator, in each form that has it, against what goes on with it in another form."""
    forms = {name: {cell.code for cell in one.cells()} for name, one in templates.load().items()}
    indicators = {indicator for plot in PLOTS for indicator in plot.indicators}

    def codes(indicator: Indicator, name: str) -> tuple[str, ...]:
        return next((codes for codes in indicator.sums if forms[name].issuperset(codes)), ())

    compared = 0
    for indicator in indicators:
        here, there = codes(indicator, form), codes(indicator, other)
        if here and there:
            compared += 1
            goes_on = [crosswalk.load().series(code, form, other) for code in here]
            back = [crosswalk.load().series(code, other, form) for code in there]
            assert there in (tuple(chain(*goes_on)), there if here == tuple(chain(*back)) else ()), indicator.key
    assert (compared == 0) is ("2014" in (form, other))


def test_every_word_of_the_charts_has_its_text() -> None:
    wanted = {f"plot.{plot.key}" for plot in PLOTS} | {f"plot.unit.{plot.unit}" for plot in PLOTS}
    wanted |= {f"indicator.{indicator.key}" for plot in PLOTS for indicator in plot.indicators}
    wanted |= {f"plot.form.{form}" for form in (*templates.load(), "other")}
    assert wanted <= keys()


def test_what_forms_count_in_different_ways_is_not_joined(archive_office: AgencyPage) -> None:
    requests = chart(archive_office, "requests")
    assert [row.label for row in requests.rows] == [str(year) for year in range(2014, 2025)]
    annex, received = series(requests, "收到申请数（统计表）"), series(requests, "本年新收")
    assert {year: point.value for year, point in annex.items() if point.value} == {
        "2014": "12",
        "2015": "15",
        "2018": "21",
    }
    assert {year: point.value for year, point in received.items() if point.value} == {
        "2019": "30",
        "2020": "34",
        "2021": "28",
        "2024": "47",
    }
    assert "附表的“收到申请数”按旧条例统计" in requests.note  # why, in the words of the crosswalk
    # The same cell in both forms: a line may join it, and the border between the forms is drawn.
    assert [row.label for row in requests.rows if row.border] == ["2019", "2021"]
    assert (row(requests, 2019).border, row(requests, 2021).border) == ("2019年表式", "2021年表式")
    documents = chart(archive_office, "normative_documents")
    assert [one.name for one in documents.series[:1]] == ["本年新制作"]
    assert {point.value for point in series(documents, "本年新制作").values()} == {"4", ""}
    assert not any(series(documents, "本年制发")[str(year)].value for year in (2019, 2020))


def test_the_table_says_which_form_and_where_nothing_is(archive_office: AgencyPage) -> None:
    requests = chart(archive_office, "requests")
    notes = {row.label: row.note for row in requests.rows}
    assert (notes["2014"], notes["2016"], notes["2017"], notes["2020"], notes["2021"]) == (
        "2014年统计表",
        "未见报告",
        "无统计表",
        "2019年表式",
        "2021年表式",
    )
    assert {point.shown for point in row(requests, 2016).points} == {"—"}
    assert row(requests, 2023).address == "/agency/shili-daj/2023"


def test_a_blank_is_no_nought_and_no_point(archive_office: AgencyPage) -> None:
    blank = series(chart(archive_office, "requests"), "本年新收")["2022"]
    assert (blank.shown, blank.value) == ("空白", "")
    nought = series(chart(archive_office, "requests"), "上年结转")["2022"]
    assert (nought.shown, nought.value) == ("0", "0")


def test_two_documents_with_different_numbers(archive_office: AgencyPage) -> None:
    requests = chart(archive_office, "requests")
    received = series(requests, "本年新收")["2023"]
    assert (sorted(received.shown.split(" ≠ ")), received.value, received.note) == (["52", "55"], "", "两份文件不同")
    same = series(requests, "结转下年度")["2023"]  # what both say
    assert (same.shown, same.value, same.unsure) == ("5", "5", False)
    line = next(line for line in archive_office.years if line.year == 2023)
    assert (line.versions, line.documents) == (2, 2)


def test_a_number_from_a_picture_says_so(archive_office: AgencyPage) -> None:
    point = series(chart(archive_office, "requests"), "本年新收")["2024"]
    assert (point.value, point.unsure, "未经核对" in point.note) == ("47", True, True)
    assert any("由图片识别" in note for note in archive_office.numbers.notes)


def test_outcomes_are_added_up_only_where_every_cell_is_a_number() -> None:
    codes = {cell.code for cell in templates.load()["2021"].cells()}
    filled = {code: Value(CellState.NUMBER, Decimal(1), certain=True) for code in codes}
    blank = filled | {"requests.refused.state_secret.total": Value(CellState.BLANK, None, certain=True)}
    unread = {code: value for code, value in filled.items() if code != "requests.refused.state_secret.total"}
    drawn = numbers(
        {2021: [Filled("2021", filled)], 2022: [Filled("2021", blank)], 2023: [Filled("2021", unread)]}, "", "zh"
    )
    outcomes = next(chart for chart in drawn.charts if chart.id == "c-outcomes")
    assert [point.value for point in row(outcomes, 2021).points] == ["1", "1", "8", "3", "5", "3"]
    for year in (2022, 2023):
        assert series(outcomes, "不予公开")[str(year)].shown == "无法合计"
        assert [point.value for point in row(outcomes, year).points] == [""] * 6  # a pile is drawn whole or not at all
        assert series(outcomes, "无法提供")[str(year)].shown == "3"
    assert "有缺项的年度不画" in outcomes.note


def test_the_other_outcomes_of_2019_are_one_line() -> None:
    codes = {cell.code for cell in templates.load()["2019"].cells()}
    filled = {code: Value(CellState.NUMBER, Decimal(2), certain=True) for code in codes}
    outcomes = next(
        chart for chart in numbers({2019: [Filled("2019", filled)]}, "", "en").charts if chart.id == "c-outcomes"
    )
    assert series(outcomes, "Other")["2019"].value == "2"


def test_nothing_but_noughts_is_named_and_not_drawn(archive_office: AgencyPage) -> None:
    assert archive_office.numbers.noughts == ("规章（件）",)


def test_numbers_agree_however_they_are_read() -> None:
    def one(value: Value) -> Filled:
        return Filled("2021", {"proactive.fees.amount": value})

    def point(*values: Value) -> Point:
        drawn = numbers({2021: [one(value) for value in values], 2022: [one(number("7"))]}, "", "zh")
        return drawn.charts[0].rows[0].points[0]

    def number(text: str, certain: bool = True) -> Value:
        return Value(CellState.NUMBER, Decimal(text), certain)

    absent, blank = Value(CellState.ABSENT, None, True), Value(CellState.BLANK, None, True)
    assert point(number("12500.50"), number("12500.5", certain=False)) == Point("12,500.5", "12500.5")
    assert point(number("5"), absent).value == "5"  # one of the documents has no such line
    assert (point(number("5"), blank).shown, point(number("5"), blank).value) == ("5 ≠ 空白", "")
    assert point(absent).shown == "无此项"


def test_the_years_with_what_is_known_of_each(archive_office: AgencyPage) -> None:
    assert [line.year for line in archive_office.years] == list(range(2024, 2013, -1))
    by_year = {line.year: line for line in archive_office.years}
    assert by_year[2016].state == "missing" and by_year[2016].versions == 0 and by_year[2016].stated == ()
    assert by_year[2019].stated == (dt.date(2020, 1, 20),)
    assert by_year[2022].open_findings == 1
    assert {line.versions for line in archive_office.years if line.year in REPORTS and line.year != 2023} == {1}


def test_a_changed_report_has_two_versions(seeded: Context) -> None:
    assert (line_of(seeded, "shili-mzj", 2024).versions, line_of(seeded, "shili-mzj", 2024).documents) == (2, 1)
    granted = series(chart(page_of(seeded, "shili-mzj"), "outcomes"), "予以公开")
    assert granted["2024"].value == "33"  # what the address holds now


def test_who_it_is(seeded: Context) -> None:
    page = page_of(seeded, "shili-sjj")
    assert page.predecessor is not None and page.predecessor.id == "shili-xxzx"
    assert [other.id for other in page_of(seeded, "shili-xxzx").successors] == ["shili-sjj"]
    (column,) = page_of(seeded, "shili-jtj").columns
    assert column.portal == "sim-shili-jtj" and column.sight is not None and column.outcome is not None
    assert not column.outcome.proves_absence


def test_a_real_office_that_is_not_watched_is_not_judged(seeded: Context) -> None:
    page = page_of(seeded, UNWATCHED_REAL)
    assert (page.years, page.findings, page.numbers.charts, page.simulated) == ((), (), (), False)


def test_selects_are_bounded(seeded: Context, eleven: Context) -> None:
    found = []
    for context, agency_id in ((seeded, "shili-sjj"), (seeded, "shili-mzj"), (eleven, AGENCY.id)):
        with context.sessions() as session:
            board = build(session, context.configuration, NOW)
            with counted(context.sessions) as statements:
                agency_page(session, board, context.configuration, context.configuration.agencies[agency_id], NOW, "zh")
        found.append(len(statements))
    assert max(found) <= MOST_SELECTS, found
    assert found[0] == found[2]  # eleven years cost no more than three


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_speaks_both_languages(app_of_years: FastAPI, language: str) -> None:
    prefix = "" if language == "zh" else "/en"
    html = ask(app_of_years, f"{prefix}/agency/{AGENCY.id}").text
    for words in {
        "zh": ("示例市档案馆", "曾用名", "地级", "历年数字", "为何如此", "55 ≠ 52", "规章（件）", "标注的公布日期"),
        "en": ("Former names", "Prefectural", "Numbers over the years", "Why", "form of 2019", "Stated date"),
    }[language]:
        assert words in html, words
    read = BeautifulSoup(html, "lxml")
    for year in range(2014, 2025):
        line = read.select_one(f"li#y{year}")
        assert line is not None and line.select_one(f'a[href="{prefix}/agency/{AGENCY.id}/{year}"]')
        assert line.select_one(f'a[href="/evidence/{AGENCY.id}/{year}.zip"]')
    assert len({tag["id"] for tag in read.select("[id]")}) == len(read.select("[id]"))
    (finding,) = read.select('li.finding[id="carry_over:shili-daj:2024:in_force.normative_documents"]')
    assert finding.select_one("a.anchor")


def test_open_findings_come_first_and_ended_ones_are_bounded(tmp_path: Path) -> None:
    context = seed(f"sqlite:///{tmp_path / 'many.db'}", tmp_path)
    with context.sessions.begin() as session:
        for number in range(40):
            ended = NOW - dt.timedelta(days=number + 1)
            session.add(
                Finding(
                    key=f"late:{HOSTILE}:{number % 39}", kind="late", agency_id="shili-sjj", year=2024,
                    opened_at=ended - dt.timedelta(days=1), closed_at=ended, details={},
                )
            )  # fmt: skip
    page = page_of(context, "shili-sjj")
    closed = [one.finding.closed_at for one in page.findings]
    assert closed[:2] == [None, None] and None not in closed[2:] and len(closed) == 32
    assert page.more_ended
    app = create_app(context.settings, context.configuration, context.sessions, FixedClock(NOW))
    html = ask(app, "/agency/shili-sjj").text
    assert "只列出最近了结的 30 项" in html
    assert HOSTILE not in html and "&lt;script&gt;alert(&#39;key&#39;)" in html
    ids = re.findall(r'class="finding closed" id="([^"]+)"', html)
    assert len(ids) == len(set(ids)) == 30


@pytest.mark.integration
@pytest.mark.parametrize(("width", "scheme", "prefix"), [("desktop", "light", ""), ("phone", "dark", "/en")])
def test_the_charts_are_drawn_from_the_tables(
    browser: Browser, app_of_years: FastAPI, screens: Path, width: str, scheme: str, prefix: str
) -> None:
    with (
        served(app_of_years) as origin,
        opened(browser, origin, f"{prefix}/agency/{AGENCY.id}", width=width, scheme=scheme) as page,  # type: ignore[arg-type]  # one of Scheme
    ):
        figures = page.locator("figure.chart")
        assert figures.count() >= 6
        expect(page.locator("figure.chart canvas")).to_have_count(figures.count())
        see_charts(page)
        drawn = page.evaluate("Chart.getChart(document.querySelector('figure.chart canvas')).data.datasets[0].data")
        assert drawn[5:] == [30, 34, 28, None, None, 47]
        page.locator("#y2016").scroll_into_view_if_needed()
        page.screenshot(path=screens / f"years-{width}-{scheme}.png", full_page=True)


@pytest.mark.integration
def test_without_scripts_the_numbers_stand_in_tables(browser: Browser, app_of_years: FastAPI) -> None:
    with (
        served(app_of_years) as origin,
        opened(browser, origin, f"/agency/{AGENCY.id}#y2016", scripts=False) as page,
    ):
        expect(page.locator("#y2016")).to_be_in_viewport()
        table = page.locator("figure.chart table").first
        expect(table).to_be_visible()
        expect(table).to_contain_text("55 ≠ 52")
