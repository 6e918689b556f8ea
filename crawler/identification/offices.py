"""Whose report it is. Touches nothing.

The page's title names the agency, then the list's; the signature and the page's metadata may confirm or contradict.
Where no name is printed (「我局」) the column's only agency is meant. 发布机构 of an index header and the folders of an address
are no witnesses: the first is often the office that runs the portal, the second are copied from other columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from config.schema import Agency, AgencyKind
from crawler.agencies import Hit, Likeness, Registry, narrowed
from crawler.identification.model import Evidence, Item, Place, Source
from crawler.reports import title as titling


class Reach(Enum):
    """Where the agency of a name was found."""

    COLUMN = "栏目登记的机构"
    PORTAL = "同一网站其他栏目登记的机构"
    ELSEWHERE = "不在本网站登记的机构"
    SEVERAL = "可指多个登记机构"
    OUT_OF_TIME = "该机构在该年度不存在，或已不用此名"
    UNKNOWN = "未登记的名称"


@dataclass(frozen=True, slots=True)
class Meant:
    """What a printed name means here. `agencies`: one for the first three reaches, else all that it may be."""

    printed: str
    reach: Reach
    agencies: tuple[Agency, ...] = ()

    @property
    def agency(self) -> Agency | None:
        return self.agencies[0] if self.reach in (Reach.COLUMN, Reach.PORTAL, Reach.ELSEWHERE) else None


@dataclass(frozen=True, slots=True)
class OfficeFound:
    """`agency` None: not certain, it may be one of `candidates`; `repost`: certainly another agency's than the column's."""

    agency: Agency | None
    why: str
    candidates: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    conflicts: tuple[str, ...] = ()
    repost: bool = False


def settle(item: Item, year: int | None, place: Place, registry: Registry) -> OfficeFound:
    """The agency with everything that speaks for and against it. `year`: of the report, as far as known."""
    page, listed = item.page, titling.read_listed(item.title)
    titles = [
        (source, meaning(name, year, place, registry))
        for source, name in (
            (Source.TITLE, page.agency if page else None),
            (Source.LISTED, listed.agency if listed else None),
        )
        if name
    ]
    others = [
        (source, meaning(name, year, place, registry))
        for source, name in (
            (Source.SIGNATURE, page.signed_by if page else None),
            (Source.METADATA, page.content_source if page else None),
        )
        if name
    ]
    names = _names(place.column_agencies, registry)
    evidence = (
        *(_said(source, meant) for source, meant in (*titles, *others)),
        *([Evidence("agency", Source.COLUMN, names, "、".join(place.column_agencies))] if names else []),
    )
    if titles:
        return _named(titles, others, place, evidence)
    signed = next((meant for source, meant in others if source is Source.SIGNATURE), None)
    if signed is not None:
        if signed.reach is Reach.COLUMN and signed.agency:
            return OfficeFound(signed.agency, f"落款「{signed.printed}」是栏目登记的机构", (), evidence)
        return _open(f"标题未写机构，落款「{signed.printed}」：{signed.reach.value}", signed.agencies, place, evidence)
    return _unnamed(year, others, place, registry, evidence)


def meaning(printed: str, year: int | None, place: Place, registry: Registry) -> Meant:
    """What a name means at a place, in a report of a year."""
    hits = registry.named(printed) or _joint(printed, registry)
    if not hits:
        return Meant(printed, Reach.UNKNOWN)
    column = frozenset(one for id_ in place.column_agencies for one in registry.kin(id_))
    portal = frozenset(one for id_ in place.portal_agencies for one in registry.kin(id_))
    least = Likeness.SHORT if column else Likeness.BARE  # without a column, the portal tells whose 水利局 it is
    for reach, found in (
        (Reach.COLUMN, narrowed(hits, column)),
        (Reach.PORTAL, narrowed([hit for hit in hits if hit.likeness >= least], portal)),
        (Reach.ELSEWHERE, tuple(hit for hit in hits if hit.likeness is Likeness.FULL)),
    ):
        if found:
            return _in_time(printed, reach, found, year, registry)
    return Meant(printed, Reach.SEVERAL, tuple(hit.agency for hit in hits[:20]))


def _in_time(printed: str, reach: Reach, found: Sequence[Hit], year: int | None, registry: Registry) -> Meant:
    fitting = [
        hit
        for hit in found
        if year is None or ((hit.until is None or year <= hit.until) and registry.existed_in(hit.agency, year))
    ]
    if len(fitting) == 1:
        return Meant(printed, reach, (fitting[0].agency,))
    if fitting:
        return Meant(printed, Reach.SEVERAL, tuple(hit.agency for hit in fitting))
    kin = dict.fromkeys(id_ for hit in found for id_ in (hit.agency.id, *sorted(registry.kin(hit.agency.id))))
    return Meant(printed, Reach.OUT_OF_TIME, tuple(registry.agencies[id_] for id_ in kin))


def _joint(printed: str, registry: Registry) -> tuple[Hit, ...]:
    """贵阳市人民政府(市人民政府办公厅): the name outside the brackets, and another that is registered inside them."""
    outer, bracket, rest = titling.plain(printed).partition("(")
    if not bracket or not outer:
        return ()
    first = registry.named(outer)
    known = {hit.agency.id for hit in first}
    inner = [hit for hit in registry.named(rest.rstrip(")")) if hit.agency.id not in known]
    parts = {hit.agency.region for hit in first}
    return (*first, *(replace(hit, likeness=Likeness.FULL) for hit in inner if hit.agency.region in parts))


def _named(
    titles: Sequence[tuple[Source, Meant]],
    others: Sequence[tuple[Source, Meant]],
    place: Place,
    evidence: tuple[Evidence, ...],
) -> OfficeFound:
    sure = [meant for _, meant in titles if meant.agency is not None]
    open_ = [meant for _, meant in titles if meant.agency is None]
    if not sure:
        meant = open_[0]
        return _open(f"「{meant.printed}」：{meant.reach.value}", meant.agencies, place, evidence)
    agency = sure[0].agency
    assert agency is not None  # noqa: S101 - by the line above; for the type checker
    if any(meant.agency != agency for meant in sure):
        both = tuple(meant.agency for meant in sure if meant.agency)
        return _open("页面标题与列表标题写的是不同机构", both, place, evidence)
    for meant in open_:
        if agency not in meant.agencies and not _same_name(meant.printed, sure[0].printed):
            why = f"「{sure[0].printed}」与「{meant.printed}」（{meant.reach.value}）不一致"
            return _open(why, (agency, *meant.agencies), place, evidence)
    conflicts = [
        f"{'落款' if source is Source.SIGNATURE else 'ContentSource'}：{meant.printed}"
        for source, meant in others
        if meant.agency is not None and meant.agency != agency
    ]
    for source, meant in others:
        if source is Source.SIGNATURE and meant.agency not in (None, agency) and not _signs_for(meant, agency):
            both = (agency, *meant.agencies)
            return _open(f"标题写「{sure[0].printed}」，落款是「{meant.printed}」", both, place, evidence)
    return _at_its_place(agency, sure, titles, place, evidence, tuple(conflicts))


def _at_its_place(
    agency: Agency,
    sure: Sequence[Meant],
    titles: Sequence[tuple[Source, Meant]],
    place: Place,
    evidence: tuple[Evidence, ...],
    conflicts: tuple[str, ...],
) -> OfficeFound:
    """A name that is certain, against the column it was met in."""
    reach = next(iter({meant.reach for meant in sure} - {Reach.COLUMN}), Reach.COLUMN)
    why = f"标题中的机构「{sure[0].printed}」即{agency.name}（{reach.value}）"
    if reach is Reach.COLUMN or (reach is Reach.PORTAL and not place.column_agencies):
        return OfficeFound(agency, why, (), evidence, conflicts)
    if not place.portal:
        return _open(f"{why}，但该网站未登记", (agency,), place, evidence)
    twice = {source for source, _ in titles} == {Source.TITLE, Source.LISTED} and len(sure) == len(titles)
    if not twice:  # one witness alone may be a slip of whoever copied another office's page
        return _open(why, (agency,), place, evidence)
    expected = next((one.text for one in evidence if one.source is Source.COLUMN), place.portal)
    conflicts = (*conflicts, f"栏目登记：{expected}")
    if reach is Reach.PORTAL:
        return OfficeFound(agency, why, (), evidence, conflicts)
    return OfficeFound(None, f"转载其他机构的年度报告：{agency.name}", (agency.id,), evidence, conflicts, repost=True)


def _unnamed(
    year: int | None,
    others: Sequence[tuple[Source, Meant]],
    place: Place,
    registry: Registry,
    evidence: tuple[Evidence, ...],
) -> OfficeFound:
    """「我局」: the column's only agency, unless another one of its line may have published the report of that year."""
    column = [registry.agencies[id_] for id_ in place.column_agencies]
    lines = {registry.kin(agency.id) for agency in column}
    if len(lines) != 1:
        why = "未写机构全称，栏目登记了多个机构" if column else "未写机构全称，所在栏目未登记"
        metadata = next((meant.agency for _, meant in others if meant.agency), None)
        return _open(why, (metadata,) if metadata and metadata in column else (), place, evidence)
    line = [registry.agencies[id_] for id_ in sorted(lines.pop())]
    if year is not None:
        line = [agency for agency in line if registry.existed_in(agency, year)]
        if len(line) == 1 and line[0].predecessor is None and not registry.successors.get(line[0].id):
            return OfficeFound(line[0], f"未写机构全称，该栏目只登记了{line[0].name}", (), evidence)
        settled = [agency for agency in line if registry.settled_in(agency, year)]
        if len(line) == len(settled) == 1:
            return OfficeFound(line[0], f"未写机构全称，该栏目在 {year} 年度只有{line[0].name}", (), evidence)
    elif len(line) == 1:
        return OfficeFound(line[0], f"未写机构全称，该栏目只登记了{line[0].name}", (), evidence)
    return _open("未写机构全称，栏目的机构在该年度前后有更替", tuple(line), place, evidence)


def _signs_for(signed: Meant, agency: Agency) -> bool:
    """The office of a government signs for it."""
    return agency.kind is AgencyKind.GOVERNMENT and signed.agency is not None and signed.agency.region == agency.region


def _same_name(one: str, other: str) -> bool:
    one, other = titling.plain(one), titling.plain(other)
    return one.endswith(other) or other.endswith(one)


def _open(why: str, agencies: Sequence[Agency], place: Place, evidence: tuple[Evidence, ...]) -> OfficeFound:
    """A person has to say: between the agencies that were named, else those of the column."""
    named = tuple(dict.fromkeys(agency.id for agency in agencies))
    return OfficeFound(None, why, named or place.column_agencies, evidence)


def _said(source: Source, meant: Meant) -> Evidence:
    ids = "、".join(agency.id for agency in meant.agencies)
    return Evidence("agency", source, f"{meant.printed}（{meant.reach.value}）", ids)


def _names(ids: Sequence[str], registry: Registry) -> str:
    """The names of a column's agencies, the first three of many."""
    names = [registry.agencies[id_].name for id_ in ids]
    return "、".join(names[:3]) + (f" 等 {len(names)} 个机构" if len(names) > 3 else "")
