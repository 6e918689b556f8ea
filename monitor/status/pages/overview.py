"""The page `/`: everything at one look. May touch: the store for reading."""

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from config.schema import AgencyKind
from monitor.status.filters import Filters
from monitor.status.site import METHODS, PREFIXES
from monitor.status.views.overview import STATES, overview
from monitor.status.web import Web
from monitor.wording import Language

# Every state, and the two ways of having none; unwatched last, since it says nothing of an office.
LEGEND = (*(state.value for state in STATES), "unjudged", "unwatched")


def routes(web: Web, language: Language) -> APIRouter:
    """A filter that means nothing raises BadFilter, which the application answers."""
    router = APIRouter(prefix=PREFIXES[language], include_in_schema=False)

    @router.api_route("/", methods=METHODS)
    def show(request: Request) -> HTMLResponse:
        filters = Filters.of(request.query_params)
        with web.sessions() as session:
            view = overview(session, web.configuration, filters, web.now())
        if filters.page > view.pages:
            raise HTTPException(404)
        return web.site.render(
            request, "overview.html", language, view=view, states=STATES, kinds=tuple(AgencyKind), legend=LEGEND
        )

    if language != "zh":

        @router.api_route("", methods=METHODS)
        def add_slash() -> RedirectResponse:
            return RedirectResponse(f"{PREFIXES[language]}/")

    return router
