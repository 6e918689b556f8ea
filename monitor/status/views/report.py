"""The read model of one report: its tables, what its text says beside them, its dates, captures and versions.

May touch nothing: rows of the store in, frozen values out.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from crawler.model import CellState, DateSource
from crawler.reports.templates import Template
from crawler.store.reads.coverage import FiledReport, ShownCapture
from crawler.store.tables import EntryChange, FactRow, Filing, Reading
from monitor.checks.narrative import compare
from monitor.status.views.dates import Witnesses, stated_dates
from monitor.status.views.form import FormCell, FormTable, lay_out, outside, show_number, show_place, spot


@dataclass(frozen=True, slots=True)
class StatedDate:
    """A date that stands somewhere, as it stood. `claims`: by it the agency says that it published on this day."""

    source: DateSource
    value: dt.date
    raw: str
    claims: bool


@dataclass(frozen=True, slots=True)
class Told:
    """A number from the text. `table`: the same number from the tables; None where a cell of it is no number."""

    key: str
    number: str
    about: bool
    raw: str
    place: str
    table: str | None
    agrees: bool | None  # None: nothing to compare with certainty, or the text says "about" and may be right
    spot: str = ""


@dataclass(frozen=True, slots=True)
class Sum:
    """One arithmetic identity with both of its sides; `holds` None: a cell of it is no number.

    `certain` False: a cell was recognised in a picture, so that the reader may be to blame.
    """

    description: str
    left: str
    right: str
    holds: bool | None
    certain: bool


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that the reader could not settle."""

    kind: str
    message: str
    place: str
    spot: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """One content that the address has held: `sha256`, when it was first captured, and in which capture, how it was read.

    `before`: the first capture of the content before it, if one is known.
    """

    sha256: str
    captured_at: dt.datetime
    extractor: str
    current: bool
    capture: int = 0
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What stands at one address that was filed as the agency's report of a year, as it stands now."""

    url: str
    title: str
    portal: str
    filing: Filing
    reading: Reading
    template: Template | None
    tables: tuple[FormTable, ...]
    outside: tuple[FormCell, ...]
    told: tuple[Told, ...]
    sums: tuple[Sum, ...]
    doubts: tuple[Doubt, ...]
    dates: tuple[StatedDate, ...]
    versions: tuple[Version, ...]
    captures: tuple[ShownCapture, ...]
    changes: tuple[EntryChange, ...]

    @property
    def anchor(self) -> str:
        return f"r{self.filing.id}"

    @property
    def captures_total(self) -> int:
        return self.captures[0].of if self.captures else 0

    @property
    def dates_conflict(self) -> bool:
        """Whether the days on which the agency says it published are not all the same."""
        return len({date.value for date in self.dates if date.claims}) > 1

    @property
    def counts(self) -> tuple[tuple[CellState, int], ...]:
        """How many cells of the form are in which state, numbers first."""
        states = [cell.state for table in self.tables for cell in table.cells]
        return tuple((state, states.count(state)) for state in CellState if state in states)

    @property
    def uncertain(self) -> int:
        """How many numbers were recognised in a picture and not confirmed."""
        return sum(not cell.certain for table in self.tables for cell in table.cells)

    @property
    def proposed(self) -> int:
        """How many cells could not be read and have an inferred value beside them."""
        return sum(bool(cell.proposal) for table in self.tables for cell in table.cells)

    @property
    def broken_sums(self) -> tuple[Sum, ...]:
        """Those that are the report's own, then those of which the reader may be to blame."""
        broken = [identity for identity in self.sums if identity.holds is False]
        return tuple(sorted(broken, key=lambda identity: not identity.certain))


def current_filings(filed: Sequence[FiledReport], contents: Mapping[tuple[int, str], str]) -> tuple[FiledReport, ...]:
    """Of every address the filing of what it held at last. `filed` is newest first, one for every content."""
    found: dict[tuple[int, str], FiledReport] = {}
    for report in filed:
        address = (report.entry.id, report.capture.url)
        known = found.get(address)
        if known is None or (
            report.reading.sha256 == contents.get(address) and known.reading.sha256 != contents.get(address)
        ):
            found[address] = report
    return tuple(found.values())


def build_report(
    current: FiledReport,
    *,
    versions: Iterable[Version],
    facts: Sequence[FactRow],
    captures: Sequence[ShownCapture],
    changes: Sequence[EntryChange],
    templates: Mapping[str, Template],
) -> Report:
    """One report from its rows; `captures` and `changes` may hold those of other entries too."""
    reading, entry = current.reading, current.entry
    template = templates.get(reading.template or "")
    details = reading.details
    own_changes = tuple(change for change in changes if change.entry_id == entry.id)
    return Report(
        url=current.capture.final_url or entry.url,
        title=str(details.get("title", "")) or next((change.title for change in own_changes if change.title), ""),
        portal=entry.portal,
        filing=current.filing,
        reading=reading,
        template=template,
        tables=lay_out(template, facts, details.get("proposals", ())) if template else (),
        outside=outside(template, facts),
        told=tuple(_told(statement, reading.template or "", facts) for statement in details.get("statements", ())),
        sums=tuple(_sum(identity) for identity in details.get("identities", ())),
        doubts=tuple(
            Doubt(issue["kind"], issue["message"], show_place(issue.get("place")), spot(issue.get("place")))
            for issue in details.get("issues", ())
        ),
        dates=_dates(current, own_changes),
        versions=in_turn(versions),
        captures=tuple(shown for shown in captures if shown.capture.entry_id == entry.id),
        changes=own_changes,
    )


def _told(statement: Mapping[str, Any], template: str, facts: Sequence[FactRow]) -> Told:
    """By the same comparison as the check, so that the page never says "disagree" where no finding may."""
    certain = {fact.code: fact.value for fact in facts if fact.certain is not False}  # None: not stored yet
    found = compare(statement, template, certain.get) if statement.get("certain", True) else None
    about = bool(statement.get("about"))
    return Told(
        key=statement["key"],
        number=show_number(Decimal(statement["value"])),
        about=about,
        raw=statement.get("raw", ""),
        place=show_place(statement.get("place")),
        table=None if found is None or found.table is None else show_number(found.table),
        agrees=None if found is None or (about and found.fits) else found.fits,
        spot=spot(statement.get("place")),
    )


def _sum(identity: Mapping[str, Any]) -> Sum:
    def side(value: str | None) -> str:
        return "" if value is None else show_number(Decimal(value))

    return Sum(
        description=identity["description"],
        left=side(identity["left"]),
        right=side(identity["right"]),
        holds=identity["holds"],
        certain=identity.get("certain", True),
    )


def _dates(current: FiledReport, changes: Sequence[EntryChange]) -> tuple[StatedDate, ...]:
    """Every date of every source, once each: from the list, the address and the document itself."""
    seen = Witnesses(
        url=current.capture.final_url or current.entry.url,
        headers=current.capture.headers.get("pairs", ()),
        listed=((change.list_date, change.list_date_raw) for change in changes),
        read=current.reading.details.get("dates", ()),
        signed_on=current.reading.signed_on,
    )
    return tuple(
        StatedDate(one.source, one.value, one.raw, one.source.claims_publication) for one in stated_dates(seen)
    )


def in_turn(versions: Iterable[Version]) -> tuple[Version, ...]:
    """The contents of one address, newest first, each with the one before it."""
    oldest_first = sorted(versions, key=lambda version: (version.captured_at, version.capture))
    befores = [None, *(version.capture for version in oldest_first)]
    found = [replace(version, before=before) for version, before in zip(oldest_first, befores, strict=False)]
    return tuple(reversed(found))
