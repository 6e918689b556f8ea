"""A country that is kept goes on where it was stopped: what is remembered of it after each day.

May touch: one file of the folder that the person named. It is written by us alone, so that it may be a pickle.
"""

from __future__ import annotations

import datetime as dt
import pickle
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NAME = "lived.pickle"


@dataclass(frozen=True, slots=True)
class Kept:
    """`made_of`: the seed and the sizes of the country; `day`: the last one that was lived through, whole.

    `ports`: by slug where each portal stood; `memory`: what the measure knows; `seconds`: how long it took so far.
    """

    made_of: tuple[object, ...]
    day: dt.date
    ports: Mapping[str, int]
    memory: Mapping[str, Any]
    seconds: float


def read(folder: Path, made_of: tuple[object, ...]) -> Kept | None:
    """What is kept in the folder; None where nothing is. Raises SystemExit for another country's folder."""
    path = folder / NAME
    if not path.exists():
        return None
    kept: Kept = pickle.loads(path.read_bytes())
    if kept.made_of != made_of:
        raise SystemExit(f"{path}: of another country: {kept.made_of}, not {made_of}; name another folder")
    return kept


def write(folder: Path, kept: Kept) -> None:
    """Whole or not at all."""
    part = folder / f".{NAME}.part"
    part.write_bytes(pickle.dumps(kept))
    part.replace(folder / NAME)
