"""Number formats: what the cell shows, or nothing that is a number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.formats.xlsx.number_format import BUILT_IN, hides_text, shown
from crawler.model import CellState
from crawler.reports import numbers


@pytest.mark.parametrize(
    ("raw", "code", "text"),
    [
        ("12", "General", "12"),
        ("12", "G/通用格式", "12"),
        ("12", "@", "12"),
        ("-12", "General", "-12"),
        ("96171.600000000006", "General", "96171.6"),
        ("0.30000000000000004", "General", "0.3"),
        ("1E+3", "General", "1000"),
        ("1234", "#,##0", "1,234"),
        ("1234567.5", "#,##0.00", "1,234,567.50"),
        ("12", "0.00", "12.00"),
        ("12.5", "0.##", "12.5"),
        ("12", "0.##", "12"),
        ("12", "0000", "0012"),
        ("12", "0_ ", "12"),
        ("12", "0_);[Red]\\(0\\)", "12"),
        ("-12", "0_);[Red]\\(0\\)", "(12)"),
        ("-12", "0;-0", "-12"),
        ("12", '0"件"', "12件"),
        ("3", '"第"0"项"', "第3项"),
        ("1234.5", "[$¥-804]#,##0.00", "¥1,234.50"),
        ("12", BUILT_IN[41], "12"),
        ("-12", BUILT_IN[41], "-12"),
        ("44220", "yyyy/m/d", "2021年1月24日"),
        ("44220", 'yyyy"年"m"月"d"日";@', "2021年1月24日"),
    ],
)
def test_what_is_shown(raw: str, code: str, text: str) -> None:
    assert shown(raw, code) == text


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("12.3", "0"),  # shows 12
        ("0.5", "0%"),  # shows 50%
        ("0.4", "#"),  # shows nothing
        ("0", "#"),
        ("0", "#,###"),
        ("0", "0;-0;;@"),
        ("0", BUILT_IN[41]),  # shows a dash
        ("12", ";;;"),
        ("12", '"无"'),
        ("-12", "0;0"),  # shows 12
        ("-12", "0;[Red]0"),
        ("12", "-0"),
        ("12", '"1"0'),
        ("12", "\\10"),
        ("12", '0".5"'),
        ("1234567", "0,"),
        ("251000", '0!.0,"万"'),
        ("12", "0E+00"),
        ("0.5", "# ?/?"),
        ("12", "[DBNum1]General"),
        ("12", "[$-30804]0"),
        ("12", "[>100]0;General"),
        ("12", "[White]0"),
        ("12", "0 0"),
        ("12", "内置格式 27"),
        ("44220", "m/d"),
        ("44220.5", "yyyy/m/d"),
        ("60", "yyyy/m/d"),  # 1900-02-29, which never was
        ("44220", "yyyy/m/d h:mm"),
        ("123456789012", "General"),
        ("0.1234567890123", "General"),
        ("1e308", "0"),
        ("nan", "0"),
        ("inf", "General"),
        ("x", "General"),
    ],
)
def test_what_is_in_doubt_is_no_number(raw: str, code: str) -> None:
    reading = numbers.read(shown(raw, code), unit="件", signed=True)
    assert reading.state is CellState.UNREADABLE


def test_the_other_calendar() -> None:
    assert shown("42758", "yyyy/m/d", since_1904=True) == "2021年1月24日"


@pytest.mark.parametrize(("code", "hides"), [(";;;", True), ("0;0;0;@", False), ("@", False), ('0;0;0;"x"', True)])
def test_text_that_a_format_hides(code: str, hides: bool) -> None:
    assert hides_text(code) is hides


@given(st.floats(), st.text(alphabet='0#?,.;-_*"\\@%E+[]$年 G', max_size=12))
def test_any_format_gives_a_text(value: float, code: str) -> None:
    assert shown(repr(value), code)


@given(st.integers(-(10**10), 10**10), st.sampled_from(["General", "0", "#,##0", "0.00", "#,##0.00", "0_ ", "@"]))
def test_whole_numbers_come_back(value: int, code: str) -> None:
    assert numbers.read(shown(str(value), code), unit="件", signed=True).value == value


@given(st.decimals(0, 10**7, places=2))
def test_sums_of_money_come_back(value: object) -> None:
    raw = repr(float(str(value)))
    assert numbers.read(shown(raw, "#,##0.00"), unit="元", label_unit="元").value == value
