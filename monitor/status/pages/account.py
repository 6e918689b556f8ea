"""The pages `/account` (who I am, my sessions, my password) and `/account/audit` (the log, for operators).

May touch: the tables account, login and audit, by monitor.accounts. An account sees and ends its own sessions only.
"""

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from config.errors import GongkaiError
from crawler.store.reads import accounts as reads
from monitor.accounts import Role, logins, passwords
from monitor.accounts.audit import ACTIONS
from monitor.clock import REAL
from monitor.status.account.asking import needs, note
from monitor.status.account.cookies import Cookies
from monitor.status.account.request import field
from monitor.status.filters import BadFilter
from monitor.status.site import METHODS, PREFIXES
from monitor.status.web import Web
from monitor.wording import Language

PER_PAGE = 50
DONE = ("password", "session")


def routes(web: Web, language: Language) -> APIRouter:
    router = APIRouter(prefix=PREFIXES[language], include_in_schema=False)
    cookies = Cookies(web.settings.public_url)
    here = f"{PREFIXES[language]}/account"

    def page(request: Request, *, problem: str = "", status: int = 200) -> Response:
        actor = needs(web, request, Role.READER)
        with web.sessions() as session:
            own = logins.sessions_of(session, actor, REAL.now())
        done = request.query_params.get("done", "")
        return web.site.render(
            request,
            "account.html",
            language,
            status=status,
            sessions=own,
            problem=problem,
            done=done if done in DONE else "",
            shortest=passwords.SHORTEST,
            longest=passwords.LONGEST,
            lasts=logins.LASTS,
            rests=logins.RESTS,
            alternates={each: f"{prefix}/account" for each, prefix in PREFIXES.items()},
        )

    @router.api_route("/account", methods=METHODS)
    def show(request: Request) -> Response:
        return page(request)

    @router.post("/account/password")
    def change_password(request: Request) -> Response:
        """Every session ends, also a stolen one; this one goes on with a token of its own."""
        actor = needs(web, request, Role.READER)
        if not web.limits.allows("login_of_account", actor.name.casefold()):
            return page(request, problem="many", status=429)
        if field(request, "new") != field(request, "again"):
            return page(request, problem="differ", status=400)
        try:
            with web.sessions.begin() as session:
                token = logins.change_password(session, actor, field(request, "old"), field(request, "new"), REAL.now())
        except passwords.Busy:
            return page(request, problem="busy", status=503)
        except GongkaiError as error:
            note(web, request, "password", actor.name, outcome="refused")
            return page(request, problem=str(error), status=400)
        note(web, request, "password", actor.name)
        answer = RedirectResponse(f"{here}?done=password", status_code=303)
        cookies.set(answer, cookies.session, token)
        return answer

    @router.post("/account/session")
    def end_session(request: Request) -> Response:
        actor = needs(web, request, Role.READER)
        with web.sessions.begin() as session:
            ended = logins.end(session, actor, field(request, "login"))
        if not ended:
            raise HTTPException(404)
        note(web, request, "session", actor.name)
        return RedirectResponse(f"{here}?done=session", status_code=303)

    @router.api_route("/account/audit", methods=METHODS)
    def audit(request: Request) -> Response:
        needs(web, request, Role.OPERATOR)
        query = request.query_params
        account, action, before = query.get("account", "")[:60], query.get("action", ""), query.get("before", "")
        if action and action not in ACTIONS:
            raise BadFilter("action")
        if before and not (before.isascii() and before.isdigit() and len(before) <= 18):
            raise BadFilter("before")
        with web.sessions() as session:
            rows = reads.audits(
                session, PER_PAGE + 1, before=int(before) if before else None, account=account, action=action
            )
        return web.site.render(
            request,
            "audit.html",
            language,
            rows=rows[:PER_PAGE],
            more=rows[PER_PAGE - 1].id if len(rows) > PER_PAGE else None,
            actions=ACTIONS,
            account=account,
            action=action,
        )

    return router
