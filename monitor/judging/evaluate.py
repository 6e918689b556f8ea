"""Judges every watched agency and year at the context's time, and records what differs from what is recorded.

May touch: the store, through reads.judging, writes.judging and the board. All writes of one evaluation are one transaction,
but for one that has very much to write (the first of a country): each part is whole for its agencies. A second evaluation
over the same facts writes nothing.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import islice

from sqlalchemy.orm import Session

from config.errors import GongkaiError
from config.load import Configuration
from config.schema import Agency
from crawler.store.reads import changes as change_reads
from crawler.store.reads import judging as reads
from crawler.store.writes import changes as change_writes
from crawler.store.writes import judging as writes
from monitor.board import build
from monitor.board.keeping import keep
from monitor.checks import CHECKS, portal
from monitor.checks.assessment import assess_case
from monitor.checks.case import Judged, case_of, judged_years
from monitor.checks.changes import history
from monitor.context import Context
from monitor.days import SHANGHAI
from monitor.judging import facts
from monitor.judging.change_log import ChangeLog, by_report
from monitor.judging.transitions import Changes, OpenFinding, PortalChanges, RecordedState, changes, portal_changes
from monitor.model import AgencyFacts, Assessment, EvaluateResult, NewEvent, ReportChange, State

AGENCIES_AT_ONCE = 50  # bounds the memory: the facts of so many agencies are held together
WRITTEN_AT_ONCE = 20_000  # agencies and years that have something new: a hundred megabytes


def evaluate(context: Context, record: bool = True, *, counts_only: bool = False) -> EvaluateResult:
    """Assessments of all watched agencies and years at `context.now`, and the events that follow from them.

    With `record` False nothing is written: the answer to "what would be said then". With `counts_only` neither assessments
    nor events are kept: those of a country do not fit into memory. Raises GongkaiError when it would record a moment that
    is earlier than what is recorded already: history is not written backwards.
    """
    assessments: list[Assessment] = []
    events: list[NewEvent] = []
    judged = recorded = 0
    news: list[Changes] = []
    log = ChangeLog()
    with context.sessions() as session:
        if record:
            _refuse_the_past(session, context.now)
        imports = facts.load_imports(session, context.configuration, context.now)
        for agencies in _chunks(context.configuration):
            for found in _judge(session, context.configuration, agencies, context.now, imports, log):
                judged += 1
                recorded += len(found.events)
                if record and found.is_news:
                    news.append(found)
                if not counts_only:
                    assessments.append(found.assessment)
                    events += found.events
            if len(news) >= WRITTEN_AT_ONCE:
                _record(session, news, context.now)
                session.commit()
                news.clear()
        portals = _judge_portals(session, context.configuration, context.now)
        if record:
            _record(session, news, context.now)
            _record_findings(session, [portals], context.now)
            _record_changes(session, log)
            keep(session, build(session, context.configuration, context.now, context.now))
            session.commit()
    if not counts_only:
        events += portals.events
    return EvaluateResult(tuple(assessments), tuple(events), judged, recorded + len(portals.events))


def _chunks(configuration: Configuration) -> Iterator[list[Agency]]:
    watched = iter([agency for agency in configuration.agencies.values() if agency.watched_years])
    while chunk := list(islice(watched, AGENCIES_AT_ONCE)):
        yield chunk


def _refuse_the_past(session: Session, now: dt.datetime) -> None:
    newest = reads.newest_event_at(session)
    if newest is not None and now < newest:
        raise GongkaiError(
            f"events are recorded until {newest.astimezone(SHANGHAI):%Y-%m-%d %H:%M}, and this evaluation is for "
            f"{now.astimezone(SHANGHAI):%Y-%m-%d %H:%M}: it can be computed, but not recorded"
        )


def _judge(
    session: Session,
    configuration: Configuration,
    agencies: Sequence[Agency],
    at: dt.datetime,
    imports: facts.ImportDays,
    log: ChangeLog,
) -> Iterator[Changes]:
    """Yields what has to be written of each agency and year; notes in `log` how their reports changed."""
    ids = [agency.id for agency in agencies]
    states = {
        key: RecordedState(State(row.state), row.since, row.due, row.details)
        for key, row in reads.recorded_states(session, ids).items()
    }
    findings: dict[tuple[str, int], dict[str, OpenFinding]] = {}
    for key, row in reads.open_findings(session, ids).items():
        findings.setdefault((row.agency_id, row.year), {})[key] = OpenFinding(row.id, key, row.kind, row.details)
    recorded = by_report(change_reads.recorded(session, ids))
    for known in facts.load(session, configuration, agencies, at, imports):
        for year in judged_years(known.agency, at):
            pair = known.agency.id, year
            compared, changed = _compare(configuration, known, year, at, states.get(pair), findings.get(pair, {}))
            log.compare(changed, recorded.get(pair, {}))
            yield compared


def _compare(
    configuration: Configuration,
    known: AgencyFacts,
    year: int,
    at: dt.datetime,
    recorded: RecordedState | None,
    open_findings: dict[str, OpenFinding],
) -> tuple[Changes, tuple[ReportChange, ...]]:
    case = case_of(known, year, configuration.deadlines, at, configuration.visits)
    assessment = assess_case(case)
    changed = history(case, assessment, configuration.changes)
    verdicts = [check.run(Judged(case, assessment, changed)) for check in CHECKS]
    return changes(assessment, known.agency, case.rule, verdicts, recorded, open_findings, at), changed


def _judge_portals(session: Session, configuration: Configuration, at: dt.datetime) -> PortalChanges:
    recorded = {
        key: OpenFinding(row.id, key, row.kind, row.details) for key, row in reads.open_findings(session, [""]).items()
    }
    verdicts = portal.check(
        facts.load_hijacked(session, configuration, at),
        facts.load_blind(session, configuration, at),
        recorded,
        at,
        configuration.alerts.calendar.blind_days,
    )
    return portal_changes(verdicts, recorded)


def _record(session: Session, found: Sequence[Changes], at: dt.datetime) -> None:
    _record_states(session, found)
    _record_findings(session, found, at)


def _record_states(session: Session, found: Sequence[Changes]) -> None:
    writes.add_states(session, [_state_row(change) for change in found if change.is_new])
    altered = [change for change in found if change.state_changed and not change.is_new]
    writes.change_states(session, [_state_row(change) for change in altered])


def _record_changes(session: Session, log: ChangeLog) -> None:
    change_writes.drop(session, log.dropped)
    change_writes.alter(session, log.altered)
    change_writes.add(session, log.in_order())


def _record_findings(session: Session, found: Sequence[Changes | PortalChanges], at: dt.datetime) -> None:
    """Findings that opened or closed, and all events, which may be about one."""
    ids: dict[str, int] = {}
    for change in found:
        for closed in change.closed:
            writes.close_finding(session, closed.id, at)
            ids[closed.key] = closed.id
        told = {event.finding_key: event.details for event in change.events}
        for opened in change.opened:
            ids[opened.key] = writes.open_finding(
                session,
                key=opened.key,
                kind=opened.kind,
                agency_id=opened.agency_id,
                year=opened.year,
                at=at,
                details=told[opened.key],
            )
    writes.add_events(
        session,
        [
            {
                "at": at,
                "kind": event.kind,
                "agency_id": event.agency_id,
                "year": event.year,
                "finding_id": ids[event.finding_key] if event.finding_key else None,
                "details": dict(event.details),
            }
            for change in found
            for event in change.events
        ],
    )


def _state_row(change: Changes) -> dict[str, object]:
    assessment = change.assessment
    return {
        "agency_id": assessment.agency_id,
        "year": assessment.year,
        "state": assessment.state.value,
        "since": assessment.since,
        "due": assessment.due,
        "details": dict(change.details),
    }
