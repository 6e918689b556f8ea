"""Why an agency's report of a year has the state that it has, made to be shown: rule, day, steps, looks, dates. Pure.

Everything in it comes from the case and the assessment that was made of it; texts stand in both languages. A page, a mail or
`gongkai why` shows it; `as_json` is for programs.
"""

import dataclasses
import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Literal

from config.deadlines import DeadlineRule, LocalRule
from crawler.model import DateEvidence
from monitor.checks.case import Case
from monitor.checks.entries import known_since, newest_contents, reading_of, title
from monitor.days import end_of, iso_moment
from monitor.details import assessment_json
from monitor.model import Assessment, EntryFacts, Interval, State
from monitor.why.looks import ShownColumn, shown_columns
from monitor.why.steps import Conclusion, Step, publication_steps, steps
from monitor.wording import explain, say, state_line

CANDIDATES = 10  # undecided entries that are named, the first met first
_ARTICLE = re.compile(r"第[〇一二三四五六七八九十百]+条(?:第[一二三四五六七八九十]+[句款项])*")
_BROKEN = (State.LATE, State.MISSING)
_OPEN = (State.UNKNOWN, State.DATE_UNSURE)

Missed = Literal["none", "local", "law", "both", "only_local", "only_local_kept", "unsure"]


@dataclass(frozen=True, slots=True)
class Words:
    """One text in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Day:
    """A rule and the day that it sets. `last_moment`: the last second that is still in time; `article`: may be empty."""

    rule_id: str
    article: str
    citation: Words
    due: dt.date | None
    last_moment: dt.datetime | None
    words: Words


@dataclass(frozen=True, slots=True)
class ShownStep:
    """One condition of the chain, in words, and what was concluded from it (None: the next one was asked)."""

    number: int
    key: str
    held: bool
    values: Mapping[str, Any]
    leads_to: Conclusion | None
    words: Words


@dataclass(frozen=True, slots=True)
class LocalDay:
    """The supervising office's own day, how the report stands against it, and which of the two days was missed."""

    day: Day
    decides: bool  # the law names no day, so the state is by this one
    state: State
    state_words: Words
    reason_words: Words
    steps: tuple[ShownStep, ...]  # empty where it decides: they are those of the state
    missed: Missed
    missed_words: Words


@dataclass(frozen=True, slots=True)
class ShownDate:
    """A date that was stated when the report was first seen. `by_due`: None where there is no due day."""

    date: DateEvidence
    claims_publication: bool
    by_due: bool | None
    words: Words


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that may be the report and that nobody could decide yet; `todo`: what to do about it."""

    entry: int
    title: str
    url: str
    known_since: dt.datetime
    todo: Words


@dataclass(frozen=True, slots=True)
class Why:
    """The answer. `law`: None where no rule applies; `interval`: of publication, None where the report was not seen."""

    agency_id: str
    agency: str
    year: int
    at: dt.datetime
    state: State
    reason: str
    since: dt.datetime
    state_words: Words
    reason_words: Words
    basis: Words | None
    notes: tuple[Words, ...]
    law: Day | None
    local: LocalDay | None
    steps: tuple[ShownStep, ...]
    columns: tuple[ShownColumn, ...]
    dates: tuple[ShownDate, ...]
    interval: Interval | None
    interval_words: Words
    candidates: tuple[Candidate, ...]
    more_candidates: int


def why(case: Case, assessment: Assessment) -> Why:
    """Explains the assessment that was made of this case. Raises ValueError if the steps lead to anything else."""
    chain = steps(case)
    if chain[-1].leads_to != (assessment.state, assessment.reason):
        raise ValueError(f"the steps lead to {chain[-1].leads_to}, judged was {assessment.state}, {assessment.reason}")
    agency, exempt = case.facts.agency, assessment.state is State.EXEMPT
    details = assessment_json(assessment, agency, case.rule, case.at)
    return Why(
        agency_id=agency.id,
        agency=agency.name,
        year=case.year,
        at=case.at,
        state=assessment.state,
        reason=assessment.reason,
        since=assessment.since,
        state_words=Words(state_line(details, case.at, "zh"), state_line(details, case.at, "en")),
        reason_words=_explain(f"reason.{assessment.reason}", assessment.parameters),
        basis=_explain(f"basis.{assessment.basis}", {}) if assessment.basis and case.due is not None else None,
        notes=tuple(_explain(f"note.{note.key}", note.parameters) for note in assessment.notes),
        law=None if case.rule is None else shown_day(case.rule, case.year),
        local=_local(case, assessment),
        steps=_shown(chain),
        columns=() if exempt else shown_columns(case, assessment),
        dates=tuple(_date(date, case.due) for date in case.stated),
        interval=assessment.interval,
        interval_words=_interval(assessment.interval),
        candidates=tuple(_candidate(entry) for entry in case.candidates[:CANDIDATES]),
        more_candidates=max(0, len(case.candidates) - CANDIDATES),
    )


def with_captures(answer: Why, captures: Mapping[int, Sequence[int]]) -> Why:
    """The same with the captures of the list pages filled in, by look id."""
    columns = tuple(
        replace(
            column,
            looks=tuple(replace(look, captures=tuple(captures.get(look.id, look.captures))) for look in column.looks),
        )
        for column in answer.columns
    )
    return replace(answer, columns=columns)


def shown_day(rule: DeadlineRule | LocalRule, year: int) -> Day:
    """A rule with the day that it sets for a report year."""
    due = None if rule.due is None else rule.due.of(year)
    last = None if due is None else end_of(due) - dt.timedelta(seconds=1)
    article = _ARTICLE.search(rule.citation_zh)
    words = _explain("why_page.no_due", {})
    if due is not None and last is not None:
        words = _explain("why_page.due", {"due_on": due.isoformat(), "last": iso_moment(last)})
    citation = Words(rule.citation_zh, rule.citation_en)
    return Day(rule.id, article.group() if article else "", citation, due, last, words)


def as_json(value: Any) -> Any:
    """Why, or any part of it, as JSON values: moments in ISO with Shanghai's offset, days as ISO days."""
    if dataclasses.is_dataclass(value):
        return {field.name: as_json(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Conclusion):
        return {"state": value.state.value, "reason": value.reason}
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, dt.datetime):
        return iso_moment(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: as_json(item) for key, item in value.items()}
    return [as_json(item) for item in value] if isinstance(value, list | tuple) else value


def _explain(key: str, parameters: Mapping[str, Any]) -> Words:
    known = {name: value for name, value in parameters.items() if value is not None}
    return Words(explain(key, known, "zh"), explain(key, known, "en"))


def _shown(chain: Sequence[Step]) -> tuple[ShownStep, ...]:
    return tuple(
        ShownStep(
            number=number,
            key=step.key,
            held=step.held,
            values=step.values,
            leads_to=step.leads_to,
            words=_explain(f"why_step.{step.key}.{'yes' if step.held else 'no'}", step.values),
        )
        for number, step in enumerate(chain, 1)
    )


def _local(case: Case, assessment: Assessment) -> LocalDay | None:
    rule, verdict = case.local_rule, assessment.local
    if rule is None or verdict is None:
        return None
    decides = case.deciding is rule
    missed = _missed(assessment.publication or assessment.state, verdict.state, decides)
    return LocalDay(
        day=shown_day(rule, case.year),
        decides=decides,
        state=verdict.state,
        state_words=_explain(f"state.{verdict.state.value}", {}),
        reason_words=_explain(f"reason.{verdict.reason}", verdict.parameters),
        steps=() if decides else _shown(publication_steps(case.by_local_day())),
        missed=missed,
        missed_words=_explain(f"why_missed.{missed}", {}),
    )


def _missed(law: State, local: State, decides: bool) -> Missed:
    if local in _OPEN and law not in _BROKEN:
        return "unsure"
    if decides:
        return "only_local" if local in _BROKEN else "only_local_kept"
    if law in _BROKEN:
        return "both" if local in _BROKEN else "law"
    return "local" if local in _BROKEN else "none"


def _date(date: DateEvidence, due: dt.date | None) -> ShownDate:
    claims = date.source.claims_publication
    by_due = None if due is None else date.value <= due
    keys = ["why_date.claims" if claims else "why_date.no_claim"]
    keys += [] if by_due is None or not claims else ["why_date.by_due" if by_due else "why_date.after_due"]
    zh, en = "，".join(say(key, "zh") for key in keys), ", ".join(say(key, "en") for key in keys)
    return ShownDate(date, claims, by_due, Words(zh, en))


def _interval(interval: Interval | None) -> Words:
    if interval is None:
        return _explain("why_page.unseen", {})
    last = {"last_at": iso_moment(interval.not_after.at)}
    if interval.not_before is None:
        return _explain("why_page.open_interval", last)
    return _explain("why_page.interval", {"first_at": iso_moment(interval.not_before.at), **last})


def _candidate(entry: EntryFacts) -> Candidate:
    contents = (capture for capture in newest_contents(entry).values() if capture is not None)
    readings = (reading_of(entry, capture) for capture in contents)
    waits = any(reading is not None and reading.decision == "review" for reading in readings)
    todo = _explain("why_todo.review" if waits else "why_todo.unread", {"entry": entry.id})
    return Candidate(entry.id, title(entry) or entry.url, entry.url, known_since(entry), todo)
