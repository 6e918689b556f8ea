"""The truth against what gongkai says, day by day: what was found when, who was accused, how blindness was named.

May touch nothing: it is given what was said (drive.Lived) and what is true (plan, troubles), and counts.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from crawler.model import LookOutcome
from crawler.store.tables import Look
from monitor.days import day_of
from monitor.model import Assessment, NewEvent, State
from tests.country.drive import Lived
from tests.country.plan import YEARS, Country, Fate, Report
from tests.country.troubles import HEALTHY, INCOMPLETE, Change, Troubles
from tests.portals.faults import Kind

ACCUSATIONS = ("missing", "late", "withdrawn", "changed", "backdated", "portal_lost", "other")
BACKDATED_FINDINGS = ("backdated", "backdating")
_MEMORY = (
    "figures", "_last", "_seeable", "_visited", "_found", "_not_found", "_accused", "_rightly", "_moved",
)  # fmt: skip
_SEEING = frozenset({LookOutcome.HEALTHY, LookOutcome.EMPTIED})  # of a look by which something can be found


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that gongkai says and that is not so. `office` empty: it is about the column itself."""

    what: str
    day: dt.date
    portal: str
    column: str
    office: str = ""
    year: int = 0
    said: str = ""
    true: str = ""


@dataclass(slots=True)
class Figures:
    """The counts. `wrong`: every single thing, in the order in which it was said."""

    days: int = 0
    published: int = 0  # reports that came and could be seen while we looked
    found: int = 0  # of them: on the first visit on which the portal could be seen
    found_at_once: int = 0  # of them: on the first visit after they came, whatever went wrong
    looks: int = 0
    named: Counter[str] = field(default_factory=Counter)  # looks that are named rightly, by what was wrong
    misnamed: Counter[tuple[str, str]] = field(default_factory=Counter)  # (what was wrong, what was said)
    false: Counter[str] = field(default_factory=Counter)  # accusations of ACCUSATIONS that are not so
    right: Counter[str] = field(default_factory=Counter)  # accusations that are so, each report once
    due_to: Counter[str] = field(default_factory=Counter)  # reports of which the accusation would be right
    failed_visits: int = 0
    review: int = 0
    wrong: list[Wrong] = field(default_factory=list)

    @property
    def well(self) -> bool:
        return not self.wrong


class Measure:
    """Takes one day after the other; `figures` is what it comes to."""

    def __init__(self, country: Country, troubles: Troubles) -> None:
        self.figures = Figures()
        self._troubles = troubles
        self._offices = {office.id: office for place in country.places for office in place.offices}
        self._reports = {(r.office, r.year): r for place in country.places for r in place.reports if r.year in YEARS}
        self._last = country.start
        self._seeable: dict[tuple[str, int], dt.date] = {}  # the first visit on which the report could be seen
        self._visited: dict[tuple[str, int], dt.date] = {}  # the first visit after it came
        self._found: set[tuple[str, int]] = set()
        self._not_found: set[tuple[str, int]] = set()  # told already
        self._accused: set[tuple[str, str, int]] = set()  # (what, office, year), wrongly: told once
        self._rightly: set[tuple[str, str, int]] = set()
        self._moved: set[tuple[str, str]] = set()  # columns whose next look may say that all they held is gone

    def memory(self) -> dict[str, Any]:
        """What it has counted so far; `remember` takes it up again."""
        return {name: getattr(self, name) for name in _MEMORY}

    def remember(self, memory: Mapping[str, Any]) -> None:
        for name in _MEMORY:
            setattr(self, name, memory[name])

    def take(self, lived: Lived) -> None:
        """Counts what one day brought."""
        self.figures.days += 1
        self._last = lived.day
        self._note_moves(lived.day)
        seen = {(look.portal, look.column) for look in self._named(lived)}
        looked = {(look.portal, look.column) for look in lived.looks}
        self._count_failed(lived)
        if lived.read is not None:
            self.figures.review += len(lived.read.review) + len(lived.read.failed)
        if lived.judged is None:
            return
        for key, report in self._reports.items():
            office = self._offices[report.office]
            if report.stands(lived.day):
                if (office.place, office.column) in seen:
                    self._seeable.setdefault(key, lived.day)
                if (office.place, office.column) in looked:
                    self._visited.setdefault(key, lived.day)
        for assessment in lived.judged.assessments:
            self._judge(lived.day, assessment)
        for event in lived.judged.events:
            self._hear(lived.day, event)

    def _count_failed(self, lived: Lived) -> None:
        """A visit that failed; on a day without a network one that did not."""
        if self._troubles.is_offline(lived.day):
            for portal in lived.crawl.finished.keys() - lived.crawl.failed.keys():
                self.figures.wrong.append(Wrong("offline unnoticed", lived.day, portal, "", said="finished"))
            return
        self.figures.failed_visits += len(lived.crawl.failed)
        for portal, reason in lived.crawl.failed.items():
            self.figures.wrong.append(Wrong("visit failed", lived.day, portal, "", said=reason))

    def finish(self) -> Figures:
        """The sums over all days."""
        figures = self.figures
        figures.published = len(self._seeable)
        figures.found = figures.published - len(self._not_found)
        figures.found_at_once = sum(
            self._seeable.get(key) == day and key not in self._not_found for key, day in self._visited.items()
        )
        figures.right = Counter(what for what, _, _ in self._rightly)
        for report in self._reports.values():
            figures.due_to.update(_true_of(report, self._last))
        for found in self._troubles.at.values():
            figures.due_to["portal_lost"] += any(t.what is Kind.HIJACKED and t.first <= self._last for t in found)
        return figures

    def _note_moves(self, day: dt.date) -> None:
        """A column whose entries all have new addresses says once that everything it held is gone."""
        for place, found in self._troubles.at.items():
            for trouble in found:
                mended = trouble.what is Change.REDESIGN and trouble.last + dt.timedelta(days=1) == day
                if mended or (trouble.what is Change.MIGRATION and trouble.first == day):
                    self._moved |= {
                        (place, office.column) for office in self._offices.values() if office.place == place
                    }

    def _named(self, lived: Lived) -> Iterator[Look]:
        """Yields the looks on which something can be found, and counts how all of them are named."""
        for look in lived.looks:
            day, outcome = day_of(look.at), LookOutcome(look.outcome)
            what = self._troubles.what(look.portal, look.column, day)
            expected = self._troubles.expected(look.portal, look.column, day)
            column = look.portal, look.column
            if column in self._moved and LookOutcome.HEALTHY in expected and outcome in _SEEING:
                expected = _SEEING
                self._moved.discard(column)
            findable = LookOutcome.HEALTHY in expected
            if findable and column in lived.unproven:
                what, expected = Change.DATED_ANEW, INCOMPLETE
            whole = look.entries >= lived.listed.get(column, 0)
            if what is Kind.TRUNCATED and whole:
                expected |= HEALTHY  # only what stands behind the list was lost
            self.figures.looks += 1
            cause = "" if what is None else what.value
            if outcome in expected and (whole or outcome is not LookOutcome.HEALTHY):
                self.figures.named[cause] += 1
            else:
                self.figures.misnamed[cause, outcome.value] += 1
                self.figures.wrong.append(
                    Wrong(
                        "sight",
                        day,
                        look.portal,
                        look.column,
                        said=f"{outcome.value} {look.reason} ({look.entries} of {lived.listed.get(column, 0)} entries)",
                        true=cause or "healthy",
                    )
                )
            if findable:
                yield look

    def _judge(self, day: dt.date, assessment: Assessment) -> None:
        key = assessment.agency_id, assessment.year
        report = self._reports.get(key)
        if report is None:
            return
        said = f"{assessment.state.value} ({assessment.reason}) since {assessment.since:%Y-%m-%d}"
        if assessment.first_seen is None and key in self._seeable and key not in self._not_found:
            self._not_found.add(key)
            self._say("not found", day, report, said)
        if assessment.state is State.MISSING:
            # What was gone before it could be seen on any visit was never there for us.
            is_so = _overdue(report, day) and not report.stands(day) and key not in self._seeable
            self._accuse("missing", day, report, said, is_so=is_so)
        if State.LATE in (assessment.state, assessment.publication):
            self._accuse("late", day, report, said, is_so=report.is_late)
        if assessment.state is State.WITHDRAWN:
            self._accuse("withdrawn", day, report, said, is_so=report.out(day) and not report.stands(day))

    def _hear(self, day: dt.date, event: NewEvent) -> None:
        """The findings that are no state: what else is said of a report, and of a portal."""
        if event.kind == "portal_lost" and event.finding_key is not None:
            self._hear_of_portal(day, event.finding_key)
            return
        report = self._reports.get((event.agency_id, event.year))
        if report is None or event.finding_key is None or event.kind in ("resolved", "quiet"):
            return
        kind = event.finding_key.partition(":")[0]
        if kind in ("missing", "late", "withdrawn"):
            return  # said by the states
        if kind == "changed":
            self._accuse(
                kind, day, report, event.finding_key, is_so=report.changed is not None and report.changed <= day
            )
        elif kind in BACKDATED_FINDINGS:
            self._accuse("backdated", day, report, event.finding_key, is_so=report.fate is Fate.BACKDATED)
        else:
            self._accuse("other", day, report, event.finding_key, is_so=False)

    def _hear_of_portal(self, day: dt.date, key: str) -> None:
        portal = key.split(":")[1]
        columns = {office.column for office in self._offices.values() if office.place == portal}
        if any(self._troubles.what(portal, column, day) is Kind.HIJACKED for column in columns):
            self._rightly.add(("portal_lost", portal, 0))
        else:
            self.figures.false["portal_lost"] += 1
            self.figures.wrong.append(Wrong("false portal_lost", day, portal, "", said=key))

    def _accuse(self, what: str, day: dt.date, report: Report, said: str, *, is_so: bool) -> None:
        case = what, report.office, report.year
        if is_so:
            self._rightly.add(case)
        elif case not in self._accused:
            self._accused.add(case)
            self.figures.false[what] += 1
            self._say(f"false {what}", day, report, said)

    def _say(self, what: str, day: dt.date, report: Report, said: str) -> None:
        office = self._offices[report.office]
        days = [f"due {report.due}", f"came {report.first}", f"claims {report.claimed}"]
        days += [f"{name} {value}" for name, value in (("changed", report.changed), ("last", report.last)) if value]
        true = f"{report.fate.value}: {', '.join(days)}"
        self.figures.wrong.append(Wrong(what, day, office.place, office.column, office.id, report.year, said, true))


def _true_of(report: Report, day: dt.date) -> Iterator[str]:
    """What may rightly be said against a report until that day."""
    if not report.out(day) and _overdue(report, day):
        yield "missing"
    if report.out(day) and report.is_late:
        yield "late"
    if report.out(day) and report.fate is Fate.BACKDATED:
        yield "backdated"
    if report.changed is not None and report.changed <= day:
        yield "changed"
    if report.last is not None and report.last < day:
        yield "withdrawn"


def _overdue(report: Report, day: dt.date) -> bool:
    return report.due is not None and day > report.due
