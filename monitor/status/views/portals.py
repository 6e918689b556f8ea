"""The read models of the pages about portals: what we could not see and since when, family by family, portal by portal.

May touch: the board; the store for the findings about portals and for one portal's looks, a bounded number of SELECTs.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from sqlalchemy.orm import Session

from config.load import Configuration
from config.schema import Portal
from crawler.model import LookOutcome
from crawler.store.reads import coverage
from crawler.store.reads import portal_page as reads
from crawler.store.tables import Finding, Host, Look, Run
from monitor.board import Board, ColumnSight
from monitor.board.board import UNWATCHED
from monitor.checks.portal import BLIND, LOST, key_of
from monitor.checks.sight import blind_sight
from monitor.model import Sight
from monitor.status.views.sight import EVERY

PAGE: Final = 100  # portals on one page
WORST: Final = 20  # portals that cannot be seen, before all others
LOOKS, RUNS, FINDINGS, REFUSALS, AGENCIES = 30, 10, 20, 10, 100
SWITCHED_OFF: Final = 50


@dataclass(frozen=True, slots=True)
class SeenColumn:
    """A column and its newest look. `seen`: that look could see, and is not too long ago.

    `outcome` None: never looked at. `stale`: it was seen well, and too long ago. `sight` of a look that could not see.
    """

    column: ColumnSight
    outcome: LookOutcome | None
    stale: bool
    sight: Sight | None

    @property
    def seen(self) -> bool:
        return self.outcome is not None and self.outcome.proves_absence and not self.stale


@dataclass(frozen=True, slots=True)
class PortalLine:
    """A portal that is switched on. `agencies`: that have their reports there; `unseen`: those of columns that could not be seen.

    `since`: from when on a column of it could not be seen; None where all are seen, or none was ever looked at.
    """

    slug: str
    name: str
    family: str
    columns: tuple[SeenColumn, ...]
    agencies: int
    unseen: int
    looked_at: dt.datetime | None
    healthy_at: dt.datetime | None
    since: dt.datetime | None

    @property
    def blind(self) -> tuple[SeenColumn, ...]:
        return tuple(one for one in self.columns if not one.seen)

    @property
    def sight(self) -> str:
        """A wording key below `portals.sight`: seen, partly, none, never."""
        if not self.blind:
            return "seen"
        if self.looked_at is None:
            return "never"
        return "none" if len(self.blind) == len(self.columns) else "partly"


@dataclass(frozen=True, slots=True)
class FamilyLine:
    """The health of a portal family. `seen`: columns that are seen, of `columns`; `unseen`: agencies of those that are not."""

    name: str
    portals: int
    blind_portals: int
    columns: int
    seen: int
    agencies: int
    unseen: int


@dataclass(frozen=True, slots=True)
class Filter:
    """What the address selects: a family, only what cannot be seen, a page."""

    family: str = ""
    blind: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class PortalsPage:
    """`watched`: agencies that are watched for any year, which shares are counted of. `worst`: the first of `blind`."""

    filter: Filter
    portals: int
    blind: int
    columns: int
    blind_columns: int
    watched: int
    unseen: int
    looked_at: dt.datetime | None
    healthy_at: dt.datetime | None
    worst: tuple[PortalLine, ...]
    families: tuple[FamilyLine, ...]
    lines: tuple[PortalLine, ...]  # of the page
    found: int
    pages: int
    findings: tuple[Finding, ...]  # open ones about portals
    offline_at: dt.datetime | None
    switched_off: tuple[Portal, ...]  # the first of them
    switched_off_all: int
    simulated: bool


def portals_page(
    session: Session, configuration: Configuration, board: Board, selected: Filter, now: dt.datetime
) -> PortalsPage:
    """Everything about all portals at `now`."""
    lines = portal_lines(configuration, board, now)
    blind = sorted((one for one in lines if one.blind), key=lambda one: (-one.unseen, _since(one), one.slug))
    kept = [one for one in (blind if selected.blind else lines) if selected.family in ("", one.family)]
    off = [portal for portal in configuration.portals.values() if not portal.enabled]
    return PortalsPage(
        filter=selected,
        portals=len(lines),
        blind=len(blind),
        columns=len(board.columns),
        blind_columns=sum(len(one.blind) for one in blind),
        watched=watched(board),
        unseen=_unseen(configuration, (one for line in blind for one in line.blind)),
        looked_at=max((one.looked_at for one in lines if one.looked_at), default=None),
        healthy_at=max((one.healthy_at for one in lines if one.healthy_at), default=None),
        worst=tuple(blind[:WORST]),
        families=_families(lines),
        lines=tuple(kept[(selected.page - 1) * PAGE : selected.page * PAGE]),
        found=len(kept),
        pages=max(1, -(-len(kept) // PAGE)),
        findings=tuple(one for one in coverage.open_findings(session, [""]) if one.kind in (LOST, BLIND)),
        offline_at=coverage.offline_since(session),
        switched_off=tuple(off[:SWITCHED_OFF]),
        switched_off_all=len(off),
        simulated=board.simulated,
    )


def portal_lines(configuration: Configuration, board: Board, now: dt.datetime) -> list[PortalLine]:
    """The portals that are switched on, by family and slug."""
    agencies = np.bincount(board.portal_rows, minlength=len(board.portals))
    counts = dict(zip(board.portals, agencies.tolist(), strict=True))
    by_portal: dict[str, list[SeenColumn]] = {}
    for column in board.columns:
        by_portal.setdefault(column.portal, []).append(seen_column(column, now))
    found = [_line(configuration, columns, counts.get(slug, 0)) for slug, columns in by_portal.items()]
    return sorted(found, key=lambda one: (one.family, one.slug))


def seen_column(column: ColumnSight, now: dt.datetime) -> SeenColumn:
    outcome = LookOutcome(column.outcome) if column.outcome else None
    if outcome is None or column.looked_at is None:
        return SeenColumn(column, None, False, None)
    stale = outcome.proves_absence and column.looked_at < now - EVERY
    return SeenColumn(column, outcome, stale, blind_sight(outcome, column.reason))


def watched(board: Board) -> int:
    """The agencies that are watched for at least one year."""
    return int((board.state != UNWATCHED).any(axis=1).sum())


def _line(configuration: Configuration, columns: Sequence[SeenColumn], agencies: int) -> PortalLine:
    first = columns[0].column
    blind = [one for one in columns if not one.seen]
    begun = [one.column.since or one.column.healthy_at for one in blind]
    return PortalLine(
        slug=first.portal,
        name=first.portal_name,
        family=first.family,
        columns=tuple(columns),
        agencies=agencies,
        unseen=_unseen(configuration, blind),
        looked_at=max((one.column.looked_at for one in columns if one.column.looked_at), default=None),
        healthy_at=max((one.column.healthy_at for one in columns if one.column.healthy_at), default=None),
        since=min((moment for moment in begun if moment), default=None),
    )


def _unseen(configuration: Configuration, blind: Iterable[SeenColumn]) -> int:
    """The agencies of some columns, each once."""
    found: set[str] = set()
    for one in blind:
        portal = configuration.portals.get(one.column.portal)
        for column in portal.columns if portal else ():
            if column.key == one.column.column:
                found.update(column.agencies)
    return len(found)


def _since(line: PortalLine) -> str:
    return line.since.isoformat() if line.since else ""


def _families(lines: Iterable[PortalLine]) -> tuple[FamilyLine, ...]:
    """Those with the largest share of unseen columns first."""
    by_family: dict[str, list[PortalLine]] = {}
    for line in lines:
        by_family.setdefault(line.family, []).append(line)
    found = [
        FamilyLine(
            name=family,
            portals=len(members),
            blind_portals=sum(bool(one.blind) for one in members),
            columns=sum(len(one.columns) for one in members),
            seen=sum(len(one.columns) - len(one.blind) for one in members),
            agencies=sum(one.agencies for one in members),
            unseen=sum(one.unseen for one in members),
        )
        for family, members in by_family.items()
    ]
    return tuple(sorted(found, key=lambda one: (one.seen / one.columns, one.name)))


@dataclass(frozen=True, slots=True)
class ShownAgency:
    """An agency whose reports are looked for on a portal."""

    id: str
    name: str
    region: str
    invented: bool


@dataclass(frozen=True, slots=True)
class PortalPage:
    """One portal. `line` None: it is switched off, nothing is looked at. `agencies`: the first of `agencies_all`."""

    portal: Portal
    line: PortalLine | None
    watched: int
    looks: tuple[Look, ...]
    refusals: tuple[Look, ...]
    runs: tuple[Run, ...]
    hosts: tuple[Host, ...]  # that asked to be left alone, or failed
    findings: tuple[Finding, ...]
    agencies: tuple[ShownAgency, ...]
    agencies_all: int
    simulated: bool

    def column_name(self, key: str) -> str:
        """As it is registered; of a column that is no longer, its key."""
        return next((column.name for column in self.portal.columns if column.key == key), key)


def portal_page(
    session: Session, configuration: Configuration, board: Board, portal: Portal, now: dt.datetime
) -> PortalPage:
    """Everything about one portal at `now`."""
    own = [seen_column(column, now) for column in board.columns if column.portal == portal.slug]
    rows = np.flatnonzero(board.select(portal=portal.slug)) if portal.slug in board.portals else np.array([], dtype=int)
    runs = reads.newest_runs(session, portal.slug, RUNS)
    keys = [key_of(portal.slug, kind) for kind in (LOST, BLIND)]
    shown = (
        ShownAgency(board.ids[row], board.names[row], board.regions[row], bool(board.invented[row]))
        for row in rows[:AGENCIES].tolist()
    )
    return PortalPage(
        portal=portal,
        line=_line(configuration, own, len(rows)) if own else None,
        watched=watched(board),
        looks=tuple(reads.newest_looks(session, portal.slug, LOOKS)),
        refusals=tuple(reads.newest_looks(session, portal.slug, REFUSALS, reads.ROBOTS)),
        runs=tuple(runs),
        hosts=tuple(reads.hosts(session, portal.hosts)),
        findings=tuple(reads.findings(session, keys, FINDINGS)),
        agencies=tuple(shown),
        agencies_all=len(rows),
        simulated=any(run.simulated for run in runs),
    )
