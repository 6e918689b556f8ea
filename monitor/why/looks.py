"""The looks that a judgement of one case rests on, few enough to be shown, and what each of them proves. Pure."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from crawler.model import LookOutcome
from monitor.checks.absence import blind_since
from monitor.checks.case import Case
from monitor.checks.entries import is_listed
from monitor.checks.sight import sight
from monitor.model import Assessment, ColumnFacts, EntryFacts, LookFact, Sight

Proves = Literal[
    "absent_after_due", "absent_before_due", "absent", "found", "candidate", "not_counted", "unlisted", "nothing"
]


@dataclass(frozen=True, slots=True)
class ShownLook:
    """`sight`: what it saw; `proves`: what follows for this report; `captures`: of the list pages that it read."""

    id: int
    begun: dt.datetime
    at: dt.datetime
    outcome: LookOutcome
    sight: Sight
    reason: str
    proves: Proves
    captures: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ShownColumn:
    """The looks at a column that decide, and the number of those that are left out."""

    portal: str
    column: str
    name: str
    url: str
    looks: tuple[ShownLook, ...]
    left_out: int


def shown_columns(case: Case, assessment: Assessment) -> tuple[ShownColumn, ...]:
    """Of each column of the case the looks that the assessment rests on."""
    return tuple(_column(case, assessment, column) for column in case.facts.columns)


def _column(case: Case, assessment: Assessment, column: ColumnFacts) -> ShownColumn:
    ids = _deciding(case, assessment, column)
    shown = [look for look in column.looks if look.id in ids]
    return ShownColumn(
        portal=column.portal,
        column=column.column,
        name=f"{column.portal_name} {column.column_name}",
        url=column.url,
        looks=tuple(_look(case, column, look) for look in shown),
        left_out=len(column.looks) - len(shown),
    )


def _deciding(case: Case, assessment: Assessment, column: ColumnFacts) -> set[int]:
    """Of a column: what the assessment and the interval rest on, what fails, what met the report first, what lost it."""
    ids = set(assessment.evidence.looks)
    if assessment.interval is not None and assessment.interval.not_before is not None:
        ids |= set(assessment.interval.not_before.looks)
    failing = blind_since(column)
    ids |= set() if failing is None else {failing.id}
    for seen in case.sightings:
        entry = seen.entry
        if (entry.portal, entry.column) != (column.portal, column.column):
            continue
        turns = {change.at for change in (*entry.changes[:1], *entry.changes[-1:])}
        ids |= {look.id for look in column.looks if look.at in turns}
    return ids


def _look(case: Case, column: ColumnFacts, look: LookFact) -> ShownLook:
    entries = (*(seen.entry for seen in case.sightings), *case.candidates)
    return ShownLook(
        id=look.id,
        begun=look.begun,
        at=look.at,
        outcome=look.outcome,
        sight=sight(column, look, entries),
        reason=look.reason,
        proves=_proves(case, column, look),
        captures=look.captures,
    )


def _proves(case: Case, column: ColumnFacts, look: LookFact) -> Proves:
    reports = _of_column([seen.entry for seen in case.sightings], column)
    if not look.outcome.proves_absence:
        return "found" if any(change.at == look.at for entry in reports for change in entry.changes) else "nothing"
    if any(is_listed(entry, look.at) for entry in _of_column(case.candidates, column)):
        return "candidate"
    if any(look.id == proof.id for proof in _proofs(case, column)):
        if case.overdue_from is None:
            return "absent"
        return "absent_after_due" if look.begun >= case.overdue_from else "absent_before_due"
    if any(is_listed(entry, look.at) for entry in reports):
        return "found"
    return "unlisted" if case.first_seen is not None and look.begun >= case.first_seen else "not_counted"


def _proofs(case: Case, column: ColumnFacts) -> tuple[LookFact, ...]:
    """The looks at the column that prove absence before the report was first seen."""
    place = case.facts.columns.index(column)
    return case.absence.proofs[place].looks


def _of_column(entries: Sequence[EntryFacts], column: ColumnFacts) -> list[EntryFacts]:
    return [entry for entry in entries if (entry.portal, entry.column) == (column.portal, column.column)]
