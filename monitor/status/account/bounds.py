"""What a request may look like at most, before anything is done with it. Pure: a scope in, a status out; and reading a body.

May touch: the body of one request.
"""

import asyncio
import re
from urllib.parse import parse_qsl, unquote_to_bytes

from starlette.types import Receive, Scope

LONGEST_TARGET = 8192  # bytes of path and query
MOST_PARAMETERS = 60
LONGEST_HEADERS = 16384  # bytes of all names and values
MOST_HEADERS = 100
LONGEST_BODY = 32768  # bytes; a reply of 2000 characters has 18000 as a form sends it
MOST_FIELDS = 40
BODY_SECONDS = 10.0
HOST = re.compile(rb"[A-Za-z0-9._\-\[\]:]{1,255}")
FORM = "application/x-www-form-urlencoded"


class Refused(Exception):
    """A request that is answered with `status` and nothing else."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def wrong_with(scope: Scope) -> int | None:
    """The status that refuses it; None: it may go on."""
    path, query = scope["path"], scope.get("query_string", b"")
    if len(scope.get("raw_path") or path.encode()) + len(query) > LONGEST_TARGET:
        return 414
    headers = scope["headers"]
    if len(headers) > MOST_HEADERS or sum(len(name) + len(value) for name, value in headers) > LONGEST_HEADERS:
        return 431
    hosts = [value for name, value in headers if name == b"host"]
    if len(hosts) > 1 or (hosts and not HOST.fullmatch(hosts[0])):
        return 400
    if any(mark < " " or mark == "\x7f" for mark in path):
        return 404
    # No database takes a NUL in a text, and no query of ours has one, or a byte that is not ASCII.
    if query.count(b"&") >= MOST_PARAMETERS or not query.isascii() or b"\0" in unquote_to_bytes(query):
        return 400
    return None


async def read_form(scope: Scope, receive: Receive) -> dict[str, str]:
    """The fields of a form; of a name that comes twice the first. Raises Refused for everything that is no small form."""
    headers = {name: value for name, value in scope["headers"] if name in (b"content-type", b"content-length")}
    body = await read_body(receive, headers.get(b"content-length"))
    kind = headers.get(b"content-type", FORM.encode()).partition(b";")[0].strip().lower()
    if body and kind != FORM.encode():
        raise Refused(415)
    fields: dict[str, str] = {}
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, encoding="utf-8", errors="strict", max_num_fields=MOST_FIELDS
        )
    except ValueError as error:  # not ASCII, not UTF-8, too many
        raise Refused(400) from error
    for name, value in pairs:
        if "\0" in name or "\0" in value:
            raise Refused(400)
        fields.setdefault(name, value)
    return fields


async def read_body(receive: Receive, announced: bytes | None) -> bytes:
    """All of a small body. Raises Refused: too large, too slow."""
    if announced is not None and (not announced.isdigit() or len(announced) > 9 or int(announced) > LONGEST_BODY):
        raise Refused(413)
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    raise Refused(400)  # the visitor went away
                body += message.get("body", b"")
                if len(body) > LONGEST_BODY:
                    raise Refused(413)
                if not message.get("more_body", False):
                    return bytes(body)
    except TimeoutError as error:
        raise Refused(408) from error
