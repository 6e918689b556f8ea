"""`/api/v1/reports`: what is filed as a report, address by address. May touch: the board; the store, for reading."""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final

from fastapi import APIRouter, HTTPException, Path, Query, Request, Response
from pydantic import Field
from sqlalchemy.orm import Session

from crawler.reports import templates
from crawler.store.reads import chronicle, filed
from crawler.store.reads.filed import Content, Listed, ReportLine
from crawler.store.tables import Capture, EntryChange, Filing, Reading
from monitor.board import Board
from monitor.status.api.agencies import page_of
from monitor.status.api.answers import Answers
from monitor.status.api.cursors import MOST
from monitor.status.api.filed import SHAPE, Report, Walk, reports_of
from monitor.status.api.listing import Asked, listed
from monitor.status.api.models import report as models
from monitor.status.api.models.agency import Published
from monitor.status.api.models.report import REPORT_ID, ReportPage, ShownReport, StatedDate
from monitor.status.api.queries import ReportQuery
from monitor.status.api.routing import put_up
from monitor.status.views.dates import Witnesses, stated_dates
from monitor.status.web import Web


class ReportsQuery(ReportQuery):
    """Which reports."""

    template: Annotated[
        str | None, Field(pattern=r"^[0-9]{4}$", description=f"The report form: {', '.join(templates.load())}.")
    ] = None


# All that is filed depends on these; what a person rules is filed by an evaluation's reader, with a new board.
TABLES: Final = (Filing, Reading, Capture, EntryChange)


def routes(answers: Answers) -> APIRouter:
    web = answers.web
    router = APIRouter(tags=["reports"])

    def list_reports(request: Request, query: Annotated[ReportsQuery, Query()]) -> Response:
        """What is filed as a report of the selected agencies, also of years for which nobody is judged."""
        return listed(answers, request, query, _page, name="reports", shape=SHAPE, tables=TABLES)

    def get_report(
        request: Request, report_id: Annotated[str, Path(description="Of the address.", max_length=40)]
    ) -> Response:
        """What stands at one address."""
        board = web.board()
        with web.sessions() as session:
            report = report_by_id(session, board, report_id)
            if report is None:
                raise HTTPException(404)
            marks = answers.board_marks(board) + chronicle.marks(session, *TABLES)
            return answers.answer(request, "report", marks, lambda: shown_reports(web, session, [report])[0])

    put_up(router, "/reports", list_reports, ReportPage)
    put_up(router, "/reports/{report_id}", get_report, ShownReport, paged=False)
    return router


def report_by_id(session: Session, board: Board, report_id: str) -> Report | None:
    """None: there is none, or it is that of an agency that is no longer registered."""
    entry = int(report_id.partition("-")[0]) if re.match(REPORT_ID, report_id) else 0
    if not 0 < entry <= MOST:
        return None
    reports = (report for report in reports_of(session, {entry}) if report.current.agency_id in board.row_of)
    return next((report for report in reports if report.id == report_id), None)


def _page(asked: Asked[ReportsQuery]) -> ReportPage:
    query = asked.query
    walk = Walk(asked.session, asked.board, query, asked.place, entries=query.limit + 1)
    kept: list[Report] = []
    following: Sequence[str | int] | None = None
    for report in walk:
        if query.template is not None and report.current.template != query.template:
            continue
        if len(kept) == query.limit:
            following = report.place
            break
        kept.append(report)
    items = shown_reports(asked.web, asked.session, kept)
    return asked.page(ReportPage, items, following or walk.stopped)


def shown_reports(web: Web, session: Session, reports: Sequence[Report]) -> list[ShownReport]:
    """In their order."""
    lines = filed.report_lines(session, [report.current.filing_id for report in reports])
    listed = filed.listed(session, {report.current.entry_id for report in reports})
    published = filed.published(session, {(report.current.agency_id, report.current.year) for report in reports})
    return [
        _shown(
            web,
            report,
            lines[report.current.filing_id],
            [beside for beside in listed if beside.entry_id == report.current.entry_id],
            published.get((report.current.agency_id, report.current.year)),
        )
        for report in reports
    ]


def _shown(
    web: Web, report: Report, line: ReportLine, listed: Sequence[Listed], published: Mapping[str, Any] | None
) -> ShownReport:
    current = report.current
    agency = web.configuration.agencies[current.agency_id]
    return ShownReport(
        id=report.id,
        agency=agency.id,
        name=agency.name,
        invented=agency.invented,
        year=current.year,
        url=line.final_url or current.url,
        portal=line.portal,
        column=line.column,
        title=line.title or next((beside.title for beside in listed if beside.title), None),
        dates=_dates(line.final_url or current.url, line, listed),
        published=Published.model_validate(published) if published else None,
        content=shown_reading(current, line),
        page=page_of(web, f"/agency/{agency.id}/{current.year}"),
    )


def _dates(url: str, line: ReportLine, listed: Sequence[Listed]) -> list[StatedDate]:
    seen = Witnesses(
        url=url,
        headers=line.headers.get("pairs", ()),
        listed=[(beside.day, beside.raw) for beside in listed],
        read=line.dates or (),
        signed_on=line.signed_on,
    )
    return [
        StatedDate(source=date.source, value=date.value, raw=date.raw, claims=date.source.claims_publication)
        for date in stated_dates(seen)
    ]


def shown_reading(content: Content, line: ReportLine) -> models.Reading:
    """What one content says, as it was read."""
    return models.Reading(
        sha256=content.sha256,
        capture=content.capture_id,
        captured_at=line.fetched_at,
        reading=content.reading_id,
        extractor=line.extractor,
        read_at=line.read_at,
        format=line.format,
        template=content.template,
        signed_on=line.signed_on,
        error=line.error or None,
    )
