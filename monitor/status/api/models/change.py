"""How a published report changed."""

from pydantic import Field

from config.alerts import Severity
from config.changes import ChangeKind, Effect
from crawler.model import CellState
from monitor.status.api.models.common import Addresses, Exact, Moment, Page, Sha256, Shown, Words, Year
from monitor.status.api.models.place import ShownPlace


class Side(Shown):
    """A cell as one of the two contents has it."""

    state: CellState = Field(
        description="number, and blank and the others that are no number: these are different things."
    )
    value: Exact | None = Field(description="In exact digits, in the cell's unit; null unless the state is number.")
    raw: str = Field(description="The text of the cell as it stands.")
    place: ShownPlace | None = Field(description="Where it stands; null where there is no such cell.")


class ChangedCell(Shown):
    """One cell that is not the same in both."""

    code: str = Field(description="See /indicators.")
    unit: str = Field(description="Of both values; money is in 元.")
    before: Side
    after: Side
    certain: bool = Field(description="False if it was recognised in a picture and not confirmed on either side.")
    in_doubt: bool = Field(description="The reader could not settle something at this cell.")
    effect: Effect = Field(description="What it does to the form's own sums.")


class Content(Shown):
    """One of the two contents."""

    capture: int = Field(description="The capture that bounds the change in time.")
    at: Moment
    sha256: Sha256 | None = Field(description="Of the archived bytes; null where no body was kept (it was gone).")


class ShownChange(Shown):
    """Two contents that a report's address, or its new address, showed one after the other."""

    id: int = Field(description="Grows with every change.")
    key: str
    kind: ChangeKind
    title: Words
    severity: Severity | None = Field(description="By config/changes.yml; null: it needs nobody's eyes.")
    why: Words | None = Field(description="Why it weighs so much; null of cosmetic changes.")
    agency: str
    name: str = Field(description="The agency's name of today.")
    invented: bool = Field(description="True for an agency of a demonstration, which does not exist.")
    year: Year
    at: Moment = Field(description="When the new content was first captured.")
    url: str = Field(
        description="The report's address, as it came from the portal: not checked, not safe to open unseen."
    )
    moved_from: str | None = Field(description="The former address; null unless it moved.")
    before: Content | None = Field(description="Null where no capture is recorded.")
    after: Content | None = Field(description="Null where no capture is recorded.")
    cells: list[ChangedCell] = Field(description="Empty where no number changed.")
    corrected: list[str] = Field(description="Words by which the new content says of itself that it was corrected.")
    diff: Addresses | None = Field(
        description="The page that shows both beside each other; null where one is not there."
    )


class ChangePage(Page[ShownChange]):
    """Newest first; with `after` oldest first."""
