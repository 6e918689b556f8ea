"""`/api/v1/agencies`: the registry, and one agency with its years. May touch: the board; of one agency, the store."""

from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, HTTPException, Path, Query, Request, Response
from sqlalchemy.orm import Session

from config.schema import Agency
from crawler.store.reads import chronicle, coverage
from crawler.store.tables import Act
from monitor.board import Board
from monitor.board.board import Mask
from monitor.desk import replies as desk
from monitor.desk.replies import Reply
from monitor.model import State
from monitor.status.api.answers import Answers, place_of
from monitor.status.api.models.agency import (
    AgencyPage,
    AgencyRecord,
    FormerName,
    Judgement,
    LocalJudgement,
    Published,
    ShownAgency,
    Span,
)
from monitor.status.api.models.common import Addresses, Words
from monitor.status.api.models.reply import shown_reply
from monitor.status.api.queries import AgencyQuery, BadParameter, Standing
from monitor.status.api.routing import put_up
from monitor.status.site import PREFIXES
from monitor.status.views.verdicts import Verdict, verdict
from monitor.status.web import Web


def routes(answers: Answers) -> APIRouter:
    web = answers.web
    router = APIRouter(tags=["agencies"])

    def list_agencies(request: Request, query: Annotated[AgencyQuery, Query()]) -> Response:
        """The agencies of the registry that are selected, in the order of the matrix."""
        board = web.board()
        place = place_of(request, query, (str,))

        def make() -> AgencyPage:
            rows = np.flatnonzero(selected(query, board))
            rows = rows[np.searchsorted(rows, row_after(board, place)) :][: query.limit + 1]
            shown = [board.ids[row] for row in rows[: query.limit]]
            items = [shown_agency(web, web.configuration.agencies[agency_id]) for agency_id in shown]
            return answers.page(request, AgencyPage, board, items, shown[-1:] if len(rows) > query.limit else None)

        return answers.answer(request, "agencies", answers.board_marks(board), make)

    def get_agency(request: Request, agency_id: Annotated[str, Path(description="Its id.", max_length=63)]) -> Response:
        """One agency with every report year: state, due day, days, reason, interval of publication, replies."""
        agency = web.configuration.agencies.get(agency_id)
        if agency is None:
            raise HTTPException(404)
        board = web.board()
        with web.sessions() as session:
            marks = answers.board_marks(board) + chronicle.marks(session, Act)
            return answers.answer(request, "agency", marks, lambda: _record(web, session, board, agency))

    put_up(router, "/agencies", list_agencies, AgencyPage)
    put_up(router, "/agencies/{agency_id}", get_agency, AgencyRecord, paged=False)
    return router


def selected(query: Standing, board: Board) -> Mask:
    """The rows that the matrix would show. Raises BadParameter for years the wrong way round."""
    query.span(board)
    return query.filters().selected(board)


def row_after(board: Board, place: tuple[str | int, ...] | None) -> int:
    """The row behind the one that a cursor marks. Raises BadParameter if that one is no longer registered."""
    if place is None:
        return 0
    row = board.row_of.get(str(place[0]))
    if row is None:
        raise BadParameter(
            "cursor", "所指的机关已不在登记之中，请从头开始", "its agency is no longer registered: begin anew"
        )
    return row + 1


def page_of(web: Web, path: str) -> Addresses:
    """A page for people in both languages."""
    public_url = web.settings.public_url.rstrip("/")
    return Addresses(zh=f"{public_url}{PREFIXES['zh']}{path}", en=f"{public_url}{PREFIXES['en']}{path}")


def shown_agency(web: Web, agency: Agency) -> ShownAgency:
    return ShownAgency(**_fields(web, agency))


def _fields(web: Web, agency: Agency) -> dict[str, Any]:
    configuration = web.configuration
    return {
        "id": agency.id,
        "name": agency.name,
        "aliases": list(agency.aliases),
        "former_names": [FormerName(name=former.name, until=former.until) for former in agency.former_names],
        "invented": agency.invented,
        "region_code": agency.region_code,
        "region": agency.region,
        "kind": agency.kind,
        "level": agency.level,
        "supervisor": agency.supervisor or None,
        "credit_code": agency.credit_code or None,
        "sites": list(agency.sites),
        "valid_from": agency.valid_from,
        "valid_to": agency.valid_to,
        "predecessor": agency.predecessor,
        "successors": [other.id for other in configuration.successors_of(agency.id)],
        "watched_years": [Span(first=span.first, last=span.last) for span in agency.watched_years],
        "portals": list(dict.fromkeys(portal for portal, _ in configuration.columns_of(agency.id))),
        "url": page_of(web, f"/agency/{agency.id}"),
    }


def _record(web: Web, session: Session, board: Board, agency: Agency) -> AgencyRecord:
    moment = web.now()
    verdicts = {row.year: verdict(row, moment) for row in coverage.states(session, [agency.id])}
    said = desk.load(session, agency.id, until=moment)
    return AgencyRecord(
        **_fields(web, agency),
        generated_at=moment,
        judged_at=board.judged_at,
        simulated=board.simulated,
        years=[judgement(year, verdicts.get(year), said) for year in board.years if agency.watched(year)],
    )


def judgement(year: int, found: Verdict | None, said: tuple[Reply, ...]) -> Judgement:
    """How an agency stands with one year; `found` None: it is not judged yet."""
    least, most = (found.days if found else None) or (None, None)
    reason = Words(zh=found.reason("zh"), en=found.reason("en")) if found else None
    citation = Words(zh=found.citation("zh"), en=found.citation("en")) if found and found.citation("zh") else None
    return Judgement.model_validate(
        {
            "year": year,
            "state": found.state if found else None,
            "since": found.since if found else None,
            "due": found.due if found else None,
            "days_least": least,
            "days_most": most,
            "basis": (found.basis or None) if found and found.state is State.ON_TIME else None,
            "rule": (found.rule_id or None) if found else None,
            "citation": citation,
            "local": _local(found),
            "published": Published.model_validate(found.details["published"]) if found and found.interval else None,
            "reason": reason,
            "notes": [Words(zh=zh, en=en) for zh, en in zip(found.notes("zh"), found.notes("en"), strict=True)]
            if found
            else [],
            "replies": [shown_reply(reply) for reply in said if (reply.year, reply.finding_key) == (year, "")],
        }
    )


def _local(found: Verdict | None) -> LocalJudgement | None:
    local = found.local if found else None
    if local is None:
        return None
    return LocalJudgement(rule=local.rule_id, due=local.due, state=local.state, decides=local.decides)
