"""What follows from one board alone and is worked out once for it: its regions with their names, what it could see.

May touch nothing. The newest board's atlas is kept; a newer board has one of its own.
"""

import datetime as dt
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from crawler.model import LookOutcome
from crawler.registry import PROVINCES
from monitor.board import Board, ColumnSight
from monitor.board.board import Rows, region_span

COUNTRY: Final = "100000"
# GB/T 2260: cities that are provinces have no prefectures; what a province governs directly stands under XX90.
CITIES: Final = ("11", "12", "31", "50")
DIRECT: Final = {"65": "自治区直辖县级行政区划"}
DIRECT_ELSEWHERE: Final = "省直辖县级行政区划"
PROVINCE_NAME: Final = re.compile(r".+?(?:省|自治区|特别行政区|市)")
PREFECTURE_NAME: Final = re.compile(r".+?(?:自治州|地区|盟|市)(?=.)")
REMEMBERED, LISTS = 128, 12  # answers that are kept, the oldest goes first
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Region:
    """A region and the agencies in it. `name` as a whole, `short` without what it lies in.

    `own`: only what stands under its own code (the whole country's: the ministries), nothing below it. `low` and `high`:
    the lowest and the highest region code that it holds.
    """

    code: str
    name: str
    short: str
    own: bool
    low: int
    high: int


class Atlas:
    """The regions of one board. It does not hold the board, so that an older one can go."""

    def __init__(self, board: Board) -> None:
        self._names = _names(board)
        self._codes = sorted(self._names)
        self._stays_blind, self._seen_well = _by_sight(board.columns)
        self.portals = len({sight.portal for sight in board.columns})
        self.looked_at = max((sight.looked_at for sight in board.columns if sight.looked_at), default=None)
        self.healthy_at = max((sight.healthy_at for sight in board.columns if sight.healthy_at), default=None)
        self._remembered: dict[Hashable, Any] = {}
        self._lists: dict[Hashable, Any] = {}

    def name(self, code: str) -> str:
        """The region's whole name; where neither registry nor standard names it, its code, after what it lies in."""
        if code in ("", COUNTRY, "000000"):
            return ""
        if code in self._names:
            return self._names[code]
        below = self._below(*region_span(code))
        if code.endswith("0000"):
            named = PROVINCES.get(code[:2]) or _common(PROVINCE_NAME, below)
            return named or code
        province = self.name(f"{code[:2]}0000")
        if code.endswith("00"):
            if code[2:4] == "90":
                return province + DIRECT.get(code[:2], DIRECT_ELSEWHERE)
            rest = {text.removeprefix(province) for text in below if text.startswith(province)}
            if named := _common(PREFECTURE_NAME, rest):
                return province + named
        return f"{province}（{code}）"

    def path(self, code: str) -> tuple[Region, ...]:
        """From the province down to the region itself; nothing for the whole country."""
        return self.remembered(("path", code), lambda: tuple(map(self._region, _steps(code))))

    def children(self, code: str) -> tuple[Region, ...]:
        """What the figures of a region are told apart by: itself alone, then the regions one level below it.

        Provinces for the whole country, then prefectures, then counties; nothing below a county. Only those with agencies.
        """
        return self.remembered(("children", code), lambda: self._children(code))

    def _children(self, code: str) -> tuple[Region, ...]:
        if code in ("", COUNTRY, "000000"):
            national = [_own(COUNTRY, "", 0, 109_999)] if self._codes and self._codes[0] < "110000" else []
            provinces = dict.fromkeys(f"{one[:2]}0000" for one in self._codes if one >= "110000")
            return (*national, *map(self._region, provinces))
        if not code.endswith("00"):
            return ()
        low, high = region_span(code)
        within = [one for one in self._codes if low <= int(one) <= high and one != code]
        if code.endswith("0000") and code[:2] not in CITIES:
            within = list(dict.fromkeys(f"{one[:4]}00" for one in within))
        own = [_own(code, self.name(code), int(code), int(code))] if code in self._names else []
        return (*own, *map(self._region, within)) if within else ()

    def around(self, code: str) -> tuple[Region, ...]:
        """What may be chosen where a region is chosen: those below it, or its sisters where there are none."""
        below = tuple(region for region in self.children(code) if not region.own)
        if below or not code:
            return below
        above = self.path(code)
        return tuple(region for region in self.children(above[-2].code if len(above) > 1 else "") if not region.own)

    def remembered(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """What was made for `key` before, of the last few; `make` must not hand out what holds the board."""
        return _kept(self._remembered, REMEMBERED, key, make)

    def blind(self, oldest: dt.datetime) -> tuple[ColumnSight, ...]:
        """The columns whose newest look could not see, or was made before `oldest`; in the board's order."""
        stale = bisect_left(self._seen_well, oldest, key=lambda one: one[0])
        return self.remembered(("blind", stale), lambda: self._blind(stale))

    def _blind(self, stale: int) -> tuple[ColumnSight, ...]:
        """`stale`: how many of those that were seen well were so too long ago."""
        places = [*self._stays_blind, *((place, sight) for _, place, sight in self._seen_well[:stale])]
        return tuple(sight for _, sight in sorted(places, key=lambda one: one[0]))

    def listed(self, key: Hashable, make: Callable[[], Rows]) -> Rows:
        """The rows of a list as `remembered`; of fewer of them, for one may hold the whole country."""
        return _kept(self._lists, LISTS, key, make)

    def _region(self, code: str) -> Region:
        name = self.name(code)
        above = self.name(_steps(code)[-2]) if len(_steps(code)) > 1 else ""
        low, high = region_span(code)
        return Region(code, name, name.removeprefix(above) or name, False, low, high)

    def _below(self, low: int, high: int) -> set[str]:
        return {name for code, name in self._names.items() if low <= int(code) <= high}


@lru_cache(maxsize=1)
def atlas(board: Board) -> Atlas:
    """The atlas of the newest board."""
    return Atlas(board)


def groups_of(board: Board, regions: tuple[Region, ...]) -> NDArray[np.int64]:
    """For every row the place of its region in `regions`; of a row in none of them it is 0.

    Rows stand by region code, so that a region is one stretch of them.
    """
    groups = np.zeros(len(board), dtype=np.int64)
    for place, region in enumerate(regions):
        begin = np.searchsorted(board.region_code, region.low, side="left")
        end = np.searchsorted(board.region_code, region.high, side="right")
        groups[begin:end] = place
    return groups


def _kept(kept: dict[Hashable, Any], most: int, key: Hashable, make: Callable[[], Value]) -> Value:
    """Threads may make the same twice; none waits for another."""
    found: Value | None = kept.get(key)
    if found is None:
        found = make()
        for old in list(kept)[: max(0, len(kept) + 1 - most)]:
            kept.pop(old, None)
        kept[key] = found
    return found


def _names(board: Board) -> dict[str, str]:
    """The name of every code that an agency stands under. Of several texts (a zone has no code of its own) the shortest."""
    found: dict[str, set[str]] = defaultdict(set)
    for code, text in set(zip(board.region_code.tolist(), board.regions, strict=True)):
        found[f"{code:06}"].add(text)
    return {code: min(sorted(texts), key=len) for code, texts in found.items()}


def _common(pattern: re.Pattern[str], texts: set[str]) -> str:
    """What all texts begin with by `pattern`; empty where they do not agree."""
    begun = {match.group() if (match := pattern.match(text)) else "" for text in texts}
    return begun.pop() if len(begun) == 1 else ""


def _steps(code: str) -> list[str]:
    """The codes of province, prefecture and county down to this one; none for the whole country."""
    if code in ("", COUNTRY, "000000"):
        return []
    steps = [f"{code[:2]}0000", f"{code[:4]}00", code]
    if code[:2] in CITIES:
        steps.pop(1)
    return list(dict.fromkeys(steps[: steps.index(code) + 1]))


def _own(code: str, name: str, low: int, high: int) -> Region:
    return Region(code, name, name, True, low, high)


def _by_sight(
    columns: tuple[ColumnSight, ...],
) -> tuple[list[tuple[int, ColumnSight]], list[tuple[dt.datetime, int, ColumnSight]]]:
    """Those whose newest look could not see, and those that were seen well, by the moment of that look."""
    blind: list[tuple[int, ColumnSight]] = []
    well: list[tuple[dt.datetime, int, ColumnSight]] = []
    for place, sight in enumerate(columns):
        if sight.looked_at is not None and sight.outcome and LookOutcome(sight.outcome).proves_absence:
            well.append((sight.looked_at, place, sight))
        else:
            blind.append((place, sight))
    return blind, sorted(well, key=lambda one: (one[0], one[1]))
