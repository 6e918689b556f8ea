"""`gongkai serve`: the status page alone. Touches the store for reading, one listening socket."""

import contextlib
import socket

import click
import uvicorn
from fastapi import FastAPI

from config.env import Settings
from config.errors import GongkaiError
from config.load import load
from monitor import clock
from monitor.commands.ending import Terminated
from monitor.commands.opening import open_sessions, read_settings
from monitor.status import create_app

ENDING_SECONDS = 5  # for answers under way when the program ends


@click.command("serve")
def serve() -> None:
    """提供状态页，直到 Ctrl-C。 Serve the status page until Ctrl-C.

    \b
    例 Example:
      GONGKAI_PORT=8700 gongkai serve
    """
    settings = read_settings()
    configuration = load(settings.config_dir)
    app = create_app(settings, configuration, open_sessions(settings), clock.for_settings(settings, configuration))
    with contextlib.suppress(Terminated), listening(settings) as listener:
        serve_until_ended(app, listener)


def listening(settings: Settings) -> socket.socket:
    """The socket of the page, before anything else begins. Raises GongkaiError when the port is taken."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family)
    except OSError as error:
        raise GongkaiError(
            f"the status page cannot listen on {settings.host}:{settings.port} ({error.strerror or error}); "
            "set GONGKAI_HOST and GONGKAI_PORT"
        ) from error


def serve_until_ended(app: FastAPI, listener: socket.socket) -> None:
    """Serves until SIGINT or SIGTERM; both go on as KeyboardInterrupt and Terminated once the page has ended."""
    host, port = listener.getsockname()[:2]
    click.echo(f"状态页 status page: http://{f'[{host}]' if ':' in host else host}:{port}/　（Ctrl-C 结束 ends it）")
    server = uvicorn.Server(
        uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=ENDING_SECONDS)
    )
    server.run(sockets=[listener])
