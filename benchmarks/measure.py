"""One process that reads the made golden files of one format: `python -m benchmarks.measure FORMAT`.

Touches those files only; writes one JSON line. In a process of its own the peak of its memory is the format's.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from crawler import formats, reports
from tests.golden.renderers import RENDERERS

GOLDEN = Path(__file__).parent.parent / "tests" / "golden"
SECONDS = 4.0  # of processor time
MAX_ROUNDS = 40


@dataclass(frozen=True, slots=True)
class Rate:
    """`seconds`: of one processor core, for `documents` read wholly (bytes → document → facts); bytes of memory."""

    documents: int
    seconds: float
    memory_before: int
    memory_peak: int


def paths(name: str) -> list[Path]:
    """The made files of a format, and the other golden pages for HTML."""
    suffix = RENDERERS[name].SUFFIX
    found = sorted((GOLDEN / "made").glob(f"{name}-*.{suffix}"))
    return [*found, *sorted(GOLDEN.glob("*.html"))] if name == "html" else found


def rate(name: str) -> Rate:
    files = [(path.name, path.read_bytes()) for path in paths(name)]
    before = _peak()
    for file, data in files:  # the first reading also loads models and fills caches
        reports.parse(formats.read(data, name=file))
    began = _processor()
    count = 0
    for _ in range(MAX_ROUNDS):
        for file, data in files:
            reports.parse(formats.read(data, name=file))
        count += len(files)
        if _processor() - began > SECONDS:
            break
    return Rate(count, _processor() - began, before, _peak())


def _processor() -> float:
    """Seconds of this process, all its threads and the programs that it started."""
    spent = os.times()
    return time.process_time() + spent.children_user + spent.children_system


def _peak() -> int:
    """Bytes; the larger of this process and the largest program that it started."""
    users = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(user).ru_maxrss for user in users) * 1024


if __name__ == "__main__":
    print(json.dumps(asdict(rate(sys.argv[1]))))
