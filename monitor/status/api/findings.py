"""`/api/v1/findings`: what is wrong or was, each with what the office said of it. May touch: the store, for reading."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from config.alerts import EventKind
from crawler.store.reads import chronicle
from crawler.store.reads.chronicle import Line
from crawler.store.tables import Act, Event, Finding
from monitor.alerts.findings import ABOUT
from monitor.desk import replies as desk
from monitor.desk.replies import Reply
from monitor.status.api.agencies import page_of
from monitor.status.api.answers import Answers
from monitor.status.api.happenings import found
from monitor.status.api.listing import Asked, listed
from monitor.status.api.models.common import PortalName, Words, words
from monitor.status.api.models.finding import FindingLine, FindingPage, ShownFinding
from monitor.status.api.models.reply import shown_reply
from monitor.status.api.queries import NewsQuery
from monitor.status.api.routing import put_up
from monitor.status.web import Web


class FindingQuery(NewsQuery):
    """Which findings."""

    kind: Annotated[EventKind | None, Field(description="What is wrong.")] = None
    status: Annotated[Literal["open", "closed"] | None, Field(description="open: it stands; closed: it did once.")] = (
        None
    )


def routes(answers: Answers) -> APIRouter:
    router = APIRouter(tags=["findings"])

    def list_findings(request: Request, query: Annotated[FindingQuery, Query()]) -> Response:
        """Findings about the selected agencies and, where none are selected, about portals."""
        # What is closed is no new row; it makes an event, or is at least a part of a new board.
        return listed(answers, request, query, _page, name="findings", shape=(int,), tables=(Finding, Event, Act))

    put_up(router, "/findings", list_findings, FindingPage)
    return router


def _page(asked: Asked[FindingQuery]) -> FindingPage:
    status = asked.query.status

    def wanted(line: Line) -> bool:
        return status is None or bool(line.more) is (status == "closed")

    one = found(
        asked,
        Finding,
        kind=asked.query.kind,
        more=None if status is None else Finding.closed_at.is_not(None),
        wanted=wanted,
    )
    by_id = {finding.id: finding for finding in chronicle.findings(asked.session, one.ids)}
    agencies = {finding.agency_id for finding in by_id.values() if finding.agency_id}
    said = desk.by_year(desk.from_acts(chronicle.replies(asked.session, agencies, asked.web.now())))
    items = [_finding(asked.web, by_id[finding_id], said) for finding_id in one.ids]
    return asked.page(FindingPage, items, one.following)


def _finding(web: Web, row: Finding, said: Mapping[tuple[str, int], Sequence[Reply]]) -> ShownFinding:
    agency = web.configuration.agencies.get(row.agency_id)
    replies = said.get((row.agency_id, row.year), ())
    return ShownFinding.model_validate(
        {
            "id": row.id,
            "key": row.key,
            "kind": row.kind,
            "title": words(f"finding.{row.kind}"),
            "agency": row.agency_id or None,
            "name": agency.name if agency else None,
            "invented": bool(agency and agency.invented),
            "year": row.year or None,
            "portal": _portal(row.details),
            "opened_at": row.opened_at,
            "closed_at": row.closed_at,
            "lines": _lines(row),
            "replies": [shown_reply(reply) for reply in replies if reply.finding_key == row.key],
            "url": page_of(web, f"/agency/{row.agency_id}/{row.year}") if row.agency_id else None,
        }
    )


def _portal(details: Mapping[str, Any]) -> PortalName | None:
    portal = details.get("portal")
    return PortalName(slug=portal["slug"], name=portal["name"]) if portal else None


def _lines(row: Finding) -> list[FindingLine]:
    about, details = ABOUT.get(row.kind), row.details.get("finding")
    if about is None or not details:
        return []
    return [
        FindingLine(
            label=Words(zh=zh.label, en=en.label), text=Words(zh=zh.text, en=en.text), address=zh.address or None
        )
        for zh, en in zip(about(details, "zh"), about(details, "en"), strict=True)
    ]
