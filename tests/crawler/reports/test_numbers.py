"""One cell's text → state and value."""

from decimal import Decimal

import pytest

from crawler.model import CellState
from crawler.reports import numbers


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("17", "17"),
        ("0　　", "0"),
        ("　0", "0"),
        ("１７", "17"),
        ("1,234", "1234"),
        ("1，234，567", "1234567"),
        ("17件", "17"),
        ("17 件", "17"),
        ("17（件）", "17"),
        ("1.5万件", "15000"),
        ("5.0", "5"),
        ("007", "7"),
        ("5.00", "5"),
        ("1.234万", "12340"),
        ("12①", "12"),
        ("12 *", "12"),
        ("12件※", "12"),
        ("12[1]", "12"),
        ("12〔3〕", "12"),
        ("12注", "12"),
        ("12 注2", "12"),
        ("12（注1）", "12"),
        ("十二", "12"),
        ("十二件", "12"),
        ("一百零三", "103"),
        ("两千〇五", "2005"),
        ("壹佰", "100"),
        ("零", "0"),
        ("〇", "0"),
    ],
)
def test_counts(raw: str, value: str) -> None:
    reading = numbers.read(raw, unit="件")
    assert (reading.state, reading.value) == (CellState.NUMBER, Decimal(value))
    assert bool(reading.remark) == bool(set(raw) & set("①*※[〔注"))


@pytest.mark.parametrize(
    "raw",
    [
        "1 7",
        "1\n7",
        "17^1",
        "17²",
        "①",
        "~1617",
        "12,34",
        "1,2345",
        "17/18",
        "约17",
        "17余",
        "十七余",
        "一二三",
        "一百三",
        "一",
        "十",
        "○",
        "O",
        "1O",
        "12①3",
        "12①①",
        "①12",
        "12（1）",
        "12(其中3)",
        "5.000",
        "1.234",
        "1、234",
        "-十二",
        "十二元",
        "详见附件",
        "17元",
        "5.5",
        "-3",
        "+3",
        "1e3",
        "0x11",
        "9" * 30,
        "17 件 3",
        "٣١",
    ],
)
def test_what_is_no_plain_count_is_unreadable(raw: str) -> None:
    reading = numbers.read(raw, unit="件")
    assert (reading.state, reading.value) == (CellState.UNREADABLE, None)
    assert reading.reason


@pytest.mark.parametrize("raw", ["", " ", "　", "\n", "—", "-", "——", "－", "/", "无", "（空）"])
def test_blanks_are_no_noughts(raw: str) -> None:
    assert numbers.read(raw, unit="件") == numbers.Reading(CellState.BLANK)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("-14", -14),
        ("－14", -14),
        ("— 14", -14),
        ("+1", 1),
        ("增98", 98),
        ("增加 98", 98),
        ("减少4", -4),
        ("减0", 0),
        ("净减12", -12),
        ("减十二", -12),
        ("增3项", 3),
        ("5", 5),
    ],
)
def test_changes_may_bear_a_sign(raw: str, value: int) -> None:
    assert numbers.read(raw, unit="项", signed=True) == numbers.Reading(CellState.NUMBER, Decimal(value))


@pytest.mark.parametrize(
    ("raw", "label_unit", "value"),
    [
        ("563.75万元", None, "5637500"),
        ("317.7 万元", None, "3177000"),
        ("251000元", None, "251000"),
        ("251000元", "万元", "251000"),
        ("316441", "万元", "3164410000"),
        ("12.5", "元", "12.5"),
        ("0.3亿", None, "30000000"),
        ("1,208.45", "万元", "12084500"),
        ("0", None, "0"),
        ("0.00", "万元", "0"),
        ("0.1", "元", "0.1"),
    ],
)
def test_money_in_yuan(raw: str, label_unit: str | None, value: str) -> None:
    reading = numbers.read(raw, unit="元", label_unit=label_unit)
    assert reading.value is not None
    assert format(reading.value, "f") == value


@pytest.mark.parametrize(("raw", "label_unit"), [("3千", "万元"), ("3万", "千元"), ("3万", "亿元")])
def test_a_bare_scale_under_another_unit_is_open(raw: str, label_unit: str) -> None:
    """3千 under 万元: three thousand yuan, or thirty million."""
    assert numbers.read(raw, unit="元", label_unit=label_unit).state is CellState.OPEN


def test_a_unit_in_the_cell_that_differs_from_the_label_is_remarked() -> None:
    assert "万元" in numbers.read("251000元", unit="元", label_unit="万元").remark
    assert not numbers.read("25.1万元", unit="元", label_unit="万元").remark


@pytest.mark.parametrize("raw", ["（5）", "±5", "增/减5", "增-5", "5/3", "增5减3"])
def test_signs_that_may_mean_something_else_are_unreadable(raw: str) -> None:
    assert numbers.read(raw, unit="项", signed=True).state is CellState.UNREADABLE


def test_money_without_any_unit_is_open() -> None:
    assert numbers.read("563.75", unit="元").state is CellState.OPEN


def test_a_count_in_a_cell_for_money_is_unreadable() -> None:
    assert numbers.read("5件", unit="元").state is CellState.UNREADABLE
