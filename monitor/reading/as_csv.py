"""Readings as CSV: one row a fact. Touches nothing.

Codes as in config/indicators.csv; money in yuan, exact decimals. `value` is empty unless the state is number: a
blank, an open and an absent cell are no noughts. A file that cannot be read has no row.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

from crawler.model import ParsedReport
from crawler.workers import Outcome
from monitor.reading.plain import plain

NAME = "csv"
JOINT = ""
TAIL = ""
ENCODING = "utf-8-sig"  # Excel takes a file without the mark for the system's own code page

COLUMNS = (
    "file", "agency", "year", "template", "code", "value", "state", "raw", "place", "certain", "format", "sha256",
)  # fmt: skip

_PLAIN_NUMBER = re.compile(r"[+-]?\d[\d,]*(?:\.\d+)?")
_FORMULA_START = ("=", "+", "-", "@", "\t", "\r")


def head() -> str:
    return _lines([COLUMNS])


def chunk(file: str, outcome: Outcome) -> str:
    return _lines(rows(file, outcome, outcome.report)) if outcome.report else ""


def rows(file: str, outcome: Outcome, report: ParsedReport) -> Iterator[tuple[str, ...]]:
    """One row a fact, in the order of COLUMNS."""
    for fact in report.facts:
        yield (
            file,
            report.agency or "",
            str(report.year or ""),
            report.template or "",
            fact.code,
            plain(fact.value),
            fact.state.value,
            " ".join(fact.raw.split()),
            str(fact.place or ""),
            "yes" if fact.certain else "no",
            outcome.document_format,
            outcome.sha256,
        )


def neutral(cell: str) -> str:
    """A cell that a spreadsheet would run as a formula begins with an apostrophe."""
    if cell.startswith(_FORMULA_START) and not _PLAIN_NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


def _lines(cells: Iterable[Sequence[str]]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerows([neutral(cell) for cell in row] for row in cells)
    return stream.getvalue()
