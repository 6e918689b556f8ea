"""ETag and Last-Modified: how an answer is marked, and whether the visitor has it already (RFC 9110, 13). Touches nothing."""

import datetime as dt
import hashlib
from email.utils import parsedate_to_datetime

from starlette.datastructures import Headers


def etag_of(*parts: object) -> str:
    """Of everything that an answer depends on. Weak: the same content may be packed in another way."""
    return f'W/"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'


def has_it(headers: Headers, etag: str, modified: dt.datetime | None = None) -> bool:
    """Whether the visitor says to have this content. Tags decide alone where there are any (13.2.2); so a date that means
    nothing is as if it was not there.
    """
    known = headers.get("if-none-match")
    if known is not None:
        tags = {tag.strip().removeprefix("W/") for tag in known.split(",")}
        return "*" in tags or etag.removeprefix("W/") in tags
    since = headers.get("if-modified-since")
    if since is None or modified is None:
        return False
    try:
        moment = parsedate_to_datetime(since)
    except (ValueError, OverflowError):
        return False
    return moment.tzinfo is not None and modified.replace(microsecond=0) <= moment
