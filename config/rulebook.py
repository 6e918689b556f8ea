"""What the rules of deadlines.yml say to whom, and what is wrong with them: values in, values out. May touch nothing.

The rules tell offices apart by kind, level and the beginnings of region codes that they name. So there are few groups
of offices that all rules treat alike, and every one of them can be asked for every year.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from config.deadlines import DeadlineRule, Deadlines, LocalRule
from config.schema import Agency, AgencyKind, Level, YearSpan

FIRST_YEAR = 2007
LEVELS: Mapping[AgencyKind, tuple[Level, ...]] = {
    AgencyKind.DEPARTMENT: (Level.NATIONAL, Level.PROVINCIAL, Level.PREFECTURAL, Level.COUNTY),
    AgencyKind.GOVERNMENT: (Level.NATIONAL, Level.PROVINCIAL, Level.PREFECTURAL, Level.COUNTY),
    AgencyKind.TOWNSHIP: (Level.TOWNSHIP,),
}


class Fault(StrEnum):
    """What may be wrong with rules."""

    STRANGER = "stranger"  # a local rule names an agency that is not registered
    OVERLAP = "overlap"  # two rules of the law fit, and the first one decides
    UNREACHABLE = "unreachable"  # a rule that decides nothing: others stand before it, or nobody can fit it
    TOO_LATE = "too_late"  # a local day later than the law's
    GAP = "gap"  # no rule of the law fits: nothing is judged. Not wrong where the law asks for nothing


@dataclass(frozen=True, slots=True)
class Group:
    """Offices that all rules treat alike. `region`: how their codes begin; empty: as no rule says."""

    kind: AgencyKind
    level: Level
    region: str


@dataclass(frozen=True, slots=True)
class Problem:
    """`rules`: the ids concerned. `group` and `years` None: it is not of one group or span of years."""

    fault: Fault
    rules: tuple[str, ...]
    group: Group | None
    years: YearSpan | None


def groups(deadlines: Deadlines) -> tuple[Group, ...]:
    """Every group that the rules tell apart. A beginning of codes at which a level cannot be is left out."""
    regions = {"", *(region for rule in (*deadlines.rules, *deadlines.local) for region in rule.regions)}
    return tuple(
        Group(kind, level, region)
        for kind, levels in LEVELS.items()
        for level in levels
        for region in sorted(regions)
        if _can_be(level, region)
    )


def report_years(deadlines: Deadlines) -> range:
    """From 2007 to the first year after which nothing changes any more."""
    bounds = [year for rule in (*deadlines.rules, *deadlines.local) for year in (rule.years.first, rule.years.last)]
    return range(FIRST_YEAR, max(year for year in bounds if year is not None) + 2)


def rules_of(deadlines: Deadlines, group: Group, year: int) -> list[DeadlineRule]:
    """The rules of the law that fit; the first one decides."""
    return [rule for rule in deadlines.rules if year in rule.years and _covers(rule, group)]


def problems(deadlines: Deadlines, agencies: Mapping[str, Agency]) -> tuple[Problem, ...]:
    """Everything that is wrong, the worst first. `agencies`: those that local rules may name."""
    strangers = [
        Problem(Fault.STRANGER, (rule.id,), None, None)
        for rule in deadlines.local
        if any(agency_id not in agencies for agency_id in rule.agencies)
    ]
    found = [*strangers, *_too_late(deadlines, agencies), *_unreachable(deadlines, agencies)]
    return (*found, *_overlaps(deadlines), *_gaps(deadlines))


def refusals(deadlines: Deadlines, agencies: Mapping[str, Agency]) -> Iterator[str]:
    """What a configuration is refused for: place and reason, in words."""
    for rule in deadlines.local:
        for agency_id in rule.agencies:
            if agency_id not in agencies:
                yield f"local/{rule.id}/agencies: {agency_id} is no id of agencies.csv"
    for problem in _too_late(deadlines, agencies):
        local, law = problem.rules
        concerned = f" of kind {problem.group.kind.value}" if problem.group else ""
        first = problem.years.first if problem.years else FIRST_YEAR
        yield (
            f"local/{local}/due: later than the day of the law ({law}) for offices{concerned}, report year {first}; "
            "a notice cannot allow that, and a local rule is for the kinds and years whose day it makes earlier"
        )


def _covers(rule: DeadlineRule | LocalRule, group: Group) -> bool:
    return rule.covers(group.kind, group.level, group.region)


def _can_be(level: Level, region: str) -> bool:
    """Whether a code of that level may begin so: 100000 the country, XX0000 a province, XXYY00 a prefecture."""
    if level is Level.NATIONAL:
        return any(code.startswith(region) for code in ("100000", "000000"))
    noughts = {Level.PROVINCIAL: region[2:], Level.PREFECTURAL: region[4:]}.get(level, "")
    return not noughts.strip("0")


def _too_late(deadlines: Deadlines, agencies: Mapping[str, Agency]) -> Iterator[Problem]:
    """One for each local rule and rule of the law that it would put off."""
    for local in deadlines.local:
        told: set[str] = set()
        for group, year, law in _laws_beside(deadlines, local, agencies):
            if law is not None and law.due is not None and law.id not in told and local.due.of(year) > law.due.of(year):
                told.add(law.id)
                yield Problem(Fault.TOO_LATE, (local.id, law.id), group, YearSpan(first=year, last=year))


def _laws_beside(
    deadlines: Deadlines, local: LocalRule, agencies: Mapping[str, Agency]
) -> Iterator[tuple[Group, int, DeadlineRule | None]]:
    """To whom a local rule applies, in which year, with the rule of the law that stands beside it."""
    years = [year for year in report_years(deadlines) if year in local.years]
    if local.agencies:
        named = [agencies[id_] for id_ in local.agencies if id_ in agencies]
        for agency in named:
            for year in years:
                if local.applies_to(agency, year):
                    group = Group(agency.kind, agency.level, agency.region_code)
                    yield group, year, deadlines.rule_for(agency, year)
        return
    for group in groups(deadlines):
        for year in years if _covers(local, group) else ():
            yield group, year, next(iter(rules_of(deadlines, group, year)), None)


def _unreachable(deadlines: Deadlines, agencies: Mapping[str, Agency]) -> Iterator[Problem]:
    deciding = {
        found[0].id
        for group in groups(deadlines)
        for year in report_years(deadlines)
        if (found := rules_of(deadlines, group, year))
    }
    for rule in deadlines.rules:
        if rule.id not in deciding:
            yield Problem(Fault.UNREACHABLE, (rule.id,), None, None)
    for local in deadlines.local:
        beside = [
            (group, year)
            for group, year, law in _laws_beside(deadlines, local, agencies)
            if law is not None and (law.due is None or local.due.of(year) < law.due.of(year))
        ]
        if not any(_is_earliest(deadlines, local, group, year) for group, year in beside):
            yield Problem(Fault.UNREACHABLE, (local.id,), None, None)


def _is_earliest(deadlines: Deadlines, local: LocalRule, group: Group, year: int) -> bool:
    """Whether no other local rule that fits all of the group stands before it."""
    others = [rule for rule in deadlines.local if not rule.agencies and year in rule.years and _covers(rule, group)]
    candidates = [rule for rule in deadlines.local if rule in others or rule is local]
    return min(candidates, key=lambda rule: rule.due.of(year)) is local


def _overlaps(deadlines: Deadlines) -> Iterator[Problem]:
    twice = ((group, year, _ids(found)) for group, year, found in _all(deadlines) if len(found) > 1)
    yield from _joined(Fault.OVERLAP, twice, report_years(deadlines)[-1])


def _gaps(deadlines: Deadlines) -> Iterator[Problem]:
    none = ((group, year, ()) for group, year, found in _all(deadlines) if not found)
    yield from _joined(Fault.GAP, none, report_years(deadlines)[-1])


def _all(deadlines: Deadlines) -> Iterator[tuple[Group, int, list[DeadlineRule]]]:
    for group in groups(deadlines):
        for year in report_years(deadlines):
            yield group, year, rules_of(deadlines, group, year)


def _ids(rules: list[DeadlineRule]) -> tuple[str, ...]:
    return tuple(rule.id for rule in rules)


def _joined(fault: Fault, found: Iterable[tuple[Group, int, tuple[str, ...]]], last_year: int) -> Iterator[Problem]:
    """Years of one group with the same rules that follow each other are one problem; `last_year` stands for all later."""
    spans: list[tuple[Group, tuple[str, ...], int, int]] = []
    for group, year, rules in found:
        if spans and spans[-1][:2] == (group, rules) and spans[-1][3] == year - 1:
            spans[-1] = (group, rules, spans[-1][2], year)
        else:
            spans.append((group, rules, year, year))
    for group, rules, first, last in spans:
        yield Problem(fault, rules, group, YearSpan(first=first, last=None if last == last_year else last))
