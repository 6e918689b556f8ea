"""Our crawl as the benchmarks run it: a configuration of their portals, a fresh store, the visit as its process.

May touch: the folder it is given, processes of its own on 127.0.0.1.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import yaml
from sqlalchemy import func, select

from benchmarks import portal
from config.env import PACKAGED_CONFIG
from crawler.store.session import open_store
from crawler.store.tables import Capture


class Household:
    """A folder with configuration and data. `portals`: slug → host:port, each of `pages` pages."""

    def __init__(self, folder: Path, portals: Mapping[str, str], pages: int) -> None:
        self._folder = folder
        self._portals = portals
        _configure(folder / "config", portals, pages)
        self._sessions = open_store(f"sqlite:///{folder / 'var' / 'gongkai.db'}", create=True)

    def command(self, at: str) -> tuple[list[str], dict[str, str]]:
        """(command, environment) of a visit to all portals at the moment `at`."""
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("GONGKAI_")}
        given = {
            "GONGKAI_DATA_DIR": str(self._folder / "var"),
            "GONGKAI_CONFIG_DIR": str(self._folder / "config"),
            "SCRAPY_SETTINGS_MODULE": "benchmarks.settings",
        }
        return [sys.executable, "-m", "scrapy", "visit", "--at", at], inherited | given

    def visit(self, at: str) -> str:
        """Visits all portals and returns what was logged. Raises RuntimeError unless every look is healthy."""
        command, environment = self.command(at)
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"our crawl failed:\n{done.stderr}")
        looks = [json.loads(line)["looks"] for line in done.stdout.splitlines()]
        if looks != [{"reports": "healthy"}] * len(self._portals):
            raise RuntimeError(f"our crawl looked and found {looks}")
        return done.stderr

    def captures(self) -> tuple[int, int]:
        """(captures with a body, those of them that were answered with 304)."""
        with self._sessions() as session:
            kept = select(func.count()).where(Capture.outcome == "healthy", Capture.sha256.is_not(None))
            found = session.scalar(kept) or 0, session.scalar(kept.where(Capture.not_modified)) or 0
        self._sessions.kw["bind"].dispose()
        return found


def _configure(folder: Path, portals: Mapping[str, str], pages: int) -> None:
    (folder / "portals").mkdir(parents=True)
    for path in PACKAGED_CONFIG.glob("*.*"):
        if path.suffix in (".csv", ".yml"):
            (folder / path.name).write_bytes(path.read_bytes())
    (folder / "alerts.yml").write_text("subscriptions: []\n", encoding="utf-8")
    for slug, host in portals.items():
        column = {
            "key": "reports",
            "url": f"http://{host}{portal.COLUMN}",
            "name": portal.NAME,
            "agencies": ["zibo-xzspj"],
        }
        entry = {
            "name": "示例市（测量）",
            "family": "trs",
            "hosts": [host],
            "delay": 0,
            "max_pages": pages + 10,
            "columns": [column],
        }
        (folder / "portals" / f"{slug}.yml").write_text(yaml.safe_dump(entry, allow_unicode=True), encoding="utf-8")
