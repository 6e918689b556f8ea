"""The states never contradict what happened: random histories of publications and looks, judged at random moments.

What is tested is said by an oracle that knows the truth (tests.monitor.checks.histories) and not the code that judges.
By default the first property sees a hundred histories, each at six moments, and the others fifty, the same ones every time;
`pytest tests/monitor/checks/test_histories.py --hypothesis-profile=many` shows them 20,000 and 10,000 new ones
(tests/conftest.py).
"""

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.model import LookOutcome
from monitor.checks.assessment import assess
from monitor.days import day_of
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

ACCUSING = (State.MISSING, State.LATE, State.WITHDRAWN)
OPEN = (State.UNKNOWN, State.DATE_UNSURE)
HALF = settings().max_examples // 2  # of what the profile asks for
SAME = settings().max_examples <= 100  # by default the same histories every time; the profile searches for new ones


def judge(history: History, known: AgencyFacts, until: int) -> Assessment:
    return assess(known, history.subject.year, history.subject.deadlines, history.subject.moment(until))


def accuses(assessment: Assessment) -> bool:
    local = assessment.local.state if assessment.local is not None else None
    return any(state in ACCUSING for state in (assessment.state, assessment.publication, local))


class Oracle:
    """What really happened until a minute, for what may be said of it."""

    def __init__(self, history: History, log: Log) -> None:
        self.history, self.log = history, log
        self.columns = range(len(history.portals))
        opened = [shown for shown in log.shown if shown.by == "page"]
        filed = {
            shown.document
            for shown in opened
            if shown.content.holds == "report" and shown.content.reading and shown.content.reading.decision == "filed"
        }
        self.reports = [document for document in history.documents if document.id in filed]
        """The pages that were read as the report at least once."""
        read = {shown.document for shown in opened if shown.content.holds == "report"}
        others = {shown.document for shown in opened if shown.content.holds != "report"}
        self.documents = [
            document for document in history.documents if document.id in read or document.id not in others
        ]
        """All but those that were listed as the report, never opened as such, and opened as something else since.

        That is a limit of judging: of a row that nobody opened, only what its page is found to be counts.
        """
        known = {document.id for document in self.documents}
        self.report_shown = [
            shown.at for shown in log.shown if shown.content.holds == "report" and shown.document in known
        ]
        """When the report itself was before our eyes, read or not."""
        self.met = [shown.at for shown in log.shown if shown.document in filed]
        """When one of those pages was met, whatever it held: unopened, it gets the benefit of the doubt."""
        unchanging = {document.id for document in self.reports if len(document.contents) == 1}
        self.found = [
            shown.at
            for shown in log.shown
            if shown.document in filed
            and shown.content.holds == "report"
            and (shown.by == "page" or shown.document in unchanging)
        ]
        """When one of them surely showed the report: a list does not tell what a page holds that changes."""

    def absent_looks(self, column: int, over: int, before: int) -> list[Looked]:
        """The looks from `over` on that saw the column well and met none of the report's pages."""
        pages = {document.id for document in self.reports}
        return [
            look
            for look in self.log.looks
            if look.column == column and look.proving and over <= look.begun < before and not look.listed & pages
        ]

    def is_blind_since(self, over: int) -> bool:
        """Whether one of the columns was never seen well from `over` on."""
        seen = {look.column for look in self.log.looks if look.proving and look.begun >= over}
        return len(seen) < len(self.columns)

    def is_there(self, minute: int, column: int) -> bool:
        """Whether the report really stood in the column's list."""
        return any(
            document.column == column and document.is_listed(minute) and document.holds_report(minute)
            for document in self.documents
        )

    def stated_days(self) -> set[dt.date]:
        """Every day that the report's pages and rows state, whatever it is the day of."""
        readings = (content.reading for document in self.reports for _, content in document.contents)
        stated = {date.value for reading in readings if reading is not None for date in reading.dates}
        rows = (document.list_day for document in self.reports if document.list_day is not None)
        return stated | {day_of(self.history.subject.moment(row * DAY)) for row in rows}

    def stood_from(self, minute: int) -> bool:
        """Whether the report was published by then, and stayed in one place until the first look or answer met it."""
        return any(_stood(document, minute, min(self.found)) for document in self.documents)


def _stood(document: Document, first: int, last: int) -> bool:
    listed = any(begin <= first and last < end for begin, end in document.listed)
    turns = [since for since, _ in document.contents if first < since <= last]
    return listed and all(document.holds_report(minute) for minute in (first, *turns))


@settings(deadline=None, derandomize=SAME)
@given(histories(), moments_of_judging)
def test_no_state_contradicts_what_happened(history: History, drawn: int) -> None:
    for until in (drawn, DUE_OVER - 1, DUE_OVER, DUE_OVER + 3 * DAY, DUE_OVER + 8 * DAY, END):
        _check(history, until)


def _check(history: History, until: int) -> None:
    known, log = see(history, until)
    said = judge(history, known, until)
    truth, subject = Oracle(history, log), history.subject
    if not subject.owes:
        assert said.state is State.EXEMPT
        assert not accuses(said)
        return

    verdict = said.publication or said.state
    if subject.due is None:
        assert verdict in (State.NOT_DUE, State.ON_TIME, State.UNKNOWN)
    else:
        _check_day(verdict, truth, DUE_OVER, until)
        if subject.local_over is not None:
            assert said.local is not None
            _check_day(said.local.state, truth, subject.local_over, until)
        if said.basis == "seen":
            assert min(truth.met) < DUE_OVER
        if said.basis == "claimed":
            assert any(day <= subject.due for day in truth.stated_days())
    if said.state is not verdict:
        assert said.state in (State.WITHDRAWN, State.UNKNOWN)
    if said.state is State.WITHDRAWN:
        assert truth.reports
        newest = {look.column: look for look in log.looks if look.proving}
        assert not any(document.id in newest[document.column].listed for document in truth.reports)
    if said.interval is not None:
        assert said.interval.not_before is None or said.interval.not_before.at < said.interval.not_after.at


def _check_day(verdict: State, truth: Oracle, over: int, until: int) -> None:
    """`verdict` by a due day that is over from the minute `over` on."""
    if verdict is State.MISSING:
        assert until >= over
        assert not truth.report_shown
        for column in truth.columns:
            proofs = truth.absent_looks(column, over, until + 1)
            assert len({look.begun // DAY for look in proofs}) >= 2
            assert not any(truth.is_there(look.read, column) for look in proofs)
    if verdict is State.LATE:
        assert min(truth.found) >= over
        assert not truth.stood_from(over - 1)
        for column in truth.columns:
            looks = [
                k for k in truth.log.looks if k.column == column and k.proving and over <= k.begun < min(truth.found)
            ]
            assert any(not truth.is_there(look.read, column) for look in looks)
    if verdict in (State.ON_TIME, State.DATE_UNSURE):
        assert truth.met
    if truth.found and min(truth.found) < over:
        assert verdict not in (State.LATE, State.DATE_UNSURE, State.MISSING)
    if truth.met and all(truth.absent_looks(column, over, min(truth.met)) for column in truth.columns):
        assert verdict is not State.ON_TIME
    if not truth.met and until >= over and truth.is_blind_since(over):
        assert verdict is State.UNKNOWN
    if not truth.met and until < over:
        assert verdict in (State.NOT_DUE, State.DUE_SOON)


@settings(deadline=None, max_examples=HALF, derandomize=SAME)
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


@settings(deadline=None, max_examples=HALF, derandomize=SAME)
@given(histories(), moments_of_judging, moments_of_judging)
def test_what_is_seen_later_changes_nothing(history: History, one: int, other: int) -> None:
    early, late = sorted((one, other))
    assert judge(history, see(history, late)[0], early) == judge(history, see(history, early)[0], early)


@settings(deadline=None, max_examples=HALF, derandomize=SAME)
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
