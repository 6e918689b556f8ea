"""What is left of a report: equal for a copy, apart for anything else, blind to numbers and names."""

from __future__ import annotations

from decimal import Decimal
from itertools import permutations

import pytest

from crawler import formats, reports
from crawler.model import CellState, Document, Fact, Fingerprint, Paragraph
from crawler.reports.fingerprint import fingerprint
from tests.golden.pages import FOLDER, SEEDS

TEXT = "我局紧紧围绕优化营商环境重点任务，持续推进政府信息主动公开，全年公开{count}条。{place}聚焦群众关切做好解读回应工作。"


def report(count: int, place: str, agency: str, *more: str) -> Document:
    lines = (
        "一、总体情况",
        agency + TEXT.format(count=count, place=place),
        *more,
        "二、主动公开政府信息情况",
        "表格从略的说明文字不计入",
    )
    return Document("text", tuple(Paragraph(line) for line in lines))


def test_numbers_and_names_make_no_difference() -> None:
    one = fingerprint(report(12, "示例市", "示例市水务局"), (), "示例市水务局")
    other = fingerprint(report(3456, "样板县", "样板县教育局"), (), "样板县教育局")
    assert one.clauses == other.clauses != ()


def test_only_sections_one_and_five_are_text() -> None:
    whole = fingerprint(report(1, "示例市", "甲"), (), None)
    more = report(1, "示例市", "甲", "三、收到和处理政府信息公开申请情况", "这里的文字属于第三部分所以不算在内")
    assert fingerprint(more, (), None).clauses == whole.clauses
    fifth = report(1, "示例市", "甲", "五、存在的主要问题及改进情况", "部分栏目内容更新还不够及时准确")
    assert len(fingerprint(fifth, (), None).clauses) == len(whole.clauses) + 1
    bare = Document("text", (Paragraph("没有分节的报告正文写了很多很多文字"),))
    assert fingerprint(bare, (), None).clauses == ()


def fact(code: str, value: int | None, *, certain: bool = True) -> Fact:
    state = CellState.BLANK if value is None else CellState.NUMBER
    return Fact(code, state, "件", None if value is None else Decimal(value), certain=certain)


def figures(*facts: Fact) -> tuple[str, int]:
    found = fingerprint(Document("text", ()), facts, None)
    return found.figures, found.numbers


def test_figures_are_all_cells_that_are_not_nought() -> None:
    base = figures(fact("requests.granted.total", 12), fact("requests.received.total", 30))
    assert base == figures(
        fact("requests.received.total", 30), fact("requests.granted.total", 12), fact("requests.carried_in.total", 0)
    )
    assert base[1] == 2
    assert base[0] != figures(fact("requests.granted.total", 30), fact("requests.received.total", 12))[0]
    assert base[0] != figures(fact("requests.granted.total", 12))[0]
    assert figures(fact("requests.granted.total", None), fact("review.total", 99)) == ("", 0)
    assert figures(fact("requests.granted.total", 9), fact("requests.received.total", -14))[1] == 1
    assert figures(fact("requests.granted.total", 99, certain=False)) == ("", 0)


def share(one: Fingerprint, other: Fingerprint) -> float:
    there = dict(other.clauses)
    return sum(length for clause, length in one.clauses if clause in there) / sum(dict(one.clauses).values())


@pytest.mark.parametrize(("one", "other"), tuple(permutations(SEEDS, 2)))
def test_real_reports_of_like_offices_share_hardly_any_text(one: str, other: str) -> None:
    """The measure behind the threshold: what boilerplate alone makes of offices of one trade."""
    prints = []
    for case in (one, other):
        document = formats.read((FOLDER / f"{case}.txt").read_bytes())
        found = reports.parse(document).fingerprint
        assert found is not None and found.clauses
        prints.append(found)
    assert share(*prints) < 0.1
    assert prints[0].figures != prints[1].figures or prints[0].figures == ""


def test_the_json_says_it_all() -> None:
    found = fingerprint(report(1, "示例市", "甲"), (fact("requests.granted.total", 12),), None)
    stored = found.as_json()
    assert stored["figures"] == found.figures and stored["numbers"] == 1
    assert [tuple(clause) for clause in stored["clauses"]] == list(found.clauses)
    assert all(0 <= clause < 2**48 for clause, _ in found.clauses)
