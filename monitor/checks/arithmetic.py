"""Check: the report's own sums do not hold. Pure: facts in, findings out.

Rests on the newest content of the report. A finding is over when a newer content, or a better reader, finds the
identity to hold; while a cell of it cannot be read, it stays as it is. It is a finding about the report, never a
reason to change a number.
"""

from collections.abc import Iterator
from typing import Any

from crawler.model import IdentityResult
from monitor.checks.case import Case, Judged
from monitor.checks.entries import is_filed, newest_contents, reading_of
from monitor.days import iso_moment
from monitor.model import Finding, PageCapture, ReadingFact, Verdicts


def check(judged: Judged) -> Verdicts:
    case = judged.case
    broken: dict[str, Finding] = {}
    held: set[str] = set()
    for capture, reading in _newest_readings(case):
        for identity in reading.identities:
            key = f"arithmetic:{case.facts.agency.id}:{case.year}:{identity.identity}"
            if identity.holds is False:
                details = _details(identity, reading, capture)
                broken.setdefault(key, Finding(key, "arithmetic", case.facts.agency.id, case.year, details))
            elif identity.holds:
                held.add(key)
    return Verdicts(standing=tuple(broken.values()), over=frozenset(held - broken.keys()))


def _newest_readings(case: Case) -> Iterator[tuple[PageCapture, ReadingFact]]:
    """What the entries that still stand hold now; if all are gone, what they held last."""
    for seen in case.standing or case.sightings:
        for capture in newest_contents(seen.entry).values():
            reading = None if capture is None else reading_of(seen.entry, capture)
            if capture is not None and reading is not None and is_filed(reading, case.facts.agency.id, case.year):
                yield capture, reading


def _details(identity: IdentityResult, reading: ReadingFact, capture: PageCapture) -> dict[str, Any]:
    return {
        "identity": identity.identity,
        "description": identity.description,
        "left": _side(identity.left_codes, identity.left, reading),
        "right": _side(identity.right_codes, identity.right, reading),
        "url": capture.url,
        "capture": capture.id,
        "at": iso_moment(capture.at),
        "sha256": capture.sha256,
        "extractor": reading.extractor,
    }


def _side(codes: tuple[str, ...], total: Any, reading: ReadingFact) -> dict[str, Any]:
    """One side of the identity: its sum, and each cell with its value as printed and as read."""
    cells = [{"code": code, **_cell(reading, code)} for code in codes]
    return {"total": None if total is None else format(total, "f"), "cells": cells}


def _cell(reading: ReadingFact, code: str) -> dict[str, Any]:
    cell = reading.cells.get(code)
    if cell is None:
        return {"state": "absent", "value": None, "raw": ""}
    return {
        "state": cell.state.value,
        "value": None if cell.value is None else format(cell.value, "f"),
        "raw": cell.raw,
    }
