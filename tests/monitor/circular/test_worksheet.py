"""The worksheet as XLSX, read back with openpyxl: sheets, kinds of cells, texts that look like formulas, print."""

import datetime as dt
import io
import zipfile
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from monitor.circular.model import Circular
from monitor.circular.worksheet import write
from tests.monitor.circular import town

NAMES = ["总表", "未见公布", "逾期", "改动", "数据问题", "无法核实", "说明"]


def bytes_of(circular: Circular) -> bytes:
    stream = io.BytesIO()
    write(circular, stream)
    return stream.getvalue()


@pytest.fixture(scope="module")
def made(circular: Circular) -> bytes:
    return bytes_of(circular)


@pytest.fixture(scope="module")
def book(made: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(made))


def shown(text: str) -> dt.datetime:
    """A day or moment as a spreadsheet keeps it: without an offset."""
    return dt.datetime.fromisoformat(text)


def sheet(book: Workbook, name: str) -> Worksheet:
    found = book[name]
    assert isinstance(found, Worksheet)
    return found


def rows(book: Workbook, name: str) -> list[dict[str, object]]:
    """By the headings of the second line; the first one is the title."""
    _, head, *others = sheet(book, name).iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in others]


def test_sheets_and_who_stands_on_them(book: Workbook) -> None:
    assert book.sheetnames == NAMES
    assert [row["机构编号"] for row in rows(book, "总表")] == list(town.OFFICES)
    assert [row["单位名称"] for row in rows(book, "未见公布")] == ["示例市文化和旅游局"]
    assert [row["单位名称"] for row in rows(book, "逾期")] == ["示例市水利局", "示例镇人民政府"]
    assert [row["单位名称"] for row in rows(book, "改动")] == ["示例市统计局", "示例市民政局", "示例市民政局"]
    assert [row["单位名称"] for row in rows(book, "数据问题")] == ["示例市商务局"]
    assert [row["单位名称"] for row in rows(book, "无法核实")] == ["示例市交通运输局"]


def test_days_and_numbers_are_such_and_the_unknown_is_empty(book: Workbook) -> None:
    by_id = {row["机构编号"]: row for row in rows(book, "总表")}
    late, blind, town_hall = (by_id[id_] for id_ in ("shili-slj", "shili-jtj", "shilizhen-zf"))
    assert (late["应公布日"], late["首次看到"]) == (shown("2024-01-31"), shown("2024-02-06T20:00"))
    assert (late["逾期天数（至少）"], late["逾期天数（至多）"], late["发现数"]) == (4, 6, 0)
    assert (blind["归类"], blind["逾期天数（至多）"], blind["首次看到"]) == ("无法判断", None, None)
    assert (town_hall["应公布日"], town_hall["归类"]) == (None, "没有国家规定的截止日")
    assert (town_hall["主管部门规定日"], town_hall["逾期天数（至多）"]) == (shown("2024-01-20"), None)
    assert str(town_hall["对主管部门规定日"]).startswith("逾期公布（《示例县人民政府办公室")
    changed = rows(book, "改动")[1]
    assert (changed["改动前"], changed["改动后"], changed["指标代码"]) == (9, 7, town.CODES[0])
    assert changed["改动前采集时间"] == shown("2024-02-04T20:00")
    cell = sheet(book, "总表")["G3"]
    assert cell.number_format == "yyyy-mm-dd"


def test_what_looks_like_a_formula_is_text_and_no_address_is_a_link(book: Workbook, made: bytes) -> None:
    named = next(row for row in rows(book, "总表") if row["机构编号"] == "shili-gsj")
    assert named["单位名称"] == town.FORMULA
    assert "=1+1 网站改版" in str(rows(book, "逾期")[0]["单位答复"])
    with zipfile.ZipFile(io.BytesIO(made)) as container:
        pages = [container.read(name) for name in container.namelist() if name.startswith("xl/worksheets/sheet")]
        names = container.namelist()
    assert len(pages) == len(NAMES)
    assert [page for page in pages if b"<f>" in page or b"hyperlink" in page] == []
    assert [name for name in names if "_rels" in name and "worksheets" in name] == []


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r="])
def test_every_beginning_of_a_formula_stays_text(circular: Circular, start: str) -> None:
    item = circular.data[0]
    url = f"{start}cmd|' /C calc'!A0"
    hostile = replace(item, found=replace(item.found, details={**item.found.details, "url": url}))
    read = openpyxl.load_workbook(io.BytesIO(bytes_of(replace(circular, data=(hostile,)))))
    cell = next(
        cell for row in sheet(read, "数据问题").iter_rows(min_row=3) for cell in row if "cmd" in str(cell.value)
    )
    assert cell.data_type in ("s", "inlineStr")
    assert cell.value == url.strip()


def test_each_sheet_is_ready_to_be_worked_with(book: Workbook) -> None:
    for name in NAMES:
        page = sheet(book, name)
        assert str(page["A1"].value).startswith("【示例】关于示例省示例市2023年度")
        assert page.freeze_panes is not None and page.freeze_panes.endswith("3")
        assert page.auto_filter.ref and page.auto_filter.ref.startswith("A2:")
        assert (page.page_setup.orientation, int(page.page_setup.paperSize or 0)) == ("landscape", 9)
        assert page.print_title_rows == "$1:$2"
        assert page.column_dimensions["A"].width >= 10
    for name in NAMES[:-1]:
        rule = sheet(book, name).data_validations.dataValidation[0]
        assert rule.formula1 == '"属实,不属实,待核"'
        head = [cell.value for cell in sheet(book, name)[2]]
        assert head[-2:] == ["复核结论", "备注"]


def test_the_notes_name_every_group_rule_and_the_moment(book: Workbook) -> None:
    text = "\n".join(f"{row['项目']} {row['内容']}" for row in rows(book, "说明"))
    for words in (
        "无法判断 看不到栏目或证据不足，不等于未公布",
        "该年度无须公布",
        "规则regulation-711-township：",
        "截至2024年3月20日 10:00",
        "程序版本0.1.0，读取版本3",
        "不是任何机关的文件",
    ):
        assert words in text


def test_a_number_that_a_spreadsheet_would_round_stays_exact(circular: Circular) -> None:
    item = circular.changed[0]
    exact = "12345678901234567.89"
    cells = [{**cell, "after": {**cell["after"], "value": exact}} for cell in item.found.details["cells"]]
    longer = replace(item, found=replace(item.found, details={**item.found.details, "cells": cells}))
    read = openpyxl.load_workbook(io.BytesIO(bytes_of(replace(circular, changed=(longer,)))))
    assert [row["改动后"] for row in rows(read, "改动")[1:]] == [exact, exact]
    assert Decimal(exact) != Decimal(float(exact))


def test_the_same_circular_is_the_same_file(circular: Circular, made: bytes) -> None:
    assert bytes_of(circular) == made
    read = openpyxl.load_workbook(io.BytesIO(made)).properties
    assert (read.creator or "", read.lastModifiedBy or "") == ("", "")
    assert read.created == shown("2024-03-20T02:00")


def test_a_thousand_rows(circular: Circular) -> None:
    many = replace(circular, cases=circular.cases * 120, data=circular.data * 100)
    read = openpyxl.load_workbook(io.BytesIO(bytes_of(many)), read_only=True)
    assert sum(1 for _ in read["总表"].iter_rows()) == 1202
    assert sum(1 for _ in read["数据问题"].iter_rows()) == 102
    read.close()
