"""HTML: what is seen, in reading order, with spans expanded and bounded.

Long, because it is a list: one short test for each thing that markup does.
"""

import contextlib
import time

import pytest

from crawler import formats
from crawler.errors import ReadError
from crawler.formats.grid import MAX_SPAN
from crawler.formats.html import markup
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
        # split by inline elements and by what takes no room
        ("<span>9</span><span>6171.6</span>", "96171.6"),
        ("9<wbr>6", "96"),
        ("9&shy;6", "96"),
        ("9&#8203;6&#x200d;1&#xfeff;", "961"),
        ("<font>9</font><o:p></o:p><b>6</b>", "96"),
        # two numbers, or none
        ("1&nbsp;234", "1 234"),
        ("<span>9</span>\n<span>6</span>", "9 6"),
        ("9<br>6", "9\n6"),
        ("9</br>6", "9\n6"),
        ("9</p>6", "9\n6"),
        ("9</P >6", "9\n6"),
        ("<span style='display:block'>9</span><span style='display: inline-block'>6</span>", "9\n6"),
        ("<span style='float: left'>9</span>6", "9\n6"),
        ("<ul><li>9</li><li>6</li></ul>", "9\n6"),
        ("<pre>9\n6</pre>", "9\n6"),
        ("&amp;nbsp;", "&nbsp;"),
        ("&#x202e;12", "\ufffd12"),
        ("<bdo dir=rtl>12</bdo>", "\ufffd12"),
        ("1\x002", "1\ufffd2"),
        ("<span style='text-decoration: line-through'>9</span>6", "~96"),
        ("1<span style='vertical-align: super'>2</span>", "1^2"),
        ("1<script>document.write('0')</script>", "1［脚本］"),
        ("<math><msup><mn>1</mn><mn>2</mn></msup></math>", "［式］"),
        # shown by an element without text
        ("<input value=12>", "12"),
        ("<input type=hidden value=12>", ""),
        ("<textarea>12</textarea>", "12"),
        ("<img src=7.png>", "［图］"),
        ("<img src=7.png width=1>", ""),
        ("<img src=spacer.gif>", ""),
        ("12<img src=icon.png>", "12"),
        ("<select><option>1<option>2</select>", "［图］"),
        ("<ins>12</ins>", "12"),
        ("<ruby>12<rp>(</rp><rt>十二</rt></ruby>", "12"),
        ("<embed src=a.swf>12", "12"),
        # what stands in no browser
        ("1<!--[if gte mso 9]><b>9</b><![endif]-->2", "12"),
        ("<![if !vml]>12<![endif]>", "12"),
        ("1<noscript>9</noscript>2", "12"),
        ("1<?xml:namespace prefix = o />2", "12"),
        # a little table that holds nothing but the number
        ("<table><tr><td>12</td></tr></table>", "12"),
        ("<table><tr><td>&nbsp;</td><td>12</td></tr></table>", "12"),
        ("<table><tr><td><table><tr><td>12</td></tr></table></td></tr></table>", "12"),
        ("9<table><tr><td>6</td></tr></table>", "9\n6"),
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


PROSE = "机关按照要求开展工作，有关情况报告如下。" * 12
DATA = "<tr><td>规章<td>1<td>2<tr><td>文件<td>3<td>4<tr><td>许可<td>5<td>6"
GRID = [["规章", "1", "2"], ["文件", "3", "4"], ["许可", "5", "6"]]


def shown(document: Document) -> list[str | list[list[str]]]:
    return [block.text if isinstance(block, Paragraph) else grid(block) for block in document.blocks]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("<td>a<td>b<tr><td>c<td>d", [["a", "b"], ["c", "d"]]),
        ("<tbody><td>a<td>b<tr><td>c<td>d", [["a", "b"], ["c", "d"]]),
        ("<form><tr><td>a<td>b</form><tr><td>c<td>d", [["a", "b"], ["c", "d"]]),
        ("<tr><td/><td/>b<tr><td>c<td>d", [["", "b"], ["c", "d"]]),
        ("<tfoot><tr><td>e<td>f<tbody><tr><td>a<td>b", [["a", "b"], ["e", "f"]]),
        ("<tbody><tr><td>a<td>b</tbody><thead><tr><td>e<td>f", [["e", "f"], ["a", "b"]]),
        ("<tr><td>a<td>b<tr hidden><td>x<td>y<tr><td>c<td>d", [["a", "b"], ["c", "d"]]),
        ("<tr><td>a<td style='display:none'>x<td>b<tr><td>c<td>d", [["a", "b"], ["c", "d"]]),
        ("<tr><td>a<td style='visibility:hidden'>x<tr><td>c<td>d", [["a", ""], ["c", "d"]]),
        ("<tr><td colspan=２>a<td>b<tr><td>c<td>d<td>e", [["a", "b", "-"], ["c", "d", "e"]]),
        ("<tr><td rowspan='2 '>a<td>b<tr><td>c", [["a", "b"], ["(a)", "c"]]),
        ("<tr><td rowspan=2>a<td>b<tr><td colspan=2>c<td>d", [["a", "b", "-", "-"], ["(a)", "c", "(c)", "d"]]),
    ],
)
def test_tables_as_browsers_repair_them(rows: str, expected: list[list[str]]) -> None:
    assert grid(only_table(read(f"<table>{rows}</table>"))) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f"<table><tr><td>菜单<td><table>{DATA}</table></table>", ["菜单", GRID]),
        (f"<table><tr><td><table>{DATA}</table><tr><td><table>{DATA}</table></table>", [GRID, GRID]),
        (f"<table><tr><td>菜单<td>{PROSE * 2}</table>", ["菜单", PROSE * 2]),
        (f"<table><tr><td>标题<tr><td>{PROSE}</table>", ["标题", PROSE]),
        (f"<table><caption>表一</caption>{DATA}</table>", ["表一", GRID]),
        (f"<table>表外{DATA}</table>", ["表外", GRID]),
        (
            f"<table><tr><td colspan=3>标题<tr><td colspan=3>{PROSE}<tr><td colspan=3>二、情况{DATA}"
            f"<tr><td colspan=3>{PROSE}<tr><td colspan=3>示例局</table>",
            ["标题", PROSE, "二、情况", GRID, PROSE, "示例局"],
        ),
        (
            f"<table><tr><td colspan=3>第一项{DATA}</table>",
            [[["第一项", "(第一项)", "(第一项)"], *GRID]],
        ),
        (
            "<table><tr><td>规章<td><table><tr><td>1</table><td>2<tr><td>文件<td>3<td>4</table>",
            [[["规章", "1", "2"], ["文件", "3", "4"]]],
        ),
        (f"<table><tr><td colspan=3><table>{DATA}</table>{DATA}</table>", [GRID, GRID]),
    ],
    ids=["menu", "two", "article", "one column", "caption", "outside", "whole page", "title row", "in a cell", "both"],
)
def test_layout_and_data(body: str, expected: list[object]) -> None:
    assert shown(read(body)) == expected


def test_lines_of_a_preformatted_text_and_of_lists() -> None:
    document = read("文前<dl><dt>甲<dd>乙</dl><pre>一\n二</pre><textarea>三\n四</textarea>文后")
    assert texts(document) == ["文前", "甲", "乙", "一", "二", "三", "四", "文后"]


@pytest.mark.parametrize(
    ("body", "links"),
    [
        ("<iframe src='/up/a.pdf'></iframe>", [Link("/up/a.pdf", "")]),
        ("<embed src='b.docx?v=1'>后文", [Link("b.docx?v=1", "")]),
        ("<object data='../c.PDF'><a href=c.pdf>下载</a></object>", [Link("../c.PDF", "")]),
        ("<iframe src='/js/viewer.html?file=/up/a.pdf'></iframe>", [Link("/up/a.pdf", "")]),
        ("<iframe src='/js/web/viewer.html?file=../../up/a.pdf#page=1'></iframe>", [Link("/up/a.pdf", "")]),
        ("<iframe src='../js/web/viewer.html?file=../../up/a.pdf'></iframe>", [Link("../up/a.pdf", "")]),
        (
            "<iframe src='https://v.example/?src=https%3A%2F%2Fx.example%2Fa.docx'></iframe>",
            [Link("https://x.example/a.docx", "")],
        ),
        ("<iframe src='https://weather.example/index.htm'></iframe><iframe></iframe>", []),
        ("<a href=a.pdf title=附件><img src=pdf.png></a><a name=x>无</a>", [Link("a.pdf", "附件")]),
        ("<div hidden><a href=a.pdf>旧</a></div><!-- <a href=b.pdf>旧</a> -->", []),
        ("<iframe src='http://[x/?file=a.pdf'></iframe>", []),
    ],
)
def test_links_and_frames_that_show_a_document(body: str, links: list[Link]) -> None:
    assert list(read(body).links) == links


def test_links_follow_the_base_of_the_page() -> None:
    assert read("<a href=a.pdf>附件</a>", "<base href='/up/'>").links == (Link("/up/a.pdf", "附件"),)


@pytest.mark.parametrize(
    "page",
    [
        "<html><body><p>前</p><table><tr><td>规章",
        "<p>前</p><!-- 注释 <table><tr><td>规章",
        "<p>前</p><script>var a = 1; <table><tr><td>规章",
    ],
)
def test_a_page_that_breaks_off_says_so(page: str) -> None:
    document = formats.read(page.encode())
    assert document.blocks[0] == Paragraph("前")
    assert [issue.kind for issue in document.issues] == ["cut_off"]


@pytest.mark.parametrize(
    ("end", "last"),
    [
        ("<td>41", "41\ufffd"),
        ("<td>", "\ufffd"),
        ("<td>41</t", "41\ufffd"),
        ("<td cla", None),  # a cell that is not there yet
        ("<td>41</td>", "41"),
    ],
)
def test_the_last_words_of_a_page_that_breaks_off_are_incomplete(end: str, last: str | None) -> None:
    """4 may have been the first digit of 414, and a cell of which nothing came is no blank."""
    (table,) = formats.read(f"<html><body><table><tr><td>规章</td><td>1</td>{end}".encode()).blocks
    assert isinstance(table, Table)
    assert [cell.text for cell in table.rows[0]] == ["规章", "1", *([last] if last is not None else [])]


@pytest.mark.parametrize(
    "page", ["<p>前</p><!-- 注释 -->", "<title>报告</title><p>报告", "<p>前</p><script>a()</script>"]
)
def test_fragments_are_no_broken_pages(page: str) -> None:
    assert formats.read(page.encode()).issues == ()


def test_text_after_the_end_of_the_page_is_read() -> None:
    document = formats.read(f"<html><body><p>前</p></body></html><p>后</p><table>{DATA}</table>".encode())
    assert shown(document) == ["前", "后", GRID]


@pytest.mark.parametrize(
    "page",
    [
        "<b>" * 9_000 + "</i>" * 150_000,
        "<p " + " ".join(f"a{number}=1" for number in range(500_000)) + ">后",
        f"<p title='{'x' * 5_000_000}'>后",
        "&x;" * 1_500_000,
        "<style>" + "div " * 1_000 + "{display:none}</style>" + "<div>" * 5_000 + "后",
        "<style>" + ".a{display:none}" * 9_000 + "</style>" + "<p class=a>" * 5_000,
        "<table>" + "<tr><td rowspan=65534 colspan=1000>" * 5_000,
        "<!" * 190_000,
        "</" * 190_000,
    ],
    ids=["wrong ends", "attributes", "attribute", "entities", "selector", "rules", "spans", "comments", "ends"],
)
def test_floods_end_in_time(page: str) -> None:
    began = time.process_time()
    with contextlib.suppress(ReadError):
        formats.read(f"<html>{page}".encode())
    assert time.process_time() - began < 10
