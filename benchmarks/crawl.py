"""Our crawl against a bare Scrapy spider, and reports read per second: `python -m benchmarks.crawl [REPETITIONS]`.

May touch: a temporary folder, processes of its own on 127.0.0.1. Each repetition runs both, one after the
other, with a fresh archive and a fresh SQLite database. Measured is from the opening of the spider to its
close, all archived and stored; compared are the best of each, which other work on the machine disturbs least.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

from benchmarks import portal
from benchmarks.clock import MARK
from config.env import PACKAGED_CONFIG
from crawler import formats, reports
from crawler.store.session import open_store
from crawler.store.tables import Capture
from tests.golden.pages import SEEDS, report_html

REPETITIONS = 3
READING_SECONDS = 5.0
AT = "2024-01-25T09:00+08:00"


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds of one crawl of all pages: on the clock, and of the processor."""

    wall: float
    processor: float

    @property
    def pages_per_second(self) -> float:
        return portal.PAGES / self.wall


def main(repetitions: int) -> None:
    print(f"{portal.PAGES} pages of {portal.SIZE // 1024} KB from a portal on this machine, one request at a time")
    bare: list[Measured] = []
    ours: list[Measured] = []
    with running_portal() as host:
        for number in range(1, repetitions + 1):
            bare.append(bare_spider(host))
            ours.append(our_crawl(host))
            print(
                f"  {number}: bare Scrapy {bare[-1].pages_per_second:6.1f} pages/s, "
                f"our crawl {ours[-1].pages_per_second:6.1f} pages/s",
                flush=True,
            )
    plain, crawled = min(bare, key=lambda m: m.wall), min(ours, key=lambda m: m.wall)
    least = min(m.processor for m in bare), min(m.processor for m in ours)
    per_second = reading()
    print(f"best: bare Scrapy {plain.pages_per_second:.1f} pages/s, our crawl {crawled.pages_per_second:.1f} pages/s")
    print(f"processor time per page: {least[0]:.2f} ms bare, {least[1]:.2f} ms ours, ratio {least[0] / least[1]:.2f}")
    print(f"reports read: {per_second:.1f} per second and core")
    print(f"reports read per page crawled in the same time: {per_second / crawled.pages_per_second:.2f}")
    print(f"ratio to bare Scrapy: {plain.wall / crawled.wall:.2f}")


@contextmanager
def running_portal() -> Iterator[str]:
    """The portal's process; yields host:port."""
    command = [sys.executable, "-m", "benchmarks.portal"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the portal has no streams")
        try:
            yield f"127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.stdin.close()
            process.wait(10)


def bare_spider(host: str) -> Measured:
    command = [sys.executable, "-m", "benchmarks.bare", f"http://{host}{portal.COLUMN}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    if int(done.stdout) != portal.PAGES:
        raise RuntimeError(f"the bare spider got {done.stdout} of {portal.PAGES} pages")
    return measured(done.stderr)


def our_crawl(host: str) -> Measured:
    """Fails unless every page was archived and stored and the look is healthy."""
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as name:
        folder = Path(name)
        configure(folder / "config", host)
        environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("GONGKAI_")},
            "GONGKAI_DATA_DIR": str(folder / "var"),
            "GONGKAI_CONFIG_DIR": str(folder / "config"),
            "SCRAPY_SETTINGS_MODULE": "benchmarks.settings",
        }
        sessions = open_store(f"sqlite:///{folder / 'var' / 'gongkai.db'}", create=True)
        command = [sys.executable, "-m", "scrapy", "visit", "--at", AT]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"our crawl failed:\n{done.stderr}")
        with sessions() as session:
            pages = session.query(Capture).filter(Capture.outcome == "healthy", Capture.sha256.is_not(None)).count()
        sessions.kw["bind"].dispose()
        looks = json.loads(done.stdout)["looks"]
        if pages != portal.PAGES or looks != {"reports": "healthy"}:
            raise RuntimeError(f"our crawl got {pages} of {portal.PAGES} pages, looks {looks}")
        return measured(done.stderr)


def measured(log: str) -> Measured:
    """What the clock wrote."""
    line = next(line for line in log.splitlines() if line.startswith(MARK))
    return Measured(**json.loads(line.removeprefix(MARK)))


def configure(folder: Path, host: str) -> None:
    """A configuration with the benchmark's portal alone."""
    (folder / "portals").mkdir(parents=True)
    for name in ("agencies.csv", "deadlines.yml"):
        (folder / name).write_bytes((PACKAGED_CONFIG / name).read_bytes())
    (folder / "alerts.yml").write_text("subscriptions: []\n", encoding="utf-8")
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
        "max_pages": portal.PAGES + 10,
        "columns": [column],
    }
    (folder / "portals" / "bench.yml").write_text(yaml.safe_dump(entry, allow_unicode=True), encoding="utf-8")


def reading() -> float:
    """Reports read per second by one process: bytes → document → facts, the five golden reports in turn."""
    cases = [(report_html(case).encode(), seed["title"]) for case, seed in SEEDS.items()]
    count = 0
    began = time.process_time()
    while time.process_time() - began < READING_SECONDS:
        page, title = cases[count % len(cases)]
        document = formats.read(page, content_type="text/html; charset=utf-8")
        if not reports.parse(document, hint_title=title).is_report:
            raise RuntimeError(f"{title} was not recognised")
        count += 1
    return count / (time.process_time() - began)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else REPETITIONS)
