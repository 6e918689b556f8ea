"""The page `/login`, and logging out. May touch: the tables account, login and audit, by monitor.accounts.

What a wrong name, a wrong password and a disabled account are told is the same, and takes the same time.
"""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from monitor.accounts import Role, logins, passwords
from monitor.accounts.logins import form_token, new_token
from monitor.clock import REAL
from monitor.status.account.addresses import counted, local_path
from monitor.status.account.asking import needs, note
from monitor.status.account.cookies import Cookies, cookies_of
from monitor.status.account.request import actor_of, address_of, back, field
from monitor.status.site import METHODS, PREFIXES
from monitor.status.web import Web
from monitor.wording import Language

LONGEST_NAME = 200  # characters that are looked at of what is given as a name


def routes(web: Web, language: Language) -> APIRouter:
    router = APIRouter(prefix=PREFIXES[language], include_in_schema=False)
    cookies = Cookies(web.settings.public_url)
    home = f"{PREFIXES[language]}/"

    def form(request: Request, wanted: str, problem: str = "", status: int = 200) -> Response:
        """The form with a token that is made of a cookie: whoever has no such cookie has no such form."""
        before = cookies_of(request.scope["headers"]).get(cookies.before, "")
        if not 20 <= len(before) <= logins.LONGEST_TOKEN:
            before = new_token()
        answer = web.site.render(
            request,
            "login.html",
            language,
            status=status,
            form=form_token(before),
            wanted=wanted,
            problem=problem,
            minutes=web.limits.minutes("login_of_account"),
        )
        cookies.set(answer, cookies.before, before)
        return answer

    @router.api_route("/login", methods=METHODS)
    def show(request: Request) -> Response:
        wanted = local_path(request.query_params.get("next", home))
        if actor_of(request) is not None:
            return RedirectResponse(wanted, status_code=303)
        return form(request, wanted)

    @router.post("/login")
    def enter(request: Request) -> Response:
        wanted, name = back(request, home), field(request, "name")[:LONGEST_NAME]
        address = address_of(request)
        within = web.limits.allows("login_from_address", counted(address))
        if not (within and web.limits.allows("login_of_account", name.casefold())):
            if web.limits.allows("refusals_kept", counted(address)):
                note(web, request, "login_failed", name, outcome="refused", details={"why": "too many"})
            return form(request, wanted, "many", 429)
        try:
            with web.sessions.begin() as session:
                account = logins.authenticated(session, name, field(request, "password"))
                token = logins.open_for(session, account, REAL.now()) if account is not None else ""
        except passwords.Busy:
            return form(request, wanted, "busy", 503)
        if account is None:
            note(web, request, "login_failed", name, outcome="refused")
            return form(request, wanted, "wrong", 403)
        old = actor_of(request)
        if old is not None:
            with web.sessions.begin() as session:
                logins.logout(session, old)
        note(web, request, "login", account.name)
        answer = RedirectResponse(wanted, status_code=303)
        cookies.set(answer, cookies.session, token)
        cookies.drop(answer, cookies.before)
        return answer

    @router.post("/logout")
    def leave(request: Request) -> Response:
        actor = needs(web, request, Role.READER)
        with web.sessions.begin() as session:
            logins.logout(session, actor)
        note(web, request, "logout", actor.name)
        answer = RedirectResponse(home, status_code=303)
        cookies.drop(answer, cookies.session)
        return answer

    return router
