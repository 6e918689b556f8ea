"""Our tables of text PDFs beside pdfplumber's own, on the same files: seconds, and cells exactly right.

A cell counts as right where the reader of reports makes the known fact of it; both kinds of tables go through the
same reader. Called by benchmarks.read; alone: `python -m benchmarks.read_pdf`.
"""

from __future__ import annotations

import io
import json
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pdfplumber

from crawler import reports
from crawler.formats import pdf
from crawler.formats.grid import SourceCell, expand
from crawler.model import CellState, Document, Table

logging.getLogger("pdfminer").setLevel(logging.ERROR)  # a warning for every Type 3 glyph

MADE = Path(__file__).parent.parent / "tests" / "golden" / "made"
ROUNDS = 3  # the fastest counts


@dataclass(frozen=True, slots=True)
class PdfFigures:
    """Over all given files: seconds to read them once, facts exactly right, facts that there are, pages."""

    seconds_ours: float
    seconds_pdfplumber: float
    right_ours: int
    right_pdfplumber: int
    cells: int
    pages: int


def compare(paths: Sequence[Path]) -> PdfFigures:
    """`paths`: made PDFs with their expectation beside them (pdf-2021.pdf, 2021.expected.json)."""
    seconds = [0.0, 0.0]
    right = [0, 0]
    cells = pages = 0
    for path in paths:
        data = path.read_bytes()
        expected = _expected(path)
        cells += len(expected)
        with pdfplumber.open(io.BytesIO(data)) as opened:
            pages += len(opened.pages)
        for number, read in enumerate((_ours, _pdfplumber)):
            spent, document = _timed(read, data)
            seconds[number] += spent
            right[number] += _right(document, expected)
    return PdfFigures(seconds[0], seconds[1], right[0], right[1], cells, pages)


def _expected(path: Path) -> dict[str, str]:
    template = path.stem.rsplit("-", 1)[-1]
    kept: dict[str, Any] = json.loads((path.parent / f"{template}.expected.json").read_text(encoding="utf-8"))
    facts: dict[str, str] = kept["facts"]
    return facts


def _timed(read: Callable[[bytes], Document], data: bytes) -> tuple[float, Document]:
    spent = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        document = read(data)
        spent.append(time.perf_counter() - begun)
    return min(spent), document


def _ours(data: bytes) -> Document:
    return pdf.read(data, "")


def _pdfplumber(data: bytes) -> Document:
    """pdfplumber's tables, in its favour: a first table of a page as wide as the last one goes on with it."""
    found: list[list[list[str | None]]] = []
    with pdfplumber.open(io.BytesIO(data)) as opened:
        for page in opened.pages:
            for number, table in enumerate(page.extract_tables()):
                if number == 0 and found and table and len(table[0]) == len(found[-1][0]):
                    found[-1] += table
                else:
                    found.append(table)
    grids = [expand([_sources(table)]) for table in found]
    blocks = tuple(Table(rows, spans_known=True) for rows in grids if rows)
    return Document(format="pdfplumber", blocks=blocks)


def _sources(table: list[list[str | None]]) -> list[list[SourceCell]]:
    """A cell and the Nones right of it and below it are its span: the most that pdfplumber's answer lets one know."""
    taken: set[tuple[int, int]] = set()
    rows = []
    for number, row in enumerate(table):
        cells = []
        for column, text in enumerate(row):
            if (number, column) in taken:
                continue
            wide = 1
            while column + wide < len(row) and row[column + wide] is None and (number, column + wide) not in taken:
                wide += 1
            high = 1
            while number + high < len(table) and all(
                table[number + high][place] is None for place in range(column, column + wide)
            ):
                high += 1
            taken.update((number + down, column + across) for down in range(high) for across in range(wide))
            cells.append(SourceCell(text or "", high, wide))
        rows.append(cells)
    return rows


def _right(document: Document, expected: dict[str, str]) -> int:
    facts = reports.parse(document).facts
    said = {
        fact.code: format(fact.value, "f") if fact.value is not None else f"<{fact.state.value}>"
        for fact in facts
        if fact.state in (CellState.NUMBER, CellState.BLANK)
    }
    return sum(said.get(code) == value for code, value in expected.items())


def main() -> None:
    figures = compare(sorted(MADE.glob("pdf-*.pdf")))
    print(f"{figures.pages} pages, {figures.cells} cells")
    print(f"ours       {figures.seconds_ours:6.3f} s, {figures.right_ours} cells right")
    print(f"pdfplumber {figures.seconds_pdfplumber:6.3f} s, {figures.right_pdfplumber} cells right")


if __name__ == "__main__":
    main()
