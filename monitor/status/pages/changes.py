"""The page `/changes`: what became of reports after their publication, the newest first. May touch: the store for reading."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from config.alerts import Severity
from config.changes import ChangeKind
from config.schema import AgencyKind
from monitor.status.filters import SIZES, BadFilter, Filters
from monitor.status.pages.report import capture_id
from monitor.status.site import METHODS, PREFIXES
from monitor.status.views.changes import Choice, changes_page
from monitor.status.views.choices import choices
from monitor.status.web import Web
from monitor.wording import Language

PATH: Final = "/changes"


def routes(web: Web, language: Language) -> APIRouter:
    """The names of Filters select whose changes, `change` and `severity` what they are, `before` (an id) the page."""
    router = APIRouter(prefix=PREFIXES[language], include_in_schema=False)

    @router.api_route(PATH, methods=METHODS)
    def show(request: Request) -> Response:
        asked = Filters.of(request.query_params)
        filters = replace(asked, state=None, flag="", sort=None, size=SIZES[0], page=1)
        choice = _choice(request.query_params)
        if parse_qsl(request.url.query, keep_blank_values=True) != _pairs(filters, choice, choice.before):
            return RedirectResponse(f"{PREFIXES[language]}{_address(filters, choice, choice.before)}", 302)
        board = web.board()
        with web.sessions() as session:
            view = changes_page(session, board, web.configuration, filters, choice)
        whose = [*filters.pairs(), *([("lang", language)] if language != "zh" else [])]
        return web.site.render(
            request,
            "changes.html",
            language,
            view=view,
            path=PATH,
            choices=choices(board, web.configuration.portals, filters),
            kinds=tuple(ChangeKind),
            severities=tuple(Severity),
            agency_kinds=tuple(AgencyKind),
            older=None if view.older is None else _address(filters, choice, view.older),
            newest=_address(filters, choice, None),
            feed=f"/feeds/changes.atom?{urlencode(whose)}" if whose else "/feeds/changes.atom",
        )

    return router


def _choice(query: Mapping[str, str]) -> Choice:
    try:
        kind = ChangeKind(query["change"]) if query.get("change") else None
    except ValueError as error:
        raise BadFilter("change") from error
    try:
        severity = Severity(query["severity"]) if query.get("severity") else None
    except ValueError as error:
        raise BadFilter("severity") from error
    return Choice(kind, severity, capture_id(query, "before"))


def _pairs(filters: Filters, choice: Choice, before: int | None) -> list[tuple[str, str]]:
    return [*filters.pairs(), *choice.pairs(), *([("before", str(before))] if before else [])]


def _address(filters: Filters, choice: Choice, before: int | None) -> str:
    pairs = _pairs(filters, choice, before)
    return f"{PATH}?{urlencode(pairs)}" if pairs else PATH
