"""How a feed, calendar, badge or sitemap is answered: with validators, and 304 to who has it already. Touches nothing else."""

import datetime as dt
from collections.abc import Callable
from email.utils import format_datetime

from fastapi import Request, Response

from monitor.status.validators import has_it


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
    if has_it(request.headers, etag, modified):
        return Response(status_code=304, headers=headers)
    return Response(content(), media_type=media_type, headers=headers)
