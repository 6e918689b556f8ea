"""The page `/coverage`: agency × year, selected, sorted, page by page. May touch: the board; it asks the store nothing."""

from dataclasses import replace

from fastapi import APIRouter, Request
from fastapi.responses import Response

from monitor.status.filters import Filters, Sort
from monitor.status.pages.selection import CHOICES, elsewhere, must_be_there
from monitor.status.site import METHODS, PREFIXES
from monitor.status.views.matrix import matrix
from monitor.status.views.overview import STATES
from monitor.status.web import Web
from monitor.wording import Language

PATH = "/coverage"
# Every state, and the two ways of having none; unwatched last, since it says nothing of an office.
LEGEND = (*(state.value for state in STATES), "unjudged", "unwatched")


def routes(web: Web, language: Language) -> APIRouter:
    """A filter that means nothing raises BadFilter, which the application answers."""
    router = APIRouter(prefix=PREFIXES[language], include_in_schema=False)

    @router.api_route(PATH, methods=METHODS)
    def show(request: Request) -> Response:
        asked = Filters.of(request.query_params)
        filters = replace(asked, year=None, sort=None if asked.sort is Sort.REGION else asked.sort)
        if (way := elsewhere(request, PATH, filters, language)) is not None:
            return way
        view = matrix(web.board(), web.configuration.portals, filters, web.now(), language)
        must_be_there(view.paging, filters)
        return web.site.render(
            request,
            "coverage.html",
            language,
            view=view,
            path=PATH,
            states=STATES,
            sorts=(Sort.REGION, Sort.NAME, Sort.WORST, Sort.DAYS),
            legend=LEGEND,
            **CHOICES,
        )

    return router
