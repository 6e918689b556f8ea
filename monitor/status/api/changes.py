"""`/api/v1/changes`: how published reports changed. May touch: the board; the store, for reading."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from config.alerts import Severity
from config.changes import ChangeKind
from crawler.store.reads import chronicle
from crawler.store.reads.chronicle import Line
from crawler.store.tables import Change
from monitor.status.api.agencies import page_of
from monitor.status.api.answers import Answers
from monitor.status.api.happenings import found
from monitor.status.api.listing import Asked, listed
from monitor.status.api.models.change import ChangedCell, ChangePage, Content, ShownChange, Side
from monitor.status.api.models.common import words
from monitor.status.api.models.place import shown_place
from monitor.status.api.queries import NewsQuery
from monitor.status.api.routing import put_up
from monitor.status.web import Web


class ChangeQuery(NewsQuery):
    """Which changes."""

    kind: Annotated[ChangeKind | None, Field(description="How the two contents differ.")] = None
    severity: Annotated[Severity | None, Field(description="How much it weighs.")] = None


def routes(answers: Answers) -> APIRouter:
    router = APIRouter(tags=["changes"])

    def list_changes(request: Request, query: Annotated[ChangeQuery, Query()]) -> Response:
        """Changes of published reports, those that are cosmetic included."""
        # Some are written anew, by an evaluation that makes a new board.
        return listed(answers, request, query, _page, name="changes", shape=(int,), tables=(Change,))

    put_up(router, "/changes", list_changes, ChangePage)
    return router


def _page(asked: Asked[ChangeQuery]) -> ChangePage:
    severity = asked.query.severity

    def wanted(line: Line) -> bool:
        return severity is None or line.more == severity.value

    one = found(
        asked,
        Change,
        kind=asked.query.kind,
        more=None if severity is None else Change.__table__.c.severity,
        wanted=wanted,
    )
    by_id = {change.id: change for change in chronicle.changes(asked.session, one.ids)}
    captures = {id_ for row in by_id.values() for id_ in (row.before_capture, row.after_capture) if id_ is not None}
    contents = {
        id_: Content(capture=id_, at=at, sha256=sha256)
        for id_, at, sha256 in chronicle.contents(asked.session, captures)
    }
    items = [_change(asked.web, by_id[change_id], contents) for change_id in one.ids]
    return asked.page(ChangePage, items, one.following)


def _change(web: Web, row: Change, contents: Mapping[int, Content]) -> ShownChange:
    agency, details = web.configuration.agencies[row.agency_id], row.details
    before, after = contents.get(row.before_capture or 0), contents.get(row.after_capture or 0)
    both = before is not None and after is not None and before.sha256 and after.sha256
    return ShownChange.model_validate(
        {
            "id": row.id,
            "key": row.key,
            "kind": row.kind,
            "title": words(f"change.kind.{row.kind}"),
            "severity": row.severity or None,
            "why": details.get("why"),
            "agency": row.agency_id,
            "name": agency.name,
            "invented": agency.invented,
            "year": row.year,
            "at": row.at,
            "url": row.url,
            "moved_from": details.get("moved_from", {}).get("url") or details.get("replaced"),
            "before": before,
            "after": after,
            "cells": [_cell(cell) for cell in details.get("cells", ())],
            "corrected": [notice["words"] for notice in details.get("notice", ())],
            "diff": page_of(web, f"/agency/{row.agency_id}/{row.year}/diff/{row.before_capture}/{row.after_capture}")
            if both
            else None,
        }
    )


def _cell(cell: Mapping[str, Any]) -> ChangedCell:
    return ChangedCell(
        code=cell["code"],
        unit=cell["unit"],
        before=_side(cell["before"]),
        after=_side(cell["after"]),
        certain=cell["certain"],
        in_doubt=cell["in_doubt"],
        effect=cell["effect"],
    )


def _side(side: Mapping[str, Any]) -> Side:
    return Side(state=side["state"], value=side["value"], raw=side["raw"], place=shown_place(side["place"]))
