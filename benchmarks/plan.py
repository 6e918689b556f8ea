"""How long does it take to plan a day of the whole country? `python -m benchmarks.plan [AGENCIES]`, by default 150,000.

May touch: a temporary folder. Invented agencies (示例) on one portal for every 30 of them, six columns each; every column has been
looked at on the three days before. Measured are the reading of that configuration, and the plan of a day in January
with what it asks the store.
"""

import csv
import datetime as dt
import sys
import tempfile
import time
from pathlib import Path

import yaml
from sqlalchemy import insert

from config.env import PACKAGED_CONFIG, Settings
from config.load import load
from crawler.store.session import Sessions, open_store
from crawler.store.tables import Look, Run
from monitor import jobs
from monitor.context import Context
from monitor.days import SHANGHAI

AGENCIES = 150_000
COLUMNS = 6  # of a portal
SHARE = 5  # agencies of a column
DAYS = 3
NOW = dt.datetime(2024, 1, 25, 9, tzinfo=SHANGHAI)


def main(agencies: int) -> None:
    portals = agencies // (COLUMNS * SHARE)
    print(f"{agencies:,} agencies, {portals:,} portals, {portals * COLUMNS:,} columns")
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as name:
        folder = Path(name)
        write_configuration(folder / "config", portals)
        sessions = open_store(f"sqlite:///{folder / 'gongkai.db'}", create=True)
        add_looks(sessions, portals)
        settings = Settings(config_dir=folder / "config", data_dir=folder / "var")
        began = time.monotonic()
        configuration = load(settings.config_dir)
        loaded = time.monotonic()
        plan = jobs.plan_of(Context(settings, configuration, sessions, NOW))
        planned = time.monotonic()
        sessions.kw["bind"].dispose()
    due = sum(len(visit.columns) for visit in plan.visits)
    if due != portals * COLUMNS:
        raise RuntimeError(f"{due} columns are due instead of {portals * COLUMNS}")
    print(f"configuration read: {loaded - began:.1f} s")
    print(f"day planned:        {planned - loaded:.1f} s ({due:,} columns due)")


def write_configuration(folder: Path, portals: int) -> None:
    (folder / "portals").mkdir(parents=True)
    for path in PACKAGED_CONFIG.glob("*.yml"):
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "alerts.yml").write_text("subscriptions: []\n", encoding="utf-8")
    with (folder / "agencies.csv").open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["id", "name", "region_code", "region", "kind", "watched_years", "invented"])
        for number in range(portals * COLUMNS * SHARE):
            name = f"示例县第{number}局"
            rows.writerow([f"shili-{number}", name, "990121", "示例县（虚构）", "department", "2023-", "yes"])
    for portal in range(portals):
        columns = [
            {
                "key": f"c{column}",
                "url": f"https://www{portal}.example.org/nb/{column}/",
                "agencies": [f"shili-{(portal * COLUMNS + column) * SHARE + place}" for place in range(SHARE)],
            }
            for column in range(COLUMNS)
        ]
        entry = {"name": "示例（测量）", "family": "trs", "hosts": [f"www{portal}.example.org"], "columns": columns}
        path = folder / "portals" / f"p{portal}.yml"
        path.write_text(yaml.dump(entry, Dumper=yaml.CSafeDumper, allow_unicode=True), encoding="utf-8")


def add_looks(sessions: Sessions, portals: int) -> None:
    with sessions.begin() as session:
        run = 0
        for ago in range(DAYS, 0, -1):
            at = NOW - dt.timedelta(days=ago)
            runs = [
                {
                    "id": run + number + 1,
                    "portal": f"p{number}",
                    "started_at": at,
                    "ended_at": at,
                    "outcome": "finished",
                }
                for number in range(portals)
            ]
            session.execute(insert(Run), runs)
            looks = [
                {"run_id": one["id"], "portal": one["portal"], "column": f"c{column}", "at": at, "outcome": "healthy"}
                for one in runs
                for column in range(COLUMNS)
            ]
            session.execute(insert(Look), looks)
            run += portals


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else AGENCIES)
