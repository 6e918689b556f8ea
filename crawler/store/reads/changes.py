"""Reads how published reports changed. May touch: the table change, for reading."""

import datetime as dt
from collections.abc import Collection
from heapq import nlargest
from typing import Any, NamedTuple

from sqlalchemy import Select, select, union_all
from sqlalchemy.orm import Session

from crawler.store.reads.batches import batches
from crawler.store.tables import Change


class ChangeRow(NamedTuple):
    """A row of the table; there may be one for every visit to a page, so it is no mapped object."""

    id: int
    key: str
    agency_id: str
    year: int
    at: dt.datetime
    kind: str
    severity: str
    url: str
    before_capture: int | None
    after_capture: int | None
    details: dict[str, Any]


_COLUMNS = tuple(getattr(Change, name) for name in ChangeRow._fields)


def recorded(session: Session, agencies: Collection[str]) -> list[ChangeRow]:
    """Everything that is recorded of some agencies, by id."""
    found: list[ChangeRow] = []
    for batch in batches(agencies):
        rows = select(*_COLUMNS).where(Change.agency_id.in_(batch)).order_by(Change.id)
        found += [ChangeRow(*row) for row in session.execute(rows)]
    return found


def of_report(session: Session, agency_id: str, year: int) -> list[ChangeRow]:
    """All changes of one agency's report of one year, oldest first, cosmetic ones included."""
    rows = select(*_COLUMNS).where(Change.agency_id == agency_id, Change.year == year)
    return [ChangeRow(*row) for row in session.execute(rows.order_by(Change.at, Change.id))]


def newest(
    session: Session,
    *,
    agencies: Collection[str] | None = None,
    year: int | None = None,
    years: tuple[int | None, int | None] = (None, None),
    kinds: Collection[str] = (),
    severities: Collection[str] = (),
    since: dt.datetime | None = None,
    before: int | None = None,
    limit: int = 100,
) -> list[ChangeRow]:
    """The newest `limit` changes, the one recorded last first.

    `agencies` None: of all; a region is the ids of its agencies. Empty `kinds` or `severities`: all; the severity "" is
    that of what needs nobody's eyes. `years`: the first and the last report year, None where it is open. `since`: of the first capture of the new content. `before`: an id; the next page is
    asked for with the last id of this one.
    """
    rows = select(*_COLUMNS)
    if year is not None:
        rows = rows.where(Change.year == year)
    if years[0] is not None:
        rows = rows.where(Change.year >= years[0])
    if years[1] is not None:
        rows = rows.where(Change.year <= years[1])
    if kinds:
        rows = rows.where(Change.kind.in_(sorted(kinds)))
    if severities:
        rows = rows.where(Change.severity.in_(sorted(severities)))
    if since is not None:
        rows = rows.where(Change.at >= since)
    if before is not None:
        rows = rows.where(Change.id < before)
    if agencies is None:
        return _page(session, rows, limit)
    found = (row for batch in batches(agencies) for row in _page(session, _of(rows, batch), limit))
    return nlargest(limit, found, key=lambda row: row.id)


class Heading(NamedTuple):
    """A change as far as lists are filtered by it."""

    id: int
    agency_id: str
    year: int
    severity: str


def headings(session: Session, kinds: Collection[str], before: int | None, limit: int) -> list[Heading]:
    """The newest `limit` changes of these kinds, of all or of those before an id: by the index over kind and id."""
    parts = []
    for kind in sorted(kinds):
        rows = select(Change.id, Change.agency_id, Change.year, Change.severity).where(Change.kind == kind)
        rows = rows if before is None else rows.where(Change.id < before)
        part = rows.order_by(Change.id.desc()).limit(limit).subquery()
        parts.append(select(part.c.id, part.c.agency_id, part.c.year, part.c.severity))
    if not parts:
        return []
    merged = union_all(*parts).subquery()
    rows = select(merged.c.id, merged.c.agency_id, merged.c.year, merged.c.severity)
    return [Heading(*row) for row in session.execute(rows.order_by(merged.c.id.desc()).limit(limit))]


def by_ids(session: Session, ids: Collection[int]) -> list[ChangeRow]:
    """These changes, the one recorded last first."""
    rows = select(*_COLUMNS).where(Change.id.in_(ids)).order_by(Change.id.desc())
    return [ChangeRow(*row) for row in session.execute(rows)]


def _of(rows: Select[Any], agencies: Collection[str]) -> Select[Any]:
    return rows.where(Change.agency_id.in_(agencies))


def _page(session: Session, rows: Select[Any], limit: int) -> list[ChangeRow]:
    return [ChangeRow(*row) for row in session.execute(rows.order_by(Change.id.desc()).limit(limit))]
