"""What is recorded against what is judged now: the rows to write and the events that follow. Pure.

A change of state makes one event. It is news (a config.alerts.EventKind) only when something is certain: missing, late,
withdrawn, due soon, unknown after the due day for a reason that the next look will not settle by itself, resolved. That
we were wrong is news too: whoever heard "late" hears that it no longer stands. Any other change is recorded as "quiet",
so that the history of states is complete. What is recorded for the first time is news only where a finding opens: the
rest was so before anybody asked.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from config.alerts import EventKind
from config.deadlines import DeadlineRule
from config.schema import Agency
from monitor.details import assessment_json, finding_json, portal_finding_json
from monitor.model import Assessment, Finding, NewEvent, State, Verdicts

QUIET = "quiet"
PUBLISHED = (State.ON_TIME, State.LATE)
# Those about a report's numbers and words end when the report, or the one it is compared with, is corrected.
ABOUT_CONTENTS = ("arithmetic", "narrative", "carry_over", "attachment", "copied")
OWN_NEWS = (
    "late",
    "backdated",
    *ABOUT_CONTENTS,
)  # findings whose end is news by itself; that of the others is a change of state


@dataclass(frozen=True, slots=True)
class RecordedState:
    """A state as the store has it."""

    state: State
    since: dt.datetime
    due: dt.date | None
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OpenFinding:
    """A finding as the store has it, not closed."""

    id: int
    key: str
    kind: str
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Changes:
    """What has to be written for one agency and year. `state` None: it stands as it is recorded."""

    assessment: Assessment
    details: Mapping[str, Any]
    is_new: bool
    state_changed: bool
    opened: tuple[Finding, ...]
    closed: tuple[OpenFinding, ...]
    events: tuple[NewEvent, ...]


def changes(
    assessment: Assessment,
    agency: Agency,
    rule: DeadlineRule | None,
    verdicts: Sequence[Verdicts],
    recorded: RecordedState | None,
    open_findings: Mapping[str, OpenFinding],
    at: dt.datetime,
) -> Changes:
    """`open_findings`: those of this agency and year, by key."""
    details = assessment_json(assessment, agency, rule, at)
    standing = [finding for verdict in verdicts for finding in verdict.standing]
    over = frozenset[str]().union(*(verdict.over for verdict in verdicts))
    contents = frozenset(assessment.evidence.contents).union(*(verdict.contents for verdict in verdicts))
    opened = tuple(finding for finding in standing if finding.key not in open_findings)
    closed = tuple(finding for key, finding in open_findings.items() if key in over)
    return Changes(
        assessment=assessment,
        details=details,
        is_new=recorded is None,
        state_changed=recorded != RecordedState(assessment.state, assessment.since, assessment.due, details),
        opened=opened,
        closed=closed,
        events=(
            *_state_events(assessment, recorded, details, opened, open_findings),
            *(_opened_event(finding, recorded, details) for finding in opened),
            *(_closed_event(finding, assessment, details, contents) for finding in closed if finding.kind in OWN_NEWS),
        ),
    )


@dataclass(frozen=True, slots=True)
class PortalChanges:
    """What has to be written about portals."""

    opened: tuple[Finding, ...]
    closed: tuple[OpenFinding, ...]
    events: tuple[NewEvent, ...]


def portal_changes(verdicts: Verdicts, open_findings: Mapping[str, OpenFinding]) -> PortalChanges:
    """`open_findings`: those about portals, by key. Their details name a portal and no agency."""
    opened = tuple(finding for finding in verdicts.standing if finding.key not in open_findings)
    closed = tuple(finding for key, finding in open_findings.items() if key in verdicts.over)
    news = [
        NewEvent(finding.kind, "", 0, portal_finding_json(finding.key, finding.kind, finding.details), finding.key)
        for finding in opened
    ]
    news += [
        NewEvent(EventKind.RESOLVED.value, "", 0, {**finding.details, "resolved": "portal_back"}, finding.key)
        for finding in closed
    ]
    return PortalChanges(opened, closed, tuple(news))


def _state_events(
    assessment: Assessment,
    recorded: RecordedState | None,
    details: dict[str, Any],
    opened: Sequence[Finding],
    open_findings: Mapping[str, OpenFinding],
) -> list[NewEvent]:
    """The events of the state itself; opened findings make their own, which then stand for the change of state."""
    before = None if recorded is None else (recorded.state, recorded.details.get("reason"))
    is_told = any(finding.kind == assessment.state.value for finding in opened)
    events = []
    if recorded is not None:
        was_missing = any(finding.kind == "missing" for finding in open_findings.values())
        events = _news(assessment, recorded, details, was_missing=was_missing or recorded.state is State.MISSING)
    if not events and not is_told and before != (assessment.state, assessment.reason):
        events.append(_event(QUIET, assessment, _with_former(details, recorded)))
    return events


def _news(
    assessment: Assessment, recorded: RecordedState, details: dict[str, Any], *, was_missing: bool
) -> list[NewEvent]:
    """`was_missing`: it was told to be missing, and that has not been taken back."""
    former = _with_former(details, recorded)
    was_alerting = bool(recorded.details.get("alerting"))
    if assessment.state is State.ON_TIME and was_missing:
        return [_event(EventKind.RESOLVED, assessment, former | {"resolved": "retracted"})]
    is_there = assessment.state in PUBLISHED or assessment.reason == "reimported"
    if is_there and (was_alerting or was_missing):
        return [_event(EventKind.RESOLVED, assessment, former | {"resolved": "published"})]
    if assessment.state in PUBLISHED and recorded.state is State.WITHDRAWN:
        return [_event(EventKind.RESOLVED, assessment, former | {"resolved": "came_back"})]
    if details["alerting"] and not was_alerting:
        return [_event(EventKind.UNKNOWN, assessment, former)]
    if assessment.state is State.DUE_SOON and recorded.state is not State.DUE_SOON:
        return [_event(EventKind.DUE_SOON, assessment, former)]
    return []


def _opened_event(finding: Finding, recorded: RecordedState | None, details: dict[str, Any]) -> NewEvent:
    told = finding_json(_with_former(details, recorded), finding.key, finding.kind, finding.details)
    return NewEvent(EventKind(finding.kind).value, finding.agency_id, finding.year, told, finding.key)


def _closed_event(
    finding: OpenFinding, assessment: Assessment, details: dict[str, Any], contents: frozenset[str]
) -> NewEvent:
    """An office mended its report; or a better reading, a new filing, a corrected rule: the correction is ours.

    `contents`: sha256 of everything that this and other reports, as far as they were compared, hold now.
    """
    found = dict(finding.details["finding"])
    rested_on = {
        part["sha256"] for part in (found, found.get("earlier"), found.get("other")) if part and "sha256" in part
    }
    is_mended = finding.kind in ABOUT_CONTENTS and not rested_on <= contents
    told = finding_json({**details, "from": details["state"], "to": details["state"]}, finding.key, finding.kind, found)
    told["resolved"] = "mended" if is_mended else "retracted"
    return NewEvent(EventKind.RESOLVED.value, assessment.agency_id, assessment.year, told, finding.key)


def _event(kind: str, assessment: Assessment, details: dict[str, Any]) -> NewEvent:
    return NewEvent(str(kind), assessment.agency_id, assessment.year, details)


def _with_former(details: dict[str, Any], recorded: RecordedState | None) -> dict[str, Any]:
    former = None if recorded is None else recorded.state.value
    return {**details, "from": former, "to": details["state"]}
