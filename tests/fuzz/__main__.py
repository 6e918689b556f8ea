"""`python -m tests.fuzz FORMAT … [--minutes N] [--seed N] [--keep FOLDER]`

Reads damaged made files in this process, each under a time limit, and prints what became of them. Ends with 1
after a crash (anything but a ReadError), a hang, or a number that structural damage made another one; those files
are kept. Touches the folder that keeps them, and there the file that is being read: it is left if the process dies.
"""

from __future__ import annotations

import argparse
import faulthandler
import json
import random
import resource
import signal
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from crawler import formats, reports
from crawler.errors import ReadError
from crawler.model import CellState, ParsedReport
from tests.fuzz.damage import crude, structural
from tests.golden.make import MADE
from tests.golden.renderers import RENDERERS

SECONDS = 20  # of processor time for one document
SHOWN = 10  # cases of one kind that are printed


class Hang(BaseException):
    """The time for one document is over. No Exception: nothing that is being read may catch it."""


@dataclass(frozen=True, slots=True)
class Original:
    """A made file with its known facts."""

    name: str
    suffix: str
    data: bytes
    facts: dict[str, str]


@dataclass
class Summary:
    counts: Counter[str] = field(default_factory=Counter)
    facts: Counter[str] = field(default_factory=Counter)  # of structural damage, by what became of them
    crashes: Counter[str] = field(default_factory=Counter)  # by exception and place
    slowest: float = 0.0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("formats", nargs="+", choices=list(RENDERERS), metavar="FORMAT", help=", ".join(RENDERERS))
    parser.add_argument("--minutes", type=float, default=2.0, help="for each format")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, default=Path("var/fuzz"), help="folder for the cases")
    options = parser.parse_args()
    options.keep.mkdir(parents=True, exist_ok=True)
    faulthandler.enable()
    signal.signal(signal.SIGPROF, _over)
    failed = False
    for name in options.formats:
        summary = fuzz(name, options.seed, options.minutes * 60, options.keep)
        failed = failed or any(summary.counts[kind] for kind in ("crash", "hang", "different"))
    return int(failed)


def fuzz(name: str, seed: int, seconds: float, keep: Path) -> Summary:
    files = originals(name)
    summary = Summary()
    before = _peak()
    began = time.monotonic()
    number = 0
    while time.monotonic() - began < seconds:
        chance = random.Random(f"{name}-{seed}-{number}")
        original = chance.choice(files)
        data = structural(original.data, original.suffix, chance) if number % 2 else None
        kind = "crude" if data is None else "structural"
        case = keep / f"{original.name}-{seed}-{number}.{original.suffix}"
        one(case, data or crude(original.data, chance), original if kind == "structural" else None, summary)
        summary.counts[kind] += 1
        number += 1
    _print(name, summary, time.monotonic() - began, _peak() - before)
    return summary


def originals(name: str) -> list[Original]:
    suffix = RENDERERS[name].SUFFIX
    found = []
    for path in sorted(MADE.glob(f"{name}-*.{suffix}")):
        expectation = MADE / f"{path.stem.rsplit('-', 1)[-1]}.expected.json"
        facts = json.loads(expectation.read_text(encoding="utf-8"))["facts"]
        found.append(Original(path.stem, suffix, path.read_bytes(), facts))
    return found


def one(case: Path, data: bytes, original: Original | None, summary: Summary) -> None:
    """Reads one damaged file; `original` where its numbers must have stayed the same."""
    case.write_bytes(data)
    keep = False
    began = time.monotonic()
    try:
        with limited(SECONDS):
            report = reports.parse(formats.read(data, name=case.name))
        summary.counts["read"] += 1
        keep = original is not None and _compare(case, report, original, summary)
    except ReadError:
        summary.counts["refused"] += 1
    except Hang:
        keep = _said(summary, "hang", f"{case}: more than {SECONDS} s")
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what the fuzzer looks for
        keep = _crashed(summary, case, error)
    summary.slowest = max(summary.slowest, time.monotonic() - began)
    if not keep:
        case.unlink()


@contextmanager
def limited(seconds: int) -> Iterator[None]:
    """Processor time, not the clock's: the machine may be busy with other things."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _over(number: int, frame: FrameType | None) -> None:
    raise Hang


def _compare(case: Path, report: ParsedReport, original: Original, summary: Summary) -> bool:
    """Whether a number is another one than the report says."""
    different = []
    for fact in report.facts:
        expected = original.facts.get(fact.code)
        if fact.state is not CellState.NUMBER or fact.value is None:
            same = fact.state is CellState.BLANK and expected == "<blank>"
            summary.facts["same" if same else f"now {fact.state.value}"] += 1
        elif expected is None or format(fact.value, "f") != expected:
            different.append(f"{fact.code}: {expected} → {fact.value} ({fact.place})")
        else:
            summary.facts["same"] += 1
    if not different:
        return False
    summary.facts["different"] += len(different)
    return _said(summary, "different", f"{case}: {len(different)} numbers, {'; '.join(different[:3])}")


def _said(summary: Summary, kind: str, words: str) -> bool:
    summary.counts[kind] += 1
    if summary.counts[kind] <= SHOWN:
        print(f"{kind}: {words}", flush=True)
    return True


def _crashed(summary: Summary, case: Path, error: Exception) -> bool:
    """One place that crashes is printed wholly once."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{type(error).__name__} in {Path(last.filename).name}:{last.lineno}"
    summary.counts["crash"] += 1
    summary.crashes[place] += 1
    if summary.crashes[place] == 1:
        print(f"crash: {case}:\n{''.join(traceback.format_exception(error))}", flush=True)
    return True


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _print(name: str, summary: Summary, seconds: float, growth: int) -> None:
    counts = ", ".join(f"{kind} {summary.counts[kind]}" for kind in ("crude", "structural", "read", "refused"))
    bad = ", ".join(f"{kind} {summary.counts[kind]}" for kind in ("crash", "hang", "different"))
    facts = ", ".join(f"{state} {count}" for state, count in sorted(summary.facts.items()))
    print(f"{name}: {seconds:.0f} s, {counts}; {bad}; slowest {summary.slowest:.1f} s; peak memory +{growth} MB")
    print(f"  cells after structural damage: {facts or 'none'}", flush=True)
    for place, count in summary.crashes.most_common():
        print(f"  crash: {count} × {place}", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
