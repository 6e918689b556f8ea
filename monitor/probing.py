"""`gongkai portal probe`: what the child found at an address, whose reports these are, and the entry that would register it.

May touch: a child process (`python -m scrapy probe`), by monitor.child. Everything in its answer comes from outside:
it is only shown, and written as YAML by the YAML library.
"""

import json
import re
import sys
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

import yaml

from config.errors import GongkaiError
from config.load import Configuration
from config.schema import Holds
from crawler.agencies import Likeness, Registry
from crawler.model import LookOutcome
from crawler.reports import title as titling
from crawler.titles import COLUMN_TYPE
from monitor import child
from monitor.context import Context
from monitor.jobs import environment

SECONDS = 1000.0  # the child bounds itself to less
_SAW = (LookOutcome.HEALTHY, LookOutcome.EMPTY, LookOutcome.INCOMPLETE)
_NAME = "政府信息公开年报"


@dataclass(frozen=True, slots=True)
class Whose:
    """What a title says by itself: the id of the one agency of its full name, the year; and what is open, in Chinese."""

    agency: str | None
    year: int | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Probed:
    """`found`: the child's JSON (see docs/portals.md); `whose`: by address of an entry that may be a report."""

    found: Mapping[str, Any]
    whose: Mapping[str, Whose]

    @property
    def columns(self) -> Sequence[Mapping[str, Any]]:
        columns: Sequence[Mapping[str, Any]] = self.found["columns"]
        return columns

    def usable(self) -> list[Mapping[str, Any]]:
        """The columns that belong into an entry: of the portal's family, seen, and of annual reports beyond their name."""
        return [
            column
            for column in self.columns
            if column["family"] == self.found["family"]
            and column["outcome"] in _SAW
            and (COLUMN_TYPE in column["column_type"] or _reports(column))
        ]

    def agencies(self, column: Mapping[str, Any]) -> tuple[str, ...]:
        """Ids of the agencies whose reports the column surely lists, those with the most first."""
        told = (self.whose.get(entry["url"]) for entry in column["entries"])
        return tuple(id_ for id_, _ in Counter(one.agency for one in told if one and one.agency).most_common())

    def as_json(self) -> dict[str, Any]:
        columns = []
        for column in self.columns:
            entries = [
                entry | {"whose": asdict(one) if (one := self.whose.get(entry["url"])) else None}
                for entry in column["entries"]
            ]
            columns.append({**column, "entries": entries, "agencies": list(self.agencies(column))})
        return {**self.found, "columns": columns}


def probe(context: Context, url: str) -> Probed:
    """Looks at `url` and what it leads to. Raises GongkaiError with the child's reason."""
    lines: list[str] = []
    ending = child.run(
        [sys.executable, "-m", "scrapy", "probe", url, "--at", context.now.isoformat()],
        environment=environment(context.settings),
        seconds=SECONDS,
        on_line=lines.append,
        stop=threading.Event(),
    )
    said = [line for line in ending.tail if line.strip()]
    if ending.code != 0 or ending.why or not lines:
        raise GongkaiError(ending.why or (said[-1] if said else f"the look ended with code {ending.code}"))
    found = json.loads(lines[-1])
    return Probed(found, _whose_all(found, context.configuration))


def whose(title: str, registry: Registry) -> Whose:
    """By the title and the registry alone: nothing is known of the portal yet, so a short name says nothing."""
    read = titling.read_listed(title)
    if read is None or read.agency is None:
        return Whose(None, read.year if read else None, "标题没有写机构")
    full = [hit.agency for hit in registry.named(read.agency) if hit.likeness is Likeness.FULL]
    if len(full) == 1:
        return Whose(full[0].id, read.year)
    why = (
        f"「{read.agency}」可能是{'、'.join(agency.name for agency in full)}" if full else f"「{read.agency}」没有登记"
    )
    return Whose(None, read.year, why)


def _whose_all(found: Mapping[str, Any], configuration: Configuration) -> dict[str, Whose]:
    registry = Registry(configuration.agencies)
    return {
        entry["url"]: whose(entry["title"], registry)
        for column in found["columns"]
        for entry in column["entries"]
        if entry["verdict"] != "lookalike"
    }


def as_yaml(probed: Probed, agencies: Sequence[str] = ()) -> str:
    """The portal's file, with comments. `agencies`: for columns whose agencies are not known from their entries.

    Raises GongkaiError where there is nothing to register.
    """
    columns = probed.usable()
    if not columns:
        raise GongkaiError("没有看到年报栏目 / no annual-report column was seen: nothing to register")
    keys: list[str] = []
    entry: dict[str, Any] = {
        "name": probed.found["site"].get("name") or urlsplit(probed.found["url"]).netloc,
        "family": probed.found["family"],
        "hosts": [urlsplit(probed.found["url"]).netloc],
    }
    if re.fullmatch(r"\w{10}", code := probed.found["site"].get("id_code") or ""):
        entry["site_id_code"] = code
    entry["columns"] = []
    for column in columns:
        keys.append(_key(column["url"], keys))
        entry["columns"].append(_column(column, keys[-1], probed.agencies(column) or tuple(agencies)))
    seen = [f"{sign['family']} {sign['points']}: {', '.join(sign['seen'])}" for sign in probed.found["signs"]]
    head = [
        f"gongkai portal probe {probed.found['url']}",
        "尚未核对 never verified live: gongkai portal check SLUG --mark",
        *(f"依据 signs: {line}" for line in dict.fromkeys(seen)),
    ]
    if not all(column["agencies"] for column in entry["columns"]):
        head.append("agencies: 填入 agencies.csv 中的机构编号 ids of agencies.csv whose reports stand in the column")
    comments = "".join(f"# {' '.join(line.split())[:200]}\n" for line in head)
    return comments + yaml.safe_dump(entry, allow_unicode=True, sort_keys=False, width=120)


def _column(column: Mapping[str, Any], key: str, agencies: Sequence[str]) -> dict[str, Any]:
    written: dict[str, Any] = {"key": key}
    if column["name"] != _NAME:
        written["name"] = column["name"]
    written["url"] = column["url"]
    if column["holds"] != Holds.LIST:
        written["holds"] = column["holds"]
    if column["branches"]:
        written["branches"] = list(column["branches"])
    return written | {"agencies": list(agencies)}


def _key(url: str, taken: Sequence[str]) -> str:
    """A short word from the address: its last folder that is none of the words that every address has."""
    words = [part for part in re.split(r"[^a-z0-9]+", urlsplit(url).path.lower()) if part]
    meant = [word for word in words if word not in ("index", "html", "htm", "shtml", "list", "jsp", "col", "column")]
    key = (meant[-1] if meant else "reports")[:40]
    number = 2
    while key in taken:
        key, number = f"{key.rstrip('0123456789').rstrip('-')}-{number}", number + 1
    return key


def _reports(column: Mapping[str, Any]) -> bool:
    return any(entry["verdict"] == "report" for entry in column["entries"]) or column["holds"] != Holds.LIST
