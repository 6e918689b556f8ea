"""Check: the page of a report and a file that it carries say different numbers. Pure: facts in, findings out.

Both are the agency's own, so neither is preferred and both readings are kept. Only what the present extractor read
with certainty on both sides is compared; a cell that one of them does not have is no contradiction. A finding is over
when the newest contents of both agree.
"""

from collections.abc import Mapping
from itertools import combinations
from typing import Any

from monitor.checks.case import Judged
from monitor.checks.contents import Content, present_contents, shown_cell, source
from monitor.model import CellFact, Finding, Verdicts


def check(judged: Judged) -> Verdicts:
    case = judged.case
    agency_id, year = case.facts.agency.id, case.year
    standing: list[Finding] = []
    over: set[str] = set()
    contents: set[str] = set()
    for found in present_contents(case):
        contents.update(capture.sha256 or "" for capture, _ in found)
        for one, other in combinations(found, 2):
            key = f"attachment:{agency_id}:{year}:{one[0].url}:{other[0].url}"
            cells = differing_cells(one[1].cells, other[1].cells)
            if cells:
                standing.append(Finding(key, "attachment", agency_id, year, _details(cells, one, other)))
            else:
                over.add(key)
    return Verdicts(tuple(standing), frozenset(over), frozenset(contents))


def differing_cells(one: Mapping[str, CellFact], other: Mapping[str, CellFact]) -> list[dict[str, Any]]:
    """The cells in which both have a certain number, and not the same, as JSON values."""
    return [
        {
            "code": code,
            "unit": cell.unit,
            "before": shown_cell(code, cell) | {"place": cell.place},
            "after": shown_cell(code, other[code]) | {"place": other[code].place},
        }
        for code, cell in one.items()
        if cell.sure is not None and code in other
        if other[code].sure not in (None, cell.sure)
    ]


def _details(cells: list[dict[str, Any]], one: Content, other: Content) -> dict[str, Any]:
    """`before` is what the page says, `after` what the file says."""
    return {"cells": cells, "other": source(*other), **source(*one)}
