"""What was read in the report, cell by cell, with the place and the text as it stood there. Pure."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from crawler.model import Place
from crawler.store.tables import FactRow
from monitor.evidence.material import ReadContent
from monitor.reading.as_csv import neutral
from monitor.reading.plain import plain

COLUMNS = ("code", "value", "state", "unit", "raw", "place", "certain")
ENCODING = "utf-8-sig"  # Excel takes a file without the mark for the system's own code page


def files(readings: tuple[ReadContent, ...]) -> Iterator[tuple[str, bytes]]:
    """(name, content) of a JSON and a CSV file for each reading: readings/before-<sha256, 12 digits>.json …"""
    for one in readings:
        name = f"readings/{one.role}-{one.reading.sha256[:12]}"
        yield f"{name}.json", json.dumps(as_json(one), ensure_ascii=False, indent=1).encode() + b"\n"
        yield f"{name}.csv", as_csv(one).encode(ENCODING)


def as_json(one: ReadContent) -> dict[str, Any]:
    reading = one.reading
    return {
        "role": one.role,
        "sha256": reading.sha256,
        "extractor": reading.extractor,
        "format": reading.format,
        "error": reading.error,
        "agency": reading.agency,
        "year": reading.year,
        "template": reading.template,
        "signed_on": reading.signed_on.isoformat() if reading.signed_on else None,
        "details": reading.details,
        "facts": [_fact(fact) for fact in one.facts],
    }


def as_csv(one: ReadContent) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for fact in one.facts:
        cells = (
            fact.code,
            plain(fact.value),
            fact.state,
            fact.unit,
            " ".join(fact.raw.split()),
            _place(fact),
            "yes" if fact.certain else "no",
        )
        writer.writerow([neutral(cell) for cell in cells])
    return stream.getvalue()


def _fact(fact: FactRow) -> dict[str, Any]:
    return {
        "code": fact.code,
        "state": fact.state,
        "value": plain(fact.value) or None,
        "unit": fact.unit,
        "raw": fact.raw,
        "place": fact.place,
        "certain": fact.certain,
    }


def _place(fact: FactRow) -> str:
    if not fact.place:
        return ""
    return str(Place(**{name: value for name, value in fact.place.items() if name != "box"}))
