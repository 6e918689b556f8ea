"""Starts the process that builds an export and hears of it. Touches that process and the lock of the exports."""

import datetime as dt
import json
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.env import Settings
from config.errors import GongkaiError
from crawler.read_captures import Progress
from monitor import child
from monitor.single import single

# The names of monitor.exports.formats, which is imported in the child only: it is large.
FORMAT_NAMES = ("csv", "excel", "xlsx", "parquet", "sqlite")
MOST_SECONDS = 12 * 3600


@dataclass(frozen=True, slots=True)
class Exported:
    """What the process said at its end: `build` (as monitor.exports.folder.Build) or `outlook`, JSON values.

    Neither: nothing changed since the newest build.
    """

    build: dict[str, Any] | None = None
    outlook: dict[str, Any] | None = None


@dataclass(slots=True)
class _Heard:
    end: dict[str, Any] | None = None
    error: str = ""


def export(
    settings: Settings,
    now: dt.datetime,
    environment: Mapping[str, str],
    *,
    tables: tuple[str, ...] = (),
    formats: tuple[str, ...] = (),
    output: Path | None = None,
    force: bool = False,
    dry_run: bool = False,
    stop: threading.Event | None = None,
    progress: Progress | None = None,
) -> Exported:
    """Builds it in a child. `environment`: the child's, with the settings (monitor.jobs.environment).

    Setting `stop` ends the child, which leaves the builds as they were. Raises GongkaiError in the child's own words.
    """
    asked = {
        "at": now.isoformat(),
        "tables": tables,
        "formats": formats,
        "output": None if output is None else str(output.resolve()),
        "force": force,
        "dry_run": dry_run,
    }
    heard = _Heard()

    def on_line(line: str) -> None:
        said = json.loads(line)
        if "done" in said and progress is not None:
            progress(said["done"], said["of"])
        heard.end = said.get("end", heard.end)
        heard.error = said.get("error", heard.error)

    # What is sorted on the way goes beside the exports, whose space is looked at, not into a small /tmp.
    temporary = output.resolve().parent if output else settings.data_dir.resolve() / "exports"
    temporary.mkdir(parents=True, exist_ok=True)
    with single(settings.lock_dir / "export.lock"):
        ending = child.run(
            [sys.executable, "-m", "monitor.exports"],
            environment={**environment, "SQLITE_TMPDIR": str(temporary)},
            seconds=MOST_SECONDS,
            on_line=on_line,
            stop=stop or threading.Event(),
            text=json.dumps(asked),
        )
    if heard.end is None:
        last = next((line for line in reversed(ending.tail) if line.strip()), f"it ended with code {ending.code}")
        raise GongkaiError(heard.error or f"the export ended early: {ending.why or last}")
    return Exported(**heard.end)
