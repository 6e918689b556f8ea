"""Whatever is printed: an exact number comes back exactly or not at all, and no text makes the reader fail."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import reports
from crawler.errors import ReadError
from crawler.model import Cell, CellState, Document, Paragraph, Table
from crawler.reports import numbers, templates
from crawler.reports.written import written

FULL_WIDTH = str.maketrans("0123456789,.+-", "０１２３４５６７８９，．＋－")
COUNTS = st.one_of(st.integers(0, 30), st.integers(0, 10**7), st.integers(0, 10**17))
MARKS = ("", "①", "*", "[1]", "〔2〕", "注", "注3", "（注1）", "※", "^1", "²", "（3）", " 3", "/3", "余", "~")
UNITS = ("", "件", " 件", "（件）", "项", "个", "条", "次", "人", "元", "万", "%")
FRAMES = ("{}", " {} ", "　{}", "{}\n", "\u200b{}", "约{}", "({})", "第{}", "\ufeff{}")


def ways(value: int) -> st.SearchStrategy[str]:
    plain = [str(value), f"{value:,}", f"{value}.0", f"{value}.00", f"0{value}", f"{value:,}".replace(",", "，")]
    plain += [f"{value:,}".replace(",", sign) for sign in " 、'."] + [str(value).translate(FULL_WIDTH)]
    if value < 10**12:
        plain.append(written(value))
    if value % 1000 == 0 and value:
        plain.append(f"{Decimal(value) / 10000}万")
    return st.sampled_from(plain)


@given(st.data(), COUNTS, st.sampled_from(UNITS), st.sampled_from(MARKS), st.sampled_from(FRAMES))
def test_a_count_reads_back_or_is_unreadable(data: st.DataObject, value: int, unit: str, mark: str, frame: str) -> None:
    text = frame.format(data.draw(ways(value)) + unit + mark)
    reading = numbers.read(text, unit="件")
    if unit == "万":  # a scale, not a unit
        value *= 10**4
    assert reading.state in (CellState.NUMBER, CellState.UNREADABLE), text
    assert reading.value in (None, Decimal(value)), text


@given(
    st.integers(-(10**6), 10**6),
    st.sampled_from(("{}", "+{}", "增{}", "增加{}项", "-{}", "减{}", "减少 {}", "−{}", "－{}")),
)
def test_a_change_reads_back_with_its_sign(value: int, way: str) -> None:
    falls = way[0] in "-减−－"
    if (value < 0) != falls and value:
        return
    reading = numbers.read(way.format(abs(value)), unit="项", signed=True)
    assert (reading.state, reading.value) == (CellState.NUMBER, Decimal(value))


@given(
    st.decimals(0, 10**9, places=4),
    st.sampled_from(("", "元", "万元", "亿元", "千元", "万", "千", "亿")),
    st.sampled_from((None, "元", "千元", "万元", "亿元")),
)
def test_money_reads_back_in_yuan_or_not_at_all(amount: Decimal, unit: str, label: str | None) -> None:
    sizes = {"元": 1, "千元": 1000, "万元": 10**4, "亿元": 10**8}
    reading = numbers.read(f"{amount}{unit}", unit="元", label_unit=label)
    if reading.value is not None and amount:
        said = unit if unit.endswith("元") else f"{unit}元" if unit else label
        assert said is not None
        assert reading.value == amount * sizes[said]


@given(st.text(max_size=300), st.sampled_from(("件", "元", "项")), st.booleans(), st.sampled_from((None, "万元")))
def test_any_text_is_read_without_an_error(text: str, unit: str, signed: bool, label: str | None) -> None:
    reading = numbers.read(text, unit=unit, label_unit=label, signed=signed)
    assert (reading.value is not None) == (reading.state is CellState.NUMBER)
    assert bool(reading.reason) == (reading.state in (CellState.OPEN, CellState.UNREADABLE))


LABELS = sorted({name for form in templates.load().values() for name in form.all_names()})
TEXTS = st.one_of(
    st.sampled_from(LABELS),
    st.sampled_from(["", "0", "1", "12", "小计", "第二十条第（一）项", "申请人情况"]),
    st.text(max_size=12),
)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Any grid, also one that no format module would make."""
    width = draw(st.integers(0, 6))
    cells = st.builds(
        Cell,
        TEXTS,
        repeated=st.booleans(),
        missing=st.booleans(),
        rows=st.integers(1, 3),
        columns=st.integers(1, 3),
        confidence=st.floats(0, 1),
    )
    ragged = draw(st.booleans())
    rows = st.lists(cells, min_size=0 if ragged else width, max_size=width).map(tuple)
    return Table(tuple(draw(st.lists(rows, max_size=8))), draw(st.booleans()))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.one_of(tables(), st.builds(Paragraph, TEXTS, heading=st.booleans())), max_size=6),
    st.text(max_size=20),
    st.booleans(),
)
def test_any_document_is_parsed_without_an_error(blocks: list[Table | Paragraph], title: str, recognised: bool) -> None:
    document = Document("html", tuple(blocks), title=title, recognised=recognised)
    try:
        report = reports.parse(document)
    except ReadError:
        return
    codes = [fact.code for fact in report.facts]
    assert len(set(codes)) == len(codes)
    assert all((fact.value is not None) == (fact.state is CellState.NUMBER) for fact in report.facts)
