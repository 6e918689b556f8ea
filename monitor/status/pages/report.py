"""The page `/agency/ID/YEAR`: everything about one report year, and `/agency/ID/YEAR/why`: how its state follows, step by step.

May touch: the store for reading. The steps are worked out anew, from everything that judging reads of the agency, so one
visitor at a time may ask for them.
"""

import re
import threading
from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse

from config.schema import Agency
from monitor.checks.case import judged_years
from monitor.context import Context
from monitor.status.filters import FIRST_YEAR, LAST_YEAR, BadFilter
from monitor.status.site import METHODS, PREFIXES
from monitor.status.views.verdicts import verdict
from monitor.status.views.year import year_page
from monitor.status.web import Web
from monitor.why.explanation import differs, explained
from monitor.wording import Language

PATIENCE: Final = 10.0  # seconds that a visitor waits for the one before
_ONE_BY_ONE = threading.Lock()


def routes(web: Web, language: Language) -> APIRouter:
    router = APIRouter(prefix=PREFIXES[language], include_in_schema=False)

    @router.api_route("/agency/{agency_id}/{year}", methods=METHODS)
    def show(request: Request, agency_id: str, year: str) -> HTMLResponse:
        agency, number = report_of(web, agency_id, year)
        version = capture_id(request.query_params)
        with web.sessions() as session:
            view = year_page(session, web.configuration, agency, number, web.now(), version)
        if view is None:
            raise HTTPException(404)
        return web.site.render(request, "report.html", language, view=view, year=view)

    @router.api_route("/agency/{agency_id}/{year}/why", methods=METHODS)
    def why(request: Request, agency_id: str, year: str) -> HTMLResponse:
        agency, number = report_of(web, agency_id, year)
        if number not in judged_years(agency, web.now()):
            raise HTTPException(404)
        context = Context(web.settings, web.configuration, web.sessions, web.now())
        if not _ONE_BY_ONE.acquire(timeout=PATIENCE):
            raise HTTPException(503)
        try:
            answer, recorded = explained(context, agency, number)
        finally:
            _ONE_BY_ONE.release()
        return web.site.render(
            request,
            "why.html",
            language,
            view={"simulated": web.board().simulated},
            agency=agency,
            answer=answer,
            recorded=None if recorded is None else verdict(recorded, web.now()),
            other=recorded is not None and differs(answer, recorded),
        )

    return router


def report_of(web: Web, agency_id: str, year: str) -> tuple[Agency, int]:
    """The agency and the year of an address. Raises HTTPException 404 for what is none."""
    agency = web.configuration.agencies.get(agency_id)
    if agency is None or not re.fullmatch(r"[0-9]{4}", year) or not FIRST_YEAR <= int(year) <= LAST_YEAR:
        raise HTTPException(404)
    return agency, int(year)


def capture_id(query: Mapping[str, str], name: str = "version") -> int | None:
    """A capture's number in a query; None: not given. Raises BadFilter."""
    text = query.get(name, "")
    return captured(text, BadFilter(name)) if text else None


def captured(text: str, error: Exception) -> int:
    """A capture's number in an address; raises `error` for anything else."""
    if not re.fullmatch(r"[1-9][0-9]{0,17}", text):
        raise error
    return int(text)
