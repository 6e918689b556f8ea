"""The page `/`: one report year at one look. May touch: the store for reading."""

from dataclasses import replace

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup

from monitor.days import day_of
from monitor.status.filters import SIZES, Filters
from monitor.status.pages.selection import elsewhere
from monitor.status.site import METHODS, PREFIXES
from monitor.status.views.atlas import atlas
from monitor.status.views.matrix import days_words
from monitor.status.views.overview import OWED, Overview, overview
from monitor.status.views.rush import PROVEN_WITHIN, rush_chart
from monitor.status.web import Web
from monitor.wording import Language


def routes(web: Web, language: Language) -> APIRouter:
    """A filter that means nothing raises BadFilter, which the application answers."""
    router = APIRouter(prefix=PREFIXES[language], include_in_schema=False)

    def shown(request: Request, view: Overview) -> tuple[Markup, Markup]:
        """The figures above, and what is told apart below: hundreds of links that are the same for everybody."""
        if view.figures is None or not view.figures.totals.watched:
            return Markup(), Markup()
        chart = rush_chart(view.figures.rush, language)
        values = {"view": view, "chart": chart, "owed": OWED, "proven_within": PROVEN_WITHIN}
        site = web.site
        return site.part(request, "_tally.html", language, **values), site.part(
            request, "_figures.html", language, **values
        )

    @router.api_route("/", methods=METHODS)
    def show(request: Request) -> Response:
        asked = Filters.of(request.query_params)
        filters = replace(asked, state=None, flag="", first=None, last=None, sort=None, size=SIZES[0], page=1)
        if (way := elsewhere(request, "/", filters, language)) is not None:
            return way
        board = web.board()
        if filters.year is not None and filters.year not in board.column_of:
            raise HTTPException(404)
        with web.sessions() as session:
            view = overview(session, board, web.configuration, filters, web.now())
        tally, parts = atlas(board).remembered(
            ("shown", language, filters, view.year, day_of(web.now())), lambda: shown(request, view)
        )
        return web.site.render(
            request, "overview.html", language, view=view, tally=tally, parts=parts, days_words=days_words
        )

    if language != "zh":

        @router.api_route("", methods=METHODS)
        def add_slash() -> RedirectResponse:
            return RedirectResponse(f"{PREFIXES[language]}/")

    return router
