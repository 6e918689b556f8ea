"""The states never contradict what happened: random histories of publications and looks, judged at random moments.

What is tested is said by an oracle that knows the truth (tests.monitor.checks.histories) and not the code that judges.
By default the first property sees a hundred histories, each at six moments, and the others fifty; `pytest
tests/monitor/checks/test_histories.py --hypothesis-profile=many` shows them 20,000 and 10,000 (tests/conftest.py).
"""

import random
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.model import LookOutcome
from monitor.checks.assessment import assess
from monitor.model import AgencyFacts, Assessment, State
from tests.monitor.checks.histories import (
    BLIND,
    DAY,
    DUE_OVER,
    END,
    Document,
    History,
    Log,
    Looked,
    Visit,
    histories,
    in_turn,
    moments_of_judging,
    plans,
    see,
)
from tests.monitor.checks.history import DEADLINES

ACCUSING = (State.MISSING, State.LATE, State.WITHDRAWN)
OPEN = (State.UNKNOWN, State.DATE_UNSURE)
HALF = settings().max_examples // 2  # of what the profile asks for


def judge(history: History, known: AgencyFacts, until: int) -> Assessment:
    return assess(known, history.subject.year, DEADLINES, history.subject.moment(until))


def accuses(assessment: Assessment) -> bool:
    return assessment.state in ACCUSING or assessment.publication is State.LATE


class Oracle:
    """What really happened until a minute, for what may be said of it."""

    def __init__(self, history: History, log: Log) -> None:
        self.history, self.log = history, log
        self.columns = range(len(history.portals))
        filed = {
            shown.document
            for shown in log.shown
            if shown.content.holds == "report" and shown.content.reading and shown.content.reading.decision == "filed"
        }
        self.reports = [document for document in history.documents if document.id in filed]
        """The pages that were read as the report at least once."""
        self.report_shown = [shown.at for shown in log.shown if shown.content.holds == "report"]
        """When the report itself was before our eyes, read or not."""
        self.met = [shown.at for shown in log.shown if shown.document in filed]
        """When one of those pages was met, whatever it held: unopened, it gets the benefit of the doubt."""

    def absent_looks(self, column: int, before: int) -> list[Looked]:
        """The looks after the due day that saw the column well and met none of the report's pages."""
        pages = {document.id for document in self.reports}
        return [
            look
            for look in self.log.looks
            if look.column == column and look.proving and DUE_OVER <= look.begun < before and not look.listed & pages
        ]

    def is_there(self, minute: int, column: int | None = None) -> bool:
        """Whether the report really stood in a list."""
        return any(
            document.is_listed(minute) and document.holds_report(minute)
            for document in self.history.documents
            if column in (None, document.column)
        )

    def stood_from_the_due_day_until_met(self) -> bool:
        """Published by the due day, and in one place until the first look or answer that met it."""
        first = min(self.met)
        return any(_stood(document, DUE_OVER - 1, first) for document in self.history.documents)


def _stood(document: Document, first: int, last: int) -> bool:
    listed = any(begin <= first and last < end for begin, end in document.listed)
    turns = [since for since, _ in document.contents if first < since <= last]
    return listed and all(document.holds_report(minute) for minute in (first, *turns))


@settings(deadline=None)
@given(histories(), moments_of_judging)
def test_no_state_contradicts_what_happened(history: History, drawn: int) -> None:
    for until in (drawn, DUE_OVER - 1, DUE_OVER, DUE_OVER + 3 * DAY, DUE_OVER + 8 * DAY, END):
        _check(history, until)


def _check(history: History, until: int) -> None:
    known, log = see(history, until)
    said = judge(history, known, until)
    truth = Oracle(history, log)
    has_day, overdue = history.subject.due is not None, until >= DUE_OVER

    if not has_day:
        assert not accuses(said) or said.state is State.WITHDRAWN
    if said.state is State.MISSING:
        assert overdue
        assert not truth.report_shown
        for column in truth.columns:
            proofs = truth.absent_looks(column, until + 1)
            assert len({look.begun // DAY for look in proofs}) >= 2
            assert not any(truth.is_there(look.read, column) for look in proofs)
    if said.publication is State.LATE:
        assert truth.met
        assert min(truth.met) >= DUE_OVER
        assert not truth.stood_from_the_due_day_until_met()
        for column in truth.columns:
            assert any(not truth.is_there(look.read, column) for look in truth.log.looks if look.begun >= DUE_OVER)
    if said.state is State.ON_TIME or said.publication is State.ON_TIME:
        assert truth.met
    if said.basis == "seen" and has_day:
        assert min(truth.met) < DUE_OVER
    if has_day and truth.met and all(truth.absent_looks(column, min(truth.met)) for column in truth.columns):
        assert State.ON_TIME not in (said.state, said.publication)
    blind = any(
        not [k for k in log.looks if k.column == c and k.proving and k.begun >= DUE_OVER] for c in truth.columns
    )
    if has_day and overdue and not truth.met and blind:
        assert said.state is State.UNKNOWN
    if has_day and not overdue and not truth.met:
        assert said.state in (State.NOT_DUE, State.DUE_SOON)
    if said.state is State.WITHDRAWN:
        assert truth.reports
        newest = {look.column: look for look in log.looks if look.proving}
        assert not any(document.id in newest[document.column].listed for document in truth.reports)
    if said.interval is not None:
        assert said.interval.not_before is None or said.interval.not_before.at < said.interval.not_after.at


@settings(deadline=None, max_examples=HALF)
@given(st.data(), histories(), moments_of_judging)
def test_blindness_accuses_nobody(data: st.DataObject, history: History, until: int) -> None:
    """Looks that could not see, added anywhere, never make an accusation out of anything else."""
    portal = data.draw(st.sampled_from(history.portals))
    blind = data.draw(plans(history.portals, portal, st.sampled_from(BLIND)))
    unseeing = [
        replace(
            visit, columns=tuple(replace(column, pages=LookOutcome.SERVER_ERROR, share=0) for column in visit.columns)
        )
        for visit in blind
    ]
    more = replace(history, visits=tuple(in_turn([*history.visits, *_beside(unseeing, history.visits)])))
    before, after = judge(history, see(history, until)[0], until), judge(more, see(more, until)[0], until)
    assert not accuses(after) or (after.state, after.publication) == (before.state, before.publication)
    if before.state in OPEN:
        assert after.state is not State.MISSING


def _beside(added: Sequence[Visit], visits_: Sequence[Visit]) -> list[Visit]:
    """Those that take no place of a visit of the history."""
    return [
        visit
        for visit in added
        if all(
            visit.portal != other.portal or visit.end <= other.begin or other.end <= visit.begin for other in visits_
        )
    ]


@settings(deadline=None, max_examples=HALF)
@given(histories(), moments_of_judging, moments_of_judging)
def test_what_is_seen_later_changes_nothing(history: History, one: int, other: int) -> None:
    early, late = sorted((one, other))
    assert judge(history, see(history, late)[0], early) == judge(history, see(history, early)[0], early)


@settings(deadline=None, max_examples=HALF)
@given(histories(), moments_of_judging, st.randoms(use_true_random=False))
def test_the_order_of_facts_is_no_fact(history: History, until: int, chance: random.Random) -> None:
    known, _ = see(history, until)
    columns, entries = list(known.columns), list(known.entries)
    chance.shuffle(columns)
    chance.shuffle(entries)
    other = replace(known, columns=tuple(columns), entries=tuple(entries))
    first, second = judge(history, known, until), judge(history, other, until)
    assert _in_order(first) == _in_order(second)
    assert judge(history, known, until) == first


def _in_order(assessment: Assessment) -> Assessment:
    """Columns are shown in the order of the registry."""
    columns = sorted(assessment.evidence.columns, key=lambda column: (column.portal, column.column))
    return replace(assessment, evidence=replace(assessment.evidence, columns=tuple(columns)))
