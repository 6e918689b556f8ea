"""What is recorded against what is judged now: the rows to write and the events that follow. Pure.

A change of state makes one event. It is news (a config.alerts.EventKind) only when something is certain: missing, late,
withdrawn, due soon, unknown after the due day for a reason that the next look will not settle by itself, resolved. That
we were wrong is news too: whoever heard "late" hears that it no longer stands. Any other change is recorded as "quiet",
so that the history of states is complete. What is recorded for the first time is news only where a finding opens: the
rest was so before anybody asked.

What was judged by another due day than the present one changed because of the rules, and its events say so (`because`).
Whoever was told something that falls by it hears that the rules were corrected, and not that the office did something.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from config.alerts import EventKind
from config.deadlines import DeadlineRule
from config.schema import Agency
from monitor.checks.deadline import AHEAD, local_key
from monitor.details import assessment_json, finding_json, portal_finding_json
from monitor.model import Assessment, Finding, NewEvent, State, Verdicts

QUIET = "quiet"
PUBLISHED = (State.ON_TIME, State.LATE, State.DATE_UNSURE)
# Those about a report's numbers and words end when the report, or the one it is compared with, is corrected.
ABOUT_CONTENTS = ("arithmetic", "narrative", "carry_over", "attachment", "copied")
# Why "missing" may become unknown whatever the due day is.
BY_THE_LOOKS = ("unverified", "seen_apart", "stale", "unread_candidate", "no_column")
OWN_NEWS = (
    "late",
    "local_late",
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

    @property
    def is_news(self) -> bool:
        """Whether anything has to be written."""
        return self.is_new or self.state_changed or bool(self.opened or self.closed or self.events)


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
    told = details | _because(recorded, details)
    return Changes(
        assessment=assessment,
        details=details,
        is_new=recorded is None,
        state_changed=recorded != RecordedState(assessment.state, assessment.since, assessment.due, details),
        opened=opened,
        closed=closed,
        events=(
            *_state_events(assessment, recorded, told, opened, open_findings),
            *(_opened_event(finding, recorded, told) for finding in opened),
            *_closed_events(closed, assessment, told, contents),
        ),
    )


def _because(recorded: RecordedState | None, details: Mapping[str, Any]) -> dict[str, Any]:
    """What an event says of a change of rules: {"because": "rules", "rules": {"from": …, "to": …}}, or nothing.

    Only where another day was judged by: a rule that got another name or citation changed no state.
    """
    if recorded is None:
        return {}
    former, now = _rules(recorded.details), _rules(details)
    # Who owes no report is judged by no local day; that is the registry's doing.
    is_owed = State.EXEMPT not in (recorded.state, State(details["state"]))
    if all(former[name] == now[name] for name in ("due", *(["local_due"] if is_owed else []))):
        return {}
    return {"because": "rules", "rules": {"from": former, "to": now}}


def _rules(details: Mapping[str, Any]) -> dict[str, str | None]:
    """By which rules and days a state was judged; one that was recorded before there were local days has none."""
    local = details.get("local") or {"rule": None, "due": None}
    return {
        "rule": details.get("rule"),
        "due": details.get("due"),
        "local_rule": local["rule"],
        "local_due": local["due"],
    }


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
    is_other = before != (assessment.state, assessment.reason) or "because" in details
    events = []
    if recorded is not None:
        was_missing = any(finding.kind == "missing" for finding in open_findings.values())
        events = _news(assessment, recorded, details, was_missing=was_missing or recorded.state is State.MISSING)
    if not events and not is_told and is_other:
        events.append(_event(QUIET, assessment, _with_former(details, recorded)))
    return events


def _news(
    assessment: Assessment, recorded: RecordedState, details: dict[str, Any], *, was_missing: bool
) -> list[NewEvent]:
    """`was_missing`: it was told to be missing, and that has not been taken back."""
    former = _with_former(details, recorded)
    was_alerting = bool(recorded.details.get("alerting"))
    is_alerting = details["alerting"] and not was_alerting
    if was_missing and _falls_by_the_rules(assessment, details):
        corrected = [_event(EventKind.RESOLVED, assessment, former | {"resolved": "rules_changed"})]
        return [*corrected, _event(EventKind.UNKNOWN, assessment, former)] if is_alerting else corrected
    if assessment.state is State.EXEMPT and (was_missing or was_alerting):
        return [_event(EventKind.RESOLVED, assessment, former | {"resolved": "exempt"})]
    if assessment.state is State.ON_TIME and was_missing:
        return [_event(EventKind.RESOLVED, assessment, former | {"resolved": "retracted"})]
    if assessment.state in PUBLISHED and (was_alerting or was_missing):
        return [_event(EventKind.RESOLVED, assessment, former | {"resolved": "published"})]
    if assessment.state in PUBLISHED and recorded.state is State.WITHDRAWN:
        return [_event(EventKind.RESOLVED, assessment, former | {"resolved": "came_back"})]
    if is_alerting:
        return [_event(EventKind.UNKNOWN, assessment, former)]
    if assessment.state is State.DUE_SOON and recorded.state is not State.DUE_SOON:
        return [_event(EventKind.DUE_SOON, assessment, former)]
    return []


def _falls_by_the_rules(assessment: Assessment, details: Mapping[str, Any]) -> bool:
    """Whether "missing" no longer stands by the corrected rules, and not by what was seen since or could not be seen."""
    if assessment.state is State.UNKNOWN:
        return "because" in details and assessment.reason not in BY_THE_LOOKS
    return "because" in details and assessment.state in (State.ON_TIME, *AHEAD)


def _opened_event(finding: Finding, recorded: RecordedState | None, details: dict[str, Any]) -> NewEvent:
    told = finding_json(_with_former(details, recorded), finding.key, finding.kind, finding.details)
    return NewEvent(EventKind(finding.kind).value, finding.agency_id, finding.year, told, finding.key)


def _closed_events(
    closed: Sequence[OpenFinding], assessment: Assessment, details: dict[str, Any], contents: frozenset[str]
) -> list[NewEvent]:
    """`contents`: sha256 of everything that this and other reports, as far as they were compared, hold now."""
    events = []
    for finding in closed:
        resolved = _resolved(finding, assessment, details, contents) if finding.kind in OWN_NEWS else None
        if resolved is not None:
            found = dict(finding.details["finding"])
            state = {"from": details["state"], "to": details["state"]}
            told = finding_json({**details, **state}, finding.key, finding.kind, found) | {"resolved": resolved}
            agency_id, year = assessment.agency_id, assessment.year
            events.append(NewEvent(EventKind.RESOLVED.value, agency_id, year, told, finding.key))
    return events


def _resolved(
    finding: OpenFinding, assessment: Assessment, details: Mapping[str, Any], contents: frozenset[str]
) -> str | None:
    """Why it ended, a wording key below `resolved`; None: nobody has to hear of it.

    An office mended its report; or a better reading, a new filing, a corrected rule or registry: the correction is ours.
    """
    if finding.kind in ABOUT_CONTENTS:
        found = finding.details["finding"]
        rested_on = {
            part["sha256"] for part in (found, found.get("earlier"), found.get("other")) if part and "sha256" in part
        }
        return "retracted" if rested_on <= contents else "mended"
    if finding.kind == "backdated":
        return "retracted"
    local = assessment.local
    if finding.key == local_key(assessment, State.MISSING) and local is not None and assessment.first_seen is not None:
        # That it came, and came late, is told by the finding that opens.
        if local.state is State.LATE:
            return None
        if local.state is not State.ON_TIME:
            return "published"
    if assessment.state is State.EXEMPT:
        return "exempt"
    return "rules_changed" if "because" in details else "retracted"


def _event(kind: str, assessment: Assessment, details: dict[str, Any]) -> NewEvent:
    return NewEvent(str(kind), assessment.agency_id, assessment.year, details)


def _with_former(details: dict[str, Any], recorded: RecordedState | None) -> dict[str, Any]:
    former = None if recorded is None else recorded.state.value
    return {**details, "from": former, "to": details["state"]}
