"""Reads which reports may have been moved from another system rather than published.

May touch: entries, their changes, looks and filings, for reading. What a re-import is says monitor.judging.imports.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, extract, func, or_, select
from sqlalchemy.orm import Session

from crawler.store.reads.batches import batches
from crawler.store.reads.judging import PROVING
from crawler.store.tables import Entry, EntryChange, Filing, Look


@dataclass(frozen=True, slots=True)
class ArrivalRow:
    """An entry that is filed as a report, when it first appeared in its list, when a look first saw the column well.

    `left`: it is no longer in the list.
    """

    entry: int
    portal: str
    at: dt.datetime
    agency_id: str
    year: int
    seen_well: dt.datetime | None
    left: bool


def arrivals(session: Session, until: dt.datetime, old_years: int) -> Iterator[ArrivalRow]:
    """Entries of all portals that a reading filed as a report, as far as they may be part of a re-import:

    those that appeared when their report year was `old_years` or more years back, those that have left their list, and
    the others of the agencies whose reports have left one. An entry may come twice.
    """
    first = (
        select(EntryChange.entry_id, func.min(EntryChange.at).label("at"), func.max(EntryChange.id).label("newest"))
        .where(EntryChange.at <= until)
        .group_by(EntryChange.entry_id)
        .subquery()
    )
    well = (
        select(Look.portal, Look.column, func.min(Look.at).label("at"))
        .where(Look.outcome.in_(PROVING), Look.at <= until)
        .group_by(Look.portal, Look.column)
        .subquery()
    )
    rows = (
        select(Entry.id, Entry.portal, first.c.at, Filing.agency_id, Filing.year, well.c.at, EntryChange.kind)
        .join(first, first.c.entry_id == Entry.id)
        .join(EntryChange, EntryChange.id == first.c.newest)
        .join(Filing, Filing.entry_id == Entry.id)
        .outerjoin(well, (well.c.portal == Entry.portal) & (well.c.column == Entry.column))
        .where(Filing.decision == "filed")
        .distinct()
    )
    # The last day of the year before as well, whatever zone the database counts in: the exact year is compared by whom
    # this is read for.
    came, oldest = extract("year", first.c.at), Filing.year + old_years
    last_day = (extract("month", first.c.at) == 12) & (extract("day", first.c.at) == 31)
    old = or_(came >= oldest, (came == oldest - 1) & last_day)
    left = set[str]()
    for row in _arrivals(session, rows.where(or_(old, EntryChange.kind == "gone"))):
        if row.left:
            left.add(row.agency_id)
        yield row
    for batch in batches(left):
        yield from _arrivals(session, rows.where(Filing.agency_id.in_(batch)))


def _arrivals(session: Session, rows: Select[Any]) -> Iterator[ArrivalRow]:
    for entry, portal, at, agency_id, year, seen_well, kind in session.execute(rows):
        yield ArrivalRow(entry, portal, at, agency_id, year, seen_well, kind == "gone")
