"""How much memory and time does the full export take? `python -m benchmarks.export --data-dir DIR --config DIR [--database URL]`.

May touch: that store, for reading, and a folder beside it that is removed again. Measured is the very process that the job
starts, from its start to its end: its peak of resident memory as the kernel counts it, against the bound of 300 MB.
`--make N` makes a store of N invented agencies first (benchmarks.country_db), below DIR.
"""

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks.child import run
from benchmarks.country.standings import AT
from benchmarks.country_db import Size, make_configuration, make_store
from config.env import Settings
from monitor import jobs

BOUND = 300 * 10**6


def main(arguments: argparse.Namespace) -> int:
    folder: Path = arguments.data_dir.resolve()
    database = arguments.database or f"sqlite:///{folder / 'gongkai.db'}"
    if arguments.make:
        size = Size(agencies=arguments.make)
        arguments.config = make_configuration(folder, size)
        make_store(database, size)
    settings = Settings(data_dir=folder, config_dir=arguments.config.resolve(), database_url=database)
    output = Path(tempfile.mkdtemp(prefix="export-", dir=folder)) / "data"
    try:
        return measure(settings, output, arguments.format)
    finally:
        shutil.rmtree(output.parent)


def measure(settings: Settings, output: Path, formats: list[str]) -> int:
    """Prints the table; the exit code is 1 beyond the bound."""
    asked = {
        "at": AT.isoformat(), "tables": [], "formats": formats, "output": str(output), "force": False, "dry_run": False
    }  # fmt: skip
    environment = {**jobs.environment(settings), "SQLITE_TMPDIR": str(output.parent)}
    child = run("-m", "monitor.exports", asked=json.dumps(asked), environment=environment)
    said = [json.loads(line) for line in child.said.splitlines()]
    if child.code != 0:
        print(said[-1] if said else f"it ended with code {child.code}")
        return 2
    made = said[-1]["end"]["build"]
    for table, rows in made["rows"].items():
        sizes: dict[str, int] = {}
        for file in made["files"]:
            if file["tables"] == [table]:
                sizes[file["format"]] = sizes.get(file["format"], 0) + file["bytes"]
        print(f"{table:12} {rows:>12,} rows   " + "  ".join(f"{form} {mb(size)}" for form, size in sizes.items()))
    whole = next((file["bytes"] for file in made["files"] if file["name"] == "gongkai.db"), 0)
    rows, size = sum(made["rows"].values()), sum(file["bytes"] for file in made["files"])
    print(f"gongkai.db   {mb(whole)}; all {len(made['files'])} files {mb(size)}")
    print(
        f"time         {child.seconds:,.0f} s wall, {child.processor:,.0f} s of processor, {rows / child.seconds:,.0f} rows/s"
    )
    print(f"peak memory  {child.peak / 10**6:,.0f} MB of {BOUND / 10**6:,.0f} MB")
    return 0 if child.peak <= BOUND else 1


def mb(size: int) -> str:
    return f"{size / 10**6:,.1f} MB"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.export")
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--config", type=Path)
    parser.add_argument("--database", default="")
    parser.add_argument("--make", type=int, default=0, metavar="AGENCIES")
    parser.add_argument("--format", action="append", default=[], help="these only; may be repeated")
    sys.exit(main(parser.parse_args()))
