"""The five published reports, and one page, against what people read in them (../shared; skipped without it)."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from crawler import formats, reports
from crawler.model import CellState

SHARED = Path(__file__).parents[4] / "shared"
TRUTH = SHARED / "reference" / "truth"

READ_BY_PEOPLE = (
    "000_5945b72ec49c4541",
    "001_d5f7c89e64bb5c3f",
    "002_183d9a740fa2d1ad",
    "004_28803fdb9c58317a",
    "page-statutory-2025-1",
)

pytestmark = pytest.mark.skipif(not TRUTH.is_dir(), reason="needs ../shared with the reports and their truth")


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def source(name: str) -> Path:
    if name.startswith("page-"):
        return SHARED / "pages" / f"{name.removeprefix('page-')}.html"
    return SHARED / "seeds" / f"{name}.txt"


@pytest.mark.parametrize("name", READ_BY_PEOPLE)
def test_every_cell(name: str) -> None:
    report = reports.parse(formats.read(source(name).read_bytes()))
    read: dict[str, Decimal | str] = {}
    for fact in report.facts:
        assert fact.state in (CellState.NUMBER, CellState.BLANK, CellState.OPEN)
        read[fact.code] = fact.value if fact.value is not None else {"blank": "", "open": "?"}[fact.state.value]
    expected = {row["code"]: row["value"] for row in table(TRUTH / f"{name}.csv")}
    assert read == {code: value if value in ("", "?") else Decimal(value) for code, value in expected.items()}


def test_every_report() -> None:
    rows = table(TRUTH / "reports.csv")
    assert len(rows) == 5
    for row in rows:
        report = reports.parse(formats.read(source(row["seed"]).read_bytes()))
        found = {statement.key: str(statement.value) for statement in report.statements}
        assert {
            "agency": report.agency,
            "year": str(report.year),
            "template": report.template,
            "signed_on": report.signed_on.isoformat() if report.signed_on else "",
            "requests_received_in_text": found.get("requests_received", ""),
            "review_cases_in_text": found.get("review_cases", ""),
            "litigation_cases_in_text": found.get("litigation_cases", ""),
        } == {key: value for key, value in row.items() if key not in ("seed", "note")}
