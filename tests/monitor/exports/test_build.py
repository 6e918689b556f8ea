"""One export: all formats hold the same rows of one moment; nothing is built for nothing; what fails leaves what was there."""

import csv
import datetime as dt
import hashlib
import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
from sqlalchemy import func, select

from config.errors import GongkaiError
from crawler.store.tables import Event, FactRow, Filing
from monitor.exports import build as building
from monitor.exports import folder, run
from monitor.exports.build import Wanted, build, outlook
from monitor.exports.formats import FORMATS
from monitor.exports.formats.delimited import Plain
from monitor.exports.tables import TABLES
from tests.monitor.exports.conftest import Made, Stock, stock
from tests.monitor.status.seed import NOW, UNWATCHED_REAL


def rows(made: Made, table: str) -> list[dict[str, str]]:
    with (made.folder / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_every_table_is_in_every_format_with_the_same_rows(made: Made) -> None:
    with closing(sqlite3.connect(made.folder / "gongkai.db")) as database:
        for name in TABLES:
            count = made.build.rows[name]
            assert len(rows(made, name)) == count
            assert pq.ParquetFile(made.folder / f"{name}.parquet").metadata.num_rows == count
            assert database.execute(f'SELECT count(*) FROM "{name}"').fetchone() == (count,)
            book = openpyxl.load_workbook(made.folder / f"{name}.xlsx", read_only=True)
            assert sum(1 for _ in book[name].iter_rows()) == count + 1
            book.close()
            with (made.folder / f"{name}.excel.csv").open(encoding="utf-8-sig", newline="") as stream:
                assert sum(1 for _ in csv.reader(stream)) == count + 1
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert all(made.build.rows[name] for name in TABLES if name not in ("facts_2014", "facts_2019"))


def test_the_numbers_are_those_of_the_store(made: Made) -> None:
    """Every content is filed once here, so every cell of a filed reading is a row."""
    with made.stock.sessions() as session:
        filed = select(Filing.reading_id).where(Filing.decision == "filed")
        found = session.execute(
            select(func.count(), func.count(FactRow.value)).where(FactRow.reading_id.in_(filed))
        ).one()
        total = sum(
            (value for value in session.scalars(select(FactRow.value).where(FactRow.reading_id.in_(filed))) if value),
            Decimal(0),
        )
    facts = rows(made, "facts")
    numbers = [Decimal(row["value"]) for row in facts if row["value"]]
    assert (len(facts), len(numbers), sum(numbers)) == (*found, total)
    assert sum(row.as_py() or 0 for row in pq.read_table(made.folder / "facts.parquet")["value"]) == total
    with closing(sqlite3.connect(made.folder / "gongkai.db")) as database:
        assert database.execute("SELECT sum(value) FROM facts").fetchone() == (total,)


def test_only_a_number_has_a_value(made: Made) -> None:
    facts = rows(made, "facts")
    assert {row["state"] for row in facts} >= {"number", "blank", "unreadable"}
    assert all((row["state"] == "number") is (row["value"] != "") for row in facts)


def test_the_wide_form_says_of_every_empty_cell_what_it_is(made: Made) -> None:
    long = {(row["report_id"], row["code"]): row for row in rows(made, "facts")}
    codes = [one.name for one in TABLES["facts_2021"].fields if "." in one.name]
    states = ("blank", "open", "absent", "unreadable")
    for row in rows(made, "facts_2021"):
        listed = {code: state for state in states for code in row[state].split()}
        for code in codes:
            fact = long.get((row["report_id"], code))
            assert row[code] == (fact["value"] if fact else "")
            assert (row[code] == "") is (code in listed)
            if fact is not None and fact["state"] != "number":
                assert listed[code] == fact["state"]


def test_what_of_two_contents_is_current_is_told(made: Made) -> None:
    """The changed report: both contents are there, one of them is what the address shows."""
    reports = [row for row in rows(made, "reports") if (row["agency_id"], row["year"]) == ("shili-mzj", "2024")]
    assert [(row["current"], row["current_contents"], row["same_as"]) for row in reports] == [
        ("false", "1", ""),
        ("true", "1", ""),
    ]
    granted = [
        (row["current"], row["value"])
        for row in rows(made, "facts")
        if (row["agency_id"], row["year"], row["code"]) == ("shili-mzj", "2024", "requests.granted.natural_person")
    ]
    assert granted == [("false", "31"), ("true", "29")]
    versions = [row for row in rows(made, "versions") if (row["agency_id"], row["year"]) == ("shili-mzj", "2024")]
    assert [row["number"] for row in versions] == ["1", "2"]
    assert versions[0]["last_seen_at"] < versions[1]["first_seen_at"]


def test_states_come_with_days_and_reasons(made: Made) -> None:
    states = {(row["agency_id"], row["year"]): row for row in rows(made, "coverage")}
    late = states["shili-slj", "2024"]
    assert (late["state"], late["due"], late["days_least"], late["days_most"]) == ("late", "2025-01-31", "4", "11")
    assert late["published_after"].startswith("2025-02-04T03:00:0")
    assert late["published_by"].startswith("2025-02-11T03:00:0")
    assert "2025年2月11日" in late["reason_zh"] and "11 February 2025" in late["reason_en"]
    assert (states["shili-whj", "2024"]["state"], states["shili-whj", "2024"]["days_most"]) == ("missing", "48")
    assert states["shili-jtj", "2024"]["days_most"] == ""


def test_what_is_not_real_says_so_and_the_unwatched_are_not_judged(made: Made) -> None:
    agencies = {row["agency_id"]: row["invented"] for row in rows(made, "agencies")}
    assert agencies.pop(UNWATCHED_REAL) == "false"
    assert set(agencies.values()) == {"true"}
    for table in ("coverage", "reports", "versions", "facts", "facts_2021", "changes", "findings", "events"):
        found = rows(made, table)
        assert {row["simulated"] for row in found} == {"true"}, table
        assert UNWATCHED_REAL not in {row["agency_id"] for row in found}


def test_what_is_said_of_the_files_is_so(made: Made) -> None:
    on_disk = {path.name for path in made.folder.iterdir()} - {folder.RECORD}
    assert {file.name for file in made.build.files} == on_disk
    for file in made.build.files:
        content = (made.folder / file.name).read_bytes()
        assert (file.bytes, file.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    sums = (made.folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    assert {line.split("  ")[1] for line in sums} == on_disk - {"SHA256SUMS"}
    assert {line.split("  ")[1]: line[:64] for line in sums}["facts.csv"] == made.build.file("facts.csv").sha256  # type: ignore[union-attr]  # it is there, see above


def test_the_names_of_the_formats_are_known_without_loading_them() -> None:
    assert tuple(FORMATS) == run.FORMAT_NAMES


@pytest.fixture
def quick(own: Stock, monkeypatch: pytest.MonkeyPatch) -> Stock:
    """A store whose exports have one format: what is asked here is the same for all."""
    monkeypatch.setattr(building, "FORMATS", {"csv": Plain})
    return own


def test_nothing_is_built_where_nothing_changed(quick: Stock) -> None:
    first = quick.built()
    assert first is not None and first.name == f"{NOW:%Y-%m-%d}.1"
    assert quick.built() is None
    assert outlook(quick.settings, quick.sessions, NOW, Wanted()).unchanged == first.name
    tomorrow = build(quick.settings, quick.sessions, NOW + dt.timedelta(days=1), Wanted(), lambda done, of: None)
    assert tomorrow is not None, "somebody is missing: the days are counted anew"
    with quick.sessions.begin() as session:
        event = session.scalars(select(Event).limit(1)).one()
        session.add(Event(at=NOW, kind="quiet", agency_id=event.agency_id, year=event.year, details={}))
    again = quick.built()
    assert again is not None and again.rows["events"] == first.rows["events"] + 1
    assert folder.newest(quick.exports) == tomorrow, "by day, then by number"
    assert folder.builds(quick.exports) == [tomorrow.name, again.name, first.name]


def test_all_files_are_of_one_moment(own: Stock, tmp_path: Path) -> None:
    """What is recorded while the files are written is in none of them."""
    added = 0

    def add(done: int, of: int) -> None:
        nonlocal added
        with own.sessions.begin() as session:
            event = session.scalars(select(Event).limit(1)).one()
            session.add(Event(at=NOW, kind="quiet", agency_id=event.agency_id, year=event.year, details={}))
        added += 1

    wanted = Wanted(("agencies", "coverage", "events"), ("csv", "parquet"), tmp_path / "out")
    with own.sessions() as session:
        before = session.scalar(select(func.count()).select_from(Event))
    made = build(own.settings, own.sessions, NOW, wanted, add)
    assert added >= 3
    assert made is not None and made.rows["events"] == before


def test_only_the_newest_are_kept_and_what_was_left_behind_goes(own: Stock) -> None:
    left = own.exports / ".2024-01-01.1.part"
    left.mkdir(parents=True)
    (left / "facts.csv").write_text("half", encoding="utf-8")
    (own.exports / "notes").mkdir()  # somebody's own
    for number in range(1, 4):
        whole = own.exports / f"2025-03-0{number}.1"
        whole.mkdir()
        (whole / folder.RECORD).write_text("{}", encoding="utf-8")
    folder.tidy(own.exports, 2)
    assert sorted(path.name for path in own.exports.iterdir()) == ["2025-03-02.1", "2025-03-03.1", "notes"]


def test_what_fails_leaves_the_former_build(quick: Stock, monkeypatch: pytest.MonkeyPatch) -> None:
    first = quick.built()
    assert first is not None
    monkeypatch.setattr(building, "write_package", lambda *given: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        quick.built(Wanted(force=True))
    assert [path.name for path in quick.exports.iterdir()] == [first.name]
    assert folder.newest(quick.exports) == first


def test_a_full_disk_is_said_before_anything_is_written(own: Stock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "free_bytes", lambda _folder: 10 * 2**20)
    with pytest.raises(GongkaiError, match="10 MiB are free; the export needs about"):
        own.built()
    assert not own.exports.exists()


def test_a_part_goes_to_a_folder_of_one_s_own(own: Stock, tmp_path: Path) -> None:
    with pytest.raises(GongkaiError, match="whole exports only"):
        Wanted(tables=("facts",))
    with pytest.raises(GongkaiError, match="no table secrets"):
        Wanted(tables=("secrets",), output=tmp_path)
    output = tmp_path / "out"
    made = own.built(Wanted(("agencies",), ("csv",), output))
    assert made is not None
    assert {path.name for path in output.iterdir()} == {
        "agencies.csv", "datapackage.json", "LICENSE.txt", "README.txt", "SHA256SUMS"
    }  # fmt: skip
    with pytest.raises(GongkaiError, match="is not empty"):
        own.built(Wanted(("agencies",), ("csv",), output))


@pytest.mark.integration
def test_postgresql_gives_the_same_files(made: Made, tmp_path: Path, postgres_url: str) -> None:
    other = stock(tmp_path, postgres_url)
    built = other.built()
    assert built is not None and built.rows == made.build.rows
    for table in ("agencies", "coverage", "reports", "facts", "facts_2021"):
        name = f"{table}.csv"
        assert (other.exports / built.name / name).read_bytes() == (made.folder / name).read_bytes(), name
