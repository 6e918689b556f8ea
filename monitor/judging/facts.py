"""From the store's rows to the facts that judging works on. May touch: crawler.store.reads.judging, for reading.

Long, because every row that judging rests on is turned into a value in one place.
"""

import datetime as dt
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import chain
from typing import Any, Literal, cast

from sqlalchemy.orm import Session

from config.load import Configuration
from config.schema import Agency, Column, Portal
from crawler.model import CellState, DateEvidence, DateSource, Fingerprint, IdentityResult, LookOutcome
from crawler.reports import EXTRACTOR, dates
from crawler.reports.narrative.keys import all_codes
from crawler.store.reads import judging as reads
from crawler.store.reads.arrivals import arrivals
from crawler.store.tables import EntryChange, Filing, Reading
from monitor.checks.carry_over import CODES as CARRIED_CODES
from monitor.checks.entries import known_since, newest_contents, reading_of, undecided_versions
from monitor.checks.successions import pooled, published_again, replaced_files
from monitor.checks.versions import Revision, revisions, versions
from monitor.judging.imports import OLD_YEARS, Arrival, import_days
from monitor.model import (
    AgencyFacts,
    BlindPortal,
    CellFact,
    ColumnFacts,
    EntryFacts,
    HijackedFact,
    KinReport,
    ListChange,
    LookFact,
    PageCapture,
    ReadingFact,
)

ColumnKey = tuple[str, str]
COMPARED_CODES = CARRIED_CODES | all_codes()  # cells that are compared over the years or with the text


# By their words: of hundreds of thousands of rows, calling the enumeration would take a tenth of an evaluation.
CELL_STATES = {state.value: state for state in CellState}
OUTCOMES = {outcome.value: outcome for outcome in LookOutcome}

ImportDays = Mapping[str, frozenset[dt.date]]


def load_imports(session: Session, configuration: Configuration, at: dt.datetime) -> ImportDays:
    """By portal the days of bulk re-imports, as far as they were seen until `at`."""
    found = (
        Arrival(
            entry=row.entry,
            portal=row.portal,
            at=row.at,
            agency_id=row.agency_id,
            year=row.year,
            known_before=row.seen_well is not None and row.seen_well < row.at,
            left=row.left,
        )
        for row in arrivals(session, at, OLD_YEARS)
    )
    return import_days(found, configuration.deadlines.evidence.import_entries)


def load(
    session: Session,
    configuration: Configuration,
    agencies: Sequence[Agency],
    at: dt.datetime,
    imports: ImportDays | None = None,
) -> list[AgencyFacts]:
    """The facts about some agencies, as seen until `at`. The number of queries does not depend on theirs.

    `imports`: those of `load_imports`, which are the same for all agencies; None: they are read here.
    """
    if imports is None:
        imports = load_imports(session, configuration, at)
    columns = {agency.id: configuration.columns_of(agency.id) for agency in agencies}
    scope = reads.Scope(
        columns=frozenset(column for found in columns.values() for column in found),
        agencies=frozenset(columns),
        until=at,
    )
    looks = _looks(session, scope)
    entries = _with_cells(session, _entries(session, scope, imports))
    looks = _with_captures(session, looks, entries)
    beside = _beside(configuration, agencies)
    kin = _kin(session, configuration, beside, at)
    names = {agency.name for agency in configuration.agencies.values()}
    matters = [(entry, _filed_for(entry), any(True for _ in undecided_versions(entry))) for entry in entries]
    return [
        AgencyFacts(
            agency=agency,
            columns=tuple(_column(configuration, key, looks.get(key, ())) for key in columns[agency.id]),
            entries=tuple(
                entry
                for entry, filed_for, undecided in matters
                if agency.id in filed_for or (undecided and (entry.portal, entry.column) in columns[agency.id])
            ),
            others=frozenset(names - {agency.name}),
            kin=tuple(report for other in beside[agency.id] for report in kin.get(other, ())),
            successors=configuration.successors_of(agency.id),
        )
        for agency in agencies
    ]


def load_hijacked(session: Session, configuration: Configuration, at: dt.datetime) -> list[HijackedFact]:
    """The looks at columns of registered portals that showed another's content since they were last seen well."""
    columns = _registered(configuration)
    return [
        HijackedFact(row.id, row.at, portal.slug, portal.name, column.name, column.url, row.reason)
        for row in reads.hijacked_looks(session, at)
        if (row.portal, row.column) in columns
        for portal, column in [columns[row.portal, row.column]]
    ]


def load_blind(session: Session, configuration: Configuration, at: dt.datetime) -> list[BlindPortal]:
    """The registered portals of which no column was seen well at its newest look. Nobody looked: nobody is blind."""
    columns = _registered(configuration)
    looks: dict[str, list[reads.NewestLook]] = defaultdict(list)
    for row in reads.newest_looks(session, at):
        if (row.portal, row.column) in columns:
            looks[row.portal].append(row)
    blind = {
        slug: found
        for slug, found in looks.items()
        if not any(LookOutcome(look.outcome).proves_absence for look in found)
    }
    since = reads.blind_since(session, blind, at)
    made = []
    for slug, found in blind.items():
        newest = max(found, key=lambda look: (look.at, look.id))
        portal, column = columns[slug, newest.column]
        made.append(
            BlindPortal(
                portal=slug,
                portal_name=portal.name,
                since=max(since.get((look.portal, look.column), look.at) for look in found),
                looked_at=newest.at,
                outcome=LookOutcome(newest.outcome),
                reason=newest.reason,
                look=newest.id,
                column_name=column.name,
                url=column.url,
                columns=len(found),
            )
        )
    return made


def _registered(configuration: Configuration) -> dict[ColumnKey, tuple[Portal, Column]]:
    """The columns of the portals that are visited."""
    return {
        (portal.slug, column.key): (portal, column)
        for portal in configuration.portals.values()
        if portal.enabled
        for column in portal.columns
    }


def _filed_for(entry: EntryFacts) -> frozenset[str | None]:
    """The agencies of which some content of the entry is filed as a report."""
    readings = (reading for made in entry.readings.values() for reading in made)
    return frozenset(reading.agency_id for reading in readings if reading.decision == "filed")


def _looks(session: Session, scope: reads.Scope) -> dict[ColumnKey, list[LookFact]]:
    found: dict[ColumnKey, list[LookFact]] = defaultdict(list)
    for row in reads.looks(session, scope):
        look = LookFact(row.id, row.at, min(row.begun, row.at), OUTCOMES[row.outcome], row.reason)
        found[row.portal, row.column].append(look)
    return found


def _with_captures(
    session: Session, looks: Mapping[ColumnKey, list[LookFact]], entries: Sequence[EntryFacts]
) -> dict[ColumnKey, list[LookFact]]:
    """Fills in the list pages of the looks that are the last ones without a report: of each column, before each report."""
    appeared = {known_since(entry) for entry in entries if _filed_for(entry)}
    wanted: set[int] = set()
    for found in looks.values():
        proving = [look for look in found if look.outcome.proves_absence]
        begun = [look.begun for look in proving]
        wanted |= {proving[place - 1].id for moment in appeared if (place := bisect_left(begun, moment))}
    captures = reads.listing_captures(session, wanted)
    return {
        key: [replace(look, captures=tuple(captures[look.id])) if look.id in captures else look for look in found]
        for key, found in looks.items()
    }


def _column(configuration: Configuration, key: ColumnKey, looks: Iterable[LookFact]) -> ColumnFacts:
    portal = configuration.portals[key[0]]
    column = next(column for column in portal.columns if column.key == key[1])
    return ColumnFacts(portal.slug, portal.name, column.key, column.name, column.url, tuple(looks))


def _entries(session: Session, scope: reads.Scope, imports: ImportDays) -> list[EntryFacts]:
    changes: dict[int, list[ListChange]] = defaultdict(list)
    rows = reads.changes(session, scope)
    departures = reads.departures(session, {row.look_id for row in rows if row.kind == "gone"})
    for change in rows:
        changes[change.entry_id].append(_change(change, departures.get(change.look_id)))
    captures: dict[int, list[PageCapture]] = defaultdict(list)
    for capture in reads.captures(session, scope):
        captures[capture.entry_id or 0].append(_capture(capture))
    readings: dict[int, dict[str, list[ReadingFact]]] = defaultdict(lambda: defaultdict(list))
    found = reads.entries(session, scope)
    addresses = {entry.id: entry.url for entry in found}
    for filing, reading in reads.filings(session, scope):
        readings[filing.entry_id][reading.sha256].append(
            reading_fact(filing, reading, addresses.get(filing.entry_id, ""))
        )
    return [
        EntryFacts(
            id=entry.id,
            portal=entry.portal,
            column=entry.column,
            url=entry.url,
            changes=tuple(changes[entry.id]),
            captures=tuple(captures[entry.id]),
            readings={sha256: tuple(made) for sha256, made in readings[entry.id].items()},
            import_days=imports.get(entry.portal, frozenset()),
        )
        for entry in found
        if changes[entry.id] or captures[entry.id]
    ]


def _with_cells(session: Session, entries: list[EntryFacts]) -> list[EntryFacts]:
    """Fills in the cells that the checks will look at.

    All of the readings that will be compared and differ, in time or with a file beside them, or whose sums are broken; few of
    the newest ones, none of the rest.
    """
    wanted = {
        reading.id
        for entry in entries
        for made in entry.readings.values()
        for reading in made
        if any(identity.holds is False for identity in reading.identities)
    }
    at_one_address = (revision for found in versions(entries).values() for revision in revisions(found))
    for revision in chain(at_one_address, _across_addresses(entries)):
        if not revision.reading_after.has_the_cells_of(revision.reading_before):
            wanted |= {revision.reading_before.id, revision.reading_after.id}
    newest: set[int] = set()
    for entry in entries:
        shown = [capture for capture in newest_contents(entry).values() if capture is not None]
        made = [reading for capture in shown if (reading := reading_of(entry, capture)) is not None]
        filed = {reading.id for reading in made if reading.decision == "filed"}
        newest |= filed
        if len(filed) > 1:  # a page and its file are compared cell by cell
            wanted |= filed
    rows = reads.cells(session, wanted) | reads.cells(session, newest - wanted, COMPARED_CODES, placed=False)
    cells = {reading_id: {row.code: cell_fact(row) for row in found} for reading_id, found in rows.items()}
    return [
        replace(
            entry,
            readings={
                sha256: tuple(replace(reading, cells=cells.get(reading.id, {})) for reading in made)
                for sha256, made in entry.readings.items()
            },
        )
        for entry in entries
    ]


def _across_addresses(entries: Iterable[EntryFacts]) -> Iterator[Revision]:
    """The contents of one report at two addresses that are compared: files of a page, publications of an agency."""
    reports: dict[tuple[str | None, int | None], list[EntryFacts]] = defaultdict(list)
    for entry in entries:
        newest = (made[-1] for made in entry.readings.values())
        for report in {(reading.agency_id, reading.year) for reading in newest if reading.decision == "filed"}:
            reports[report].append(entry)
    for (agency_id, year), found in reports.items():
        own = pooled(found)
        for entry in own:
            yield from replaced_files(entry)
        if len(own) > 1 and agency_id is not None and year is not None:
            yield from (again.revision for again in published_again(own, agency_id, year))


def _beside(configuration: Configuration, agencies: Sequence[Agency]) -> dict[str, tuple[str, ...]]:
    """For each of these agencies the others of its region or of its supervising office, in the registry's order."""
    regions: dict[str, list[str]] = defaultdict(list)
    supervised: dict[str, list[str]] = defaultdict(list)
    for agency in configuration.agencies.values():
        regions[agency.region_code].append(agency.id)
        if agency.supervisor:
            supervised[agency.supervisor].append(agency.id)
    return {
        agency.id: tuple(
            other
            for other in dict.fromkeys([*regions[agency.region_code], *supervised.get(agency.supervisor, ())])
            if other != agency.id
        )
        for agency in agencies
    }


def _kin(
    session: Session, configuration: Configuration, beside: Mapping[str, tuple[str, ...]], at: dt.datetime
) -> dict[str, list[KinReport]]:
    """The reports of the agencies beside these, by agency: of the present extractor, with their fingerprints."""
    wanted = frozenset(other for others in beside.values() for other in others)
    found: dict[str, list[KinReport]] = defaultdict(list)
    for row in reads.fingerprints(session, wanted, EXTRACTOR, at):
        name = configuration.agencies[row.agency_id].name
        report = KinReport(
            agency_id=row.agency_id,
            agency=name,
            year=row.year,
            url=row.url,
            capture=row.capture_id,
            at=row.at,
            sha256=row.sha256,
            fingerprint=_fingerprint(row.fingerprint),
        )
        found[row.agency_id].append(report)
    return found


def _fingerprint(stored: Mapping[str, Any]) -> Fingerprint:
    clauses = tuple((clause, length) for clause, length in stored["clauses"])
    return Fingerprint(stored["figures"], stored["numbers"], clauses)


def _change(row: EntryChange, departures: reads.Departures | None) -> ListChange:
    kind = cast(Literal["appeared", "changed", "gone"], row.kind)
    change = ListChange(row.at, kind, row.title, row.list_date, row.list_date_raw, row.verdict)
    if kind != "gone" or departures is None:
        return change
    return replace(change, others_left=departures.left - 1, others_stayed=departures.stayed)


def _capture(row: reads.CaptureRow) -> PageCapture:
    return PageCapture(row.id, row.fetched_at, row.kind, row.url, OUTCOMES[row.outcome], row.sha256)


def cell_fact(row: reads.CellRow) -> CellFact:
    """A cell as judging compares it."""
    return CellFact(CELL_STATES[row.state], row.value, row.unit, row.raw, row.place, row.certain)


def reading_fact(filing: Filing, reading: Reading, url: str) -> ReadingFact:
    """A reading with what it was decided to be, as judging knows it, without its cells; `url`: of its entry."""
    details = reading.details
    return ReadingFact(
        id=reading.id,
        extractor=reading.extractor,
        decision=cast(Literal["filed", "review", "not_a_report"], filing.decision),
        agency_id=filing.agency_id,
        year=filing.year,
        printed_agency=reading.agency or "",
        candidates=tuple(filing.evidence.get("candidates", ())),
        template=reading.template,
        signed_on=reading.signed_on,
        dates=tuple(_date(date) for date in details.get("dates", ())) + _address_dates(filing, url),
        identities=tuple(_identity(identity) for identity in details.get("identities", ())),
        statements=tuple(details.get("statements", ())),
        notices=tuple(details.get("notices", ())),
        fingerprint=_fingerprint(details["fingerprint"]) if details.get("fingerprint") else None,
        issues=tuple(details.get("issues", ())),
        digest=details.get("cells", ""),
    )


def _date(stored: Mapping[str, Any]) -> DateEvidence:
    return DateEvidence(DateSource(stored["source"]), dt.date.fromisoformat(stored["value"]), stored["raw"])


def _address_dates(filing: Filing, url: str) -> tuple[DateEvidence, ...]:
    """The dates in the address belong to the entry, not to the bytes.

    That of a page's redirect or of an attachment's own address is kept with the filing.
    """
    found = [date for date in (dates.from_address(url), dates.from_id(url)) if date is not None]
    stored = filing.evidence.get("address_date")
    if stored is not None and not any(date.value.isoformat() == stored for date in found):
        found.append(DateEvidence(DateSource.ADDRESS, dt.date.fromisoformat(stored), stored))
    return tuple(found)


def _identity(stored: Mapping[str, Any]) -> IdentityResult:
    return IdentityResult(
        identity=stored["identity"],
        description=stored["description"],
        left_codes=tuple(stored["left_codes"]),
        right_codes=tuple(stored["right_codes"]),
        left=None if stored["left"] is None else Decimal(stored["left"]),
        right=None if stored["right"] is None else Decimal(stored["right"]),
        holds=stored["holds"],
        certain=stored.get("certain", True),
    )
