"""A recorded state with the days that follow from it at a given moment. May touch nothing, reads no clock.

The days are never stored: they follow from the due day, from what was seen, and from `now`.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crawler.store.reads.coverage import StateLine
from crawler.store.tables import AgencyState
from monitor.days import days_past, late_span
from monitor.model import Bound, Sight, State
from monitor.wording import Language, explain, say, show_days


@dataclass(frozen=True, slots=True)
class ColumnSight:
    """`reason`: why a look could not see, in the words of the crawl."""

    portal_name: str
    column_name: str
    looked_at: dt.datetime
    sight: Sight
    reason: str


@dataclass(frozen=True, slots=True)
class LocalDay:
    """The supervising office's own day and how the report stands against it. `decides`: the law names no day."""

    rule_id: str
    due: dt.date
    state: State
    decides: bool
    citation: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The state of an agency and report year at `now`.

    `days`: by how many days it is overdue (MISSING) or was late (LATE), or how many are left (DUE_SOON); a
    pair where only a span is proven; None where no days are to be told.
    """

    agency_id: str
    year: int
    state: State
    since: dt.datetime
    due: dt.date | None
    days: tuple[int, int] | None
    details: Mapping[str, Any]

    @property
    def basis(self) -> str:
        """seen, claimed or empty."""
        return str(self.details.get("basis", ""))

    @property
    def rule_id(self) -> str:
        return str(self.details.get("rule", ""))

    @property
    def first_seen(self) -> dt.datetime | None:
        return _moment(self.details.get("first_seen_at"))

    @property
    def last_absent(self) -> dt.datetime | None:
        """Until when it is proven that nothing was there."""
        return _moment(self.details.get("last_absent_at"))

    @property
    def interval(self) -> tuple[Bound | None, Bound] | None:
        """Between which looks it was published: the last one without it, the first one with it."""
        stored = self.details.get("published")
        if not stored:
            return None
        before = stored["not_before"]
        return (None if before is None else _bound(before)), _bound(stored["not_after"])

    @property
    def columns(self) -> tuple[ColumnSight, ...]:
        """What the newest look at each of the agency's columns saw, for this year."""
        return tuple(
            ColumnSight(
                column["portal_name"], column["column_name"], looked_at, Sight(column["sight"]), column["reason"]
            )
            for column in self.details.get("columns", ())
            if column.get("sight") and (looked_at := _moment(column["looked_at"])) is not None
        )

    @property
    def local(self) -> LocalDay | None:
        """None: no supervising office set a day of its own, or its day was the law's when it was judged."""
        stored = self.details.get("local")
        if not stored:
            return None
        return LocalDay(
            rule_id=stored["rule"],
            due=dt.date.fromisoformat(stored["due"]),
            state=State(stored["state"]),
            decides=stored["decides"],
            citation=stored["citation"],
        )

    def citation(self, language: Language) -> str:
        """The article that sets the due day, as it stood when it was judged; empty where no rule applies."""
        return str((self.details.get("citation") or {}).get(language, ""))

    def reason(self, language: Language) -> str:
        """Why it is so, in one sentence; empty where the record gives no reason."""
        key = self.details.get("reason", "")
        return explain(f"reason.{key}", self.details.get("parameters", {}), language) if key else ""

    def notes(self, language: Language) -> tuple[str, ...]:
        """What is to be said beside the state."""
        return tuple(
            explain(f"note.{note['key']}", note.get("parameters", {}), language)
            for note in self.details.get("notes", ())
        )

    def days_text(self, language: Language) -> str:
        """12天, 3至8天, or empty."""
        if self.days is None:
            return ""
        first, last = self.days
        return show_days(last, language) if first == last else say("days.span", language, first=first, last=last)


def verdict(row: AgencyState | StateLine, now: dt.datetime) -> Verdict:
    """The verdict that a recorded state is at `now`."""
    state = State(row.state)
    details = row.details or {}
    return Verdict(
        agency_id=row.agency_id,
        year=row.year,
        state=state,
        since=row.since,
        due=row.due,
        days=_days(state, row.due, details, now),
        details=details,
    )


def _days(state: State, due: dt.date | None, details: Mapping[str, Any], now: dt.datetime) -> tuple[int, int] | None:
    if due is None:
        return None
    if state is State.MISSING:
        return (days_past(due, now),) * 2
    if state is State.DUE_SOON:
        return (-days_past(due, now),) * 2
    if state is State.LATE:
        seen, absent = _moment(details.get("first_seen_at")), _moment(details.get("last_absent_at"))
        return None if seen is None else late_span(due, absent, seen)
    return None


def _bound(stored: Mapping[str, Any]) -> Bound:
    moment = dt.datetime.fromisoformat(stored["at"])
    return Bound(moment, tuple(stored["looks"]), tuple(stored["captures"]))


def _moment(value: object) -> dt.datetime | None:
    return dt.datetime.fromisoformat(value) if isinstance(value, str) and value else None
