"""The read model of two versions of a report side by side: whose they are, their cells, and what is recorded of them.

May touch: the store for reading, a bounded number of SELECTs. Cells are compared only as one version of the reader read both:
what two versions read differently is nobody's change (rule 6), and then no cell is shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from config.schema import Agency
from crawler.store.reads import judging
from crawler.store.reads import reports as reads
from crawler.store.reads.changes import ChangeRow
from crawler.store.tables import Capture
from monitor.checks.cells import sure_cells
from monitor.checks.difference import Difference, difference
from monitor.judging.facts import cell_fact, reading_fact
from monitor.model import ReadingFact
from monitor.status.views.findings import ChangedCell, changed_cell


@dataclass(frozen=True, slots=True)
class Side:
    """One capture. `extractors`: those that read its content as this report, the oldest first; empty: it is not filed so."""

    capture: Capture
    extractors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DiffPage:
    """`extractor`: the version of the reader that read both; "" where none did, and then nothing is said of cells.

    `difference` None: the same. `recorded`: what stands in the table of changes about these two captures. `in_turn`: one
    address shows both in turn, so neither came instead of the other. `same_bytes`: nothing differs at all.
    """

    agency: Agency
    year: int
    before: Side
    after: Side
    extractor: str
    difference: Difference | None
    cells: tuple[ChangedCell, ...]
    recorded: tuple[ChangeRow, ...]
    simulated: bool

    @property
    def same_bytes(self) -> bool:
        return self.before.capture.sha256 is not None and self.before.capture.sha256 == self.after.capture.sha256

    @property
    def in_turn(self) -> bool:
        return any("flapping" in row.details or row.details.get("in_turn") for row in self.recorded)


def diff_page(session: Session, agency: Agency, year: int, before: int, after: int) -> DiffPage | None:
    """Two captures of this agency's report of this year, the earlier one first; None for any others."""
    first, second = reads.capture(session, before), reads.capture(session, after)
    if first is None or second is None or first.fetched_at > second.fetched_at:
        return None
    recorded = reads.change_between(session, agency.id, year, before, after)
    readings = [_readings(session, agency.id, year, capture) for capture in (first, second)]
    if not recorded and not all(readings):
        return None
    sides = [
        Side(capture, tuple(r.extractor for r in made)) for capture, made in zip((first, second), readings, strict=True)
    ]
    pair = _same_reader(*readings)
    found = None if pair is None else _difference(session, *pair, first, second)
    return DiffPage(
        agency=agency,
        year=year,
        before=sides[0],
        after=sides[1],
        extractor=pair[0].extractor if pair else "",
        difference=found,
        cells=tuple(changed_cell(cell) for cell in found.cells) if found else (),
        recorded=tuple(recorded),
        simulated=reads.is_simulated(session, [first.portal, second.portal]),
    )


def _readings(session: Session, agency_id: str, year: int, capture: Capture) -> list[ReadingFact]:
    """The readings of a capture's content that were filed as this report, the oldest first."""
    if capture.entry_id is None or capture.sha256 is None:
        return []
    made = (
        reading_fact(filing, reading, capture.url)
        for filing, reading in reads.filings_of(session, capture.entry_id, capture.sha256)
    )
    return [one for one in made if one.decision == "filed" and (one.agency_id, one.year) == (agency_id, year)]


def _same_reader(before: Sequence[ReadingFact], after: Sequence[ReadingFact]) -> tuple[ReadingFact, ReadingFact] | None:
    """The readings of both by the newest extractor that read both."""
    earlier = {reading.extractor: reading for reading in before}
    for reading in reversed(after):
        if reading.extractor in earlier:
            return earlier[reading.extractor], reading
    return None


def _difference(
    session: Session, before: ReadingFact, after: ReadingFact, first: Capture, second: Capture
) -> Difference:
    """At one address all cells that differ; between two only those that are certain numbers on both sides."""
    rows = judging.cells(session, {before.id, after.id})
    old, new = (
        replace(reading, cells={row.code: cell_fact(row) for row in rows.get(reading.id, ())})
        for reading in (before, after)
    )
    cells = None if first.url == second.url else sure_cells(old, new)
    return difference(old, new, is_file=second.kind == "attachment", cells=cells)
