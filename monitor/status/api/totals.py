"""`/api/v1/coverage/totals`: how many agencies stand how, by what they are. May touch: the board."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from fastapi import APIRouter, Query, Request, Response
from numpy.typing import NDArray
from pydantic import Field

from monitor.board import Board, Totals
from monitor.board.board import CODES, KINDS, LEVELS, STATE_CODES, UNJUDGED
from monitor.status.api.answers import Answers, place_of
from monitor.status.api.models.coverage import By, Counts, Sum, TotalsPage
from monitor.status.api.queries import Paged, Selection, Year
from monitor.status.api.routing import put_up
from monitor.status.web import Web


class TotalsQuery(Selection, Paged):
    """Sums over the selected agencies."""

    year: Annotated[Year, Field(description="The report year.")]
    by: Annotated[By, Field(description="What the agencies are summed by.")] = By.ALL


@dataclass(frozen=True, slots=True)
class Groups:
    """`keys`: of each group, in any order. `group`: of each of `rows`, which are rows of the board (some may repeat)."""

    keys: Sequence[str]
    rows: NDArray[np.int64]
    group: NDArray[np.int64]


def routes(answers: Answers) -> APIRouter:
    web = answers.web
    router = APIRouter(tags=["coverage"])

    def list_totals(request: Request, query: Annotated[TotalsQuery, Query()]) -> Response:
        """The selected agencies by state, for one report year, in groups."""
        board = web.board()
        place = place_of(request, query, (str,))

        def make() -> TotalsPage:
            found = sorted(_totals(board, query).items())
            behind = [(key, totals) for key, totals in found if place is None or key > str(place[0])]
            items = [_sum(web, board, query.by, key, totals) for key, totals in behind[: query.limit]]
            more = [items[-1].group] if len(behind) > query.limit else None
            return answers.page(request, TotalsPage, board, items, more)

        return answers.answer(request, "totals", answers.board_marks(board), make)

    put_up(router, "/coverage/totals", list_totals, TotalsPage)
    return router


def _totals(board: Board, query: TotalsQuery) -> dict[str, Totals]:
    """Of the groups with at least one watched agency; none of a year of which the board knows nothing."""
    if query.year not in board.column_of:
        return {}
    mask = query.rows(board)
    groups = _groups(board, query.by)
    kept = mask[groups.rows]
    states = board.state[groups.rows, board.column_of[query.year]][kept].astype(np.int64)
    counts = np.bincount(groups.group[kept] * CODES + states, minlength=len(groups.keys) * CODES)
    found: dict[str, Totals] = {}
    for key, of_group in zip(groups.keys, counts.reshape(-1, CODES).tolist(), strict=True):
        by_state = {state: of_group[code] for state, code in STATE_CODES.items()}
        totals = Totals(query.year, by_state, of_group[UNJUDGED])
        if totals.watched:
            found[key] = totals
    return found


def _groups(board: Board, by: By) -> Groups:
    every = np.arange(len(board), dtype=np.int64)
    codes = board.region_code.astype(np.int64)
    match by:
        case By.ALL:
            return Groups(["all"], every, np.zeros(len(board), dtype=np.int64))
        case By.KIND:
            return Groups([kind.value for kind in KINDS], every, board.kind.astype(np.int64))
        case By.LEVEL:
            return Groups([level.value for level in LEVELS], every, board.level.astype(np.int64))
        case By.SUPERVISOR:
            return Groups(board.supervisors, every, board.supervisor.astype(np.int64))
        case By.PORTAL:
            rows = np.repeat(every, np.diff(board.portal_starts))
            return Groups(board.portals, rows, board.portal_rows.astype(np.int64))
        case By.PROVINCE:
            return _by_code(every, codes // 10_000 * 10_000)
        case By.PREFECTURE:
            return _by_code(every, codes // 100 * 100)
        case By.REGION:
            return _by_code(every, codes)


def _by_code(every: NDArray[np.int64], codes: NDArray[np.int64]) -> Groups:
    found, group = np.unique(codes, return_inverse=True)
    return Groups([f"{code:06d}" for code in found], every, group.astype(np.int64))


def _sum(web: Web, board: Board, by: By, key: str, totals: Totals) -> Sum:
    return Sum(
        group=key,
        name=_name(web, board, by, key),
        year=totals.year,
        watched=totals.watched,
        owing=totals.owing,
        unjudged=totals.unjudged,
        states=Counts.model_validate({state.value: count for state, count in totals.states.items()}),
    )


def _name(web: Web, board: Board, by: By, key: str) -> str | None:
    """A region is named by the first agency that is registered at its code; rows are sorted by it."""
    if by is By.PORTAL:
        return web.configuration.portals[key].name if key in web.configuration.portals else None
    if by not in (By.PROVINCE, By.PREFECTURE, By.REGION):
        return None
    row = int(np.searchsorted(board.region_code, int(key)))
    return board.regions[row] if row < len(board) and board.region_code[row] == int(key) else None
