"""The page `/agency/ID/YEAR/diff/BEFORE/AFTER`: two captures of one report, cell by cell and line by line.

May touch: the store and the archive, for reading, and the reading process (monitor.status.documents). The text of every format
is compared, as the process reads it within a page's limits; where it cannot, the page says so.
"""

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse

from crawler.store.tables import Capture
from crawler.workers import Failure
from monitor.status.documents import Busy, Shown
from monitor.status.pages.report import captured, report_of
from monitor.status.site import METHODS, PREFIXES
from monitor.status.views.diff import diff_page
from monitor.status.views.text_diff import text_diff
from monitor.status.web import Web
from monitor.wording import Language


def routes(web: Web, language: Language) -> APIRouter:
    router = APIRouter(prefix=PREFIXES[language], include_in_schema=False)

    @router.api_route("/agency/{agency_id}/{year}/diff/{before}/{after}", methods=METHODS)
    def show(request: Request, agency_id: str, year: str, before: str, after: str) -> HTMLResponse:
        agency, number = report_of(web, agency_id, year)
        first, second = (captured(text, HTTPException(404)) for text in (before, after))
        with web.sessions() as session:
            view = diff_page(session, agency, number, first, second)
        if view is None:
            raise HTTPException(404)
        sides = [] if view.same_bytes else [_read(web, side.capture) for side in (view.before, view.after)]
        documents = [side.document for side in sides if side is not None and side.document is not None]
        return web.site.render(
            request,
            "diff.html",
            language,
            view=view,
            sides=sides,
            text=text_diff(*documents) if len(documents) == 2 else None,
        )

    return router


def _read(web: Web, capture: Capture) -> Shown | None:
    """None: it brought no bytes. Where too many ask at once, the cells are still shown."""
    if capture.sha256 is None:
        return None
    try:
        return web.documents.read(capture.sha256, name=capture.url, content_type=capture.media_type)
    except Busy:
        return Shown(None, Failure.TIME)
