"""What the tables are read from: one moment of the store, the registry beside it, and the moment of counting days.

May touch: the store through reads.exports and reads.coverage, agencies.csv; both for reading.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from sqlalchemy.orm import Session

from crawler.store.reads import coverage
from crawler.store.reads import exports as reads
from crawler.store.session import Sessions
from monitor.exports.registry import Registry, opened


@dataclass(frozen=True)
class Source:
    """`now`: at which days are counted. Every table that is read from one source is of one moment."""

    session: Session
    registry: Registry
    now: dt.datetime

    @cached_property
    def simulated(self) -> frozenset[str]:
        """The portals that were simulated at least once."""
        return coverage.simulated_portals(self.session)

    @cached_property
    def counts(self) -> dict[str, int]:
        return reads.counts(self.session)

    @cached_property
    def templates(self) -> dict[str, int]:
        return reads.readings_by_template(self.session)

    def is_watched(self, agency_id: str, year: int) -> bool:
        """What is recorded of a year that is no longer watched is told nowhere, as on the page."""
        agency = self.registry.known.get(agency_id)
        return agency is not None and agency.watched(year)

    def is_simulated(self, agency_id: str, *portals: str | None) -> bool:
        """Of an invented agency, or seen on a simulated portal."""
        agency = self.registry.known.get(agency_id)
        return (agency is not None and agency.invented) or any(portal in self.simulated for portal in portals)


@contextmanager
def opened_source(sessions: Sessions, agencies: Path, now: dt.datetime) -> Iterator[Source]:
    """The store and the registry as they are now, until the block ends."""
    with opened(agencies) as registry, reads.snapshot(sessions) as session:
        yield Source(session, registry, now)
