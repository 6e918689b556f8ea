"""More than one report on a page: the nearest title or caption says whose a table is."""

from __future__ import annotations

import re

import pytest

from crawler import formats, reports
from crawler.model import CellState, ParsedReport
from tests.golden.forms import Grid, InventedReport, invented
from tests.golden.pages import block_html

OWN, OTHER = invented("2021", 1), invented("2021", 2)


def parse(*parts: str) -> ParsedReport:
    return reports.parse(formats.read(f"<html><body>{''.join(parts)}</body></html>".encode()))


def body(report: InventedReport) -> str:
    return "".join(block_html(block) for block in report.blocks)


def tables(report: InventedReport) -> list[str]:
    return [block_html(block) for block in report.blocks if isinstance(block, Grid)]


def head(report: InventedReport) -> str:
    return "".join(block_html(block) for block in report.blocks[:2])


def is_own(report: ParsedReport) -> bool:
    return {fact.code: fact.value for fact in report.facts} == OWN.values


def test_the_page_of_two_offices_is_read_for_the_first() -> None:
    report = parse(body(OWN), body(OTHER))
    assert report.agency == OWN.agency
    assert is_own(report)
    assert {issue.kind for issue in report.issues} >= {"two_reports"}


def test_the_names_of_the_offices_above_each_table() -> None:
    parts = [
        f"<p>{OWN.agency}</p>{own}<p>{OTHER.agency}</p>{other}"
        for own, other in zip(tables(OWN), tables(OTHER), strict=True)
    ]
    assert is_own(parse(head(OWN), *parts))


@pytest.mark.parametrize("caption", ["上年数据", "附：2021年统计表", "（上一年度）", "2021年"])
def test_last_years_table_is_not_this_years(caption: str) -> None:
    two, three, four = tables(OWN)
    assert is_own(parse(head(OWN), two, f"<p>{caption}</p>", tables(OTHER)[1], three, four))
    beside = parse(head(OWN), two, three, f"<p>{caption}</p>", tables(OTHER)[1], "<p>四、复议</p>", four)
    assert is_own(beside)
    alone = parse(head(OWN), two, f"<p>{caption}</p>", tables(OTHER)[1], "<p>四、复议</p>", four)
    assert {fact.state for fact in alone.facts if fact.code.startswith("requests.")} == {CellState.OPEN}


def test_a_caption_may_be_a_row_of_the_table() -> None:
    two, three, four = tables(OWN)
    named = tables(OTHER)[1].replace("<table>", "<table><tr><td colspan=10>2021年数据</td></tr>")
    assert is_own(parse(head(OWN), two, three, named, four))
    alone = parse(head(OWN), two, named, four)
    assert {fact.state for fact in alone.facts if fact.code.startswith("requests.")} == {CellState.OPEN}


def test_a_caption_holds_for_all_pieces_of_its_table() -> None:
    pieces = tables(OTHER)[0].replace('<tr><td colspan="4">第二十条', "</table><p>第二十条")
    pieces = re.sub(r"(<p>第二十条第（.）项)</td></tr>", r"\1</p><table>", pieces)
    assert pieces.count("<table>") == 5
    report = parse(head(OWN), "<p>2021年数据：</p>", pieces, "<p>三、申请</p>", *tables(OWN)[1:])
    own = {fact.code: fact.state for fact in report.facts}
    assert {state for code, state in own.items() if code.startswith("proactive.")} <= {CellState.OPEN, CellState.ABSENT}
    assert own["requests.received.total"] is CellState.NUMBER


@pytest.mark.parametrize("caption", ["2022年数据", "二、主动公开政府信息情况", "单位：件", "2023年1月28日"])
def test_other_lines_above_a_table_say_nothing_of_the_kind(caption: str) -> None:
    assert is_own(parse(head(OWN), f"<p>{caption}</p>", *tables(OWN)))


def test_two_titles_neither_of_which_is_the_pages_own_leave_all_open() -> None:
    meta = '<meta name="ArticleTitle" content="示例县综合局2022年政府信息公开工作年度报告">'
    report = parse(meta, body(OWN), body(OTHER))
    assert {fact.state for fact in report.facts} <= {CellState.OPEN, CellState.ABSENT}
