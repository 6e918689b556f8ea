"""How a feed, calendar, badge or sitemap is answered: with validators, and 304 to who has it already. Touches nothing else."""

import datetime as dt
import hashlib
from collections.abc import Callable
from email.utils import format_datetime, parsedate_to_datetime

from fastapi import Request, Response


def etag_of(*parts: object) -> str:
    """Weak: the same content may be packed in another way."""
    return f'W/"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'


def answer(
    request: Request,
    content: Callable[[], bytes],
    *,
    media_type: str,
    etag: str,
    modified: dt.datetime | None = None,
    max_age: int | None = None,
) -> Response:
    """`content` is made only where it is sent. `max_age`: seconds for which nobody need ask again; None: always ask."""
    headers = {"ETag": etag}
    if modified is not None:
        headers["Last-Modified"] = format_datetime(modified.astimezone(dt.UTC), usegmt=True)
    if max_age is not None:
        headers["Cache-Control"] = f"max-age={max_age}"
    if has_it(request, etag, modified):
        return Response(status_code=304, headers=headers)
    return Response(content(), media_type=media_type, headers=headers)


def has_it(request: Request, etag: str, modified: dt.datetime | None) -> bool:
    """Whether the visitor says to have this content. An ETag that was sent decides alone (RFC 9110, 13.1.3)."""
    known = request.headers.get("if-none-match")
    if known is not None:
        tags = {tag.strip().removeprefix("W/") for tag in known.split(",")}
        return "*" in tags or etag.removeprefix("W/") in tags
    since = request.headers.get("if-modified-since")
    if since is None or modified is None:
        return False
    try:
        moment = parsedate_to_datetime(since)
    except ValueError:
        return False
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    return modified.replace(microsecond=0) <= moment
