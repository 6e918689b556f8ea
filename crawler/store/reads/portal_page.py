"""What the page of one portal shows: newest looks and visits, findings, how its hosts asked to be left alone.

May touch: look, run, finding, host, for reading. Each function is one SELECT with a bound.
"""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crawler.store.tables import Finding, Host, Look, Run

ROBOTS = "robots.txt"  # what the reason of a look that robots.txt kept out begins with (crawler.middlewares.robots)


def newest_looks(session: Session, portal: str, limit: int, reason: str = "") -> list[Look]:
    """The newest looks at any column of a portal, newest first; with `reason` those whose reason begins so."""
    rows = select(Look).where(Look.portal == portal)
    if reason:
        rows = rows.where(func.substr(Look.reason, 1, len(reason)) == reason)
    return list(session.scalars(rows.order_by(Look.at.desc(), Look.id.desc()).limit(limit)))


def newest_runs(session: Session, portal: str, limit: int) -> list[Run]:
    """The newest visits to a portal, newest first."""
    return list(session.scalars(select(Run).where(Run.portal == portal).order_by(Run.id.desc()).limit(limit)))


def findings(session: Session, keys: Collection[str], limit: int) -> list[Finding]:
    """The findings about a portal, which have no agency and no year, by their keys; newest first, open or closed."""
    rows = select(Finding).where(Finding.agency_id == "", Finding.year == 0, Finding.key.in_(keys))
    return list(session.scalars(rows.order_by(Finding.id.desc()).limit(limit)))


def hosts(session: Session, names: Collection[str]) -> list[Host]:
    """What some hosts asked of us, those that never did left out; by name."""
    return list(session.scalars(select(Host).where(Host.name.in_(names)).order_by(Host.name)))
