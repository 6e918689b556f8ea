"""The pages for people, the same paths in Chinese and below /en in English. May touch: the store for reading."""

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from config.load import Configuration
from config.schema import AgencyKind
from crawler.store.session import Sessions
from monitor.status.agency import agency_page
from monitor.status.filters import Filters
from monitor.status.overview import STATES, overview
from monitor.status.site import PREFIXES, Site
from monitor.wording import Language

METHODS = ["GET", "HEAD"]
# Every state, and the two ways of having none; unwatched last, since it says nothing of an office.
LEGEND = (*(state.value for state in STATES), "unjudged", "unwatched")


def pages(site: Site, configuration: Configuration, sessions: Sessions, language: Language) -> APIRouter:
    """The routes of one language. A filter that means nothing raises BadFilter, which the application answers."""
    router = APIRouter(prefix=PREFIXES[language], include_in_schema=False)

    @router.api_route("/", methods=METHODS)
    def show_overview(request: Request) -> HTMLResponse:
        filters = Filters.of(request.query_params)
        with sessions() as session:
            view = overview(session, configuration, filters, site.now())
        if filters.page > view.pages:
            raise HTTPException(404)
        return site.render(
            request, "overview.html", language, view=view, states=STATES, kinds=tuple(AgencyKind), legend=LEGEND
        )

    @router.api_route("/agency/{agency_id}", methods=METHODS)
    def show_agency(request: Request, agency_id: str) -> HTMLResponse:
        agency = configuration.agencies.get(agency_id)
        if agency is None:
            raise HTTPException(404)
        with sessions() as session:
            view = agency_page(session, configuration, agency, site.now())
        return site.render(request, "agency.html", language, view=view)

    if language != "zh":

        @router.api_route("", methods=METHODS)
        def add_slash() -> RedirectResponse:
            return RedirectResponse(f"{PREFIXES[language]}/")

    return router
