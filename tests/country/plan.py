"""The truth of the country: which office publishes which report when, what becomes of it. All from one seed.

May touch nothing: values only. No office of it exists (示例…); the names of its cities are those of the sixty-year cycle.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from config.schema import AgencyKind

START = dt.date(2024, 1, 1)
OLD_YEAR, YEARS = 2022, (2023, 2024)  # a report that stands from the beginning; those that are watched
STEMS, BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
CYCLE = 60
DEPARTMENTS = (
    "教育局", "水利局", "民政局", "统计局", "林业局", "财政局", "交通运输局", "卫生健康委员会", "文化和旅游局",
    "自然资源局", "应急管理局", "审计局", "司法局", "农业农村局", "市场监督管理局", "医疗保障局",
)  # fmt: skip
TOWNSHIPS = ("东河镇人民政府", "西山乡人民政府", "南关街道办事处", "北塘镇人民政府")
MANY = len(DEPARTMENTS) + len(TOWNSHIPS) + 1  # offices of one portal at most
TITLES = (
    "{agency}{year}年政府信息公开工作年度报告",
    "{agency}{year}年度政府信息公开工作年度报告",
    "{year}年{agency}政府信息公开工作年度报告",
    "{agency}政府信息公开工作{year}年度报告",
)
# Titles that come near: what is listed beside the reports and is none. {year}: the report year of the season.
LOOKALIKES = (
    "{place}{year}年政府网站工作年度报表",
    "图解：{place}{year}年政府信息公开工作年度报告",
    "关于做好{year}年政府信息公开工作年度报告编制和发布工作的通知",
    "{place}{year}年法治政府建设年度报告",
    "{place}政府信息公开指南",
    "{place}{year}年政务公开工作要点",
)


class Fate(StrEnum):
    """What is true of one report."""

    ON_TIME = "on_time"
    LATE = "late"  # by the office's fault, dated as it came
    BACKDATED = "backdated"  # late, and dated by the due day
    NEVER = "never"
    CHANGED = "changed"  # in time, its numbers silently changed later
    WITHDRAWN = "withdrawn"  # in time, later taken off


FATES = {
    Fate.ON_TIME: 85,
    Fate.LATE: 5,
    Fate.BACKDATED: 1.5,
    Fate.NEVER: 4,
    Fate.CHANGED: 2.5,
    Fate.WITHDRAWN: 2,
}


@dataclass(frozen=True, slots=True)
class Office:
    """One agency. `column`: the key of the column in which its reports stand."""

    id: str
    name: str
    kind: AgencyKind
    place: str
    column: str


@dataclass(frozen=True, slots=True)
class Report:
    """One office's report of one year. `due` None: the law names no day. `first` None: it never comes.

    `first`: the first day on which it is there; `claimed`: the day that it says. `changed`: from when on with other
    numbers; `last`: the last day on which it is there (None: for good).
    """

    office: str
    year: int
    due: dt.date | None
    fate: Fate
    title: str
    first: dt.date | None = None
    claimed: dt.date | None = None
    changed: dt.date | None = None
    last: dt.date | None = None

    def out(self, day: dt.date) -> bool:
        """Whether it has been published by that day, whatever became of it."""
        return self.first is not None and self.first <= day

    def stands(self, day: dt.date) -> bool:
        return self.out(day) and (self.last is None or day <= self.last)

    @property
    def is_late(self) -> bool:
        """Whether it came after its day. Not: it did not come."""
        return self.first is not None and self.due is not None and self.first > self.due


@dataclass(frozen=True, slots=True)
class Lookalike:
    column: str
    title: str
    first: dt.date


@dataclass(frozen=True, slots=True)
class Place:
    """A city or county with one portal: its offices, what they publish, what stands beside it."""

    slug: str
    name: str
    serial: int
    family: str
    offices: tuple[Office, ...]
    reports: tuple[Report, ...]
    lookalikes: tuple[Lookalike, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(office.column for office in self.offices))


@dataclass(frozen=True, slots=True)
class Country:
    """Everything that is true, from `seed`. The days are `start` and the `days` - 1 after it."""

    seed: int
    start: dt.date
    days: int
    places: tuple[Place, ...]

    @property
    def calendar(self) -> tuple[dt.date, ...]:
        return tuple(self.start + dt.timedelta(days=number) for number in range(self.days))

    @property
    def end(self) -> dt.date:
        return self.calendar[-1]


def country(
    seed: int, families: tuple[str, ...], *, portals: int = 60, agencies: int = 600, days: int = 400,
    start: dt.date = START,
) -> Country:  # fmt: skip
    """`agencies` are spread over the portals, at most MANY on one. The families take turns. Raises ValueError."""
    if not 1 <= portals <= agencies <= portals * MANY:
        raise ValueError(f"{portals} portals hold {portals} to {portals * MANY} agencies, not {agencies}")
    places = []
    for serial in range(portals):
        count = agencies // portals + (serial < agencies % portals)
        places.append(_place(seed, serial, families[serial % len(families)], count))
    return Country(seed, start, days, tuple(places))


def _place(seed: int, serial: int, family: str, count: int) -> Place:
    rng = random.Random(f"{seed} place {serial}")
    slug, name = f"city-{serial + 1:02}", city(serial)
    offices = tuple(_offices(rng, slug, name, count))
    reports = tuple(report for office in offices for report in _reports(rng, office))
    columns = tuple(dict.fromkeys(office.column for office in offices))
    return Place(slug, name, serial, family, offices, reports, tuple(_lookalikes(rng, name, columns)))


def city(serial: int) -> str:
    again, number = divmod(serial, CYCLE)
    return f"示例{STEMS[number % 10]}{BRANCHES[number % 12]}{'东西南北中'[again - 1] if again else ''}市"


def _offices(rng: random.Random, slug: str, name: str, count: int) -> Iterator[Office]:
    """A government, townships (one in five), departments; in one column, or the departments in one of their own."""
    apart = count >= 4 and rng.random() < 0.4
    townships = min(count // 5, len(TOWNSHIPS))
    departments = rng.sample(DEPARTMENTS, count - townships - 1)
    names = [("人民政府", AgencyKind.GOVERNMENT)]
    names += [(name, AgencyKind.TOWNSHIP) for name in TOWNSHIPS[:townships]]
    names += [(name, AgencyKind.DEPARTMENT) for name in departments]
    for number, (short, kind) in enumerate(names):
        column = "departments" if apart and kind is AgencyKind.DEPARTMENT else "reports"
        yield Office(f"{slug}-{number:02}", name + short, kind, slug, column)


def due_day(kind: AgencyKind, year: int) -> dt.date | None:
    """第四十九条, as config/deadlines.yml has it: written down twice, so that the one can prove the other."""
    days = {AgencyKind.DEPARTMENT: (1, 31), AgencyKind.GOVERNMENT: (3, 31)}
    return dt.date(year + 1, *days[kind]) if kind in days else None


def _reports(rng: random.Random, office: Office) -> Iterator[Report]:
    title = rng.choice(TITLES)
    for year in (OLD_YEAR, *YEARS):
        due = due_day(office.kind, year)
        fate = rng.choices(list(FATES), list(FATES.values()))[0]
        if year == OLD_YEAR or (due is None and fate in (Fate.LATE, Fate.BACKDATED)):
            fate = Fate.NEVER if fate is Fate.NEVER else Fate.ON_TIME
        named = title.format(agency=office.name, year=year)
        yield _report(rng, Report(office.id, year, due, fate, named))


def _report(rng: random.Random, report: Report) -> Report:
    """The report with its days. Most come in the last week before the due day, as they really do."""
    latest = report.due or dt.date(report.year + 1, 3, 20)
    earliest = dt.date(report.year + 1, 1, 3)
    span = (latest - earliest).days
    back = min(span, int(rng.expovariate(1 / 7)) if rng.random() < 0.6 else rng.randint(0, span))
    in_time = latest - dt.timedelta(days=back)

    def later(low: int, high: int, day: dt.date) -> dt.date:
        return day + dt.timedelta(days=rng.randint(low, high))

    values: dict[str, dt.date]
    match report.fate:
        case Fate.NEVER:
            values = {}
        case Fate.LATE:
            first = later(1, 45, latest)
            values = {"first": first, "claimed": first}
        case Fate.BACKDATED:
            values = {"first": later(6, 40, latest), "claimed": latest - dt.timedelta(days=rng.randint(0, 9))}
        case Fate.CHANGED:
            values = {"first": in_time, "claimed": in_time, "changed": later(3, 120, in_time)}
        case Fate.WITHDRAWN:
            values = {"first": in_time, "claimed": in_time, "last": later(30, 150, in_time)}
        case _:
            values = {"first": in_time, "claimed": in_time}
    return Report(report.office, report.year, report.due, report.fate, report.title, **values)


def _lookalikes(rng: random.Random, name: str, columns: tuple[str, ...]) -> Iterator[Lookalike]:
    """At least one stands in every column from before the beginning: no column of the country was ever empty."""
    for column in columns:
        yield Lookalike(column, LOOKALIKES[4].format(place=name), dt.date(2020, 5, 1))
        for year in (OLD_YEAR, *YEARS):
            for title in rng.sample(LOOKALIKES, 2):
                first = dt.date(year + 1, 1, 2) + dt.timedelta(days=rng.randint(0, 100))
                yield Lookalike(column, title.format(place=name, year=year), first)
