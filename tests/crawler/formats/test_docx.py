"""DOCX: what Word prints, and only that; cells with their spans, whatever editors left in the file.

Long, because it is a list: one short test for each thing that Word does.
"""

from __future__ import annotations

import pytest

from crawler import formats
from crawler.errors import ReadError
from crawler.model import Document, Link, Paragraph, Table
from tests.crawler.formats.office import docx, zipped

HIDDEN = "<w:rPr><w:vanish/></w:rPr>"
BOX = "<w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p></w:txbxContent>"


def run(text: str, properties: str = "") -> str:
    return f'<w:r>{properties}<w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(content: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{content if content.startswith('<') else run(content)}</w:p>"


def cell(content: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(content) if content[:4] != '<w:p' else content}</w:tc>"


def table(*rows: list[str] | str, grid: str = "") -> str:
    inner = "".join(row if isinstance(row, str) else f"<w:tr>{''.join(row)}</w:tr>" for row in rows)
    return f"<w:tbl><w:tblGrid>{grid}</w:tblGrid>{inner}</w:tbl><w:p/>"


def read(body: str, **parts: str) -> Document:
    document = formats.read(docx(body, **parts))  # type: ignore[arg-type]  # strict is given by name elsewhere
    assert document.format == "docx"
    return document


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def grid(document: Document) -> list[list[str]]:
    """Own text as it is, repeated text in brackets, - where the source has no cell."""
    (found,) = [block for block in document.blocks if isinstance(block, Table)]
    return [
        ["-" if one.missing else f"({one.text})" if one.repeated else one.text for one in row] for row in found.rows
    ]


def kinds(document: Document) -> list[str]:
    return [issue.kind for issue in document.issues]


SPAN2 = '<w:gridSpan w:val="2"/>'
DOWN, ON = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([[cell("a"), cell("b")], [cell("c"), cell("d")]], [["a", "b"], ["c", "d"]]),
        ([[cell("a", SPAN2)], [cell("c"), cell("d")]], [["a", "(a)"], ["c", "d"]]),
        ([[cell("a", DOWN), cell("b")], [cell("", ON), cell("d")]], [["a", "b"], ["(a)", "d"]]),
        (
            [[cell("a", SPAN2 + DOWN), cell("b")], [cell("", SPAN2 + '<w:vMerge w:val="continue"/>'), cell("c")]],
            [["a", "(a)", "b"], ["(a)", "(a)", "c"]],
        ),
        (
            [[cell("a", '<w:hMerge w:val="restart"/>'), cell("", "<w:hMerge/>"), cell("b")], [cell("c")] * 3],
            [["a", "(a)", "b"], ["c", "c", "c"]],
        ),
        ([[cell("a"), cell("b")], [cell("c")]], [["a", "b"], ["c", "-"]]),
        (
            ['<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>' + cell("b") + "</w:tr>", [cell("c"), cell("d")]],
            [["-", "b"], ["c", "d"]],
        ),
        (
            [[cell("a"), cell("b")], "<w:sdt><w:sdtContent><w:tr>" + cell("c") + cell("d") + "</w:tr></w:sdtContent></w:sdt>"],
            [["a", "b"], ["c", "d"]],
        ),
        (
            [["<w:sdt><w:sdtPr/><w:sdtContent>", cell("a"), "</w:sdtContent></w:sdt>", cell("b")], [cell("c")] * 2],
            [["a", "b"], ["c", "c"]],
        ),
        (
            [[cell("a"), cell("b")], "<w:tr><w:trPr><w:del w:id='1'/></w:trPr>" + cell("c") + cell("d") + "</w:tr>"],
            [["a", "b"]],
        ),
        (
            [[cell("a"), cell("b")], "<w:tr><w:trPr><w:ins w:id='1'/></w:trPr>" + cell("c") + cell("d") + "</w:tr>"],
            [["a", "b"], ["c", "d"]],
        ),
        (
            [[cell("a"), cell("b")], "<w:tr><w:trPr><w:hidden/></w:trPr>" + cell(run("7", HIDDEN)) * 2 + "</w:tr>"],
            [["a", "b"]],
        ),
    ],
)  # fmt: skip
def test_spans(rows: list[list[str] | str], expected: list[list[str]]) -> None:
    assert grid(read(table(*rows))) == expected


def test_a_grid_that_lies_changes_nothing() -> None:
    rows = [[cell("a", SPAN2), cell("b")], [cell("c"), cell("d"), cell("e")]]
    assert grid(read(table(*rows, grid='<w:gridCol w:w="9"/>'))) == grid(read(table(*rows)))


def test_columns_of_a_few_twips_are_none() -> None:
    rows = [
        [cell("甲"), cell("乙", SPAN2)],
        [cell("1", SPAN2), cell("2")],
    ]
    widths = '<w:gridCol w:w="900"/><w:gridCol w:w="2"/><w:gridCol w:w="900"/>'
    assert grid(read(table(*rows, grid=widths))) == [["甲", "乙"], ["1", "2"]]
    assert grid(read(table(*rows))) == [["甲", "乙", "(乙)"], ["1", "(1)", "2"]]


def test_a_narrow_column_with_a_cell_of_its_own_stays() -> None:
    rows = [[cell("a"), cell("b"), cell("c")], [cell("1"), cell("2"), cell("3")]]
    widths = '<w:gridCol w:w="900"/><w:gridCol w:w="2"/><w:gridCol w:w="900"/>'
    assert grid(read(table(*rows, grid=widths))) == [["a", "b", "c"], ["1", "2", "3"]]


def test_a_merge_without_a_beginning_is_said() -> None:
    document = read(table([cell("a"), cell("b")], [cell("c", SPAN2 + ON)]))
    assert grid(document) == [["a", "b"], ["c", "(c)"]]
    assert kinds(document) == ["broken_span"]


def test_text_below_a_merge_is_not_read() -> None:
    document = read(table([cell("a", DOWN), cell("b")], [cell("7", ON), cell("d")]))
    assert grid(document) == [["a", "b"], ["(a)", "d"]]
    assert kinds(document) == ["covered_text"]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (run("96") + run("171") + run(".6"), "96171.6"),
        (run("1") + '<w:proofErr w:type="spellStart"/><w:bookmarkStart w:id="0" w:name="x"/>' + run("2"), "12"),
        ("<w:ins>" + run("7") + "</w:ins><w:del><w:r><w:delText>8</w:delText></w:r></w:del>", "7"),
        ("<w:moveFrom>" + run("8") + "</w:moveFrom><w:moveTo>" + run("7") + "</w:moveTo>", "7"),
        (run("7") + run("8", HIDDEN), "7"),
        (run("7") + run("8", '<w:rPr><w:rStyle w:val="unseen"/></w:rPr>'), "7"),
        (run("8", '<w:rPr><w:rStyle w:val="unseen"/><w:vanish w:val="0"/></w:rPr>'), "8"),
        (run("7", "<w:rPr><w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange></w:rPr>"), "7"),
        (run("7") + run("1", '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'), "7^1"),
        (run("7") + run("1", '<w:rPr><w:rStyle w:val="raised"/></w:rPr>'), "7^1"),
        (run("7") + run("1", '<w:rPr><w:vertAlign w:val="subscript"/></w:rPr>'), "7_1"),
        (run("7", "<w:rPr><w:strike/></w:rPr>") + run("8"), "~78"),
        (run("7", '<w:rPr><w:strike w:val="0"/><w:vertAlign w:val="baseline"/></w:rPr>'), "7"),
        (run("7") + '<w:r><w:footnoteReference w:id="2"/></w:r>', "7^1"),
        (run(" ", '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'), ""),
        ("<w:r><w:noBreakHyphen/></w:r>" + run("5"), "-5"),
        (run("1") + "<w:r><w:tab/></w:r>" + run("2"), "1 2"),
        (run("1") + "<w:r><w:br/></w:r>" + run("2"), "1\n2"),
        ('<w:r><w:sym w:font="Symbol" w:char="F037"/></w:r>', "\uf037"),
        ("<m:oMath><m:r><m:t>7</m:t></m:r></m:oMath>", "［式］"),
        ('<w:smartTag w:element="x">' + run("7") + "</w:smartTag>", "7"),
        ("<w:sdt><w:sdtPr/><w:sdtContent>" + run("7") + "</w:sdtContent></w:sdt>", "7"),
        ('<w:fldSimple w:instr="=1+1">' + run("2") + "</w:fldSimple>", "2"),
        ("<w:r><w:ruby><w:rt>" + run("注") + "</w:rt><w:rubyBase>" + run("字") + "</w:rubyBase></w:ruby></w:r>", "字"),
        ('<w:r><w:drawing><a:blip/></w:drawing></w:r>', "［图］"),
        ("<w:r><w:drawing><a:prstGeom/></w:drawing></w:r>", ""),
        ("<w:r><w:pict><v:textbox>" + BOX + "</v:textbox></w:pict></w:r>", "［文本框］框"),
        ("<w:r><w:object/></w:r>", "［对象］"),
    ],
)  # fmt: skip
def test_text_of_a_cell(content: str, text: str) -> None:
    styles = (
        '<w:style w:type="character" w:styleId="base"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="unseen"><w:basedOn w:val="base"/></w:style>'
        '<w:style w:type="character" w:styleId="raised"><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>'
    )
    document = read(table([cell("甲"), cell("乙")], [cell("丙"), cell(content)]), styles=styles)
    assert grid(document)[1][1] == text


def field(*parts: str) -> str:
    return "".join(
        f'<w:r><w:fldChar w:fldCharType="{part}"/></w:r>'
        if part in ("begin", "separate", "end")
        else part
        if part.startswith("<")
        else f"<w:r><w:instrText>{part}</w:instrText></w:r>"
        for part in parts
    )


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (field("begin", "=SUM(ABOVE)", "separate", run("12"), "end"), "12"),
        (field("begin", "=SUM(ABOVE)", "end"), "［域］"),
        (field("begin", r"EQ \o\ac(○,1)", "separate", "end"), "［域］"),
        (field("begin", "XE x", "end") + run("7"), "7"),
        (field("begin", "IF ", "begin", "=1", "separate", run("8"), "end", "separate", run("7"), "end"), "7"),
        (field("begin", "=SUM(ABOVE)") + run("8"), "［域］"),
    ],
)
def test_fields(content: str, text: str) -> None:
    document = read(table([cell(content), cell("乙")], [cell("丙"), cell("9")]))
    assert grid(document)[0][0] == text
    assert grid(document)[1][1] == "9"


def test_a_number_that_word_counts_is_no_blank() -> None:
    number = '<w:numPr><w:numId w:val="3"/></w:numPr>'
    none = '<w:numPr><w:numId w:val="0"/></w:numPr>'
    rows = [
        [cell(paragraph(run(""), number)), cell(paragraph(run("标签"), number))],
        [cell(paragraph(run("7"), number)), cell(paragraph(run("7"), none))],
    ]
    assert grid(read(table(*rows))) == [["［编号］", "标签"], ["［编号］7", "7"]]


def test_a_paragraph_whose_end_is_deleted_goes_on() -> None:
    ended = paragraph(run("12"), "<w:rPr><w:del w:id='1'/></w:rPr>") + paragraph(run("34"))
    document = read(ended + table([cell(ended), cell("b")], [cell("c"), cell("d")]))
    assert texts(document) == ["1234"]
    assert grid(document)[0][0] == "1234"


def test_headings_by_outline_and_by_style() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="2"><w:basedOn w:val="1"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="3"><w:pPr><w:outlineLvl w:val="9"/></w:pPr></w:style>'
    )
    body = (
        paragraph("甲", '<w:pStyle w:val="1"/>')
        + paragraph("乙", '<w:pStyle w:val="2"/>')
        + paragraph("丙", '<w:outlineLvl w:val="0"/>')
        + paragraph("丁", '<w:pStyle w:val="3"/>')
        + paragraph("戊")
    )
    found = [block for block in read(body, styles=styles).blocks if isinstance(block, Paragraph)]
    assert [block.heading for block in found] == [True, True, True, False, False]


def test_styles_in_a_circle_end() -> None:
    styles = (
        '<w:style w:styleId="a"><w:basedOn w:val="b"/></w:style><w:style w:styleId="b"><w:basedOn w:val="a"/></w:style>'
    )
    assert texts(read(paragraph("甲", '<w:pStyle w:val="a"/>'), styles=styles)) == ["甲"]


def test_a_text_box_is_read_once() -> None:
    box = (
        f"<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><a:x>{BOX}</a:x></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{BOX}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert texts(read(paragraph(run("前") + box) + paragraph("后"))) == ["前", "框", "后"]


def test_a_table_in_a_text_box() -> None:
    inner = table([cell("a"), cell("b")], [cell("c"), cell("d")])
    box = f"<w:r><w:pict><v:textbox><w:txbxContent>{inner}</w:txbxContent></v:textbox></w:pict></w:r>"
    assert grid(read(paragraph(box))) == [["a", "b"], ["c", "d"]]


def test_rows_that_lay_out_are_opened() -> None:
    inner = table([cell("a"), cell("b")], [cell("c"), cell("d")])
    body = table([cell("菜单"), f"<w:tc>{paragraph('标题')}{inner}</w:tc>"])
    document = read(body)
    assert texts(document) == ["菜单", "标题"]
    assert grid(document) == [["a", "b"], ["c", "d"]]


def test_a_frame_around_the_page_is_opened() -> None:
    inner = table([cell("a"), cell("b")], [cell("c"), cell("d")])
    document = read(table([cell("标题")], [f"<w:tc>{inner}</w:tc>"], [cell("落款")]))
    assert texts(document) == ["标题", "落款"]
    assert grid(document) == [["a", "b"], ["c", "d"]]


def test_a_table_that_holds_one_number_is_the_text_of_its_cell() -> None:
    inner = f"<w:tbl><w:tr>{cell('7')}</w:tr></w:tbl><w:p/>"
    assert grid(read(table([cell("a"), f"<w:tc>{inner}</w:tc>"], [cell("c"), cell("d")]))) == [["a", "7"], ["c", "d"]]


def test_strict_documents() -> None:
    document = formats.read(docx(table([cell("a", SPAN2)], [cell("c"), cell("d")]), strict=True))
    assert grid(document) == [["a", "(a)"], ["c", "d"]]


def test_links() -> None:
    links = '<Relationship Id="l" Type="x/hyperlink" Target="https://portal.example/a.pdf" TargetMode="External"/>'
    body = paragraph('<w:hyperlink r:id="l">' + run("附件") + "</w:hyperlink>") + paragraph(
        '<w:hyperlink w:anchor="x">' + run("目录") + "</w:hyperlink>"
    )
    assert read(body, links=links).links == (Link("https://portal.example/a.pdf", "附件"),)


def test_pictures_without_a_table_are_said() -> None:
    picture = '<w:r><w:drawing><wp:inline><wp:extent cx="5000000" cy="3000000"/><a:blip/></wp:inline></w:drawing></w:r>'
    seal = picture.replace("5000000", "1500000").replace("3000000", "1500000")
    data = table([cell("a"), cell("b")], [cell("c"), cell("d")])
    assert kinds(read(paragraph(picture))) == ["picture_not_read"]
    assert kinds(read(paragraph(picture) + data)) == ["picture_not_read"]
    assert kinds(read(paragraph(seal))) == ["picture_not_read"]
    assert kinds(read(paragraph(seal) + data)) == []


def test_tracked_changes_are_said() -> None:
    document = read(paragraph("<w:ins>" + run("甲") + "</w:ins><w:del/>"))
    assert kinds(document) == ["tracked_changes"]
    assert "插入 1 处、删除 1 处" in document.issues[0].message


@pytest.mark.parametrize("change", ["<w:cellDel w:id='1'/>", "<w:cellMerge w:id='1' w:vMerge='cont'/>"])
def test_cells_that_were_taken_out_are_no_numbers(change: str) -> None:
    assert grid(read(table([cell("7", change), cell("8")], [cell("c"), cell("d")])))[0] == ["~7", "8"]


def test_content_of_another_part_is_said() -> None:
    assert kinds(read('<w:altChunk r:id="x"/>' + paragraph("甲"))) == ["part_not_read"]


def test_wide_spans_are_bounded() -> None:
    document = read(table([cell("a", '<w:gridSpan w:val="100000000"/>')] * 2, [cell("b")] * 2))
    assert len(grid(document)[0]) == 400


def test_too_many_cells() -> None:
    wide = '<w:gridSpan w:val="100000000"/>'
    assert kinds(read(table(*[[cell("a", wide), cell("b", wide)] for _ in range(130)]))) == ["table_too_big"]


def test_ten_thousand_nested_tables() -> None:
    body = "<w:tbl><w:tr><w:tc>" * 10_000 + "</w:tc></w:tr></w:tbl>" * 10_000
    with pytest.raises(ReadError, match="不是完整的 XML"):
        read(body)


def test_tables_nested_as_deep_as_the_parser_allows() -> None:
    body = "<w:tbl><w:tr><w:tc><w:p/>" * 80 + "<w:p/></w:tc></w:tr></w:tbl>" * 80
    assert read(body).blocks == ()


def test_an_entity_bomb_is_refused() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    with pytest.raises(ReadError, match="DTD"):
        formats.read(docx(paragraph(run("&b;")), before=bomb))


def test_a_zip_bomb_is_refused() -> None:
    with pytest.raises(ReadError, match="解压后超过上限"):
        formats.read(docx(" " * (60 << 20)))


def test_a_part_too_large_for_a_report() -> None:
    with pytest.raises(ReadError, match="不像一份报告"):
        formats.read(docx(" " * (25 << 20)))


@pytest.mark.parametrize("percent", range(0, 100, 7))
def test_truncated(percent: int) -> None:
    whole = docx(table([cell("a"), cell("b")], [cell("c"), cell("d")]))
    with pytest.raises(ReadError):
        formats.read(whole[: len(whole) * percent // 100])


@pytest.mark.parametrize("missing", ["word/document.xml", "_rels/.rels"])
def test_a_missing_part_is_named(missing: str) -> None:
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": "wordprocessingml",
        "_rels/.rels": '<R><Relationship Id="d" Type="x/officeDocument" Target="word/document.xml"/></R>',
    }
    parts.pop(missing, None)
    with pytest.raises(ReadError, match="找不到正文"):
        formats.read(zipped(parts))
