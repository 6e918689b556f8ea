"""What the tests of the page share: a seeded store, the application on it, a server and a browser."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser

from monitor.clock import FixedClock
from monitor.context import Context
from monitor.status import create_app
from tests.monitor.accounts.hashing import little_work
from tests.monitor.status.seed import seed
from tests.monitor.status.visitors import Room, room
from tests.servers.browser import running_chromium

STARTS_WITHIN = 20  # seconds


@pytest.fixture(scope="package")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Context:
    """A store in SQLite with every state; the tests only read it."""
    folder = tmp_path_factory.mktemp("seeded")
    return seed(f"sqlite:///{folder / 'gongkai.db'}", folder)


@pytest.fixture(scope="package")
def app(seeded: Context) -> FastAPI:
    return create_app(seeded.settings, seeded.configuration, seeded.sessions, FixedClock(seeded.now))


@pytest.fixture(scope="package")
def origin(app: FastAPI) -> Iterator[str]:
    """The address of the application on a real server."""
    with served(app) as address:
        yield address


@pytest.fixture(scope="module")
def little_hashing() -> Iterator[None]:
    """Logging in without the work of a real one."""
    with little_work():
        yield


@pytest.fixture(scope="module")
def page_room(seeded: Context, tmp_path_factory: pytest.TempPathFactory, little_hashing: None) -> Room:
    """The page on a copy of the seeded store, with an account of each role; a module's tests share it."""
    return room(seeded, tmp_path_factory.mktemp("room"))


@pytest.fixture(scope="module")  # while it runs, Playwright holds this thread's event loop
def browser() -> Iterator[Browser]:
    with running_chromium() as chromium:
        yield chromium


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """Serves `app` on a free port of 127.0.0.1 and ends with the block."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", ws="none", log_level="warning", proxy_headers=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        until = time.monotonic() + STARTS_WITHIN
        while not server.started:
            assert thread.is_alive() and time.monotonic() < until, "the server did not start"
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(STARTS_WITHIN)
        listening.close()


@pytest.fixture(scope="session")
def screens() -> Path:
    """Where screenshots are put, for a person to look at; never committed."""
    folder = Path(__file__).resolve().parents[2] / "_screens"
    folder.mkdir(exist_ok=True)
    return folder
