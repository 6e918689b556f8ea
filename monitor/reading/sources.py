"""Which files a reading is about. Touches the given folders, for reading."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from config.errors import GongkaiError
from monitor.reading.words import both


def files(given: Iterable[Path]) -> tuple[Path, ...]:
    """The files as given, and those below the given folders in the order of their names, each once.

    Below a folder, hidden files and folders, links and what is no plain file (pipes, devices) are left out: a
    folder of documents from elsewhere leads nowhere else. Raises GongkaiError when there is nothing at all.
    """
    given = tuple(given)
    found = tuple(dict.fromkeys(path for place in given for path in _below(place)))
    if not found:
        raise GongkaiError(both("reading.run.nothing", " / ", places=", ".join(map(str, given))))
    return found


def _below(place: Path) -> Iterator[Path]:
    if not place.is_dir():
        yield place
        return
    for folder, folders, names in os.walk(place):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(folder, name)
            if not name.startswith(".") and stat.S_ISREG(path.lstat().st_mode):
                yield path
