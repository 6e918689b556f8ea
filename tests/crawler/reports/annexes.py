"""Statistics annexes as pages, in the layouts that agencies publish: for the tests of the tree reader.

Made from the form and given values; every label and number is the form's or invented.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from html import escape

from crawler import formats, reports
from crawler.model import CellState, ParsedReport
from crawler.reports import templates
from tests.golden import forms

FORM = templates.load()["2014"]
BLOCK = FORM.blocks[0]
CODES = tuple(cell.code for cell in FORM.cells())


@dataclass(frozen=True, slots=True)
class Item:
    """One printed line; `code` is "" for a heading without a value."""

    code: str
    level: int
    label: str
    unit: str
    value: str

    @property
    def cells(self) -> tuple[str, str, str]:
        return self.label, self.unit, self.value


def items(values: Mapping[str, Decimal | None]) -> list[Item]:
    """The lines of the form in order, with its values as it prints them (money in 万元)."""
    found: list[Item] = []
    above: tuple[str, ...] = ()
    for row in BLOCK.rows:
        path = tuple(label.text for label in row.path)
        for level, text in enumerate(path):
            if above[: level + 1] == path[: level + 1]:
                continue
            if level < len(path) - 1:
                found.append(Item("", level, text, "——", ""))
                continue
            unit = "万元" if row.unit == "元" else row.unit
            printed = forms.printed(BLOCK, row, BLOCK.columns[0], values)
            found.append(Item(BLOCK.code(row, BLOCK.columns[0]), level, text, unit, printed))
        above = path
    return found


def values(seed: int = 0) -> dict[str, Decimal | None]:
    return dict(forms.invented("2014", seed).values)


def table(rows: Sequence[Sequence[str]], head: Sequence[str] = ("统计指标", "单位", "统计数")) -> str:
    lines = [head, *rows] if head else rows
    body = "".join("<tr>" + "".join(f"<td>{escape(text)}</td>" for text in row) + "</tr>" for row in lines)
    return f"<table>{body}</table>"


def official(lines: Sequence[Item]) -> str:
    return table([item.cells for item in lines])


def without(lines: Sequence[Item], *labels: str) -> list[Item]:
    return [item for item in lines if item.label not in labels]


def changed(lines: Sequence[Item], code: str, **fields: str) -> list[Item]:
    """The lines with one of them written in another way."""
    assert any(item.code == code for item in lines)
    return [replace(item, **fields) if item.code == code else item for item in lines]  # type: ignore[arg-type]  # all strings


def parse(markup: str, title: str = "示例市示例局2017年政府信息公开工作年度报告") -> ParsedReport:
    page = f"<html><body><h1>{title}</h1><p>机关和数字均为虚构。</p>{markup}</body></html>"
    return reports.parse(formats.read(page.encode()))


def parse_text(text: str) -> ParsedReport:
    return reports.parse(formats.read(f"示例市示例局2017年政府信息公开工作年度报告\n\n{text}\n".encode()))


def read(report: ParsedReport) -> dict[str, Decimal | str | None]:
    """code → number, None for a blank, else the state's word."""
    plain = (CellState.NUMBER, CellState.BLANK)
    return {fact.code: fact.value if fact.state in plain else fact.state.value for fact in report.facts}


def kinds(report: ParsedReport) -> set[str]:
    return {issue.kind for issue in report.issues}


def wrong(report: ParsedReport, known: Mapping[str, Decimal | None]) -> dict[str, object]:
    """Cells that claim to be read and are not what the report says."""
    return {
        fact.code: (fact.state, fact.value, known[fact.code])
        for fact in report.facts
        if fact.state in (CellState.NUMBER, CellState.BLANK) and fact.value != known[fact.code]
    }
