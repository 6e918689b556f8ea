"""A country in a store: `make country-db`, or `python -m benchmarks.country_db [--agencies 150000] [--years 18]`.

May touch: a folder (its configuration and, unless --database says otherwise, a SQLite file), or the database that is named.
What is in it, and what is left out, stands in benchmarks.country.history. Deterministic by --seed; made as a whole or not at
all; --anew makes it again.
"""

import argparse
import json
import resource
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.country.history import History
from benchmarks.country.registry import LEAST_AGENCIES, MOST_AGENCIES, country, write_configuration
from benchmarks.country.standings import AT, Standings
from benchmarks.country.writing import writing
from config.env import PACKAGED_CONFIG
from config.load import Configuration, load, load_deadlines
from crawler.store.session import open_store
from monitor.board import build
from monitor.board.keeping import keep
from monitor.board.pack import packed, unpacked
from monitor.commands.bar import progress_bar

LAST_YEAR = AT.year - 1
FOLDER = Path("var/country")


@dataclass(frozen=True, slots=True)
class Size:
    """`whole`: one agency in so many has its reports with entries, captures, readings and facts."""

    agencies: int = MOST_AGENCIES
    years: int = 18
    seed: int = 1
    whole: int = 200


def make_configuration(folder: Path, size: Size) -> Path:
    """The configuration below `folder`, written unless it is there already for the same size; returns its folder."""
    mark, wanted = folder / "config.json", json.dumps([size.agencies, size.years, size.seed])
    if not mark.exists() or mark.read_text(encoding="utf-8") != wanted:
        mark.unlink(missing_ok=True)
        write_configuration(folder / "config", country(size.agencies, size.seed), LAST_YEAR - size.years + 1)
        mark.write_text(wanted, encoding="utf-8")
    return folder / "config"


def make_store(database_url: str, size: Size, *, anew: bool = False) -> dict[str, int]:
    """Fills the store, all but the board; returns the number of rows by table."""
    offices = country(size.agencies, size.seed)
    deadlines = load_deadlines(PACKAGED_CONFIG / "deadlines.yml", {})
    years = range(LAST_YEAR - size.years + 1, LAST_YEAR + 1)
    history = History(offices, years, size.seed, size.whole, Standings(deadlines, size.seed))
    with writing(database_url, anew=anew) as writer, progress_bar("agencies") as progress:
        return history.write(writer, progress)


def make_board(database_url: str, configuration: Configuration) -> None:
    """Builds the board as evaluate does, keeps it, and prints what that took."""
    sessions = open_store(database_url)
    with sessions.begin() as session:
        before, began = _peak(), time.monotonic()
        board = build(session, configuration, AT, AT)
        built = time.monotonic()
        print(f"board built:   {built - began:.1f} s, {(_peak() - before) >> 20} MB more at its peak")
        content = packed(board)
        done = time.monotonic()
        print(f"board packed:  {done - built:.1f} s, {len(content) / 2**20:.1f} MB")
        unpacked(content)
        print(f"board loaded:  {time.monotonic() - done:.2f} s")
        keep(session, board)
    sessions.kw["bind"].dispose()


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.country_db", description="a seeded country in a store")
    parser.add_argument("--folder", type=Path, default=FOLDER, help=f"of configuration and SQLite file ({FOLDER})")
    parser.add_argument("--database", default="", help="SQLAlchemy URL; SQLite in the folder if left out")
    parser.add_argument("--agencies", type=int, default=MOST_AGENCIES, help=f"{LEAST_AGENCIES} to {MOST_AGENCIES}")
    parser.add_argument("--years", type=int, default=18)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--whole", type=int, default=200, help="one agency in so many has its reports read")
    parser.add_argument("--anew", action="store_true", help="replace what the database holds")
    given = parser.parse_args(arguments)
    size = Size(given.agencies, given.years, given.seed, given.whole)
    given.folder.mkdir(parents=True, exist_ok=True)
    database = given.database or f"sqlite:///{given.folder / 'gongkai.db'}"
    began = time.monotonic()
    config = make_configuration(given.folder, size)
    print(f"configuration: {time.monotonic() - began:.1f} s")
    began = time.monotonic()
    try:
        rows = make_store(database, size, anew=given.anew)
    except RuntimeError as error:
        sys.exit(str(error))
    print(f"store filled:  {time.monotonic() - began:.1f} s")
    for table, count in rows.items():
        print(f"  {table:14}{count:>12,}")
    began = time.monotonic()
    configuration = load(config)
    print(f"configuration read: {time.monotonic() - began:.1f} s")
    make_board(database, configuration)


if __name__ == "__main__":
    main(sys.argv[1:])
