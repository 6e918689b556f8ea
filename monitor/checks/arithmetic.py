"""Check: the report's own sums do not hold. Pure: facts in, findings out.

Rests on the newest content of the report. An identity with a cell that was not read with certainty is no finding: the
reader may be to blame, and the report's page shows it for review. A finding is over when a newer content, or a better reader, finds the
identity to hold; while a cell of it cannot be read, it stays as it is. It is a finding about the report, never a
reason to change a number.
"""

from decimal import Decimal
from typing import Any

from crawler.model import IdentityResult
from monitor.checks.case import Judged
from monitor.checks.contents import newest_readings, shown_cell, source
from monitor.model import Finding, PageCapture, ReadingFact, Verdicts


def check(judged: Judged) -> Verdicts:
    case = judged.case
    broken: dict[str, Finding] = {}
    held: set[str] = set()
    for capture, reading in newest_readings(case):
        for identity in reading.identities:
            key = f"arithmetic:{case.facts.agency.id}:{case.year}:{identity.identity}"
            if identity.holds is False and identity.certain:
                details = _details(identity, reading, capture)
                broken.setdefault(key, Finding(key, "arithmetic", case.facts.agency.id, case.year, details))
            elif identity.holds:
                held.add(key)
    return Verdicts(standing=tuple(broken.values()), over=frozenset(held - broken.keys()))


def _details(identity: IdentityResult, reading: ReadingFact, capture: PageCapture) -> dict[str, Any]:
    return {
        "identity": identity.identity,
        "description": identity.description,
        "left": _side(identity.left_codes, identity.left, reading),
        "right": _side(identity.right_codes, identity.right, reading),
        **source(capture, reading),
    }


def _side(codes: tuple[str, ...], total: Decimal | None, reading: ReadingFact) -> dict[str, Any]:
    """One side of the identity: its sum, and each cell with its value as printed and as read."""
    cells = [shown_cell(code, reading.cells.get(code)) for code in codes]
    return {"total": None if total is None else format(total, "f"), "cells": cells}
