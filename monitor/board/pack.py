"""The board as bytes and back: a zip of plain arrays and one JSON text; nothing in it is executed. May touch nothing."""

import dataclasses
import datetime as dt
import io
import json
from typing import Any

import numpy as np

from monitor.board.board import CODES, FLAG_BITS, Board
from monitor.board.values import ColumnSight

# A board that was packed with other states or flags cannot be read: the next evaluation makes a new one.
FORMAT = f"1:{CODES}:{','.join(FLAG_BITS)}"
ARRAYS = (
    "region_code", "kind", "level", "supervisor", "invented", "by_name", "portal_starts", "portal_rows", "text",
    "text_starts", "state", "due", "late", "seen", "absent", "stated", "flags",
)  # fmt: skip
TEXTS = ("ids", "names", "regions", "supervisors", "portals", "families")
MOMENTS = ("looked_at", "healthy_at", "since")


def packed(board: Board) -> bytes:
    """A compressed board: about 10 bytes an agency and year."""
    rest = {
        "format": FORMAT,
        "made_at": board.made_at.isoformat(),
        "judged_at": _written(board.judged_at),
        "simulated": board.simulated,
        "registry": board.registry,
        "digest": board.digest,
        "years": list(board.years),
        **{name: list(getattr(board, name)) for name in TEXTS},
        "columns": [
            {name: _written(value) for name, value in dataclasses.asdict(sight).items()} for sight in board.columns
        ],
    }
    stream = io.BytesIO()
    arrays: dict[str, Any] = {name: getattr(board, name) for name in ARRAYS}
    text = json.dumps(rest, ensure_ascii=False).encode()
    np.savez_compressed(stream, rest=np.frombuffer(text, dtype=np.uint8), **arrays)
    return stream.getvalue()


def unpacked(content: bytes) -> Board | None:
    """The board again; None if it was packed by a program with other states."""
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        rest = json.loads(arrays["rest"].tobytes())
        if rest["format"] != FORMAT:
            return None
        known: dict[str, Any] = {name: tuple(rest[name]) for name in TEXTS}
        known |= {name: arrays[name] for name in ARRAYS}
        return Board(
            made_at=dt.datetime.fromisoformat(rest["made_at"]),
            judged_at=_moment(rest["judged_at"]),
            simulated=rest["simulated"],
            registry=rest["registry"],
            digest=rest["digest"],
            years=tuple(rest["years"]),
            columns=tuple(_sight(sight) for sight in rest["columns"]),
            **known,
        )


def _sight(stored: dict[str, Any]) -> ColumnSight:
    moments: dict[str, Any] = {name: _moment(stored[name]) for name in MOMENTS}
    return ColumnSight(**(stored | moments))


def _written(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.datetime) else value


def _moment(value: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(value) if value else None
