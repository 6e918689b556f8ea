"""Text dumps: the Word dialect (a cell a line) and the PDF dialect (a row a line)."""

import time

import pytest

from crawler import formats
from crawler.model import Paragraph, Table


def blocks(text: str) -> list[str | list[list[str]]]:
    document = formats.read(text.encode())
    assert document.format == "text"
    shown: list[str | list[list[str]]] = []
    for block in document.blocks:
        if isinstance(block, Table):
            assert not block.spans_known
            shown.append([[cell.text for cell in row] for row in block.rows])
        else:
            assert isinstance(block, Paragraph)
            shown.append(block.text)
    return shown


def test_word_cells_go_on_over_lines_and_rows_end_with_a_blank_line() -> None:
    dump = "前文\n\t信息内容\n\t本年新\n公开数量\n\n\t\n\t 0　\n\n\n后文\n"
    assert blocks(dump) == ["前文", [["信息内容", "本年新\n公开数量"], ["", "0"]], "后文"]


def test_word_markers_are_dropped() -> None:
    dump = "[bookmark: _GoBack]（三）加强\n[image: 001][image: 002]\n\t[bookmark: _Hlk1]一、本年新收\n\t1\n\n\n"
    assert blocks(dump) == ["（三）加强", "一、本年新收", "1"]


def test_word_table_at_the_end_of_the_file() -> None:
    assert blocks("标题\n\t规章\n\t0\n\n\t文件\n\t1") == ["标题", [["规章", "0"], ["文件", "1"]]]


def test_paragraphs_with_tabs_are_no_tables_and_do_not_change_the_dialect() -> None:
    cells = "\t规章\n\t0\n\n\t文件\n\t1\n\n" * 5
    dump = f"\t2020年，我局认真贯彻。\n一、情况\n\n联系人：某\t电话：1\n{cells}\n后文"
    rows = [["规章", "0"], ["文件", "1"]] * 5
    assert blocks(dump) == ["2020年，我局认真贯彻。", "一、情况", "联系人：某\t电话：1", rows, "后文"]


def test_pdf_rows_stand_apart_by_blank_lines_and_dashes() -> None:
    dump = "四、情况\n\n行政复议\t行政诉讼\n------\t------\n\n结果维持\t结果纠正\n\n0\t1\n\n五、问题\n"
    assert blocks(dump) == ["四、情况", [["行政复议", "行政诉讼"], ["结果维持", "结果纠正"], ["0", "1"]], "五、问题"]


def test_windows_line_ends_and_byte_order_mark() -> None:
    dump = "\ufeff标题\r\n\t规章\r\n\t0\r\n\r\n\t文件\r\n\t1\r\n\r\n\r\n后文\r\n"
    assert blocks(dump) == ["标题", [["规章", "0"], ["文件", "1"]], "后文"]


@pytest.mark.parametrize(
    ("dump", "rows"),
    [
        ("| 规章 | 1 | |\n| 文件 | 2 | 3 |", [["规章", "1", ""], ["文件", "2", "3"]]),
        (
            "| 内容 | 数 |\n|:---|---:|\n| **规章** | 1 |\n| 行政许可 | 2 |",
            [["内容", "数"], ["规章", "1"], ["行政许可", "2"]],
        ),
        ("内容 | 数\n--- | ---\n规章 | 1\n文件 | 2", [["内容", "数"], ["规章", "1"], ["文件", "2"]]),
        (
            "+----+---+\n| 内 | 数 |\n+----+---+\n| 规 | 1 |\n| 文 | 2 |\n+----+---+",
            [["内", "数"], ["规", "1"], ["文", "2"]],
        ),
        (
            "┌────┬───┐\n│ 内容 │ 数 │\n├────┼───┤\n│ 行政 │ 1 │\n│ 许可 │   │\n├────┼───┤\n│ 规章 │ 2 │\n└────┴───┘",
            [["内容", "数"], ["行政\n许可", "1"], ["规章", "2"]],
        ),
        (
            "内容        制发  废止\n规章         1     2\n规范性文件  10    20",
            [["内容", "制发", "废止"], ["规章", "1", "2"], ["规范性文件", "10", "20"]],
        ),
        (
            "内容　　制发　废止\n规章　　１　　２\n文件　　３　　４",
            [["内容", "制发", "废止"], ["规章", "１", "２"], ["文件", "３", "４"]],
        ),
    ],
    ids=["pipes", "markdown", "open pipes", "sql", "box", "spaces", "wide spaces"],
)
def test_drawn_tables(dump: str, rows: list[list[str]]) -> None:
    assert blocks(f"前文\n{dump}\n后文") == ["前文", rows, "后文"]


@pytest.mark.parametrize(
    "dump",
    [
        "首页 | 公开 | 互动\n新闻 | 年报",  # a menu
        "| 只有一行 | 1 |",
        "规章  1  2\n文件  3\n许可  4  5",  # whose is the empty cell?
        "规章  1  2\n规范性文件数量  3  4\n许可  5  6",  # no gutter from the first line to the last
        "联系人：某  电话：1\n地址：某路  邮编：2",
    ],
    ids=["menu", "one row", "ragged", "no gutter", "contacts"],
)
def test_what_is_not_surely_a_table_stays_text(dump: str) -> None:
    assert all(isinstance(block, str) for block in blocks(dump))


def test_drawn_tables_within_a_dump_of_word() -> None:
    dump = "\t规章\n\t0\n\n\t文件\n\t1\n\n\n前文\n| 许可 | 2 |\n| 处罚 | 3 |\n后文"
    assert blocks(dump) == [[["规章", "0"], ["文件", "1"]], "前文", [["许可", "2"], ["处罚", "3"]], "后文"]


@pytest.mark.parametrize(
    "line", ["-----", "a | b", "|a|b|", "规章  1", "规范性文件数量  1\n规  2", "|---|", "\t-----\na | b"]
)
def test_long_texts_are_read_in_time(line: str) -> None:
    began = time.process_time()
    formats.read((f"{line}\n" * 20_000).encode())
    assert time.process_time() - began < 5
