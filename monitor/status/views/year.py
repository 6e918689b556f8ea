"""The read model of one report year of an agency: how it stands and by what, what is filed as its report, what became of it.

May touch: the store for reading, a number of SELECTs by index that does not grow with it. What can grow is bounded, and the
page says where more is left out. Long, because the whole page is put together in one place.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from sqlalchemy.orm import Session

from config.load import Configuration
from config.schema import Agency
from crawler.model import DateEvidence, DateSource, LookOutcome
from crawler.reports import templates
from crawler.store.reads import coverage, evidence, judging
from crawler.store.reads import reports as reads
from crawler.store.reads.changes import ChangeRow
from crawler.store.reads.coverage import ShownCapture
from crawler.store.reads.judging import CellRow
from crawler.store.reads.reports import VersionRow
from crawler.store.tables import FactRow
from monitor.checks.carry_over import CODES, JOINTS
from monitor.checks.case import judged_years
from monitor.desk import replies as desk
from monitor.desk.replies import Reply
from monitor.status.views.findings import ShownFinding, shown_finding
from monitor.status.views.form import show_number
from monitor.status.views.report import Report, Version, build_report
from monitor.status.views.said import Answered
from monitor.status.views.verdicts import Verdict, verdict
from monitor.why.answer import Day, shown_day

ADDRESSES: Final = 4  # addresses whose tables are shown; the others are named
VERSIONS: Final = 60
CAPTURES: Final = 20  # of each entry, beside those with new content
CHANGES: Final = 40
FINDINGS: Final = 40
LIST_CHANGES: Final = 40
LOOKS: Final = 20


@dataclass(frozen=True, slots=True)
class UsedLook:
    """A look that the recorded state rests on, with the captures of the list pages that it read."""

    id: int
    at: dt.datetime
    begun: dt.datetime
    column: str
    outcome: LookOutcome
    reason: str
    captures: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """What the year before hands over and what this report takes up; only of cells that are certain numbers on both sides."""

    rule: str
    label: str
    earlier: str
    later: str
    holds: bool


@dataclass(frozen=True, slots=True)
class YearPage(Answered):
    """`verdict` None: not watched, or not judged yet. `reports`: one for each address, the newest filed first.

    `chosen`: the version that was asked for by its capture; then `reports` holds that one alone. `others`: addresses whose
    tables are not shown. `looks_left`: looks that the state rests on and that are not listed.
    """

    agency: Agency
    year: int
    watched: bool
    judged: bool
    verdict: Verdict | None
    law: Day | None
    local: Day | None
    stated: tuple[DateEvidence, ...]
    looks: tuple[UsedLook, ...]
    looks_left: int
    reports: tuple[Report, ...]
    others: tuple[VersionRow, ...]
    chosen: Version | None
    joined: tuple[Joined, ...]
    findings: tuple[ShownFinding, ...]
    changes: tuple[ChangeRow, ...]
    replies: tuple[Reply, ...]
    years: tuple[int, ...]
    simulated: bool

    @property
    def state_name(self) -> str:
        """A state's word, unjudged or unwatched."""
        if not self.watched:
            return "unwatched"
        return self.verdict.state.value if self.verdict else "unjudged"


def year_page(
    session: Session, configuration: Configuration, agency: Agency, year: int, now: dt.datetime, version: int | None
) -> YearPage | None:
    """Everything about one report year; `version`: the capture of a content of it. None: there is no such page."""
    rows = reads.versions(session, agency.id, year, VERSIONS)
    watched = agency.watched(year)
    if not rows and not watched:
        return None
    current, earlier = _addresses(session, rows)
    picked: list[VersionRow] = current[:ADDRESSES]
    if version is not None:
        capture = reads.capture(session, version)
        found = None if capture is None else reads.version_of(session, agency.id, year, capture)
        if found is None:
            return None
        picked = [found]
    facts = coverage.facts(session, [row.reading_id for row in picked])
    reports = _reports(session, picked, [*current, *earlier], facts)
    state = reads.state(session, agency.id, year) if watched else None
    judged = None if state is None else verdict(state, now)
    looks, looks_left = _looks(session, configuration, judged)
    rule = configuration.deadlines.rule_for(agency, year) if watched else None
    local = configuration.deadlines.local_rule_for(agency, year) if watched else None
    findings = reads.findings(session, agency.id, year, FINDINGS) if watched else []
    replies = desk.by_year(desk.load(session, agency.id, until=now))
    portals = {portal for portal, _ in configuration.columns_of(agency.id)} | {row.portal for row in rows}
    return YearPage(
        agency=agency,
        year=year,
        watched=watched,
        judged=year in judged_years(agency, now),
        verdict=judged,
        law=None if rule is None else shown_day(rule, year),
        local=None if local is None else shown_day(local, year),
        stated=_stated(judged),
        looks=looks,
        looks_left=looks_left,
        reports=reports,
        others=() if version is not None else tuple(current[ADDRESSES:]),
        chosen=None if version is None else _chosen(reports[0], picked[0]),
        joined=_joined(session, agency.id, year, reports, facts),
        findings=tuple(shown_finding(row) for row in findings),
        changes=tuple(reads.changes(session, agency.id, year, CHANGES)) if watched else (),
        replies=replies.get((agency.id, year), ()),
        years=tuple(other for other in (year - 1, year + 1) if other in judged_years(agency, now)),
        simulated=reads.is_simulated(session, portals),
    )


def _addresses(session: Session, rows: Sequence[VersionRow]) -> tuple[list[VersionRow], list[VersionRow]]:
    """Of every address what it held at last, and everything else. `rows`: the newest filing first."""
    contents = coverage.newest_contents(session, {row.entry_id for row in rows}) if rows else {}
    found: dict[tuple[int, str], VersionRow] = {}
    for row in rows:
        address = row.entry_id, row.url
        known = found.get(address)
        held = contents.get(address)
        if known is None or (row.sha256 == held and known.sha256 != held):
            found[address] = row
    current = {row.filing_id for row in found.values()}
    return list(found.values()), [row for row in rows if row.filing_id not in current]


def _reports(
    session: Session,
    picked: Sequence[VersionRow],
    rows: Sequence[VersionRow],
    facts: Mapping[int, Sequence[FactRow]],
) -> tuple[Report, ...]:
    """The reports of `picked`, each with the versions of its address among `rows`."""
    if not picked:
        return ()
    filed = reads.filed(session, [row.filing_id for row in picked])
    entries = list(dict.fromkeys(row.entry_id for row in picked))
    captures = [shown for entry in entries for shown in _captures(session, entry)]
    changes = reads.list_changes(session, entries, LIST_CHANGES)
    forms = templates.load()
    newest: dict[tuple[int, str], int] = {}
    for row in rows:
        newest.setdefault((row.entry_id, row.url), row.filing_id)
    found = []
    for row in picked:
        same = {
            other.filing_id: other for other in (*rows, row) if (other.entry_id, other.url) == (row.entry_id, row.url)
        }
        versions = (
            Version(
                sha256=other.sha256,
                captured_at=other.fetched_at,
                extractor=other.extractor,
                current=newest.get((other.entry_id, other.url)) == other.filing_id,
                capture=other.capture_id,
            )
            for other in same.values()
        )
        found.append(
            build_report(
                filed[row.filing_id],
                versions=versions,
                facts=facts[row.reading_id],
                captures=captures,
                changes=changes,
                templates=forms,
            )
        )
    return tuple(found)


def _chosen(report: Report, row: VersionRow) -> Version | None:
    return next((version for version in report.versions if version.capture == row.capture_id), None)


def _captures(session: Session, entry_id: int) -> list[ShownCapture]:
    newest, total = reads.newest_captures(session, entry_id, CAPTURES)
    return [ShownCapture(capture, total) for capture in newest]


def _looks(session: Session, configuration: Configuration, judged: Verdict | None) -> tuple[tuple[UsedLook, ...], int]:
    """The newest of the looks that the recorded state rests on, the newest first, and how many more there are."""
    ids = sorted((judged.details.get("evidence") or {}).get("looks", ()), reverse=True) if judged else []
    visited = evidence.looks(session, ids[:LOOKS]) if ids else []
    pages = judging.listing_captures(session, ids[:LOOKS]) if ids else {}
    found = [
        UsedLook(
            id=one.look.id,
            at=one.look.at,
            begun=min(one.run.started_at, one.look.at),
            column=_column_name(configuration, one.look.portal, one.look.column),
            outcome=LookOutcome(one.look.outcome),
            reason=one.look.reason,
            captures=tuple(pages.get(one.look.id, ())),
        )
        for one in reversed(visited)
    ]
    return tuple(found), max(0, len(ids) - LOOKS)


def _column_name(configuration: Configuration, slug: str, key: str) -> str:
    portal = configuration.portals.get(slug)
    names = {column.key: column.name for column in portal.columns} if portal else {}
    return f"{portal.name if portal else slug} · {names.get(key, key)}"


def _stated(judged: Verdict | None) -> tuple[DateEvidence, ...]:
    """The dates that the recorded state was made with."""
    stored = judged.details.get("stated", ()) if judged else ()
    return tuple(
        DateEvidence(DateSource(date["source"]), dt.date.fromisoformat(date["value"]), date.get("raw", ""))
        for date in stored
    )


Cells = Mapping[str, Decimal]  # certain numbers by code


def _joined(
    session: Session, agency_id: str, year: int, reports: Sequence[Report], facts: Mapping[int, Sequence[FactRow]]
) -> tuple[Joined, ...]:
    """The joints of this report with the one of the year before, as the check `carry_over` compares them."""
    report = next((report for report in reports if report.tables), None)
    if report is None:
        return ()
    rows = reads.versions(session, agency_id, year - 1, VERSIONS)
    current = [row.reading_id for row in _addresses(session, rows)[0] if row.extractor == report.reading.extractor]
    earlier = judging.cells(session, current, CODES, placed=False)
    before = [_sure_numbers(cells) for cells in earlier.values()]
    own = _sure_numbers(facts[report.reading.id])
    found = []
    for joint in JOINTS:
        sums = [
            _sum([(cells, code, 1) for code in joint.earlier] + [(own, *term) for term in joint.later])
            for cells in before
        ]
        known = [total for total in sums if total is not None]
        result = own.get(joint.result)
        if known and result is not None:
            holds = result in known
            label = templates.labels().get(joint.result, joint.result)
            earlier_sum = result if holds else known[0]
            found.append(Joined(joint.kind, label, show_number(earlier_sum), show_number(result), holds))
    return tuple(found)


def _sure_numbers(cells: Iterable[FactRow | CellRow]) -> Cells:
    return {cell.code: cell.value for cell in cells if cell.certain and cell.value is not None}


def _sum(terms: Sequence[tuple[Cells, str, int]]) -> Decimal | None:
    """None where a cell of it is no certain number."""
    total = Decimal(0)
    for cells, code, sign in terms:
        value = cells.get(code)
        if value is None:
            return None
        total += value * sign
    return total
