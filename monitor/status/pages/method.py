"""The page `/method`: the law, the rules in use, how each state comes about, the limits. Touches no store."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from monitor.status.site import METHODS, PREFIXES
from monitor.status.views.method import IN_FULL, JOINTS, SECTIONS, method_page
from monitor.status.web import Web
from monitor.wording import Language


def routes(web: Web, language: Language) -> APIRouter:
    router = APIRouter(prefix=PREFIXES[language], include_in_schema=False)

    @router.api_route("/method", methods=METHODS)
    def show(request: Request) -> HTMLResponse:
        return web.site.render(
            request,
            "method.html",
            language,
            view=method_page(web.configuration),
            sections=SECTIONS,
            in_full=IN_FULL,
            joints=JOINTS,
        )

    return router
