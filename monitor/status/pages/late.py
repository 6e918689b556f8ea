"""The page `/late`: who is late or missing with one year's report, and why. May touch: the store for reading."""

from dataclasses import replace

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from config.schema import AgencyKind, Level
from monitor.status.filters import SIZES, Filters, Sort
from monitor.status.site import METHODS, PREFIXES
from monitor.status.views.late import GROUPS, LOCAL, late_list
from monitor.status.views.matrix import FLAGS, days_words
from monitor.status.web import Web
from monitor.wording import Language

PATH = "/late"


def routes(web: Web, language: Language) -> APIRouter:
    """A filter that means nothing raises BadFilter, which the application answers."""
    router = APIRouter(prefix=PREFIXES[language], include_in_schema=False)

    @router.api_route(PATH, methods=METHODS)
    def show(request: Request) -> Response:
        asked = Filters.of(request.query_params)
        filters = replace(asked, first=None, last=None, sort=None if asked.sort is Sort.DAYS else asked.sort)
        if not filters.is_address(request.url.query):
            return RedirectResponse(f"{PREFIXES[language]}{PATH}{filters.query()}", 302)
        board = web.board()
        if filters.year is not None and filters.year not in board.column_of:
            raise HTTPException(404)
        with web.sessions() as session:
            view = late_list(session, board, web.configuration, filters, web.now())
        if filters.page > view.paging.last:
            raise HTTPException(404)
        return web.site.render(
            request,
            "late.html",
            language,
            view=view,
            path=PATH,
            states=GROUPS,
            local=LOCAL,
            kinds=tuple(AgencyKind),
            levels=tuple(Level),
            flags=FLAGS,
            sorts=(Sort.DAYS, Sort.REGION, Sort.NAME, Sort.WORST),
            sizes=SIZES,
            days_words=days_words,
        )

    return router
