"""How much time and memory does judging take? `python -m benchmarks.judge [--agencies 3000] [--years 18] [--whole 20]`.

May touch: a temporary folder. A store of invented agencies (benchmarks.country_db) and one of a quarter of them; each is judged
twice by the scheduled job's function, in a process of its own each time: the first writes all states, the second finds
nothing new. Memory that grows with the agencies in the second shows that something is held that need not be.
"""

import argparse
import datetime as dt
import tempfile
import time
from pathlib import Path

from benchmarks.child import run
from benchmarks.country.registry import LEAST_AGENCIES
from benchmarks.country.standings import AT
from benchmarks.country_db import Size, make_configuration, make_store
from config.env import Settings
from config.load import load
from crawler.store.session import open_store
from monitor import jobs
from monitor.context import Context

A_MONTH = dt.timedelta(days=30)  # after which no event of the store comes


def main(size: Size) -> None:
    print(f"{'agencies':>9} {'states':>10}   {'':6} {'seconds':>8} {'a second':>9} {'peak MB':>8} {'events':>10}")
    for agencies in (max(LEAST_AGENCIES, size.agencies // 4), size.agencies):
        with tempfile.TemporaryDirectory(prefix="gongkai-judge-") as name:
            folder = Path(name)
            made = Size(agencies, size.years, size.seed, size.whole)
            make_configuration(folder, made)
            make_store(f"sqlite:///{folder / 'gongkai.db'}", made)
            for when in ("first", "again"):
                judged, events, seconds, peak = measured(folder)
                rate = judged / seconds
                print(
                    f"{agencies:>9,} {judged:>10,}   {when:6} {seconds:>8.1f} {rate:>9,.0f} {peak // 10**6:>8,} {events:>10,}"
                )


def measured(folder: Path) -> tuple[int, int, float, int]:
    """(agencies and years judged, events recorded, seconds, peak of resident memory in bytes) of one evaluation."""
    child = run("-m", "benchmarks.judge", "--judge", str(folder))
    if child.code != 0:
        raise RuntimeError(f"judging ended with code {child.code}")
    judged, events, seconds = child.said.split()
    return int(judged), int(events), float(seconds), child.peak


def judge(folder: Path) -> None:
    """One evaluation of the store in the folder; prints its counts and seconds for the process that measures it."""
    settings = Settings(data_dir=folder, config_dir=folder / "config", database_url="")
    sessions = open_store(settings.database)
    context = Context(settings, load(settings.config_dir), sessions, AT + A_MONTH)
    began = time.monotonic()
    result = jobs.evaluate(context, counts_only=True)
    print(result.judged, result.recorded, time.monotonic() - began)
    sessions.kw["bind"].dispose()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.judge")
    parser.add_argument("--agencies", type=int, default=3000)
    parser.add_argument("--years", type=int, default=18)
    parser.add_argument("--whole", type=int, default=20, help="one agency in so many has its reports read")
    parser.add_argument("--judge", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.judge:
        judge(given.judge)
    else:
        main(Size(given.agencies, given.years, whole=given.whole))
