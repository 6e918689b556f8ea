"""A filed report, the contents that its address has held, and the cells that were read of them."""

import datetime as dt

from pydantic import Field

from crawler.model import CellState, DateSource
from monitor.status.api.models.agency import Published
from monitor.status.api.models.common import Addresses, Exact, Moment, Page, Sha256, Shown, Year
from monitor.status.api.models.place import ShownPlace

REPORT_ID = r"^[1-9][0-9]{0,18}-[0-9a-f]{8}$"


class StatedDate(Shown):
    """A date that stands somewhere about the report, as it stood. Conflicts are kept."""

    source: DateSource = Field(description="Where it was read.")
    value: dt.date = Field(description="The calendar day in Asia/Shanghai.")
    raw: str = Field(description="As it stood.")
    claims: bool = Field(description="By it the agency says that it published on this day.")


class Reading(Shown):
    """What an address holds, as one version of the reader reads it."""

    sha256: Sha256 = Field(description="Of the archived bytes.")
    capture: int = Field(description="The first capture with this content.")
    captured_at: Moment
    reading: int = Field(description="The reading's id, for /facts.")
    extractor: str = Field(description="The version of the reader.")
    read_at: Moment
    format: str = Field(description="html, pdf, docx …")
    template: str | None = Field(description="The report form; null where it follows none, or was not recognised.")
    signed_on: dt.date | None = Field(description="The day below the text; null where none was read.")
    error: str | None = Field(description="Why it could not be read; null where it was.")


class ShownReport(Shown):
    """What stands at one address and is filed as an agency's report of a year."""

    id: str = Field(description="Of the address; stays when its content changes.", pattern=REPORT_ID)
    agency: str = Field(description="The agency's id.")
    name: str = Field(description="The agency's name of today.")
    invented: bool = Field(description="True for an agency of a demonstration, which does not exist.")
    year: Year = Field(description="The report year.")
    url: str = Field(description="The address, as it came from the portal: not checked, not safe to open unseen.")
    portal: str = Field(description="The portal's slug.")
    column: str = Field(description="The key of the portal's column that lists it.")
    title: str | None = Field(description="Of the document, else of the list; null where neither has one.")
    dates: list[StatedDate] = Field(description="Every date of every source.")
    published: Published | None = Field(
        description="Between which looks the agency's report of this year was published, at whatever address; null if "
        "that is not judged."
    )
    content: Reading = Field(description="What the address held when it was last well received.")
    page: Addresses = Field(description="The page of this report year.")


class ReportPage(Page[ShownReport]):
    """By agency id, year and address."""


class Version(Shown):
    """One content that a report's address has held."""

    report: str = Field(description="The report's id.", pattern=REPORT_ID)
    agency: str = Field(description="The agency's id.")
    year: Year
    url: str = Field(description="The address, as it came from the portal: not checked, not safe to open unseen.")
    current: bool = Field(description="Whether the address held it when it was last well received.")
    content: Reading
    last_capture: int = Field(description="The last capture with this content.")
    last_captured_at: Moment
    captures: int = Field(description="How many captures have this content, those by 304 Not Modified included.")


class VersionPage(Page[Version]):
    """By agency id, year and address; of each address the newest first."""


class ShownFact(Shown):
    """One statutory cell of one report, in long form.

    A number, an explicit blank and "not there" are three different things: see `state`.
    """

    agency: str = Field(description="The agency's id.")
    year: Year = Field(description="The report year.")
    report: str = Field(description="The report's id.", pattern=REPORT_ID)
    code: str = Field(description="The cell; see /indicators.")
    state: CellState = Field(
        description="number: a number stands there; blank: the cell is there and is empty; open: to which cell it belongs "
        "is not determined; absent: the document has no such cell; unreadable: something stands there that is no number."
    )
    value: Exact | None = Field(
        description="In exact digits, in `unit`; null unless `state` is number. Never 0 for blank."
    )
    unit: str = Field(description="Money is in 元.")
    raw: str = Field(description="The text of the cell as it stands.")
    place: ShownPlace | None = Field(description="Where it stands; null where the document has no such cell.")
    certain: bool = Field(
        description="False: recognised in a picture and not confirmed by the form's own sums; say nothing on its ground."
    )
    sha256: Sha256 = Field(description="Of the archived bytes that it was read from.")
    reading: int = Field(description="The reading's id.")


class FactPage(Page[ShownFact]):
    """By agency id, year and address, of each report in the order in which they were read."""
