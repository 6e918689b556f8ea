"""What goes into an identification and what comes out: frozen values. Touches nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

from crawler.model import DateEvidence, DateSource, ParsedReport
from crawler.reports import title as titling

CONTENT_SOURCE = "页面元数据 ContentSource"


class Source(StrEnum):
    """Who speaks. The order is that of trust."""

    PERIOD = "period"  # 统计期限, in the body
    TITLE = "title"  # the page's own title
    LISTED = "listed"  # the title in the list
    SIGNATURE = "signature"
    METADATA = "metadata"  # ContentSource: often the office that runs the site
    COLUMN = "column"  # the agencies for whom the column is registered
    PARAMETER = "parameter"  # fbtime=2022 in the address
    DATE = "date"  # a day of publication, in the address or on the page: a report comes in the year after
    FORM = "form"  # the statutory form that was filled in


@dataclass(frozen=True, slots=True)
class Evidence:
    """One witness. `text`: the words; `value`: what they mean (agency ids, a year), empty where they mean nothing known."""

    about: Literal["report", "agency", "year"]
    source: Source
    text: str
    value: str = ""

    def as_json(self) -> dict[str, str]:
        return {"about": self.about, "source": self.source.value, "text": self.text, "value": self.value}


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says, as the reader read it. `agency` and `year` are those of its own title."""

    is_report: bool
    title: str = ""
    agency: str | None = None
    year: int | None = None
    signed_by: str | None = None
    content_source: str | None = None
    period: tuple[dt.date, dt.date] | None = None
    template: str | None = None
    dates: tuple[DateEvidence, ...] = ()


def page_of(report: ParsedReport) -> Page:
    """What a report that was just read says."""
    title, grounds = titling.read(report.title), report.evidence
    return Page(
        is_report=report.is_report,
        title=report.title,
        agency=title.agency if title else None,
        year=title.year if title else None,
        signed_by=grounds.get("signed_by"),
        content_source=report.agency if grounds.get("agency") == CONTENT_SOURCE else None,
        period=report.period,
        template=report.template,
        dates=report.dates,
    )


def page_of_stored(*, is_report: bool, agency: str | None, template: str | None, details: Mapping[str, Any]) -> Page:
    """The same of a reading as the store keeps it (crawler.read_captures.details_json)."""
    begin, end = details.get("period") or (None, None)
    return page_of(
        ParsedReport(
            is_report=is_report,
            agency=agency,
            year=None,
            template=template,
            signed_on=None,
            period=(dt.date.fromisoformat(begin), dt.date.fromisoformat(end)) if begin and end else None,
            title=details.get("title", ""),
            dates=tuple(
                DateEvidence(DateSource(date["source"]), dt.date.fromisoformat(date["value"]), date["raw"])
                for date in details.get("dates", ())
            ),
            evidence=dict(details.get("evidence", {})),
        )
    )


@dataclass(frozen=True, slots=True)
class Item:
    """What is to be identified: an entry of a list, with its page if that was read. `attached`: a file of the page."""

    title: str
    url: str
    page: Page | None = None
    attached: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where it stands: ids of the agencies of its column, and of its whole portal. Empty slugs: not known.

    A host without a registered portal may be the site of some agencies: then they are `portal_agencies`.
    """

    portal: str = ""
    column: str = ""
    column_agencies: tuple[str, ...] = ()
    portal_agencies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Identification:
    """Whose report it is, and of which year; or why a person has to say.

    `decision`: filed (then agency and year are set), review, not_a_report. In review `agency` is None, `year` what
    speaks for itself first, `candidates` (agency ids) and `years` what it may be. `conflicts`: witnesses that do not agree.
    """

    decision: Literal["filed", "review", "not_a_report"]
    agency: str | None
    year: int | None
    why: str
    evidence: tuple[Evidence, ...] = ()
    conflicts: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    grounds: Mapping[str, str] | None = None  # "agency", "year" → by what it was decided

    def as_json(self) -> dict[str, Any]:
        return {
            "decision": self.decision,
            "agency": self.agency,
            "year": self.year,
            "why": self.why,
            "candidates": list(self.candidates),
            "years": list(self.years),
            "conflicts": list(self.conflicts),
            "evidence": [one.as_json() for one in self.evidence],
        }
