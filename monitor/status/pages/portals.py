"""The pages `/portals` and `/portals/SLUG`: what we can see and what not. May touch: the store for reading."""

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse

from monitor.status.filters import LONGEST_TEXT, BadFilter
from monitor.status.site import METHODS, PREFIXES
from monitor.status.views.portals import Filter, portal_page, portals_page
from monitor.status.web import Web
from monitor.wording import Language

MOST_PAGES = 10**4


def routes(web: Web, language: Language) -> APIRouter:
    """A filter that means nothing raises BadFilter, which the application answers."""
    router = APIRouter(prefix=PREFIXES[language], include_in_schema=False)

    @router.api_route("/portals", methods=METHODS)
    def show(request: Request) -> HTMLResponse:
        selected = _selected(request)
        with web.sessions() as session:
            view = portals_page(session, web.configuration, web.board(), selected, web.now())
        if selected.page > view.pages:
            raise HTTPException(404)
        return web.site.render(request, "portals.html", language, view=view)

    @router.api_route("/portals/{slug}", methods=METHODS)
    def show_one(request: Request, slug: str) -> HTMLResponse:
        portal = web.configuration.portals.get(slug)
        if portal is None:
            raise HTTPException(404)
        with web.sessions() as session:
            view = portal_page(session, web.configuration, web.board(), portal, web.now())
            return web.site.render(request, "portal.html", language, view=view)

    return router


def _selected(request: Request) -> Filter:
    """From the parameters family, sight (`blind` or nothing) and page. Raises BadFilter."""
    query = request.query_params
    family, sight, page = query.get("family", ""), query.get("sight", ""), query.get("page", "1") or "1"
    if len(family) > LONGEST_TEXT or not family.isprintable():
        raise BadFilter("family")
    if sight not in ("", "blind"):
        raise BadFilter("sight")
    if not (page.isascii() and page.isdigit() and 1 <= int(page[:6]) <= MOST_PAGES and len(page) <= 6):
        raise BadFilter("page")
    return Filter(family, sight == "blind", int(page))
