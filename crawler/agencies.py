"""Whose name is it: a printed name against the whole registry, then narrowed to a place and a year.

May touch nothing: names in, offices out. The index is made once for a registry and answers without reading it through.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum

from config.schema import Agency
from crawler.names import after_region, forms, made_of, normalised, region_parts


class Likeness(IntEnum):
    """How much of a registered name was printed; the higher, the surer."""

    BARE = 1  # 水利局: nothing of the region; says who only within a column or a portal
    SHORT = 2  # 未央区应急管理局 for 西安市未央区…: there may be a district of that name elsewhere
    FULL = 3  # a registered name, or more of the region in front of it


@dataclass(frozen=True, slots=True)
class Hit:
    """An agency that a name may mean. `until`: the last year of which a report may bear this name; None: any."""

    agency: Agency
    likeness: Likeness
    until: int | None = None


class Registry:
    """All agencies, to be found by their names; what is before and after whom."""

    def __init__(self, agencies: Mapping[str, Agency]) -> None:
        self.agencies = agencies
        self.successors: dict[str, list[str]] = defaultdict(list)
        self._full: dict[str, list[tuple[str, int | None]]] = defaultdict(list)
        self._short: dict[str, list[tuple[str, int | None]]] = defaultdict(list)
        self._bare: dict[str, list[tuple[str, int | None]]] = defaultdict(list)
        for agency in agencies.values():
            if agency.predecessor is not None:
                self.successors[agency.predecessor].append(agency.id)
            for name, until in _names(agency):
                self._add(agency, normalised(name), until)

    def _add(self, agency: Agency, name: str, until: int | None) -> None:
        parts = region_parts(agency.region)
        own = parts[-1] if parts else ""
        for form in forms(name, agency.kind):
            self._full[form].append((agency.id, until))
            rest, has_own = after_region(form, parts)
            if rest == form or not rest:
                continue
            if has_own:
                self._short[own + rest].append((agency.id, until))
            if len(rest) >= 3:
                self._bare[rest].append((agency.id, until))
                self._bare[own[-1] + rest].append((agency.id, until))  # 市应急管理局

    def named(self, printed: str) -> tuple[Hit, ...]:
        """Every agency that a printed name may mean, each once, the likest first."""
        best: dict[str, Hit] = {}
        for form in _readings(normalised(printed)):
            for hit in self._found(form):
                known = best.get(hit.agency.id)
                if known is None or (hit.likeness, hit.until is None) > (known.likeness, known.until is None):
                    best[hit.agency.id] = hit
            if any(hit.likeness is Likeness.FULL for hit in best.values()):
                break
        return tuple(sorted(best.values(), key=lambda hit: -hit.likeness))

    def _found(self, name: str) -> Iterator[Hit]:
        yield from self._hits(self._full.get(name, ()), Likeness.FULL)
        yield from self._hits(self._short.get(name, ()), Likeness.SHORT)
        yield from self._hits(self._bare.get(name, ()), Likeness.BARE)
        for cut in range(2, len(name) - 1):
            head, tail = name[:cut], name[cut:]
            for index in (self._full, self._short):
                for hit in self._hits(index.get(tail, ()), Likeness.FULL):
                    if made_of(head, region_parts(hit.agency.region)):
                        yield hit

    def _hits(self, found: Iterable[tuple[str, int | None]], likeness: Likeness) -> Iterator[Hit]:
        return (Hit(self.agencies[id_], likeness, until) for id_, until in found)

    def kin(self, agency_id: str) -> frozenset[str]:
        """The agency with all its predecessors and successors."""
        found: set[str] = set()
        waiting = [agency_id]
        while waiting:
            one = waiting.pop()
            if one in found or one not in self.agencies:
                continue
            found.add(one)
            before = self.agencies[one].predecessor
            waiting += [*([before] if before else []), *self.successors.get(one, ())]
        return frozenset(found)

    def existed_in(self, agency: Agency, year: int) -> bool:
        """By its own dates; where it has no last day, its successor's first one ends it."""
        return agency.existed_in(year) and all(year <= day.year for day in self._last_days(agency))

    def settled_in(self, agency: Agency, year: int) -> bool:
        """Existed through all of the year and until the report on it was due: nobody else can have published it."""
        begun, ended = agency.valid_from, [*self._last_days(agency)]
        if agency.valid_to is not None:
            ended.append(agency.valid_to)
        return (begun is None or begun <= dt.date(year, 1, 1)) and all(day >= dt.date(year + 1, 3, 31) for day in ended)

    def _last_days(self, agency: Agency) -> list[dt.date]:
        if agency.valid_to is not None:
            return []
        begun = (self.agencies[id_].valid_from for id_ in self.successors.get(agency.id, ()))
        return [day - dt.timedelta(days=1) for day in begun if day is not None]


def narrowed(hits: Collection[Hit], place: Collection[str]) -> tuple[Hit, ...]:
    """The likest of those hits that are of a place (ids); several where the name means several."""
    within = [hit for hit in hits if hit.agency.id in place]
    best = max((hit.likeness for hit in within), default=None)
    return tuple(hit for hit in within if hit.likeness is best)


def _names(agency: Agency) -> Iterator[tuple[str, int | None]]:
    yield agency.name, None
    for alias in agency.aliases:
        yield alias, None
    for former in agency.former_names:
        yield former.name, former.until.year if former.until else None


def _readings(name: str) -> Iterator[str]:
    """The name itself; then without the signs of its brackets: (安康)市应急管理局."""
    yield name
    if "(" in name:
        yield name.replace("(", "").replace(")", "")
