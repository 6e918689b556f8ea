"""Archived documents: their bytes as a download only, their text as plain text with one place marked."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from fastapi import FastAPI
from sqlalchemy import select

from crawler.archive import Archive
from crawler.model import Box, Cell, Document, Paragraph, Table
from crawler.store.tables import Filing, Reading
from crawler.workers import Failure, Limits
from monitor.context import Context
from monitor.status.documents import Documents
from monitor.status.views.archived import MOST_BLOCKS, MOST_CELLS, Spot, shown_document
from tests.monitor.status.test_report_page import AFFAIRS, DATA, HOSTILE, soup, text_of
from tests.monitor.status.test_routes import ask


def sha256_of(seeded: Context, agency_id: str, year: int = 2024) -> str:
    with seeded.sessions() as session:
        rows = select(Reading.sha256).join(Filing, Filing.reading_id == Reading.id)
        return session.scalars(rows.where(Filing.agency_id == agency_id, Filing.year == year)).first() or ""


@pytest.mark.parametrize("agency_id", [DATA, HOSTILE])
def test_bytes_are_never_served_as_a_page(app: FastAPI, seeded: Context, agency_id: str) -> None:
    sha256 = sha256_of(seeded, agency_id)
    answer = ask(app, f"/archive/{sha256}", **{"Accept": "text/html", "Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert answer.content == Archive(seeded.settings.archive_dir).get(sha256)
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == f'attachment; filename="{sha256}.bin"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["etag"] == f'"{sha256}"'
    assert "immutable" in answer.headers["cache-control"]


def test_a_part_and_the_same_again(app: FastAPI, seeded: Context) -> None:
    sha256 = sha256_of(seeded, DATA)
    whole = ask(app, f"/archive/{sha256}").content
    part = ask(app, f"/archive/{sha256}", Range="bytes=10-19")
    assert (part.status_code, part.content) == (206, whole[10:20])
    assert part.headers["content-range"] == f"bytes 10-19/{len(whole)}"
    assert part.headers["content-disposition"].startswith("attachment")
    assert ask(app, f"/archive/{sha256}", Range=f"bytes={len(whole)}-").status_code == 416
    again = ask(app, f"/archive/{sha256}", **{"If-None-Match": f'"{sha256}"'})
    assert (again.status_code, again.content) == (304, b"")
    head = ask(app, f"/archive/{sha256}", "HEAD")
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(len(whole)))


@pytest.mark.parametrize(
    "name",
    [
        "0" * 64,
        "A" * 64,
        "0" * 63,
        "../../gongkai.db",
        "..%2f..%2fgongkai.db",
        "%2e%2e/%2e%2e",
        "incoming",
        "0" * 64 + "%00",
    ],
)
def test_what_is_no_capture_is_not_there(app: FastAPI, name: str) -> None:
    for path in (f"/archive/{name}", f"/archive/{name}/view", f"/en/archive/{name}/view"):
        assert ask(app, path).status_code == 404


def test_only_what_a_capture_refers_to(app: FastAPI, seeded: Context) -> None:
    """A file in the archive's folder alone is not served."""
    sha256 = Archive(seeded.settings.archive_dir).put(b"nobody captured this")
    assert ask(app, f"/archive/{sha256}").status_code == 404
    assert ask(app, f"/archive/{sha256}/view").status_code == 404


@pytest.mark.parametrize("query", ["table=x", "table=0", "row=-1", "column=1e3", "block=99999999", "table=１"])
def test_a_place_is_made_of_numbers(app: FastAPI, seeded: Context, query: str) -> None:
    assert ask(app, f"/archive/{sha256_of(seeded, DATA)}/view?{query}").status_code == 400


def test_the_place_is_marked_and_nothing_else_comes_through(app: FastAPI, seeded: Context) -> None:
    page = soup(app, f"/archive/{sha256_of(seeded, DATA)}/view?table=3&row=26&column=5")
    (marked,) = page.select("#place")
    assert "marked" in (marked.get("class") or []) and text_of(marked) == "详见附件"
    assert "表3第26行第5列" in text_of(page.select_one(".place-line"))
    assert page.select(".archived a, .archived img, .archived script, .archived iframe, .archived form") == []


def test_a_place_that_is_not_there_is_said(app: FastAPI, seeded: Context) -> None:
    page = soup(app, f"/en/archive/{sha256_of(seeded, DATA)}/view?table=99&row=1&column=1")
    assert "finds no such place" in text_of(page.select_one(".place-line"))
    assert page.select("#place") == []


def test_hostile_text_stays_text(app: FastAPI, seeded: Context) -> None:
    html = ask(app, f"/archive/{sha256_of(seeded, HOSTILE)}/view").text
    page = BeautifulSoup(html, "lxml")
    assert page.select("main script, main svg[onload], main img, [onerror]") == []
    assert not any(str(link["href"]).lower().startswith("javascript:") for link in page.select("[href]"))


def test_the_view_leads_back_to_the_report(app: FastAPI, seeded: Context) -> None:
    page = soup(app, f"/archive/{sha256_of(seeded, AFFAIRS)}/view")
    assert page.select_one(f'a[href="/agency/{AFFAIRS}/2024"]')


def cell(text: str, **values: object) -> Cell:
    return Cell(text, **values)  # type: ignore[arg-type]  # fields of one frozen class


def test_spans_are_drawn_only_where_the_grid_repeats_them() -> None:
    rows = (
        (cell("甲", rows=2, columns=2), cell("甲", repeated=True), cell("乙", columns=900)),
        (cell("甲", repeated=True), cell("甲", repeated=True), cell("丙")),
    )
    shown = shown_document(Document("html", (Table(rows, spans_known=True),)), Spot(table=1, row=2, column=2))
    table = shown.blocks[0].table
    assert table is not None
    assert [[(one.text, one.rows, one.columns) for one in row] for row in table.rows] == [
        [("甲", 2, 2), ("乙", 1, 1)],
        [("丙", 1, 1)],
    ]
    assert shown.marked is not None and shown.marked.text == "甲"  # the cell that covers the place


def test_a_long_document_is_cut_around_its_place() -> None:
    document = Document("text", tuple(Paragraph(f"第{number}段") for number in range(1, 5001)))
    first = shown_document(document, Spot())
    assert (len(first.blocks), first.before, first.after) == (MOST_BLOCKS, 0, 5000 - MOST_BLOCKS)
    late = shown_document(document, Spot(block=4321))
    marked = [block.paragraph.text for block in late.blocks if block.paragraph and block.paragraph.marked]
    assert marked == ["第4321段"] and late.found
    rows = tuple(tuple(cell(f"{row}") for _ in range(10)) for row in range(1, 3001))
    table = shown_document(Document("xlsx", (Table(rows, spans_known=True),)), Spot(table=1, row=2500, column=3))
    assert table.marked is not None and table.marked.text == "2500"
    shown = table.blocks[0].table
    assert shown is not None and sum(map(len, shown.rows)) <= MOST_CELLS and shown.first == 2460


def test_a_place_behind_many_cells_is_shown() -> None:
    many = Table(tuple((cell(str(row)),) for row in range(MOST_CELLS + 500)), spans_known=True)
    document = Document("xlsx", (many, Table(((cell("一"), cell("二")),), spans_known=True)))
    shown = shown_document(document, Spot(table=2, row=1, column=2))
    assert shown.marked is not None and shown.marked.text == "二"
    first = shown.blocks[0].table
    assert first is not None and first.more == 500


def test_a_place_on_a_page_is_told() -> None:
    box = Box(3, 72.0, 100.0, 172.0, 120.0)
    rows = ((cell("1", box=box, confidence=0.5),),)
    shown = shown_document(
        Document("pdf", (Table(rows, True, page=3),), recognised=True), Spot(table=1, row=1, column=1)
    )
    assert shown.marked is not None and shown.marked.box == box and not shown.marked.certain
    assert shown.blocks[0].page == 3 and shown.recognised


@pytest.fixture
def documents(tmp_path: Path) -> Iterator[Documents]:
    yield Documents(Archive(tmp_path), Limits(seconds=20))


def test_what_cannot_be_read_is_said_once_and_kept(documents: Documents) -> None:
    sha256 = documents.archive.put(b"\x00\x01 no document at all \xff\xfe" * 20)
    shown = documents.read(sha256)
    assert shown.document is None and shown.failure is Failure.UNREADABLE and shown.error
    assert documents.read(sha256) is shown
    missing = documents.read("0" * 64)
    assert (missing.document, missing.failure) == (None, None)
