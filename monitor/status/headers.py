"""The headers that every answer of the page carries. May touch nothing but the headers of a response."""

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# No inline script or style, nothing from another address, no framing: what is on the page comes from our own files.
SECURITY: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # To other sites nothing is told; to ourselves a browser has to say where a form came from.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# Only where the page is served by https: a browser that has seen it asks by nothing else for a year.
HSTS: Final = "max-age=31536000"
EMBEDDED: Final = "/badge/"  # pictures that other sites may show; everything else only we


class SecurityHeaders:
    """ASGI middleware: SECURITY on every answer, and how long it may be kept."""

    def __init__(self, app: ASGIApp, *, https: bool = False) -> None:
        self.app = app
        self._https = https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        kept = _kept(scope)
        shown = "cross-origin" if scope["path"].startswith(EMBEDDED) else "same-origin"

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", kept)
                headers.setdefault("Cross-Origin-Resource-Policy", shown)
                if self._https:
                    headers["Strict-Transport-Security"] = HSTS
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _kept(scope: Scope) -> str:
    """Static files are linked by an address that changes with their content (monitor.status.site.static_addresses)."""
    if not scope["path"].startswith("/static/"):
        return "no-cache"
    named = scope.get("query_string", b"").startswith(b"v=")
    return "public, max-age=31536000, immutable" if named else "public, max-age=86400"
