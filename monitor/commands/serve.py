"""`gongkai serve`: the status page alone. Touches the store, one listening socket, processes of its own."""

import contextlib
import gc
import os
import socket

import click
import uvicorn
from fastapi import FastAPI

from config.env import Settings
from config.errors import GongkaiError
from config.load import Configuration, load
from monitor import clock
from monitor.clock import Clock
from monitor.commands.ending import Terminated
from monitor.commands.opening import open_sessions, read_settings
from monitor.status import create_app
from monitor.workers import work_together

ENDING_SECONDS = 5  # for answers under way when the program ends
BACKLOG = 2048  # connections that may wait


@click.command("serve")
@click.option(
    "--workers", type=click.IntRange(0, 64), metavar="N",
    help="进程数，0 为每核一个；默认 GONGKAI_WORKERS。 Processes, 0: one for each core; else GONGKAI_WORKERS.",
)  # fmt: skip
def serve(workers: int | None) -> None:
    """提供状态页，直到 Ctrl-C。 Serve the status page until Ctrl-C.

    \b
    例 Example:
      GONGKAI_PORT=8700 gongkai serve --workers 2
    """
    settings = read_settings()
    configuration = load(settings.config_dir)
    page_clock = clock.for_settings(settings, configuration)
    count = (settings.workers if workers is None else workers) or os.cpu_count() or 1
    with contextlib.suppress(Terminated), listening(settings) as listener:
        if count == 1:
            serve_until_ended(make_page(settings, configuration, page_clock), listener)
            return
        open_sessions(settings).kw["bind"].dispose()  # what is wrong with the store is said once
        gc.collect()
        gc.freeze()  # the registry stays one memory of all processes
        say_where(listener)
        work_together(count, lambda: serve_on(make_page(settings, configuration, page_clock), listener, is_shared=True))


def make_page(settings: Settings, configuration: Configuration, page_clock: Clock) -> FastAPI:
    """The page with a store of its own and its board loaded, so that nobody waits for it."""
    app = create_app(settings, configuration, open_sessions(settings), page_clock)
    app.state.web.board()
    gc.collect()
    gc.freeze()  # what was made until now stays; collecting it again and again would hold up answers
    return app


def listening(settings: Settings) -> socket.socket:
    """The socket of the page, before anything else begins. Raises GongkaiError when the port is taken."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listener = socket.create_server((settings.host, settings.port), family=family)
    except OSError as error:
        raise GongkaiError(
            f"the status page cannot listen on {settings.host}:{settings.port} ({error.strerror or error}); "
            "set GONGKAI_HOST and GONGKAI_PORT"
        ) from error
    # Every connection inherits it; asyncio sets it for sockets of its own making only. Without, the body of an answer
    # waits 40 ms for the visitor's acknowledgement of its head.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def say_where(listener: socket.socket) -> None:
    host, port = listener.getsockname()[:2]
    click.echo(f"状态页 status page: http://{f'[{host}]' if ':' in host else host}:{port}/　（Ctrl-C 结束 ends it）")


def serve_until_ended(app: FastAPI, listener: socket.socket) -> None:
    """Serves until SIGINT or SIGTERM; both go on as KeyboardInterrupt and Terminated once the page has ended."""
    say_where(listener)
    serve_on(app, listener)


def serve_on(app: FastAPI, listener: socket.socket, *, is_shared: bool = False) -> None:
    """`is_shared`: other processes take connections from the socket, too; then this one takes them one by one.

    asyncio takes as many at once as its backlog says: the first process to wake would get all that wait.
    """
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        proxy_headers=False,  # whose X-Forwarded-For is believed says GONGKAI_TRUSTED_PROXIES (monitor.status.account)
        server_header=False,
        timeout_graceful_shutdown=ENDING_SECONDS,
        backlog=1 if is_shared else BACKLOG,
    )
    _Server(config).run(sockets=[listener])


class _Server(uvicorn.Server):
    """One whose sockets let as many wait as before, however few it takes at once."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for listener in sockets or ():
            listener.listen(BACKLOG)
