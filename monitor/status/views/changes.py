"""The read model of the list of changes: the newest first, filtered by whose they are and what they are.

May touch: the board, and the store for reading: a bounded number of SELECTs by index whatever the filter. The agencies are
selected on the board; the changes are gone through from the newest, in portions, until a page is full.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from sqlalchemy.orm import Session

from config.alerts import Severity
from config.changes import ChangeKind
from config.load import Configuration
from config.schema import Agency
from crawler.store.reads import changes as reads
from crawler.store.reads.changes import ChangeRow, Heading
from monitor.alerts.lines import Line, line
from monitor.alerts.revisions import about_revision
from monitor.board import Board
from monitor.board.board import Mask
from monitor.status.filters import Filters
from monitor.status.views.findings import ChangedCell, changed_cell
from monitor.wording import Language, say

PAGE: Final = 50
PORTION: Final = 2_000  # changes that are looked through at once
PORTIONS: Final = 12  # for one page; then the page ends and the next one goes on from there
CELLS: Final = 4  # of each change
FEW: Final = 200  # agencies whose changes are found by an index over agencies
SHOWN_KINDS: Final = tuple(kind for kind in ChangeKind if kind is not ChangeKind.COSMETIC)


@dataclass(frozen=True, slots=True)
class Choice:
    """What is asked of the changes beside whose they are. `kind` None: all that are more than cosmetic.

    `before`: an id; the page begins with the next older change.
    """

    kind: ChangeKind | None = None
    severity: Severity | None = None
    before: int | None = None

    @property
    def kinds(self) -> tuple[str, ...]:
        return (self.kind.value,) if self.kind else tuple(kind.value for kind in SHOWN_KINDS)

    def pairs(self) -> list[tuple[str, str]]:
        """The names and values in the address, without `before`."""
        values = {"change": self.kind, "severity": self.severity}
        return [(name, value.value) for name, value in values.items() if value is not None]


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One change. `agency` None: it is no longer in the registry. `cells`: the first few; `more`: how many others."""

    row: ChangeRow
    agency: Agency | None
    cells: tuple[ChangedCell, ...]
    more: int

    @property
    def in_turn(self) -> bool:
        return "flapping" in self.row.details

    @property
    def diff(self) -> str:
        """The address of both versions side by side; empty where a side is unknown."""
        row = self.row
        if not row.before_capture or not row.after_capture:
            return ""
        return f"/agency/{row.agency_id}/{row.year}/diff/{row.before_capture}/{row.after_capture}"

    def why(self, language: Language) -> str:
        """Why it weighs what it weighs; empty of a cosmetic one."""
        return str(self.row.details.get("why", {}).get(language, ""))

    def lines(self, language: Language) -> tuple[Line, ...]:
        """What changed, in words, beside the cells."""
        details = self.row.details
        if "before" in details:
            finding = {name: value for name, value in details.items() if name != "severity"}
            return tuple(about_revision({**finding, "change": self.row.kind}, language, iter(())))
        if "moved_from" in details:
            became = say(f"change.became.{details['moved_from']['became']}", language)
            return (line("moved", language, became, details["moved_from"]["url"]),)
        return ()


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """`older`: the id that the next page begins before; None at the end. `ended`: the page was not filled, since too many

    changes had to be looked through; `older` goes on from there.
    """

    filters: Filters
    choice: Choice
    changes: tuple[ShownChange, ...]
    older: int | None
    ended: bool
    simulated: bool


def changes_page(
    session: Session, board: Board, configuration: Configuration, filters: Filters, choice: Choice
) -> ChangesPage:
    """One page of changes."""
    ids, older, ended = _ids(session, board, filters, choice)
    return ChangesPage(
        filters=filters,
        choice=choice,
        changes=tuple(_shown(row, configuration) for row in reads.by_ids(session, ids)) if ids else (),
        older=older,
        ended=ended,
        simulated=board.simulated,
    )


def _ids(session: Session, board: Board, filters: Filters, choice: Choice) -> tuple[list[int], int | None, bool]:
    """The ids of one page, where the next one begins, and whether looking through was given up."""
    mask = filters.rows(board) if _is_of_some(filters) else None
    if mask is not None and np.count_nonzero(mask) <= FEW:
        return _of_few(session, [board.ids[row] for row in np.flatnonzero(mask)], filters, choice)
    portion_size = PORTION if mask is not None or _narrows(filters, choice) else PAGE + 1
    found: list[int] = []
    before = choice.before
    for _ in range(PORTIONS):
        portion = reads.headings(session, choice.kinds, before, portion_size)
        for heading in portion:
            if not _is_meant(heading, board, mask, filters, choice):
                continue
            if len(found) == PAGE:
                return found, found[-1], False
            found.append(heading.id)
        if len(portion) < portion_size:
            return found, None, False
        before = portion[-1].id
    return found, before, True


def _of_few(
    session: Session, agencies: Sequence[str], filters: Filters, choice: Choice
) -> tuple[list[int], int | None, bool]:
    """The same for a few agencies, whose changes an index finds."""
    severities = () if choice.severity is None else (choice.severity.value,)
    rows = reads.newest(
        session,
        agencies=agencies,
        kinds=choice.kinds,
        severities=severities,
        years=(filters.year or filters.first, filters.year or filters.last),
        before=choice.before,
        limit=PAGE + 1,
    )
    ids = [row.id for row in rows]
    return ids[:PAGE], ids[PAGE - 1] if len(ids) > PAGE else None, False


def _is_of_some(filters: Filters) -> bool:
    """Whether not all agencies are meant."""
    return replace(filters, first=None, last=None, year=None).active


def _narrows(filters: Filters, choice: Choice) -> bool:
    return choice.severity is not None or any(year is not None for year in (filters.first, filters.last, filters.year))


def _is_meant(heading: Heading, board: Board, mask: Mask | None, filters: Filters, choice: Choice) -> bool:
    if mask is not None:
        row = board.row_of.get(heading.agency_id)
        if row is None or not mask[row]:
            return False
    return choice.severity in (None, heading.severity) and _spans(filters, heading.year)


def _spans(filters: Filters, year: int) -> bool:
    if filters.year is not None and year != filters.year:
        return False
    return (filters.first or year) <= year <= (filters.last or year)


def _shown(row: ChangeRow, configuration: Configuration) -> ShownChange:
    cells = row.details.get("cells", ())
    return ShownChange(
        row=row,
        agency=configuration.agencies.get(row.agency_id),
        cells=tuple(changed_cell(cell) for cell in cells[:CELLS]),
        more=max(0, len(cells) - CELLS),
    )
