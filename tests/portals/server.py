"""One simulated portal as a real HTTP server on a port of 127.0.0.1.

May touch: sockets of 127.0.0.1, threads. Ends everything that it started when it is closed.
"""

from __future__ import annotations

import datetime as dt
import json
import socket
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import format_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.portals import families, faults, frame
from tests.portals.faults import Fault, Kind
from tests.portals.site import NOTHING, SHANGHAI, Page, Sent, Site

ROBOTS: dict[str, tuple[int, str]] = {
    "allow": (200, "User-agent: *\nAllow: /\n"),
    "disallow": (200, "User-agent: *\nDisallow: /\n"),
    "403": (403, ""),
    "404": (404, ""),
    "503": (503, ""),
}
MAX_POSTED = 1 << 16  # bytes
CHUNK = b"<p>" + "模拟的无尽正文。".encode() * 2000 + b"</p>"


@dataclass(frozen=True, slots=True)
class Request:
    """One request as the portal saw it. `concurrent`: requests in work at its start, itself included.

    `posted`: the fields of a POST (see site.Sent), None for a GET.
    """

    path: str  # with the query
    headers: dict[str, str]  # names in lower case
    at: float  # monotonic seconds
    day: dt.date
    concurrent: int
    status: int | None  # None: the connection was ended without an answer
    posted: Mapping[str, str] | None = field(default=None)


class SimulatedPortal:
    """One portal while it runs. `site`, `robots` and `faults` may be changed at any time."""

    def __init__(self, site: Site, known_faults: Sequence[Fault], day: Callable[[], dt.date], port: int = 0) -> None:
        self.site = site
        self.robots = ROBOTS["allow"]
        self.faults = list(known_faults)
        self._requests: list[Request] = []
        self.closing = threading.Event()
        self._day = day
        self._working = 0
        self._lock = threading.Lock()
        self._idle = threading.Condition(self._lock)
        self._pages: list[tuple[tuple[Site, dt.date], dict[str, Page]]] = []  # the newest first
        self._server = Server(_portal_handler(self), port)

    @property
    def requests(self) -> list[Request]:
        """The requests so far. One whose answer is just leaving is waited for; one that is held up is not in it yet."""
        with self._idle:
            self._idle.wait_for(lambda: self._working == 0, timeout=0.5)
            return list(self._requests)

    @property
    def host(self) -> str:
        return self._server.host

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    @property
    def day(self) -> dt.date:
        return self._day()

    def column_url(self, number: int = 0) -> str:
        """The address of the site's column `number`, counted from 0."""
        return self.url + families.FAMILIES[self.site.family].column_path(self.site.columns[number])

    def misbehave(self, kind: Kind, path: str = "", *, first: dt.date | None = None, last: dt.date | None = None,
                  seconds: float = 5.0) -> None:  # fmt: skip
        """Adds a fault; see Fault."""
        self.faults.append(Fault(kind, first, last, path, seconds))

    def behave(self) -> None:
        """Takes all faults away."""
        self.faults.clear()

    def page(self, path: str, query: Mapping[str, str], sent: Sent = NOTHING) -> tuple[Page, Fault | None]:
        """The answer for an address on the present day, and the fault that holds for it."""
        day, site = self.day, self.site
        fault = faults.holding(self.faults, day, path)
        if fault is not None:
            site = faults.site_under(fault, site, day)
        if path == "/robots.txt":
            status, text = self.robots
            page = Page(text.encode(), media_type="text/plain", status=status)
        else:
            found = self._rendered(site, day).get(path) if sent.posted is None else None
            found = found or families.FAMILIES[site.family].extra(site, self.host, day, path, dict(query), sent)
            if found is None and fault is not None and fault.kind is Kind.SHRUNKEN:  # only the list has lost them
                found = self._rendered(self.site, day).get(path)
            page = found or Page(frame.not_found(site, self.host).encode(), status=404)
        return (page if fault is None else faults.answer(fault, site, self.host, page)), fault

    def begin(self) -> int:
        with self._lock:
            self._working += 1
            return self._working

    def end(self, request: Request) -> None:
        with self._idle:
            self._working -= 1
            self._requests.append(request)
            self._idle.notify_all()

    def close(self) -> None:
        self.closing.set()
        self._server.close()

    def _rendered(self, site: Site, day: dt.date) -> dict[str, Page]:
        with self._lock:
            for rendered, pages in self._pages:
                if rendered == (site, day):
                    return pages
            pages = families.FAMILIES[site.family].pages(site, self.host, day)
            self._pages = [((site, day), pages), *self._pages[:1]]
            return pages


class Server(ThreadingHTTPServer):
    """A server in a thread of its own; `close` ends its open connections too, so that no thread outlives it."""

    daemon_threads = False
    request_queue_size = 64

    def __init__(self, handler: type[BaseHTTPRequestHandler], port: int = 0) -> None:
        self._open: set[socket.socket] = set()
        self._open_lock = threading.Lock()
        super().__init__(("127.0.0.1", port), handler)
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._open_lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._open_lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no error of a portal; anything else is shown."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def close(self) -> None:
        self.shutdown()
        with self._open_lock:
            for connection in self._open:
                _end(connection)
        self.server_close()
        self._thread.join(timeout=10)


def _end(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the client was first


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: the request log is SimulatedPortal.requests."""


def posted_fields(body: bytes) -> dict[str, str]:
    """The fields of a posted body: a JSON object, whose texts stand as they are and all else as JSON, or a form."""
    text = body.decode("utf-8", errors="replace")
    if not text.lstrip().startswith("{"):
        return dict(parse_qsl(text, keep_blank_values=True))
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for name, value in found.items()
    }


def _portal_handler(portal: SimulatedPortal) -> type[Handler]:
    class PortalHandler(Handler):
        def version_string(self) -> str:
            return "SimulatedPortal"

        def date_time_string(self, timestamp: float | None = None) -> str:
            moment = dt.datetime.combine(portal.day, dt.time(20), SHANGHAI)
            return format_datetime(moment.astimezone(dt.UTC), usegmt=True)

        def do_GET(self) -> None:
            concurrent = portal.begin()
            at = time.monotonic()
            status, posted = None, None
            try:
                posted = self._posted() if self.command == "POST" else None
                status = self._answer(Sent(posted, self.headers.get("Referer", "")))
            finally:
                headers = {name.lower(): value for name, value in self.headers.items()}
                portal.end(Request(self.path, headers, at, portal.day, concurrent, status, posted))

        do_HEAD = do_GET
        do_POST = do_GET

        def _posted(self) -> dict[str, str]:
            """The fields of the body; none where it is neither a form nor a JSON object, or too long."""
            length = self.headers.get("Content-Length", "0")
            if not length.isdigit() or int(length) > MAX_POSTED:
                self.close_connection = True  # what is left unread would be taken for the next request
                return {}
            return posted_fields(self.rfile.read(int(length)))

        def _answer(self, sent: Sent) -> int | None:
            parts = urlsplit(self.path)
            page, fault = portal.page(parts.path, dict(parse_qsl(parts.query, keep_blank_values=True)), sent)
            kind = fault.kind if fault is not None else None
            if kind is Kind.REFUSE:
                self.close_connection = True
                return None
            if kind is Kind.SLOW and fault is not None:
                portal.closing.wait(fault.seconds)
            breaks = kind in (Kind.CUT, Kind.ENDLESS)  # what is broken on the way knows no conditions either
            conditional = page.status == HTTPStatus.OK and sent.posted is None and not breaks
            if conditional and self._is_unchanged(page):
                self._send_head(page, HTTPStatus.NOT_MODIFIED, None)
                return int(HTTPStatus.NOT_MODIFIED)
            if kind is Kind.ENDLESS:
                self._send_endless(page)
            elif kind is Kind.CUT:
                self._send_head(page, page.status, len(page.body))
                self.wfile.write(page.body[: len(page.body) // 2])
                self.close_connection = True
            else:
                self._send_head(page, page.status, len(page.body))
                if self.command != "HEAD":
                    self.wfile.write(page.body)
            return page.status

        def _is_unchanged(self, page: Page) -> bool:
            """RFC 9110: If-Modified-Since counts only where no If-None-Match is sent."""
            known = self.headers.get("If-None-Match")
            if known is not None:
                return page.etag in [tag.strip() for tag in known.split(",")]
            return bool(page.last_modified) and self.headers.get("If-Modified-Since") == page.last_modified

        def _send_head(self, page: Page, status: int, length: int | None) -> None:
            self.send_response(status)
            if page.location:
                self.send_header("Location", page.location)
            if page.status == HTTPStatus.OK:
                self.send_header("ETag", page.etag)
                if page.last_modified:
                    self.send_header("Last-Modified", page.last_modified)
            if length is not None:
                self.send_header("Content-Type", page.content_type)
                self.send_header("Content-Length", str(length))
            self.end_headers()

        def _send_endless(self, page: Page) -> None:
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", page.content_type)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            sent = 0
            self.close_connection = True
            while sent < faults.MAX_ENDLESS and not portal.closing.is_set():
                self.wfile.write(b"%x\r\n%s\r\n" % (len(CHUNK), CHUNK))
                sent += len(CHUNK)

    return PortalHandler
