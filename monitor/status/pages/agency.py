"""The page `/agency/ID`: who it is, every report year, its numbers, what was found. May touch: the store for reading."""

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse

from monitor.status.site import METHODS, PREFIXES
from monitor.status.views.agency import agency_page
from monitor.status.web import Web
from monitor.wording import Language


def routes(web: Web, language: Language) -> APIRouter:
    router = APIRouter(prefix=PREFIXES[language], include_in_schema=False)

    @router.api_route("/agency/{agency_id}", methods=METHODS)
    def show(request: Request, agency_id: str) -> HTMLResponse:
        agency = web.configuration.agencies.get(agency_id)
        if agency is None:
            raise HTTPException(404)
        address = f"{PREFIXES[language]}/agency/{agency.id}"
        with web.sessions() as session:
            view = agency_page(session, web.board(), web.configuration, agency, web.now(), language, address)
        return web.site.render(request, "agency.html", language, view=view)

    return router
