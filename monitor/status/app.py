"""The status page as an application: routes, headers, and what is answered when something goes wrong.

May touch: the store, for reading; what people do there is written by monitor.desk and monitor.accounts. It never visits a
portal.
"""

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware

from config.env import Settings
from config.load import Configuration
from crawler.archive import Archive
from crawler.store.session import Sessions
from monitor.board import Boards
from monitor.clock import Clock
from monitor.status.account.asking import LoginNeeded
from monitor.status.account.gate import Answer, Gate
from monitor.status.account.ways import login_way
from monitor.status.api import API, description
from monitor.status.api.problems import bad_request, problem
from monitor.status.api.queries import BadParameter
from monitor.status.documents import Documents
from monitor.status.feeds import FEEDS
from monitor.status.filters import BadFilter
from monitor.status.headers import SecurityHeaders
from monitor.status.kept import KeptAnswers
from monitor.status.pages import PAGES
from monitor.status.site import METHODS, STATIC, Site, language_of
from monitor.status.web import Web
from monitor.wording import LANGUAGES
from monitor.wording import keys as wording_keys

log = logging.getLogger(__name__)


def create_app(settings: Settings, configuration: Configuration, sessions: Sessions, clock: Clock) -> FastAPI:
    """The application that `gongkai serve` and `gongkai run` serve."""
    app = FastAPI(
        title="gongkai",
        summary=description.SUMMARY,
        description=description.TEXT,
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,  # monitor.status.api.description has the route
        redirect_slashes=False,  # its redirects name the host that the visitor claims to ask
    )
    site = Site(clock.now)
    boards = Boards(sessions, configuration, clock.now)
    web = Web(settings, configuration, sessions, boards, site, clock, Documents(Archive(settings.archive_dir)))
    app.state.web = web
    answer = _answer_errors(app, site)
    # Level 9, the default, takes twice the time of level 4 for an eighth less.
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=4)
    app.add_middleware(KeptAnswers, web=web)
    app.add_middleware(Gate, web=web, answer=answer)
    app.add_middleware(SecurityHeaders, https=settings.public_url.startswith("https://"))
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    for routes in (*API, *FEEDS):
        app.include_router(routes(web))
    for language in LANGUAGES:
        for page in PAGES:
            app.include_router(page(web, language))
    return app


def _answer_errors(app: FastAPI, site: Site) -> Answer:
    def answer(request: Request, status: int, parameter: str = "") -> Response:
        if request.scope["path"].startswith("/api/"):
            return problem(status, parameter=parameter)
        known = status if f"page.error.{status}" in wording_keys() else 500
        return site.render(
            request,
            "error.html",
            language_of(request.scope["path"]),
            status=status,
            shown=known,
            parameter=parameter,
        )

    @app.exception_handler(HTTPException)
    def on_http(request: Request, error: HTTPException) -> Response:
        found = answer(request, error.status_code)
        for name, value in (error.headers or {}).items():
            found.headers.setdefault(name, value)  # which methods there are, when to come back
        return found

    @app.exception_handler(LoginNeeded)
    def on_login_needed(request: Request, _error: LoginNeeded) -> Response:
        # A form that was sent after its session ended leads back to the page on which it stood.
        wanted = request.scope["path"] if request.method in METHODS else "/account"
        return RedirectResponse(login_way(wanted), status_code=303)

    @app.exception_handler(BadFilter)
    def on_bad_filter(request: Request, error: BadFilter) -> Response:
        return answer(request, 400, parameter=str(error))

    @app.exception_handler(BadParameter)
    @app.exception_handler(RequestValidationError)
    def on_bad_request(request: Request, error: BadParameter | RequestValidationError) -> Response:
        return bad_request(error) if request.scope["path"].startswith("/api/") else answer(request, 400)

    @app.exception_handler(SQLAlchemyError)
    def on_database(request: Request, error: SQLAlchemyError) -> Response:
        log.error("the database does not answer", exc_info=error)
        return answer(request, 503)

    @app.exception_handler(Exception)
    def on_anything(request: Request, _error: Exception) -> Response:
        # The server logs it with its traceback; the visitor is told that it happened.
        return answer(request, 500)

    return answer
