"""`/api/v1/facts`: the cells of the reports in long form. May touch: the board; the store, for reading."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field
from sqlalchemy.orm import Session

from crawler.store.reads import filed
from crawler.store.reads.filed import Content, FactLine
from monitor.board import Board
from monitor.status.api.answers import Answers
from monitor.status.api.cursors import Place
from monitor.status.api.filed import SHAPE, Report, Walk
from monitor.status.api.listing import Asked, listed
from monitor.status.api.models.place import shown_place
from monitor.status.api.models.report import FactPage, ShownFact
from monitor.status.api.queries import CODE, Id, ReportQuery
from monitor.status.api.reports import TABLES
from monitor.status.api.routing import put_up

CELLS: Final = 110  # a report has about so many
MOST_REPORTS: Final = 2000  # that are looked at for one page


class FactQuery(ReportQuery):
    """Which cells."""

    code: Annotated[str | None, Field(pattern=CODE, description="One cell; see /indicators.")] = None
    reading: Annotated[
        Id | None,
        Field(description="One reading, whether or not it is what the address holds now and what counts today."),
    ] = None


def routes(answers: Answers) -> APIRouter:
    router = APIRouter(tags=["facts"])

    def list_facts(request: Request, query: Annotated[FactQuery, Query()]) -> Response:
        """The cells of what is filed as a report, as its address holds it now, by the newest reading of it."""
        return listed(answers, request, query, _page, name="facts", shape=(*SHAPE, int), tables=TABLES)

    put_up(router, "/facts", list_facts, FactPage)
    return router


def _page(asked: Asked[FactQuery]) -> FactPage:
    """The cursor's place: of the report, and the id of the first fact."""
    session, board, query, place = asked.session, asked.board, asked.query, asked.place
    at_once = query.limit + 1 if query.code else 2 + query.limit // CELLS
    walk = Walk(session, board, query, place, entries=at_once)
    reports: Iterable[Report] = walk if query.reading is None else _of_reading(session, board, query, place)
    items: list[ShownFact] = []
    following: Sequence[str | int] | None = None
    looked_at = 0
    for portion in _portions(iter(reports), at_once):
        looked_at += len(portion)
        for report, fact in _facts(session, query, portion, place):
            if len(items) == query.limit:
                following = (*report.place, fact.id)
                break
            items.append(_shown(report, report.current, fact))
        if following is not None:
            break
        if looked_at >= MOST_REPORTS:
            last = portion[-1]
            following = (*last.place, MOST_ID)
            break
    stopped = (*walk.stopped, 0) if walk.stopped else None
    return asked.page(FactPage, items, following or stopped)


MOST_ID: Final = 2**63 - 1


def _portions(reports: Iterator[Report], size: int) -> Iterator[list[Report]]:
    while portion := list(islice(reports, size)):
        yield portion


def _facts(
    session: Session, query: FactQuery, reports: Sequence[Report], place: Place | None
) -> Iterator[tuple[Report, FactLine]]:
    """The facts of some reports in the order of the list, behind the place of a cursor."""
    readings = {report.current.reading_id for report in reports}
    by_reading: dict[int, list[FactLine]] = {}
    for fact in filed.facts(session, readings, code=query.code):
        by_reading.setdefault(fact.reading_id, []).append(fact)
    for report in reports:
        begun = place is not None and report.place == place[: len(SHAPE)]
        for fact in by_reading.get(report.current.reading_id, ()):
            if place is None or not begun or fact.id >= int(place[-1]):
                yield report, fact


def _of_reading(session: Session, board: Board, query: FactQuery, place: Place | None) -> list[Report]:
    """What one reading is filed as, in the order of the list."""
    region = board.select(region=query.region or "")
    found = [
        Report(content, (content,))
        for content in filed.contents_of_reading(session, query.reading or 0)
        if content.agency_id in board.row_of
        and region[board.row_of[content.agency_id]]
        and query.agency in (None, content.agency_id)
        and query.year in (None, content.year)
    ]
    begin = place[: len(SHAPE)] if place else ("", 0, 0, "")
    return sorted((report for report in found if report.place >= begin), key=lambda report: report.place)


def _shown(report: Report, content: Content, fact: FactLine) -> ShownFact:
    return ShownFact.model_validate(
        {
            "agency": content.agency_id,
            "year": content.year,
            "report": report.id,
            "code": fact.code,
            "state": fact.state,
            "value": fact.value,
            "unit": fact.unit,
            "raw": fact.raw,
            "place": shown_place(fact.place),
            "certain": fact.certain,
            "sha256": content.sha256,
            "reading": content.reading_id,
        }
    )
