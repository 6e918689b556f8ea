"""HTML: what is seen, in reading order, with spans expanded and bounded."""

import pytest

from crawler import formats
from crawler.errors import ReadError
from crawler.formats import markup
from crawler.formats.grid import MAX_SPAN
from crawler.model import Document, Link, Paragraph, Table


def read(body: str, head: str = "") -> Document:
    return formats.read(f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode())


def only_table(document: Document) -> Table:
    (table,) = [block for block in document.blocks if isinstance(block, Table)]
    return table


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def grid(table: Table) -> list[list[str]]:
    """Own text as it is, repeated text in brackets, - where the source has no cell."""
    return [
        ["-" if cell.missing else f"({cell.text})" if cell.repeated else cell.text for cell in row]
        for row in table.rows
    ]


def cell_text(cell: str) -> str:
    """What a cell of a data table says."""
    return only_table(read(f"<table><tr><td>栏目</td><td>{cell}</td></tr></table>")).rows[0][1].text


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("<tr><td>a<td>b<tr><td>c<td>d", [["a", "b"], ["c", "d"]]),
        ("<tr><td colspan=2>a<tr><td>c<td>d", [["a", "(a)"], ["c", "d"]]),
        ("<tr><td rowspan=2>a<td>b<tr><td>d", [["a", "b"], ["(a)", "d"]]),
        (
            "<tr><td rowspan=2 colspan=2>a<td>b<tr><td>c<tr><td>d<td>e<td>f",
            [["a", "(a)", "b"], ["(a)", "(a)", "c"], ["d", "e", "f"]],
        ),
        ("<tr><td>a<td>b<tr><td>c", [["a", "b"], ["c", "-"]]),
        ("<tr><td rowspan=9>a<td>b<tr><td>c", [["a", "b"], ["(a)", "c"]]),
        ("<tr><td rowspan=0>a<td>b<tr><td>c", [["a", "b"], ["(a)", "c"]]),
        ("<tr><td rowspan=x colspan=-3>a<td>b", [["a", "b"]]),
        (
            "<thead><tr><th rowspan=3>a<th>b</thead><tbody><tr><td>c<td>d</tbody>",
            [["a", "b"], ["c", "d"]],
        ),
    ],
)
def test_spans(rows: str, expected: list[list[str]]) -> None:
    assert grid(only_table(read(f"<table>{rows}</table>"))) == expected


def test_own_cells_know_their_size() -> None:
    cell = only_table(read("<table><tr><td colspan=3 rowspan=2>a<td>c<tr><tr><td>b</table>")).rows[0][0]
    assert (cell.rows, cell.columns) == (2, 3)


def test_huge_spans_are_bounded() -> None:
    table = only_table(read("<table><tr><td colspan=99999999 rowspan=99999999>a<td>b</table>"))
    assert len(table.rows) == 1
    assert len(table.rows[0]) == MAX_SPAN + 1


def test_a_table_that_expands_without_bound_is_left_out_with_an_issue() -> None:
    rows = "<tr>" + "<td colspan=200>x" * 20 + "</tr>"
    document = read(f"<table>{rows * 30}</table><p>后文</p>")
    assert [issue.kind for issue in document.issues] == ["table_too_big"]
    assert document.blocks == (Paragraph("后文"),)


def test_deep_nesting_ends() -> None:
    depth = 3_000
    document = read("<table><tr><td>" * depth + "底" + "</td></tr></table>" * depth + "<p>后文</p>")
    assert document.blocks == (Paragraph("底"), Paragraph("后文"))


def test_too_many_tags_are_refused() -> None:
    with pytest.raises(ReadError, match="标记"):
        read("<b>" * (markup.MAX_TAGS + 1))


@pytest.mark.parametrize("tags", ["<b>", "<div>", "<table><tr><td>", "<font></i>", "<b></p>"])
def test_nesting_without_end_is_refused_in_time(tags: str) -> None:
    with pytest.raises(ReadError, match="嵌套"):
        read(tags * (150_000 // tags.count("<")))


def test_layout_tables_are_opened_in_reading_order() -> None:
    document = read(
        "<table><tr><td>菜单<ul><li>一</li><li>二</li></ul></td><td><p>前</p>"
        "<table><tr><td>数据</td><td>1</td></tr></table><p>后</p></td></tr></table>"
    )
    shown = [block.text if isinstance(block, Paragraph) else grid(block) for block in document.blocks]
    assert shown == ["菜单", "一", "二", "前", [["数据", "1"]], "后"]


@pytest.mark.parametrize(
    "unseen",
    [
        "<!-- <table><tr><td>旧表</td></tr></table> -->",
        "<div style='color: red; DISPLAY : none'><table><tr><td>旧表</td></tr></table></div>",
        "<div hidden><p>旧表</p></div>",
        "<p style='visibility:hidden'>旧表</p>",
        "<script>document.write('<p>旧表</p>')</script>",
        "<style>p:after { content: '旧表' }</style>",
        "<noscript>旧表</noscript>",
        "<template><p>旧表</p></template>",
    ],
)
def test_what_nobody_sees_is_not_read(unseen: str) -> None:
    assert read(f"<p>前</p>{unseen}<p>后</p>").blocks == (Paragraph("前"), Paragraph("后"))


def test_comment_within_a_cell() -> None:
    assert cell_text("1<!-- 2 -->7") == "17"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("<span>1</span><span>7</span>", "17"),
        ("<p>1</p><p>7</p>", "1\n7"),
        ("1<br>7", "1\n7"),
        ("1<div>7</div>", "1\n7"),
        ("&nbsp;17&nbsp;", "17"),
        ("17<sup>1</sup>", "17^1"),
        ("<del>16</del>17", "~1617"),
        ("　", ""),
    ],
)
def test_cell_text(cell: str, text: str) -> None:
    assert cell_text(cell) == text


def test_metadata_whatever_the_order_of_attributes() -> None:
    document = read(
        "",
        "<title> 报告 \n_网站</title><META content='2021-01-26' name='PubDate'>"
        "<meta name=ColumnType content=政府信息公开><meta name=ColumnType content=信息公开年报><meta charset=utf-8>",
    )
    assert document.title == "报告 _网站"
    assert document.metadata == (
        ("pubdate", "2021-01-26"),
        ("columntype", "政府信息公开"),
        ("columntype", "信息公开年报"),
    )


def test_links_and_headings() -> None:
    document = read("<h1>标题<br>两行</h1><p>见<a href=' ./P02.pdf '>附件 1</a></p>")
    assert document.links == (Link("./P02.pdf", "附件 1"),)
    assert document.blocks == (
        Paragraph("标题", heading=True),
        Paragraph("两行", heading=True),
        Paragraph("见附件 1"),
    )
