"""What was sent to a portal: kept with the request that was on its way, for the record beside its answer.

Touches the request's own `meta`. Nothing secret is ever sent: no cookies, no login (crawler.settings).
"""

from typing import Any

from scrapy import Request

SENT = "sent"  # request.meta: what `note` found
ANSWERED = "answered_304"  # request.meta: the headers of the portal's 304 itself, as pairs
MAX_BODY = 8192  # characters; the longest form of a family has some hundred
MAX_HEADERS = 40
MAX_VALUE = 2000  # characters


def note(request: Request) -> None:
    """Keeps what leaves now. Called where nothing can change it any more (crawler.middlewares.bounds).

    Host, Content-Length and Connection are not in it: the HTTP library makes them of address and body.
    """
    request.meta[SENT] = {
        "method": request.method,
        "headers": pairs(request.headers),
        "body": request.body.decode("utf-8", "replace").replace("\0", "\ufffd")[:MAX_BODY],
    }


def pairs(headers: Any) -> list[list[str]]:
    """The headers of a request or response of Scrapy in their order, repetitions kept, bounded."""
    found = [
        [name.decode("latin-1"), value.decode("latin-1")[:MAX_VALUE]]
        for name, values in headers.items()
        for value in values
    ]
    return found[:MAX_HEADERS]


def sent(request: Request | None) -> dict[str, Any]:
    """{"method", "headers": [[name, value], …], "body"} of what was sent; {} where nothing was.

    Of a chain of redirects that was answered it is the last request; of one that was not, the first.
    """
    return dict(request.meta.get(SENT, {})) if request is not None else {}


def answered(request: Request | None) -> tuple[tuple[str, str], ...]:
    """The headers of the 304 by which the portal answered; empty for any other answer."""
    return tuple((name, value) for name, value in request.meta.get(ANSWERED, ())) if request is not None else ()
