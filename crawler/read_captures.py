"""From the archive to facts: reads every captured content once per version of the extractor, offline.

May touch: the archive (reading), the store, the reading processes. Never a portal. Can be run again at any time:
what the present extractor has read stays as it is, and a reader that reads the same bytes differently without a new
version number is refused (rule 6: a parser fix is never an agency's change). A document that was stopped at a limit
of time or memory was not read: it waits for a person, and is tried again by the next runs, a bounded number of times.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from config.load import Configuration
from config.schema import Agency
from crawler import reports
from crawler.agencies import match
from crawler.archive import Archive
from crawler.errors import ArchiveError, StoreError
from crawler.model import Document, Fact, ParsedReport
from crawler.reports import dates, identify
from crawler.store.reads import reading as reads
from crawler.store.reads.reading import Content
from crawler.store.session import Sessions
from crawler.store.tables import FactRow, Reading
from crawler.store.writes import reading as writes
from crawler.workers import Job, Outcome, Readers

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class ReadSummary:
    """What one run did. `review` and `failed` hold addresses with the reason."""

    read: int = 0  # contents that had not been read by this extractor
    known: int = 0  # contents whose reading stands unchanged
    filed: int = 0
    not_reports: int = 0
    review: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)


def read_pending(
    sessions: Sessions,
    archive: Archive,
    configuration: Configuration,
    *,
    now: dt.datetime,
    again: bool = False,
    progress: Progress | None = None,
    readers: Readers | None = None,
) -> ReadSummary:
    """Reads what the present extractor has not read; with `again` everything, to prove that nothing differs.

    Each content is its own transaction: a crash keeps what was read and repeats nothing. `readers`: the pool, by
    default one process with the default limits. Raises StoreError when a second reading differs from the stored
    one of the same extractor version, ArchiveError when bytes are missing or damaged.
    """
    if readers is None:
        with Readers() as own:
            return read_pending(sessions, archive, configuration, now=now, again=again, progress=progress, readers=own)
    summary = ReadSummary()
    with sessions() as session:
        todo = reads.contents(session, reports.EXTRACTOR, again=again)
    with closing(readers.read_all(_job(content, archive) for content in todo)) as outcomes:
        for position, (content, outcome) in enumerate(zip(todo, outcomes, strict=True), start=1):
            _verify(content, outcome, archive)
            with sessions.begin() as session:
                _keep(session, content, outcome, now, configuration, summary)
            if progress is not None:
                progress(position, len(todo))
    return summary


def _job(content: Content, archive: Archive) -> Job:
    """Without the list's title: what is read of bytes depends on them alone."""
    return Job(content.sha256, archive.path(content.sha256), name=content.url, content_type=content.media_type)


def _verify(content: Content, outcome: Outcome, archive: Archive) -> None:
    if outcome.sha256 != content.sha256:
        archive.get(content.sha256)  # says what is wrong with the file
        if outcome.sha256:
            raise ArchiveError(f"{archive.path(content.sha256)}: changed while it was read")


def _keep(
    session: Session,
    content: Content,
    outcome: Outcome,
    now: dt.datetime,
    configuration: Configuration,
    summary: ReadSummary,
) -> None:
    row = _row(content, outcome, now)
    facts = outcome.report.facts if outcome.report else ()
    stored = reads.reading_of(session, content.sha256, reports.EXTRACTOR)
    if stored is None:
        writes.add_reading(session, row, facts)
        stored = row
        summary.read += 1
    elif reads.attempts(stored):
        _count_attempt(stored, row)
        writes.replace_attempt(session, stored, row, facts)
        summary.read += 1
    elif reads.attempts(row):  # it was read before, and that stands
        summary.failed[content.url] = row.error
        return
    else:
        _refuse_difference(stored, row, reads.facts_of(session, stored.id), facts)
        summary.known += 1
    _file(session, content, outcome, stored, configuration, summary)


def _row(content: Content, outcome: Outcome, now: dt.datetime) -> Reading:
    row = writes.reading_row(content.sha256, reports.EXTRACTOR, now)
    row.error = outcome.error
    if outcome.failure is not None and not outcome.failure.is_of_the_bytes:
        row.details = {"stopped": outcome.failure.value, "attempts": 1}
    if outcome.report is not None:
        row.format = outcome.document_format
        row.is_report = outcome.report.is_report
        row.agency = outcome.report.agency
        row.year = outcome.report.year
        row.template = outcome.report.template
        row.signed_on = outcome.report.signed_on
        row.details = details_json(outcome.report)
    return row


def _count_attempt(stored: Reading, row: Reading) -> None:
    """One more, if it was stopped again; the same bytes at two addresses are one attempt of a run."""
    if reads.attempts(row):
        more = 1 if row.read_at > stored.read_at else 0
        row.details = row.details | {"attempts": reads.attempts(stored) + more}


def _file(
    session: Session,
    content: Content,
    outcome: Outcome,
    stored: Reading,
    configuration: Configuration,
    summary: ReadSummary,
) -> None:
    """Decides what the content is, once; anew where that rested on an attempt that was stopped."""
    filing = reads.filing_of(session, content.entry_id, stored.id)
    if filing is not None and "stopped" not in filing.evidence:
        return
    decision, agency, year, evidence = _decide(content, outcome.report, stored.error, configuration)
    if reads.attempts(stored):
        evidence["stopped"] = stored.details["stopped"]
    agency_id = agency.id if agency else None
    if filing is not None:
        writes.refile(filing, decision=decision, agency_id=agency_id, year=year, evidence=evidence)
    else:
        writes.add_filing(
            session,
            entry_id=content.entry_id,
            reading_id=stored.id,
            capture_id=content.capture_id,
            decision=decision,
            agency_id=agency_id,
            year=year,
            evidence=evidence,
        )
    _count(summary, content, decision, stored.error, evidence)


def _decide(
    content: Content, parsed: ParsedReport | None, error: str, configuration: Configuration
) -> tuple[str, Agency | None, int | None, dict[str, Any]]:
    """filed, review or not_a_report; with agency, year and the evidence that is stored beside them."""
    evidence: dict[str, Any] = {"list_title": content.title}
    address_date = dates.from_address(content.url)
    if address_date is not None:
        evidence["address_date"] = address_date.value.isoformat()
    if parsed is None:
        return "review", None, None, evidence | {"why": f"无法读取：{error}"}
    if not parsed.is_report:
        return "not_a_report", None, None, evidence | {"why": "正文和标题都不像年度报告"}
    listed = identify.identify(Document("list", ()), hint_title=content.title)
    found = match(parsed.agency or listed.agency, _column_agencies(content, configuration))
    year = parsed.year if parsed.year is not None else listed.year
    from_list = f"列表标题「{content.title}」"
    evidence["agency"] = found.why if parsed.agency or not listed.agency else f"{found.why}（{from_list}）"
    evidence["year"] = from_list if parsed.year is None else parsed.evidence.get("year", "")
    if found.agency is None or year is None:
        why = found.why if found.agency is None else "报告年度无法确定"
        return "review", None, year, evidence | {"why": why, "candidates": list(found.candidates)}
    return "filed", found.agency, year, evidence


def _column_agencies(content: Content, configuration: Configuration) -> list[Agency]:
    portal = configuration.portals.get(content.portal)
    columns = portal.columns if portal else ()
    ids = [id_ for column in columns if column.key == content.column for id_ in column.agencies]
    return [configuration.agencies[id_] for id_ in ids]


def _count(summary: ReadSummary, content: Content, decision: str, error: str, evidence: dict[str, Any]) -> None:
    if error:
        summary.failed[content.url] = error
    elif decision == "review":
        summary.review[content.url] = evidence["why"]
    elif decision == "filed":
        summary.filed += 1
    else:
        summary.not_reports += 1


def _refuse_difference(stored: Reading, row: Reading, before: list[FactRow], facts: Sequence[Fact]) -> None:
    differing = [name for name in writes.COMPARED if getattr(stored, name) != getattr(row, name)]
    now = {fact.code: writes.fact_values(fact) for fact in facts}
    then = {fact.code: {name: getattr(fact, name) for name in now.get(fact.code, {})} for fact in before}
    differing += sorted(code for code in then.keys() | now.keys() if then.get(code) != now.get(code))
    if differing:
        raise StoreError(
            f"{stored.sha256}: the extractor {reports.EXTRACTOR} now reads it differently ({', '.join(differing[:5])}): "
            "raise crawler.reports.EXTRACTOR, so that both readings stay apart"
        )


def details_json(parsed: ParsedReport) -> dict[str, Any]:
    """What a reading says beside its facts, as the store keeps it and the page shows it."""
    return {
        "title": parsed.title,
        "period": [day.isoformat() for day in parsed.period] if parsed.period else None,
        "evidence": dict(parsed.evidence),
        "dates": [date.as_json() for date in parsed.dates],
        "statements": [statement.as_json() for statement in parsed.statements],
        "identities": [identity.as_json() for identity in parsed.identities],
        "proposals": [proposal.as_json() for proposal in parsed.proposals],
        "fingerprint": parsed.fingerprint.as_json() if parsed.fingerprint else None,
        "issues": [issue.as_json() for issue in parsed.issues],
    }
