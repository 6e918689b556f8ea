"""Check: what one year's report hands over is not what the next year's takes up. Pure: facts in, findings out.

Both reports are filed as this agency's, read by the present extractor, and every cell concerned is a certain number.
The finding belongs to the later year and names both. It is over when the newest contents of both agree; where the form
changed in between, only the cells that both forms have are compared.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Any

from monitor.checks.case import Judged
from monitor.checks.contents import Content, present_readings, shown_cell, source
from monitor.model import Finding, ReadingFact, Verdicts

APPLICANTS = (
    "natural_person",
    "company",
    "research",
    "social_organisation",
    "legal_service",
    "other_organisation",
    "total",
)
DOCUMENTS = ("rules", "normative_documents")
ITEMS = ("licences", "other_services", "penalties", "coercive_measures", "fees")


@dataclass(frozen=True, slots=True)
class Joint:
    """Cells of the earlier report and of the later one, with their signs, that make the cell which takes them up.

    `kind` is a wording key below `carry_over`.
    """

    name: str
    kind: str
    earlier: tuple[str, ...]
    later: tuple[tuple[str, int], ...]
    result: str  # in the later report


JOINTS = (
    *(
        Joint(f"requests.{who}", "requests", (f"requests.carried_out.{who}",), (), f"requests.carried_in.{who}")
        for who in APPLICANTS
    ),
    *(
        Joint(
            f"in_force.{row}",
            "in_force",
            (f"proactive.{row}.in_force",),
            ((f"proactive.{row}.issued", 1), (f"proactive.{row}.repealed", -1)),
            f"proactive.{row}.in_force",
        )
        for row in DOCUMENTS
    ),
    *(
        Joint(
            f"items.{row}",
            "items",
            (f"proactive.{row}.items_last_year", f"proactive.{row}.items_change"),
            (),
            f"proactive.{row}.items_last_year",
        )
        for row in ITEMS
    ),
)
CODES = frozenset(
    code for joint in JOINTS for code in (*joint.earlier, *(code for code, _ in joint.later), joint.result)
)


def check(judged: Judged) -> Verdicts:
    case = judged.case
    agency_id, year = case.facts.agency.id, case.year
    before, now = present_readings(case.year_before), present_readings(case)
    standing: list[Finding] = []
    over: set[str] = set()
    for joint in JOINTS:
        key = f"carry_over:{agency_id}:{year}:{joint.name}"
        pairs = list(_compared(joint, before, now))
        if any(left == right for _, _, left, right in pairs):
            over.add(key)  # a page and its file may differ: one of them fits
        elif pairs:
            details = _details(joint, year, *pairs[0])
            standing.append(Finding(key, "carry_over", agency_id, year, details))
    return Verdicts(tuple(standing), frozenset(over), frozenset(capture.sha256 or "" for capture, _ in before))


Pair = tuple[Content, Content, Decimal, Decimal]


def _compared(joint: Joint, before: list[Content], now: list[Content]) -> Iterator[Pair]:
    """Every earlier with every later content that has all cells as certain numbers, and both sides."""
    for earlier, later in product(before, now):
        parts = [_number(earlier[1], code) for code in joint.earlier]
        parts += [_signed(_number(later[1], code), sign) for code, sign in joint.later]
        result = _number(later[1], joint.result)
        known = [part for part in parts if part is not None]
        if result is not None and len(known) == len(parts):
            yield earlier, later, sum(known, Decimal(0)), result


def _number(reading: ReadingFact, code: str) -> Decimal | None:
    cell = reading.cells.get(code)
    return None if cell is None else cell.sure


def _signed(value: Decimal | None, sign: int) -> Decimal | None:
    return None if value is None else value * sign


def _details(
    joint: Joint, year: int, earlier: Content, later: Content, left: Decimal, right: Decimal
) -> dict[str, Any]:
    cells = [_cell(earlier, code, 1, year - 1) for code in joint.earlier]
    cells += [_cell(later, code, sign, year) for code, sign in joint.later]
    return {
        "joint": joint.name,
        "rule": joint.kind,
        "left": {"total": format(left, "f"), "cells": cells},
        "right": {"total": format(right, "f"), "cells": [_cell(later, joint.result, 1, year)]},
        "earlier": {"year": year - 1, **source(*earlier)},
        "year": year,
        **source(*later),
    }


def _cell(content: Content, code: str, sign: int, year: int) -> dict[str, Any]:
    return {**shown_cell(code, content[1].cells.get(code)), "sign": sign, "year": year}
