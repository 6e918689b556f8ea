"""The page on which a recipient ends the messages: it asks on GET and does it on POST, also the one of RFC 8058.

May touch: the table act, by monitor.desk.unsubscribes; it is the one page that writes without an account: the address is the
permission. A mail program that looks at every address of a message unsubscribes nobody. A wrong address is one that is not
there; the answer never says why.
"""

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse

from monitor.desk import unsubscribes
from monitor.secret import secret
from monitor.status.site import PREFIXES
from monitor.status.web import Web
from monitor.wording import Language, say


def routes(web: Web, language: Language) -> APIRouter:
    """The page says it in both languages. The secret is read with the first request."""
    site, sessions = web.site, web.sessions
    router = APIRouter(prefix=PREFIXES[language], include_in_schema=False)

    def recipient_of(token: str) -> tuple[str, str]:
        known = unsubscribes.read_token(secret(web.settings), token)
        if not web.limits.allows("unsubscribing", "" if known is None else token):
            raise HTTPException(429)
        if known is None:
            raise HTTPException(404)
        return known

    def answer(request: Request, recipient: str, channel: str, *, done: bool) -> HTMLResponse:
        return site.render(
            request, "unsubscribe.html", language, recipient=recipient, channel=channel, done=done, say=say
        )

    @router.api_route(unsubscribes.PATH + "{token}", methods=["GET", "HEAD"])
    def ask(request: Request, token: str) -> HTMLResponse:
        recipient, channel = recipient_of(token)
        with sessions() as session:
            done = unsubscribes.is_unsubscribed(session, recipient, channel)
        return answer(request, recipient, channel, done=done)

    @router.post(unsubscribes.PATH + "{token}")
    def end(request: Request, token: str) -> HTMLResponse:
        recipient, channel = recipient_of(token)
        with sessions.begin() as session:
            unsubscribes.unsubscribe(
                session, recipient=recipient, channel=channel, at=site.now(), by="recipient", note="web"
            )
        return answer(request, recipient, channel, done=True)

    return router
