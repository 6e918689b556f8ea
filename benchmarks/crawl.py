"""Our crawl beside what a user would pick instead, on the same pages: `python -m benchmarks.crawl [REPETITIONS]`.

May touch: a temporary folder, processes of its own on 127.0.0.1. Each repetition runs all of them one after the other,
from nothing: a first visit, and a second one a day later when nothing has changed. The crawls are measured from
the opening of the spider to its close, all archived and stored; the others as benchmarks.watchers says. Compared are
the best of each, which other work on the machine disturbs least. `--watchers DIR`: the folder with the programs urlwatch and
changedetection.io; without it they are left out, and that is said.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import portal
from benchmarks.clock import MARK
from benchmarks.visit import Household
from benchmarks.watchers import ChangeDetection, UrlWatch, Watched

REPETITIONS = 3
SLOW_REPETITIONS = 1  # of what takes minutes
FREE_PORT = 5999  # of changedetection.io, which wants one and does not use it in batch mode

Contender = Callable[[str, Path], Watched]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the result: seconds for all pages, the best of all repetitions."""

    name: str
    best: Watched


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("repetitions", nargs="?", type=int, default=REPETITIONS)
    parser.add_argument("--watchers", type=Path, help="folder with the programs urlwatch and changedetection.io")
    options = parser.parse_args()
    print(f"{portal.PAGES} pages of {portal.SIZE // 1024} KB from one portal on this machine; pages per second")
    print(f"{'':28}{'first':>9}{'again':>9}")
    contenders: dict[str, tuple[Contender, int]] = {
        "bare Scrapy": (bare_spider, options.repetitions),
        "gongkai": (our_crawl, options.repetitions),
    }
    if options.watchers is None:
        print("urlwatch and changedetection.io are left out: no --watchers (make bench-crawl installs them)")
    else:
        contenders |= watchers(options.watchers.resolve())
    with running_portal() as host:
        rows = {name: best(name, run, host, count) for name, (run, count) in contenders.items()}
    ours = rows["gongkai"].best
    print("gongkai's pages per second as a multiple:")
    for row in rows.values():
        if row.name != "gongkai":
            print(f"  of {row.name:25}{row.best.first / ours.first:9.2f}{row.best.again / ours.again:9.2f}")


def watchers(programs: Path) -> dict[str, tuple[Contender, int]]:
    def urls(host: str) -> list[str]:
        return [f"http://{host}{path}" for path in portal.addresses(portal.PAGES)]

    by_xpath, by_text = UrlWatch(programs, "xpath: //h1"), UrlWatch(programs, "html2text: {method: html2text}")
    detection = ChangeDetection(programs, FREE_PORT)
    return {
        "urlwatch, XPath": (lambda host, folder: by_xpath.run(folder, urls(host)), SLOW_REPETITIONS),
        "urlwatch, text": (lambda host, folder: by_text.run(folder, urls(host)), SLOW_REPETITIONS),
        "changedetection.io": (lambda host, folder: detection.run(folder, urls(host)), SLOW_REPETITIONS),
    }


def best(name: str, run: Contender, host: str, repetitions: int) -> Row:
    runs = []
    for _ in range(repetitions):
        with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as folder:
            runs.append(run(host, Path(folder)))
    row = Row(name, Watched(min(run.first for run in runs), min(run.again for run in runs)))
    print(f"{name:28}{portal.PAGES / row.best.first:9.1f}{portal.PAGES / row.best.again:9.1f}", flush=True)
    return row


@contextmanager
def running_portal(pages: int = portal.PAGES) -> Iterator[str]:
    """The portal's process; yields host:port."""
    command = [sys.executable, "-m", "benchmarks.portal", str(pages)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the portal has no streams")
        try:
            yield f"127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.stdin.close()
            process.wait(10)


def bare_spider(host: str, _folder: Path) -> Watched:
    """It keeps nothing, so its second visit is another first one."""

    def once() -> float:
        command = [sys.executable, "-m", "benchmarks.bare", f"http://{host}{portal.COLUMN}"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        if int(done.stdout) != portal.PAGES:
            raise RuntimeError(f"the bare spider got {done.stdout} of {portal.PAGES} pages")
        return measured(done.stderr)

    return Watched(once(), once())


def our_crawl(host: str, folder: Path) -> Watched:
    """Fails unless every page was archived and stored at the first visit, unchanged at the second, the looks healthy."""
    household = Household(folder, {"bench": host}, portal.PAGES)
    first = household.visit("2024-01-25T09:00+08:00")
    again = household.visit("2024-01-26T09:00+08:00")
    captures, unchanged = household.captures()
    if captures != 2 * portal.PAGES or unchanged != portal.PAGES:
        raise RuntimeError(f"our crawl made {captures} captures, {unchanged} of them unchanged")
    return Watched(measured(first), measured(again))


def measured(log: str) -> float:
    """Seconds on the clock, as the clock wrote them."""
    line = next(line for line in log.splitlines() if line.startswith(MARK))
    return float(json.loads(line.removeprefix(MARK))["wall"])


if __name__ == "__main__":
    main()
