"""Readings as JSON: everything that was read, and where it stood. Touches nothing.

Numbers are strings: JSON's own are not exact. A file that cannot be read has an `error` and nothing else. A place
has a `box` (page, left, top, right, bottom; points) where the format has pages.
"""

from __future__ import annotations

import json
import textwrap
from typing import Any

from crawler import reports
from crawler.model import Fact, IdentityResult, ParsedReport
from crawler.workers import Outcome
from monitor.reading.plain import plain

NAME = "json"
JOINT = ",\n"
TAIL = "\n]\n"
ENCODING = "utf-8"


def head() -> str:
    return "[\n"


def chunk(file: str, outcome: Outcome) -> str:
    return textwrap.indent(json.dumps(as_json(file, outcome), ensure_ascii=False, indent=2), "  ")


def as_json(file: str, outcome: Outcome) -> dict[str, Any]:
    read = {"file": file, "sha256": outcome.sha256, "extractor": reports.EXTRACTOR}
    if outcome.report is None:
        failure = outcome.failure.value if outcome.failure else ""
        return read | {"error": {"kind": failure, "message": outcome.error}}
    return read | {"format": outcome.document_format} | _report_json(outcome.report) | {
        "attachments": [{"url": link.url, "text": link.text} for link in outcome.attachments]
    }  # fmt: skip


def broken(report: ParsedReport) -> list[IdentityResult]:
    """The identities of the form that the report's own numbers contradict."""
    return [identity for identity in report.identities if identity.holds is False]


def _report_json(report: ParsedReport) -> dict[str, Any]:
    values = {fact.code: plain(fact.value) for fact in report.facts}
    return {
        "is_report": report.is_report,
        "agency": report.agency,
        "year": report.year,
        "template": report.template,
        "title": report.title,
        "period": [day.isoformat() for day in report.period] if report.period else None,
        "signed_on": report.signed_on.isoformat() if report.signed_on else None,
        "facts": [_fact_json(fact) for fact in report.facts],
        "proposals": [proposal.as_json() for proposal in report.proposals],
        "findings": [_finding_json(identity, values) for identity in broken(report)],
        "identities": [identity.as_json() for identity in report.identities],
        "statements": [statement.as_json() for statement in report.statements],
        "notices": [notice.as_json() for notice in report.notices],
        "dates": [date.as_json() for date in report.dates],
        "issues": [issue.as_json() for issue in report.issues],
        "evidence": dict(report.evidence),
    }


def _fact_json(fact: Fact) -> dict[str, Any]:
    return {
        "code": fact.code,
        "state": fact.state.value,
        "value": plain(fact.value) or None,
        "unit": fact.unit,
        "raw": fact.raw,
        "certain": fact.certain,
        "place": fact.place.as_json() if fact.place else None,
    }


def _finding_json(identity: IdentityResult, values: dict[str, str]) -> dict[str, Any]:
    return {
        "identity": identity.identity,
        "description": identity.description,
        "certain": identity.certain,
        "left": {"sum": plain(identity.left), "cells": {code: values[code] for code in identity.left_codes}},
        "right": {"sum": plain(identity.right), "cells": {code: values[code] for code in identity.right_codes}},
    }
