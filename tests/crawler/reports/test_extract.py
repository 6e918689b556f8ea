"""What tables may do to a reader: reordered, doubled, hidden, transposed, torn. Doubt is open, never a wrong number.

Long, because it is a list: one short test for each thing that tables do.
"""

import re
from collections.abc import Callable
from decimal import Decimal

import pytest

from crawler import formats, reports
from crawler.model import CellState, Fact, ParsedReport
from crawler.reports import templates
from tests.golden.pages import form_html

CODES = [cell.code for cell in templates.load()["2021"].cells()]
VALUES = {code: number for number, code in enumerate(CODES, start=1000)}
VALUES["proactive.fees.amount"] = 5637500
FORM = form_html("2021", VALUES)


def parse(body: str) -> ParsedReport:
    return reports.parse(formats.read(f"<html><body>{body}</body></html>".encode()))


def facts(report: ParsedReport) -> dict[str, Fact]:
    return {fact.code: fact for fact in report.facts}


def kinds(report: ParsedReport) -> set[str]:
    return {issue.kind for issue in report.issues}


def states(report: ParsedReport, start: str) -> set[CellState]:
    """The states of all facts whose code begins so."""
    found = {fact.state for fact in report.facts if fact.code.startswith(start)}
    assert found
    return found


def assert_no_wrong_number(report: ParsedReport) -> None:
    wrong = {
        fact.code: (fact.value, VALUES.get(fact.code))
        for fact in report.facts
        if fact.value is not None and fact.value != VALUES.get(fact.code)
    }
    assert wrong == {}


def rows_of(table: int) -> list[str]:
    return re.findall(r"<tr>.*?</tr>", FORM.split("<table>")[table])


def replaced(old: str, new: str, source: str = FORM) -> str:
    assert source.count(old) == 1
    return source.replace(old, new)


def test_the_form_as_it_is() -> None:
    report = parse(FORM)
    assert {fact.code: fact.value for fact in report.facts} == {code: Decimal(value) for code, value in VALUES.items()}
    assert kinds(report) == set()
    assert report.template == "2021"


def test_place_counts_as_a_person_counts() -> None:
    place = facts(parse(FORM))["requests.refused.third_party.research"].place
    assert place is not None
    assert (place.table, place.row, place.column) == (2, 11, 6)
    assert place.row_label == "三、本年度办理结果／（三）不予公开／4.保护第三方合法权益"
    assert place.column_label == "法人或其他组织／科研机构"


def test_reordered_rows_keep_their_numbers() -> None:
    rows = rows_of(1)
    body = FORM.replace(rows[2] + "\n" + rows[3], rows[3] + "\n" + rows[2])
    assert body != FORM
    report = parse(body)
    assert_no_wrong_number(report)
    assert states(report, "proactive") == {CellState.NUMBER}


def test_reordered_columns_keep_their_numbers() -> None:
    body = FORM.replace("<td>商业企业</td><td>科研机构</td>", "<td>科研机构</td><td>商业企业</td>")
    report = parse(body)
    found = facts(report)
    assert found["requests.received.research"].value == VALUES["requests.received.company"]
    assert found["requests.received.company"].value == VALUES["requests.received.research"]


def sums() -> dict[str, int]:
    """Values of table three whose rows add up, no two columns alike."""
    found = dict(VALUES)
    block = next(block for block in templates.load()["2021"].blocks if block.section == "三")
    for number, row in enumerate(block.rows):
        parts = [number % (5 + place) for place in range(6)]
        found.update(zip([block.code(row, column) for column in block.columns], [*parts, sum(parts)], strict=True))
    return found


def widened(values: dict[str, int], label: str, figure: str, *, at: int = -1) -> str:
    """Table three with one column more: its label before 总计, its figures before the cell `at` from the end."""

    def wider(match: re.Match[str]) -> str:
        cells = re.findall(r"<td.*?</td>", match[0])
        if "申请人情况" in match[0]:
            return match[0].replace('colspan="7"', 'colspan="8"')
        if "自然人" in match[0]:
            return match[0].replace('<td rowspan="2">总计', f'<td rowspan="2">{label}</td><td rowspan="2">总计')
        if "商业企业" in match[0]:
            return match[0]
        return "<tr>" + "".join([*cells[:at], f"<td>{figure}</td>", *cells[at:]]) + "</tr>"

    two, three, four = form_html("2021", values).split("</table>")[:3]
    return "</table>".join([two, re.sub(r"<tr>.*?</tr>", wider, three), four]) + "</table>"


@pytest.mark.parametrize("figure", ["77", "0", "", "见附件"])
def test_a_column_more_is_reported_and_the_others_are_read_where_the_sums_say_so(figure: str) -> None:
    values = sums()
    report = parse(widened(values, "外籍", figure))
    if figure == "见附件":  # no row of figures is left that could say so
        assert states(report, "requests") == {CellState.OPEN}
        return
    assert kinds(report) == {"unknown_column"}
    assert {code: fact.value for code, fact in facts(report).items()} == values


@pytest.mark.parametrize("figure", ["77", "0", ""])
@pytest.mark.parametrize("at", [-2, -3, -6])
def test_a_column_more_at_two_places_is_open(figure: str, at: int) -> None:
    report = parse(widened(sums(), "外籍", figure, at=at))
    assert states(report, "requests") == {CellState.OPEN}
    assert "columns_in_doubt" in kinds(report)


def test_a_column_more_is_open_where_the_sums_do_not_hold() -> None:
    report = parse(widened(VALUES, "外籍", "77"))
    assert states(report, "requests") == {CellState.OPEN}
    assert states(report, "review") == {CellState.NUMBER}


def test_a_subtotal_is_known_and_checked() -> None:
    values = sums()
    wrong = parse(widened(values, "小计", "3"))
    assert kinds(wrong) == {"subtotal_differs"}
    assert {code: fact.value for code, fact in facts(wrong).items()} == values


@pytest.mark.parametrize("extra", ["小计", "（八）移送其他机关"])
def test_a_row_more_is_reported(extra: str) -> None:
    row = rows_of(2)[-1]
    report = parse(replaced(row, f'<tr><td colspan="3">{extra}</td>{"<td>77</td>" * 7}</tr>{row}'))
    assert kinds(report) == {"unknown_row"}
    assert_no_wrong_number(report)
    assert states(report, "requests") == {CellState.NUMBER}


def test_a_missing_row_is_absent() -> None:
    report = parse(replaced(rows_of(1)[3], ""))
    assert states(report, "proactive.normative_documents") == {CellState.ABSENT}
    assert states(report, "proactive.rules") == {CellState.NUMBER}


def test_a_row_with_an_unknown_name_may_be_the_missing_one() -> None:
    report = parse(replaced("<td>行政规范性文件</td>", "<td>规范性公文</td>"))
    assert states(report, "proactive.normative_documents") == {CellState.OPEN}
    assert kinds(report) == {"unknown_row"}


def test_a_missing_column_is_absent_and_an_unknown_one_may_be_it() -> None:
    gone = re.sub(r"<td>本年废止件数</td>", "", FORM)
    gone = gone.replace("<td>1001</td>", "").replace("<td>1004</td>", "").replace('colspan="4"', 'colspan="3"')
    gone = gone.replace('<td colspan="3">本年', '<td colspan="2">本年')
    gone = re.sub(r'(行政许可|行政处罚|行政强制|行政事业性收费)</td><td colspan="3">', r'\1</td><td colspan="2">', gone)
    assert facts(parse(gone))["proactive.rules.repealed"].state is CellState.ABSENT
    renamed = parse(replaced("本年废止件数", "本年失效件数"))
    assert facts(renamed)["proactive.rules.repealed"].state is CellState.OPEN
    assert facts(renamed)["proactive.rules.in_force"].state is CellState.NUMBER
    assert kinds(renamed) == {"unknown_column"}


def test_a_column_that_stands_twice_is_open_and_said_once() -> None:
    report = parse(replaced("<td>科研机构</td>", "<td>商业企业</td>"))
    assert facts(report)["requests.received.company"].state is CellState.OPEN
    assert facts(report)["requests.received.research"].state is CellState.OPEN
    assert [issue.kind for issue in report.issues] == ["duplicate_column"]
    assert_no_wrong_number(report)
    separate = parse(replaced("<td>法律服务机构</td>", "<td>商业企业</td>"))
    assert facts(separate)["requests.received.company"].state is CellState.OPEN
    assert [issue.kind for issue in separate.issues] == ["duplicate_column"]
    assert_no_wrong_number(separate)


def test_figures_in_a_column_without_a_label_are_reported() -> None:
    report = parse(replaced("<td>科研机构</td>", "<td></td>"))
    assert {fact.state for code, fact in facts(report).items() if code.endswith(".research")} == {CellState.ABSENT}
    assert kinds(report) == {"unused_cell"}
    assert_no_wrong_number(report)


def test_a_row_that_stands_twice_is_open() -> None:
    row = rows_of(2)[-1]
    report = parse(replaced(row, row + row.replace("1182", "5")))
    assert states(report, "requests.carried_out") == {CellState.OPEN}
    assert kinds(report) == {"duplicate_row"}
    assert states(report, "requests.carried_in") == {CellState.NUMBER}


def test_two_offices_on_one_page_are_open() -> None:
    other = form_html("2021", dict.fromkeys(CODES, 5))
    report = parse(FORM + other)
    assert {fact.state for fact in report.facts} == {CellState.OPEN}
    assert kinds(report) == {"duplicate_table"}


@pytest.mark.parametrize("hide", ["<!-- {} -->", "<div style='display:none'>{}</div>"])
def test_a_hidden_form_does_not_count(hide: str) -> None:
    report = parse(hide.format(form_html("2021", dict.fromkeys(CODES, 5))) + FORM)
    assert kinds(report) == set()
    assert states(report, "") == {CellState.NUMBER}
    assert_no_wrong_number(report)


def test_one_torn_row_is_open_the_others_are_read() -> None:
    report = parse(replaced(f"<td>{VALUES['requests.granted.research']}</td>", ""))
    assert states(report, "requests.granted") == {CellState.OPEN}
    assert kinds(report) == {"row_does_not_fit"}
    assert states(report, "requests.refused") == {CellState.NUMBER}
    assert_no_wrong_number(report)


@pytest.mark.parametrize(
    ("span", "lost"),
    [
        ('colspan="2"', {"requests.granted.research", "requests.granted.social_organisation"}),
        ('rowspan="2"', {"requests.granted.research", "requests.partly_granted.research"}),
    ],
)
def test_a_number_that_spans_two_cells_belongs_to_none(span: str, lost: set[str]) -> None:
    merged = f"<td>{VALUES['requests.granted.research']}</td>"
    body = replaced(merged, merged.replace("<td>", f"<td {span}>"))
    for code in lost - {"requests.granted.research"}:
        body = replaced(f"<td>{VALUES[code]}</td>", "", body)
    report = parse(body)
    assert {fact.code for fact in report.facts if fact.state is not CellState.NUMBER} == lost
    assert "merged_cells" in kinds(report)


def test_text_in_a_cell_is_unreadable_and_no_nought() -> None:
    report = parse(replaced(f"<td>{VALUES['requests.granted.research']}</td>", "<td>见附件</td>"))
    fact = facts(report)["requests.granted.research"]
    assert (fact.state, fact.value, fact.raw) == (CellState.UNREADABLE, None, "见附件")
    assert kinds(report) == {"unreadable_cell"}


def test_a_transposed_table_is_turned() -> None:
    transposed = (
        "<table><tr><td>信息内容</td><td>规章</td><td>行政规范性文件</td></tr>"
        "<tr><td>本年制发件数</td><td>1</td><td>2</td></tr>"
        "<tr><td>本年废止件数</td><td>3</td><td>4</td></tr>"
        "<tr><td>现行有效件数</td><td>5</td><td>6</td></tr></table>"
    )
    report = parse(transposed + replaced("\n".join(rows_of(1)[:4]), ""))
    found = facts(report)
    read = {code: found[f"proactive.{code}"].value for code in ("rules.issued", "rules.in_force")}
    assert read == {"rules.issued": 1, "rules.in_force": 5}
    assert found["proactive.normative_documents.repealed"].value == 4
    place = found["proactive.normative_documents.repealed"].place
    assert place is not None
    assert (place.row, place.column, place.row_label) == (3, 3, "行政规范性文件")
    assert states(report, "proactive.licences") == {CellState.NUMBER}
    assert kinds(report) == set()


def test_a_transposed_table_with_a_torn_row_is_open() -> None:
    torn = (
        "<table><tr><td>信息内容</td><td>规章</td><td>行政规范性文件</td></tr>"
        "<tr><td>本年制发件数</td><td>2</td></tr><tr><td>现行有效件数</td><td>5</td><td>6</td></tr></table>"
    )
    report = parse(torn + replaced("\n".join(rows_of(1)[:4]), ""))
    assert states(report, "proactive.rules") == {CellState.OPEN}


def test_second_half_of_a_table_without_header_is_open() -> None:
    rows = rows_of(2)
    cut = rows.index(next(row for row in rows if "（七）总计" in row))
    body = replaced(rows[cut], f"</table><p>续表</p><table>{rows[cut]}")
    report = parse(body)
    assert states(report, "requests.processed_total") == {CellState.OPEN}
    assert_no_wrong_number(report)


def test_second_half_of_a_table_without_header_is_read_where_every_row_adds_up() -> None:
    values = sums()
    table = form_html("2021", values)
    rows = re.findall(r"<tr>.*?</tr>", table.split("<table>")[2])
    cut = next(row for row in rows if "（四）无法提供" in row)
    report = parse(replaced(cut, f"</table><p>- 4 -</p><table>{cut}", table))
    assert {code: fact.value for code, fact in facts(report).items()} == values
    assert kinds(report) == {"continued"}


def test_the_second_half_of_a_table_with_its_own_header_is_read() -> None:
    rows = rows_of(2)
    body = replaced(rows[-1], "</table><table>" + "".join(rows[:3]) + rows[-1])
    report = parse(body)
    assert states(report, "requests") == {CellState.NUMBER}
    assert kinds(report) == set()


def test_tables_turned_into_text_are_open() -> None:
    two, three, four = FORM.split("</table>")[:3]
    text = re.sub(r"</?(?:table|tr)>", "", three).replace("<td", "<p").replace("</td>", "</p>")
    report = parse(f"{two}</table>{text}{four}</table>")
    assert states(report, "requests.refused") == {CellState.OPEN}
    assert states(report, "review") == {CellState.NUMBER}
    assert "labels_outside_table" in kinds(report)


def test_an_empty_form_is_blank_not_nought() -> None:
    report = parse(form_html("2021", {}))
    assert states(report, "") == {CellState.BLANK}
    assert all(identity.holds is None for identity in report.identities)


def test_money_without_a_unit_is_open() -> None:
    report = parse(replaced("（单位：万元）", ""))
    assert facts(report)["proactive.fees.amount"].state is CellState.OPEN
    assert kinds(report) == {"unit_open"}


def test_the_form_is_chosen_by_what_the_tables_say() -> None:
    body = "<h1>示例市某局2023年政府信息公开工作年度报告</h1>" + form_html("2019", {})
    report = parse(body)
    assert (report.year, report.template) == (2023, "2019")


def test_table_three_alone_tells_the_forms_apart() -> None:
    for key in ("2019", "2021"):
        three = form_html(key, {}).split("</table>")[1] + "</table>"
        assert parse(three).template == key


def test_labels_of_two_forms_are_reported() -> None:
    two_of_2019 = form_html("2019", {}).split("</table>")[0] + "</table>"
    report = parse(two_of_2019 + "</table>".join(FORM.split("</table>")[1:]))
    assert "mixed_templates" in kinds(report)
    assert_no_wrong_number(report)


def test_a_recent_report_without_tables_says_so() -> None:
    report = parse("<h1>示例市某局2023年政府信息公开工作年度报告</h1><p>见附件。</p>")
    assert (report.template, report.facts) == ("2008", ())
    assert kinds(report) == {"no_tables"}


def test_menus_are_no_tables() -> None:
    menu = "<table><tr><td>行政许可</td><td>行政处罚</td></tr><tr><td>规章</td><td>总计</td></tr></table>"
    report = parse(menu + FORM + menu)
    assert kinds(report) == set()
    assert_no_wrong_number(report)
    assert states(report, "") == {CellState.NUMBER}


def word_dump(change: Callable[[list[list[str]]], None], figures: dict[str, int] | None = None) -> ParsedReport:
    """Table three as Word's text: merged labels once, rows ragged."""
    figures = figures or sums()
    rows = [["（本列数据的勾稽关系为：…）", "申请人情况"], ["", "自然人", "法人或其他组织", "总计"]]
    rows[0][0] = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
    rows.append(["", "", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", ""])
    block = next(block for block in templates.load()["2021"].blocks if block.section == "三")
    for row in block.rows:
        values = [str(figures[block.code(row, column)]) for column in block.columns]
        rows.append([*[""] * (len(row.path) - 1), row.path[-1].text, *values])
    change(rows)
    lines = ["示例市某局2023年政府信息公开工作年度报告", ""]
    for cells in rows:
        lines += [*(f"\t{cell}" for cell in cells), ""]
    return reports.parse(formats.read("\n".join([*lines, "", "五、问题"]).encode()))


def test_ragged_rows_of_word_are_read_by_the_order_of_their_labels() -> None:
    report = word_dump(lambda rows: None)
    read = {code: fact.value for code, fact in facts(report).items() if code.startswith("requests")}
    assert read == {code: value for code, value in sums().items() if code.startswith("requests")}


def test_without_spans_a_table_whose_rows_do_not_add_up_is_open() -> None:
    """Some wrong sums are the report's; a table of them has its values in other columns than its labels say."""
    assert states(word_dump(lambda rows: None, VALUES), "requests") == {CellState.OPEN}
    two_wrong = sums() | {"requests.granted.total": 777, "requests.received.total": 778}
    report = word_dump(lambda rows: None, two_wrong)
    assert facts(report)["requests.granted.total"].value == 777
    assert states(report, "requests") == {CellState.NUMBER}


@pytest.mark.parametrize(("row", "cell"), [(2, 2), (2, 6), (3, 2), (3, 7), (10, 4)])
def test_without_spans_one_lost_cell_leaves_the_table_open(row: int, cell: int) -> None:
    def lose(rows: list[list[str]]) -> None:
        del rows[row][cell]

    report = word_dump(lose)
    numbers = {code: fact.value for code, fact in facts(report).items() if fact.state is CellState.NUMBER}
    assert {code for code in numbers if not code.endswith(".total")} == set(), "the sums prove the total at most"
    assert numbers == {code: sums()[code] for code in numbers}
    assert kinds(report) & {"row_does_not_fit", "lost_column"}


def test_a_lost_column_leaves_the_total_only_where_the_sums_prove_it() -> None:
    def lose(values: dict[str, int]) -> ParsedReport:
        def change(rows: list[list[str]]) -> None:
            block = next(block for block in templates.load()["2021"].blocks if block.section == "三")
            for cells, row in zip(rows[3:], block.rows, strict=True):
                kept = [values.get(block.code(row, column), 0) for column in block.columns if column.code != "research"]
                cells[-7:] = [str(value) for value in kept]

        return word_dump(change)

    sums = {"requests.received.natural_person": 3, "requests.received.company": 1, "requests.received.total": 4}
    sums |= {"requests.granted.natural_person": 4, "requests.granted.total": 4}
    sums |= {"requests.processed_total.natural_person": 4, "requests.processed_total.total": 4}
    proven = lose(sums)
    assert facts(proven)["requests.received.total"].value == 4
    assert facts(proven)["requests.received.company"].state is CellState.OPEN
    assert kinds(proven) == {"lost_column"}
    broken = lose(sums | {"requests.granted.total": 5})
    assert states(broken, "requests") == {CellState.OPEN}
    assert states(lose({}), "requests") == {CellState.OPEN}, "noughts prove no sum"


def test_what_a_cut_page_does_not_show_is_open_and_not_absent() -> None:
    assert CellState.ABSENT not in states(parse(FORM), "")
    cut = reports.parse(formats.read(f"<html><body>{FORM[: len(FORM) // 2]}".encode()))
    assert "cut_off" in kinds(cut)
    assert CellState.OPEN in states(cut, "")
    assert CellState.ABSENT not in states(cut, "")
