"""Chinese numerals: every number comes back from the way it is written; nothing else is one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.reports.written import SIGNS, chinese, written


@given(st.integers(0, 10**12 - 1))
def test_every_number_comes_back(value: int) -> None:
    assert chinese(written(value)) == value


@given(st.text(st.sampled_from(sorted(SIGNS)), max_size=12))
def test_what_is_read_is_written_so(text: str) -> None:
    value = chinese(text)
    if value is not None:
        plain = text.translate(str.maketrans("〇两壹贰叁肆伍陆柒捌玖拾佰仟", "零二一二三四五六七八九十百千"))
        assert plain in (written(value), f"一{written(value)}")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("十二", 12),
        ("一十二", 12),
        ("一百零三", 103),
        ("一百一十", 110),
        ("两千〇五", 2005),
        ("一万二千", 12000),
        ("零", 0),
    ],
)
def test_as_people_write(text: str, value: int) -> None:
    assert chinese(text) == value


@pytest.mark.parametrize(
    "text", ["", "一二三", "一百三", "二〇二三", "百", "零零", "一百百", "12", "一" * 30, "十二件"]
)
def test_what_is_no_numeral(text: str) -> None:
    assert chinese(text) is None


@pytest.mark.parametrize("value", [-1, 10**12])
def test_what_cannot_be_written(value: int) -> None:
    with pytest.raises(ValueError, match=str(value)):
        written(value)
