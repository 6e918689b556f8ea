"""The read model of an agency's page: who it is, every report year, what was judged, read and captured.

May touch: the store for reading, a bounded number of SELECTs whatever the number of years and reports.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from config.deadlines import DeadlineRule
from config.load import Configuration
from config.schema import Agency
from crawler.model import LookOutcome
from crawler.reports import templates
from crawler.store.reads import coverage
from crawler.store.reads.coverage import FiledReport
from monitor.checks.sight import blind_sight
from monitor.desk import replies as desk
from monitor.desk.replies import Reply
from monitor.model import Sight
from monitor.status.views.findings import ShownFinding, shown_finding
from monitor.status.views.news import News, news
from monitor.status.views.overview import matrix_cell, report_years
from monitor.status.views.report import Report, build_report, current_filings
from monitor.status.views.verdicts import Verdict, verdict

CAPTURES = 20  # the newest ones of each address; those with another content are always shown
REVIEWS = 20
NEWS = 20


@dataclass(frozen=True, slots=True)
class WatchedColumn:
    """A column in which the agency's reports are looked for, and how the newest look saw it."""

    portal_name: str
    name: str
    url: str
    outcome: LookOutcome | None  # None: never looked at
    sight: Sight | None  # None: it was seen, or never looked at
    reason: str
    looked_at: dt.datetime | None
    healthy_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class AgencyYear:
    """One report year of the agency. `verdict` None: not watched, or not judged yet."""

    year: int
    watched: bool
    verdict: Verdict | None
    rule: DeadlineRule | None
    reports: tuple[Report, ...]
    findings: tuple[ShownFinding, ...]
    replies: tuple[Reply, ...] = ()  # of the office, about the year and its findings, oldest first

    def said(self, finding_key: str = "") -> tuple[Reply, ...]:
        """What the office said of one finding, or of the year as a whole: what counts now, the newest first."""
        return tuple(reply for reply in self._about(finding_key) if reply.superseded_by is None)

    def said_before(self, finding_key: str = "") -> tuple[Reply, ...]:
        """What a newer reply replaced, the newest first."""
        return tuple(reply for reply in self._about(finding_key) if reply.superseded_by is not None)

    def _about(self, finding_key: str) -> tuple[Reply, ...]:
        return tuple(reply for reply in reversed(self.replies) if reply.finding_key == finding_key)


@dataclass(frozen=True, slots=True)
class AgencyPage:
    agency: Agency
    predecessor: Agency | None
    successors: tuple[Agency, ...]
    columns: tuple[WatchedColumn, ...]
    years: tuple[AgencyYear, ...]  # newest first
    reviews: tuple[FiledReport, ...]  # in its columns, whose report it is has to be decided by a person
    news: tuple[News, ...]
    simulated: bool


def agency_page(session: Session, configuration: Configuration, agency: Agency, now: dt.datetime) -> AgencyPage:
    """Everything that is known of one agency at one moment."""
    columns = configuration.columns_of(agency.id)
    filed = coverage.filed_reports(session, agency.id)
    simulated = coverage.simulated_portals(session)
    return AgencyPage(
        agency=agency,
        predecessor=configuration.agencies.get(agency.predecessor or ""),
        successors=tuple(other for other in configuration.agencies.values() if other.predecessor == agency.id),
        columns=_columns(session, configuration, columns),
        years=_years(session, configuration, agency, filed, now),
        reviews=_reviews(session, agency, columns),
        news=news(coverage.newest_events(session, NEWS, agency.id), configuration),
        simulated=bool(simulated & ({portal for portal, _ in columns} | {report.entry.portal for report in filed})),
    )


def _years(
    session: Session, configuration: Configuration, agency: Agency, filed: Sequence[FiledReport], now: dt.datetime
) -> tuple[AgencyYear, ...]:
    verdicts = {row.year: verdict(row, now) for row in coverage.states(session, [agency.id])}
    reports = _reports(session, filed)
    findings = coverage.findings(session, agency.id)
    replies = desk.by_year(desk.load(session, agency.id, until=now))
    years = {*report_years([agency], now), *(report.filing.year or 0 for report in reports)}
    found = []
    for year in sorted(years - {0}, reverse=True):
        cell = matrix_cell(agency, year, verdicts.get(year))
        found.append(
            AgencyYear(
                year=year,
                watched=cell.watched,
                verdict=cell.verdict,
                rule=configuration.deadlines.rule_for(agency, year),
                reports=tuple(report for report in reports if report.filing.year == year),
                findings=tuple(shown_finding(row) for row in findings if row.year == year) if cell.watched else (),
                replies=replies.get((agency.id, year), ()),
            )
        )
    return tuple(found)


def _reports(session: Session, filed: Sequence[FiledReport]) -> tuple[Report, ...]:
    entries = {report.entry.id for report in filed}
    current = current_filings(filed, coverage.newest_contents(session, entries))
    facts = coverage.facts(session, [report.reading.id for report in current])
    captures = coverage.captures(session, entries, {report.capture.id for report in filed}, CAPTURES)
    changes = coverage.entry_changes(session, entries)
    forms = templates.load()
    return tuple(
        build_report(
            report,
            filed=filed,
            facts=facts[report.reading.id],
            captures=captures,
            changes=changes,
            templates=forms,
        )
        for report in current
    )


def _columns(
    session: Session, configuration: Configuration, columns: Sequence[tuple[str, str]]
) -> tuple[WatchedColumn, ...]:
    looks = {(seen.newest.portal, seen.newest.column): seen for seen in coverage.column_looks(session, columns)}
    found = []
    for slug, key in columns:
        portal = configuration.portals[slug]
        column = next(column for column in portal.columns if column.key == key)
        seen = looks.get((slug, key))
        found.append(
            WatchedColumn(
                portal_name=portal.name,
                name=column.name,
                url=column.url,
                outcome=LookOutcome(seen.newest.outcome) if seen else None,
                sight=blind_sight(LookOutcome(seen.newest.outcome), seen.newest.reason) if seen else None,
                reason=seen.newest.reason if seen else "",
                looked_at=seen.newest.at if seen else None,
                healthy_at=seen.healthy_at if seen else None,
            )
        )
    return tuple(found)


def _reviews(session: Session, agency: Agency, columns: Sequence[tuple[str, str]]) -> tuple[FiledReport, ...]:
    """Those that name the agency as a candidate, or name none at all."""
    waiting = coverage.for_review(session, columns, REVIEWS)
    return tuple(report for report in waiting if agency.id in (report.filing.evidence.get("candidates") or [agency.id]))
