"""When a report was withdrawn, and when it came back. Pure: facts in, values out.

Whether it is withdrawn at a moment is said by the assessment alone (monitor.checks.assessment). For a page that came
back, the facts are judged as they were known right before.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

from crawler.model import LookOutcome
from monitor.checks.assessment import assess_case
from monitor.checks.case import Case, known_at
from monitor.checks.entries import pages
from monitor.days import day_of
from monitor.model import Assessment, EntryFacts, PageCapture, State

_BEFORE = dt.timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """`before`: the last capture that showed the report; `gone`: the first that did not; `back`: the first that did again."""

    since: dt.datetime
    before: PageCapture
    gone: PageCapture
    back: PageCapture | None = None


@dataclass(frozen=True, slots=True)
class _Gap:
    """Answers "not found" of a page, between two that were well."""

    before: PageCapture
    missing: tuple[PageCapture, ...]
    back: PageCapture | None


def withdrawals(case: Case, assessment: Assessment) -> list[Withdrawal]:
    """The withdrawals of the case's report, oldest first."""
    gaps = [gap for seen in case.sightings for gap in _gaps(seen.entry)]
    found: dict[dt.datetime, Withdrawal] = {}
    for gap in sorted(gaps, key=lambda gap: (gap.missing[0].at, gap.missing[0].id)):
        days = len({day_of(capture.at) for capture in gap.missing})
        if days < case.evidence.absence_looks:
            continue
        if gap.back is None:
            judged = assessment
        else:
            moment = gap.back.at - _BEFORE
            judged = assess_case(replace(case, facts=known_at(case.facts, moment), at=moment))
        if judged.state is State.WITHDRAWN:
            found.setdefault(judged.since, Withdrawal(judged.since, gap.before, gap.missing[0], gap.back))
    return list(found.values())


def _gaps(entry: EntryFacts) -> Iterator[_Gap]:
    before: PageCapture | None = None
    missing: list[PageCapture] = []
    for capture in pages(entry):
        if capture.outcome is LookOutcome.SOFT_404 and before is not None:
            missing.append(capture)
        elif capture.outcome is LookOutcome.HEALTHY:
            if before is not None and missing:
                yield _Gap(before, tuple(missing), capture)
            before, missing = capture, []
    if before is not None and missing:
        yield _Gap(before, tuple(missing), None)
