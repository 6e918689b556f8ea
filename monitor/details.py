"""A judgement as JSON values: what the store keeps of it, and what mails, feeds and the page are made of. Pure.

Moments are ISO in Asia/Shanghai, days are ISO days. Nothing in it depends on the moment of evaluation but the state
itself: days of delay are computed where they are shown (monitor.wording.state_line).
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from config.deadlines import DeadlineRule
from config.schema import Agency
from monitor.days import end_of, iso_moment
from monitor.model import Assessment, ColumnSeen, Interval, State

# One more look decides within days: recorded, nobody is told.
UNTOLD = ("awaiting_second_look", "not_looked_yet", "unverified", "seen_apart")


def assessment_json(
    assessment: Assessment, agency: Agency, rule: DeadlineRule | None, at: dt.datetime
) -> dict[str, Any]:
    """The assessment made at `at`, with the agency's name and the citation, so that it can be read by itself.

    `rule`: the law's. The citation is that of the day that decides the state, which may be the supervising office's.
    """
    evidence = assessment.evidence
    local = _local(assessment)
    citation = {"zh": rule.citation_zh, "en": rule.citation_en} if rule else None
    return {
        "agency": {
            "name": agency.name,
            "kind": agency.kind.value,
            "region": agency.region,
            "supervisor": agency.supervisor,
            "invented": agency.invented,
        },
        "state": assessment.state.value,
        "basis": assessment.basis,
        "reason": assessment.reason,
        "parameters": dict(assessment.parameters),
        "since": _moment(assessment.since),
        "due": assessment.due.isoformat() if assessment.due else None,
        "rule": assessment.rule_id,
        "citation": local["citation"] if local is not None and local["decides"] else citation,
        "local": local,
        "alerting": is_alerting(assessment, at),
        "publication": assessment.publication.value if assessment.publication else None,
        "first_seen_at": _moment(assessment.first_seen),
        "last_absent_at": _moment(assessment.last_absent),
        "published": _interval(assessment.interval),
        "notes": [{"key": note.key, "parameters": dict(note.parameters)} for note in assessment.notes],
        "stated": [date.as_json() for date in evidence.stated],
        "columns": [_column(column) for column in evidence.columns],
        "report_url": evidence.report_url,
        "evidence": {
            "looks": list(evidence.looks),
            "captures": list(evidence.captures),
            "entries": list(evidence.entries),
            "contents": list(evidence.contents),
        },
    }


def _local(assessment: Assessment) -> dict[str, Any] | None:
    """The verdict by the supervising office's own day; `decides`: the law names none, so the state is by this one."""
    local = assessment.local
    if local is None:
        return None
    return {
        "rule": local.rule_id,
        "due": local.due.isoformat(),
        "state": local.state.value,
        "reason": local.reason,
        "parameters": dict(local.parameters),
        "citation": {"zh": local.citation_zh, "en": local.citation_en},
        "decides": assessment.is_by_local_day,
    }


def is_alerting(assessment: Assessment, at: dt.datetime) -> bool:
    """Whether an unknown state is news: the due day is over, and it is not just waiting for the next look."""
    if assessment.state is not State.UNKNOWN or assessment.due is None or at < end_of(assessment.due):
        return False
    return assessment.reason not in UNTOLD


def finding_json(assessment: Mapping[str, Any], key: str, kind: str, details: Mapping[str, Any]) -> dict[str, Any]:
    """The details of a finding: the assessment it was made under, and what the check found."""
    return {**assessment, "finding": {"key": key, "kind": kind, **details}}


def portal_finding_json(key: str, kind: str, details: Mapping[str, Any]) -> dict[str, Any]:
    """The details of a finding about a portal; there is no agency and no assessment in it."""
    portal = {"slug": details["portal"], "name": details["portal_name"]}
    return {"portal": portal, "finding": {"key": key, "kind": kind, **details}}


def _column(column: ColumnSeen) -> dict[str, Any]:
    return {
        "portal": column.portal,
        "portal_name": column.portal_name,
        "column": column.column,
        "column_name": column.column_name,
        "url": column.url,
        "looked_at": _moment(column.looked_at),
        "outcome": column.outcome.value if column.outcome else None,
        "sight": column.sight.value if column.sight else None,
        "reason": column.reason,
        "proved_at": _moment(column.proved_at),
    }


def _interval(interval: Interval | None) -> dict[str, Any] | None:
    """{"not_before": …, "not_after": …}: each {"at", "looks", "captures"}; not_before may be None."""
    if interval is None:
        return None
    ends = {"not_before": interval.not_before, "not_after": interval.not_after}
    return {
        name: None if end is None else {"at": _moment(end.at), "looks": list(end.looks), "captures": list(end.captures)}
        for name, end in ends.items()
    }


def _moment(moment: dt.datetime | None) -> str | None:
    return None if moment is None else iso_moment(moment)
