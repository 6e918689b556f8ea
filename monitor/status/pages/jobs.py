"""The page `/jobs`: what ran, what runs next, what is overdue. May touch: the store for reading, the clock of the jobs."""

import datetime as dt

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from monitor.clock import REAL
from monitor.status.filters import BadFilter
from monitor.status.site import METHODS, PREFIXES
from monitor.status.views.jobs import jobs_page, seconds
from monitor.status.web import Web
from monitor.wording import Language

LONGEST_NAME = 60


def routes(web: Web, language: Language) -> APIRouter:
    """A job's name that is none raises BadFilter, which the application answers."""
    router = APIRouter(prefix=PREFIXES[language], include_in_schema=False)

    @router.api_route("/jobs", methods=METHODS)
    def show(request: Request) -> HTMLResponse:
        job = request.query_params.get("job", "")
        if len(job) > LONGEST_NAME or not job.isprintable():
            raise BadFilter("job")
        with web.sessions() as session:
            view = jobs_page(session, job, _now(web))
            return web.site.render(request, "jobs.html", language, view=view, seconds=seconds)

    return router


def _now(web: Web) -> dt.datetime:
    """Where a present is pretended for judging, jobs are run by the real one all the same."""
    return web.now() if web.settings.simulated_now is None else REAL.now()
