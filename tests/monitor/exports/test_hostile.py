"""Formulas, line breaks, control signs and broken Unicode, in every format: text stays text, and no format loses a row."""

import csv
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest

from config.env import Settings
from crawler.store.session import open_store
from crawler.store.tables import AgencyState, Capture, Entry, FactRow, Filing, Reading, Run
from monitor.exports.build import Wanted, build
from monitor.exports.formats.contract import EXCEL_LONGEST
from monitor.exports.formats.delimited import guarded
from monitor.exports.model import writable
from tests.monitor.exports.office import converted
from tests.monitor.status.seed import NOW

NAMES = {
    "formula": '=HYPERLINK("http://127.0.0.1:9/","示例局")',
    "plus": "+示例局",
    "at": "@SUM(A1)示例",
    "minus": "-2+3+cmd|' /C calc'!A0 示例",
    "wide": "＝1+1 示例",
    "quote": '示例"局",,"x',
    "break": "示例\n=1+1\n局",
    "astral": "示例𠮷局",
}
TITLE = '\x00=cmd|"/C calc"!A0 \ud800 \x1b[31m 示例 \r\n\tx\ufffe'
CLEAN = '�=cmd|"/C calc"!A0 � �[31m 示例 \n\tx�'
RAW = "=1+1"
LONG = "示" * 40_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole export of a store whose every text is hostile."""
    root = tmp_path_factory.mktemp("hostile")
    (root / "config").mkdir()
    with (root / "config" / "agencies.csv").open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["id", "name", "aliases", "region_code", "region", "kind", "watched_years", "invented"])
        for key, name in NAMES.items():
            rows.writerow([f"shili-{key}", name, LONG, "990100", "示例省", "department", "2023-", "yes"])
    sessions = open_store(f"sqlite:///{root / 'gongkai.db'}", create=True)
    with sessions.begin() as session:
        session.add(Run(id=1, portal="sim", started_at=NOW, outcome="finished", simulated=True))
        session.flush()
        for number, key in enumerate(NAMES, 1):
            url = f"javascript:alert({number})"
            session.add(Entry(id=number, portal="sim", column="=c", url=url))
            session.add(Reading(id=number, sha256=f"{number:064}", extractor="4", read_at=NOW, format="html",
                                is_report=True, template="2021", details={"title": TITLE, "dates": []}))  # fmt: skip
            session.flush()
            session.add(Capture(id=number, run_id=1, entry_id=number, portal="sim", column="=c", kind="detail", url=url,
                                final_url=url, fetched_at=NOW, status=200, outcome="healthy", sha256=f"{number:064}"))  # fmt: skip
            session.flush()
            session.add(Filing(entry_id=number, reading_id=number, capture_id=number, decision="filed",
                               agency_id=f"shili-{key}", year=2024))  # fmt: skip
            session.add(FactRow(reading_id=number, code="requests.received.total", state="unreadable", unit="件", raw=RAW,
                                place={"block": 1, "row_label": TITLE}))  # fmt: skip
            session.add(AgencyState(agency_id=f"shili-{key}", year=2024, state="unknown", since=NOW,
                                    details={"report_url": url, "reason": "never_looked", "parameters": {}}))  # fmt: skip
    settings = Settings(data_dir=root, config_dir=root / "config")
    output = root / "out"
    assert build(settings, sessions, NOW, Wanted(output=output), lambda done, of: None) is not None
    sessions.kw["bind"].dispose()
    return output


def test_every_format_has_the_texts_and_nothing_else(folder: Path) -> None:
    names = list(NAMES.values())
    with (folder / "agencies.csv").open(encoding="utf-8", newline="") as stream:
        assert [row["name"] for row in csv.DictReader(stream)] == names
    assert pq.read_table(folder / "agencies.parquet")["name"].to_pylist() == names
    assert pq.read_table(folder / "reports.parquet")["title"].to_pylist() == [CLEAN] * len(names)
    with closing(sqlite3.connect(folder / "gongkai.db")) as database:
        assert [row[0] for row in database.execute("SELECT name FROM agencies")] == names
        assert database.execute("SELECT DISTINCT title FROM reports").fetchall() == [(CLEAN,)]
        place = database.execute("SELECT place FROM facts LIMIT 1").fetchone()[0]
        assert json.loads(place)["row_label"] == TITLE.replace("\ud800", "\ufffd").replace("\ufffe", "\ufffd"), (
            "the rest is escaped"
        )


def test_a_workbook_holds_texts_only(folder: Path) -> None:
    book = openpyxl.load_workbook(folder / "agencies.xlsx")
    cells = [cell for row in book["agencies"].iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "b", "inlineStr"} - (
        {"inlineStr"} - {cell.data_type for cell in cells}
    )
    assert all(cell.hyperlink is None for cell in cells)
    assert [row[1].value for row in book["agencies"].iter_rows(min_row=2)] == list(NAMES.values())
    aliases = book["agencies"].cell(2, 3).value
    assert isinstance(aliases, str) and len(aliases) == EXCEL_LONGEST and aliases.endswith("cut here）")


def test_in_the_csv_for_excel_nothing_begins_a_formula(folder: Path) -> None:
    content = (folder / "agencies.excel.csv").read_bytes()
    assert content.startswith("\ufeff".encode()) and content.count(b"\r\n") == len(NAMES) + 1
    for path in sorted(folder.glob("*.excel.csv")):
        with path.open(encoding="utf-8-sig", newline="") as stream:
            for row in csv.reader(stream):
                for cell in row:
                    assert not cell.startswith(("=", "+", "@", "\t", "\r", "＝", "＋", "－", "＠")), path
                    assert not cell.startswith("-") or float(cell) <= 0, path
    with (folder / "agencies.excel.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert [row["name"].removeprefix("'") for row in csv.DictReader(stream)] == list(NAMES.values())


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("示例\u3000局", "示例\u3000局"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("\x00\x0b\x7f", "\ufffd\ufffd\ufffd"),
        ("\ud800x\udfff", "\ufffdx\ufffd"),
        ("😀\t", "😀\t"),
        ("", None),
    ],
)
def test_what_can_be_written(text: str, written: str | None) -> None:
    assert writable(text) == written
    assert written is None or written.encode("utf-8").decode("utf-8") == written


@pytest.mark.parametrize(
    ("text", "shown"),
    [("=1+1", "'=1+1"), ("-5", "-5"), ("-1,234.5", "-1,234.5"), ("-a", "'-a"), ("＋1", "'＋1"), ("示例", "示例")],
)
def test_what_a_spreadsheet_would_run(text: str, shown: str) -> None:
    assert guarded(text) == shown


@pytest.mark.integration
def test_libreoffice_runs_no_formula(folder: Path, tmp_path: Path) -> None:
    """Though it is told to look for formulas and numbers, as Excel does unasked."""
    shown = converted(folder / "agencies.excel.csv", tmp_path, "csv")
    with shown.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["name"].removeprefix("'") for row in rows] == list(NAMES.values())
    plain = tmp_path / "plain.csv"
    plain.write_text("name\n=1+1\n", encoding="utf-8-sig")
    assert converted(plain, tmp_path, "csv").read_text(encoding="utf-8").split() == ["name", "2"], "it would have"
