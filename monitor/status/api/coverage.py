"""`/api/v1/coverage`: how every agency stands in every year, all of it from the board. May touch: the board."""

from collections.abc import Iterator
from typing import Annotated

import numpy as np
from fastapi import APIRouter, Query, Request, Response

from monitor.board import Board
from monitor.board.board import FLAG_BITS, STATE_CODES, UNWATCHED, Mask, Rows
from monitor.status.api.agencies import page_of
from monitor.status.api.answers import Answers, place_of
from monitor.status.api.models.coverage import CoveragePage, Standing
from monitor.status.api.queries import BadParameter, CoverageQuery
from monitor.status.api.routing import put_up
from monitor.status.web import Web

ROWS_AT_ONCE = 4096  # agencies whose years are looked at together


def routes(answers: Answers) -> APIRouter:
    web = answers.web
    router = APIRouter(tags=["coverage"])

    def list_coverage(request: Request, query: Annotated[CoverageQuery, Query()]) -> Response:
        """State, due day, days and the days of evidence of every watched agency and year that are selected."""
        board = web.board()
        place = place_of(request, query, (str, int))

        def make() -> CoveragePage:
            pairs = _pairs(board, query, place)
            found = [pair for pair, _ in zip(pairs, range(query.limit + 1), strict=False)]
            items = [standing(web, board, row, year) for row, year in found[: query.limit]]
            more = (items[-1].agency, items[-1].year) if len(found) > query.limit else None
            return answers.page(request, CoveragePage, board, items, more)

        return answers.answer(request, "coverage", answers.board_marks(board), make)

    put_up(router, "/coverage", list_coverage, CoveragePage)
    return router


def _pairs(board: Board, query: CoverageQuery, place: tuple[str | int, ...] | None) -> Iterator[tuple[int, int]]:
    """The watched (row, year) pairs that are selected, behind the place of a cursor, in the order of the list."""
    first, last = query.span(board)
    begin, after = 0, -1
    if place is not None:
        row = board.row_of.get(str(place[0]))
        if row is None:
            raise BadParameter(
                "cursor", "所指的机关已不在登记之中，请从头开始", "its agency is no longer registered: begin anew"
            )
        begin, after = row, int(place[1])
    columns = np.array([column for column, year in enumerate(board.years) if first <= year <= last], dtype=np.int64)
    rows = np.flatnonzero(query.rows(board)[begin:]) + begin
    for start in range(0, len(rows), ROWS_AT_ONCE):
        some = rows[start : start + ROWS_AT_ONCE]
        for place_of_row, place_of_column in np.argwhere(_wanted(board, query, some, columns)):
            row, year = int(some[place_of_row]), board.years[columns[place_of_column]]
            if row != begin or year > after:
                yield row, year


def _wanted(board: Board, query: CoverageQuery, rows: Rows, columns: Rows) -> Mask:
    states = board.state[np.ix_(rows, columns)]
    wanted: Mask = states != UNWATCHED if query.state is None else states == STATE_CODES[query.state]
    if query.flag is not None:
        wanted &= (board.flags[np.ix_(rows, columns)] & FLAG_BITS[query.flag]) != 0
    return wanted


def standing(web: Web, board: Board, row: int, year: int) -> Standing:
    """One agency and year as the board has it."""
    place = board.place(row, year, web.now())
    least, most = place.days or (None, None)
    agency_id = board.ids[row]
    return Standing(
        agency=agency_id,
        name=board.names[row],
        invented=bool(board.invented[row]),
        region_code=f"{board.region_code[row]:06d}",
        year=year,
        state=place.state,
        due=place.due,
        days_least=least,
        days_most=most,
        seen_on=place.seen_on,
        absent_on=place.absent_on,
        stated_on=place.stated_on,
        findings=list(place.flags),
        url=page_of(web, f"/agency/{agency_id}/{year}"),
    )
