"""The plan of visits: which columns of which portals are due at a moment, and why. Pure: facts in, a plan out.

Linear in the number of columns: a country's day (5,000 portals, 30,000 columns) is planned in less than a second.
"""

import datetime as dt
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from config.load import Configuration
from config.schema import Column, Portal
from config.visits import dues, window_end
from crawler.store.reads.planning import ColumnName, LastLook, Rest
from monitor.days import day_of


class Reason(StrEnum):
    """Why a column is due; also keys of wording (visit_reason)."""

    NEVER = "never"  # it was never looked at
    INTERRUPTED = "interrupted"  # a visit ended before it was seen
    OFFLINE = "offline"  # our own network was down at the last look
    BLIND = "blind"  # the last look could not tell
    INTERVAL = "interval"  # so many days have passed
    NEW_REPORT = "new_report"  # a report that was found lately, or has vanished, is looked at more often


class Obstacle(StrEnum):
    """Why a portal with due columns is not visited now; also keys of wording (visit_obstacle)."""

    HOURS = "hours"  # outside the hours of the portal
    RESTING = "resting"  # its hosts want to be left alone


@dataclass(frozen=True, slots=True)
class DueColumn:
    """`last`: the last look at it. `every`: days between two looks by the plan of this day."""

    key: str
    reason: Reason
    last: LastLook | None
    every: int


@dataclass(frozen=True, slots=True)
class PlannedVisit:
    """A portal with its due columns, in the order in which they are looked at."""

    portal: str
    columns: tuple[DueColumn, ...]


@dataclass(frozen=True, slots=True)
class Postponed:
    """A portal that is due and cannot be visited now. `until`: from when on it can; None: when its hours begin."""

    portal: str
    columns: tuple[DueColumn, ...]
    obstacle: Obstacle
    until: dt.datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class VisitPlan:
    visits: tuple[PlannedVisit, ...]
    postponed: tuple[Postponed, ...]

    @property
    def columns(self) -> dict[str, list[str]]:
        """Portal slug → keys of its columns, as `python -m scrapy visit --columns -` reads it."""
        return {visit.portal: [column.key for column in visit.columns] for visit in self.visits}


def plan_visits(
    configuration: Configuration,
    looks: Mapping[ColumnName, LastLook],
    newest: Mapping[ColumnName, dt.datetime],
    resting: Mapping[str, Rest],
    now: dt.datetime,
) -> VisitPlan:
    """What is due at `now`. `newest`: when a report last appeared in a column or left it; `resting`: hosts to be left alone."""
    day = day_of(now)
    intervals = _intervals(configuration, day)
    visits, postponed = [], []
    for portal in configuration.portals.values():
        if not portal.enabled:
            continue
        due = []
        for column in portal.columns:
            name = (portal.slug, column.key)
            every = min(intervals[agency] for agency in column.agencies)
            found = _due(configuration, column, every, looks.get(name), newest.get(name), day)
            if found is not None:
                due.append(found)
        if not due:
            continue
        columns = tuple(sorted(due, key=_urgency))
        if portal.hours and window_end(portal.hours, now) is None:
            postponed.append(Postponed(portal.slug, columns, Obstacle.HOURS, reason=portal.hours))
            continue
        awake, asleep = _by_host(portal, columns, resting)
        if awake:
            visits.append(PlannedVisit(portal.slug, awake))
        for host, waiting in asleep.items():
            rest = resting[host]
            postponed.append(Postponed(portal.slug, waiting, Obstacle.RESTING, rest.until, rest.reason))
    return VisitPlan(tuple(visits), tuple(postponed))


def _intervals(configuration: Configuration, day: dt.date) -> dict[str, int]:
    """By agency the days between two visits to its columns."""
    found: dict[Hashable, int] = {}
    intervals = {}
    for agency in configuration.agencies.values():
        key = configuration.deadlines.alike(agency)
        if key not in found:
            found[key] = configuration.visits.interval_on(day, dues(configuration.deadlines, agency, day))
        intervals[agency.id] = found[key]
    return intervals


def _due(
    configuration: Configuration,
    column: Column,
    every: int,
    last: LastLook | None,
    newest: dt.datetime | None,
    day: dt.date,
) -> DueColumn | None:
    rules = configuration.visits
    if last is None:
        return DueColumn(column.key, Reason.NEVER, None, every)
    if last.offline:
        return DueColumn(column.key, Reason.OFFLINE, last, every)
    if last.interrupted:
        return DueColumn(column.key, Reason.INTERRUPTED, last, every)
    age = (day - day_of(last.at)).days
    if not last.outcome.proves_absence and age >= rules.columns.retry_days:
        return DueColumn(column.key, Reason.BLIND, last, every)
    of_report = every if newest is None else rules.entry_interval((day - day_of(newest)).days)
    if age >= every:
        return DueColumn(column.key, Reason.INTERVAL, last, every)
    if age >= of_report:
        return DueColumn(column.key, Reason.NEW_REPORT, last, of_report)
    return None


def _urgency(column: DueColumn) -> tuple[bool, float]:
    """First what has not been seen, then what was seen longest ago: a visit that ends too early leaves other columns over."""
    if column.last is None:
        return (False, 0.0)
    return (column.last.outcome.proves_absence, column.last.at.timestamp())


def _by_host(
    portal: Portal, columns: tuple[DueColumn, ...], resting: Mapping[str, Rest]
) -> tuple[tuple[DueColumn, ...], dict[str, tuple[DueColumn, ...]]]:
    """The columns that can be visited, and by host those that cannot."""
    if not resting:
        return columns, {}
    hosts = {column.key: urlsplit(column.url).netloc.lower() for column in portal.columns}
    awake = tuple(column for column in columns if hosts[column.key] not in resting)
    asleep: dict[str, tuple[DueColumn, ...]] = {}
    for column in columns:
        host = hosts[column.key]
        if host in resting:
            asleep[host] = (*asleep.get(host, ()), column)
    return awake, asleep
