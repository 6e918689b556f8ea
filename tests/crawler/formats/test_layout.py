"""Sheets to paragraphs and tables: cells, seams between pages, text without lines, running heads."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.formats.layout import MAX_RUNS, arrange
from crawler.formats.sheet import Rule, Run, Sheet
from crawler.model import Paragraph, Table
from tests.crawler.formats.drawn import HIGH, filled, grid, kinds, level, sheet, texts, upright, words

XS = (60.0, 200.0, 300.0, 400.0, 530.0)
HEAD = ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"]
RULES = ["规章", "1", "2", "3"]
NORMS = ["行政规范性文件", "4", "5", "6"]


def ys(top: float, rows: int) -> tuple[float, ...]:
    return tuple(top + 20 * number for number in range(rows + 1))


def drawn(rows: list[list[str]], top: float, number: int = 1, *, missing: tuple[str, ...] = ()) -> Sheet:
    """A ruled table; `missing`: "top" or "bottom", a border that the page break left out."""
    edges = ys(top, len(rows))
    rules = [
        rule
        for rule in grid(XS, edges)
        if rule.left == rule.right
        or not (("top" in missing and rule.top == edges[0]) or ("bottom" in missing and rule.top == edges[-1]))
    ]
    return sheet(filled(rows, XS, edges), rules, number)


def test_a_table_between_paragraphs() -> None:
    text = [*words("二、主动公开政府信息情况", 60, 60), *words("以上为示例。", 80, 200)]
    table = drawn([HEAD, RULES], 100)
    found = arrange([sheet([*text, *table.runs], table.rules)])
    assert texts(found) == ["二、主动公开政府信息情况", [HEAD, RULES], "以上为示例。"]
    assert found[1] == ()
    table_block = found[0][1]
    assert isinstance(table_block, Table) and table_block.spans_known and table_block.page == 1
    box = table_block.rows[1][3].box
    assert box is not None and box.as_json() == [1, 400, 120, 530, 140]


def test_spans_are_marked_as_in_html() -> None:
    rules = [
        *(level(y, 60, 530) for y in (100, 140)),
        level(120, 200, 530),
        *(upright(x, 100, 140) for x in (60, 200, 530)),
        *(upright(x, 120, 140) for x in (300, 400)),
    ]
    runs = [*words("规章", 63, 112), *words("总计", 340, 104), *filled([["1", "2", "3"]], XS[1:], (120,))]
    (table,), issues = arrange([sheet(runs, rules)])
    assert isinstance(table, Table) and issues == ()
    label, total = table.rows[0][0], table.rows[0][1]
    assert (label.text, label.rows, label.columns) == ("规章", 2, 1)
    assert (total.text, total.rows, total.columns) == ("总计", 1, 3)
    assert [cell.repeated for cell in table.rows[1]] == [True, False, False, False]
    assert [cell.text for cell in table.rows[1]] == ["规章", "1", "2", "3"]
    assert all(cell.box is not None for row in table.rows for cell in row)


def test_the_least_certain_character_counts() -> None:
    runs = [*words("12", 63, 103, confidence=0.97), *words("3", 73, 103, confidence=0.6), *words("x", 203, 103)]
    page = Sheet(1, 595, HIGH, tuple(runs), tuple(grid((60, 200, 300, 400), (100, 120))), recognised=True)
    (table,), _ = arrange([page])
    assert isinstance(table, Table)
    assert [cell.confidence for cell in table.rows[0]] == [0.6, 1.0, 0.5]  # a blank in a picture is not certain


def test_a_figure_that_runs_over_a_border_belongs_to_no_cell() -> None:
    table = drawn([HEAD, ["规章", "", "", "3"]], 100)
    found = arrange([sheet([*table.runs, *words("1234567", 280, 123)], table.rules)])
    assert kinds(found) == ["text_across_rule"]
    assert texts(found)[0][1] == ["规章", "1234567", "«", "3"]


def test_a_border_between_two_digits_of_one_word() -> None:
    """The border falls exactly between the characters: still one word, and two cells of doubt."""
    table = drawn([HEAD, ["规章", "", "", "3"]], 100)
    found = arrange([sheet([*table.runs, *words("1234567", 280, 123)[:4], *words("567", 300, 123)], table.rules)])
    assert kinds(found) == ["text_across_rule"]
    assert texts(found)[0][1] == ["规章", "1234567", "«", "3"]


def test_text_off_its_lines_is_no_table() -> None:
    """A text layer that was laid over the lines half a column away: what fits a cell may fit the wrong one."""
    table = drawn([HEAD, RULES, NORMS, ["其他", "1234567", "1234567", "1234567"]] * 2, 100)
    moved = [Run(run.text, run.left + 75, run.top, run.right + 75, run.bottom) for run in table.runs]
    found = arrange([sheet(moved, table.rules)])
    assert kinds(found) == ["text_off_rules"]
    assert all(isinstance(block, Paragraph) for block in found[0])


def test_a_figure_that_sticks_out_of_the_table_stays_whole() -> None:
    table = drawn([HEAD, ["规章", "1", "2", ""]], 100)
    assert texts(arrange([sheet([*table.runs, *words("1234567", 515, 123)], table.rules)]))[0][1][3] == "1234567"
    table = drawn([["", *HEAD[1:]], ["", "1", "2", "3"]], 100)
    assert texts(arrange([sheet([*table.runs, *words("1234567", 40, 123)], table.rules)]))[0][1][0] == "1234567"


@pytest.mark.parametrize("missing", [(), ("top",), ("bottom",)])
def test_a_table_over_two_pages_is_one(missing: tuple[str, ...]) -> None:
    """Whatever border the page break left out: two rows with labels and figures are two rows."""
    first = drawn([HEAD, RULES], 780 - 40, 1, missing=tuple(side for side in missing if side == "bottom"))
    second = drawn([NORMS, ["其他", "7", "8", "9"]], 60, 2, missing=tuple(side for side in missing if side == "top"))
    found = arrange([first, second])
    assert texts(found) == [[HEAD, RULES, NORMS, ["其他", "7", "8", "9"]]]
    assert kinds(found) == []
    table = found[0][0]
    assert isinstance(table, Table)
    assert [row[0].box.page for row in table.rows if row[0].box] == [1, 1, 2, 2]


def test_page_numbers_and_running_heads_do_not_part_a_table() -> None:
    first, second = drawn([HEAD, RULES], 740, 1), drawn([NORMS], 60, 2)
    pages = [
        sheet([*words("示例市年报", 60, 30), *page.runs, *words(f"- {number} -", 280, 810)], page.rules, number)
        for number, page in enumerate((first, second), start=1)
    ]
    assert texts(arrange(pages)) == [[HEAD, RULES, NORMS]]


def test_text_between_two_tables_parts_them() -> None:
    first, second = drawn([HEAD, RULES], 700, 1), drawn([NORMS], 100, 2)
    second = sheet([*words("（续表见下）", 60, 60), *second.runs], second.rules, 2)
    assert texts(arrange([first, second])) == [[HEAD, RULES], "（续表见下）", [NORMS]]


def test_other_columns_are_another_table() -> None:
    other = sheet(filled([["甲", "乙"]], (60, 250), (60,)), grid((60, 250, 530), (60, 80)), 2)
    assert len(arrange([drawn([HEAD, RULES], 700), other])[0]) == 2


def test_a_repeated_header_stays_as_rows() -> None:
    found = arrange([drawn([HEAD, RULES], 700), drawn([HEAD, NORMS], 60, 2)])
    assert texts(found) == [[HEAD, RULES, HEAD, NORMS]]


def test_a_row_cut_by_the_page_is_one_row() -> None:
    """The label fills its line and goes on; the figures stand in one of the halves."""
    label, rest = "二、示例的标签第一行很长", "其余部分"
    first = drawn([HEAD, [label, "1", "2", "3"]], 740, 1)
    second = drawn([[rest, "", "", ""], NORMS], 60, 2)
    assert texts(arrange([first, second])) == [[HEAD, [f"{label}\n{rest}", "1", "2", "3"], NORMS]]
    first = drawn([HEAD, [label, "", "", ""]], 740, 1)
    second = drawn([[rest, "1", "2", "3"], NORMS], 60, 2)
    assert texts(arrange([first, second])) == [[HEAD, [f"{label}\n{rest}", "1", "2", "3"], NORMS]]


def test_a_label_above_and_its_figures_below_the_page_break() -> None:
    found = arrange([drawn([HEAD, ["规章", "", "", ""]], 740), drawn([["", "1", "2", "3"], NORMS], 60, 2)])
    assert texts(found) == [[HEAD, RULES, NORMS]]


def test_a_figure_cut_by_the_page_is_never_half_a_figure() -> None:
    """Digits above and below the break and no second label: one cell with two lines, which no reader believes."""
    found = arrange([drawn([HEAD, ["规章", "12", "2", "3"]], 740), drawn([["", "34", "", ""], NORMS], 60, 2)])
    assert texts(found) == [[HEAD, ["规章", "12\n34", "2", "3"], NORMS]]


def test_an_open_row_with_the_rest_of_its_label() -> None:
    """No border at the break and a label that does not end: the drawing says that it is one row."""
    first = drawn([HEAD, ["行政规范", "4", "5", "6"]], 740, 1, missing=("bottom",))
    second = drawn([["性文件", "", "", ""], RULES], 60, 2)
    assert texts(arrange([first, second])) == [[HEAD, ["行政规范\n性文件", "4", "5", "6"], RULES]]


def test_an_unfilled_row_after_the_page_break_stays_a_row() -> None:
    found = arrange([drawn([HEAD, RULES], 740), drawn([["行政规范性文件", "", "", ""]], 60, 2)])
    assert texts(found) == [[HEAD, RULES, ["行政规范性文件", "", "", ""]]]


def group(label: str, rows: list[list[str]], top: float, number: int) -> Sheet:
    """A part of a table whose first cell covers all of its rows."""
    edges = ys(top, len(rows))
    rules = [
        *(level(y, 60, 530) for y in (edges[0], edges[-1])),
        *(level(y, 200, 530) for y in edges[1:-1]),
        *(upright(x, edges[0], edges[-1]) for x in XS),
    ]
    return sheet([*words(label, 63, top + 3), *filled(rows, XS[1:], edges)], rules, number)


def test_a_cell_over_rows_of_both_pages() -> None:
    one, two = ["1", "2", "3"], ["4", "5", "6"]
    found = arrange([group("（三）不予公开", [one, two], 700, 1), group("", [one, two, two], 60, 2)])
    (table,) = found[0]
    assert isinstance(table, Table)
    assert [row[0].text for row in table.rows] == ["（三）不予公开"] * 5
    assert [row[0].repeated for row in table.rows] == [False, True, True, True, True]
    assert table.rows[0][0].rows == 5


def test_the_next_group_is_not_the_rest_of_the_last() -> None:
    one, two = ["1", "2", "3"], ["4", "5", "6"]
    pages = [group("（三）不予公开的各种情形", [one, two], 700, 1), group("（四）无法提供", [one, two], 60, 2)]
    (table,) = arrange(pages)[0]
    assert isinstance(table, Table)
    assert [row[0].text for row in table.rows] == ["（三）不予公开的各种情形"] * 2 + ["（四）无法提供"] * 2
    assert [row[0].rows for row in table.rows if not row[0].repeated] == [2, 2]


def test_a_table_in_a_frame_is_read_and_the_frame_is_not() -> None:
    table = drawn([HEAD, RULES], 100)
    frame = grid((40, 550), (50, 90, 800))
    found = arrange([sheet([*words("标题", 60, 60), *table.runs], [*table.rules, *frame])])
    assert texts(found) == ["标题", [HEAD, RULES]]


def test_columns_without_lines() -> None:
    rows = [HEAD, RULES, NORMS]
    (table,), issues = arrange([sheet(filled(rows, XS, (100, 120, 140)))])
    assert isinstance(table, Table) and not table.spans_known and issues == ()
    assert [[cell.text for cell in row] for row in table.rows] == rows


def test_a_blank_in_columns_without_lines_keeps_its_place() -> None:
    rows = [HEAD, RULES, ["行政规范性文件", "4", "", "6"]]
    (table,), _ = arrange([sheet(filled(rows, XS, (100, 120, 140)))])
    assert isinstance(table, Table)
    assert [cell.text for cell in table.rows[2]] == rows[2]


def test_columns_that_overlap_are_text() -> None:
    runs = [*filled([HEAD, RULES], XS, (100, 120)), *words("甲", 60, 143), *words("1", 290, 143), *words("2", 305, 143)]
    runs += [*words("9", 420, 143)]
    found = arrange([sheet(runs)])
    assert all(isinstance(block, Paragraph) for block in found[0]) or not any(
        block.spans_known for block in found[0] if isinstance(block, Table)
    )


def test_level_lines_alone_hold_rows_of_several_lines() -> None:
    rules = [level(y, 60, 530) for y in (100, 120, 150, 170)]
    runs = [
        *filled([HEAD], XS, (100,)),
        *words("行政规范", 63, 123),
        *words("性文件", 63, 136),
        *filled([["", "4", "5", "6"]], XS, (129,)),
        *filled([RULES], XS, (150,)),
    ]
    (table,), _ = arrange([sheet(runs, rules)])
    assert isinstance(table, Table) and not table.spans_known
    assert [cell.text for cell in table.rows[1]] == ["行政规范\n性文件", "4", "5", "6"]


LINE = "示例单位按照条例要求开展工作机关和数字均为虚构没有任何真实单位在内本行写满整个版面的宽度为止"


def test_lines_become_paragraphs() -> None:
    """The second line begins at the margin, the third is indented: a new paragraph."""
    runs = [
        *words(LINE[:43], 90, 100),
        *words("全年共收到申请12件。" + LINE[:10], 70, 118),
        *words("统计期限为全年。", 90, 136),
    ]
    found = arrange([sheet(runs)])
    assert texts(found) == [LINE[:43] + "全年共收到申请12件。" + LINE[:10], "统计期限为全年。"]
    first = found[0][0]
    assert isinstance(first, Paragraph) and first.page == 1 and first.box is not None


def test_a_paragraph_over_the_page_break() -> None:
    first = sheet([*words(LINE[:43], 90, 780)])
    second = sheet([*words("续完。", 70, 60), *words("下一段。", 90, 78)], number=2)
    assert texts(arrange([first, second])) == [LINE[:43] + "续完。", "下一段。"]


def test_headings() -> None:
    runs = [
        *words("示例市某某局年度报告", 150, 60, size=20),
        *words("一、总体情况", 90, 100),
        *words(LINE[:30], 90, 120),
    ]
    found = arrange([sheet(runs)])[0]
    assert [block.heading for block in found if isinstance(block, Paragraph)] == [True, True, False]


def test_a_full_title_goes_on_in_the_next_line() -> None:
    title = "示例市第一行政服务局二〇二二年政府信息公开工作年度"
    runs = [*words(title, 72, 60, size=18), *words("报告", 280, 86, size=18), *words(LINE[:43], 92, 130)]
    assert texts(arrange([sheet(runs)]))[0] == title + "报告"


def test_page_numbers_fall_out() -> None:
    pages = [
        sheet([*words(f"第{number}部分的文字。", 90, 100), *words(f"第 {number} 页 共 2 页", 260, 800)], number=number)
        for number in (1, 2)
    ]
    assert texts(arrange(pages)) == ["第1部分的文字。", "第2部分的文字。"]


def test_bounds_are_said() -> None:
    crowded = sheet([Run("1", 10, 10, 15, 20)] * (MAX_RUNS + 1))
    assert kinds(arrange([crowded])) == ["page_too_big"]
    lined = sheet(words("文字", 60, 60), [level(0.01 * number, 10, 200) for number in range(70_000)])
    assert kinds(arrange([lined])) == ["too_many_rules"]
    assert texts(arrange([lined])) == ["文字"]


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 7), st.integers(2, 9), st.integers(0, 10**6))
def test_any_table_in_any_size_and_order_is_read_cell_by_cell(columns: int, rows: int, seed: int) -> None:
    """Figures of all lengths in ruled cells, drawn in any order, cut into any pieces."""
    chance = random.Random(seed)
    size = chance.uniform(5, 14)
    xs = [40.0]
    for _ in range(columns):
        xs.append(xs[-1] + chance.uniform(4.5, 7) * size)
    edges = [50.0]
    for _ in range(rows):
        edges.append(edges[-1] + chance.uniform(1.4, 3) * size)
    wanted = [[str(chance.randrange(10 ** chance.randrange(1, 7))) for _ in range(columns)] for _ in range(rows)]
    runs = [
        run
        for row, top, bottom in zip(wanted, edges, edges[1:], strict=False)
        for text, left, right in zip(row, xs, xs[1:], strict=False)
        for run in words(
            text,
            chance.uniform(left + 1, right - 1 - len(text) * size / 2),
            chance.uniform(top, bottom - size),
            size,
        )
    ]
    chance.shuffle(runs)
    rules: list[Rule] = grid(xs, edges)
    chance.shuffle(rules)
    found = arrange([sheet(runs, rules)])
    assert texts(found) == [wanted]
    assert kinds(found) == []
