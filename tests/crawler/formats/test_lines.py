"""Characters to lines: what is one number, what is two, what is none."""

from __future__ import annotations

import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.formats.layout.lines import UNKNOWN, cleaned, text_lines
from crawler.formats.sheet import Rule, Run
from crawler.model import CellState
from crawler.reports import numbers
from tests.crawler.formats.drawn import words


def line(runs: list[Run]) -> str:
    return "\n".join(found.text for found in text_lines(cleaned(runs)[0]))


def test_a_number_in_several_runs_is_one_number() -> None:
    runs = [Run("96171", 10, 10, 35, 20), Run(".", 35, 10, 37.5, 20), Run("6", 37.5, 10, 42.5, 20)]
    assert line(runs) == "96171.6"


def test_a_low_point_belongs_to_its_number() -> None:
    """A point's own box is small and low; PyMuPDF made 961716 of this."""
    runs = [Run("96171", 10, 10, 35, 17), Run(".", 35.5, 16, 36.5, 17), Run("6", 37.5, 10, 42.5, 17)]
    assert line(runs) == "96171.6"


def test_a_gap_keeps_two_numbers_apart() -> None:
    assert line([*words("12", 10, 10), *words("5", 22.6, 10)]) == "12 5"
    assert line([Run("12", 10, 10, 20, 20), Run(" ", 20, 10, 22, 20), Run("5", 22, 10, 27, 20)]) == "12 5"


def test_the_order_in_the_file_says_nothing() -> None:
    assert line(list(reversed(words("4096", 10, 10)))) == "4096"


def test_a_number_over_two_lines_keeps_its_break() -> None:
    assert line([*words("1234", 10, 10), *words("56", 10, 22)]) == "1234\n56"


@pytest.mark.parametrize("shift", [0.0, 0.3, 0.8])
def test_double_printing_counts_once(shift: float) -> None:
    assert line([*words("1199", 10, 10), *words("1199", 10 + shift, 10)]) == "1199"


def test_different_digits_at_one_place_are_no_digits() -> None:
    runs, clashes = cleaned([*words("19", 10, 10), *words("15", 10, 10)])
    assert [run.text for run in runs] == ["1", UNKNOWN]
    assert clashes == 1


def test_a_ruled_blank_below_a_figure_is_no_clash() -> None:
    assert cleaned([*words("12", 10, 10), *words("__", 10, 10)])[1] == 0


def test_marks_stand_apart() -> None:
    assert line([*words("12", 10, 10), Run("1", 20, 8, 23, 14)]) == "12^1"
    assert line([*words("12", 10, 10), Run("2", 20, 16, 23, 22)]) == "12_2"


def test_a_smaller_figure_on_the_base_line_is_no_mark() -> None:
    assert line([*words("共", 10, 10), Run("7", 20, 12.6, 23.5, 19.6)]) == "共7"


def test_struck_out_figures_are_marked() -> None:
    runs, _ = cleaned([*words("12", 10, 10), *words("15", 20.5, 10)], [Rule(9, 15, 20, 15)])
    assert [found.text for found in text_lines(runs)] == ["~1~215"]


def test_an_underline_strikes_nothing_out() -> None:
    runs, _ = cleaned(words("12", 10, 10), [Rule(9, 19.5, 21, 19.5)])
    assert [run.text for run in runs] == ["1", "2"]


def test_vertical_labels_read_downwards() -> None:
    runs = [run for number, sign in enumerate("办理结果") for run in words(sign, 10, 10 + 11 * number)]
    assert line(runs) == "办\n理\n结\n果"


@given(
    digits=st.from_regex(r"(0|[1-9][0-9]{0,11})(\.[0-9]{1,2})?", fullmatch=True),
    cuts=st.sets(st.integers(1, 14)),
    kerning=st.lists(st.floats(-0.6, 0.9), min_size=15, max_size=15),
    lift=st.lists(st.floats(-0.4, 0.4), min_size=15, max_size=15),
    data=st.data(),
)
def test_any_number_in_any_pieces_is_that_number_or_unreadable(
    digits: str, cuts: set[int], kerning: list[float], lift: list[float], data: st.DataObject
) -> None:
    """Normal kerning is within a tenth of an em; a digit is half an em wide here."""
    edges = sorted({0, *(cut for cut in cuts if cut < len(digits)), len(digits)})
    runs, left = [], 50.0
    for number, (first, last) in enumerate(itertools.pairwise(edges)):
        piece = digits[first:last]
        wide = 5.0 * len(piece)
        top = 100 + lift[number]
        runs.append(Run(piece, left, top, left + wide, top + 10))
        left += wide + kerning[number]
    read = numbers.read(line(data.draw(st.permutations(runs))), unit="元", label_unit="元")
    assert (read.state is CellState.NUMBER and read.value == Decimal(digits)) or read.state is CellState.UNREADABLE
    if all(gap < 0.9 for gap in kerning):
        assert read.state is CellState.NUMBER


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.floats(2.2, 80))
def test_two_numbers_never_become_one(one: int, other: int, gap: float) -> None:
    first = words(str(one), 50, 100)
    read = numbers.read(line([*first, *words(str(other), first[-1].right + gap, 100)]), unit="件")
    assert read.state is CellState.UNREADABLE
