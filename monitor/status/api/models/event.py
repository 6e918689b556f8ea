"""What became news."""

from pydantic import Field

from config.alerts import EventKind
from monitor.model import State
from monitor.status.api.models.common import Addresses, Moment, Page, PortalName, Shown, Words, Year


class ShownEvent(Shown):
    """A change of state, or a finding that opened or closed. Never altered."""

    id: int = Field(description="Grows with every event.")
    at: Moment = Field(description="When it was judged.")
    kind: EventKind
    title: Words = Field(description="The kind in words; of resolved also how.")
    agency: str | None = Field(description="The agency's id; null: it is about a portal.")
    name: str | None = Field(description="The agency's name of today; null: it is about a portal.")
    invented: bool = Field(description="True for an agency of a demonstration, which does not exist.")
    year: Year | None = Field(description="The report year; null: it is about a portal.")
    portal: PortalName | None = Field(description="Null: it is about an agency.")
    before: State | None = Field(description="The state before; null where none was recorded, and about a portal.")
    after: State | None = Field(description="The state since then; null about a portal.")
    by_rules: bool = Field(description="True if a due day was corrected: the office did nothing, the program did.")
    finding: str | None = Field(description="The key of the finding that opened or closed; null where there is none.")
    url: Addresses | None = Field(description="The agency's page of that year; null: it is about a portal.")


class EventPage(Page[ShownEvent]):
    """Newest first; with `after` oldest first."""
