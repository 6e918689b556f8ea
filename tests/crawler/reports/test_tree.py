"""The statistics annex in the layouts that agencies publish: read exactly, or open with the reason.

Long, because it is a list: one short test for each layout.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from html import escape

import pytest

from crawler.model import CellState
from tests.crawler.reports.annexes import (
    CODES,
    Item,
    changed,
    items,
    kinds,
    official,
    parse,
    parse_text,
    read,
    table,
    values,
    without,
    wrong,
)
from tests.golden.pages import form_html

VALUES = values()
LINES = items(VALUES)
REVIEW = "四、行政复议数量"
LITIGATION = "五、行政诉讼数量"


def indented(lines: Sequence[Item]) -> str:
    return table([("&#160;&#12288;" * item.level + item.label, item.unit, item.value) for item in lines]).replace(
        "&amp;", "&"
    )


def value_before_unit(lines: Sequence[Item]) -> str:
    return table([(item.label, item.value, item.unit) for item in lines], ("统计指标", "统计数", "单位"))


def without_a_header(lines: Sequence[Item]) -> str:
    return table([item.cells for item in lines], ())


def units_in_the_labels(lines: Sequence[Item]) -> str:
    rows = [(f"{item.label}（单位：{item.unit}）" if item.code else item.label, item.value) for item in lines]
    return table(rows, ("统计指标", "统计数"))


def units_beside_the_numbers(lines: Sequence[Item]) -> str:
    rows = [(item.label, item.value + item.unit if item.value else "") for item in lines]
    return table(rows, ("统计指标", "统计数"))


def numbers_in_the_labels(lines: Sequence[Item]) -> str:
    return table(
        [(f"{item.label}：{item.value + item.unit if item.value else '无'}",) for item in lines], ("统计指标",)
    )


def numbered(lines: Sequence[Item]) -> str:
    head = ("序号", "统计指标", "单位", "代码", "统计数", "备注")
    rows = [
        (str(number), item.label, item.unit, f"{number:02}", item.value, "") for number, item in enumerate(lines, 1)
    ]
    return table(rows, head)


def remarks_behind(lines: Sequence[Item]) -> str:
    rows = [(*item.cells, "见附件2" if number % 7 == 0 else "") for number, item in enumerate(lines)]
    return table(rows, ("统计指标", "单位", "统计数", "备注"))


def side_by_side(lines: Sequence[Item]) -> str:
    half = (len(lines) + 1) // 2
    right = [*(item.cells for item in lines[half:]), *[("", "", "")] * (2 * half - len(lines))]
    return table(
        [(*left.cells, *cells) for left, cells in zip(lines[:half], right, strict=True)],
        ("统计指标", "单位", "统计数") * 2,
    )


def columns_of_labels(lines: Sequence[Item]) -> str:
    """One column for each depth of the tree, the label in its own, the rest empty."""
    rows = [[*[""] * item.level, item.label, *[""] * (3 - item.level), item.unit, item.value] for item in lines]
    return table(rows, ("统计指标", "", "", "", "单位", "统计数"))


def labels_over_the_units(lines: Sequence[Item]) -> str:
    """The headings reach over the whole row; a number with its unit fills both of its cells."""
    rows = ['<tr><td colspan="3">政府信息公开情况统计表（2017年度）</td></tr>']
    for item in lines:
        if not item.code:
            rows.append(f'<tr><td colspan="3">{escape(item.label)}</td></tr>')
        elif item.level == 1:
            text = item.value + item.unit if item.value else ""
            rows.append(f'<tr><td>{escape(item.label)}</td><td colspan="2">{text}</td></tr>')
        else:
            rows.append("<tr>" + "".join(f"<td>{escape(text)}</td>" for text in item.cells) + "</tr>")
    return f"<table>{''.join(rows)}</table>"


def units_over_several_rows(lines: Sequence[Item]) -> str:
    """One cell for the unit of rows that follow each other with the same unit."""
    rows = []
    for number, item in enumerate(lines):
        if number and lines[number - 1].unit == item.unit:
            unit = ""
        else:
            alike = next(
                (more for more, other in enumerate(lines[number:]) if other.unit != item.unit), len(lines) - number
            )
            unit = f'<td rowspan="{alike}">{item.unit}</td>'
        rows.append(f"<tr><td>{escape(item.label)}</td>{unit}<td>{item.value}</td></tr>")
    return f"<table><tr><td>统计指标</td><td>单位</td><td>统计数</td></tr>{''.join(rows)}</table>"


def over_two_pages(lines: Sequence[Item]) -> str:
    return official(lines[:30]) + "<p>第2页</p>" + official(lines[30:])


def notes_in_rows_of_their_own(lines: Sequence[Item]) -> str:
    rows: list[tuple[str, ...]] = []
    for item in lines:
        label, bracket, note = item.label.partition("（不同")
        rows.append((label, item.unit, item.value))
        if bracket:
            rows.append((bracket + note, "", ""))
    return table(rows)


def without_headings(lines: Sequence[Item]) -> str:
    return official([item for item in lines if item.code])


def other_marks(lines: Sequence[Item]) -> str:
    rows = []
    for item in lines:
        label = (
            item.label.replace("（", "(")
            .replace("）", ")")
            .replace("其中：", "其中: ")
            .replace("《条例》", "《 条例》")
        )
        rows.append(("\n".join(label), item.unit.replace("——", "-"), f"  {item.value}  " if item.value else "—"))
    return table(rows, ("统 计 指 标", "单 位", "统 计 数"))


def lines_of_text(lines: Sequence[Item]) -> str:
    return "".join(f"<p>{item.label}　{item.unit}　{item.value or '—'}</p>" for item in lines)


def sentences(lines: Sequence[Item]) -> str:
    return "".join(
        f"<p>{item.label}：{item.value + item.unit if item.value else '无'}</p>" for item in lines if item.code
    )


LAYOUTS: tuple[Callable[[Sequence[Item]], str], ...] = (
    official,
    indented,
    value_before_unit,
    without_a_header,
    units_in_the_labels,
    units_beside_the_numbers,
    numbers_in_the_labels,
    numbered,
    remarks_behind,
    side_by_side,
    columns_of_labels,
    labels_over_the_units,
    units_over_several_rows,
    over_two_pages,
    notes_in_rows_of_their_own,
    other_marks,
    lines_of_text,
)


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_every_layout_is_read_exactly(layout: Callable[[Sequence[Item]], str], seed: int) -> None:
    known = values(seed)
    report = parse(layout(items(known)))
    assert report.template == "2014"
    assert read(report) == known
    assert report.issues == ()
    assert [identity.identity for identity in report.identities if not identity.holds] == []


def test_a_text_dump_with_tabs() -> None:
    text = "\n".join("\t".join(item.cells) for item in [Item("", 0, "统计指标", "单位", "统计数"), *LINES])
    assert read(parse_text(text)) == VALUES


def test_without_the_headings_only_what_stands_in_two_branches_needs_them() -> None:
    report = parse(without_headings(LINES))
    assert read(report) == VALUES  # 四 and 五 have values of their own and are there
    report = parse(sentences(without(LINES, LITIGATION)))
    left = {code: state for code, state in read(report).items() if state != VALUES[code]}
    assert left == {
        "annex.review.corrected": "open",
        "annex.review.other": "open",
        "annex.litigation.total": "absent",
        "annex.litigation.corrected": "open",
        "annex.litigation.other": "open",
    }
    assert kinds(report) == {"row_out_of_place"}


def test_money_without_a_unit_stays_open() -> None:
    lines = changed(LINES, "annex.fees.collected", value="3")
    report = parse(table([(item.label, item.value) for item in lines], ("统计指标", "统计数")))
    facts = {fact.code: fact for fact in report.facts}
    assert facts["annex.fees.collected"].state is CellState.OPEN
    assert facts["annex.requests.received"].value == VALUES["annex.requests.received"]
    assert "unit_open" in kinds(report)


@pytest.mark.parametrize(
    ("unit", "value", "yuan"),
    [
        ("万元", "0.35", 3500),
        ("元", "3500", 3500),
        ("", "0.35万元", 3500),
        ("万元", "0", 0),
        ("", "0", 0),
        ("——", "0", 0),
    ],
)
def test_money_is_kept_in_yuan(unit: str, value: str, yuan: int) -> None:
    report = parse(official(changed(LINES, "annex.fees.collected", unit=unit, value=value)))
    assert read(report)["annex.fees.collected"] == Decimal(yuan)


@pytest.mark.parametrize(
    ("field", "text", "state", "kind"),
    [
        ("value", "12（含转办2件）", "unreadable", "unreadable_cell"),
        ("value", "-3", "unreadable", "unreadable_cell"),
        ("value", "12 13", "unreadable", "unreadable_cell"),
        ("value", "1.5", "unreadable", "unreadable_cell"),
        ("unit", "万元", "open", "unit_open"),
    ],
)
def test_what_is_no_count_is_said(field: str, text: str, state: str, kind: str) -> None:
    code = "annex.requests.received.fax"
    report = parse(official(changed(LINES, code, **{"value": "7", field: text})))
    assert read(report) == {**VALUES, code: state}
    assert kinds(report) == {kind}


@pytest.mark.parametrize("text", ["7份", "7 件", "７", "7件（次）"])
def test_units_beside_a_number(text: str) -> None:
    report = parse(official(changed(LINES, "annex.requests.received.fax", value=text)))
    expected = "unreadable" if "次" in text else Decimal(7)
    assert read(report)["annex.requests.received.fax"] == expected


def test_every_fact_has_its_place() -> None:
    facts = {fact.code: fact for fact in parse(official(LINES)).facts}
    place = facts["annex.litigation.corrected"].place
    assert place is not None
    number = next(number for number, item in enumerate(LINES, 2) if item.code == "annex.litigation.corrected")
    assert (place.table, place.row, place.column) == (1, number, 3)
    assert (place.row_label, place.column_label) == ("五、行政诉讼数量／（二）被依法纠错数", "统计数")


def test_who_filled_it_in_is_nowhere() -> None:
    rows = [
        *(item.cells for item in LINES),
        ("单位负责人：示例甲", "审核人：示例乙", "填报人：示例丙"),
        ("联系电话：00000000", "", "2018-01-10"),
    ]
    report = parse(table(rows))
    assert read(report) == VALUES
    assert report.issues == ()


# Doubts ---------------------------------------------------------------------------------------------------------


def test_two_annexes_leave_everything_open() -> None:
    report = parse(official(LINES) + "<p>附表二</p>" + official(items(values(3))))
    assert set(read(report).values()) == {"open"}
    assert kinds(report) == {"several_annexes"}


def test_the_annex_of_another_office_is_not_the_reports() -> None:
    report = parse(official(LINES) + "<p>示例街道办事处</p>" + official(items(values(3))))
    assert read(report) == VALUES
    assert kinds(report) == {"two_reports"}
    report = parse("<p>示例街道办事处</p>" + official(LINES))
    assert set(read(report).values()) == {"open"}


def test_two_annexes_as_text_leave_everything_open() -> None:
    prose = "<p>以下为下属单位。</p>" * 3
    report = parse(lines_of_text(LINES) + prose + lines_of_text(items(values(3))))
    assert set(read(report).values()) == {"open"}
    assert kinds(report) == {"several_annexes"}


def test_two_annexes_in_one_table_leave_everything_open() -> None:
    report = parse(table([item.cells for item in [*LINES, *items(values(3))]]))
    assert set(read(report).values()) == {"open"}


@pytest.mark.parametrize(
    "head", [("统计指标", "单位", "2016年", "2017年"), ("统计指标", "单位", "统计数", "统计数"), ()]
)
def test_two_columns_of_values_leave_everything_open(head: tuple[str, ...]) -> None:
    other = items(values(4))
    report = parse(table([(*item.cells, more.value) for item, more in zip(LINES, other, strict=True)], head))
    assert set(read(report).values()) == {"open"}
    assert len(report.issues) == 1


def test_two_columns_of_which_each_row_fills_one() -> None:
    rows = [
        (item.label, item.unit, *((item.value, "") if number % 2 else ("", item.value)))
        for number, item in enumerate(LINES)
    ]
    assert set(read(parse(table(rows, ()))).values()) == {"open"}


def test_a_row_in_another_branch_is_open() -> None:
    moved = next(item for item in LINES if item.code == "annex.requests.received.fax")
    lines = [item for item in LINES if item is not moved]
    lines.insert(3, moved)
    report = parse(official(lines))
    assert read(report) == {**VALUES, moved.code: "open"}
    assert kinds(report) == {"row_out_of_place"}


def test_a_row_moved_to_where_its_label_also_stands_is_open_in_both() -> None:
    moved = next(item for item in LINES if item.code == "annex.review.corrected")
    lines = [item for item in LINES if item is not moved]
    lines.insert(next(number for number, item in enumerate(lines) if item.label == LITIGATION) + 2, moved)
    report = parse(official(lines))
    assert read(report) == {**VALUES, moved.code: "open", "annex.litigation.corrected": "open"}
    assert kinds(report) == {"duplicate_row"}


def test_a_label_that_stands_twice_is_open() -> None:
    doubled = next(item for item in LINES if item.code == "annex.complaints.total")
    report = parse(official([*LINES, doubled]))
    assert read(report) == {**VALUES, doubled.code: "open"}
    assert kinds(report) == {"duplicate_row"}


def test_an_unknown_row_is_reported_and_may_be_what_is_missing() -> None:
    lines = changed(LINES, "annex.requests.received.online", label="3.互联网平台申请总数")
    report = parse(official(lines))
    assert read(report) == {**VALUES, "annex.requests.received.online": "open"}
    (issue,) = report.issues
    assert (issue.kind, "互联网平台申请总数" in issue.message) == ("unknown_row", True)


def test_an_unknown_heading_ends_the_branch_before_it() -> None:
    """五 in words that the form does not know: what follows is not of 四."""
    lines = without(LINES, "（二）被依法纠错数")
    report = parse(official(changed(lines, "annex.litigation.total", label="五、诉讼案件情况")))
    got = read(report)
    assert got["annex.review.total"] == VALUES["annex.review.total"]
    assert [got[f"annex.{name}"] for name in ("litigation.total", "review.other", "litigation.other")] == ["open"] * 3
    assert wrong(report, VALUES) == {}


def test_a_number_over_several_rows_belongs_to_none() -> None:
    markup = official(LINES).replace(
        f"<td>{LINES[6].value}</td></tr>", f'<td rowspan="2">{LINES[6].value}</td></tr>', 1
    )
    report = parse(markup)
    assert wrong(report, VALUES) == {}
    assert "merged_cells" in kinds(report)


def test_a_line_without_its_number_is_open_and_no_blank() -> None:
    code = "annex.requests.received.fax"
    lines = [
        f"<p>{item.label}　{item.unit}{'' if item.code == code else '　' + (item.value or '—')}</p>" for item in LINES
    ]
    report = parse("".join(lines))
    assert read(report) == {**VALUES, code: "open"}
    assert kinds(report) == {"no_value"}


def test_a_missing_row_is_absent() -> None:
    report = parse(official([item for item in LINES if item.code != "annex.complaints.total"]))
    assert read(report) == {**VALUES, "annex.complaints.total": "absent"}


def test_an_indicator_that_stands_outside_the_annex_is_open() -> None:
    report = parse(
        official([item for item in LINES if item.code != "annex.complaints.total"]) + "<p>六、举报投诉数量 3件</p>"
    )
    assert read(report) == {**VALUES, "annex.complaints.total": "open"}
    assert kinds(report) == {"labels_outside_table"}


def test_numbers_left_of_the_labels_without_a_header_are_not_passed_over() -> None:
    rows = [(str(number), *item.cells) for number, item in enumerate(LINES)]
    report = parse(table(rows, ()))
    assert set(read(report).values()) == {"open"}


# Which form -----------------------------------------------------------------------------------------------------


def test_prose_with_the_headings_of_the_annex_is_no_annex() -> None:
    prose = "".join(f"<p>{item.label}</p><p>这方面的工作按要求开展。</p>" for item in LINES)
    report = parse(prose)
    assert (report.template, report.facts) == ("2008", ())


def test_a_report_keeps_its_sentences_beside_the_annex() -> None:
    report = parse("<p>2017年，本机关共收到政府信息公开申请4件。</p>" + official(LINES))
    assert [(statement.key, statement.value) for statement in report.statements] == [("requests_received", Decimal(4))]
    assert "no_tables" not in kinds(report)


def test_an_annex_is_no_form_of_later_years() -> None:
    report = parse(official(LINES), "示例市示例局2020年政府信息公开工作年度报告")
    assert report.template == "2014"
    assert kinds(report) == {"no_tables", "form_of_other_years"}


def test_an_annex_beside_statutory_tables_is_reported_and_not_read() -> None:
    report = parse(form_html("2021", {"requests.received.total": 3}) + official(LINES))
    assert report.template == "2021"
    assert "annex_unread" in kinds(report)
    assert not any(fact.code in CODES for fact in report.facts)


def test_an_annex_alone_is_no_report() -> None:
    """A quarterly table on the same column is not the annual report that somebody waits for."""
    report = parse(official(LINES), "示例市示例局2017年第三季度政府信息公开情况统计表")
    assert (report.is_report, report.template) == (False, "2014")
    assert read(report) == VALUES
