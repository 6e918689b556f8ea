"""The only reader of the environment: one frozen Settings object.

May touch: environment variables named GONGKAI_*, nothing else. Everyone else gets a Settings passed in.
"""

import datetime as dt
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PACKAGED_CONFIG = Path(__file__).resolve().parent


class Settings(BaseSettings):
    """All settings of one process. Each field is read from GONGKAI_<FIELD IN CAPITALS>.

    The field descriptions are the documentation: docs/settings.md is tested against them.
    """

    model_config = SettingsConfigDict(env_prefix="GONGKAI_", frozen=True, extra="forbid")

    data_dir: Path = Field(Path("var"), description="Archive, SQLite database, mail box and locks live below it.")
    database_url: str = Field("", description="SQLAlchemy URL. Empty: SQLite at <data_dir>/gongkai.db.")
    config_dir: Path = Field(
        PACKAGED_CONFIG, description="Folder with agencies.csv, deadlines.yml, alerts.yml, portals/."
    )
    contact: str = Field(
        "", description="E-mail or web address put into the User-Agent. Needed to visit any real host."
    )
    mail_url: str = Field(
        "",
        description="smtp://user:password@host:587?starttls=1, smtps://…:465, or file:///folder. "
        "Empty: a mail box folder at <data_dir>/mailbox.",
    )
    mail_from: str = Field("gongkai@localhost", description="Sender address of the digests.")
    channels_file: Path | None = Field(
        None,
        description="YAML file of the channel `apprise`: name → apprise URL. It holds secrets; keep it to yourself.",
    )
    secret: str = Field(
        "",
        repr=False,
        description="Signs the addresses for unsubscribing, 16 characters at least. "
        "Empty: a random one, made once at <data_dir>/secret.",
    )
    public_url: str = Field("http://127.0.0.1:8600", description="Address of the status page as written in e-mails.")
    host: str = Field("127.0.0.1", description="Address the status page listens on.")
    port: int = Field(8600, ge=0, le=65535, description="Port of the status page; 0 takes any free one.")
    workers: int = Field(
        1, ge=0, le=64, description="Processes of `gongkai serve`. 0: one for each core. `gongkai run` is one process."
    )
    reading: Literal["public", "login"] = Field(
        "public", description="Who may read the status page: everybody, or only who is logged in."
    )
    trusted_proxies: str = Field(
        "",
        description="Addresses or networks of the proxies before the status page, with commas between them; what they "
        "say in X-Forwarded-For is believed. Empty: the address of the connection counts.",
    )
    crawl_hour: int = Field(
        3,
        ge=0,
        le=23,
        description="Hour (Asia/Shanghai) at which `gongkai run` visits every day what is due by visits.yml.",
    )
    read_seconds: float = Field(
        300.0, ge=1, description="Seconds that reading one document may take; OCR takes two to ten seconds a page."
    )
    read_memory_mb: int = Field(
        2048, ge=256, description="Memory in MB that one reading process may use; OCR takes about 300 MB."
    )
    read_workers: int = Field(
        0, ge=0, le=64, description="Reading processes at a time. 0: one for each core, at most 4."
    )
    exports_kept: int = Field(
        3, ge=1, le=100, description="How many exports of the data are kept; the newest ones. See docs/data.md."
    )
    chromium: str = Field(
        "", description="Program of Chromium, for columns with `render: true`. Empty: the one of the system."
    )
    simulated_now: dt.datetime | None = Field(
        None,
        description="A pretended present (ISO, with offset), for demonstrations. "
        "Refused as soon as a registered host is not this machine.",
    )

    @field_validator("simulated_now")
    @classmethod
    def _with_offset(cls, value: dt.datetime | None) -> dt.datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("needs an offset, e.g. 2024-02-01T09:00+08:00")
        return value

    @field_validator("secret")
    @classmethod
    def _long_enough(cls, value: str) -> str:
        if value and len(value) < 16:
            raise ValueError("needs 16 characters at least")
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: str) -> str:
        for part in filter(None, map(str.strip, value.split(","))):
            try:
                ip_network(part)
            except ValueError as error:
                raise ValueError(f"{part!r} is no address or network (10.0.0.0/8)") from error
        return value

    @property
    def proxies(self) -> tuple[IPv4Network | IPv6Network, ...]:
        return tuple(ip_network(part) for part in filter(None, map(str.strip, self.trusted_proxies.split(","))))

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir / 'gongkai.db'}"

    @property
    def mail(self) -> str:
        return self.mail_url or (self.data_dir / "mailbox").resolve().as_uri()

    @property
    def archive_dir(self) -> Path:
        return self.data_dir / "archive"

    @property
    def lock_dir(self) -> Path:
        return self.data_dir / "locks"
