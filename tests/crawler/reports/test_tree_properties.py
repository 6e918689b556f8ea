"""Whatever stands in an annex: it comes back exactly, and a damaged one never gives a wrong number."""

from __future__ import annotations

from decimal import Decimal

from bs4 import BeautifulSoup, Tag
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.model import CellState
from tests.crawler.reports.annexes import FORM, Item, items, official, parse, parse_text, read, wrong
from tests.crawler.reports.test_properties import tear_column
from tests.crawler.reports.test_tree import (
    columns_of_labels,
    labels_over_the_units,
    lines_of_text,
    numbered,
    side_by_side,
    units_over_several_rows,
)

# Control characters make a file that is no text at all: that is the formats' business.
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=6)
Values = dict[str, Decimal | None]
LAYOUTS = (official, side_by_side, numbered, columns_of_labels, labels_over_the_units, units_over_several_rows)
# Labels that the form has twice: what is swapped between their branches looks like a report that is right.
TWICE = {f"annex.{branch}.{row}" for branch in ("review", "litigation") for row in ("corrected", "other")}


@st.composite
def filled(draw: st.DrawFn) -> Values:
    """Some cells empty, noughts as frequent as in life."""
    counts = st.one_of(st.none(), st.just(0), st.integers(0, 9), st.integers(0, 10**7))
    found: Values = {}
    for cell in FORM.cells():
        number = draw(counts)
        found[cell.code] = None if number is None else Decimal(number * 100 if cell.unit == "元" else number)
    return found


@settings(max_examples=10, deadline=None)
@given(filled(), st.sampled_from(LAYOUTS))
def test_an_annex_comes_back_exactly(values: Values, layout: object) -> None:
    assert callable(layout)
    assert read(parse(layout(items(values)))) == values


@settings(max_examples=25, deadline=None)
@given(filled(), st.data())
def test_one_moved_row_never_gives_a_wrong_number(values: Values, data: st.DataObject) -> None:
    lines = items(values)
    line = lines.pop(data.draw(st.integers(0, len(lines) - 1)))
    lines.insert(data.draw(st.integers(0, len(lines))), line)
    assert wrong(parse(official(lines)), values) == {}


@settings(max_examples=20, deadline=None)
@given(filled(), st.data())
def test_missing_and_doubled_rows_never_give_a_wrong_number(values: Values, data: st.DataObject) -> None:
    lines = items(values)
    lost = data.draw(st.sets(st.sampled_from(lines), max_size=8))
    twice = data.draw(st.sets(st.sampled_from(lines), max_size=2))
    kept = [copy for line in lines if line not in lost for copy in [line] * (1 + (line in twice))]
    report = parse(official(kept))
    assert wrong(report, values) == {}
    gone = {line.code for line in lost}
    assert all(fact.state is not CellState.NUMBER for fact in report.facts if fact.code in gone)


@settings(max_examples=10, deadline=None)
@given(filled(), st.randoms(use_true_random=False))
def test_rows_in_any_order_never_give_the_number_of_another_label(values: Values, chance: object) -> None:
    lines = items(values)
    chance.shuffle(lines)  # type: ignore[attr-defined]  # a random.Random of Hypothesis
    for report in (parse(official(lines)), parse(lines_of_text(lines))):
        assert wrong(report, values).keys() <= TWICE


@settings(max_examples=50, deadline=None)
@given(filled(), st.sampled_from(LAYOUTS), st.data())
def test_a_torn_annex_never_gives_a_wrong_number(values: Values, layout: object, data: st.DataObject) -> None:
    assert callable(layout)
    soup = BeautifulSoup(layout(items(values)), "lxml")
    table = soup.find("table")
    assert isinstance(table, Tag)
    what = data.draw(st.sampled_from(["cell", "row", "column", "narrowed column", "span", "text"]))
    cells = list(table.find_all("td"))
    if what == "cell":
        data.draw(st.sampled_from(cells)).decompose()
    elif what == "row":
        data.draw(st.sampled_from(list(table.find_all("tr")))).decompose()
    elif what == "span":
        data.draw(st.sampled_from(cells)).attrs = {}
    elif what == "text":
        data.draw(st.sampled_from(cells)).string = data.draw(
            st.sampled_from(["其他", "合计", "（二）被依法纠错数", "示例"])
        )
    else:
        tear_column(table, data.draw(st.integers(0, 6)), narrow=what == "narrowed column")
    assert wrong(parse(str(soup)), values) == {}


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([line.label for line in items({})]), TEXTS), max_size=80))
def test_any_lines_are_read_without_an_error(lines: list[tuple[str, str]]) -> None:
    parse(official([Item("", 0, label, "件", value) for label, value in lines]))
    parse_text("\n".join(f"{label}　{value}" for label, value in lines))
