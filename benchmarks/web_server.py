"""The server of benchmarks.web: that of `gongkai serve`, with one more route that says hello.

Settings come from the environment as ever. Touches what `gongkai serve` touches.
"""

import contextlib
import gc

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import PlainTextResponse

from config.env import Settings
from config.load import Configuration, load
from monitor import clock
from monitor.commands.ending import Terminated, terminable
from monitor.commands.serve import listening, make_page, say_where, serve_on
from monitor.workers import work_together


def page_with_hello(settings: Settings, configuration: Configuration) -> FastAPI:
    app = make_page(settings, configuration, clock.SystemClock())

    async def hello(_request: Request) -> PlainTextResponse:
        return PlainTextResponse("hello\n")

    app.router.add_route("/hello", hello)
    return app


def main() -> None:
    settings = Settings()
    configuration = load(settings.config_dir)
    with terminable(), contextlib.suppress(Terminated, KeyboardInterrupt), listening(settings) as listener:
        say_where(listener)
        gc.collect()
        gc.freeze()
        work_together(
            settings.workers, lambda: serve_on(page_with_hello(settings, configuration), listener, is_shared=True)
        )


if __name__ == "__main__":
    main()
