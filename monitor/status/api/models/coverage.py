"""How agencies stand: one agency and year, and sums over many."""

import datetime as dt
from enum import StrEnum

from pydantic import Field

from monitor.model import State
from monitor.status.api.models.common import Addresses, Page, Shown, Year


class Standing(Shown):
    """How one agency stands with its report of one year. Why it is so stands in /agencies/{id}."""

    agency: str = Field(description="The agency's id.")
    name: str = Field(description="Its name of today.")
    invented: bool = Field(description="True for an agency of a demonstration, which does not exist.")
    region_code: str = Field(description="GB/T 2260.")
    year: Year = Field(description="The report year; its report is published in the year after.")
    state: State | None = Field(description="docs/method.md says how each comes about. Null: not judged yet.")
    due: dt.date | None = Field(
        description="The day that decides, which itself counts; null where nobody names one, or it is not judged yet."
    )
    days_least: int | None = Field(
        description="In days: missing, overdue; late, how late; due_soon, left. The least that is proven. Null in every "
        "other state."
    )
    days_most: int | None = Field(description="As `days_least`, the most. The two differ where only a span is proven.")
    seen_on: dt.date | None = Field(description="The day on which the report was first seen; null if it never was.")
    absent_on: dt.date | None = Field(
        description="The last day on which it was proven not to be there; null if that was never proven."
    )
    stated_on: dt.date | None = Field(
        description="The day of publication by the agency's own dates, the earliest of them; null where none is stated."
    )
    findings: list[str] = Field(description="The kinds of open findings; see /findings.")
    url: Addresses = Field(description="The page of this report year.")


class CoveragePage(Page[Standing]):
    """Agency by agency in the order of the matrix, of each the watched years, oldest first."""


class By(StrEnum):
    """What agencies are summed by."""

    ALL = "all"
    PROVINCE = "province"
    PREFECTURE = "prefecture"
    REGION = "region"
    SUPERVISOR = "supervisor"
    KIND = "kind"
    LEVEL = "level"
    PORTAL = "portal"


class Counts(Shown):
    """Agencies by state."""

    not_due: int
    due_soon: int
    on_time: int
    late: int
    date_unsure: int
    missing: int
    unknown: int
    withdrawn: int
    exempt: int


class Sum(Shown):
    """How the agencies of one group stand with the report of one year. All numbers are numbers of agencies."""

    group: str = Field(
        description="all; a GB/T 2260 code (of province and prefecture with everything below it; of region those "
        "registered at this code itself); a supervising office, empty: none is named; a kind; a level; a portal's slug."
    )
    name: str | None = Field(
        description="Of a region or portal its name; null where none is known, and of other groups."
    )
    year: Year
    watched: int = Field(description="Those that are watched for this year.")
    owing: int = Field(
        description="Those that owe a report: all watched but the exempt ones. Shares are counted of these."
    )
    unjudged: int = Field(description="Those that are watched and not judged yet.")
    states: Counts = Field(description="Those that are judged, by state; together with `unjudged` they are `watched`.")


class TotalsPage(Page[Sum]):
    """The groups with at least one watched agency, by `group`. The groups of portal overlap: an agency may be on several."""
