"""Reads filed reports in pages, by agency, year and entry: where they stand, what they hold, what was read of it.

May touch: the tables of seen, read and judged, for reading. Each function is one SELECT by index.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from crawler.store.reads.batches import batches
from crawler.store.tables import AgencyState, Capture, Entry, EntryChange, FactRow, Filing, Reading

FILED = "filed"


class Spot(NamedTuple):
    """An entry with at least one content that is filed as an agency's report of a year."""

    agency_id: str
    year: int
    entry_id: int


class Content(NamedTuple):
    """One content of one address, by its newest reading, and what it is filed as. `capture_id`: the first one with it."""

    filing_id: int
    agency_id: str
    year: int
    entry_id: int
    capture_id: int
    url: str
    reading_id: int
    sha256: str
    template: str | None


@dataclass(frozen=True, slots=True)
class ReportLine:
    """What stands about a content beside its cells. `dates`: as the reader keeps them."""

    filing_id: int
    portal: str
    column: str
    final_url: str
    fetched_at: dt.datetime
    headers: dict[str, Any]
    extractor: str
    read_at: dt.datetime
    format: str
    template: str | None
    signed_on: dt.date | None
    error: str
    title: str | None
    dates: list[dict[str, str]] | None


class Listed(NamedTuple):
    """What a list said beside an entry; `raw`: the day as it stood."""

    entry_id: int
    title: str
    day: dt.date | None
    raw: str


class FactLine(NamedTuple):
    """A fact, as its row has it."""

    id: int
    reading_id: int
    code: str
    state: str
    value: Decimal | None
    unit: str
    raw: str
    place: dict[str, Any] | None
    certain: bool


class Shots(NamedTuple):
    """How often a content was captured at its address: the first and the last capture, and the number of all."""

    entry_id: int
    url: str
    sha256: str
    first: int
    last: int
    captures: int


# Lists, so that rows are of any types: what the store may have as NULL is not NULL where a report is filed.
_SPOT: list[Any] = [Filing.agency_id, Filing.year, Filing.entry_id]
_CONTENT: list[Any] = [
    Filing.id,
    Filing.agency_id,
    Filing.year,
    Filing.entry_id,
    Filing.capture_id,
    Capture.url,
    Filing.reading_id,
    Reading.sha256,
    Reading.template,
]
_SHOTS: list[Any] = [
    Capture.entry_id,
    Capture.url,
    Capture.sha256,
    func.min(Capture.id),
    func.max(Capture.id),
    func.count(Capture.id),
]
_CONTENTS = (
    select(*_CONTENT)
    .join(Reading, Reading.id == Filing.reading_id)
    .join(Capture, Capture.id == Filing.capture_id)
    .where(Filing.decision == FILED)
)
# Made once: an alias costs more than the question.
_newer, _newer_reading = aliased(Filing), aliased(Reading)
_SUPERSEDED = (
    select(_newer.id)
    .join(_newer_reading, _newer_reading.id == _newer.reading_id)
    .where(_newer.entry_id == Filing.entry_id, _newer.id > Filing.id, _newer_reading.sha256 == Reading.sha256)
    .exists()
)


def spots(session: Session, year: int | None, *, since: Spot | None, limit: int) -> tuple[list[Spot], Spot | None]:
    """From `since` on (itself included), in the store's order of agency id, year and entry; and from where to go on.

    At most `limit`, fewer where entries have several contents: DISTINCT would read the whole table first. None: no more.
    """
    rows = _spots(year)
    if since is not None:
        later = tuple_(Filing.year, Filing.entry_id) >= tuple_(since.year, since.entry_id)
        rows = rows.where(
            Filing.agency_id >= since.agency_id,  # what an index can begin at
            or_(Filing.agency_id > since.agency_id, and_(Filing.agency_id == since.agency_id, later)),
        )
    ordered = rows.order_by(Filing.agency_id, Filing.year, Filing.entry_id).limit(limit)
    found = [Spot(*row) for row in session.execute(ordered)]
    following = found[-1]._replace(entry_id=found[-1].entry_id + 1) if len(found) == limit else None
    return list(dict.fromkeys(found)), following


def spots_of(session: Session, agencies: Collection[str], year: int | None) -> set[Spot]:
    """All of some agencies."""
    found: set[Spot] = set()
    for batch in batches(agencies):
        found.update(Spot(*row) for row in session.execute(_spots(year).where(Filing.agency_id.in_(batch))))
    return found


def _spots(year: int | None) -> Select[*tuple[Any, ...]]:
    rows = select(*_SPOT).where(Filing.decision == FILED, Filing.agency_id.is_not(None))
    return rows if year is None else rows.where(Filing.year == year)


def contents(session: Session, entries: Collection[int]) -> list[Content]:
    """The filed contents of some entries, the newest filing first, without what a newer reading superseded."""
    return _contents(session, _CONTENTS.where(Filing.entry_id.in_(entries), ~_SUPERSEDED))


def contents_of_reading(session: Session, reading_id: int) -> list[Content]:
    """What one reading is filed as, superseded or not, the newest filing first."""
    return _contents(session, _CONTENTS.where(Filing.reading_id == reading_id))


def _contents(session: Session, rows: Select[*tuple[Any, ...]]) -> list[Content]:
    return sorted((Content(*row) for row in session.execute(rows)), reverse=True)


def report_lines(session: Session, filings: Collection[int]) -> dict[int, ReportLine]:
    """By filing."""
    rows = (
        select(
            Filing.id,
            Entry.portal,
            Entry.column,
            Capture.final_url,
            Capture.fetched_at,
            Capture.headers,
            Reading.extractor,
            Reading.read_at,
            Reading.format,
            Reading.template,
            Reading.signed_on,
            Reading.error,
            Reading.details["title"].as_string(),
            Reading.details["dates"],
        )
        .join(Reading, Reading.id == Filing.reading_id)
        .join(Entry, Entry.id == Filing.entry_id)
        .join(Capture, Capture.id == Filing.capture_id)
        .where(Filing.id.in_(filings))
    )
    return {row[0]: ReportLine(*row) for row in session.execute(rows)}


def listed(session: Session, entries: Collection[int]) -> list[Listed]:
    """What the lists said beside some entries, oldest first."""
    rows = select(EntryChange.entry_id, EntryChange.title, EntryChange.list_date, EntryChange.list_date_raw)
    found = session.execute(rows.where(EntryChange.entry_id.in_(entries)).order_by(EntryChange.id))
    return [Listed(*row) for row in found]


def published(session: Session, pairs: Collection[tuple[str, int]]) -> dict[tuple[str, int], dict[str, Any]]:
    """By agency and year: between which looks its report was published, as recorded with its state."""
    # By both columns of the key: SQLite looks up no pairs through an index.
    rows = select(AgencyState.agency_id, AgencyState.year, AgencyState.details["published"]).where(
        AgencyState.agency_id.in_(sorted({agency_id for agency_id, _ in pairs})),
        AgencyState.year.in_(sorted({year for _, year in pairs})),
    )
    found = {(agency_id, year): between for agency_id, year, between in session.execute(rows) if between}
    return {pair: found[pair] for pair in pairs if pair in found}


def facts(session: Session, readings: Collection[int], *, code: str | None) -> list[FactLine]:
    """The facts of some readings, by id: of one cell or of all."""
    columns = [getattr(FactRow, name) for name in FactLine._fields]
    rows = select(*columns).where(FactRow.reading_id.in_(readings))
    if code is not None:
        rows = rows.where(FactRow.code == code)
    return [FactLine(*row) for row in session.execute(rows.order_by(FactRow.id))]


def shots(session: Session, entries: Collection[int]) -> list[Shots]:
    """How often each content of some entries was captured."""
    rows = (
        select(*_SHOTS)
        .where(Capture.entry_id.in_(entries), Capture.sha256.is_not(None))
        .group_by(Capture.entry_id, Capture.url, Capture.sha256)
    )
    return [Shots(*row) for row in session.execute(rows)]
