"""How events, findings and changes are listed: newest first, or oldest first behind an id. May touch: the store, for reading."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from sqlalchemy import ColumnElement

from crawler.store.reads import chronicle
from crawler.store.reads.chronicle import Happening, Line
from monitor.board import Board
from monitor.board.board import UNWATCHED, Mask
from monitor.status.api.listing import Asked
from monitor.status.api.queries import NewsQuery

FEW: Final = 200  # agencies that are asked for by name
SPARE: Final = 20
SCAN: Final = 1000  # rows that are looked at in one go where not all of them are wanted
ROUNDS: Final = 3


@dataclass(frozen=True, slots=True)
class Found:
    """The ids of one page in the list's order, and where the next one begins (None: at the end of the list)."""

    ids: tuple[int, ...]
    following: tuple[int] | None


def found(
    asked: Asked[NewsQuery],
    table: Happening,
    *,
    kind: str | None,
    more: ColumnElement[Any] | None = None,
    wanted: Callable[[Line], bool] = lambda _line: True,
) -> Found:
    """One page of what is selected. What is about no agency is about a portal, and is left out where agencies are chosen.

    Of a year that is no longer watched, and of an agency that is no longer registered, nothing is told. The
    cursor's place is an id. `wanted`: of the column `more`. A page ends early after ROUNDS × SCAN rows of which few were wanted.
    """
    board, query = asked.board, asked.query
    chosen = _chosen(board, query)
    few = _few(board, chosen)
    oldest_first = query.after is not None
    place = int(asked.place[0]) if asked.place else query.after
    # One index answers for a kind or for a year; of a few agencies all rows are looked at anyway.
    year = query.year if kind is None or few is not None else None
    # Where all are wanted nearly all are shown.
    scan = query.limit + SPARE if chosen is None and more is None and year == query.year else SCAN
    kept: list[int] = []
    for _ in range(ROUNDS):
        lines = chronicle.lines(
            asked.session,
            table,
            kind=kind,
            year=year,
            agencies=few,
            beyond=place,
            oldest_first=oldest_first,
            limit=scan,
            more=more,
        )
        for line in lines:
            if query.year in (None, line.year) and _is_shown(board, line, chosen) and wanted(line):
                if len(kept) == query.limit:
                    return Found(tuple(kept), (kept[-1],))
                kept.append(line.id)
        if len(lines) < scan:
            return Found(tuple(kept), None)
        place, scan = lines[-1].id, SCAN
    return Found(tuple(kept), None if place is None else (place,))


def _chosen(board: Board, query: NewsQuery) -> Mask | None:
    """The selected agencies; None: all, and what is about portals too."""
    if query.agency is None and query.region is None:
        return None
    mask = board.select(region=query.region or "")
    if query.agency is not None:
        row, kept = board.row_of.get(query.agency), np.zeros(len(board), dtype=np.bool_)
        if row is not None:
            kept[row] = mask[row]
        return kept
    return mask


def _few(board: Board, chosen: Mask | None) -> list[str] | None:
    """Their ids, if they are few enough to be asked for by name."""
    if chosen is None or np.count_nonzero(chosen) > FEW:
        return None
    return [board.ids[row] for row in np.flatnonzero(chosen)]


def _is_shown(board: Board, line: Line, chosen: Mask | None) -> bool:
    if not line.agency_id:
        return chosen is None
    row, column = board.row_of.get(line.agency_id), board.column_of.get(line.year)
    if row is None or column is None or (chosen is not None and not chosen[row]):
        return False
    return bool(board.state[row, column] != UNWATCHED)
