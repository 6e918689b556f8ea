"""Who has published by a due day and who has not: from recorded states to the roll of an edition. Pure.

Nobody is called missing here who is not recorded as missing by the evaluation, and by looks that are still fresh at the
moment of telling. Who cannot be seen stands apart, with the reason; that never means that nothing was published.
"""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from config.alerts import Edition
from config.deadlines import DeadlineRule, LocalRule
from config.schema import Agency
from crawler.model import LookOutcome
from crawler.store.reads.standings import Standing
from monitor.alerts.editions import Issue
from monitor.alerts.lines import moment, plain
from monitor.alerts.notice import PATHS
from monitor.alerts.roll import Group, Roll, RollHalf, Row
from monitor.days import day_of, days_past
from monitor.model import State
from monitor.wording import LANGUAGES, Language, explain, say, show_day, show_days

MOST = 300  # rows in one roll; the rest is counted, and stands on the status page
PUBLISHED = (State.ON_TIME, State.LATE, State.DATE_UNSURE)
BEFORE = (State.NOT_DUE, State.DUE_SOON)
# One more look decides these; until then the day-after list calls nobody missing.
NEXT_LOOK = ("awaiting_second_look", "not_looked_yet")


class Place(StrEnum):
    """Where an office stands in a roll, in the order in which they are listed."""

    MISSING = "missing"
    ABSENT = "absent"  # before the due day is over: not seen yet
    WITHDRAWN = "withdrawn"
    SECOND_LOOK = "second_look"
    UNKNOWN = "unknown"
    PUBLISHED = "published"
    NOT_JUDGED = "not_judged"  # no evaluation since the due day


TONES = {
    Place.MISSING: "missing",
    Place.ABSENT: "due_soon",
    Place.WITHDRAWN: "withdrawn",
    Place.SECOND_LOOK: "plain",
    Place.UNKNOWN: "unknown",
}


@dataclass(frozen=True, slots=True)
class Called:
    """One office in a roll. `reason`: a wording key with its parameters; "" where the place says all."""

    agency: Agency
    place: Place
    reason: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    muted: bool = False
    acknowledged: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """Those whom one rule binds. `law`: the day that the law names for the offices of a local rule; None: it names none."""

    rule: DeadlineRule | LocalRule
    called: tuple[Called, ...]
    law: dt.date | None = None


def call(
    agency: Agency, standing: Standing, issue: Issue, at: dt.datetime, *, is_local: bool, fresh_days: int
) -> Called | None:
    """How one office stands by the due day of `issue`; None: it owes no report of that year.

    `fresh_days`: so old may the newest proof be that the report is not there.
    """
    if standing.state == State.EXEMPT:
        return None
    if standing.state == State.WITHDRAWN:  # by whatever day: it is gone
        return Called(agency, Place.WITHDRAWN, f"reason.{standing.details['reason']}", standing.details["parameters"])
    judged = (
        standing.details["local"] if is_local else {"state": standing.state, "due": standing.due, **standing.details}
    )
    if judged is None or str(judged["due"]) != issue.due.day.isoformat():
        return Called(agency, Place.NOT_JUDGED, "edition.reason.not_judged")  # the rules changed since
    state, reason, parameters = State(judged["state"]), judged["reason"], judged["parameters"]
    if state in PUBLISHED:
        return Called(agency, Place.PUBLISHED)
    if state is State.UNKNOWN:
        place = Place.SECOND_LOOK if reason in NEXT_LOOK else Place.UNKNOWN
        return Called(agency, place, f"reason.{reason}", parameters)
    if state in BEFORE and day_of(at) > issue.due.day:
        return Called(agency, Place.NOT_JUDGED, "edition.reason.not_judged")
    return _unseen(agency, standing, at, Place.ABSENT if state in BEFORE else Place.MISSING, fresh_days)


def _unseen(agency: Agency, standing: Standing, at: dt.datetime, place: Place, fresh_days: int) -> Called:
    """Not there, as far as every column was seen well and lately; else unknown."""
    columns = standing.details["columns"] or ()
    if not columns:
        return Called(agency, Place.UNKNOWN, "reason.no_column")
    for column in columns:
        if column["sight"] == "found":  # something is listed that may be the report
            return Called(agency, Place.UNKNOWN, "edition.reason.unread")
        if column["looked_at"] is None:
            return Called(agency, Place.UNKNOWN, "edition.reason.never_looked")
        if not LookOutcome(column["outcome"]).proves_absence:
            return Called(agency, Place.UNKNOWN, f"reason.blind_{column['outcome']}")
    proved = min((column["proved_at"] for column in columns if column["proved_at"]), default=None)
    if proved is None or any(column["proved_at"] is None for column in columns):
        return Called(agency, Place.UNKNOWN, "edition.reason.never_looked")
    if (day_of(at) - day_of(dt.datetime.fromisoformat(proved))).days > fresh_days:
        return Called(agency, Place.UNKNOWN, "reason.stale", {"absent_at": proved})
    return Called(agency, place, "edition.reason.absent", {"absent_at": proved})


def roll(issue: Issue, parts: Sequence[Part], at: dt.datetime, public_url: str) -> Roll | None:
    """The roll of an edition; None where it has nothing to say, or nothing yet.

    A run-up says who has not published and whom nobody can see; a reminder who is missing. The list of the day after is
    made also where all have published. Nothing is said after the due day before the evaluation has judged by it.
    """
    called = [one for part in parts for one in part.called]
    told = {one.place for one in called if _is_told(issue, one)}
    open_ = [one.place for one in called if one.place is not Place.PUBLISHED]
    if not called or (open_ and all(place is Place.NOT_JUDGED for place in open_)):
        return None
    if issue.kind is Edition.RUN_UP and not told & {Place.ABSENT, Place.UNKNOWN}:
        return None
    if issue.kind is Edition.REMINDER and Place.MISSING not in told:
        return None
    return Roll(issue.name, {language: _half(issue, parts, at, public_url, language) for language in LANGUAGES})


def _is_told(issue: Issue, one: Called) -> bool:
    """Muted ones are in no edition, and acknowledged ones in no reminder; the counts say how many they are."""
    return not one.muted and not (one.acknowledged and issue.kind is Edition.REMINDER)


def _half(issue: Issue, parts: Sequence[Part], at: dt.datetime, public_url: str, language: Language) -> RollHalf:
    total = sum(len(part.called) for part in parts)
    due, year = show_day(issue.due.day, language), issue.due.year
    past = days_past(issue.due.day, at)
    key = issue.kind.value if past else "due_today"
    days = show_days(abs(past), language)
    what = say("edition.day.local" if all(_is_local(part) for part in parts) else "edition.day.law", language)
    values = {"due": due, "days": days, "year": year, "what": what}
    return RollHalf(
        subject=say(f"edition.{key}.subject", language, **values),
        title=say(f"edition.{key}.title", language, **values),
        lead=say(f"edition.{key}.lead", language, **values, total=total, counts=_counts(parts, language)),
        groups=tuple(_groups(issue, parts, public_url, language)),
        notes=tuple(_notes(issue, parts, language)),
    )


def _counts(parts: Sequence[Part], language: Language) -> str:
    """How many stand how. Who missed a day of the supervising office alone is counted as that."""
    found = Counter[str](_kind(part, _listed(one)) for part in parts for one in part.called)
    if set(found) == {Place.PUBLISHED}:
        return say("edition.all_published", language)
    kinds = [kind for place in Place for kind in (place.value, f"local_{place}") if found[kind]]
    said = [say(f"edition.count.{kind}", language, count=found[kind]) for kind in kinds]
    return ("，" if language == "zh" else ", ").join(said)


def _kind(part: Part, place: Place) -> str:
    return f"local_{place}" if _is_local(part) and place is Place.MISSING else place.value


def _is_local(part: Part) -> bool:
    return isinstance(part.rule, LocalRule)


def _groups(issue: Issue, parts: Sequence[Part], public_url: str, language: Language) -> list[Group]:
    groups, room = [], MOST
    for place, tone in TONES.items():
        for part in parts:
            shown = [one for one in part.called if _is_told(issue, one) and _listed(one) is place]
            if not shown:
                continue
            listed, room = shown[:room], max(0, room - len(shown))
            title = say(f"edition.group.{_kind(part, place)}", language)
            count = f"（{len(shown)}）" if language == "zh" else f" ({len(shown)})"
            notes = [say("edition.by_rule", language, rule=_citation(part.rule, language))] if len(parts) > 1 else []
            if place in (Place.UNKNOWN, Place.SECOND_LOOK, Place.ABSENT):
                notes.append(say(f"edition.about.{place}", language))
            rows = tuple(_row(one, public_url, language) for one in listed)
            groups.append(Group(title + count, tone, " ".join(notes), rows, len(shown) - len(listed)))
    return groups


def _listed(one: Called) -> Place:
    return Place.UNKNOWN if one.place is Place.NOT_JUDGED else one.place


def _row(one: Called, public_url: str, language: Language) -> Row:
    text = ""
    if one.reason.startswith("reason."):
        text = explain(one.reason, one.parameters, language)
    elif one.reason:
        values = {name: moment(value, language) for name, value in one.parameters.items()}
        text = say(one.reason, language, **values)
    link = f"{public_url.rstrip('/')}{PATHS[language]}/agency/{one.agency.id}"
    return Row(one.agency.name, one.agency.region, plain(text), link, one.agency.invented)


def _notes(issue: Issue, parts: Sequence[Part], language: Language) -> list[str]:
    """Rule by rule whose day it is and how many stand how; and how many are left out of the lists."""
    notes = []
    for part in parts:
        citation = _citation(part.rule, language)
        if len(parts) > 1:
            counts = _counts([part], language)
            notes.append(say("edition.of_rule", language, rule=citation, total=len(part.called), counts=counts))
        else:
            notes.append(say("edition.by_rule", language, rule=citation))
        if _is_local(part):
            key = "edition.local_only" if part.law is None else "edition.local_earlier"
            law = {} if part.law is None else {"law": show_day(part.law, language)}
            notes.append(say(key, language, rule=citation, **law))
    called = [one for part in parts for one in part.called]
    muted = sum(one.muted for one in called)
    acknowledged = sum(one.acknowledged and not one.muted for one in called)
    if muted:
        notes.append(say("edition.muted", language, count=muted))
    if acknowledged and issue.kind is Edition.REMINDER:
        notes.append(say("edition.acknowledged", language, count=acknowledged))
    return notes


def _citation(rule: DeadlineRule | LocalRule, language: Language) -> str:
    return rule.citation_zh if language == "zh" else rule.citation_en
