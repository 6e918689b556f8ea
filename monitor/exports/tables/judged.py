"""What changed, what is wrong, what became news: three tables of what was judged. Reads the store through the source."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from config.alerts import EventKind, Severity
from config.changes import ChangeKind
from crawler.store.reads import exports as reads
from monitor.exports.model import Kind, Reference, Row, json_text
from monitor.exports.source import Source
from monitor.exports.tables import describing
from monitor.exports.tables.coverage import portals
from monitor.model import State

QUIET = "quiet"
_change = partial(describing.field, "changes")
_finding = partial(describing.field, "findings")
_event = partial(describing.field, "events")


def _changes(source: Source) -> Iterator[Row]:
    """Of registered agencies; those that only touch the layout of a page, too."""
    for line in reads.changes(source.session):
        if line.agency_id not in source.registry.known:
            continue
        details = line.details
        why = details.get("why") or {}
        yield (
            line.id,
            line.key,
            line.agency_id,
            line.year,
            line.at,
            line.kind,
            line.severity,
            why.get("zh"),
            why.get("en"),
            line.url,
            (details.get("before") or {}).get("sha256"),
            (details.get("after") or {}).get("sha256"),
            len(details.get("cells") or ()),
            json_text(details),
            source.is_simulated(line.agency_id, line.portal),
        )


def _findings(source: Source) -> Iterator[Row]:
    """About watched years of registered agencies, and about portals."""
    for found in reads.findings(source.session):
        details = found.details or {}
        portal = _portal(details)
        if not _is_told(source, found.agency_id, found.year, portal):
            continue
        yield (
            found.id,
            found.key,
            found.kind,
            found.agency_id,
            found.year or None,
            portal,
            found.opened_at,
            found.closed_at,
            found.closed_at is None,
            json_text(details.get("finding") or {}),
            source.is_simulated(found.agency_id, portal, *portals(details)),
        )


def _events(source: Source) -> Iterator[Row]:
    """About watched years of registered agencies, and about portals."""
    for event in reads.events(source.session):
        details = event.details or {}
        portal = _portal(details)
        if not _is_told(source, event.agency_id, event.year, portal):
            continue
        yield (
            event.id,
            event.at,
            event.kind,
            event.agency_id,
            event.year or None,
            portal,
            event.finding_id,
            details.get("from") if not portal else None,
            details.get("to") if not portal else None,
            details.get("resolved"),
            details.get("because"),
            event.kind != QUIET,
            source.is_simulated(event.agency_id, portal, *portals(details)),
        )


def _is_told(source: Source, agency_id: str, year: int, portal: str | None) -> bool:
    return portal is not None if not agency_id else source.is_watched(agency_id, year)


def _portal(details: Mapping[str, Any]) -> str | None:
    """Of what is about a portal its slug."""
    return (details.get("portal") or {}).get("slug")


CHANGES = describing.table(
    "changes",
    (
        _change("change_id", Kind.INTEGER, required=True),
        _change("key", Kind.TEXT, required=True),
        _change("agency_id", Kind.TEXT, required=True),
        _change("year", Kind.INTEGER, required=True),
        _change("at", Kind.MOMENT, required=True),
        _change("kind", Kind.TEXT, required=True, words=ChangeKind, wording="change.kind"),
        _change("severity", Kind.TEXT, words=Severity, wording="severity"),
        _change("why_zh", Kind.TEXT),
        _change("why_en", Kind.TEXT),
        _change("url", Kind.TEXT, required=True),
        _change("before_sha256", Kind.TEXT),
        _change("after_sha256", Kind.TEXT),
        _change("cells", Kind.INTEGER, required=True),
        _change("details", Kind.JSON, required=True),
        _change("simulated", Kind.BOOLEAN, required=True),
    ),
    key=("change_id",),
    rows=_changes,
    count=lambda source: source.counts["change"],
    references=(describing.AGENCY,),
    indexes=("agency_id", "year", "at"),
    year="year",
)
FINDINGS = describing.table(
    "findings",
    (
        _finding("finding_id", Kind.INTEGER, required=True),
        _finding("key", Kind.TEXT, required=True),
        _finding("kind", Kind.TEXT, required=True, words=EventKind, wording="event"),
        _finding("agency_id", Kind.TEXT),
        _finding("year", Kind.INTEGER),
        _finding("portal", Kind.TEXT),
        _finding("opened_at", Kind.MOMENT, required=True),
        _finding("closed_at", Kind.MOMENT),
        _finding("open", Kind.BOOLEAN, required=True),
        _finding("details", Kind.JSON, required=True),
        _finding("simulated", Kind.BOOLEAN, required=True),
    ),
    key=("finding_id",),
    rows=_findings,
    count=lambda source: source.counts["finding"],
    references=(describing.AGENCY,),
    indexes=("agency_id", "year", "kind"),
    year="year",
)
EVENTS = describing.table(
    "events",
    (
        _event("event_id", Kind.INTEGER, required=True),
        _event("at", Kind.MOMENT, required=True),
        _event("kind", Kind.TEXT, required=True, words=(*EventKind, QUIET), wording="event"),
        _event("agency_id", Kind.TEXT),
        _event("year", Kind.INTEGER),
        _event("portal", Kind.TEXT),
        _event("finding_id", Kind.INTEGER),
        _event("state_before", Kind.TEXT, words=State, wording="state"),
        _event("state_after", Kind.TEXT, words=State, wording="state"),
        _event("resolved", Kind.TEXT, wording="resolved"),
        _event("because", Kind.TEXT),
        _event("told", Kind.BOOLEAN, required=True),
        _event("simulated", Kind.BOOLEAN, required=True),
    ),
    key=("event_id",),
    rows=_events,
    count=lambda source: source.counts["event"],
    references=(describing.AGENCY, Reference("finding_id", "findings", "finding_id")),
    indexes=("agency_id", "year", "at", "kind"),
    year="year",
)
