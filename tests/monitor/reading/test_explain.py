"""`gongkai read --explain CODE FILE`: where one number comes from."""

from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from config.errors import GongkaiError
from crawler.model import (
    Box,
    Cell,
    CellState,
    Document,
    Fact,
    IdentityResult,
    Issue,
    Paragraph,
    ParsedReport,
    Place,
    Proposal,
    Table,
)
from crawler.reports import EXTRACTOR
from crawler.workers import Outcome
from monitor.commands.read import read
from monitor.reading.explain import explain
from tests.golden.pages import FOLDER

EXAMPLE = str(FOLDER / "example-2024.html")
CODE = "requests.granted.natural_person"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(read, ["--explain", *arguments])


def test_a_cell_of_a_page() -> None:
    said = run(CODE, EXAMPLE).stdout
    for words in (
        f"代码 Code：{CODE}",
        "三、本年度办理结果/（一）予以公开”",
        "自然人”",
        "国办公开办函〔2021〕30号",
        "数值 Value：40",
        "可靠 Certain：是 yes",
        "原文 Raw text：“40”",
        "▶40◀",
        "印出的行标题",
        "→ 47 ≠ 48 ←",
        "不符 does not hold",
        "sha256 ",
        f"读取程序版本 Extractor version：{EXTRACTOR}",
    ):
        assert words in said


def test_a_cell_of_a_pdf_has_its_box() -> None:
    said = run(CODE, str(FOLDER / "made" / "pdf-2021.pdf")).stdout
    assert "页面坐标 Box：第 " in said
    assert "points from the top left corner" in said


def test_a_code_that_does_not_exist_is_answered_with_those_like_it() -> None:
    result = run("requests.granted.natural", EXAMPLE)
    assert isinstance(result.exception, GongkaiError)
    assert "the form 2021 has no code requests.granted.natural。" in str(result.exception)
    assert CODE in str(result.exception)
    nothing_like = str(run("zzz", EXAMPLE).exception)
    assert nothing_like.endswith("has no code zzz")


def test_what_cannot_be_explained_says_why(tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    page.write_text("<html><p>通知</p></html>", encoding="utf-8")
    assert "no statutory form" in str(run(CODE, str(page)).exception)
    assert "cannot open" in str(run(CODE, str(tmp_path / "none")).exception)
    assert run(CODE, EXAMPLE, EXAMPLE).exit_code == 2
    assert "one FILE" in run(CODE, str(tmp_path)).stderr


def outcome(fact: Fact, *, issues: tuple[Issue, ...] = (), proposals: tuple[Proposal, ...] = ()) -> Outcome:
    rows = tuple(tuple(Cell(f"{row}{column}") for column in "abc") for row in range(1, 12))
    document = Document("pdf", (Paragraph("标题"), Table(rows, spans_known=True)))
    identity = IdentityResult("sum", "合计", (CODE,), ("requests.granted.total",), None, None, None, certain=False)
    report = ParsedReport(
        True, None, 2024, "2021", None, None, "", (fact,), identities=(identity,), proposals=proposals, issues=issues
    )
    return Outcome("x", "ab" * 32, 10, "pdf", report, document=document)


def test_an_open_cell_with_its_inferred_value_and_what_is_in_doubt() -> None:
    place = Place(2, table=1, row=6, column=2, page=3, box=Box(3, 1, 2, 3, 4))
    issues = (
        Issue("mine", "这一格", place),
        Issue("row", "这一行", Place(2, table=1, row=6)),
        Issue("table", "这个表", Place(2, table=1)),
        Issue("other", "别的行", Place(2, table=1, row=7)),
        Issue("else", "别的表", Place(1)),
    )
    proposal = Proposal(CODE, Decimal(7), "件", ("rows", "columns"))
    fact = Fact(CODE, CellState.UNREADABLE, "件", raw="7?", place=place, certain=False)
    said = explain(CODE, "a.pdf", outcome(fact, issues=issues, proposals=(proposal,)))
    assert "▶6b◀" in said
    assert "│ 3 " in said
    assert "│ 9 " in said
    assert "2a" not in said
    assert "10a" not in said
    assert "数值 Value" not in said
    assert "第 3 页，左 1 上 2 右 3 下 4" in said
    assert "推算值 Inferred value：1\n  7（rows、columns）" in said
    assert "touch it：3" in said
    assert "别的" not in said
    assert "不能判断 cannot be told" in said


@pytest.mark.parametrize("place", [None, Place(99), Place(1), Place(2, table=1, row=99, column=1)])
def test_a_place_without_a_table_around_it(place: Place | None) -> None:
    said = explain(CODE, "a.pdf", outcome(Fact(CODE, CellState.ABSENT, "件", place=place)))
    assert "▶" not in said
    assert ("the document has no such cell" in said) == (place is None)
