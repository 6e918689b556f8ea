"""One agency and report year at one moment: the facts of until then, and what is derived from them once. Pure."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial

from config.deadlines import DeadlineRule, Deadlines, EvidenceRules, LocalRule
from config.schema import Agency
from config.visits import VisitRules, interval_days
from crawler.model import DateEvidence
from monitor.checks.absence import Absence, Between, absence
from monitor.checks.candidates import candidates
from monitor.checks.entries import (
    Presence,
    Sighting,
    came_with_import,
    dates,
    is_filed,
    is_listed,
    presence,
    reading_of,
    sighting,
    was_something_else,
)
from monitor.days import day_of, end_of
from monitor.model import AgencyFacts, Assessment, Bound, ColumnFacts, EntryFacts, Interval, LookFact, ReportChange


def daily(_day: dt.date) -> int:
    """The plan of those that say nothing of another one."""
    return 1


@dataclass(frozen=True)
class Case:
    """What one assessment and its checks look at. Make it with `case_of`.

    `rule`: the law's. `local_rule`: that of the supervising office, where it says something that the law does not.
    """

    facts: AgencyFacts
    year: int
    at: dt.datetime
    rule: DeadlineRule | None
    evidence: EvidenceRules
    between: Between = daily  # on a day: the days between two looks at a column, by the plan of visits
    local_rule: LocalRule | None = None

    @property
    def deciding(self) -> DeadlineRule | LocalRule | None:
        """Whose day decides the state: the law's; the supervising office's where the law names none."""
        if self.local_rule is not None and self.rule is not None and self.rule.due is None:
            return self.local_rule
        return self.rule

    @property
    def due(self) -> dt.date | None:
        rule = self.deciding
        return None if rule is None or rule.due is None else rule.due.of(self.year)

    @property
    def overdue_from(self) -> dt.datetime | None:
        """The first moment after the due day."""
        return None if self.due is None else end_of(self.due)

    @property
    def longest_unverified(self) -> int:
        """So many days after the newest proof of absence "missing" still stands: one that the plan alone explains."""
        return self.evidence.longest_unverified(self.between(day_of(self.at)))

    @cached_property
    def sightings(self) -> tuple[Sighting, ...]:
        """The entries filed as the report, the first seen first."""
        found = (sighting(entry, self.facts.agency.id, self.year) for entry in self.facts.entries)
        return tuple(sorted((s for s in found if s is not None), key=lambda s: (s.first_seen, s.entry.id)))

    @property
    def first_seen(self) -> dt.datetime | None:
        return self.sightings[0].first_seen if self.sightings else None

    @property
    def reimported(self) -> bool:
        """Whether it was first seen among many old reports that came up on the portal on one day."""
        return bool(self.sightings) and came_with_import(self.sightings[0])

    @cached_property
    def interval(self) -> Interval | None:
        """Between which looks it was published; None: nothing was seen."""
        if not self.sightings:
            return None
        first = self.sightings[0]
        return Interval(self.absence.bound, Bound(first.first_seen, captures=(first.capture.id,)))

    @cached_property
    def candidates(self) -> tuple[EntryFacts, ...]:
        return candidates(self.facts, self.year)

    @cached_property
    def stated(self) -> tuple[DateEvidence, ...]:
        """Every date stated for the report when it was first seen, of all entries first seen on that day."""
        if self.first_seen is None:
            return ()
        day = day_of(self.first_seen)
        first = [seen for seen in self.sightings if day_of(seen.first_seen) == day]
        return tuple(dict.fromkeys(date for seen in first for date in dates(seen)))

    @cached_property
    def claimed_days(self) -> tuple[dt.date, ...]:
        """The days on which the agency says that it published, in order, each once."""
        return tuple(sorted({date.value for date in self.stated if date.source.claims_publication}))

    @cached_property
    def absence(self) -> Absence:
        """What all looks prove: that the report was not there before it was first seen."""
        return absence(
            self.facts.columns, before=self.first_seen, hidden=self._was_before_its_eyes, between=self.between
        )

    @cached_property
    def absence_overdue(self) -> Absence:
        """The same for the looks after the due day alone."""
        return absence(
            self.facts.columns,
            since=self.overdue_from,
            before=self.first_seen,
            hidden=self._was_before_its_eyes,
            between=self.between,
        )

    def of_year(self, year: int) -> "Case":
        """The same agency and moment for another report year; judged by no rule, for what its reports hold."""
        return replace(self, year=year, rule=None, local_rule=None)

    def by_local_day(self) -> "Case":
        """The same case as if the law named no day, so that the local one decides."""
        return replace(self, rule=None if self.rule is None else self.rule.model_copy(update={"due": None}))

    @cached_property
    def year_before(self) -> "Case":
        return self.of_year(self.year - 1)

    def presence(self, entry: EntryFacts) -> tuple[Presence, dt.datetime | None]:
        columns = {(column.portal, column.column): column for column in self.facts.columns}
        return presence(entry, columns.get((entry.portal, entry.column)), self.evidence)

    @cached_property
    def standing(self) -> tuple[Sighting, ...]:
        """The sightings whose entry is not proven to be gone."""
        return tuple(seen for seen in self.sightings if self.presence(seen.entry)[0] is not Presence.GONE)

    def _was_before_its_eyes(self, column: ColumnFacts, look: LookFact) -> bool:
        """Whether a look listed the entry that later turned out to be the report, without proof that it was not yet.

        A look at a column that shows its newest report alone (`holds: article`) is taken out, too, where that was of a
        later year: of the years before it proves nothing.
        """
        if any(shown > self.year for shown in self._shown_alone(column, look)):
            return True
        return any(
            (seen.entry.portal, seen.entry.column) == (column.portal, column.column)
            and is_listed(seen.entry, look.at)
            and not was_something_else(seen.entry, day_of(look.begun), self.facts.agency.id, self.year)
            for seen in self.sightings
        )

    def _shown_alone(self, column: ColumnFacts, look: LookFact) -> Iterator[int]:
        """The years of the agency's reports that the column's own page had shown by the time of a look."""
        for entry in self.facts.entries:
            if (entry.portal, entry.column, entry.url) == (column.portal, column.column, column.url):
                shown = [reading_of(entry, capture) for capture in entry.captures if capture.at <= look.at]
                for reading in shown:
                    if reading is not None and is_filed(reading, self.facts.agency.id, reading.year or 0):
                        yield reading.year or 0


@dataclass(frozen=True, slots=True)
class Judged:
    """A case with its assessment, and what became of its report (monitor.checks.changes): what a check gets."""

    case: Case
    assessment: Assessment
    changes: tuple[ReportChange, ...] = ()


def case_of(
    facts: AgencyFacts, year: int, deadlines: Deadlines, at: dt.datetime, visits: VisitRules | None = None
) -> Case:
    """The case at the moment `at`; whatever was seen later is left out. `visits` None: a plan of daily visits."""
    rule = deadlines.rule_for(facts.agency, year)
    between = daily if visits is None else cache(partial(interval_days, visits, deadlines, facts.agency))
    local_rule = deadlines.local_rule_for(facts.agency, year)
    return Case(known_at(facts, at), year, at, rule, deadlines.evidence, between, local_rule)


def known_at(facts: AgencyFacts, at: dt.datetime) -> AgencyFacts:
    """The facts without everything that was seen after `at`."""
    entries = (_entry_at(entry, at) for entry in facts.entries)
    return replace(
        facts,
        columns=tuple(_column_at(column, at) for column in facts.columns),
        entries=tuple(entry for entry in entries if entry.changes or entry.captures),
        kin=tuple(report for report in facts.kin if report.at <= at),
    )


def _column_at(column: ColumnFacts, at: dt.datetime) -> ColumnFacts:
    if not column.looks or column.looks[-1].at <= at:
        return column
    return replace(column, looks=tuple(look for look in column.looks if look.at <= at))


def _entry_at(entry: EntryFacts, at: dt.datetime) -> EntryFacts:
    if _last_moment(entry) <= at:
        return entry
    return replace(
        entry,
        changes=tuple(change for change in entry.changes if change.at <= at),
        captures=tuple(capture for capture in entry.captures if capture.at <= at),
    )


def _last_moment(entry: EntryFacts) -> dt.datetime:
    moments = [change.at for change in entry.changes[-1:]] + [capture.at for capture in entry.captures[-1:]]
    return max(moments, default=dt.datetime.min.replace(tzinfo=dt.UTC))


def judged_years(agency: Agency, at: dt.datetime) -> list[int]:
    """The report years for which the agency is judged: all that the registry watches and that are over.

    Also those in which it did not exist: the registry asks for them, and a year without a state would look like one
    that nobody has judged yet. Their state is exempt (monitor.checks.exemption).
    """
    last = day_of(at).year - 1
    years = {year for span in agency.watched_years for year in range(span.first, min(span.last or last, last) + 1)}
    return sorted(years)
