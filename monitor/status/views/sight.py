"""What we could see of the portals: the newest look at every column, and those that could not be seen.

May touch: the board; the store for lost domains and for our own network, two SELECTs.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from crawler.model import LookOutcome
from crawler.store.reads import coverage
from crawler.store.tables import Finding
from monitor.board import Board, ColumnSight
from monitor.checks.portal import LOST
from monitor.checks.sight import blind_sight
from monitor.model import Sight
from monitor.status.views.atlas import atlas

BLIND: Final = 10
EVERY: Final = dt.timedelta(days=8)  # the schedule looks at least once a week; longer ago means that nobody looks


@dataclass(frozen=True, slots=True)
class BlindColumn:
    """A column that the newest look could not see. `outcome` None: never looked at, or only too long ago."""

    portal: str
    portal_name: str
    column_name: str
    outcome: LookOutcome | None
    sight: Sight | None
    reason: str  # in the words of the crawl
    since: dt.datetime | None  # the first of the looks that could not see
    looked_at: dt.datetime | None
    healthy_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class LostPortal:
    """A portal whose domain is possibly in other hands: since when, where it was seen, in the words of the crawl."""

    name: str
    since: dt.datetime
    url: str
    reason: str


@dataclass(frozen=True, slots=True)
class Seeing:
    """What the newest looks could see. `healthy_at`: the newest look that saw a column well."""

    portals: int
    blind_portals: int
    blind: tuple[BlindColumn, ...]  # the first of them, BLIND at most
    columns: int
    blind_columns: int
    looked_at: dt.datetime | None  # the newest look at all
    healthy_at: dt.datetime | None
    lost: tuple[LostPortal, ...]
    offline_at: dt.datetime | None  # the newest visit on which our own network was down, if no other followed


def seeing(session: Session, board: Board, now: dt.datetime) -> Seeing:
    """At `now`: a column that was seen well, but too long ago, is not seen any more."""
    index = atlas(board)
    blind = index.blind(now - EVERY)
    return Seeing(
        portals=index.portals,
        blind_portals=index.remembered(("blind portals", len(blind)), lambda: len({column.portal for column in blind})),
        blind=tuple(_blind(column) for column in blind[:BLIND]),
        columns=len(board.columns),
        blind_columns=len(blind),
        looked_at=index.looked_at,
        healthy_at=index.healthy_at,
        lost=tuple(_lost(one) for one in coverage.open_findings(session, [""]) if one.kind == LOST),
        offline_at=coverage.offline_since(session),
    )


def _blind(column: ColumnSight) -> BlindColumn:
    outcome = LookOutcome(column.outcome) if column.outcome else None
    return BlindColumn(
        portal=column.portal,
        portal_name=column.portal_name,
        column_name=column.column_name,
        outcome=None if outcome is None or outcome.proves_absence else outcome,
        sight=blind_sight(outcome, column.reason) if outcome is not None else None,
        reason=column.reason,
        since=column.since,
        looked_at=column.looked_at,
        healthy_at=column.healthy_at,
    )


def _lost(finding: Finding) -> LostPortal:
    details = finding.details["finding"]
    since = dt.datetime.fromisoformat(details["at"])
    return LostPortal(details["portal_name"], since, details["url"], details["reason"])
