"""`/api/v1/versions`: the contents that the addresses of reports have held. May touch: the store, for reading."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field
from sqlalchemy.orm import Session

from crawler.store.reads import chronicle, filed
from crawler.store.reads.filed import Content
from monitor.board import Board
from monitor.status.api.answers import Answers
from monitor.status.api.filed import SHAPE, Report, Walk
from monitor.status.api.listing import Asked, listed
from monitor.status.api.models.report import Version, VersionPage
from monitor.status.api.queries import ReportQuery
from monitor.status.api.reports import TABLES, report_by_id, shown_reading
from monitor.status.api.routing import put_up


class VersionQuery(ReportQuery):
    """Whose contents."""

    report: Annotated[
        str | None, Field(pattern=r"^[1-9][0-9]{0,18}-[0-9a-f]{8}$", description="The id of one report.")
    ] = None


def routes(answers: Answers) -> APIRouter:
    router = APIRouter(tags=["versions"])

    def list_versions(request: Request, query: Annotated[VersionQuery, Query()]) -> Response:
        """Every content that is filed as a report, with its first and last capture and how many there are."""
        return listed(answers, request, query, _page, name="versions", shape=(*SHAPE, int), tables=TABLES)

    put_up(router, "/versions", list_versions, VersionPage)
    return router


def _page(asked: Asked[VersionQuery]) -> VersionPage:
    """The cursor's place: of the report, and how many of its contents, from the oldest, are still to come."""
    session, board, query, place = asked.session, asked.board, asked.query, asked.place
    walk = Walk(session, board, query, place, entries=query.limit + 1)
    reports = walk if query.report is None else _one(session, board, query)
    kept: list[tuple[Report, Content]] = []
    following: Sequence[str | int] | None = None
    for report in reports:
        left = len(report.contents)
        if place is not None and report.place == place[: len(SHAPE)]:
            left = min(left, int(place[-1]))
        for content in report.contents[len(report.contents) - left :]:
            if len(kept) == query.limit:
                following = (*report.place, left)
                break
            kept.append((report, content))
            left -= 1
        if following is not None:
            break
    stopped = (*walk.stopped, 0) if walk.stopped else None
    return asked.page(VersionPage, _shown(session, kept), following or stopped)


def _one(session: Session, board: Board, query: VersionQuery) -> list[Report]:
    found = report_by_id(session, board, query.report or "")
    if found is None:
        return []
    region = board.select(region=query.region or "")
    named = (query.agency in (None, found.current.agency_id)) and query.year in (None, found.current.year)
    return [found] if named and region[board.row_of[found.current.agency_id]] else []


def _shown(session: Session, kept: Sequence[tuple[Report, Content]]) -> list[Version]:
    lines = filed.report_lines(session, [content.filing_id for _, content in kept])
    shots = {
        (shot.entry_id, shot.url, shot.sha256): shot
        for shot in filed.shots(session, {content.entry_id for _, content in kept})
    }
    of_content = [shots[content.entry_id, content.url, content.sha256] for _, content in kept]
    at = {id_: moment for id_, moment, _ in chronicle.contents(session, [shot.last for shot in of_content])}
    return [
        Version(
            report=report.id,
            agency=content.agency_id,
            year=content.year,
            url=lines[content.filing_id].final_url or content.url,
            current=content is report.current,
            content=shown_reading(content, lines[content.filing_id]),
            last_capture=shot.last,
            last_captured_at=at[shot.last],
            captures=shot.captures,
        )
        for (report, content), shot in zip(kept, of_content, strict=True)
    ]
