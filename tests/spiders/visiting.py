"""Runs `python -m scrapy visit` as a user's process would, and shows what it left in the store and the archive.

May touch: a temporary folder, a database of the test, simulated portals on 127.0.0.1.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.env import PACKAGED_CONFIG
from crawler.archive import Archive
from crawler.store.session import open_store
from crawler.store.tables import Base, Capture, Entry, EntryChange, Look, Run
from tests.portals import SimulatedPortal

ROOT = Path(__file__).resolve().parents[2]
AGENCY = "liaocheng-xzspj"  # any registered id: the crawl does not look at agencies
Row = TypeVar("Row", bound=Base)


@dataclass(frozen=True, slots=True)
class Visited:
    """What one process said. `lines`: its JSON lines by portal."""

    code: int
    lines: dict[str, dict[str, Any]]
    log: str


@dataclass(frozen=True, slots=True)
class Workshop:
    """A configuration, a database and an archive of one test."""

    folder: Path
    database: str
    environment: dict[str, str] = field(default_factory=dict)

    def configure(self, *portals: SimulatedPortal, **changes: Any) -> None:
        """Registers simulated portals under their slugs; `changes` to every portal's entry."""
        for portal in portals:
            columns = [
                {"key": f"c{number}", "url": portal.column_url(number), "agencies": [AGENCY]}
                for number in range(len(portal.site.columns))
            ]
            self.register(
                portal.site.slug,
                family=portal.site.family,
                hosts=[portal.host],
                site_id_code=portal.site.site_id_code,
                columns=columns,
                **changes,
            )

    def register(self, slug: str, **entry: Any) -> None:
        """Writes one portal's file."""
        portal = {"name": "示例门户", "family": "trs", "delay": 0} | entry
        path = self.folder / "config" / "portals" / f"{slug}.yml"
        path.write_text(yaml.safe_dump(portal, allow_unicode=True), encoding="utf-8")

    def command(self, at: str, *slugs: str, options: Sequence[str] = ()) -> list[str]:
        chosen = ["--portal", *slugs] if slugs else []
        return [sys.executable, "-m", "scrapy", "visit", "--at", at, *chosen, *options]

    def process_environment(self, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("GONGKAI_")},
            "SCRAPY_SETTINGS_MODULE": "crawler.settings",
            "GONGKAI_DATA_DIR": str(self.folder / "var"),
            "GONGKAI_CONFIG_DIR": str(self.folder / "config"),
            "GONGKAI_DATABASE_URL": self.database,
            "PYTHONWARNINGS": "error::ResourceWarning",
            **self.environment,
            **(extra or {}),
        }

    def visit(
        self,
        at: str = "2024-01-25T09:00+08:00",
        *slugs: str,
        options: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
        timeout: float = 120,
        stdin: str = "",
    ) -> Visited:
        done = subprocess.run(
            self.command(at, *slugs, options=options),
            env=self.process_environment(environment),
            cwd=ROOT,
            capture_output=True,
            text=True,
            input=stdin,
            timeout=timeout,
            check=False,
        )
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        return Visited(done.returncode, {line["portal"]: line for line in lines}, done.stderr)

    @contextmanager
    def session(self) -> Iterator[Session]:
        sessions = open_store(self.database)
        try:
            with sessions() as session:
                yield session
        finally:
            sessions.kw["bind"].dispose()

    def rows(self, table: type[Row], *where: Any) -> list[Row]:
        """The rows of a table in the order of their ids."""
        with self.session() as session:
            return list(session.scalars(select(table).where(*where).order_by(table.id)))  # type: ignore[attr-defined]  # every table here has one

    def runs(self, slug: str) -> list[Run]:
        return self.rows(Run, Run.portal == slug)

    def looks(self, slug: str, column: str = "c0") -> list[Look]:
        return self.rows(Look, Look.portal == slug, Look.column == column)

    def captures(self, slug: str, run: int | None = None) -> list[Capture]:
        return self.rows(Capture, Capture.portal == slug, *([Capture.run_id == run] if run is not None else []))

    def entries(self, slug: str) -> list[Entry]:
        return self.rows(Entry, Entry.portal == slug)

    def changes(self, slug: str) -> list[EntryChange]:
        return self.rows(EntryChange, EntryChange.entry_id.in_([entry.id for entry in self.entries(slug)]))

    @property
    def archive(self) -> Archive:
        return Archive(self.folder / "var" / "archive")

    def archived(self) -> list[str]:
        """The names of all files of the archive, every one of them verified."""
        kept = [p.name for p in self.archive.root.glob("??/??/*")] if self.archive.root.is_dir() else []
        for name in kept:
            self.archive.get(name)
        return sorted(kept)


def make_workshop(folder: Path, database: str = "") -> Workshop:
    """A workshop with a migrated, empty database (SQLite unless given)."""
    config = folder / "config"
    (config / "portals").mkdir(parents=True)
    for name in ("agencies.csv", "deadlines.yml"):
        (config / name).write_bytes((PACKAGED_CONFIG / name).read_bytes())
    (config / "alerts.yml").write_text("subscriptions: []\n", encoding="utf-8")
    workshop = Workshop(folder, database or f"sqlite:///{folder / 'gongkai.db'}")
    open_store(workshop.database, create=True).kw["bind"].dispose()
    return workshop
