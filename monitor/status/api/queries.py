"""What may be asked of the lists: paging, the filters of the matrix, those of the store. May touch nothing.

Everything is strict: an unknown, empty, repeated or malformed parameter is refused (400), so that a mistyped filter never
silently gives everything.
"""

import dataclasses
import re
from collections import Counter
from typing import Annotated, Any, Literal

from fastapi import Request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from config.alerts import EventKind
from config.schema import AgencyKind, Level
from monitor.board import Board
from monitor.board.board import Mask
from monitor.model import State
from monitor.status.api import cursors
from monitor.status.filters import FIRST_YEAR, LAST_YEAR, LONGEST_TEXT, Filters

DEFAULT_LIMIT, MOST_LIMIT = 100, 500
CONTROLS = r"\x00-\x1f\x7f-\x9f\u2028\u2029"
PRINTABLE = rf"^[^{CONTROLS}]*[^\s{CONTROLS}][^{CONTROLS}]*$"  # at least one sign that is no blank
SLUG = r"^[a-z0-9][a-z0-9-]{0,62}$"
CODE = r"^[a-z0-9][a-z0-9_.]{0,99}$"


class BadParameter(ValueError):
    """A parameter that is refused: its name, and why, in Chinese and English."""

    def __init__(self, name: str, zh: str, en: str) -> None:
        super().__init__(name)
        self.name, self.zh, self.en = name, zh, en


def _digits(value: Any) -> Any:
    """A whole number has one way to be written: no sign, no blanks, no point."""
    if isinstance(value, str) and not re.fullmatch(r"[0-9]{1,19}", value):
        raise ValueError("whole numbers are written in digits 0-9")
    return value


# The bounds come first: only so do they stand in the description.
Year = Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR), BeforeValidator(_digits)]
Id = Annotated[int, Field(ge=1, le=cursors.MOST), BeforeValidator(_digits)]
Text = Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT, pattern=PRINTABLE)]
Region = Annotated[str, Field(pattern=r"^[0-9]{6}$")]
Slug = Annotated[str, Field(pattern=SLUG)]


class Query(BaseModel):
    """Unknown names are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Paged(Query):
    """Every list comes in pages."""

    limit: Annotated[
        int, Field(ge=1, le=MOST_LIMIT, description="Items of a page at most."), BeforeValidator(_digits)
    ] = DEFAULT_LIMIT
    cursor: Annotated[
        str | None,
        Field(
            min_length=1,
            max_length=cursors.LONGEST,
            pattern=r"^[A-Za-z0-9_-]+$",
            description="Where the page begins; take it from `next`, with the other parameters unchanged.",
        ),
    ] = None


class Selection(Query):
    """The agencies, by what they are: the filters of the coverage matrix, under the same names."""

    q: Annotated[
        Text | None,
        Field(
            description="Words that all occur in a name (of today, short or former), its pinyin or initials, or the id."
        ),
    ] = None
    region: Annotated[
        Region | None,
        Field(description="GB/T 2260, six digits; with 00 at its end also everything below it; 100000 is the country."),
    ] = None
    level: Annotated[Level | None, Field(description="The level of government.")] = None
    kind: Annotated[AgencyKind | None, Field(description="The group that the Regulation treats differently.")] = None
    supervisor: Annotated[Text | None, Field(description="The supervising office, by its full name.")] = None
    portal: Annotated[Slug | None, Field(description="The slug of a portal in which its reports are looked for.")] = (
        None
    )
    family: Annotated[Slug | None, Field(description="The family (CMS) of such a portal.")] = None

    own: Annotated[
        Literal["1"] | None, Field(description="Of `region` only what stands under its own code, nothing below it.")
    ] = None

    def rows(self, board: Board) -> Mask:
        """The selected rows of the board, as the matrix selects them; state and findings are not asked."""
        return self.filters().rows(board)

    def filters(self) -> Filters:
        """The same selection as the pages know it."""
        return Filters(
            text=(self.q or "").strip(),
            region=self.region or "",
            level=self.level,
            kind=self.kind,
            supervisor=(self.supervisor or "").strip(),
            portal=self.portal or "",
            family=self.family or "",
            own=self.own is not None and self.region is not None,
        )


class Standing(Selection):
    """A state within some report years."""

    state: Annotated[State | None, Field(description="How an agency stands with the report of a year.")] = None
    flag: Annotated[EventKind | None, Field(description="The kind of an open finding.")] = None
    first: Annotated[Year | None, Field(alias="from", description="The first report year.")] = None
    last: Annotated[Year | None, Field(alias="to", description="The last report year.")] = None

    def span(self, board: Board) -> tuple[int, int]:
        """The first and last year, both included. Raises BadParameter where they are the wrong way round."""
        first, last = self.first or FIRST_YEAR, self.last or LAST_YEAR
        if first > last:
            raise BadParameter("from", "晚于 to", "it is later than `to`")
        return first, last

    def filters(self) -> Filters:
        return dataclasses.replace(
            super().filters(), state=self.state, flag=self.flag or "", first=self.first, last=self.last
        )


class AgencyQuery(Standing, Paged):
    """With `state` and `flag`: agencies for which both hold in one of the years, as in the matrix."""


class CoverageQuery(Standing, Paged):
    """With `state` and `flag`: the agency and year pairs for which both hold."""


class ReportQuery(Paged):
    """Which reports."""

    agency: Annotated[Slug | None, Field(description="An agency's id.")] = None
    year: Annotated[Year | None, Field(description="The report year.")] = None
    region: Annotated[
        Region | None, Field(description="Of the agency: GB/T 2260; with 00 at its end also everything below it.")
    ] = None


class NewsQuery(ReportQuery):
    """Which of what happened. Newest first."""

    after: Annotated[
        Id | None,
        Field(
            description="Only what has a larger id, oldest first: ask again with the last id to follow what happens."
        ),
    ] = None


async def refuse_repeated(request: Request) -> None:
    """A parameter that is given twice means two things."""
    counted = Counter(name for name, _ in request.query_params.multi_items())
    for name, times in counted.items():
        if times > 1:
            raise BadParameter(name, "重复出现", "it is given more than once")


async def refuse_all(request: Request) -> None:
    """Where nothing can be asked for."""
    for name in request.query_params:
        raise BadParameter(name, "没有这个参数", "there is no such parameter")
