"""An agency of the registry, and how it stands with its report of each year."""

import datetime as dt
from typing import Literal

from pydantic import Field

from config.schema import AgencyKind, Level
from monitor.model import State
from monitor.status.api.models.common import Addresses, Moment, Page, Shown, Words, Year
from monitor.status.api.models.reply import ShownReply


class Span(Shown):
    """Report years from `first` to `last`, both included."""

    first: Year
    last: Year | None = Field(description="Null: until further notice.")


class FormerName(Shown):
    """A name that the agency bore."""

    name: str
    until: dt.date | None = Field(description="Its last day; null where nobody knows.")


class ShownAgency(Shown):
    """One agency of the registry."""

    id: str = Field(description="Never changes, also when the name does.")
    name: str = Field(description="The full name of today.")
    aliases: list[str] = Field(description="Short and other names of today.")
    former_names: list[FormerName]
    invented: bool = Field(description="True for an agency of a demonstration, which does not exist.")
    region_code: str = Field(description="GB/T 2260, six digits; of a zone that has none, that of what it lies in.")
    region: str
    kind: AgencyKind = Field(description="The group that the Regulation treats differently.")
    level: Level = Field(description="The level of government that it belongs to.")
    supervisor: str | None = Field(description="The office that supervises its disclosure; null where none is named.")
    credit_code: str | None = Field(description="统一社会信用代码 (GB 32100); null where it is not recorded.")
    sites: list[str] = Field(description="Hosts of its website.")
    valid_from: dt.date | None = Field(description="Since when it exists; null where that is not recorded.")
    valid_to: dt.date | None = Field(description="Until when it existed; null while it does.")
    predecessor: str | None = Field(description="The id of the agency that it came from; null where none is recorded.")
    successors: list[str] = Field(description="The ids of the agencies that name it as their predecessor.")
    watched_years: list[Span] = Field(description="For which it is judged; empty: known by name, never judged.")
    portals: list[str] = Field(description="The slugs of the portals in which its reports are looked for.")
    url: Addresses = Field(description="Its page.")


class AgencyPage(Page[ShownAgency]):
    """Agencies in the order of the matrix: by region code, governments first, then as in the registry."""


class Bound(Shown):
    """One end of the interval of publication, with the ids of the looks and captures that prove it."""

    at: Moment
    looks: list[int]
    captures: list[int]


class Published(Shown):
    """Between which looks a report was published."""

    not_before: Bound | None = Field(description="The last healthy look without it; null where there was none.")
    not_after: Bound = Field(description="When it was first seen, with the first capture that holds it.")


class LocalJudgement(Shown):
    """How the report stands against the supervising office's own day, which is not the Regulation's."""

    rule: str = Field(description="The id of the local rule.")
    due: dt.date
    state: State = Field(description="As if that day were the due day.")
    decides: bool = Field(description="True where the law names no day, and the state is by this one.")


class Judgement(Shown):
    """How an agency stands with its report of one year."""

    year: Year = Field(description="The report year; its report is published in the year after.")
    state: State | None = Field(
        description="How the agency stands; docs/method.md says how each state comes about. Null: not judged yet."
    )
    since: Moment | None = Field(description="Since when this state is recorded; null if it is not judged yet.")
    due: dt.date | None = Field(
        description="The day that decides, which itself counts: the law's, or where it names none the supervising "
        "office's; null where nobody names one, or it is not judged yet."
    )
    days_least: int | None = Field(
        description="In days: missing, overdue; late, how late; due_soon, left. The least that is proven. Null in every "
        "other state."
    )
    days_most: int | None = Field(description="As `days_least`, the most. The two differ where only a span is proven.")
    basis: Literal["seen", "claimed"] | None = Field(
        description="on_time only: seen (by us by the due day) or claimed (by the agency's own dates); else null."
    )
    rule: str | None = Field(description="The id of the deadline rule; null where none applies.")
    citation: Words | None = Field(description="The article that sets the due day; null where none applies.")
    local: LocalJudgement | None = Field(description="Null where no supervising office set an earlier day.")
    published: Published | None = Field(description="Between which looks it was published; null if never seen.")
    reason: Words | None = Field(description="Why it is so, for people; null if it is not judged yet.")
    notes: list[Words] = Field(description="What is to be said beside the state.")
    replies: list[ShownReply] = Field(
        description="What the office said of the year as a whole; not verified. Oldest first."
    )


class AgencyRecord(ShownAgency):
    """One agency with its years."""

    generated_at: Moment = Field(description="The moment at which days are counted.")
    judged_at: Moment | None = Field(description="When the states were last judged; null if that never ended well.")
    simulated: bool = Field(description="True if anything that was recorded comes from simulated portals.")
    years: list[Judgement] = Field(
        description="The report years that are over and for which it is watched, oldest first."
    )
