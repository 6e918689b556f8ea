"""A configuration folder, a store and recipients in which something has happened: what the tests of telling need.

May touch: the folder and the database it is given. Events come out of the real evaluation of tests.monitor.world.
"""

import csv
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select

from config.env import PACKAGED_CONFIG, Settings
from config.load import load
from crawler.store.session import Sessions, open_store
from crawler.store.tables import Delivery, DeliveryEvent, Event
from monitor.context import Context
from tests.monitor.checks.history import moment
from tests.monitor.world import HOST, Page, World

OFFICE = "office@shili.example.org"
PAPER = "paper@news.example.org"
CITY, COUNTY = "990100", "990121"
# id: name, region code, kind. The water bureau never publishes, the civil bureau changes a number, the county's sums
# do not hold.
AGENCIES = {
    "shili-slj": ("示例市水利局", CITY, "department"),
    "shili-mzj": ("示例市民政局", CITY, "department"),
    "shilixian-swj": ("示例县税务局", COUNTY, "department"),
}
CODES = ("requests.granted.natural_person", "requests.granted.total")


@dataclass(frozen=True)
class Newsroom:
    """`settings` are those of every process; `sessions` lead to the same database."""

    folder: Path
    settings: Settings
    sessions: Sessions

    def subscribe(self, *subscriptions: Mapping[str, Any]) -> None:
        path = self.settings.config_dir / "alerts.yml"
        path.write_text(yaml.safe_dump({"subscriptions": list(map(dict, subscriptions))}), encoding="utf-8")

    def context(self, at: str = "02-02 21:00", **changes: Any) -> Context:
        settings = self.settings.model_copy(update=changes)
        return Context(settings, load(settings.config_dir), self.sessions, moment(at))

    def happens(self) -> None:
        """Until 2 February: one report missing, one changed, one whose sums do not hold."""
        world = World(self.sessions, load(self.settings.config_dir))
        before, after = (Page("nb", dict(zip(CODES, numbers, strict=True))) for numbers in ((9, 12), (7, 10)))
        for day, civil in (("01-20", before), ("02-01", before), ("02-02", after)):
            world.visit("shili-slj", day)
            world.visit("shili-mzj", day, [civil])
            world.visit("shilixian-swj", day, [Page("sums", {"a": 1}, broken=day == "02-02")])
            world.evaluate(day)

    def published_late(self) -> None:
        """3 February: the missing one appears."""
        world = World(self.sessions, load(self.settings.config_dir))
        world.visit("shili-slj", "02-03", [Page("late", stated="02-03")])
        world.evaluate("02-03")

    def events(self) -> list[Event]:
        """All but the quiet ones."""
        with self.sessions() as session:
            return list(session.scalars(select(Event).where(Event.kind != "quiet").order_by(Event.id)))

    def deliveries(self) -> list[Delivery]:
        """The messages; what a recipient is spared has a row, too, and no message (crawler.store.writes.skips)."""
        with self.sessions() as session:
            return list(session.scalars(select(Delivery).where(Delivery.status != "skipped").order_by(Delivery.id)))

    def told(self) -> set[tuple[int, str]]:
        with self.sessions() as session:
            return set(session.execute(select(DeliveryEvent.event_id, DeliveryEvent.recipient)))

    def mailbox(self) -> list[EmailMessage]:
        """The messages of the folder, oldest first."""
        files = (self.settings.data_dir / "mailbox").glob("*.eml")
        messages = [parsed(path.read_bytes()) for path in files]
        return sorted(messages, key=lambda message: str(message["Date"]))

    def environment(self, **changes: str) -> dict[str, str]:
        """For a process of the command line; `changes` without GONGKAI_."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("GONGKAI_")}
        given = {
            "DATA_DIR": str(self.settings.data_dir),
            "DATABASE_URL": self.settings.database_url,
            "CONFIG_DIR": str(self.settings.config_dir),
            "MAIL_URL": self.settings.mail_url,
            "MAIL_FROM": self.settings.mail_from,
        }
        return inherited | {f"GONGKAI_{name}": value for name, value in (given | changes).items()}


def newsroom(folder: Path, database_url: str = "") -> Newsroom:
    """An empty one; `database_url`: SQLite below `folder` unless given."""
    config = folder / "config"
    (config / "portals").mkdir(parents=True)
    (config / "deadlines.yml").write_bytes((PACKAGED_CONFIG / "deadlines.yml").read_bytes())
    (config / "alerts.yml").write_text("subscriptions: []\n", encoding="utf-8")
    _write_agencies(config / "agencies.csv")
    for id_, (name, _, _) in AGENCIES.items():
        column = {"key": "nb", "url": f"http://{HOST}/{id_}/", "agencies": [id_]}
        portal = {"name": f"{name}网站", "family": "trs", "hosts": [HOST], "delay": 0, "columns": [column]}
        text = yaml.safe_dump(portal, allow_unicode=True)
        (config / "portals" / f"{id_}.yml").write_text(text, encoding="utf-8")
    settings = Settings(
        data_dir=folder / "var",
        database_url=database_url,
        config_dir=config,
        mail_url="",
        mail_from="gongkai@watch.example.org",
        public_url="https://watch.example.org",
        contact="",
        host="127.0.0.1",
        port=0,
        crawl_hour=3,
        simulated_now=None,
    )
    return Newsroom(folder, settings, open_store(settings.database, create=True))


def parsed(message: bytes) -> EmailMessage:
    read = message_from_bytes(message, policy=policy.default)
    assert isinstance(read, EmailMessage)
    return read


def body(message: EmailMessage, kind: str = "plain") -> str:
    part = message.get_body((kind,))
    assert part is not None
    content = part.get_content()
    assert isinstance(content, str)
    return content.replace("\r\n", "\n")


def subscription(to: str = OFFICE, name: str = "", **wishes: Sequence[str]) -> dict[str, Any]:
    return {"name": name or to.partition("@")[0], "to": to} | {key: list(value) for key, value in wishes.items()}


def _write_agencies(path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "name", "region_code", "region", "kind", "watched_years", "invented"])
        for id_, (name, region_code, kind) in AGENCIES.items():
            writer.writerow([id_, name, region_code, "示例省示例市", kind, "2023", "yes"])
