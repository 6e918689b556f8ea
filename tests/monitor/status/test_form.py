"""The statutory tables laid out as the form prints them."""

import datetime as dt
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup, Tag
from starlette.requests import Request

from crawler.model import CellState
from crawler.reports import templates
from crawler.store.tables import FactRow, Filing, Reading
from monitor.status.site import Site
from monitor.status.views.form import Header, lay_out, outside, show_number
from monitor.status.views.report import Report
from monitor.wording import LANGUAGES, Language, say


@pytest.mark.parametrize(
    ("name", "cells"),
    [("2014", {"附": 58}), ("2019", {"二": 22, "三": 161, "四": 15}), ("2021", {"二": 10, "三": 175, "四": 15})],
)
def test_every_cell_of_the_form_has_one_place(name: str, cells: dict[str, int]) -> None:
    template = templates.load()[name]
    tables = lay_out(template, [])
    assert {table.section: len(table.cells) for table in tables} == cells
    assert [cell.code for table in tables for cell in table.cells] == [cell.code for cell in template.cells()]


@pytest.mark.parametrize("name", ["2014", "2019", "2021"])
def test_every_line_of_a_table_is_equally_wide(name: str) -> None:
    """Headers and cells, with the spans that reach into a line, fill depth + width columns: no hole, no overlap."""
    for table in lay_out(templates.load()[name], []):
        for block in table.blocks:
            corner = [[Header("", len(block.head), table.depth)]] if table.depth else [[]]
            head = [corner[0] + list(block.head[0]), *map(list, block.head[1:])]
            assert _widths(head) == [table.depth + table.width] * len(head)
            rows = [[*row.headers, *(Header("", 1, cell.columns) for cell in row.cells)] for row in block.rows]
            assert _widths(rows) == [table.depth + table.width] * len(rows)


def _widths(lines: list[list[Header]]) -> list[int]:
    widths = [0] * len(lines)
    for number, line in enumerate(lines):
        for header in line:
            for below in range(number, number + header.rows):
                widths[below] += header.columns
    return widths


def test_groups_span_what_they_hold() -> None:
    three = lay_out(templates.load()["2021"], [])[1].blocks[0]
    assert three.head[0] == (Header("自然人", 2, 1), Header("法人或其他组织", 1, 5), Header("总计", 2, 1))
    results = three.rows[2].headers
    assert results == (Header("三、本年度办理结果", 22, 1), Header("（一）予以公开", 1, 2))
    four = lay_out(templates.load()["2021"], [])[2].blocks[0]
    assert four.head[0] == (Header("行政复议", 2, 5), Header("行政诉讼", 1, 10))


def test_the_annex_is_one_line_a_label() -> None:
    (table,) = lay_out(templates.load()["2014"], [])
    lines = [(row.headers[0].text, [cell.code for cell in row.cells]) for row in table.blocks[0].rows]
    assert len(lines) == 58 + 7  # and the headings without a value
    assert lines[0] == ("一、主动公开情况", [])
    received = lines.index(("　（一）收到申请数", ["annex.requests.received"]))
    assert lines[received + 1] == ("　　1.当面申请数", ["annex.requests.received.in_person"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_annex_on_the_page(language: Language) -> None:
    """Headings over the whole line, indicators with their value, by the page's own template."""
    facts = [FactRow(code="annex.fees.collected", state="number", value=Decimal(3500), unit="元", raw="0.35")]
    template = templates.load()["2014"]
    report = Report(
        url="http://127.0.0.1/1.html",
        title="示例市示例局2017年政府信息公开工作年度报告",
        portal="example",
        filing=Filing(id=1),
        reading=Reading(),
        template=template,
        tables=lay_out(template, facts),
        outside=(),
        told=(),
        sums=(),
        doubts=(),
        dates=(),
        versions=(),
        captures=(),
        changes=(),
    )
    request = Request({"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": b""})
    site = Site(lambda: dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    page = bytes(site.render(request, "_form.html", language, report=report).body).decode()
    table = BeautifulSoup(page, "lxml").find("table")
    assert isinstance(table, Tag)
    lines = [[cell.get_text(strip=True) for cell in row.find_all(["th", "td"])] for row in table.find_all("tr")]
    assert ["三、依申请公开情况"] in lines
    (fees,) = [line for line in lines if line[0] == "七、依申请公开信息收取的费用"]
    assert fees[1].startswith("3,500元")
    widths = {
        sum(int(str(cell.get("colspan", 1))) for cell in row.find_all(["th", "td"])) for row in table.find_all("tr")
    }
    assert widths == {2}


def test_every_table_of_every_form_has_a_name() -> None:
    for template in templates.load().values():
        for table in lay_out(template, []):
            for language in LANGUAGES:
                assert say(f"page.form.{table.section}", language)


def test_a_number_a_blank_and_nothing_stay_apart() -> None:
    facts = [
        FactRow(code="review.upheld", state="number", value=Decimal(0), unit="件", raw="0"),
        FactRow(
            code="review.other", state="blank", value=None, unit="件", raw="", place={"block": 3, "table": 4, "row": 4}
        ),
        FactRow(code="review.total", state="unreadable", value=None, unit="件", raw="详见附件"),
    ]
    cells = {cell.code: cell for cell in lay_out(templates.load()["2021"], facts)[2].cells}
    assert (cells["review.upheld"].state, cells["review.upheld"].number) == (CellState.NUMBER, "0")
    assert (cells["review.other"].state, cells["review.other"].number) == (CellState.BLANK, "")
    assert cells["review.other"].place == "表4 行4"
    assert (cells["review.total"].state, cells["review.total"].raw) == (CellState.UNREADABLE, "详见附件")
    assert cells["review.pending"].state is None


def test_what_the_form_has_no_place_for_is_kept() -> None:
    fact = FactRow(code="fees.old", state="number", value=Decimal(5), unit="件", raw="5")
    assert [cell.code for cell in outside(templates.load()["2021"], [fact])] == ["fees.old"]
    assert [cell.code for cell in outside(None, [fact])] == ["fees.old"]


@pytest.mark.parametrize(
    ("value", "text"),
    [("0", "0"), ("3744", "3,744"), ("12500.50", "12,500.5"), ("-98", "-98"), ("100", "100"), ("1E+3", "1,000")],
)
def test_numbers_are_exact(value: str, text: str) -> None:
    assert show_number(Decimal(value)) == text


def test_an_uncertain_number_and_an_inferred_one_are_marked() -> None:
    facts = [
        FactRow(code="review.upheld", state="number", value=Decimal(3), unit="件", raw="3", certain=False),
        FactRow(code="review.other", state="unreadable", value=None, unit="件", raw="§", certain=False),
        FactRow(code="review.total", state="number", value=Decimal(5), unit="件", raw="5", certain=True),
    ]
    proposals = [{"code": "review.other", "value": "1200"}, {"code": "review.total", "value": "6"}]
    cells = {cell.code: cell for cell in lay_out(templates.load()["2021"], facts, proposals)[2].cells}
    assert (cells["review.upheld"].certain, cells["review.upheld"].number) == (False, "3")
    inferred = cells["review.other"]
    assert (inferred.number, inferred.proposal, inferred.state) == ("", "1,200", CellState.UNREADABLE)
    assert (cells["review.total"].number, cells["review.total"].proposal) == ("5", "")  # what was read stands
    assert cells["review.pending"].proposal == "" and cells["review.pending"].state is None
