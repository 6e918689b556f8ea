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
from crawler import filing, reports
from crawler.archive import Archive
from crawler.errors import ArchiveError, StoreError
from crawler.identification import Identifier
from crawler.model import Fact, ParsedReport
from crawler.reports.fingerprint import cells_digest
from crawler.store.reads import reading as reads
from crawler.store.reads import review
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
    identifier = Identifier(configuration)
    with sessions() as session:
        todo = reads.contents(session, reports.EXTRACTOR, again=again)
    with closing(readers.read_all(_job(content, archive) for content in todo)) as outcomes:
        for position, (content, outcome) in enumerate(zip(todo, outcomes, strict=True), start=1):
            _verify(content, outcome, archive)
            with sessions.begin() as session:
                _keep(session, content, outcome, now, identifier, summary)
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
    identifier: Identifier,
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
    _file(session, content, stored, identifier, summary)


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


def _file(session: Session, content: Content, stored: Reading, identifier: Identifier, summary: ReadSummary) -> None:
    """Decides what the content is, once; anew where it waits for a person: the registry may know more by now."""
    known = reads.filing_of(session, content.entry_id, stored.id)
    if known is not None and known.decision != "review":
        return
    ruled = review.newest_ruling(session, content.entry_id)
    found = filing.decide(content, stored, identifier, ruled)
    before = None if known is None else (known.decision, "stopped" in known.evidence)
    if known is None:
        writes.add_filing(
            session, entry_id=content.entry_id, reading_id=stored.id, capture_id=content.capture_id, **found.row()
        )
    else:
        writes.refile(known, **found.row())
    if before != (found.decision, "stopped" in found.evidence) or reads.attempts(stored):
        _count(summary, content, found, stored.error)


def _count(summary: ReadSummary, content: Content, found: filing.Filed, error: str) -> None:
    if error:
        summary.failed[content.url] = error
    elif found.decision == "review":
        summary.review[content.url] = found.evidence["why"]
    elif found.decision == "filed":
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
        "notices": [notice.as_json() for notice in parsed.notices],
        "fingerprint": parsed.fingerprint.as_json() if parsed.fingerprint else None,
        "issues": [issue.as_json() for issue in parsed.issues],
        "cells": cells_digest(parsed.facts),
    }
