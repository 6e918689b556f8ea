"""Text dumps: the Word dialect (a cell a line) and the PDF dialect (a row a line)."""

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
