"""The files in the hands of others: frictionless, Datasette, DuckDB and LibreOffice, the real programs."""

import csv
import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

import duckdb
import pypdfium2
import pytest
from sqlalchemy import func, select

from crawler.store.tables import AgencyState, FactRow
from tests.monitor.exports.conftest import Made
from tests.monitor.exports.office import converted

pytestmark = pytest.mark.integration
SECONDS = 120  # bounds only


def test_frictionless_accepts_the_package(made: Made) -> None:
    """With hashes and sizes, types, constraints, primary and foreign keys; in a process, as users call it."""
    command = [sys.executable, "-m", "frictionless", "validate", "datapackage.json", "--json"]
    done = subprocess.run(command, cwd=made.folder, capture_output=True, text=True, timeout=SECONDS, check=False)
    report = json.loads(done.stdout)
    assert report["valid"], report
    tables = {task["name"]: task for task in report["tasks"] if task["type"] == "table"}
    assert set(tables) == set(made.build.rows)
    assert tables["facts"]["stats"]["rows"] == made.build.rows["facts"]
    assert {task["place"] for task in report["tasks"]} | {"datapackage.json", "SHA256SUMS"} == {
        file.name for file in made.build.files
    }


def test_frictionless_would_see_a_wrong_cell(made: Made, tmp_path: Path) -> None:
    """That it is the content that is validated: a fact of no report, and a state that is none."""
    package = json.loads((made.folder / "datapackage.json").read_text(encoding="utf-8"))
    wanted = [resource for resource in package["resources"] if resource["name"] in ("agencies", "reports", "facts")]
    for resource in wanted:
        text = (made.folder / resource["path"]).read_text(encoding="utf-8")
        if resource["name"] == "facts":
            text = text.replace(",number,", ",guess,", 1)
            head, first, rest = text.split("\n", 2)
            text = "\n".join((head, f"999999{first[first.index(',') :]}", rest))
        (tmp_path / resource["path"]).write_text(text, encoding="utf-8", newline="")
        del resource["hash"], resource["bytes"]
    (tmp_path / "datapackage.json").write_text(json.dumps(package | {"resources": wanted}), encoding="utf-8")
    command = [sys.executable, "-m", "frictionless", "validate", "datapackage.json", "--json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=SECONDS, check=False)
    errors = {error["type"] for task in json.loads(done.stdout)["tasks"] for error in task["errors"]}
    assert errors == {"constraint-error", "foreign-key"}


def test_duckdb_reads_parquet_and_csv_alike(made: Made) -> None:
    with made.stock.sessions() as session:
        states = dict(session.execute(select(AgencyState.state, func.count()).group_by(AgencyState.state)).all())
        numbers = session.scalars(select(FactRow.value).where(FactRow.code == "requests.received.total")).all()
    with duckdb.connect() as database:

        def ask(sql: str) -> list[Any]:
            found: list[Any] = database.execute(sql).fetchall()
            return found

        for suffix in ("parquet", "csv"):
            coverage, facts = (f"'{made.folder / f'{name}.{suffix}'}'" for name in ("coverage", "facts"))
            assert dict(ask(f"SELECT state, count(*) FROM {coverage} GROUP BY state")) == states
            [(count, total)] = ask(
                f"SELECT count(value), sum(value) FROM {facts} WHERE code = 'requests.received.total'"
            )
            assert (count, Decimal(total)) == (
                len([one for one in numbers if one is not None]),
                sum(filter(None, numbers)),
            )
        types = {row[0]: row[1] for row in ask(f"DESCRIBE SELECT * FROM '{made.folder / 'coverage.parquet'}'")}
        assert (types["due"], types["since"], types["simulated"]) == ("DATE", "TIMESTAMP WITH TIME ZONE", "BOOLEAN")
        [(joined,)] = ask(
            f"SELECT count(*) FROM '{made.folder / 'facts.parquet'}' JOIN '{made.folder / 'indicators.parquet'}' "
            "USING (template, code)"
        )
        assert joined == made.build.rows["facts"]


@pytest.fixture(scope="module")
def datasette(made: Made) -> Iterator[str]:
    """Datasette on a free port of this machine, on the database as it is given away."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "datasette", "serve", "-i", "gongkai.db", "-m", "metadata.json"]
    with (made.folder.parent / "datasette.log").open("wb") as log:
        server = subprocess.Popen([*command, "--port", str(port)], cwd=made.folder, stdout=log, stderr=log)
        origin = f"http://127.0.0.1:{port}"
        try:
            until = time.monotonic() + SECONDS
            while True:
                try:
                    urllib.request.urlopen(f"{origin}/-/versions.json", timeout=5).close()
                    break
                except (urllib.error.URLError, ConnectionError):
                    assert server.poll() is None and time.monotonic() < until
                    time.sleep(0.1)
            yield origin
        finally:
            server.terminate()
            server.wait(timeout=20)


def get(address: str) -> str:
    with urllib.request.urlopen(address, timeout=30) as answer:
        text: str = answer.read().decode("utf-8")
        return text


def test_datasette_shows_describes_and_searches(datasette: str, made: Made) -> None:
    state = json.loads(get(f"{datasette}/gongkai/coverage.json?agency_id=shili-slj&year=2024&_shape=array"))
    assert [(row["state"], row["days_least"], row["days_most"]) for row in state] == [("late", 4, 11)]
    found = json.loads(get(f"{datasette}/gongkai/agencies.json?_search={quote('水利局')}&_shape=array"))
    assert [row["agency_id"] for row in found] == ["shili-slj"]
    sql = "select sum(value) as total from facts where code = 'requests.granted.natural_person' and current"
    total = json.loads(get(f"{datasette}/gongkai.json?sql={quote(sql)}&_shape=array"))
    assert total[0]["total"] > 0
    page = get(f"{datasette}/gongkai/facts")
    assert "法定表格的每一格" in page
    assert 'href="/gongkai/agencies/shili-' in page, "the foreign key leads to the office"


def test_libreoffice_shows_the_chinese(made: Made, tmp_path: Path) -> None:
    document = pypdfium2.PdfDocument(converted(made.folder / "agencies.excel.csv", tmp_path, "pdf"))
    try:
        text = "".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()
    assert "示例市水利局" in "".join(text.split())


def test_libreoffice_has_the_same_cells(made: Made, tmp_path: Path) -> None:
    with (made.folder / "coverage.csv").open(encoding="utf-8", newline="") as stream:
        reasons = [row["reason_zh"] for row in csv.DictReader(stream)]
    for file in ("coverage.excel.csv", "coverage.xlsx"):
        with converted(made.folder / file, tmp_path, "csv").open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        assert [row["reason_zh"] for row in rows] == reasons
        late = [row for row in rows if (row["agency_id"], row["year"]) == ("shili-slj", "2024")]
        assert [(row["due"], row["days_most"], row["since"][:10]) for row in late] == [
            ("2025-01-31", "11", "2025-02-11")
        ]
