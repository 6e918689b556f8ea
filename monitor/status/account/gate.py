"""The gate before every page: bounds, who asks, whether reading is allowed, and whether a form is one of ours.

May touch: the store (a session is looked up only where a cookie or a password came), the audit log, the request.
What is made for somebody who is logged in leaves with `no-store`, is never answered from what was made for others, and is
not compressed: a form's token beside a visitor's words would be told by the length of the answer.
"""

import hmac
import logging
from collections.abc import Callable
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from monitor.accounts import logins, passwords
from monitor.accounts.audit import record
from monitor.accounts.logins import Actor, form_token
from monitor.clock import REAL
from monitor.status.account.addresses import client_address, counted, is_from_here
from monitor.status.account.basic import Basic
from monitor.status.account.bounds import Refused, read_form, wrong_with
from monitor.status.account.cookies import Cookies, cookies_of
from monitor.status.account.ways import is_for_programs, is_login, is_open, is_unsubscribing, login_way
from monitor.status.web import Web

log = logging.getLogger(__name__)

FIELD = "form"  # of every form: what monitor.accounts.logins.form_token made
CONDITIONAL = (b"if-none-match", b"if-modified-since", b"accept-encoding")
Answer = Callable[[Request, int], Response]


class Gate:
    """ASGI middleware. `answer` makes the page, or the problem for a program, that says a status in words."""

    def __init__(self, app: ASGIApp, web: Web, answer: Answer) -> None:
        self._app = app
        self._web = web
        self._answer = answer
        self._cookies = Cookies(web.settings.public_url)
        self._basic = Basic(web.sessions, web.limits)
        self._proxies = web.settings.proxies
        self._needs_login = web.settings.reading == "login"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        state: dict[str, Any] = scope.setdefault("state", {})
        state.update(actor=None, form={}, address=client_address(scope, self._proxies), noted=True)
        answer: Response | None = None
        try:
            wrong = wrong_with(scope)
            if wrong is not None:
                raise Refused(wrong)
            if scope["path"].startswith("/static/"):
                await self._app(scope, receive, send)
                return
            answer = await self._ask(scope)
            if answer is None and scope["method"] == "POST" and not is_unsubscribing(scope["path"]):
                receive = await self._take_form(scope, receive)
        except Refused as refused:
            answer = self._answer(Request(scope), refused.status)
        except passwords.Busy:
            answer = self._answer(Request(scope), 503)
        except SQLAlchemyError as error:
            log.error("the database does not answer", exc_info=error)
            answer = self._answer(Request(scope), 503)
        await (self._app if answer is None else answer)(scope, receive, _marked(send, state["actor"] is not None))
        if not state["noted"]:
            await run_in_threadpool(self._note_seen, state["actor"])

    async def _ask(self, scope: Scope) -> Response | None:
        """Finds out who asks; an answer where that one may not even read."""
        state, path = scope["state"], scope["path"]
        cookies = cookies_of(scope["headers"])
        token = cookies.get(self._cookies.session, "")
        if token:
            found = await run_in_threadpool(self._actor, token)
            if found is not None:
                state["actor"], is_due = found
                state["noted"] = not is_due
        closed = self._needs_login and not is_open(path)
        if closed and state["actor"] is None and scope["method"] in ("GET", "HEAD"):
            header = Headers(scope=scope).get("authorization", "")
            if header:
                state["actor"] = await run_in_threadpool(self._basic.actor, header, state["address"])
        if state["actor"] is not None:
            scope["headers"] = [pair for pair in scope["headers"] if pair[0] not in CONDITIONAL]
            return None
        state["before"] = cookies.get(self._cookies.before, "")
        return _closed(scope) if closed else None

    async def _take_form(self, scope: Scope, receive: Receive) -> Receive:
        """Reads the form, and lets it through if it is one of ours. The body is gone then: pages read the fields."""
        state, headers = scope["state"], Headers(scope=scope)
        form = await read_form(scope, receive)
        actor: Actor | None = state["actor"]
        if not is_from_here(headers, self._web.settings.public_url):
            await self._refuse(scope, "another site")
        if actor is not None:
            # The token comes first: what another site makes a browser send uses nothing up.
            if not hmac.compare_digest(form.get(FIELD, "").encode(), actor.form.encode()):
                await self._refuse(scope, "token")
            if not self._web.limits.allows("acts_of_account", actor.name):
                raise Refused(429)
        elif is_login(scope["path"]):
            before = state["before"]
            wanted = form_token(before) if before else ""
            if not wanted or not hmac.compare_digest(form.get(FIELD, "").encode(), wanted.encode()):
                await self._refuse(scope, "token")
        state["form"] = form
        return _nothing_more

    async def _refuse(self, scope: Scope, why: str) -> None:
        await run_in_threadpool(self._note_refused, scope, why)
        raise Refused(403)

    def _note_refused(self, scope: Scope, why: str) -> None:
        """A bounded number of lines from one address: nobody fills the disk by being refused."""
        state = scope["state"]
        if not self._web.limits.allows("refusals_kept", counted(state["address"])):
            return
        with self._web.sessions.begin() as session:
            record(
                session,
                REAL.now(),
                account=state["actor"].name if state["actor"] else "",
                action="refused",
                outcome="refused",
                subject=f"POST {scope['path']}",
                address=state["address"],
                details={"why": why},
            )

    def _actor(self, token: str) -> tuple[Actor, bool] | None:
        with self._web.sessions() as session:
            return logins.actor_of(session, token, REAL.now())

    def _note_seen(self, actor: Actor) -> None:
        """After the answer: nobody waits for it, and a store that is busy with a long write is asked again next time."""
        try:
            with self._web.sessions.begin() as session:
                logins.seen(session, actor, REAL.now())
        except SQLAlchemyError as error:
            log.warning("it could not be noted that a session was used: %s", type(error).__name__)


def _closed(scope: Scope) -> Response:
    """To somebody who may not read: programs are told so, people are led to the login."""
    path = scope["path"]
    if is_for_programs(path):
        problem = {
            "type": "about:blank",
            "title": "Unauthorized",
            "status": 401,
            "detail": "需要登录 a login is needed",
        }
        challenge = {"WWW-Authenticate": 'Basic realm="gongkai", charset="UTF-8"'}
        return JSONResponse(problem, 401, challenge, media_type="application/problem+json")
    query = scope.get("query_string", b"").decode("ascii") if scope["method"] in ("GET", "HEAD") else ""
    return RedirectResponse(login_way(path, query), status_code=303)


def _marked(send: Send, is_private: bool) -> Send:
    """Adds to the answer what keeps it from being shown to somebody else."""

    async def send_marked(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.add_vary_header("Cookie")
            if is_private or "set-cookie" in headers:
                headers["Cache-Control"] = "no-store"
                del headers["etag"], headers["last-modified"]
        await send(message)

    return send_marked


async def _nothing_more() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}
