"""Drawn lines to lattices, whatever way they were drawn."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.formats.layout import ruling
from crawler.formats.layout.ruling import Lattice
from crawler.formats.layout.squares import Span
from crawler.formats.sheet import Rule
from tests.crawler.formats.drawn import grid, level, upright

XS, YS = (50.0, 150.0, 250.0, 350.0), (100.0, 120.0, 140.0)


def only(rules: list[Rule]) -> Lattice:
    found, _, beyond = ruling.lattices(rules)
    assert not beyond
    assert len(found) == 1
    return found[0]


def squares(rows: int, columns: int) -> list[Span]:
    return [Span(row, column) for row in range(rows) for column in range(columns)]


def dashed(rule: Rule, dash: float, gap: float) -> list[Rule]:
    found, at = [], 0.0
    along = max(rule.right - rule.left, rule.bottom - rule.top)
    while at < along:
        end = min(at + dash, along)
        if rule.right > rule.left:
            found.append(Rule(rule.left + at, rule.top, rule.left + end, rule.top + 0.5))
        else:
            found.append(Rule(rule.left, rule.top + at, rule.left + 0.5, rule.top + end))
        at += dash + gap
    return found


def test_whole_lines() -> None:
    lattice = only(grid(XS, YS))
    assert (lattice.xs, lattice.ys) == (XS, YS)
    assert list(lattice.spans) == squares(2, 3)
    assert not lattice.doubtful and not lattice.open_sides


@pytest.mark.parametrize(("dash", "gap"), [(3, 3), (1, 1), (0.5, 1.5), (6, 4)])
def test_dashes_and_dots(dash: float, gap: float) -> None:
    lattice = only([piece for rule in grid(XS, YS) for piece in dashed(rule, dash, gap)])
    assert list(lattice.spans) == squares(2, 3)


def test_double_lines() -> None:
    twice = [
        Rule(rule.left + shift, rule.top + shift, rule.right + shift, rule.bottom + shift)
        for rule in grid(XS, YS)
        for shift in (0.0, 2.0)
    ]
    assert list(only(twice).spans) == squares(2, 3)


def test_cells_that_each_have_their_own_border() -> None:
    boxes = [
        rule
        for row in range(2)
        for column in range(3)
        for rule in grid((XS[column] + 0.7, XS[column + 1] - 0.7), (YS[row] + 0.7, YS[row + 1] - 0.7))
    ]
    assert list(only(boxes).spans) == squares(2, 3)


def test_lines_that_nearly_meet() -> None:
    rules = [level(y, XS[0] + 1.5, XS[-1] - 1.5) for y in YS] + [upright(x, YS[0] - 1, YS[-1] + 2) for x in XS]
    assert list(only(rules).spans) == squares(2, 3)


def test_a_missing_line_joins_its_cells() -> None:
    rules = [rule for rule in grid(XS, YS) if rule.left != 150] + [upright(150, 100, 120)]
    lattice = only(rules)
    assert Span(1, 0, columns=2) in lattice.spans
    assert not lattice.doubtful


def test_a_broken_line_joins_its_cells_and_says_so() -> None:
    rules = [rule for rule in grid(XS, YS) if rule.left != 150] + [upright(150, 100, 130)]
    lattice = only(rules)
    assert Span(1, 0, columns=2) in lattice.spans
    assert lattice.doubtful


def test_a_line_that_ends_inside_makes_no_corner_cell() -> None:
    """Three squares in the form of an L become a rectangle of four, and the table is doubtful."""
    rules = [
        *(level(y, 50, 350) for y in (100, 140)),
        *(upright(x, 100, 140) for x in (50, 250, 350)),
        level(120, 150, 350),
        upright(150, 120, 140),
    ]
    lattice = only(rules)
    assert Span(0, 0, rows=2, columns=2) in lattice.spans
    assert lattice.doubtful


def test_a_table_without_its_outer_border() -> None:
    rules = [level(120, 50, 350), level(140, 50, 350), upright(150, 100, 160), upright(250, 100, 160)]
    lattice = only(rules)
    assert list(lattice.spans) == squares(3, 3)
    assert lattice.open_sides == {"top", "bottom", "left", "right"}


def test_a_line_that_sticks_out_is_no_side() -> None:
    lattice = only(
        [*(rule for rule in grid(XS, YS) if rule.top != 120 or rule.left == rule.right), level(120, 20, 350)]
    )
    assert list(lattice.spans) == squares(2, 3)


def test_a_column_whose_border_touches_nothing() -> None:
    """A browser draws the rest of a cell over several rows so: its borders alone."""
    rules = [*(level(y, 150, 350) for y in (100, 120, 140)), *(upright(x, 100, 140) for x in (50, 150, 250, 350))]
    assert Span(0, 0, rows=2) in only(rules).spans


def test_a_frame_and_a_ruled_heading_are_no_tables() -> None:
    found, left, _ = ruling.lattices([*grid((50, 500), (50, 800)), level(90, 100, 400)])
    assert found == []
    assert Rule(100, 90, 400, 90) in left


def test_two_tables() -> None:
    found, _, _ = ruling.lattices([*grid(XS, (300, 320, 340)), *grid(XS, YS)])
    assert [lattice.ys[0] for lattice in found] == [100, 300]


def test_tables_that_reach_into_each_other_are_one() -> None:
    """Lines were lost between them: none may take the text of the other's cells."""
    found, _, _ = ruling.lattices([*grid((50, 150, 250), (100, 120, 160)), *grid((230, 300, 400), (110, 135, 200))])
    assert len(found) == 1
    assert found[0].doubtful


def test_too_many_lines_are_said() -> None:
    many = [level(100, 10, 20)] * (ruling.MAX_RULES + 1)
    assert ruling.lattices(many) == ([], [], True)
    spread = [level(4.0 * number, 10, 20) for number in range(ruling.MAX_SEGMENTS + 1)]
    assert ruling.lattices(spread)[2]


def random_spans(rows: int, columns: int, chance: random.Random) -> list[Span]:
    """A grid cut into rectangles."""
    free = {(row, column) for row in range(rows) for column in range(columns)}
    spans = []
    for row in range(rows):
        for column in range(columns):
            if (row, column) not in free:
                continue
            high, wide = chance.choice((1, 1, 1, 2, 3)), chance.choice((1, 1, 1, 2, 4))
            while any((row, column + right) not in free for right in range(wide)):
                wide -= 1
            while any((row + down, column + right) not in free for down in range(high) for right in range(wide)):
                high -= 1
            free -= {(row + down, column + right) for down in range(high) for right in range(wide)}
            spans.append(Span(row, column, high, wide))
    return spans


@settings(max_examples=150, deadline=None)
@given(st.integers(1, 9), st.integers(1, 9), st.integers(0, 10**6), st.sampled_from(("cells", "lines")))
def test_any_grid_with_any_spans_comes_back(rows: int, columns: int, seed: int, way: str) -> None:
    """Edges that no cell ends at are no edges; what is left is exactly the cells that were drawn."""
    chance = random.Random(seed)
    spans = random_spans(rows, columns, chance)
    xs = [40.0]
    ys = [60.0]
    for _ in range(columns):
        xs.append(xs[-1] + chance.uniform(9, 60))
    for _ in range(rows):
        ys.append(ys[-1] + chance.uniform(9, 40))
    rules: list[Rule] = []
    for span in spans:
        left, right = xs[span.column], xs[span.column + span.columns]
        top, bottom = ys[span.row], ys[span.row + span.rows]
        jitter = chance.uniform(-0.6, 0.6) if way == "cells" else 0.0
        rules += [level(top + jitter, left, right), level(bottom + jitter, left, right)]
        rules += [upright(left + jitter, top, bottom), upright(right + jitter, top, bottom)]
    chance.shuffle(rules)
    found, _, _ = ruling.lattices(rules)
    if len(spans) == 1:
        assert found == []
        return
    columns_used = sorted({0, columns, *(edge for span in spans for edge in (span.column, span.column + span.columns))})
    rows_used = sorted({0, rows, *(edge for span in spans for edge in (span.row, span.row + span.rows))})
    expected = {
        Span(
            rows_used.index(span.row),
            columns_used.index(span.column),
            rows_used.index(span.row + span.rows) - rows_used.index(span.row),
            columns_used.index(span.column + span.columns) - columns_used.index(span.column),
        )
        for span in spans
    }
    assert set(found[0].spans) == expected
    assert not found[0].doubtful
