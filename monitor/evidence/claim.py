"""What a pack is about: an agency, a report year, the judgement at a moment, the findings. May touch: the store, for reading."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from config.errors import GongkaiError
from config.schema import Agency
from crawler.store.reads import coverage
from crawler.store.reads import evidence as reads
from crawler.store.tables import Finding
from monitor.checks.assessment import assess_case
from monitor.checks.case import case_of
from monitor.context import Context
from monitor.days import iso_moment
from monitor.details import assessment_json
from monitor.judging import facts
from monitor.why.answer import Why, why


@dataclass(frozen=True, slots=True)
class Claim:
    """`details`: the judgement as monitor.details has it. `recorded`: it is the one that was recorded and told;

    else it was computed anew for the moment `at`. `findings`: as JSON values, oldest first. `why`: the steps that lead to
    the judgement; None where the facts of `at` no longer lead to what was recorded.
    """

    agency: Agency
    year: int
    at: dt.datetime
    recorded: bool
    details: Mapping[str, Any]
    findings: tuple[Mapping[str, Any], ...]
    why: Why | None = None

    @property
    def title(self) -> str:
        return f"{self.agency.id}-{self.year}"

    def as_json(self) -> dict[str, Any]:
        """The judgement and the findings, to be read without us."""
        return {
            "agency_id": self.agency.id,
            "year": self.year,
            "at": iso_moment(self.at),
            "recorded": self.recorded,
            "assessment": dict(self.details),
            "findings": [dict(finding) for finding in self.findings],
        }


def claim_of(
    session: Session, context: Context, agency: Agency, year: int, *, at: dt.datetime | None, finding: str = ""
) -> Claim:
    """The claim as recorded, or with `at` as it is judged for that moment; `finding`: the key of the only one to show.

    Raises GongkaiError where nothing is recorded, for a finding that is not of this report, and for the future.
    """
    moment = context.now if at is None else at
    if moment > context.now:
        raise GongkaiError("--at lies in the future: nothing was seen there, so there is no evidence of it")
    details, answer = _judged(session, context, agency, year, moment)
    if at is None:
        recorded = _recorded(session, agency, year)
        if (recorded["state"], recorded["reason"]) != (details["state"], details["reason"]):
            answer = None
        details = recorded
    rows = [row for row in coverage.findings(session, agency.id) if row.year == year]
    if finding:
        chosen = [row for row in rows if row.key == finding]
        if not chosen:
            keys = "、".join(sorted({row.key for row in rows})) or "none"
            raise GongkaiError(f"no finding {finding} about {agency.id} {year}; known: {keys}")
        chosen = chosen[:1]  # the newest with this key
    else:
        chosen = [row for row in reversed(rows) if _is_open(row, moment)]
    return Claim(agency, year, moment, at is None, details, tuple(_finding_json(row) for row in chosen), answer)


def _recorded(session: Session, agency: Agency, year: int) -> Mapping[str, Any]:
    row = reads.state(session, agency.id, year)
    if row is None:
        raise GongkaiError(
            f"nothing is recorded about {agency.id} {year}: run `gongkai evaluate`, or give the moment with --at"
        )
    return row.details


def _judged(
    session: Session, context: Context, agency: Agency, year: int, at: dt.datetime
) -> tuple[Mapping[str, Any], Why | None]:
    configuration = context.configuration
    known = facts.load(session, configuration, [agency], at)[0]
    case = case_of(known, year, configuration.deadlines, at, configuration.visits)
    assessment = assess_case(case)
    return assessment_json(assessment, agency, case.rule, at), why(case, assessment)


def _is_open(row: Finding, at: dt.datetime) -> bool:
    return row.opened_at <= at and (row.closed_at is None or row.closed_at > at)


def _finding_json(row: Finding) -> Mapping[str, Any]:
    closed = iso_moment(row.closed_at) if row.closed_at else None
    return {
        "key": row.key,
        "kind": row.kind,
        "opened_at": iso_moment(row.opened_at),
        "closed_at": closed,
        "details": row.details,
    }
