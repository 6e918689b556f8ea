"""What a user may write of agencies and portals. Unknown keys are refused.

May touch nothing: values in, values out. The files are read by config.load.
"""

import datetime as dt
import ipaddress
import re
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

_HOST = re.compile(r"[a-z0-9.-]+(?::\d+)?")
Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class AgencyKind(StrEnum):
    """The groups that the Regulation treats differently (第四十九条)."""

    DEPARTMENT = "department"  # 县级以上人民政府部门
    GOVERNMENT = "government"  # 县级以上地方人民政府, published by its 政务公开主管部门
    TOWNSHIP = "township"  # 乡镇人民政府, 街道办事处


class Level(StrEnum):
    """The level of government that an office belongs to (宪法第三十条)."""

    NATIONAL = "national"  # 国务院部门
    PROVINCIAL = "provincial"  # 省、自治区、直辖市
    PREFECTURAL = "prefectural"  # 设区的市、自治州、地区、盟
    COUNTY = "county"  # 县、市辖区、县级市、旗；also the districts of 直辖市
    TOWNSHIP = "township"  # 乡、镇、街道


class YearSpan(Strict):
    """Report years from `first` to `last`, both included; `last` None means until further notice."""

    first: int = Field(ge=2007, le=2100)
    last: int | None = Field(None, ge=2007, le=2100)

    def __contains__(self, year: int) -> bool:
        return self.first <= year and (self.last is None or year <= self.last)


@lru_cache(maxsize=1024)  # a registry of 150,000 rows holds few different texts
def parse_years(text: str) -> tuple[YearSpan, ...]:
    """`2017,2019-2021,2023-` → spans. An empty text is no year at all. Raises ValueError."""
    spans = []
    for part in (part.strip() for part in text.split(",")):
        if not part:
            continue
        first, dash, last = part.partition("-")
        if not first.isdigit() or (last and not last.isdigit()):
            raise ValueError(f"years are written like 2019, 2019-2021 or 2019-, not {part!r}")
        end = int(last) if last else (None if dash else int(first))
        spans.append(YearSpan(first=int(first), last=end))
    return tuple(spans)


class FormerName(Strict):
    """A name that the agency bore until it was renamed; in the file `旧名@2019-01-31`, the day being its last."""

    name: str = Field(min_length=2)
    until: dt.date | None = None  # None: nobody knows, so a report under it may be of any year


class Agency(Strict):
    """One row of agencies.csv. `id` never changes, also when the name does."""

    id: Slug
    name: str = Field(min_length=2)
    aliases: tuple[str, ...] = ()  # short and other names of today, separated by | in the file
    former_names: tuple[FormerName, ...] = ()  # separated by | in the file
    sites: tuple[
        str, ...
    ] = ()  # hosts of its website, separated by |; they tell whose 水利局 it is where no portal does
    credit_code: str = Field("", pattern=r"^$|^[0-9A-HJ-NPQRTUWXY]{18}$")  # 统一社会信用代码, GB 32100
    region_code: str = Field(pattern=r"^\d{6}$")  # GB/T 2260; of a zone that has none, the code of what it lies in
    region: str = Field(min_length=2)
    kind: AgencyKind
    supervisor: str = ""  # the office that supervises its disclosure (政务公开主管部门)
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    predecessor: Slug | None = None
    watched_years: tuple[YearSpan, ...] = ()  # empty: known by name, never judged
    invented: bool = False  # an agency of a demonstration; every page and mail says so

    @field_validator("aliases", "sites", mode="before")
    @classmethod
    def _split_texts(cls, value: Any) -> Any:
        return tuple(part.strip() for part in value.split("|") if part.strip()) if isinstance(value, str) else value

    @field_validator("former_names", mode="before")
    @classmethod
    def _split_former_names(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        parts = (part.strip().partition("@") for part in value.split("|") if part.strip())
        return tuple({"name": name, "until": until or None} for name, _, until in parts)

    @field_validator("watched_years", mode="before")
    @classmethod
    def _split_years(cls, value: Any) -> Any:
        return parse_years(value) if isinstance(value, str) else value

    @field_validator("sites")
    @classmethod
    def _sites_are_hosts(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if wrong := [site for site in value if not _HOST.fullmatch(site)]:
            raise ValueError(f"a site is a host like www.example.org, not {wrong[0]!r}")
        return value

    @field_validator("valid_from", "valid_to", "predecessor", mode="before")
    @classmethod
    def _empty_is_none(cls, value: Any) -> Any:
        return value or None

    @field_validator("invented", mode="before")
    @classmethod
    def _yes_no(cls, value: Any) -> Any:
        return {"yes": True, "no": False, "": False}.get(value, value) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _invented_says_so(self) -> "Agency":
        if self.invented != ("示例" in self.name):
            raise ValueError("an invented agency has 示例 in its name and invented = yes, a real one neither")
        return self

    @property
    def level(self) -> Level:
        """By the region code: 100000 the country, XX0000 a province, XXYY00 a prefecture, else a county."""
        if self.kind is AgencyKind.TOWNSHIP:
            return Level.TOWNSHIP
        if self.region_code in ("000000", "100000"):
            return Level.NATIONAL
        if self.region_code.endswith("0000"):
            return Level.PROVINCIAL
        return Level.PREFECTURAL if self.region_code.endswith("00") else Level.COUNTY

    def watched(self, year: int) -> bool:
        return any(year in span for span in self.watched_years)

    def existed_in(self, year: int) -> bool:
        """Whether it existed on at least one day of the year, as far as its own row tells."""
        return (self.valid_from is None or self.valid_from.year <= year) and (
            self.valid_to is None or year <= self.valid_to.year
        )


class Holds(StrEnum):
    """What stands at a column's address."""

    LIST = "list"  # a list of entries
    ARTICLE = "article"  # the newest report itself; the column has no list
    YEARS = "years"  # a report for each year: {year} in the address stands for the report year


class TlsException(StrEnum):
    """What a host's encryption lacks and is accepted nevertheless, in writing and for everybody to see."""

    LEGACY_RENEGOTIATION = "legacy_renegotiation"  # the server knows only the old, unsafe renegotiation
    OLD_CURVES = "old_curves"  # the server answers only P-256
    UNVERIFIED = "unverified"  # its certificate cannot be verified


class Column(Strict):
    """One column (栏目) of a portal and the agencies whose reports stand in it."""

    key: Slug
    url: str
    agencies: tuple[Slug, ...] = Field(min_length=1)
    name: str = "政府信息公开年报"  # as the page itself calls it (ColumnName, heading); another name is not this column
    holds: Holds = Holds.LIST
    branches: tuple[str, ...] = ()  # sub-columns, level by level: `years`, or a pattern for the text of the links
    first_year: int = Field(2008, ge=2007, le=2100)  # of `holds: years`: the first report year asked for
    minimum: int = Field(0, ge=0)  # entries that the column is known to hold at least; fewer fail the look
    render: bool = False  # the list is made by a script alone: read it with Chromium (docs/portals.md)
    options: dict[str, str | int | bool] = {}  # what the family alone understands

    @field_validator("branches")
    @classmethod
    def _patterns_are_patterns(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in value:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"{pattern!r} is no pattern: {error}") from error
        return value

    @model_validator(mode="after")
    def _years_have_a_place(self) -> "Column":
        if (self.holds is Holds.YEARS) != ("{year}" in self.url):
            raise ValueError("`holds: years` and {year} in the address belong together")
        return self


class Portal(Strict):
    """One file of portals/: the file's name is the slug."""

    slug: Slug
    name: str = Field(min_length=2)
    family: str
    hosts: tuple[str, ...] = Field(min_length=1)  # host or host:port; nothing else is ever fetched
    site_id_code: str = ""  # 网站标识码, 10 characters; a page that names another one is not this portal's
    delay: float = Field(2.0, ge=0)  # seconds between two requests to a host
    max_pages: int = Field(400, ge=1, le=5000)  # requests of one visit; reaching it makes the look incomplete
    max_bytes: int = Field(20 * 2**20, ge=1024)  # of one response
    max_seconds: int = Field(1800, ge=1)  # of one visit
    max_renders: int = Field(20, ge=0, le=500)  # pages of one visit that Chromium may open
    screenshots: bool = False  # a picture of each report page that is new or has changed; counts as a render
    hours: str = Field("", pattern=r"^$|^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$")  # e.g. 22:00-06:00
    tls: dict[str, TlsException] = {}  # host → exception; without one its certificate is verified
    enabled: bool = True
    verified: dt.date | None = None  # last day on which a person saw the columns live
    columns: tuple[Column, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _addresses_are_registered(self) -> "Portal":
        for column in self.columns:
            parts = urlsplit(column.url)
            if parts.scheme not in ("http", "https") or parts.netloc not in self.hosts:
                raise ValueError(
                    f"column {column.key}: {column.url} is not on a host of this portal ({', '.join(self.hosts)})"
                )
        keys = [column.key for column in self.columns]
        if len(set(keys)) != len(keys):
            raise ValueError("two columns with the same key")
        if strangers := self.tls.keys() - set(self.hosts):
            raise ValueError(f"tls: {', '.join(sorted(strangers))} is no host of this portal")
        if self.delay < 1 and not self.is_local:
            raise ValueError("a delay below one second is for this machine's own addresses only")
        return self

    @property
    def is_local(self) -> bool:
        """Whether every host is this machine (127.0.0.0/8, ::1, localhost): a simulated portal."""
        return all(_is_loopback(host) for host in self.hosts)


def _is_loopback(host: str) -> bool:
    name = urlsplit(f"//{host}").hostname or ""
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
