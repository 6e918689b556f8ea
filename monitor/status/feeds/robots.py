"""/robots.txt (RFC 9309): search engines may read every page once, and none of its endless selections. Touches nothing."""

from typing import Final

from fastapi import APIRouter, Request, Response

from monitor.status.feeds.addresses import absolute
from monitor.status.feeds.answers import answer
from monitor.status.site import METHODS
from monitor.status.validators import etag_of
from monitor.status.web import Web

# What is for logged-in people, what is large and not a page, and every address with a query: filters, sorts, pages.
CLOSED: Final = (
    "/act/",
    "/login",
    "/logout",
    "/account",
    "/archive/",
    "/evidence/",
    "/unsubscribe",
    "/data/",
)
# The longest rule decides: styles and scripts are asked for with a query, and a page without them looks broken.
OPEN: Final = ("/static/",)
PREFIXES: Final = ("", "/en")


def routes(web: Web) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.api_route("/robots.txt", methods=METHODS)
    def robots(request: Request) -> Response:
        text = rules(absolute(web.settings, "/sitemap.xml"))
        return answer(request, text.encode, media_type="text/plain", etag=etag_of(text))

    return router


def rules(sitemap: str) -> str:
    """`sitemap`: an absolute address."""
    allowed = [f"Allow: {path}" for path in OPEN]
    closed = [f"Disallow: {prefix}{path}" for path in CLOSED for prefix in PREFIXES]
    return "\n".join(["User-agent: *", *allowed, *closed, "Disallow: /*?", "", f"Sitemap: {sitemap}", ""])
