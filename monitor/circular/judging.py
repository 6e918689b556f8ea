"""Judges the agencies of a circular at its moment, with the archive's numbers of what each judgement rests on.

May touch: the store, for reading. Nothing is taken from the recorded states: what was last recorded may be days old, and
an office that has published since must not be named. Findings that are recorded as open and that judging anew does not
confirm are handed on as such.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from config.load import Configuration
from config.schema import Agency
from crawler.store.reads import circular as reads
from crawler.store.reads.judging import listing_captures
from monitor.checks import CHECKS
from monitor.checks.assessment import assess_case
from monitor.checks.case import Judged, case_of, judged_years
from monitor.checks.changes import history
from monitor.circular.model import Found, Judgement, Proof, Seals
from monitor.desk import replies as desk
from monitor.desk.replies import Reply
from monitor.details import assessment_json
from monitor.judging import facts
from monitor.model import AgencyFacts, Assessment, State

AGENCIES_AT_ONCE = 50  # bounds the memory: the facts of so many agencies are held together
LOOKS = 4  # of those that prove an absence the newest, whose list pages are named
MOST_PROOFS = 12  # of one finding; its page on the status site names the rest
# Told by the state itself and by the verdict on the local day, not as findings of their own.
OF_THE_STATE = ("missing", "late", "withdrawn", "local_late")

Progress = Callable[[int, int], None]
Replies = Mapping[tuple[str, int], tuple[Reply, ...]]


@dataclass(frozen=True, slots=True)
class Draft:
    """A judgement before its proofs are looked up: numbers of captures only."""

    agency: Agency
    assessment: Assessment | None
    findings: tuple[Found, ...]
    absent: tuple[int, ...] = ()
    present: tuple[int, ...] = ()


def judge(
    session: Session,
    configuration: Configuration,
    agencies: Sequence[Agency],
    year: int,
    at: dt.datetime,
    progress: Progress,
) -> tuple[Judgement, ...]:
    """What is to be said of each agency at the moment `at`, in their order."""
    imports = facts.load_imports(session, configuration, at)
    replies = desk.by_year(reply for reply in desk.load(session, until=at) if reply.superseded_by is None)
    found: list[Judgement] = []
    for start in range(0, len(agencies), AGENCIES_AT_ONCE):
        chunk = agencies[start : start + AGENCIES_AT_ONCE]
        drafts = _drafts(session, configuration, chunk, year, at, imports)
        found += _judgements(session, configuration, drafts, year, at, replies)
        progress(min(start + len(chunk), len(agencies)), len(agencies))
    return tuple(found)


def head_of_the_chain(session: Session, at: dt.datetime) -> Seals | None:
    """The newest link of the archive's chain of hashes at the moment."""
    seal = reads.newest_seal(session, at)
    return None if seal is None else Seals(seal.id, seal.hash, seal.sealed_at)


def _drafts(
    session: Session,
    configuration: Configuration,
    agencies: Sequence[Agency],
    year: int,
    at: dt.datetime,
    imports: facts.ImportDays,
) -> list[Draft]:
    recorded: dict[str, list[Found]] = {}
    for row in reads.findings_at(session, [agency.id for agency in agencies], year, at):
        found = Found(row.key, row.kind, row.details.get("finding", {}), row.opened_at, confirmed=False)
        recorded.setdefault(row.agency_id, []).append(found)
    return [
        _draft(configuration, known, year, at, recorded.get(known.agency.id, []))
        for known in facts.load(session, configuration, agencies, at, imports)
    ]


def _draft(
    configuration: Configuration, known: AgencyFacts, year: int, at: dt.datetime, recorded: Sequence[Found]
) -> Draft:
    if year not in judged_years(known.agency, at):
        return Draft(known.agency, None, ())
    case = case_of(known, year, configuration.deadlines, at, configuration.visits)
    assessment = assess_case(case)
    judged = Judged(case, assessment, history(case, assessment, configuration.changes))
    verdicts = [check.run(judged) for check in CHECKS]
    over = frozenset[str]().union(*(verdict.over for verdict in verdicts))
    opened = {found.key: found.opened_at for found in recorded}
    standing = {
        finding.key: Found(finding.key, finding.kind, finding.details, opened.get(finding.key))
        for verdict in verdicts
        for finding in verdict.standing
    }
    open_still = {found.key: found for found in recorded if found.key not in over}
    findings = [found for found in (open_still | standing).values() if found.kind not in OF_THE_STATE]
    before = assessment.interval.not_before if assessment.interval else None
    return Draft(
        known.agency,
        assessment,
        tuple(sorted(findings, key=lambda found: found.key)),
        absent=before.captures if before else (),
        present=assessment.evidence.captures,
    )


def _judgements(
    session: Session,
    configuration: Configuration,
    drafts: Sequence[Draft],
    year: int,
    at: dt.datetime,
    replies: Replies,
) -> Iterator[Judgement]:
    listed = _list_pages(session, drafts)
    wanted = {number for draft in drafts for number in (*draft.absent, *draft.present)}
    wanted |= {number for numbers in listed.values() for number in numbers}
    wanted |= {number for draft in drafts for found in draft.findings for number in capture_numbers(found.details)}
    rows = reads.captures(session, wanted)
    deadlines = configuration.deadlines

    def proofs(numbers: Sequence[int]) -> tuple[Proof, ...]:
        known = [rows[number] for number in dict.fromkeys(numbers) if number in rows]
        return tuple(Proof(row.id, row.sha256, row.url, row.fetched_at) for row in known)

    for draft in drafts:
        agency, assessment = draft.agency, draft.assessment
        rule = deadlines.rule_for(agency, year)
        said = replies.get((agency.id, year), ())
        yield Judgement(
            agency=agency,
            rule=rule,
            local_rule=deadlines.local_rule_for(agency, year),
            assessment=assessment,
            details=assessment_json(assessment, agency, rule, at) if assessment else {},
            findings=tuple(
                Found(
                    key=found.key,
                    kind=found.kind,
                    details=found.details,
                    opened_at=found.opened_at,
                    confirmed=found.confirmed,
                    proofs=proofs(capture_numbers(found.details)),
                    replies=tuple(reply for reply in said if reply.finding_key == found.key),
                )
                for found in draft.findings
            ),
            absence_proofs=proofs((*listed.get(agency.id, ()), *draft.absent)),
            report_proofs=proofs(draft.present),
            replies=tuple(reply for reply in said if _is_about_the_state(reply)),
        )


def _is_missing(assessment: Assessment) -> bool:
    local = assessment.local
    return assessment.state is State.MISSING or (local is not None and local.state is State.MISSING)


def _is_about_the_state(reply: Reply) -> bool:
    return not reply.finding_key or reply.finding_key.partition(":")[0] in OF_THE_STATE


def _list_pages(session: Session, drafts: Sequence[Draft]) -> dict[str, list[int]]:
    """Of the agencies whose report is missing: the list pages that the newest looks read, newest last."""
    looks = {
        draft.agency.id: draft.assessment.evidence.looks[-LOOKS:]
        for draft in drafts
        if draft.assessment is not None and _is_missing(draft.assessment)
    }
    pages = listing_captures(session, {look for found in looks.values() for look in found})
    return {id_: [number for look in found for number in pages.get(look, ())] for id_, found in looks.items()}


def capture_numbers(details: Mapping[str, Any]) -> list[int]:
    """Every archive number that a finding's details name, in their order, at most MOST_PROOFS.

    Checks write them as `capture`: 7 or `captures`: [7, 8], at any depth; so those of a new check are found as well.
    """
    return list(dict.fromkeys(_numbers(details)))[:MOST_PROOFS]


def _numbers(node: object) -> Iterator[int]:
    if isinstance(node, Mapping):
        for name, value in node.items():
            if name == "capture" and isinstance(value, int):
                yield value
            elif name == "captures" and isinstance(value, list | tuple):
                yield from (number for number in value if isinstance(number, int))
            else:
                yield from _numbers(value)
    elif isinstance(node, list | tuple):
        for value in node:
            yield from _numbers(value)
