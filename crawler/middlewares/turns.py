"""One request at a time per host, to the letter. Touches nothing.

CONCURRENT_REQUESTS_PER_DOMAIN = 1 does not suffice: Scrapy's downloader (2.19) counts a transfer only when its
task first runs, so two requests that wait when a host is free, without a delay, leave together.
"""

import asyncio
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response

HELD = "host_turn"  # request.meta: the lock that this request holds


class Turns:
    """A request that has passed here is the only one under way to its host. Only Bounds comes after it, so that

    what the answer before has taught (a 429, the last second) is known when the next request leaves.
    """

    def __init__(self) -> None:
        self._turns: dict[str, asyncio.Lock] = {}

    async def process_request(self, request: Request) -> None:
        turn = self._turns.setdefault(urlsplit(request.url).netloc, asyncio.Lock())
        await turn.acquire()
        request.meta[HELD] = turn

    def process_response(self, request: Request, response: Response) -> Response:
        self._pass_on(request)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        self._pass_on(request)

    def _pass_on(self, request: Request) -> None:
        turn: asyncio.Lock | None = request.meta.pop(HELD, None)
        if turn is not None:
            turn.release()
