"""The process that builds an export: `python -m monitor.exports`, started by monitor.exports.run.

Reads what is wanted on stdin (one JSON value) and the settings in the environment; writes lines of JSON on stdout: how far
it is, and how it ended. It holds no configuration and ends with all of its memory. Touches what monitor.exports.build touches.
"""

import datetime as dt
import json
import os
import signal
import sys
import time
from dataclasses import asdict
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import pyarrow as pa

from config.env import Settings
from config.errors import GongkaiError
from crawler.store.session import open_store
from monitor.exports.build import Progress, Wanted, build, outlook

SAY_EVERY = 0.5  # seconds between two lines of progress
NICENESS = 10  # the page and the crawl go first
TERMINATED = 143  # exit code after SIGTERM


def main() -> int:
    """0: built, or nothing to build; 2: a GongkaiError, whose words are in the last line."""
    asked = json.load(sys.stdin)
    os.nice(NICENESS)
    # The memory that Arrow's own allocators keep for later would count as used.
    pa.set_memory_pool(pa.system_memory_pool())
    pa.set_cpu_count(1)  # a thread more is an arena of memory more, and there is nothing for it to do
    signal.signal(signal.SIGTERM, _end)
    try:
        _say({"end": _done(asked)})
    except GongkaiError as error:
        _say({"error": str(error)})
        return 2
    return 0


def _done(asked: dict[str, Any]) -> dict[str, Any]:
    settings = Settings()  # those that the process which started this one has read already
    output = asked["output"]
    wanted = Wanted(tuple(asked["tables"]), tuple(asked["formats"]), Path(output) if output else None, asked["force"])
    now = dt.datetime.fromisoformat(asked["at"])
    sessions = open_store(settings.database)
    try:
        if asked["dry_run"]:
            found = outlook(settings, sessions, now, wanted)
            return {"outlook": asdict(found) | {"target": str(found.target)}}
        made = build(settings, sessions, now, wanted, _progress())
        return {"build": None if made is None else asdict(made)}
    finally:
        sessions.kw["bind"].dispose()


def _progress() -> Progress:
    said = time.monotonic()

    def tell(done: int, of: int) -> None:
        nonlocal said
        if time.monotonic() - said >= SAY_EVERY:
            said = time.monotonic()
            _say({"done": done, "of": of})

    return tell


def _say(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def _end(_signal: int, _frame: FrameType | None) -> NoReturn:
    """So that everything unwinds: the folder of a build that is not whole is removed."""
    raise SystemExit(TERMINATED)


if __name__ == "__main__":
    sys.exit(main())
