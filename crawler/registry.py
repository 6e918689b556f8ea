"""Is the registry sound: what stands twice, what contradicts itself, who existed when; and what two registries differ in.

May touch nothing: agencies and portals in, problems and figures out. Dates come in as arguments.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from config.agencies import row_of
from config.schema import Agency, AgencyKind, Portal
from crawler.agencies import Registry
from crawler.names import forms, normalised

FIRST_YEAR = 2008  # the first report year of the Regulation
ZONE = "000000"  # the whole country: ministries
# GB/T 2260, the first two digits.
PROVINCES = {
    "11": "北京市", "12": "天津市", "13": "河北省", "14": "山西省", "15": "内蒙古自治区", "21": "辽宁省", "22": "吉林省",
    "23": "黑龙江省", "31": "上海市", "32": "江苏省", "33": "浙江省", "34": "安徽省", "35": "福建省", "36": "江西省",
    "37": "山东省", "41": "河南省", "42": "湖北省", "43": "湖南省", "44": "广东省", "45": "广西壮族自治区", "46": "海南省",
    "50": "重庆市", "51": "四川省", "52": "贵州省", "53": "云南省", "54": "西藏自治区", "61": "陕西省", "62": "甘肃省",
    "63": "青海省", "64": "宁夏回族自治区", "65": "新疆维吾尔自治区",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is wrong (`error`), or that a person should know (not an error). `kind` is a stable word."""

    kind: str
    ids: tuple[str, ...]
    message: str
    error: bool = True


def problems(registry: Registry, portals: Mapping[str, Portal], today: dt.date) -> list[Problem]:
    """Everything that check tells, errors first."""
    found = [
        *_regions(registry),
        *_validity(registry),
        *_doubles(registry),
        *_columns(registry, portals, today),
        *_without_column(registry, portals),
    ]
    return sorted(found, key=lambda problem: not problem.error)


def existed(registry: Registry, last_year: int) -> dict[int, Counter[AgencyKind]]:
    """How many agencies of each kind existed in each report year: the denominator of every statistic."""
    return {
        year: Counter(agency.kind for agency in registry.agencies.values() if registry.existed_in(agency, year))
        for year in range(FIRST_YEAR, last_year + 1)
    }


@dataclass(frozen=True, slots=True)
class Difference:
    """`changed`: id → column → (before, after), as the file writes them."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: dict[str, dict[str, tuple[str, str]]]

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.removed or self.changed)


def difference(old: Mapping[str, Agency], new: Mapping[str, Agency]) -> Difference:
    changed = {}
    for id_, agency in new.items():
        if id_ in old and old[id_] != agency:
            before, after = row_of(old[id_]), row_of(agency)
            changed[id_] = {name: (before[name], after[name]) for name in after if before[name] != after[name]}
    return Difference(tuple(id_ for id_ in new if id_ not in old), tuple(id_ for id_ in old if id_ not in new), changed)


def _regions(registry: Registry) -> Iterator[Problem]:
    """A code of no province, a text of another one; one code for two regions, or one region with two codes."""
    texts: dict[str, dict[str, str]] = defaultdict(dict)
    codes: dict[str, dict[str, str]] = defaultdict(dict)
    for agency in registry.agencies.values():
        if agency.invented:
            continue
        texts[agency.region_code].setdefault(agency.region, agency.id)
        codes[agency.region].setdefault(agency.region_code, agency.id)
        province = PROVINCES.get(agency.region_code[:2])
        if agency.region_code != ZONE and province is None:
            yield Problem(
                "region", (agency.id,), f"地区代码 {agency.region_code} 不属于任何省份 no province has this code"
            )
        elif province is not None and not agency.region.startswith(province):
            message = (
                f"地区代码 {agency.region_code} 属{province}，地区却写作「{agency.region}」 code and region differ"
            )
            yield Problem("region", (agency.id,), message)
    for code, regions in texts.items():
        if code.endswith("00"):
            continue  # a zone has no code of its own and stands under that of its city or province
        shortest = min(regions, key=len)
        if strangers := [region for region in regions if not region.startswith(shortest)]:
            ids = tuple(regions[region] for region in (shortest, *strangers))
            yield Problem(
                "region", ids, f"地区代码 {code} 对应不同地区 one code, several regions：{'、'.join(regions)}"
            )
    for region, known in codes.items():
        if len(known) > 1:
            yield Problem(
                "region", tuple(known.values()), f"{region} 有不同的地区代码 several codes：{'、'.join(known)}"
            )


def _validity(registry: Registry) -> Iterator[Problem]:
    """Dates that end before they begin, circles of predecessors, a predecessor that outlives its successor."""
    agencies = registry.agencies
    for agency in agencies.values():
        if agency.valid_from and agency.valid_to and agency.valid_to < agency.valid_from:
            yield Problem("dates", (agency.id,), "撤销早于设立 it ends before it begins")
        before = agencies.get(agency.predecessor or "")
        if before is not None and before.valid_to and agency.valid_from and before.valid_to >= agency.valid_from:
            message = f"前身 {before.id} 到 {before.valid_to} 才撤销，本机构 {agency.valid_from} 已设立 both at once"
            yield Problem("overlap", (before.id, agency.id), message)
        if before is not None and not before.valid_to and not agency.valid_from:
            message = "更替日期未登记，各年都算两个机构 no date of the change: both are counted in every year"
            yield Problem("undated", (before.id, agency.id), message, error=False)
    yield from _circles(agencies)


def _circles(agencies: Mapping[str, Agency]) -> Iterator[Problem]:
    done: set[str] = set()
    for start in agencies:
        path: dict[str, None] = {}
        at: str | None = start
        while at is not None and at not in done and at not in path:
            path[at] = None
            at = agencies[at].predecessor
        if at is not None and at in path:
            ids = tuple(path)[tuple(path).index(at) :]
            yield Problem("cycle", ids, "前身互为循环 predecessors go in a circle")
        done.update(path)


def _doubles(registry: Registry) -> Iterator[Problem]:
    """One name, or one credit code, for two agencies that existed at the same time."""
    names: dict[tuple[str, str], list[Agency]] = defaultdict(list)
    codes: dict[str, list[Agency]] = defaultdict(list)
    for agency in registry.agencies.values():
        for name in {normalised(name) for name in (agency.name, *agency.aliases)}:
            names[agency.region, name].append(agency)
        if agency.credit_code:
            codes[agency.credit_code].append(agency)
    for (region, name), same in names.items():
        if _overlapping(same):
            ids = tuple(agency.id for agency in same)
            yield Problem("duplicate", ids, f"{region} 有同名机构 the same name twice：{name}")
    for code, same in codes.items():
        if _overlapping(same):
            ids = tuple(agency.id for agency in same)
            yield Problem("duplicate", ids, f"统一社会信用代码重复 the same credit code：{code}")


def _overlapping(agencies: list[Agency]) -> bool:
    """Whether two of them existed on one day, as far as their dates tell."""
    spans = sorted((agency.valid_from or dt.date.min, agency.valid_to or dt.date.max) for agency in agencies)
    return any(later[0] <= earlier[1] for earlier, later in pairwise(spans))


def _columns(registry: Registry, portals: Mapping[str, Portal], today: dt.date) -> Iterator[Problem]:
    """Names that two agencies of one column share, and agencies that are gone and whose successor is not there."""
    for portal in portals.values():
        for column in portal.columns:
            where = f"{portal.slug}/{column.key}"
            bearers: dict[str, set[str]] = defaultdict(set)
            for agency in (registry.agencies[id_] for id_ in column.agencies):
                for name in _all_forms(agency):
                    bearers[name].add(agency.id)
                successors = registry.successors.get(agency.id, ())
                if (
                    agency.valid_to
                    and agency.valid_to < today
                    and successors
                    and not {*successors} & {*column.agencies}
                ):
                    message = f"{where}：机构已于 {agency.valid_to} 撤销，栏目未登记其后继 {'、'.join(successors)} successor missing"
                    yield Problem("expired", (agency.id,), message)
                elif agency.valid_to and agency.valid_to < today and len(column.agencies) == 1:
                    message = f"{where}：栏目唯一的机构已于 {agency.valid_to} 撤销 its only agency is gone"
                    yield Problem("expired", (agency.id,), message)
            for name, ids in bearers.items():
                if len(ids) > 1:
                    message = f"{where}：「{name}」可指多个机构 may mean several"
                    yield Problem("ambiguous", tuple(sorted(ids)), message)


def _all_forms(agency: Agency) -> set[str]:
    names = (agency.name, *agency.aliases)
    return {form for name in names for form in forms(normalised(name), agency.kind)}


def _without_column(registry: Registry, portals: Mapping[str, Portal]) -> Iterator[Problem]:
    """Who is watched and stands in no column can never be found; who is not watched is only counted."""
    placed = {id_ for portal in portals.values() for column in portal.columns for id_ in column.agencies}
    lonely = [agency for agency in registry.agencies.values() if agency.id not in placed]
    for agency in lonely:
        if agency.watched_years:
            yield Problem("no_column", (agency.id,), f"{agency.name} 受监测，却不在任何栏目 watched, but in no column")
    idle = tuple(agency.id for agency in lonely if not agency.watched_years)
    if idle:
        message = f"{len(idle)} 个未受监测的机构不在任何栏目 are not watched and in no column"
        yield Problem("no_column", idle, message, error=False)
