"""Answers that were just made, for the next who asks for the same: kept as long as nothing at all was written to the store.

May touch: the store's own count of changes, by one connection of its own. ASGI middleware inside the gate: what is made for
somebody who is logged in passes by. Kept is the answer as it is sent, packed or not; its ETag answers 304 without making it.
What is not there is made in turns (monitor.status.turns), so that many who ask for one page at once wait for one.
"""

import secrets
import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from monitor.days import day_of
from monitor.status.site import language_of
from monitor.status.turns import Turns
from monitor.status.validators import etag_of, has_it
from monitor.status.web import Web

# What depends on the store, the board, the day and its address, and on nothing else.
PAGES: Final = ("/", "/coverage", "/late", "/changes", "/portals", "/method")
BELOW: Final = ("/agency/", "/portals/", "/api/", "/badge/")
NOT_ENDING: Final = ("/why",)  # made for one visitor at a time, and rarely asked for
LONG: Final = "/diff/"  # may take seconds, and is not waited for
MOST_BYTES: Final = 64 * 2**20  # of all that is kept
LARGEST: Final = 2 * 2**20  # of one page
BODY: Final = ("content-", "link")  # headers that an answer without a body does not have


@dataclass(frozen=True, slots=True)
class Kept:
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes

    @property
    def etag(self) -> str:
        """Its own, or that which it was given here."""
        return dict(self.headers)[b"etag"].decode("ascii")

    @property
    def unchanged(self) -> list[tuple[bytes, bytes]]:
        """The headers of the answer that nothing changed (RFC 9110, 15.4.5)."""
        return [one for one in self.headers if not one[0].decode("latin-1").lower().startswith(BODY)]


@dataclass
class Shelf:
    """The newest pages within MOST_BYTES, by what they depend on. Safe to be used by many threads."""

    _pages: OrderedDict[str, Kept] = field(default_factory=OrderedDict)
    _bytes: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, key: str) -> Kept | None:
        with self._lock:
            found = self._pages.get(key)
            if found is not None:
                self._pages.move_to_end(key)
            return found

    def put(self, key: str, page: Kept) -> None:
        with self._lock:
            known = self._pages.pop(key, None)
            self._bytes += len(page.body) - (len(known.body) if known is not None else 0)
            self._pages[key] = page
            while self._bytes > MOST_BYTES:
                _, oldest = self._pages.popitem(last=False)
                self._bytes -= len(oldest.body)


class Changes:
    """What changes with every commit of anybody: SQLite's data_version, PostgreSQL's snapshot."""

    def __init__(self, engine: Engine) -> None:
        self._asked = _DataVersion(engine).asked if engine.dialect.name == "sqlite" else _Snapshot(engine).asked

    def mark(self) -> object:
        """Raises SQLAlchemyError; the next call tries anew."""
        return self._asked()


@dataclass
class _Snapshot:
    engine: Engine

    def asked(self) -> object:
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            return connection.exec_driver_sql("SELECT pg_current_snapshot()::text").scalar()


@dataclass
class _DataVersion:
    """It counts what others than one connection write, so that connection is kept."""

    engine: Engine
    _connection: Connection | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def asked(self) -> object:
        with self._lock:
            try:
                if self._connection is None:
                    self._connection = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
                return self._connection.exec_driver_sql("PRAGMA data_version").scalar()
            except SQLAlchemyError:
                if self._connection is not None:
                    self._connection.invalidate()
                    self._connection.close()
                self._connection = None
                raise


class KeptAnswers:
    """The middleware."""

    def __init__(self, app: ASGIApp, web: Web) -> None:
        self._app = app
        self._web = web
        self._shelf = Shelf()
        self._changes = Changes(web.sessions.kw["bind"])
        self._turns = Turns()
        self._process = secrets.token_hex(8)  # data_version counts for one connection alone: no tag outlives it

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _may_be_kept(scope):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        key = await run_in_threadpool(self._key, scope, headers)
        if await self._sent(key, scope, headers, send):
            return
        if key is not None:
            send = self._keeping(key, scope, send)
        if LONG in scope["path"]:
            await self._app(scope, receive, send)
            return
        async with self._turns.turn(send) as sending:
            if not await self._sent(key, scope, headers, sending):
                await self._app(scope, receive, sending)

    async def _sent(self, key: str | None, scope: Scope, headers: Headers, send: Send) -> bool:
        """Whether the page is there, and was sent."""
        kept = self._shelf.get(key) if key is not None else None
        if key is None or kept is None:
            return False
        if has_it(headers, kept.etag):
            await _send(send, 304, kept.unchanged, b"", is_head=True)
        else:
            await _send(send, 200, kept.headers, kept.body, is_head=scope["method"] == "HEAD")
        return True

    def _key(self, scope: Scope, headers: Headers) -> str | None:
        """Everything that the answer depends on. It is asked before that is made: it may be newer, never older.

        None: it is not kept. Whether anything changed since a date is not known here.
        """
        if "if-modified-since" in headers and "if-none-match" not in headers:
            return None
        try:
            mark, board = self._changes.mark(), self._web.board()
        except SQLAlchemyError:
            return None  # the page says so
        query = scope.get("query_string", b"")
        packed = "gzip" in headers.get("accept-encoding", "")
        return etag_of(self._process, mark, board.version, day_of(self._web.now()), scope["path"], query, packed)

    def _keeping(self, key: str, scope: Scope, send: Send) -> Send:
        """Passes the answer on, with its ETag, and keeps it if it is a whole page for anybody."""
        begun: list[tuple[tuple[bytes, bytes], ...]] = []  # as they are here: the gate adds its own to what it is sent
        parts: list[bytes] = []

        async def passing(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                MutableHeaders(scope=message).setdefault("ETag", key)
                begun.append(tuple(message["headers"]))
            elif message["type"] == "http.response.body" and begun:
                parts.append(message.get("body", b""))
                if not message.get("more_body", False) and scope["method"] == "GET":
                    self._keep(key, begun[0], b"".join(parts))
            await send(message)

        return passing

    def _keep(self, key: str, headers: tuple[tuple[bytes, bytes], ...], body: bytes) -> None:
        if len(body) <= LARGEST and b"set-cookie" not in {name.lower() for name, _ in headers}:
            self._shelf.put(key, Kept(headers, body))


def _may_be_kept(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
        return False
    if scope.get("state", {}).get("actor") is not None:
        return False
    path: str = scope["path"]
    if language_of(path) == "en":
        path = path.removeprefix("/en") or "/"
    return path in PAGES or (path.startswith(BELOW) and not path.endswith(NOT_ENDING))


async def _send(send: Send, status: int, headers: Iterable[tuple[bytes, bytes]], body: bytes, *, is_head: bool) -> None:
    start: dict[str, Any] = {"type": "http.response.start", "status": status, "headers": list(headers)}
    await send(start)
    await send({"type": "http.response.body", "body": b"" if is_head else body})
