"""What a user would pick instead of our crawl: urlwatch and changedetection.io, each on the same pages.

May touch: a temporary folder, processes of its own on 127.0.0.1. Both live in an environment of their own
(benchmarks/watchers.txt, made by `make bench-crawl`); nothing of gongkai needs them. Measured is a whole run of the
program on the clock less a run with a single page: what it takes to start and to end is not what is compared.
"""

import os
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SECONDS = 600  # for one run
CONFIG = "report: {stdout: {enabled: false}}\n"
NO_REPORTERS = "No reporters enabled"  # what urlwatch says of this configuration


@dataclass(frozen=True, slots=True)
class Watched:
    """Seconds on the clock for the pages, at the first run and at the second one, when nothing had changed."""

    first: float
    again: float


@dataclass(frozen=True, slots=True)
class UrlWatch:
    """urlwatch with one filter for every page: `xpath: //h1`, or `html2text`, its text mode."""

    programs: Path
    filter: str

    def run(self, folder: Path, urls: Sequence[str]) -> Watched:
        (folder / "urlwatch.yaml").write_text(CONFIG, encoding="utf-8")
        started = self._once(folder, "one", urls[:1])
        return Watched(
            first=self._once(folder, "all", urls) - started,
            again=self._once(folder, "all", urls) - self._once(folder, "one", urls[:1]),
        )

    def _once(self, folder: Path, name: str, urls: Sequence[str]) -> float:
        jobs = folder / f"{name}.yaml"
        jobs.write_text("---\n".join(f"url: {url}\nfilter:\n  - {self.filter}\n" for url in urls), encoding="utf-8")
        command = [str(self.programs / "urlwatch"), "--urls", str(jobs), "--config", str(folder / "urlwatch.yaml")]
        command += ["--hooks", str(folder / "hooks.py"), "--cache", str(folder / f"{name}.db")]
        seconds, said = _timed(command, {})
        if said.replace(NO_REPORTERS, "").strip(" .\n"):
            raise RuntimeError(f"urlwatch: {said[-300:]}")
        return seconds


@dataclass(frozen=True, slots=True)
class ChangeDetection:
    """changedetection.io in its batch mode: check everything once and end."""

    programs: Path
    port: int

    def run(self, folder: Path, urls: Sequence[str]) -> Watched:
        started = self._once(folder / "one", urls[:1])
        first = self._once(folder / "all", urls) - started
        again = self._once(folder / "all", ()) - self._once(folder / "one", ())
        kept = len(list((folder / "all").glob("*/history.txt")))
        if kept < len(urls):
            raise RuntimeError(f"changedetection.io kept {kept} of {len(urls)} pages")
        return Watched(first, again)

    def _once(self, data: Path, urls: Sequence[str]) -> float:
        """Checks `urls` for the first time; without any, all that are known already."""
        command = [str(self.programs / "changedetection.io"), "-h", "127.0.0.1", "-p", str(self.port), "-b"]
        command += ["-d", str(data), *(part for url in urls for part in ("-u", url))]
        command += ["-C"] if urls else ["-r", "all"]
        settings = {
            "ALLOW_IANA_RESTRICTED_ADDRESSES": "true",  # else it does not ask 127.0.0.1
            "DISABLE_VERSION_CHECK": "true",
            "LOGGER_LEVEL": "ERROR",
            "FETCH_WORKERS": "10",
        }
        return _timed(command, settings)[0]


def _timed(command: Sequence[str], settings: dict[str, str]) -> tuple[float, str]:
    """(seconds, what it wrote). Raises RuntimeError where the program failed."""
    began = time.monotonic()
    done = subprocess.run(
        command, env=os.environ | settings, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    seconds = time.monotonic() - began
    if done.returncode != 0:
        raise RuntimeError(f"{Path(command[0]).name} ended with {done.returncode}:\n{done.stderr[-1000:]}")
    return seconds, done.stdout + done.stderr
