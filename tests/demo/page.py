"""The status page of the demonstration: the real application on a socket of 127.0.0.1, in a thread.

May touch: that socket, the store of the stage (for reading).
"""

from __future__ import annotations

import datetime as dt
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from config.errors import GongkaiError
from monitor.clock import FixedClock
from monitor.status.app import create_app
from tests.demo.stage import Stage

STANDARD_PORT = 8600
START_SECONDS = 30.0


def bound(port: int | None) -> socket.socket:
    """A listening socket for the page. Without a port: the standard one, or any free one if it is taken.

    It listens before the story begins, because the mails name the page's address; who calls early waits.
    """
    if port is None:
        try:
            return _listening(STANDARD_PORT)
        except OSError:
            return _listening(0)
    try:
        return _listening(port)
    except OSError as error:
        raise GongkaiError(
            f"端口 {port} 不能使用，请用 --port 另选 / port {port} cannot be used, choose another by --port: "
            f"{error.strerror}"
        ) from error


def _listening(port: int) -> socket.socket:
    listener = socket.socket()
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener


def address_of(listener: socket.socket) -> str:
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


@contextmanager
def served(stage: Stage, listener: socket.socket, now: dt.datetime) -> Iterator[None]:
    """The page is up, as of the simulated moment `now`, until the `with` block ends."""
    settings = stage.settings.model_copy(update={"simulated_now": now})
    app = create_app(settings, stage.configuration, stage.sessions, FixedClock(now))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        _wait_until_started(server, thread)
        yield
    finally:
        server.should_exit = True
        thread.join(START_SECONDS)


def _wait_until_started(server: uvicorn.Server, thread: threading.Thread) -> None:
    pause = threading.Event()
    waited = 0.0
    while not server.started:
        if not thread.is_alive() or waited > START_SECONDS:
            raise GongkaiError("状态页未能启动 / the status page did not start")
        pause.wait(0.05)
        waited += 0.05
