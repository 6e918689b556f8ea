"""What an office said about a finding, or corrected: checked on its way in, read back with what replaced it.

May touch: the table act. An act is never altered: a newer reply about the same thing supersedes the older one, which stays
to be seen.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from config.errors import GongkaiError
from crawler.store.reads import acts
from crawler.store.tables import Act
from crawler.store.writes import acts as writes
from monitor.alerts.lines import WEB_ADDRESS, plain
from monitor.days import day_of

LONGEST_TEXT = 2000  # characters; a longer answer is a document, and its address or number is the source
MOST_LINES = 40
LONGEST_SOURCE = 500
LONGEST_NAME = 60


class ReplyKind(StrEnum):
    """Whether the office explained itself or says that it corrected something."""

    REPLY = "reply"
    CORRECTION = "correction"


@dataclass(frozen=True, slots=True)
class NewReply:
    """A reply that may be recorded. `text`: lines without control characters. `finding_key` "": about the whole year."""

    agency_id: str
    year: int
    finding_key: str
    kind: ReplyKind
    text: str
    source: str
    received_on: dt.date
    by: str

    def columns(self) -> dict[str, Any]:
        """The columns of its act, but for the kind and the moment."""
        return {
            "by": self.by,
            "agency_id": self.agency_id,
            "year": self.year,
            "finding_key": self.finding_key or None,
            "note": self.text,
            "source": self.source,
            "details": {"kind": self.kind.value, "received_on": self.received_on.isoformat()},
        }


@dataclass(frozen=True, slots=True)
class Reply:
    """A recorded reply. `by` is who recorded it, and is shown to operators only. `superseded_by`: a newer one's id."""

    id: int
    agency_id: str
    year: int
    finding_key: str
    kind: ReplyKind
    text: str
    source: str
    received_on: dt.date
    recorded_at: dt.datetime
    by: str
    superseded_by: int | None

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(self.text.split("\n"))

    @property
    def link(self) -> str:
        """The source, if a browser may be sent there; else empty."""
        return self.source if WEB_ADDRESS.fullmatch(self.source) else ""

    def as_json(self) -> dict[str, Any]:
        """What everybody may see of it, as JSON values."""
        return {
            "id": self.id,
            "finding": self.finding_key or None,
            "kind": self.kind.value,
            "text": self.text,
            "source": self.source,
            "received_on": self.received_on.isoformat(),
            "superseded_by": self.superseded_by,
        }


def checked(
    *,
    agency_id: str,
    year: int,
    finding_key: str,
    kind: ReplyKind,
    text: str,
    source: str,
    received_on: dt.date,
    by: str,
    known_findings: Collection[str],
    now: dt.datetime,
) -> NewReply:
    """A reply as it would be recorded at `now`. Raises GongkaiError, saying what to mend; nothing is cut off silently."""
    if finding_key and finding_key not in known_findings:
        known = ", ".join(sorted(known_findings)) or "none"
        raise GongkaiError(f"--finding {plain(finding_key)}: no such finding of {agency_id} {year}; recorded: {known}")
    if received_on > day_of(now):
        raise GongkaiError(f"--received {received_on}: lies in the future")
    return NewReply(
        agency_id=agency_id,
        year=year,
        finding_key=finding_key,
        kind=kind,
        text=_text(text),
        source=_line("--source", source, LONGEST_SOURCE),
        received_on=received_on,
        by=_line("--by", by, LONGEST_NAME),
    )


def record(session: Session, new: NewReply, at: dt.datetime) -> int:
    """Keeps a reply that was checked; returns its number."""
    return writes.add(session, "reply", at=at, **new.columns())


def load(session: Session, agency_id: str | None = None, until: dt.datetime | None = None) -> tuple[Reply, ...]:
    """The replies of all agencies or of one, as recorded until a moment, oldest first."""
    rows = acts.acts(session, ("reply",), agency_id=agency_id)
    return from_acts(row for row in rows if until is None or row.at <= until)


def from_acts(rows: Iterable[Act]) -> tuple[Reply, ...]:
    """Acts of the kind `reply`, oldest first, as replies. The newest of a kind about the same thing counts."""
    found = list(rows)
    newest = {_about(row): row.id for row in found}
    return tuple(_reply(row, newest[_about(row)]) for row in found)


def by_year(replies: Iterable[Reply]) -> Mapping[tuple[str, int], tuple[Reply, ...]]:
    """(agency, year) → the replies about it and its findings, in their order."""
    found: dict[tuple[str, int], list[Reply]] = {}
    for reply in replies:
        found.setdefault((reply.agency_id, reply.year), []).append(reply)
    return {about: tuple(said) for about, said in found.items()}


def about_event(
    replies: Mapping[tuple[str, int], Iterable[Reply]], agency_id: str, year: int, finding_key: str
) -> list[dict[str, Any]]:
    """What counts now of what the office said about a finding and about the whole year, as JSON values, oldest first."""
    return [
        reply.as_json()
        for reply in replies.get((agency_id, year), ())
        if reply.superseded_by is None and reply.finding_key in ("", finding_key)
    ]


def _about(row: Act) -> tuple[object, ...]:
    return row.agency_id, row.year, row.finding_key, row.details["kind"]


def _reply(row: Act, newest: int) -> Reply:
    return Reply(
        id=row.id,
        agency_id=row.agency_id or "",
        year=row.year or 0,
        finding_key=row.finding_key or "",
        kind=ReplyKind(row.details["kind"]),
        text=row.note,
        source=row.source,
        received_on=dt.date.fromisoformat(row.details["received_on"]),
        recorded_at=row.at,
        by=row.by,
        superseded_by=None if row.id == newest else newest,
    )


def _text(text: str) -> str:
    lines = [line for line in (plain(part, LONGEST_TEXT + 1) for part in text.splitlines()) if line]
    joined = "\n".join(lines)
    if not joined:
        raise GongkaiError("the reply is empty: give its words with --text or --file")
    if len(joined) > LONGEST_TEXT or len(lines) > MOST_LINES:
        raise GongkaiError(
            f"the reply has {len(joined)} characters in {len(lines)} lines; at most {LONGEST_TEXT} in {MOST_LINES} are "
            "kept: give its substance, and the document itself as --source"
        )
    return joined


def _line(name: str, text: str, longest: int) -> str:
    line = plain(text, longest + 1)
    if not line or len(line) > longest:
        raise GongkaiError(f"{name}: one line of 1 to {longest} characters is expected")
    return line
