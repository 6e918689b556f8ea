"""XLSX: what the visible cells show, and how a sheet falls apart into titles and tables."""

from __future__ import annotations

import io

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from crawler import formats
from crawler.errors import ReadError
from crawler.model import Document, Paragraph, Table
from tests.crawler.formats.office import xlsx


def text_cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def sheet(*rows: str, before: str = "", after: str = "") -> str:
    return f"{before}<sheetData>{''.join(rows)}</sheetData>{after}"


def merged(*ranges: str) -> str:
    return "<mergeCells>" + "".join(f'<mergeCell ref="{one}"/>' for one in ranges) + "</mergeCells>"


def row(number: int, *texts: str, first: str = "A", attributes: str = "") -> str:
    cells = [text_cell(f"{chr(ord(first) + place)}{number}", text) for place, text in enumerate(texts) if text]
    return f'<row r="{number}" {attributes}>{"".join(cells)}</row>'


def read(data: bytes) -> Document:
    document = formats.read(data)
    assert document.format == "xlsx"
    return document


def outline(document: Document) -> list[str | list[list[str]]]:
    """Paragraphs as their text, tables as rows: own text as it is, repeated text in brackets."""
    return [
        block.text
        if isinstance(block, Paragraph)
        else [[f"({one.text})" if one.repeated else one.text for one in cells] for cells in block.rows]
        for block in document.blocks
    ]


def value(cell: str, styles: str = "", before: str = "") -> str:
    """What the cell B2 is read as."""
    content = sheet(
        row(1, "甲", "乙"), f'<row r="2">{text_cell("A2", "丙")}{cell}</row>', row(3, "丁", "9"), before=before
    )
    blocks = outline(read(xlsx(content, styles=styles, strings="<si><t>x</t></si>")))
    assert isinstance(blocks[0], list)
    return blocks[0][1][1]


STYLES = (
    '<numFmts><numFmt numFmtId="176" formatCode="0;-0;;@"/></numFmts>'
    "<fonts><font/><font><strike/></font><font><vertAlign val='superscript'/></font></fonts>"
    '<cellXfs><xf/><xf numFmtId="3"/><xf numFmtId="9"/><xf numFmtId="1"/><xf numFmtId="176"/><xf fontId="1"/>'
    '<xf fontId="2"/><xf numFmtId="27"/></cellXfs>'
)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('<c r="B2"><v>12</v></c>', "12"),
        ('<c r="B2"><v>96171.600000000006</v></c>', "96171.6"),
        ('<c r="B2" s="1"><v>1234</v></c>', "1,234"),
        ('<c r="B2" s="2"><v>0.5</v></c>', "0.5（显示格式 0%）"),
        ('<c r="B2" s="3"><v>12.3</v></c>', "12.3（显示格式 0）"),
        ('<c r="B2" s="4"><v>0</v></c>', "0（显示格式 0;-0;;@）"),
        ('<c r="B2" s="5"><v>7</v></c>', "~7"),
        ('<c r="B2" s="6"><v>7</v></c>', "^7"),
        ('<c r="B2" s="7"><v>7</v></c>', "7（显示格式 内置格式 27）"),
        ('<c r="B2" s="99"><v>7</v></c>', "7（显示格式 内置格式 27）"),
        ('<c r="B2" s="5"/>', ""),
        ('<c r="B2" t="s"><v>0</v></c>', "x"),
        ('<c r="B2" t="s"><v>9</v></c>', "（缺少字符串）"),
        ('<c r="B2" t="str"><f>A1</f><v>7</v></c>', "7"),
        ('<c r="B2"><f>SUM(A1:A2)</f><v>7</v></c>', "7"),
        ('<c r="B2"><f>SUM(A1:A2)</f></c>', "（公式没有结果）"),
        ('<c r="B2"><f>SUM(A1:A2)</f><v></v></c>', "（公式没有结果）"),
        ('<c r="B2" t="e"><f>A0</f><v>#REF!</v></c>', "#REF!"),
        ('<c r="B2" t="b"><v>1</v></c>', "TRUE"),
        ('<c r="B2" t="inlineStr"><is><t>7_x000D_</t></is></c>', "7"),
        ('<c r="B2" t="inlineStr"><is><t>7</t><rPh><t>qi</t></rPh></is></c>', "7"),
        ('<c r="B2" t="inlineStr"><is><r><t>9</t></r><r><rPr><strike/></rPr><t>7</t></r></is></c>', "9~7"),
        (
            '<c r="B2" t="inlineStr"><is><r><t>9</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>1</t></r></is></c>',
            "9^1",
        ),
        ('<c r="B2" t="inlineStr"><is><t> 9\n </t></is></c>', "9"),
        ("<c><v>7</v></c>", "7"),
    ],
)
def test_what_a_cell_shows(cell: str, text: str) -> None:
    assert value(cell, STYLES) == text


def test_noughts_that_the_sheet_hides() -> None:
    before = '<sheetViews><sheetView showZeros="0"/></sheetViews>'
    assert value('<c r="B2"><v>0</v></c>', before=before) == "0（不显示零值）"
    assert value('<c r="B2"><v>10</v></c>', before=before) == "10"


def test_a_sheet_falls_apart_at_blank_rows_and_titles() -> None:
    content = sheet(
        row(1, "某局报告"),
        row(2, "二、主动公开"),
        row(3, "信息内容", "件数"),
        row(4, "规章", "7"),
        row(5, "三、申请情况"),
        row(6, "甲", "乙"),
        row(7, "空行"),
        row(8, "丙", "8"),
        row(9, "2021年1月25日"),
        row(11, "注"),
        after=merged("A1:B1", "A2:B2", "A5:B5"),
    )
    assert outline(read(xlsx(content))) == [
        "某局报告",
        "二、主动公开",
        [["信息内容", "件数"], ["规章", "7"]],
        "三、申请情况",
        [["甲", "乙"], ["空行", ""], ["丙", "8"]],
        "2021年1月25日",
        "注",
    ]


def test_tables_side_by_side() -> None:
    content = sheet(
        row(1, "标题"),
        row(2, "甲", "乙", "", "丙", "丁"),
        row(3, "1", "2", "", "3", "4"),
        after=merged("A1:E1"),
    )
    assert outline(read(xlsx(content))) == ["标题", [["甲", "乙"], ["1", "2"]], [["丙", "丁"], ["3", "4"]]]


def test_merged_cells_also_blank_ones() -> None:
    content = sheet(
        row(1, "甲", "", "乙"), row(2, "丙", "", ""), row(3, "", "丁", "8"), after=merged("A1:B1", "A2:A3", "B2:C2")
    )
    document = read(xlsx(content))
    assert outline(document) == [[["甲", "(甲)", "乙"], ["丙", "", "()"], ["(丙)", "丁", "8"]]]
    (table,) = [block for block in document.blocks if isinstance(block, Table)]
    assert (table.rows[1][0].rows, table.rows[1][1].columns) == (2, 2)


def test_text_below_a_merge_is_said() -> None:
    content = sheet(row(1, "甲", "乙"), row(2, "丙", "9"), row(3, "丁", "8"), row(4, "戊", "7"), after=merged("A2:B2"))
    document = read(xlsx(content))
    assert outline(document) == ["甲", "乙", "丙", [["丁", "8"], ["戊", "7"]]]
    assert [issue.kind for issue in document.issues] == ["covered_text"]


def test_hidden_rows_and_columns_are_said() -> None:
    content = sheet(
        row(1, "甲", "旧", "乙"),
        row(2, "丙", "7", "8", attributes='hidden="1"'),
        row(3, "丁", "7", "9"),
        before='<cols><col min="2" max="2" hidden="1"/><col min="9" max="16384" hidden="1"/></cols>',
    )
    document = read(xlsx(content))
    assert outline(document) == [[["甲", "乙"], ["丁", "9"]]]
    assert [issue.kind for issue in document.issues] == ["hidden_cells"]
    assert "5 个" in document.issues[0].message


def test_a_merge_that_begins_in_a_hidden_row_is_still_seen() -> None:
    content = sheet(
        row(1, "甲", "乙"),
        row(2, "丙", attributes='hidden="1"'),
        row(3, "", "9"),
        row(4, "丁", "8"),
        after=merged("A2:A3"),
    )
    assert outline(read(xlsx(content))) == [[["甲", "乙"], ["丙", "9"], ["丁", "8"]]]


def test_hidden_sheets_are_named() -> None:
    book = '<sheet name="表" r:id="s1"/><sheet name="底稿" state="veryHidden" r:id="s2"/><sheet name="图" r:id="st"/>'
    document = read(xlsx(sheet(row(1, "甲", "乙"), row(2, "1", "2")), book=book))
    assert [(issue.kind, "底稿" in issue.message) for issue in document.issues] == [
        ("hidden_sheet", True),
        ("part_not_read", False),
    ]


def test_text_boxes_and_pictures_are_said() -> None:
    drawing = "<xdr:wsDr xmlns:xdr='x' xmlns:a='a'><xdr:sp><a:t>框</a:t></xdr:sp><xdr:pic/></xdr:wsDr>"
    relations = "<R><Relationship Id='d' Type='x/drawing' Target='../drawings/drawing1.xml'/></R>"
    parts: dict[str, str | bytes] = {
        "xl/worksheets/_rels/sheet1.xml.rels": relations,
        "xl/drawings/drawing1.xml": drawing,
    }
    document = read(xlsx(sheet(row(1, "甲", "乙")), parts=parts))
    assert [issue.kind for issue in document.issues] == ["text_box_not_read", "picture_not_read"]


def test_places_that_lie_are_bounded() -> None:
    content = sheet(
        row(1, "甲", "乙"),
        row(2, "丙", "丁"),
        '<row r="1048576"><c r="XFD1048576"><v>7</v></c></row>',
        before='<dimension ref="A1:XFD1048576"/>',
        after=merged("A1:XFD1048576", "C1:XFD9"),
    )
    document = read(xlsx(content))
    assert document.blocks
    content = sheet(row(1, "甲", "乙"), row(2, "丙", "丁"), row(3, "戊", "己"), after=merged("B2:XFD1048576"))
    assert outline(read(xlsx(content))) == [[["甲", "乙"], ["丙", "丁"], ["戊", "(丁)"]]]


def test_too_many_merged_cells() -> None:
    far = '<row r="300"><c r="ZZ300"><v>7</v></c></row>'
    ranges = [f"A{number}:ZZ300" for number in range(1, 30)]
    document = read(xlsx(sheet(row(1, "甲", "乙"), far, after=merged(*ranges))))
    assert [issue.kind for issue in document.issues] == ["table_too_big"]


def test_too_many_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.formats.xlsx.MAX_FILLED", 3)
    with pytest.raises(ReadError, match="不像一份报告"):
        read(xlsx(sheet(row(1, "甲", "乙"), row(2, "丙", "丁"))))


def test_an_entity_bomb_is_refused() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><worksheet><sheetData/></worksheet>'
    with pytest.raises(ReadError, match="DTD"):
        read(xlsx("", parts={"xl/worksheets/sheet1.xml": bomb}))


def test_a_zip_bomb_is_refused() -> None:
    with pytest.raises(ReadError, match="解压后超过上限"):
        read(xlsx("", parts={"xl/sharedStrings.xml": b" " * (60 << 20)}))


@pytest.mark.parametrize("percent", range(0, 100, 9))
def test_truncated(percent: int) -> None:
    whole = xlsx(sheet(row(1, "甲", "乙")))
    with pytest.raises(ReadError):
        formats.read(whole[: len(whole) * percent // 100])


def test_a_file_of_another_writer() -> None:
    """openpyxl writes shared strings, styles and merges its own way."""
    book = Workbook()
    made = book.active
    assert isinstance(made, Worksheet)
    for line in (["甲", None, "乙"], ["丙", 1234.5, 7], ["丁", 0.25, "=B2+1"]):
        made.append(line)
    made.merge_cells("A1:B1")
    made["B2"].number_format = "#,##0.00"
    stream = io.BytesIO()
    book.save(stream)
    expected = [["甲", "(甲)", "乙"], ["丙", "1,234.50", "7"], ["丁", "0.25", "（公式没有结果）"]]
    assert outline(read(stream.getvalue())) == [expected]
