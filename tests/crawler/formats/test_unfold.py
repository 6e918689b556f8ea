"""A page that is one big table becomes paragraphs and tables; other tables stay as they are."""

from crawler import formats, reports
from crawler.formats.unfold import PROSE
from crawler.model import Paragraph, Table
from tests.golden.forms import invented
from tests.perturb.page import fresh
from tests.perturb.write import html

SENTENCE = "这是一句话，" * (PROSE // 6) + "到此为止。"


def shown(body: str) -> list[str | list[list[str]]]:
    blocks = formats.read(f"<html><body><table>{body}</table></body></html>".encode()).blocks
    return [
        block.text if isinstance(block, Paragraph) else [[cell.text for cell in row] for row in block.rows]
        for block in blocks
    ]


def test_rows_of_a_single_cell_are_paragraphs() -> None:
    body = f"""<tr><td colspan=3>标题</td></tr><tr><td colspan=3>{SENTENCE}<br>又一行</td></tr>
        <tr><td>规章</td><td>1</td></tr><tr><td>文件</td><td>2</td></tr><tr><td colspan=3>落款</td></tr>"""
    assert shown(body) == ["标题", SENTENCE, "又一行", [["规章", "1"], ["文件", "2"]], "落款"]


def test_a_table_without_prose_stays_whole() -> None:
    rows = "<tr><td colspan=2>第二十条第（一）项</td></tr><tr><td>规章</td><td>1</td></tr>"
    assert shown(rows) == [[["第二十条第（一）项", "第二十条第（一）项"], ["规章", "1"]]]


def test_prose_beside_a_cell_that_reaches_down_is_no_paragraph() -> None:
    body = f"<tr><td rowspan=2>甲</td><td>1</td></tr><tr><td>{SENTENCE}</td></tr>"
    assert [type(block) for block in formats.read(f"<table>{body}</table>".encode()).blocks] == [Table]


def test_a_report_that_is_one_table_is_read_whole() -> None:
    page = fresh("2021", 3)
    page.one_table = True
    report = reports.parse(formats.read(html(page)))
    said = invented("2021", 3)
    assert (report.agency, report.year, report.signed_on) == (said.agency, said.year, said.signed_on)
    assert {fact.code: fact.value for fact in report.facts} == said.values
    assert report.issues == ()
