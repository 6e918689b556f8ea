"""Writes the configuration folder of the story: its agencies, its running portals, two invented recipients.

May touch: the folder it is given, for writing; config/agencies.csv and config/deadlines.yml, for reading.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import yaml

from config.env import PACKAGED_CONFIG
from tests.portals.fleet import SimulatedPortals

# Whose report of which year is watched. Of a real agency: only the year of the report that the project holds.
WATCHED_REAL = {
    "liaocheng-zwfwzx": "2017",
    "liaocheng-xzspj": "2020",
    "zhifu-xzspj": "2020",
    "langao-xzspj": "2021",
    "zibo-xzspj": "2023",
}
CITY_DEPARTMENTS = {
    "shili-jyj": "示例市教育局",
    "shili-slj": "示例市水利局",
    "shili-lyj": "示例市林业局",
    "shili-mzj": "示例市民政局",
    "shili-tjj": "示例市统计局",
}
TRANSPORT = {"shili-jtysj": "示例市交通运输局"}
COUNTY = {"shilixian-zf": "示例县人民政府"}
INVENTED_YEAR = "2023"

COLUMNS = {
    "sim-liaocheng": ("liaocheng-zwfwzx", "liaocheng-xzspj"),
    "sim-zhifu": ("zhifu-xzspj",),
    "sim-langao": ("langao-xzspj",),
    "sim-zibo": ("zibo-xzspj",),
    "sim-shili-city": tuple(CITY_DEPARTMENTS),
    "sim-shili-transport": tuple(TRANSPORT),
    "sim-shili-county": tuple(COUNTY),
}

OFFICE = "office@shili-city.example.org"
JOURNALIST = "journalist@paper.example.org"
SUBSCRIPTIONS = (
    # The prefix holds the city (990100) and its county (990121).
    {"name": "shili-city-office", "to": OFFICE, "regions": ["9901"]},
    {"name": "journalist", "to": JOURNALIST, "events": ["late", "missing", "changed"]},
)


def write_configuration(folder: Path, portals: SimulatedPortals) -> Path:
    """Fills `folder` (made if need be) for portals that are running, and returns it: Settings.config_dir."""
    (folder / "portals").mkdir(parents=True, exist_ok=True)
    _write_agencies(folder / "agencies.csv")
    (folder / "deadlines.yml").write_bytes((PACKAGED_CONFIG / "deadlines.yml").read_bytes())
    _write_yaml(folder / "alerts.yml", {"subscriptions": list(SUBSCRIPTIONS)})
    for portal in portals:
        site = portal.site
        column = {"key": "reports", "url": portal.column_url(), "agencies": list(COLUMNS[site.slug])}
        entry = {
            "name": site.name,
            "family": site.family,
            "hosts": [portal.host],
            "site_id_code": site.site_id_code,
            "delay": 0,
            "columns": [column],
        }
        _write_yaml(folder / "portals" / f"{site.slug}.yml", entry)
    return folder


def _write_agencies(path: Path) -> None:
    with (PACKAGED_CONFIG / "agencies.csv").open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream)
        fields = list(reader.fieldnames or ())
        rows: list[dict[str, str]] = [row | {"watched_years": WATCHED_REAL.get(row["id"], "")} for row in reader]
    for agencies, region_code, region, kind in (
        (CITY_DEPARTMENTS | TRANSPORT, "990100", "示例市（虚构）", "department"),
        (COUNTY, "990121", "示例县（虚构）", "government"),
    ):
        rows += [
            {
                "id": id_,
                "name": name,
                "region_code": region_code,
                "region": region,
                "kind": kind,
                "supervisor": "示例市人民政府办公室（虚构）",
                "watched_years": INVENTED_YEAR,
                "invented": "yes",
            }
            for id_, name in agencies.items()
        ]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, fields)
        writer.writeheader()
        writer.writerows(rows)


def _write_yaml(path: Path, data: dict[str, Any]) -> None:
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
