"""The read model of an agency's page: who it is, every report year, its numbers over the years, what was found.

May touch: the board; the store for reading, a bounded number of SELECTs whatever the number of years and reports. The report
of a year, with its tables, has a page of its own (monitor.status.views.year).
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from sqlalchemy.orm import Session

from config.load import Configuration
from config.schema import Agency
from crawler.model import CellState, DateSource, LookOutcome
from crawler.store.reads import coverage, history
from crawler.store.reads.history import Filed
from crawler.store.tables import Finding
from monitor.board import Board, ColumnSight
from monitor.checks.case import judged_years
from monitor.checks.sight import blind_sight
from monitor.desk import replies as desk
from monitor.desk.replies import Reply
from monitor.model import Sight
from monitor.status.views.findings import ShownFinding, shown_finding
from monitor.status.views.indicators import CODES
from monitor.status.views.news import News, news
from monitor.status.views.numbers import Filled, Numbers, Value, numbers
from monitor.status.views.said import Answered
from monitor.status.views.verdicts import Verdict, verdict
from monitor.wording import Language

ENDED: Final = 30  # findings that ended, the newest first
FINDINGS: Final = 300  # that are asked for; open ones come first
REVIEWS: Final = 20
NEWS: Final = 20


_STATES: Final = {state.value: state for state in CellState}


@dataclass(frozen=True, slots=True)
class WatchedColumn:
    """A column in which the agency's reports are looked for. `seen` None: unknown to the board, or never looked at."""

    portal: str
    portal_name: str
    name: str
    url: str
    seen: ColumnSight | None
    sight: Sight | None  # why the newest look did not see; None: it did, or there was none

    @property
    def outcome(self) -> LookOutcome | None:
        return LookOutcome(self.seen.outcome) if self.seen and self.seen.outcome else None


@dataclass(frozen=True, slots=True)
class YearLine(Answered):
    """One report year. `verdict` None: not watched, or not judged yet. `stated`: the days of publication by the agency's own

    dates, oldest first. `versions`: different contents that are filed as this report; `documents`: addresses they stand at.
    """

    year: int
    watched: bool
    verdict: Verdict | None
    stated: tuple[dt.date, ...]
    versions: int
    documents: int
    open_findings: int
    replies: tuple[Reply, ...] = ()  # of the office, about the year and its findings, oldest first

    @property
    def state(self) -> str:
        """The name of its symbol and words."""
        if not self.watched:
            return "unwatched"
        return self.verdict.state.value if self.verdict else "unjudged"


@dataclass(frozen=True, slots=True)
class YearFinding:
    """A finding with its year. `anchor`: its key, for the newest finding that has it; else empty."""

    line: YearLine
    finding: ShownFinding
    anchor: str


@dataclass(frozen=True, slots=True)
class Undecided:
    """A document in its columns, whose report it is has to be decided by a person."""

    captured_at: dt.datetime
    url: str
    title: str
    why: str


@dataclass(frozen=True, slots=True)
class AgencyPage:
    """`findings`: open ones first; `more_ended`: there are older ones that ended and are left out."""

    agency: Agency
    predecessor: Agency | None
    successors: tuple[Agency, ...]
    columns: tuple[WatchedColumn, ...]
    years: tuple[YearLine, ...]  # newest first
    numbers: Numbers
    findings: tuple[YearFinding, ...]
    more_ended: bool
    reviews: tuple[Undecided, ...]
    news: tuple[News, ...]
    simulated: bool


def agency_page(
    session: Session,
    board: Board,
    configuration: Configuration,
    agency: Agency,
    now: dt.datetime,
    language: Language,
    address: str = "",
) -> AgencyPage:
    """Everything that is known of one agency at one moment; `address`: of its page, to which those of the years are added."""
    columns = configuration.columns_of(agency.id)
    filed = history.filed(session, agency.id)
    current = _current(session, filed)
    found = history.findings(session, agency.id, FINDINGS)
    lines = _lines(session, agency, filed, [row.year for row in found if row.closed_at is None], now)
    portals = {portal for portal, _ in columns} | {one.portal for one in filed}
    more = max(0, sum(row.closed_at is not None for row in found) - ENDED)
    return AgencyPage(
        agency=agency,
        predecessor=configuration.agencies.get(agency.predecessor or ""),
        successors=configuration.successors_of(agency.id),
        columns=_columns(board, configuration, columns),
        years=lines,
        numbers=numbers(_filled(session, current), address, language),
        findings=_findings(found[: len(found) - more], lines),
        more_ended=more > 0,
        reviews=_reviews(session, agency, columns),
        news=news(history.events(session, agency.id, NEWS), configuration),
        simulated=board.simulated and history.is_simulated(session, portals),
    )


def _lines(
    session: Session, agency: Agency, filed: Sequence[Filed], findings: Sequence[int], now: dt.datetime
) -> tuple[YearLine, ...]:
    """Every year that is watched or has a report, the newest first; `findings`: the years of the open ones."""
    verdicts = {row.year: verdict(row, now) for row in history.states(session, agency.id)}
    replies = desk.by_year(desk.load(session, agency.id, until=now))
    watched = judged_years(agency, now)
    lines = []
    for year in sorted({*watched, *(one.year for one in filed if one.year)}, reverse=True):
        own = [one for one in filed if one.year == year]
        judged = verdicts.get(year) if year in watched else None
        lines.append(
            YearLine(
                year=year,
                watched=year in watched,
                verdict=judged,
                stated=_stated(judged) if judged else (),
                versions=len({one.sha256 for one in own}),
                documents=len({(one.entry, one.url) for one in own}),
                open_findings=findings.count(year) if year in watched else 0,
                replies=replies.get((agency.id, year), ()),
            )
        )
    return tuple(lines)


def _findings(rows: Sequence[Finding], lines: Sequence[YearLine]) -> tuple[YearFinding, ...]:
    """Of the years that are watched."""
    watched = {line.year: line for line in lines if line.watched}
    found: list[YearFinding] = []
    anchors: set[str] = set()
    for row in rows:
        if row.year in watched:
            found.append(YearFinding(watched[row.year], shown_finding(row), "" if row.key in anchors else row.key))
            anchors.add(row.key)
    return tuple(found)


def _stated(judged: Verdict) -> tuple[dt.date, ...]:
    """The different days on which the agency says that it published."""
    stated = judged.details.get("stated") or ()
    claims = {date["value"] for date in stated if DateSource(date["source"]).claims_publication}
    return tuple(dt.date.fromisoformat(value) for value in sorted(claims))


def _current(session: Session, filed: Sequence[Filed]) -> list[Filed]:
    """Of every address what it held at last. `filed` is newest first; a content may come back after another."""
    found: dict[tuple[int, str], Filed] = {}
    several = {
        one.entry for one in filed if any(other.sha256 != one.sha256 for other in filed if other.entry == one.entry)
    }
    contents = coverage.newest_contents(session, several) if several else {}
    for one in filed:
        address = one.entry, one.url
        known = found.get(address)
        if known is None or (one.sha256 == contents.get(address) and known.sha256 != contents.get(address)):
            found[address] = one
    return list(found.values())


def _filled(session: Session, current: Sequence[Filed]) -> Mapping[int, Sequence[Filled]]:
    values: dict[int, dict[str, Value]] = {one.reading: {} for one in current}
    for reading, code, state, value, certain in history.cells(session, values, CODES):
        values[reading][code] = Value(_STATES[state], value, certain)
    years: dict[int, list[Filled]] = {}
    for one in current:
        if one.year:
            years.setdefault(one.year, []).append(Filled(one.template or "", values[one.reading]))
    return years


def _columns(
    board: Board, configuration: Configuration, columns: Sequence[tuple[str, str]]
) -> tuple[WatchedColumn, ...]:
    looks = _sights(board)
    found = []
    for slug, key in columns:
        portal = configuration.portals[slug]
        column = next(column for column in portal.columns if column.key == key)
        seen = looks.get((slug, key))
        found.append(
            WatchedColumn(
                portal=slug,
                portal_name=portal.name,
                name=column.name,
                url=column.url,
                seen=seen if seen and seen.looked_at else None,
                sight=blind_sight(LookOutcome(seen.outcome), seen.reason) if seen and seen.outcome else None,
            )
        )
    return tuple(found)


@lru_cache(maxsize=2)
def _sights(board: Board) -> Mapping[tuple[str, str], ColumnSight]:
    return {(sight.portal, sight.column): sight for sight in board.columns}


def _reviews(session: Session, agency: Agency, columns: Sequence[tuple[str, str]]) -> tuple[Undecided, ...]:
    """Those that name the agency as a candidate, or name none at all."""
    return tuple(
        Undecided(
            captured_at=one.captured_at,
            url=one.url,
            title=str(one.evidence.get("list_title") or one.url),
            why=str(one.evidence.get("why") or ""),
        )
        for one in history.waiting(session, columns, REVIEWS)
        if agency.id in (one.evidence.get("candidates") or [agency.id])
    )
