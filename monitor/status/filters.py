"""What the address of the overview selects. May touch nothing: a query in, a query out.

Every view has one stable address: default values are left out, the order of the names is fixed.
"""

import dataclasses
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from config.schema import Agency, AgencyKind, Level
from monitor.board import Board
from monitor.board.board import Mask
from monitor.model import State

LONGEST_TEXT = 100
FIRST_YEAR, LAST_YEAR = 2007, 2100  # as in config.schema.YearSpan


class BadFilter(ValueError):
    """A value of the address that selects nothing known; the message is the parameter's name."""


@dataclass(frozen=True, slots=True)
class Filters:
    """The parameters q, region, level, kind, supervisor, portal, family, state, from, to and page, in this order."""

    text: str = ""
    region: str = ""  # a region code of six digits; with zeros at its end also everything below it
    level: Level | None = None
    kind: AgencyKind | None = None
    supervisor: str = ""
    portal: str = ""  # a slug
    family: str = ""
    state: State | None = None
    first: int | None = None
    last: int | None = None
    page: int = 1

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Filters":
        """From the parameters of an address; an empty one is none. Raises BadFilter."""
        filters = cls(
            text=query.get("q", "").strip(),
            region=query.get("region", ""),
            level=_member(Level, query, "level"),
            kind=_member(AgencyKind, query, "kind"),
            supervisor=query.get("supervisor", "").strip(),
            portal=query.get("portal", ""),
            family=query.get("family", ""),
            state=_member(State, query, "state"),
            first=_number(query, "from", FIRST_YEAR, LAST_YEAR),
            last=_number(query, "to", FIRST_YEAR, LAST_YEAR),
            page=_number(query, "page", 1, 10**6) or 1,
        )
        texts = {
            "q": filters.text,
            "supervisor": filters.supervisor,
            "portal": filters.portal,
            "family": filters.family,
        }
        for name, text in texts.items():
            if len(text) > LONGEST_TEXT or not text.isprintable():
                raise BadFilter(name)
        if filters.region and not _is_region_code(filters.region):
            raise BadFilter("region")
        if filters.first and filters.last and filters.first > filters.last:
            raise BadFilter("from")
        return filters

    @property
    def active(self) -> bool:
        """Whether anything but the page is selected."""
        return dataclasses.replace(self, page=1) != Filters()

    def query(self, **changes: Any) -> str:
        """The query of this view with some fields changed, `?…` or empty."""
        new = dataclasses.replace(self, **changes)
        values = {
            "q": new.text,
            "region": new.region,
            "level": new.level.value if new.level else "",
            "kind": new.kind.value if new.kind else "",
            "supervisor": new.supervisor,
            "portal": new.portal,
            "family": new.family,
            "state": new.state.value if new.state else "",
            "from": new.first or "",
            "to": new.last or "",
            "page": new.page if new.page > 1 else "",
        }
        query = urlencode({name: value for name, value in values.items() if value != ""})
        return f"?{query}" if query else ""

    def rows(self, board: Board) -> Mask:
        """The agencies that are selected by what they are; the state is not asked."""
        return board.select(
            text=self.text,
            region=self.region,
            level=self.level,
            kind=self.kind,
            supervisor=self.supervisor,
            portal=self.portal,
            family=self.family,
        )

    def admits(self, agency: Agency) -> bool:
        """Whether name, region and kind are selected; the state is the store's to tell."""
        if self.kind is not None and agency.kind is not self.kind:
            return False
        if not agency.region_code.startswith(_region_prefix(self.region)):
            return False
        wanted = _folded(self.text)
        return not wanted or any(wanted in _folded(name) for name in (agency.name, agency.id, *agency.aliases))

    def spans(self, year: int) -> bool:
        return (self.first is None or self.first <= year) and (self.last is None or year <= self.last)


def _member(kind: Any, query: Mapping[str, str], name: str) -> Any:
    value = query.get(name, "")
    if not value:
        return None
    try:
        return kind(value)
    except ValueError as error:
        raise BadFilter(name) from error


def _number(query: Mapping[str, str], name: str, least: int, most: int) -> int | None:
    value = query.get(name, "")
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) <= 7 and least <= int(value) <= most):
        raise BadFilter(name)
    return int(value)


def _is_region_code(text: str) -> bool:
    return len(text) == 6 and text.isascii() and text.isdigit()


def _region_prefix(code: str) -> str:
    """370000 → 37, 370600 → 3706: GB/T 2260 fills province and city codes up with zeros."""
    while code.endswith("00"):
        code = code.removesuffix("00")
    return code


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
