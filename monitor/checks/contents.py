"""What a report's pages and files hold now, and the parts that findings about its numbers have in common. Pure."""

from collections.abc import Iterator
from typing import Any

from crawler.reports import EXTRACTOR
from monitor.checks.case import Case
from monitor.checks.entries import is_filed, newest_contents, reading_of
from monitor.days import iso_moment
from monitor.model import CellFact, PageCapture, ReadingFact

Content = tuple[PageCapture, ReadingFact]


def newest_readings(case: Case) -> Iterator[Content]:
    """What the entries that still stand hold now; if all are gone, what they held last."""
    for seen in case.standing or case.sightings:
        for capture in newest_contents(seen.entry).values():
            reading = None if capture is None else reading_of(seen.entry, capture)
            if capture is not None and reading is not None and is_filed(reading, case.facts.agency.id, case.year):
                yield capture, reading


def present_readings(case: Case) -> list[Content]:
    """Those that the present extractor made: an older one saw other sentences and knew no certainty."""
    return [(capture, reading) for capture, reading in newest_readings(case) if reading.extractor == EXTRACTOR]


def present_contents(case: Case) -> Iterator[list[Content]]:
    """The same by entry: its page first, then its files in the order of their addresses."""
    by_entry: dict[str, list[Content]] = {}
    present = {capture.id: (capture, reading) for capture, reading in present_readings(case)}
    for seen in case.standing or case.sightings:
        newest = newest_contents(seen.entry).values()
        found = [present[capture.id] for capture in newest if capture is not None and capture.id in present]
        found.sort(key=lambda content: (content[0].url != seen.entry.url, content[0].url))
        by_entry.setdefault(seen.entry.url, found)
    yield from by_entry.values()


def source(capture: PageCapture, reading: ReadingFact) -> dict[str, Any]:
    """Where the numbers of a finding stand, as JSON values."""
    return {
        "url": capture.url,
        "capture": capture.id,
        "at": iso_moment(capture.at),
        "sha256": capture.sha256,
        "extractor": reading.extractor,
    }


def shown_cell(code: str, cell: CellFact | None) -> dict[str, Any]:
    """A cell as it was read and as it was printed, as JSON values."""
    if cell is None:
        return {"code": code, "state": "absent", "value": None, "raw": ""}
    return {
        "code": code,
        "state": cell.state.value,
        "value": None if cell.value is None else format(cell.value, "f"),
        "raw": cell.raw,
    }
