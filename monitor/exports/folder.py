"""The builds below <data_dir>/exports: a folder each, named by day and number, whole or not there at all.

May touch: that folder. A build is written to a folder beside it that begins with a dot and is renamed when it is whole.
"""

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from config.env import Settings
from config.errors import GongkaiError

RECORD = "build.json"  # what the page and the next build need to know; the other files are for everybody
_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})\.(\d{1,6})")
_PART = ".part"


@dataclass(frozen=True, slots=True)
class BuiltFile:
    """One file of a build. `tables`: what is in it; `rows`: None of a file that holds no rows."""

    name: str
    format: str
    media_type: str
    bytes: int
    sha256: str
    tables: tuple[str, ...] = ()
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class Build:
    """One export. `made_at`: ISO, the moment of counting days; `mark` changes with everything that is exported.

    `rows`: of every table. `left_out`: table → formats that do not hold it because it is too long for them.
    """

    name: str
    made_at: str
    mark: str
    simulated: bool
    rows: dict[str, int]
    files: tuple[BuiltFile, ...]
    left_out: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def bytes(self) -> int:
        return sum(file.bytes for file in self.files)

    def file(self, name: str) -> BuiltFile | None:
        return next((file for file in self.files if file.name == name), None)


def exports_dir(settings: Settings) -> Path:
    return settings.data_dir / "exports"


def builds(folder: Path) -> list[str]:
    """The names of the builds that are there, newest first."""
    if not folder.is_dir():
        return []
    found = [match for path in folder.iterdir() if (match := _NAME.fullmatch(path.name)) and (path / RECORD).is_file()]
    return [match[0] for match in sorted(found, key=lambda match: (match[1], int(match[2])), reverse=True)]


def newest(folder: Path) -> Build | None:
    names = builds(folder)
    return load(folder, names[0]) if names else None


def load(folder: Path, name: str) -> Build | None:
    """One build by its name; None if there is none. No other name than a build's leads to any file."""
    if not _NAME.fullmatch(name) or not (folder / name / RECORD).is_file():
        return None
    return _loaded(folder / name / RECORD)


@lru_cache(maxsize=8)
def _loaded(path: Path) -> Build:
    """A build never changes, and no name is used twice."""
    values: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    files = tuple(BuiltFile(**(file | {"tables": tuple(file["tables"])})) for file in values["files"])
    left_out = {table: tuple(formats) for table, formats in values["left_out"].items()}
    return Build(**(values | {"files": files, "left_out": left_out}))


def record(folder: Path, build: Build) -> None:
    (folder / RECORD).write_text(json.dumps(asdict(build), ensure_ascii=False, indent=1), encoding="utf-8")


def next_name(folder: Path, day: str) -> str:
    numbers = [int(name.rpartition(".")[2]) for name in builds(folder) if name.startswith(f"{day}.")]
    return f"{day}.{max(numbers, default=0) + 1}"


@contextmanager
def part(target: Path) -> Iterator[Path]:
    """An empty folder beside `target`, renamed to it when the block ends well, and removed when it does not.

    What a killed export left there is removed first. Raises GongkaiError if the folder cannot be made.
    """
    beside = target.with_name(f".{target.name}{_PART}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir()
    except OSError as error:
        raise GongkaiError(f"{beside}: cannot be made: {error.strerror or error}") from error
    try:
        yield beside
        beside.replace(target)
    except OSError as error:
        raise GongkaiError(f"{target}: the export cannot be written: {error.strerror or error}") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def tidy(folder: Path, keep: int) -> None:
    """Removes what killed exports left behind, and all but the newest `keep` builds."""
    for left in folder.glob(f".*{_PART}"):
        shutil.rmtree(left, ignore_errors=True)
    for name in builds(folder)[keep:]:
        # Under another name first: a build is whole or not there, also for who looks meanwhile.
        doomed = folder / f".{name}{_PART}"
        (folder / name).replace(doomed)
        shutil.rmtree(doomed, ignore_errors=True)


def free_bytes(folder: Path) -> int:
    """Of the disk on which the folder is, or will be."""
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free
