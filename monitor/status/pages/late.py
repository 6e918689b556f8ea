"""The page `/late`: who is late or missing with one year's report, and why. May touch: the store for reading."""

from dataclasses import replace

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from monitor.status.filters import Filters, Sort
from monitor.status.pages.selection import CHOICES, elsewhere, must_be_there
from monitor.status.site import METHODS, PREFIXES
from monitor.status.views.late import GROUPS, LOCAL, late_list
from monitor.status.views.matrix import days_words
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
        if (way := elsewhere(request, PATH, filters, language)) is not None:
            return way
        board = web.board()
        if filters.year is not None and filters.year not in board.column_of:
            raise HTTPException(404)
        with web.sessions() as session:
            view = late_list(session, board, web.configuration, filters, web.now())
        must_be_there(view.paging, filters)
        return web.site.render(
            request,
            "late.html",
            language,
            view=view,
            path=PATH,
            states=GROUPS,
            local=LOCAL,
            sorts=(Sort.DAYS, Sort.REGION, Sort.NAME, Sort.WORST),
            days_words=days_words,
            **CHOICES,
        )

    return router
