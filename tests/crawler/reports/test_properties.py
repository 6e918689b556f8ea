"""Whatever the numbers: a form comes back exactly, and a form with a piece torn out never gives a wrong number."""

from __future__ import annotations

from decimal import Decimal

from bs4 import BeautifulSoup, Tag
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import formats, reports
from crawler.model import CellState, ParsedReport
from crawler.reports import templates
from tests.golden.pages import form_html

Values = dict[str, Decimal]


@st.composite
def filled_forms(draw: st.DrawFn) -> tuple[str, Values]:
    """A form and its values; some cells empty, noughts as frequent as in life, totals often right."""
    key = draw(st.sampled_from(["2019", "2021"]))
    template = templates.load()[key]
    counts = st.one_of(st.just(0), st.integers(0, 3), st.integers(0, 10**7))
    values: Values = {}
    for cell in template.cells():
        if draw(st.integers(0, 9)) == 0:
            continue
        if cell.unit == "元":
            values[cell.code] = Decimal(draw(st.integers(0, 10**12))) / 100
        else:
            sign = draw(st.sampled_from([1, -1])) if cell.code.endswith("items_change") else 1
            values[cell.code] = Decimal(draw(counts) * sign)
    if draw(st.booleans()):
        for block in (block for block in template.blocks if block.section == "三"):
            for row in block.rows:
                codes = [block.code(row, column) for column in block.columns]
                values[codes[-1]] = sum((values.get(code, Decimal(0)) for code in codes[:-1]), Decimal(0))
    return key, values


def parse(markup: str) -> ParsedReport:
    return reports.parse(formats.read(f"<html><body>{markup}</body></html>".encode()))


@settings(max_examples=40, deadline=None)
@given(filled_forms())
def test_a_form_comes_back_exactly(filled: tuple[str, Values]) -> None:
    key, values = filled
    report = parse(form_html(key, values))
    assert report.template == key
    assert {fact.code: fact.value for fact in report.facts} == {
        cell.code: values.get(cell.code) for cell in templates.load()[key].cells()
    }
    assert {fact.state for fact in report.facts} <= {CellState.NUMBER, CellState.BLANK}
    assert report.issues == ()


@settings(max_examples=150, deadline=None)
@given(filled_forms(), st.data())
def test_a_torn_form_never_gives_a_wrong_number(filled: tuple[str, Values], data: st.DataObject) -> None:
    key, values = filled
    soup = BeautifulSoup(form_html(key, values), "lxml")
    table = data.draw(st.sampled_from(list(soup.find_all("table"))))
    what = data.draw(st.sampled_from(["cell", "row", "column", "narrowed column", "span"]))
    cells = list(table.find_all("td"))
    if what == "cell":
        data.draw(st.sampled_from(cells)).decompose()
    elif what == "row":
        data.draw(st.sampled_from(list(table.find_all("tr")))).decompose()
    elif what == "span":
        spanning = [cell for cell in cells if cell.has_attr("rowspan") or cell.has_attr("colspan")]
        cell = data.draw(st.sampled_from(spanning))
        cell.attrs = {}
    else:
        tear_column(table, data.draw(st.integers(0, 14)), narrow=what == "narrowed column")
    report = parse(str(soup))
    if report.template != key:
        assert report.template is None or not report.facts
        return
    wrong = {
        fact.code: (fact.state, fact.value, values.get(fact.code))
        for fact in report.facts
        if fact.state in (CellState.NUMBER, CellState.BLANK) and fact.value != values.get(fact.code)
    }
    assert wrong == {}


def tear_column(table: Tag, column: int, *, narrow: bool) -> None:
    """Removes every cell that stands in this grid column alone; `narrow` also shortens those that span it."""
    taken: set[tuple[int, int]] = set()
    for number, row in enumerate(table.find_all("tr")):
        place = 0
        for cell in row.find_all("td"):
            while (number, place) in taken:
                place += 1
            rows, columns = int(str(cell.get("rowspan", 1))), int(str(cell.get("colspan", 1)))
            taken |= {(number + down, place + right) for down in range(rows) for right in range(columns)}
            if place <= column < place + columns:
                if columns == 1:
                    cell.decompose()
                elif narrow:
                    cell["colspan"] = str(columns - 1)
            place += columns
