"""How every agency stands with every report year, and why in words. Reads the recorded states through the source."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from crawler.model import DateSource
from crawler.store.reads import exports as reads
from crawler.store.tables import AgencyState
from monitor.days import days_past, late_span
from monitor.exports.model import Kind, Row
from monitor.exports.source import Source
from monitor.exports.tables import describing
from monitor.model import State
from monitor.wording import Language, explain

NAME = "coverage"
# In these the words or the days change with the day alone.
FOLLOW_THE_DAY = (State.MISSING, State.DUE_SOON, State.UNKNOWN, State.NOT_DUE)
_field = partial(describing.field, NAME)


def rows(source: Source) -> Iterator[Row]:
    """Of registered agencies, and of years that are watched."""
    for recorded in reads.states(source.session):
        if source.is_watched(recorded.agency_id, recorded.year):
            yield _row(source, recorded)


def _row(source: Source, recorded: AgencyState) -> Row:
    details = recorded.details or {}
    state = State(recorded.state)
    local = details.get("local") or {}
    first, last = days(state, recorded.due, details, source.now) or (None, None)
    after, by = interval(details.get("published"))
    citation = details.get("citation") or {}
    return (
        recorded.agency_id,
        recorded.year,
        state.value,
        details.get("publication"),
        recorded.since,
        recorded.due,
        details.get("rule"),
        citation.get("zh"),
        citation.get("en"),
        _day(local.get("due")),
        local.get("state"),
        first,
        last,
        details.get("basis"),
        stated_on(details.get("stated") or ()),
        moment(details.get("first_seen_at")),
        moment(details.get("last_absent_at")),
        after,
        by,
        details.get("reason"),
        _reason(details, "zh"),
        _reason(details, "en"),
        _notes(details, "zh"),
        _notes(details, "en"),
        details.get("report_url"),
        source.is_simulated(recorded.agency_id, *portals(details)),
    )


def days(state: State, due: dt.date | None, details: Mapping[str, Any], now: dt.datetime) -> tuple[int, int] | None:
    """Least and most: overdue (MISSING), late (LATE), left (DUE_SOON); None in every other state, as on the page."""
    if due is None:
        return None
    if state is State.MISSING:
        return (days_past(due, now),) * 2
    if state is State.DUE_SOON:
        return (-days_past(due, now),) * 2
    seen = moment(details.get("first_seen_at"))
    if state is State.LATE and seen is not None:
        return late_span(due, moment(details.get("last_absent_at")), seen)
    return None


def interval(published: Mapping[str, Any] | None) -> tuple[dt.datetime | None, dt.datetime | None]:
    """Between which looks it was published: the last one without it, the first one with it."""
    if not published:
        return None, None
    before = published["not_before"]
    return (moment(before["at"]) if before else None), moment(published["not_after"]["at"])


def stated_on(dates: Iterable[Mapping[str, Any]]) -> dt.date | None:
    """The earliest day of publication by the agency's own dates."""
    claimed = [date["value"] for date in dates if DateSource(date["source"]).claims_publication]
    return dt.date.fromisoformat(min(claimed)) if claimed else None


def portals(details: Mapping[str, Any]) -> tuple[str, ...]:
    """The portals whose columns a judgement rests on."""
    return tuple(column["portal"] for column in details.get("columns") or ())


def moment(value: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(value) if value else None


def _day(value: str | None) -> dt.date | None:
    return dt.date.fromisoformat(value) if value else None


def _reason(details: Mapping[str, Any], language: Language) -> str | None:
    key = details.get("reason")
    return explain(f"reason.{key}", details.get("parameters") or {}, language) if key else None


def _notes(details: Mapping[str, Any], language: Language) -> str | None:
    notes = details.get("notes") or ()
    return "\n".join(explain(f"note.{note['key']}", note.get("parameters") or {}, language) for note in notes) or None


TABLE = describing.table(
    NAME,
    (
        _field("agency_id", Kind.TEXT, required=True),
        _field("year", Kind.INTEGER, required=True),
        _field("state", Kind.TEXT, required=True, words=State, wording="state"),
        _field("publication", Kind.TEXT, words=State, wording="state"),
        _field("since", Kind.MOMENT, required=True),
        _field("due", Kind.DAY),
        _field("rule", Kind.TEXT),
        _field("citation_zh", Kind.TEXT),
        _field("citation_en", Kind.TEXT),
        _field("local_due", Kind.DAY),
        _field("local_state", Kind.TEXT, words=State, wording="state"),
        _field("days_least", Kind.INTEGER),
        _field("days_most", Kind.INTEGER),
        _field("basis", Kind.TEXT, words=("seen", "claimed"), wording="basis"),
        _field("stated_on", Kind.DAY),
        _field("first_seen_at", Kind.MOMENT),
        _field("last_absent_at", Kind.MOMENT),
        _field("published_after", Kind.MOMENT),
        _field("published_by", Kind.MOMENT),
        _field("reason", Kind.TEXT),
        _field("reason_zh", Kind.TEXT),
        _field("reason_en", Kind.TEXT),
        _field("notes_zh", Kind.TEXT),
        _field("notes_en", Kind.TEXT),
        _field("report_url", Kind.TEXT),
        _field("simulated", Kind.BOOLEAN, required=True),
    ),
    key=("agency_id", "year"),
    rows=rows,
    count=lambda source: source.counts["agency_state"],
    references=(describing.AGENCY,),
    indexes=("year", "state"),
    year="year",
)
