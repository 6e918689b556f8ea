"""Every report in this folder against what it says: `case.txt` or `case.html` in, `case.expected.json` out.

A missing expectation is written, and the test fails: look at it, then keep it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crawler import formats, reports
from crawler.model import CellState, ParsedReport
from tests.golden.pages import FOLDER, SEEDS, report_html

CASES = sorted(path for path in FOLDER.iterdir() if path.suffix in (".txt", ".html"))
MONEY = ("proactive.fees.amount", "proactive.procurement.amount")


def described(report: ParsedReport) -> dict[str, Any]:
    """What a person compares: facts as their number, or as their state in angle brackets."""
    return {
        "is_report": report.is_report,
        "agency": report.agency,
        "year": report.year,
        "template": report.template,
        "title": report.title,
        "period": [day.isoformat() for day in report.period] if report.period else None,
        "signed_on": report.signed_on.isoformat() if report.signed_on else None,
        "dates": [f"{date.source.value} {date.value.isoformat()}" for date in report.dates],
        "statements": [
            f"{statement.key} = {'about ' if statement.about else ''}{statement.value}"
            for statement in report.statements
        ],
        "issues": [issue.kind for issue in report.issues],
        "broken": [identity.identity for identity in report.identities if identity.holds is False],
        "facts": {
            fact.code: format(fact.value, "f") if fact.value is not None else f"<{fact.state.value}>"
            for fact in report.facts
        },
    }


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name)
def test_golden(path: Path) -> None:
    report = described(reports.parse(formats.read(path.read_bytes())))
    expected = path.with_name(f"{path.stem}.expected.json")
    if not expected.exists():
        expected.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        pytest.fail(f"{expected.name} was missing; it is written now. Compare it with the report before keeping it.")
    assert report == json.loads(expected.read_text(encoding="utf-8"))


def test_every_expectation_has_a_case() -> None:
    assert {path.name.removesuffix(".expected.json") for path in FOLDER.glob("*.expected.json")} == {
        path.stem for path in CASES
    }


@pytest.mark.parametrize("case", SEEDS)
def test_a_report_reads_the_same_as_a_page(case: str) -> None:
    seed = SEEDS[case]
    page = f"<!DOCTYPE html><html><body><h1>{seed['title']}</h1>{report_html(case)}</body></html>"
    from_page = described(reports.parse(formats.read(page.encode())))
    from_text = described(reports.parse(formats.read((FOLDER / f"{case}.txt").read_bytes())))
    assert from_page == from_text
    assert from_page["agency"] == seed["agency"]
    assert from_page["year"] == seed["year"]
    assert from_page["template"] == seed["template"]
    assert from_page["signed_on"] == (seed["signed_on"].isoformat() if seed["signed_on"] else None)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name)
def test_every_number_can_be_found_again(path: Path) -> None:
    """Every number has its place: table, row, column and both labels."""
    for fact in reports.parse(formats.read(path.read_bytes())).facts:
        if fact.state is CellState.NUMBER:
            assert fact.place is not None
            assert fact.place.table and fact.place.row and fact.place.column
            assert fact.place.row_label and fact.place.column_label
