"""What a user may write of deadlines: the rules of the law, earlier local days, how much must have been seen.

May touch nothing: values in, values out. The file, deadlines.yml, is read by config.load.
"""

import datetime as dt
from collections.abc import Hashable
from typing import Annotated

from pydantic import Field, model_validator

from config.schema import Agency, AgencyKind, Level, Slug, Strict, YearSpan

RegionPrefix = Annotated[str, Field(pattern=r"^\d{1,6}$")]


class DueDay(Strict):
    """A day of the year after the report year, e.g. month 1, day 31."""

    month: int = Field(ge=1, le=12)
    day: int = Field(ge=1, le=31)

    def of(self, report_year: int) -> dt.date:
        return dt.date(report_year + 1, self.month, self.day)

    @model_validator(mode="after")
    def _exists(self) -> "DueDay":
        dt.date(2023, self.month, self.day)  # a year without 29 February: the day must exist in every year
        return self


class Applies(Strict):
    """To whom and to which report years something applies. An empty field applies to all."""

    id: Slug
    years: YearSpan
    kinds: tuple[AgencyKind, ...] = ()
    levels: tuple[Level, ...] = ()
    regions: tuple[RegionPrefix, ...] = ()  # beginnings of region codes
    citation_zh: str = Field(min_length=2)
    citation_en: str = Field(min_length=2)

    def applies_to(self, agency: Agency, year: int) -> bool:
        return year in self.years and self.covers(agency.kind, agency.level, agency.region_code)

    def covers(self, kind: AgencyKind, level: Level, region_code: str) -> bool:
        return (
            (not self.kinds or kind in self.kinds)
            and (not self.levels or level in self.levels)
            and (not self.regions or region_code.startswith(self.regions))
        )


class DeadlineRule(Applies):
    """Until when whom the law asks for the report. `due` None: the law names no day, and none is invented."""

    due: DueDay | None


class LocalRule(Applies):
    """An earlier day that a supervising office (政务公开主管部门) set for its own, by a notice of its own.

    Missing it is no breach of the Regulation: which of the two days was missed is always said. Where the law names no
    day (townships) it is the only one.
    """

    due: DueDay
    agencies: tuple[Slug, ...] = ()  # only these; empty: all that the rest of the rule applies to

    def applies_to(self, agency: Agency, year: int) -> bool:
        return super().applies_to(agency, year) and (not self.agencies or agency.id in self.agencies)


class EvidenceRules(Strict):
    """How much must have been seen before anything is said of an office."""

    due_soon_days: int = Field(14, ge=0)
    absence_looks: int = Field(2, ge=1)  # healthy looks on so many different days before "missing" or "withdrawn"
    stale_after_days: int = Field(3, ge=1)  # "missing" ends so many days after a visit of the plan did not verify it
    cache_days: int = Field(1, ge=0)  # so long after its publication a report may be absent from a list out of a cache
    import_entries: int = Field(5, ge=2)  # so many old reports new on a portal in one day are a re-import

    def longest_unverified(self, between: int) -> int:
        """So many days an absence still stands after its newest proof: what the plan, `between` two visits, explains."""
        return self.stale_after_days + between - 1


class Deadlines(Strict):
    """deadlines.yml."""

    rules: tuple[DeadlineRule, ...] = Field(min_length=1)
    local: tuple[LocalRule, ...] = ()
    evidence: EvidenceRules = EvidenceRules()

    @model_validator(mode="after")
    def _ids_are_used_once(self) -> "Deadlines":
        ids = [rule.id for rule in (*self.rules, *self.local)]
        if twice := [id_ for id_ in ids if ids.count(id_) > 1]:
            raise ValueError(f"the id {twice[0]} stands here twice; every state names its rule by it")
        return self

    def rule_for(self, agency: Agency, year: int) -> DeadlineRule | None:
        """The first rule that applies."""
        return next((rule for rule in self.rules if rule.applies_to(agency, year)), None)

    def deciding_rule_for(self, agency: Agency, year: int) -> DeadlineRule | LocalRule | None:
        """The rule whose day decides the state: the law's; the supervising office's where the law names none."""
        law = self.rule_for(agency, year)
        if law is None or law.due is not None:
            return law
        return self.local_rule_for(agency, year) or law

    def alike(self, agency: Agency) -> Hashable:
        """Agencies with the same key have the same rules in every year."""
        named = any(agency.id in rule.agencies for rule in self.local)
        return agency.kind, agency.level, agency.region_code, agency.id if named else ""

    def local_rule_for(self, agency: Agency, year: int) -> LocalRule | None:
        """The local rule with the earliest day, the first of several such.

        Only where the law asks for the report, and names a later day or none: on the law's own day there is nothing
        else to say, and a later one would allow what the law does not.
        """
        law = self.rule_for(agency, year) if self.local else None
        found = [rule for rule in self.local if rule.applies_to(agency, year)]
        earliest = min(found, key=lambda rule: rule.due.of(year), default=None)
        if law is None or earliest is None:
            return None
        return earliest if law.due is None or earliest.due.of(year) < law.due.of(year) else None
