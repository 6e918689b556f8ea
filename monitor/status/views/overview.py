"""The read model of the overview: the matrix agency × year, the counts against the deadline, what we could see.

May touch: the store for reading, a bounded number of SELECTs whatever the number of agencies.
"""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from config.load import Configuration
from config.schema import Agency
from crawler.model import LookOutcome
from crawler.store.reads import coverage
from crawler.store.tables import Finding
from monitor.checks.portal import LOST
from monitor.checks.sight import blind_sight
from monitor.days import day_of
from monitor.model import Sight, State
from monitor.status.filters import FIRST_YEAR, Filters
from monitor.status.views.news import News, news
from monitor.status.views.verdicts import Verdict, verdict
from monitor.status.views.work import JobLine, job_lines

PAGE = 200  # agencies on one page of the matrix
NEWS = 12
BLIND = 50
# Of those that owe a report: what happened to the due day first, what is still to come last.
OWED = (
    State.ON_TIME,
    State.LATE,
    State.DATE_UNSURE,
    State.MISSING,
    State.UNKNOWN,
    State.WITHDRAWN,
    State.DUE_SOON,
    State.NOT_DUE,
)
STATES = (*OWED, State.EXEMPT)
FLAGS = (
    "changed",
    "revised",
    "local_late",
    "backdated",
    "arithmetic",
    "narrative",
    "carry_over",
    "attachment",
    "copied",
)
EVERY = dt.timedelta(days=8)  # the schedule looks at least once a week; longer ago means that nobody looks


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """`watched` False: never judged, whatever the store holds. `verdict` None: watched, but not judged yet.

    `flags`: the kinds of open findings that the state does not tell by itself.
    """

    year: int
    watched: bool
    verdict: Verdict | None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MatrixRow:
    agency: Agency
    cells: tuple[MatrixCell, ...]


@dataclass(frozen=True, slots=True)
class Region:
    """The rows of one region, in the order of the registry."""

    code: str
    name: str
    rows: tuple[MatrixRow, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """How the selected agencies stand with one report year. `total`: those watched for it that owe a report.

    `exempt`: the state, and the number, of those watched that owe none, because they were founded later, abolished or
    merged; they are in no other number.
    """

    year: int
    total: int
    states: tuple[tuple[State, int], ...]  # every state but exempt, also those with no agency
    unjudged: int
    exempt: tuple[State, int]


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
    blind_columns: int
    healthy_at: dt.datetime | None
    lost: tuple[LostPortal, ...]
    offline_at: dt.datetime | None  # the newest visit on which our own network was down, if no other followed


@dataclass(frozen=True, slots=True)
class Overview:
    filters: Filters
    years: tuple[int, ...]  # newest first
    regions: tuple[Region, ...]
    found: int  # agencies that the filters select, on all pages
    registered: int
    pages: int
    region_choices: tuple[tuple[str, str], ...]  # code, name
    year_choices: tuple[int, ...]
    tally: Tally | None  # None while no report is watched
    sight: Seeing
    news: tuple[News, ...]
    jobs: tuple[JobLine, ...]
    simulated: bool
    judged_at: dt.datetime | None


def overview(session: Session, configuration: Configuration, filters: Filters, now: dt.datetime) -> Overview:
    """Everything that the overview shows for one selection at one moment."""
    agencies = tuple(configuration.agencies.values())
    all_years = report_years(agencies, now)
    years = tuple(year for year in all_years if filters.spans(year))
    selected = [agency for agency in agencies if filters.admits(agency)]
    tally = _tally(session, configuration, selected, now, all_years)
    if filters.state is not None:
        # The years that are shown decide, so that every row shows what it was selected for.
        span = (years[-1], years[0]) if years else (0, 0)
        held = coverage.agencies_in_state(session, filters.state.value, *span)
        selected = [agency for agency in selected if agency.id in held]
    selected.sort(key=lambda agency: agency.region_code)
    shown = selected[(filters.page - 1) * PAGE : filters.page * PAGE]
    return Overview(
        filters=filters,
        years=years,
        regions=_regions(session, shown, years, now),
        found=len(selected),
        registered=len(agencies),
        pages=max(1, -(-len(selected) // PAGE)),
        region_choices=tuple(sorted({agency.region_code: agency.region for agency in agencies}.items())),
        year_choices=all_years,
        tally=tally,
        sight=_sight(session, configuration, now),
        news=news(coverage.newest_events(session, NEWS), configuration),
        jobs=job_lines(*coverage.jobs(session)),
        simulated=bool(coverage.simulated_portals(session)),
        judged_at=coverage.last_finished(session, "evaluate"),
    )


def report_years(agencies: Iterable[Agency], now: dt.datetime) -> tuple[int, ...]:
    """The report years that are over and for which somebody is watched, newest first."""
    spans = {span for agency in agencies for span in agency.watched_years}
    over = range(day_of(now).year - 1, FIRST_YEAR - 1, -1)
    return tuple(year for year in over if any(year in span for span in spans))


def _regions(
    session: Session, agencies: Sequence[Agency], years: Sequence[int], now: dt.datetime
) -> tuple[Region, ...]:
    ids = [agency.id for agency in agencies]
    rows = coverage.state_lines(session, ids)
    flags: dict[tuple[str, int], set[str]] = {}
    for finding in coverage.open_findings(session, ids):
        flags.setdefault((finding.agency_id, finding.year), set()).add(finding.kind)
    verdicts = {(row.agency_id, row.year): verdict(row, now) for row in rows if row.year in years}
    by_region: dict[tuple[str, str], list[MatrixRow]] = {}
    for agency in agencies:
        cells = tuple(
            matrix_cell(agency, year, verdicts.get((agency.id, year)), flags.get((agency.id, year), ()))
            for year in years
        )
        by_region.setdefault((agency.region_code, agency.region), []).append(MatrixRow(agency, cells))
    return tuple(Region(code, name, tuple(found)) for (code, name), found in by_region.items())


def matrix_cell(agency: Agency, year: int, found: Verdict | None, findings: Collection[str] = ()) -> MatrixCell:
    """What is recorded of a year that is no longer watched is not shown as a state."""
    watched = agency.watched(year)
    if not watched:
        return MatrixCell(year, watched=False, verdict=None)
    return MatrixCell(year, True, found, tuple(kind for kind in FLAGS if kind in findings))


def _tally(
    session: Session,
    configuration: Configuration,
    agencies: Sequence[Agency],
    now: dt.datetime,
    years: Sequence[int],
) -> Tally | None:
    year = newest_due_year(configuration, now) or next(iter(years), None)
    if year is None:
        return None
    recorded = coverage.states_of_year(session, year)
    watched = [agency.id for agency in agencies if agency.watched(year)]
    counts = Counter(recorded.get(agency_id) for agency_id in watched)
    states = tuple((state, counts[state.value]) for state in OWED)
    exempt = counts[State.EXEMPT.value]
    return Tally(year, len(watched) - exempt, states, counts[None], (State.EXEMPT, exempt))


def newest_due_year(configuration: Configuration, now: dt.datetime) -> int | None:
    """The newest report year whose due day has come for at least one watched agency."""
    today = day_of(now)
    for year in report_years(configuration.agencies.values(), now):
        watched = [agency for agency in configuration.agencies.values() if agency.watched(year)]
        alike = {configuration.deadlines.alike(agency): agency for agency in watched}
        rules = [configuration.deadlines.deciding_rule_for(agency, year) for agency in alike.values()]
        if any(rule and rule.due and rule.due.of(year) <= today for rule in rules):
            return year
    return None


def _sight(session: Session, configuration: Configuration, now: dt.datetime) -> Seeing:
    looks = {(looks.newest.portal, looks.newest.column): looks for looks in coverage.column_looks(session)}
    oldest = now - EVERY
    portals = [portal for portal in configuration.portals.values() if portal.enabled]
    blind = []
    healthy: list[dt.datetime] = []
    for portal in portals:
        for column in portal.columns:
            seen = looks.get((portal.slug, column.key))
            if seen is not None and seen.healthy_at is not None:
                healthy.append(seen.healthy_at)
            outcome = LookOutcome(seen.newest.outcome) if seen else None
            fresh = seen is not None and seen.newest.at >= oldest
            if outcome is None or not outcome.proves_absence or not fresh:
                blind.append(
                    BlindColumn(
                        portal=portal.slug,
                        portal_name=portal.name,
                        column_name=column.name,
                        outcome=None if outcome is None or outcome.proves_absence else outcome,
                        sight=blind_sight(outcome, seen.newest.reason) if seen is not None and outcome else None,
                        reason=seen.newest.reason if seen is not None else "",
                        since=seen.blind_since if seen is not None else None,
                        looked_at=seen.newest.at if seen else None,
                        healthy_at=seen.healthy_at if seen else None,
                    )
                )
    return Seeing(
        portals=len(portals),
        blind_portals=len({column.portal for column in blind}),
        blind=tuple(blind[:BLIND]),
        blind_columns=len(blind),
        healthy_at=max(healthy, default=None),
        lost=tuple(_lost(one) for one in coverage.open_findings(session, [""]) if one.kind == LOST),
        offline_at=coverage.offline_since(session),
    )


def _lost(finding: Finding) -> LostPortal:
    details = finding.details["finding"]
    since = dt.datetime.fromisoformat(details["at"])
    return LostPortal(details["portal_name"], since, details["url"], details["reason"])
