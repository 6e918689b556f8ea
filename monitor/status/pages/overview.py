"""The page `/`: one report year at one look. May touch: the store for reading."""

from dataclasses import replace

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from monitor.status.filters import SIZES, Filters
from monitor.status.site import METHODS, PREFIXES
from monitor.status.views.matrix import days_words
from monitor.status.views.overview import OWED, overview
from monitor.status.views.rush import PROVEN_WITHIN, rush_chart
from monitor.status.web import Web
from monitor.wording import Language


def routes(web: Web, language: Language) -> APIRouter:
    """A filter that means nothing raises BadFilter, which the application answers."""
    router = APIRouter(prefix=PREFIXES[language], include_in_schema=False)

    @router.api_route("/", methods=METHODS)
    def show(request: Request) -> Response:
        asked = Filters.of(request.query_params)
        filters = replace(asked, state=None, flag="", first=None, last=None, sort=None, size=SIZES[0], page=1)
        if not filters.is_address(request.url.query):
            return RedirectResponse(f"{PREFIXES[language]}/{filters.query()}", 302)
        board = web.board()
        if filters.year is not None and filters.year not in board.column_of:
            raise HTTPException(404)
        with web.sessions() as session:
            view = overview(session, board, web.configuration, filters, web.now())
        chart = rush_chart(view.figures.rush, language) if view.figures is not None else None
        return web.site.render(
            request,
            "overview.html",
            language,
            view=view,
            chart=chart,
            owed=OWED,
            proven_within=PROVEN_WITHIN,
            days_words=days_words,
        )

    if language != "zh":

        @router.api_route("", methods=METHODS)
        def add_slash() -> RedirectResponse:
            return RedirectResponse(f"{PREFIXES[language]}/")

    return router
