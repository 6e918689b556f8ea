"""A small HTTP server that sends exactly the bytes it is told, for what no decent portal would do.

May touch: a port of 127.0.0.1, threads. Ends with its `with` block.
"""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.portals.server import Handler, Server

Answer = tuple[int, dict[str, str], bytes]
ALLOWED: Answer = (200, {"Content-Type": "text/plain"}, b"User-agent: *\nAllow: /\n")
MENU = '<ul><li><a href="/">首页</a></li></ul>'


def html(body: str, status: int = 200) -> Answer:
    return status, {"Content-Type": "text/html; charset=utf-8"}, f"<html><body>{body}</body></html>".encode()


def listing(*paths: str) -> Answer:
    """A TRS column page named 政府信息公开年报 whose reports stand at `paths`."""
    lines = "".join(
        f'<li><a href="{path}">示例市第{number}局2023年政府信息公开工作年度报告</a><b>2024-01-18</b></li>'
        for number, path in enumerate(paths, start=1)
    )
    return html(f'<h2>政府信息公开年报</h2>{MENU}<div class="zfxxgk_zdgkc"><ul>{lines}</ul></div>')


def report(number: int = 1) -> Answer:
    return html(f"<h1>示例市第{number}局2023年政府信息公开工作年度报告</h1><p>虚构的正文。</p>" * 20)


@dataclass
class RawServer:
    """`answers` by path; what is not there is 404. An answer may be a function that writes to the handler itself."""

    answers: dict[str, Answer | Callable[[Any], None]] = field(default_factory=lambda: {"/robots.txt": ALLOWED})
    asked: list[tuple[str, float]] = field(default_factory=list)  # path, monotonic seconds
    unanswered: int = 0
    most_unanswered: int = 0
    thinking: float = 0.0  # seconds before an answer begins
    host: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]

    def wait_for(self, requests: int, *, seconds: float) -> None:
        """Returns when so many requests have come."""
        end = time.monotonic() + seconds
        while len(self.asked) < requests:
            if time.monotonic() > end:
                raise TimeoutError(f"only {len(self.asked)} of {requests} requests came in {seconds} seconds")
            time.sleep(0.01)

    def answer(self, handler: Any) -> None:
        """A request counts as unanswered until the first byte of its answer goes out."""
        with self._lock:
            self.asked.append((handler.path, time.monotonic()))
            self.unanswered += 1
            self.most_unanswered = max(self.most_unanswered, self.unanswered)
        time.sleep(self.thinking)
        with self._lock:
            self.unanswered -= 1
        found = self.answers.get(handler.path, html("<h1>404</h1>", 404))
        if callable(found):
            found(handler)
            return
        status, headers, body = found
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)


@contextmanager
def raw_server() -> Iterator[RawServer]:
    served = RawServer()

    class RawHandler(Handler):
        def do_GET(self) -> None:
            served.answer(self)

    server = Server(RawHandler)
    served.host = server.host
    try:
        yield served
    finally:
        server.close()


def closed_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
