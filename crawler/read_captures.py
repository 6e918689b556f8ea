"""From the archive to facts: reads every captured content once per version of the extractor, offline.

May touch: the archive (reading), the store. Never a portal. Can be run again at any time: what the present
extractor has read stays as it is, and a reader that reads the same bytes differently without a new
version number is refused (rule 6: a parser fix is never an agency's change).
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from config.load import Configuration
from config.schema import Agency
from crawler import formats, reports
from crawler.agencies import match
from crawler.archive import Archive
from crawler.errors import ReadError, StoreError
from crawler.model import Document, IdentityResult, ParsedReport
from crawler.reports import dates, identify
from crawler.store.reads import reading as reads
from crawler.store.reads.reading import Content
from crawler.store.session import Sessions
from crawler.store.tables import FactRow, Reading
from crawler.store.writes import reading as writes

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
) -> ReadSummary:
    """Reads what the present extractor has not read; with `again` everything, to prove that nothing differs.

    Each content is its own transaction: a crash keeps what was read and repeats nothing.
    Raises StoreError when a second reading differs from the stored one of the same extractor version.
    """
    summary = ReadSummary()
    with sessions() as session:
        todo = reads.contents(session, reports.EXTRACTOR, again=again)
    for position, content in enumerate(todo, start=1):
        parsed, row = _read(archive, content, now)
        with sessions.begin() as session:
            stored = reads.reading_of(session, content.sha256, reports.EXTRACTOR)
            if stored is None:
                writes.add_reading(session, row, parsed.facts if parsed else ())
                stored = row
                summary.read += 1
            else:
                _refuse_difference(stored, row, reads.facts_of(session, stored.id), parsed)
                summary.known += 1
            if reads.filing_of(session, content.entry_id, stored.id) is None:
                decision, agency, year, evidence = _decide(content, parsed, row.error, configuration)
                writes.add_filing(
                    session,
                    entry_id=content.entry_id,
                    reading_id=stored.id,
                    capture_id=content.capture_id,
                    decision=decision,
                    agency_id=agency.id if agency else None,
                    year=year,
                    evidence=evidence,
                )
                _count(summary, content, decision, row.error, evidence)
        if progress is not None:
            progress(position, len(todo))
    return summary


def _read(archive: Archive, content: Content, now: dt.datetime) -> tuple[ParsedReport | None, Reading]:
    row = writes.reading_row(content.sha256, reports.EXTRACTOR, now)
    try:
        document = formats.read(archive.get(content.sha256), name=content.url, content_type=content.media_type)
        parsed = reports.parse(document)
    except ReadError as error:
        row.error = str(error)
        return None, row
    row.format = document.format
    row.is_report = parsed.is_report
    row.agency = parsed.agency
    row.year = parsed.year
    row.template = parsed.template
    row.signed_on = parsed.signed_on
    row.details = details_json(parsed)
    return parsed, row


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


def _refuse_difference(stored: Reading, row: Reading, facts: list[FactRow], parsed: ParsedReport | None) -> None:
    names = ("format", "is_report", "agency", "year", "template", "signed_on", "details", "error")
    differing = [name for name in names if getattr(stored, name) != getattr(row, name)]
    before = {fact.code: (fact.state, fact.value, fact.unit, fact.raw, fact.place) for fact in facts}
    now = {
        values["code"]: (values["state"], values["value"], values["unit"], values["raw"], values["place"])
        for values in map(writes.fact_values, parsed.facts if parsed else ())
    }
    differing += sorted(code for code in before.keys() | now.keys() if before.get(code) != now.get(code))
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
        "identities": [_identity(identity) for identity in parsed.identities],
        "issues": [issue.as_json() for issue in parsed.issues],
    }


def _identity(identity: IdentityResult) -> dict[str, Any]:
    return {
        "identity": identity.identity,
        "description": identity.description,
        "left_codes": list(identity.left_codes),
        "right_codes": list(identity.right_codes),
        "left": None if identity.left is None else format(identity.left, "f"),
        "right": None if identity.right is None else format(identity.right, "f"),
        "holds": identity.holds,
    }
