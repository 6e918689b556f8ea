"""The filed reports, agency by agency, and which of several contents counts. Reads the store through the source."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crawler.store.reads import coverage
from crawler.store.reads import exports as reads
from crawler.store.reads.exports import FiledRow
from monitor.exports.source import Source

AGENCIES = 50  # that are held at a time, with all their report years


@dataclass(frozen=True, slots=True)
class Report:
    """One filed content.

    `current`: its address showed it last. `cells`: how many were read. `current_contents`: how many different contents
    with cells are current for the agency and year. `same_as`: the report that stands for the same bytes filed once more;
    None for the one that its facts are told under.
    """

    row: FiledRow
    current: bool
    cells: int
    current_contents: int
    same_as: int | None


def reports(source: Source, *, worded: bool = False) -> Iterator[list[Report]]:
    """All reports of registered agencies, those of some agencies at a time, by agency and year."""
    held: list[FiledRow] = []
    agencies = 0
    for row in reads.filed(source.session, worded=worded):
        if row.agency_id not in source.registry.known:
            continue
        if not held or held[-1].agency_id != row.agency_id:
            if agencies == AGENCIES:
                yield _judged(source, held)
                held, agencies = [], 0
            agencies += 1
        held.append(row)
    if held:
        yield _judged(source, held)


def _judged(source: Source, rows: Sequence[FiledRow]) -> list[Report]:
    current = _current(source, rows)
    cells = reads.cells(source.session, {row.reading_id for row in rows})
    same: dict[tuple[str, int, str], list[FiledRow]] = defaultdict(list)
    contents: dict[tuple[str, int], set[str]] = defaultdict(set)
    for row in rows:
        same[row.agency_id, row.year, row.sha256].append(row)
        if row.report_id in current and cells.get(row.reading_id):
            contents[row.agency_id, row.year].add(row.sha256)
    found = []
    for row in rows:
        first = min(
            same[row.agency_id, row.year, row.sha256], key=lambda one: (one.report_id not in current, one.report_id)
        )
        found.append(
            Report(
                row=row,
                current=row.report_id in current,
                cells=cells.get(row.reading_id, 0),
                current_contents=len(contents[row.agency_id, row.year]),
                same_as=None if first is row else first.report_id,
            )
        )
    return found


def _current(source: Source, rows: Sequence[FiledRow]) -> frozenset[int]:
    """Of every address the report that it showed last, as on the page (monitor.status.views.report.current_filings)."""
    contents = coverage.newest_contents(source.session, {row.entry_id for row in rows})
    found: dict[tuple[int, str], FiledRow] = {}
    for row in sorted(rows, key=lambda one: one.report_id, reverse=True):
        address = row.entry_id, row.address
        known, newest = found.get(address), contents.get(address)
        if known is None or (row.sha256 == newest and known.sha256 != newest):
            found[address] = row
    return frozenset(row.report_id for row in found.values())
