"""What was seen, read and judged of the invented country, as rows for benchmarks.country.writing.

May touch: the golden documents of the tests, whose readings stand for those of the invented reports.

Every agency and year has its state with details; every column its looks; findings and events those of the last FINDING_YEARS.
The way from entry to facts is filled for one agency in `whole` only: of all of them it would be 60 GB of readings and
400 million facts. Long, because every table of the store is filled here, in the one order in which they depend on each other.
"""

import datetime as dt
import itertools
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from benchmarks.country.readings import Made, made_readings, template_of
from benchmarks.country.registry import COLUMNS, Office
from benchmarks.country.report import Report, sha256_of
from benchmarks.country.standings import (
    AT,
    BLIND,
    LAST_LOOK,
    MIX,
    OLD_MIX,
    PUBLISHED,
    VARIANTS,
    Standing,
    Standings,
    fill,
)
from benchmarks.country.writing import Row, Writer, stored
from crawler import reports
from crawler.model import LookOutcome
from monitor.checks import portal as portal_check
from monitor.details import portal_finding_json
from monitor.model import BlindPortal, State

LOOKS: Final = 12  # at each column, one a week
BLIND_LOOKS: Final = 3  # the newest ones of a portal that cannot be seen
BLIND_SHARE: Final = 0.03  # of all portals
FINDING_YEARS: Final = 5
CHANGED_SHARE: Final = 0.1  # of the reports that are filled wholly
JOBS: Final = ("crawl", "read", "evaluate", "notify")
JOB_DAYS: Final = 90
OPEN_STATES: Final = (State.LATE, State.MISSING, State.WITHDRAWN)
Progress = Callable[[int, int], None]


@dataclass(slots=True)
class _Told:
    """A finding (`kind` no "unknown") and its event."""

    at: dt.datetime
    kind: str
    key: str
    agency_id: str
    year: int
    details: str
    is_finding: bool = True


@dataclass(slots=True)
class History:
    """Everything in the order in which it is written; each is asked for once, states first."""

    offices: Sequence[Office]
    years: Sequence[int]
    seed: int
    whole: int
    standings: Standings
    _reports: list[Report] = field(default_factory=list)
    _told: list[_Told] = field(default_factory=list)
    _chance: np.random.Generator = field(init=False)
    _places: dict[str, int] = field(init=False)
    _portals: list[str] = field(init=False)
    _blind: dict[str, LookOutcome] = field(init=False)

    def __post_init__(self) -> None:
        self._chance = np.random.default_rng(self.seed)
        columns = dict.fromkeys((one.portal, one.column) for one in self.offices)
        self._places = {f"{portal}/{column}": place for place, (portal, column) in enumerate(columns)}
        self._portals = list(dict.fromkeys(portal for portal, _ in columns))
        picked = self._chance.random(len(self._portals)) < BLIND_SHARE
        self._blind = {
            slug: BLIND[number % len(BLIND)]
            for number, slug in enumerate(
                slug for slug, is_blind in zip(self._portals, picked, strict=True) if is_blind
            )
        }

    def write(self, to: Writer, progress: Progress) -> dict[str, int]:
        """Writes all of it; returns how many rows each table got."""
        tables: list[tuple[str, Sequence[str], Iterator[Row]]] = [
            ("agency_state", ("agency_id", "year", "state", "since", "due", "details"), self._states(progress)),
            ("run", ("id", "portal", "started_at", "ended_at", "outcome", "reason", "requests", "simulated"), self._runs()),
            ("look", ("id", "run_id", "portal", "column", "at", "outcome", "reason", "status", "url", "entries", "pages"),
             self._looks()),
            ("entry", ("id", "portal", "column", "url"), self._entries()),
            ("entry_change", ("id", "entry_id", "look_id", "at", "kind", "title", "list_date", "list_date_raw", "verdict",
                              "verdict_reason"), self._entry_changes()),
            ("capture", ("id", "run_id", "entry_id", "portal", "column", "kind", "url", "final_url", "fetched_at", "status",
                         "outcome", "reason", "sha256", "size", "media_type", "headers", "request", "not_modified"),
             self._captures()),
            ("reading", ("id", "sha256", "extractor", "read_at", "format", "is_report", "agency", "year", "template",
                         "signed_on", "details", "error"), self._readings()),
            ("fact", ("reading_id", "code", "state", "value", "unit", "raw", "place", "certain"), self._facts()),
            ("filing", ("entry_id", "reading_id", "capture_id", "decision", "agency_id", "year", "evidence"),
             self._filings()),
            ("change", ("key", "agency_id", "year", "at", "kind", "severity", "url", "before_capture", "after_capture",
                        "details"), self._changes()),
            ("finding", ("id", "key", "kind", "agency_id", "year", "opened_at", "closed_at", "details"), self._findings()),
            ("event", ("id", "at", "kind", "agency_id", "year", "finding_id", "details"), self._events()),
            ("job_run", ("id", "job", "started_at", "ended_at", "outcome", "message"), self._job_runs()),
            ("job", ("name", "next_run_at"), ((name, stored(AT + dt.timedelta(days=1))) for name in JOBS)),
        ]  # fmt: skip
        return {table: to.write(table, columns, rows) for table, columns, rows in tables}

    def _states(self, progress: Progress) -> Iterator[Row]:
        shape = len(self.offices), len(self.years)
        draws = self._chance.random(shape)
        variants = self._chance.integers(0, VARIANTS, shape)
        mixes = [_cumulative(OLD_MIX if year < 2015 else MIX) for year in self.years]
        changed = self._chance.random(shape) < CHANGED_SHARE
        for place, office in enumerate(self.offices):
            values = self._values(office)
            is_whole = place % self.whole == 0
            for column, year in enumerate(self.years):
                state = mixes[column][1][int(np.searchsorted(mixes[column][0], draws[place, column]))]
                if office.founded is not None and year < office.founded.year:
                    state = State.EXEMPT
                standing = self._standing(office, year, state, int(variants[place, column]))
                values["capture"] = values["entry"] = 0
                values["sha256"] = sha256_of(office.id, year, 0)
                reported = is_whole and standing.first_seen is not None
                if reported:
                    number = len(self._reports) + 1
                    values["entry"], values["capture"] = number, 3 * number - 2
                details = fill(standing.details, values)
                if reported and standing.first_seen is not None:
                    is_changed = bool(changed[place, column])
                    self._reports.append(Report(number, office, year, standing.first_seen, details, is_changed))
                self._note(office, year, standing, details)
                yield (office.id, year, standing.state.value, stored(standing.since), _day(standing.due), details)
            if place % 1000 == 0:
                progress(place, len(self.offices))
        self._note_changes()
        self._note_portals()
        self._told.sort(key=lambda told: (told.at, told.key))

    def _standing(self, office: Office, year: int, state: State, variant: int) -> Standing:
        blind = self._blind.get(office.portal)
        kind = office.kind
        if state is State.MISSING and blind is not None:
            state = State.UNKNOWN
        if state in (State.MISSING, State.UNKNOWN) and kind.value == "township" and year >= 2019:
            state = State.NOT_DUE  # the law names no day
        # What a blind portal hides is the newest look; the other states rest on earlier ones.
        shown = blind if state in (State.UNKNOWN, *PUBLISHED) else None
        return self.standings.of(year, kind, state, variant, shown)

    def _values(self, office: Office) -> dict[str, Any]:
        texts = {
            "name": office.name,
            "region": office.region,
            "supervisor": office.supervisor,
            "portal": office.portal,
            "portal_name": office.portal_name,
            "column": office.column,
            "column_name": COLUMNS[office.column],
            "url": office.url,
            "serial": office.id[2:].replace("-", ""),
            "founded": str(office.founded or ""),
        }
        values: dict[str, Any] = {name: json.dumps(text)[1:-1] for name, text in texts.items()}
        return values | {"look": self._look(office, LOOKS - BLIND_LOOKS - 1)}

    def _look(self, office: Office, week: int) -> int:
        return self._places[f"{office.portal}/{office.column}"] * LOOKS + week + 1

    def _note(self, office: Office, year: int, standing: Standing, details: str) -> None:
        state = standing.state
        is_alerting = state is State.UNKNOWN and year == self.years[-1]
        if year <= self.years[-1] - FINDING_YEARS or not (state in OPEN_STATES or is_alerting):
            return
        key = f"{state.value}:{office.id}:{year}"
        told = f'{details[:-1]}, "from": null, "to": "{state.value}"'
        if not is_alerting:
            told += f', "finding": {{"key": "{key}", "kind": "{state.value}"}}'
        self._told.append(
            _Told(standing.since, state.value, key, office.id, year, told + "}", is_finding=not is_alerting)
        )

    def _note_changes(self) -> None:
        for report in self._reports:
            if report.is_changed:
                key = f"changed:{report.change_key}"
                finding = {"key": key, "kind": "changed", "url": report.url, "change": "numbers", "severity": "high"}
                told = json.loads(report.details) | {"finding": finding | report.change()}
                moment = report.seen[2]
                self._told.append(_Told(moment, "changed", key, report.office.id, report.year, json.dumps(told)))

    def _note_portals(self) -> None:
        names = {one.portal: one for one in self.offices}
        found = [
            BlindPortal(slug, names[slug].portal_name, _week(LOOKS - BLIND_LOOKS), LAST_LOOK, outcome, "模拟的故障",
                        self._look(names[slug], LOOKS - 1), COLUMNS[names[slug].column], names[slug].url, 3)
            for slug, outcome in self._blind.items()
        ]  # fmt: skip
        for finding in portal_check.check([], found, [], AT, 3).standing:
            told = json.dumps(portal_finding_json(finding.key, finding.kind, finding.details))
            self._told.append(_Told(LAST_LOOK, finding.kind, finding.key, "", 0, told))

    def _runs(self) -> Iterator[Row]:
        for week in range(LOOKS):
            for place, slug in enumerate(self._portals):
                at = stored(_week(week))
                yield week * len(self._portals) + place + 1, slug, at, at, "finished", "", 12, 0

    def _looks(self) -> Iterator[Row]:
        runs = {slug: place + 1 for place, slug in enumerate(self._portals)}
        for number, (name, place) in enumerate(self._places.items()):
            portal, column = name.split("/")
            blind = self._blind.get(portal)
            url = f"https://www.{portal}.example.org/zwgk/nb/{column}/"
            for week in range(LOOKS):
                failed = blind if week >= LOOKS - BLIND_LOOKS else None
                outcome, reason, status = (failed.value, "模拟的故障", 503) if failed else ("healthy", "", 200)
                run = runs[portal] + week * len(self._portals)
                yield (place * LOOKS + week + 1, run, portal, column, stored(_week(week)), outcome, reason, status, url,
                       0 if failed else 20 + number % 30, 1)  # fmt: skip

    def _entries(self) -> Iterator[Row]:
        for one in self._reports:
            yield one.number, one.office.portal, one.office.column, one.url

    def _entry_changes(self) -> Iterator[Row]:
        for one in self._reports:
            day = one.first_seen.date().isoformat()
            title = f"{one.office.name}{one.year}年政府信息公开工作年度报告"
            look = self._look(one.office, 0)
            yield (one.number, one.number, look, stored(one.first_seen), "appeared", title, day, day, "report",
                   "标题中的机构与年度")  # fmt: skip

    def _captures(self) -> Iterator[Row]:
        runs = {slug: place + 1 for place, slug in enumerate(self._portals)}
        headers = json.dumps(
            {"pairs": [["Content-Type", "text/html; charset=utf-8"], ["Server", "示例"], ["Etag", '"1"']]}
        )
        asked = json.dumps(
            {"method": "GET", "headers": [["Accept", "text/html,application/xhtml+xml"], ["Accept-Encoding", "gzip"]],
             "body": ""}
        )  # fmt: skip
        for one in self._reports:
            for number, at in enumerate(one.seen):
                version = int(one.is_changed and number == 2)
                not_modified = int(number > 0 and not version)
                yield (3 * one.number - 2 + number, runs[one.office.portal], one.number, one.office.portal,
                       one.office.column, "detail", one.url, one.url, stored(at), 304 if not_modified else 200, "healthy",
                       "", sha256_of(one.office.id, one.year, version), 60_000, "text/html; charset=utf-8", headers, asked,
                       not_modified)  # fmt: skip

    def _read(self) -> Iterator[tuple[int, Report, Made, int]]:
        """Id of the reading, report, what was read, and which version of the report it is."""
        numbers = itertools.count(1)
        made = made_readings()
        for one in self._reports:
            for version in range(2 if one.is_changed else 1):
                factor = int(sha256_of(one.office.id, one.year, 0)[:2], 16) % 9 + 1 + version
                yield next(numbers), one, made[template_of(one.year)], factor

    def _readings(self) -> Iterator[Row]:
        versions: dict[int, int] = {}
        for number, one, made, factor in self._read():
            version = versions[one.number] = versions.get(one.number, -1) + 1
            day = one.first_seen.date().isoformat()
            yield (number, sha256_of(one.office.id, one.year, version), reports.EXTRACTOR, stored(one.seen[2 * version]),
                   "html", 1, one.office.name, one.year, made.template, day,
                   made.details(factor, one.office.name, one.year), "")  # fmt: skip

    def _facts(self) -> Iterator[Row]:
        for number, _, made, factor in self._read():
            for fact in made.facts(factor):
                yield number, *fact

    def _filings(self) -> Iterator[Row]:
        versions: dict[int, int] = {}
        for number, one, _, _ in self._read():
            version = versions[one.number] = versions.get(one.number, -1) + 1
            capture = 3 * one.number - 2 + 2 * version
            yield one.number, number, capture, "filed", one.office.id, one.year, one.evidence()

    def _changes(self) -> Iterator[Row]:
        for one in sorted((one for one in self._reports if one.is_changed), key=lambda one: one.seen[2]):
            first = 3 * one.number - 2
            yield (one.change_key, one.office.id, one.year, stored(one.seen[2]), "numbers", "high", one.url, first,
                   first + 2, json.dumps(one.change()))  # fmt: skip

    def _findings(self) -> Iterator[Row]:
        for number, told in enumerate((told for told in self._told if told.is_finding), 1):
            yield number, told.key, told.kind, told.agency_id, told.year, stored(told.at), None, told.details

    def _events(self) -> Iterator[Row]:
        findings = itertools.count(1)
        for number, told in enumerate(self._told, 1):
            finding = next(findings) if told.is_finding else None
            yield number, stored(told.at), told.kind, told.agency_id, told.year, finding, told.details

    def _job_runs(self) -> Iterator[Row]:
        number = itertools.count(1)
        for ago in range(JOB_DAYS, 0, -1):
            for hour, name in enumerate(JOBS):
                began = AT - dt.timedelta(days=ago - 1, hours=5 - hour)
                yield next(number), name, stored(began), stored(began + dt.timedelta(minutes=40)), "finished", ""


def _week(week: int) -> dt.datetime:
    return LAST_LOOK - dt.timedelta(weeks=LOOKS - 1 - week)


def _cumulative(mix: dict[State, int]) -> tuple[Any, tuple[State, ...]]:
    return np.cumsum(list(mix.values())) / sum(mix.values()), tuple(mix)


def _day(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
