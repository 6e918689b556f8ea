"""What an address of the page selects: agencies, years, an order and a page. May touch nothing: a query in, a query out.

The same names mean the same on every page, in the API and in the feeds. Every view has one stable address: default values
are left out, the order of the names is fixed.
"""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final, TypeVar
from urllib.parse import parse_qsl, urlencode

import numpy as np

from config.schema import AgencyKind, Level
from monitor.board import Board
from monitor.board.board import FLAG_BITS, STATE_CODES, Mask
from monitor.model import State

LONGEST_TEXT = 100
FIRST_YEAR, LAST_YEAR = 2007, 2100  # as in config.schema.YearSpan
SIZES: Final = (50, 100)  # agencies on one page; the first is the default

Word = TypeVar("Word", bound=StrEnum)


class Sort(StrEnum):
    """The order of a list; every page has a default of its own."""

    REGION = "region"
    NAME = "name"  # by pinyin
    WORST = "worst"  # most years late or missing first
    DAYS = "days"  # most days late or overdue in the newest year first


class BadFilter(ValueError):
    """A value of the address that selects nothing known; the message is the parameter's name."""


@dataclass(frozen=True, slots=True)
class Filters:
    """The parameters q, region, own, level, kind, supervisor, portal, family, state, flag, from, to, year, sort, size and
    page, in this order.
    """

    text: str = ""
    region: str = ""  # a region code of six digits; with zeros at its end also everything below it
    own: bool = False  # of that region only what stands under its own code, nothing below it
    level: Level | None = None
    kind: AgencyKind | None = None
    supervisor: str = ""
    portal: str = ""  # a slug
    family: str = ""
    state: State | None = None
    flag: str = ""  # the kind of an open finding
    first: int | None = None
    last: int | None = None
    year: int | None = None  # of the pages that show one report year
    sort: Sort | None = None
    size: int = SIZES[0]
    page: int = 1

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Filters":
        """From the parameters of an address; an empty one is none. Raises BadFilter."""
        region = query.get("region", "")
        if region and not (len(region) == 6 and region.isascii() and region.isdigit()):
            raise BadFilter("region")
        filters = cls(
            text=_text(query, "q"),
            region=region,
            own=_choice(query, "own", ("", "1")) == "1" and bool(region),
            level=_member(Level, query, "level"),
            kind=_member(AgencyKind, query, "kind"),
            supervisor=_text(query, "supervisor"),
            portal=_text(query, "portal"),
            family=_text(query, "family"),
            state=_member(State, query, "state"),
            flag=_choice(query, "flag", ("", *FLAG_BITS)),
            first=_number(query, "from", FIRST_YEAR, LAST_YEAR),
            last=_number(query, "to", FIRST_YEAR, LAST_YEAR),
            year=_number(query, "year", FIRST_YEAR, LAST_YEAR),
            sort=_member(Sort, query, "sort"),
            size=int(_choice(query, "size", ("", *map(str, SIZES))) or SIZES[0]),
            page=_number(query, "page", 1, 10**6) or 1,
        )
        if filters.first and filters.last and filters.first > filters.last:
            raise BadFilter("from")
        return filters

    @property
    def active(self) -> bool:
        """Whether not simply everybody and every year is selected; order and page select nothing."""
        return dataclasses.replace(self, year=None, sort=None, size=SIZES[0], page=1) != Filters()

    def pairs(self, **changes: Any) -> list[tuple[str, str]]:
        """The names and values of this view's address with some fields changed. A page has hundreds of such addresses."""
        found = []
        for name, field, nothing in _PARAMETERS:
            value = changes.pop(field) if field in changes else getattr(self, field)
            if value != nothing:
                found.append((name, "1" if value is True else str(value)))
        if changes:
            raise TypeError(f"no field {', '.join(changes)}")
        if ("own", "1") in found and "region" not in dict(found):
            found.remove(("own", "1"))
        return found

    def query(self, **changes: Any) -> str:
        """The query of this view with some fields changed, `?…` or empty."""
        query = "&".join(_encoded(*pair) for pair in self.pairs(**changes))
        return f"?{query}" if query else ""

    def is_address(self, query: str) -> bool:
        """Whether `query` is the one address of this view, however its signs are encoded."""
        return parse_qsl(query, keep_blank_values=True) == self.pairs()

    def rows(self, board: Board) -> Mask:
        """The agencies that are selected by what they are; state and findings are not asked."""
        mask = board.select(
            text=self.text,
            region=self.region,
            level=self.level,
            kind=self.kind,
            supervisor=self.supervisor,
            portal=self.portal,
            family=self.family,
        )
        return mask & (board.region_code == int(self.region)) if self.own and self.region else mask

    def selected(self, board: Board) -> Mask:
        """The agencies that are selected by everything: `state` and `flag` hold together in a year from `first` to `last`."""
        mask = self.rows(board)
        if self.state is None and not self.flag:
            return mask
        hits: Mask = np.zeros(len(board), dtype=np.bool_)
        for year in self.years(board.years):
            hits |= self._holds(board, board.column_of[year])
        return mask & hits

    def _holds(self, board: Board, column: int) -> Mask:
        holds: Mask = np.ones(len(board), dtype=np.bool_)
        if self.state is not None:
            holds &= board.state[:, column] == STATE_CODES[self.state]
        if self.flag:
            holds &= (board.flags[:, column] & FLAG_BITS[self.flag]) != 0
        return holds

    def years(self, years: Iterable[int]) -> tuple[int, ...]:
        """Those of `years` that are selected, in their order."""
        return tuple(year for year in years if self.spans(year))

    def spans(self, year: int) -> bool:
        return (self.first is None or self.first <= year) and (self.last is None or year <= self.last)


# The parameter, the field, and what is left out.
_PARAMETERS: Final = tuple(
    ({"text": "q", "first": "from", "last": "to"}.get(field.name, field.name), field.name, field.default)
    for field in dataclasses.fields(Filters)
)


@lru_cache(maxsize=4096)
def _encoded(name: str, value: str) -> str:
    return urlencode({name: value})


def _text(query: Mapping[str, str], name: str) -> str:
    text = query.get(name, "").strip()
    if len(text) > LONGEST_TEXT or not text.isprintable():
        raise BadFilter(name)
    return text


def _choice(query: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    value = query.get(name, "")
    if value not in choices:
        raise BadFilter(name)
    return value


def _member(kind: type[Word], query: Mapping[str, str], name: str) -> Word | None:
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
