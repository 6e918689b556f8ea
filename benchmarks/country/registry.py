"""The invented country: provinces, prefectures, counties, their offices and portals, as a configuration folder.

May touch: the folder it is given. Every name says 示例; hosts end in .example.org, which nobody has.
"""

import csv
import datetime as dt
import itertools
import random
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from config.env import PACKAGED_CONFIG
from config.schema import AgencyKind

# First digits of region codes that GB/T 2260 has given to no province.
PROVINCE_CODES = (*range(66, 71), *range(72, 81), *range(84, 100))
COUNTIES_OF_A_PREFECTURE = 9
PREFECTURES_OF_A_PROVINCE = 12
AGENCIES_OF_A_COUNTY = 50  # with its share of what is above it
LEAST_AGENCIES, MOST_AGENCIES = 300, 150_000
DEPARTMENTS = (
    "教育", "科学技术", "工业和信息化", "公安", "民政", "司法", "财政", "人力资源和社会保障", "自然资源", "生态环境", "住房和城乡建设", "交通运输", "水务", "农业农村",
    "商务", "文化和旅游", "卫生健康", "退役军人事务", "应急管理", "审计", "市场监督管理", "统计", "医疗保障", "城市管理", "行政审批服务", "林业", "信访", "乡村振兴",
    "体育", "气象", "国防动员", "地方金融监督管理", "机关事务管理", "广播电视", "粮食和物资储备", "海洋发展", "大数据", "投资促进", "知识产权", "供销",
)  # fmt: skip
SYLLABLES = "东南云石金玉清平安和宁丰泰永兴新长远高明光华春松柏竹梅兰菊桃柳枫桐梧溪河江湖泉海川山岭岩谷峰原林田园关桥渡港湾城堡坪坝"
PAIRS = [first + second for first, second in itertools.permutations(SYLLABLES, 2)]
FAMILIES = ("trs", "hanweb", "jpaas", "ucap", "gkmlpt", "lonsun", "boda", "epoint", "general")
COLUMNS = {"zf": "政府信息公开年报", "bm": "部门年报", "xz": "乡镇年报"}
COLUMN_OF = {AgencyKind.GOVERNMENT: "zf", AgencyKind.DEPARTMENT: "bm", AgencyKind.TOWNSHIP: "xz"}


@dataclass(frozen=True, slots=True)
class Office:
    """One agency and the column in which its reports are looked for. `founded` None: it was always there."""

    id: str
    name: str
    former_name: str
    region_code: str
    region: str
    kind: AgencyKind
    supervisor: str
    founded: dt.date | None
    portal: str
    portal_name: str

    @property
    def column(self) -> str:
        return COLUMN_OF[self.kind]

    @property
    def url(self) -> str:
        """Of its column."""
        return f"https://www.{self.portal}.example.org/zwgk/nb/{self.column}/"


@dataclass(frozen=True, slots=True)
class _Area:
    code: str
    name: str
    region: str
    departments: int
    townships: int
    above: str  # the government that supervises this one


def country(agencies: int, seed: int) -> list[Office]:
    """So many agencies in the order of their ids. Raises ValueError for a country that is too small or too large."""
    if not LEAST_AGENCIES <= agencies <= MOST_AGENCIES:
        raise ValueError(f"a country has {LEAST_AGENCIES:,} to {MOST_AGENCIES:,} agencies")
    chance = random.Random(f"{seed} registry")
    return [office for area in _areas(agencies, chance) for office in _offices(area, chance)]


def _areas(agencies: int, chance: random.Random) -> Iterator[_Area]:
    counties = agencies // AGENCIES_OF_A_COUNTY
    prefectures = -(-counties // COUNTIES_OF_A_PREFECTURE)
    provinces = -(-prefectures // PREFECTURES_OF_A_PROVINCE)
    fixed = provinces * 41 + prefectures * 39 + counties * 31
    townships, more = divmod(agencies - fixed, counties)
    names = _names(chance, prefectures + counties)
    county = itertools.count()
    for province in range(provinces):
        code = PROVINCE_CODES[province]
        name = f"示例{SYLLABLES[province]}{SYLLABLES[-1 - province]}省"
        yield _Area(f"{code}0000", name, f"{name}（虚构）", 40, 0, "")
        left = min(PREFECTURES_OF_A_PROVINCE, prefectures - province * PREFECTURES_OF_A_PROVINCE)
        for prefecture in range(1, left + 1):
            city = f"示例{next(names)}市"
            yield _Area(f"{code}{prefecture:02}00", city, f"{name}{city}（虚构）", 38, 0, name)
            for place in range(1, COUNTIES_OF_A_PREFECTURE + 1):
                number = next(county)
                if number >= counties:
                    break
                own = f"示例{next(names)}县"
                region = f"{name}{city}{own}（虚构）"
                yield _Area(f"{code}{prefecture:02}{place:02}", own, region, 30, townships + (number < more), city)


def _names(chance: random.Random, count: int) -> Iterator[str]:
    return iter(chance.sample(PAIRS, count))


def _offices(area: _Area, chance: random.Random) -> Iterator[Office]:
    government = f"{area.name}人民政府"
    office = f"{government}办公室"
    townships = chance.sample(PAIRS, area.townships)
    suffix = "厅" if area.code.endswith("0000") else "局"
    members = [
        (AgencyKind.GOVERNMENT, government, f"{area.above}人民政府办公室" if area.above else ""),
        *((AgencyKind.DEPARTMENT, f"{area.name}{one}{suffix}", office) for one in DEPARTMENTS[: area.departments]),
        *((AgencyKind.TOWNSHIP, f"{area.name}{one}镇人民政府", office) for one in townships),
    ]
    for number, (kind, name, supervisor) in enumerate(members):
        is_department = kind is AgencyKind.DEPARTMENT
        yield Office(
            id=f"sl{area.code}-{number:03}",
            name=name,
            former_name=name.replace(suffix, "委员会") if is_department and chance.random() < 0.12 else "",
            region_code=area.code,
            region=area.region,
            kind=kind,
            supervisor=supervisor,
            founded=dt.date(chance.randint(2009, 2024), 3, 1) if is_department and chance.random() < 0.03 else None,
            portal=f"sl{area.code}",
            portal_name=f"{area.name}网站（虚构）",
        )


def write_configuration(folder: Path, offices: Sequence[Office], first_year: int) -> None:
    """agencies.csv, portals/ and the rules that the program is shipped with. What stood in the folder is replaced."""
    if folder.exists():
        shutil.rmtree(folder)
    (folder / "portals").mkdir(parents=True)
    for name in ("deadlines.yml", "visits.yml", "changes.yml"):
        (folder / name).write_bytes((PACKAGED_CONFIG / name).read_bytes())
    (folder / "alerts.yml").write_text("subscriptions: []\n", encoding="utf-8")
    with (folder / "agencies.csv").open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream, lineterminator="\n")
        rows.writerow(
            ["id", "name", "former_names", "credit_code", "region_code", "region", "kind", "supervisor", "valid_from",
             "watched_years", "invented"]
        )  # fmt: skip
        for number, one in enumerate(offices):
            former = f"{one.former_name}@2019-03-15" if one.former_name else ""
            code = f"11{one.region_code}{number:09}X"
            rows.writerow(
                [one.id, one.name, former, code, one.region_code, one.region, one.kind.value, one.supervisor,
                 one.founded or "", f"{first_year}-", "yes"]
            )  # fmt: skip
    for slug, members in itertools.groupby(offices, key=lambda one: one.portal):
        (folder / "portals" / f"{slug}.yml").write_text(_portal(slug, list(members)), encoding="utf-8")


def _portal(slug: str, members: Sequence[Office]) -> str:
    family = FAMILIES[int(slug[2:]) % len(FAMILIES)]
    lines = [f"name: {members[0].portal_name}", f"family: {family}", f"hosts: [www.{slug}.example.org]", "columns:"]
    for column, of in itertools.groupby(members, key=lambda one: one.column):
        found = list(of)
        lines += [
            f"  - key: {column}",
            f"    name: {COLUMNS[column]}",
            f"    url: {found[0].url}",
            f"    agencies: [{', '.join(one.id for one in found)}]",
        ]
    return "\n".join(lines) + "\n"
