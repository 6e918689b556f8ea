"""How fast is the page with the whole country in it? `make bench-web`, or `python -m benchmarks.web [--seconds 10]`.

May touch: the country's folder (made by `make country-db`), a PostgreSQL cluster in it, free ports of 127.0.0.1.

The real server (`gongkai serve`'s own parts, one worker for each core) answers wrk, 8 connections, closed loop: each asks
again as soon as it was answered, by gzip as a browser does. `first`: addresses of the kind that nobody has asked for before,
thousands of different ones. `again`: 64 of them, over and over, as when many visitors look at the same pages and nothing is
written meanwhile; it says whether the target is kept, and so does the exit code. `ratio`: of the p95 to that of a route of the
same server that says hello and nothing else. Server, database and wrk share the machine.
"""

import argparse
import asyncio
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from benchmarks.country.addresses import addresses
from benchmarks.country.registry import country
from benchmarks.country_db import FOLDER, LAST_YEAR, Size, make_board, make_store
from config.load import load
from crawler.store.session import open_store
from tests.servers.postgres import running_cluster

SCRIPT = Path(__file__).with_suffix(".lua")
TARGETS = {"sqlite": 100.0, "postgresql": 50.0}  # milliseconds, p95
MEANT = ("overview", "matrix", "agency", "api")  # the kinds for which the target holds
START_SECONDS = 600.0
AGAIN = 64  # addresses that are asked for over and over
WARM_SECONDS = 120.0  # at most
ROW = "{:<11}{:<10}{:<7}{:>9}{:>8}{:>8}{:>8}{:>8}{:>8}{:>7}{:>8}  {}"


@dataclass(frozen=True, slots=True)
class Measured:
    """Milliseconds, and requests in a second."""

    requests: int
    rate: float
    kilobytes: float
    p50: float
    p95: float
    p99: float
    errors: int


def measure(base: str, paths: list[str], seconds: float, connections: int) -> Measured:
    """By wrk; by a client of ours where it is not installed."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as listed:
        listed.write("\n".join(paths) + "\n")
        listed.flush()
        if not shutil.which("wrk"):
            return asyncio.run(_by_our_own(base, paths, seconds, connections))
        done = subprocess.run(
            ["wrk", "--threads", "2", "--connections", str(connections), "--duration", f"{seconds:.0f}s", "--timeout",
             "30s", "--script", str(SCRIPT), base],
            env=os.environ | {"ADDRESSES": listed.name}, capture_output=True, text=True, check=True,
        )  # fmt: skip
    found = json.loads(done.stdout.strip().splitlines()[-1])
    return Measured(
        found["requests"], found["requests"] / found["seconds"], found["bytes"] / max(found["requests"], 1) / 1024,
        found["p50"], found["p95"], found["p99"], found["errors"],
    )  # fmt: skip


async def _by_our_own(base: str, paths: list[str], seconds: float, connections: int) -> Measured:
    """A client in Python takes time of the same cores: its figures are worse than wrk's."""
    times: list[float] = []
    sizes, errors = 0, 0
    end = time.monotonic() + seconds
    source = iter(paths * (1 + int(seconds * 5000 / len(paths))))

    async def one(client: httpx.AsyncClient) -> None:
        nonlocal sizes, errors
        while time.monotonic() < end:
            began = time.perf_counter()
            answer = await client.get(base + next(source))
            times.append((time.perf_counter() - began) * 1000)
            sizes += len(answer.content)
            errors += answer.status_code >= 400

    async with httpx.AsyncClient(timeout=30, limits=httpx.Limits(max_connections=connections)) as client:
        await asyncio.gather(*(one(client) for _ in range(connections)))
    at = statistics.quantiles(times, n=100)
    return Measured(len(times), len(times) / seconds, sizes / len(times) / 1024, at[49], at[94], at[98], errors)


@contextmanager
def serving(folder: Path, database: str, workers: int) -> Iterator[str]:
    """The server in a process of its own; its address."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GONGKAI_")}
    given = {"CONFIG_DIR": folder / "config", "DATA_DIR": folder / "data", "DATABASE_URL": database, "PORT": 0,
             "WORKERS": workers}  # fmt: skip
    environment |= {f"GONGKAI_{name}": str(value) for name, value in given.items()}
    command = [sys.executable, "-u", "-m", "benchmarks.web_server"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        base = next((word for word in line.split("　")[0].split() if word.startswith("http://")), "").rstrip("/")
        if not base:
            raise RuntimeError("the server did not start")
        for _ in range(workers * 4):
            httpx.get(f"{base}/hello", timeout=START_SECONDS)
        yield base
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def postgres(folder: Path, size: Size) -> Iterator[str]:
    """A cluster in the folder with the country in it; filled once."""
    mark = folder / "postgres.url"
    with running_cluster(folder / "postgres") as cluster:
        if mark.exists():
            name = mark.read_text(encoding="utf-8")
        else:
            url = cluster.new_database()
            print("filling PostgreSQL (minutes) …", flush=True)
            make_store(url, size)
            make_board(url, load(folder / "config"))
            name = url.rpartition("/")[2]
            mark.write_text(name, encoding="utf-8")
        yield f"postgresql://gongkai@127.0.0.1:{cluster.port}/{name}"


def run(store: str, database: str, folder: Path, size: Size, given: Any) -> bool:
    """Prints a line for each kind; whether the targets are kept."""
    sessions = open_store(database)
    with sessions() as session:
        years = range(LAST_YEAR - size.years + 1, LAST_YEAR + 1)
        paths = {"hello": ["/hello"]} | addresses(session, country(size.agencies, size.seed), list(years), given.seed)
    sessions.kw["bind"].dispose()
    kept = True
    with serving(folder, database, given.workers) as base:
        hello = measure(base, paths["hello"], given.seconds, given.connections)
        _print(store, "hello", "", hello, hello, None)
        for kind in given.kinds.split(","):
            fresh, known = paths[kind][AGAIN:], paths[kind][:AGAIN]
            target = TARGETS[store] if kind in MEANT else None
            first = measure(base, fresh, given.seconds, given.connections)
            if first.requests > len(fresh):
                print(f"  (only {len(fresh)} different addresses: some were asked for twice)")
            _print(store, kind, "first", first, hello, target)
            _warm(base, known, given)
            again = measure(base, known, given.seconds, given.connections)
            kept = _print(store, kind, "again", again, hello, target) and kept
    return kept


def _warm(base: str, known: list[str], given: Any) -> None:
    """Asks until every worker has surely made every page: the first of each may have to be fetched from the disk."""
    asked, end = 0, time.monotonic() + WARM_SECONDS
    while asked < 50 * len(known) and time.monotonic() < end:
        asked += measure(base, known, given.warm_up, given.connections).requests


def _print(store: str, kind: str, asked: str, found: Measured, hello: Measured, target: float | None) -> bool:
    """One line; whether the target is kept."""
    failed = found.errors > 0 or (target is not None and found.p95 > target)
    print(
        ROW.format(
            store, kind, asked, found.requests, f"{found.rate:.0f}", f"{found.kilobytes:.1f}", f"{found.p50:.1f}",
            f"{found.p95:.1f}", f"{found.p99:.1f}", found.errors, f"{found.p95 / hello.p95:.1f}",
            "" if target is None else f"{'missed' if failed else 'kept'}: {target:.0f} ms",
        ),
        flush=True,
    )  # fmt: skip
    return not failed


def main(arguments: list[str]) -> None:
    cores = os.cpu_count() or 1
    parser = argparse.ArgumentParser(
        prog="benchmarks.web", description="the page with the whole country in it, under load"
    )
    parser.add_argument("--folder", type=Path, default=FOLDER, help=f"of the country ({FOLDER})")
    parser.add_argument("--stores", default="sqlite,postgresql")
    parser.add_argument("--kinds", default="overview,matrix,agency,api,report,late")
    parser.add_argument("--seconds", type=float, default=10, help="of each kind")
    parser.add_argument("--warm-up", type=float, default=4)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--workers", type=int, default=cores)
    parser.add_argument("--seed", type=int, default=int(time.time()), help="of the addresses; another one each time")
    given = parser.parse_args(arguments)
    mark = given.folder / "config.json"
    if not mark.exists() or not (given.folder / "gongkai.db").exists():
        sys.exit(f"there is no country in {given.folder}: make country-db")
    size = Size(*json.loads(mark.read_text(encoding="utf-8")))
    if not shutil.which("wrk"):
        print("wrk is not installed: a client in Python asks, which takes time of the same cores")
    print(f"{size.agencies:,} agencies × {size.years} years, {given.workers} workers, {given.connections} connections, "
          f"{cores} cores, load before {os.getloadavg()[0]:.1f}, addresses by seed {given.seed}")  # fmt: skip
    print(
        ROW.format(
            "store", "kind", "asked", "requests", "per s", "kB", "p50 ms", "p95", "p99", "errors", "ratio", "target"
        )
    )
    kept = True
    for store in given.stores.split(","):
        opened = (
            nullcontext(f"sqlite:///{given.folder / 'gongkai.db'}")
            if store == "sqlite"
            else postgres(given.folder, size)
        )
        with opened as database:
            kept = run(store, database, given.folder, size, given) and kept
    sys.exit(0 if kept else 1)


if __name__ == "__main__":
    main(sys.argv[1:])
