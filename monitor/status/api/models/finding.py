"""What is wrong, or was."""

from pydantic import Field

from config.alerts import EventKind
from monitor.status.api.models.common import Addresses, Moment, Page, PortalName, Shown, Words, Year
from monitor.status.api.models.reply import ShownReply


class FindingLine(Shown):
    """One line of what was found, as mails have it."""

    label: Words
    text: Words
    address: str | None = Field(description="What it refers to; null where it refers to nothing.")


class ShownFinding(Shown):
    """Something that is wrong for a while: opened once, closed once."""

    id: int = Field(description="Grows with every finding.")
    key: str = Field(description="Tells it from all others; `gongkai reply --finding` takes it.")
    kind: EventKind
    title: Words
    agency: str | None = Field(description="The agency's id; null: it is about a portal.")
    name: str | None = Field(description="The agency's name of today; null: it is about a portal.")
    invented: bool = Field(description="True for an agency of a demonstration, which does not exist.")
    year: Year | None = Field(description="The report year; null: it is about a portal.")
    portal: PortalName | None = Field(description="Null: it is about an agency.")
    opened_at: Moment
    closed_at: Moment | None = Field(description="Null while it stands.")
    lines: list[FindingLine] = Field(description="What was found; empty where the state says it all.")
    replies: list[ShownReply] = Field(description="What the office said of it; not verified. Oldest first.")
    url: Addresses | None = Field(description="The agency's page of that year; null: it is about a portal.")


class FindingPage(Page[ShownFinding]):
    """Newest first; with `after` oldest first."""
