"""Check: numbers of a report changed after its publication. Pure: facts in, findings out.

Only contents read by the same version of the extractor are compared: a better reader is no change by the agency. A
content that differs in anything but the statutory cells (a counter, a menu) is no finding. A change stays a fact: its
finding is never over, and there is one for each pair of contents.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from crawler.model import CellState
from monitor.checks.case import Case, Judged
from monitor.checks.versions import Revision, Version, revisions, versions
from monitor.days import day_of, iso_moment
from monitor.model import CellFact, EntryFacts, Finding, ReadingFact, Verdicts

NOT_THERE = CellFact(state=CellState.ABSENT, value=None, unit="", raw="")


def check(judged: Judged) -> Verdicts:
    return Verdicts(standing=tuple(_findings(judged.case)))


def _findings(case: Case) -> Iterator[Finding]:
    agency_id, year = case.facts.agency.id, case.year
    imports = import_days(seen.entry for seen in case.sightings)
    for url, found in versions(seen.entry for seen in case.sightings).items():
        for revision in revisions(found):
            if (revision.reading_after.agency_id, revision.reading_after.year) != (agency_id, year):
                continue
            span = day_of(revision.before.last.at), day_of(revision.after.first.at)
            if any(span[0] <= day <= span[1] for day in imports.get(url, ())):
                continue  # the portal was moved to another system in between: its work, not the office's
            cells = changed_cells(revision.reading_before, revision.reading_after)
            if any(cell["certain"] for cell in cells):
                key = f"changed:{agency_id}:{year}:{revision.before.last.id}-{revision.after.first.id}"
                yield Finding(key, "changed", agency_id, year, {"url": url, "cells": cells, **_between(revision)})


def import_days(entries: Iterable[EntryFacts]) -> dict[str, frozenset[dt.date]]:
    """The days of bulk re-imports on the portal, by the address of each page and file."""
    days: dict[str, frozenset[dt.date]] = {}
    for entry in entries:
        for url in {capture.url for capture in entry.captures} if entry.import_days else ():
            days[url] = days.get(url, frozenset()) | entry.import_days
    return days


def changed_cells(before: ReadingFact, after: ReadingFact) -> list[dict[str, Any]]:
    """The cells whose state or value differs, each with both sides, as JSON values.

    `change` is a wording key below `cell_change`; a number that can no longer be read is not called a changed
    number. `in_doubt`: the reader had an issue at this cell in one of the two, or one is not `certain`: such cells
    alone are no change. So is what a page that came incomplete does not show.
    """
    if after.has_the_cells_of(before):
        return []
    cells = []
    torn = before.is_torn or after.is_torn
    for code in dict.fromkeys([*before.cells, *after.cells]):
        old, new = before.cells.get(code, NOT_THERE), after.cells.get(code, NOT_THERE)
        if (old.state, old.value) != (new.state, new.value):
            numbers = old.state is new.state is CellState.NUMBER
            certain = old.certain and new.certain and (numbers or not torn)
            cells.append(
                {
                    "code": code,
                    "unit": new.unit or old.unit,
                    "change": _kind_of_change(old, new),
                    "before": _side(old),
                    "after": _side(new),
                    "in_doubt": _touched(before, old) or _touched(after, new) or not certain,
                    "certain": certain,
                }
            )
    return cells


def _kind_of_change(old: CellFact, new: CellFact) -> str:
    was_number, is_number = old.state is CellState.NUMBER, new.state is CellState.NUMBER
    if was_number and is_number:
        return "number_changed"
    if was_number:
        return "no_longer_number"
    return "became_number" if is_number else "other"


def _side(cell: CellFact) -> dict[str, Any]:
    place = None if cell.place is None else dict(cell.place)
    value = None if cell.value is None else format(cell.value, "f")
    return {"state": cell.state.value, "value": value, "raw": cell.raw, "place": place}


def _touched(reading: ReadingFact, cell: CellFact) -> bool:
    return cell.place is not None and any(_same_place(cell.place, issue.get("place")) for issue in reading.issues)


def _same_place(cell: Mapping[str, Any], issue: Mapping[str, Any] | None) -> bool:
    """An issue about a whole table, row or column touches every cell of it."""
    if not issue or issue.get("table") is None or issue["table"] != cell.get("table"):
        return False
    return all(issue.get(name) in (None, cell.get(name)) for name in ("row", "column"))


def _between(revision: Revision) -> dict[str, Any]:
    before, after = revision.reading_before, revision.reading_after
    return {
        "before": _version(revision.before, revision.before.last.id, before),
        "after": _version(revision.after, revision.after.first.id, after),
        "extractor": after.extractor,
        "signature_changed": before.signed_on != after.signed_on,
        "template_changed": before.template != after.template,
    }


def _version(version: Version, capture_id: int, reading: ReadingFact) -> dict[str, Any]:
    """The content, the capture that bounds the change in time, and what the document says of its own day."""
    capture = version.first if capture_id == version.first.id else version.last
    return {
        "capture": capture.id,
        "at": iso_moment(capture.at),
        "sha256": capture.sha256,
        "signed_on": reading.signed_on.isoformat() if reading.signed_on else None,
        "dates": [date.as_json() for date in reading.dates],
        "issues": len(reading.issues),
    }
