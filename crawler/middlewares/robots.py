"""robots.txt, more strictly than Scrapy's: what cannot be read allows nothing (docs/decisions.md).

404 and 410 allow everything, 200 what it says; anything else (401, 403, 5xx, no answer, too big, a redirect
elsewhere) allows nothing on that host in this visit. May touch: the portal's robots.txt, the slot's delay.
"""

import asyncio
import logging
from typing import Any, Self
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response

from crawler import health
from crawler.middlewares.bounds import transport
from crawler.model import LookOutcome
from crawler.page import decode
from crawler.settings import JITTER, NOT_ARRIVED
from crawler.visit import NotFetched, visit_of

MAX_BYTES = 512 * 1024  # RFC 9309 asks for 500 KiB at least
MAX_DELAY = 60.0  # seconds; a longer Crawl-delay is kept at this
TOKEN = "gongkai"  # noqa: S105 - the name by which robots.txt may address us

logger = logging.getLogger(__name__)


class Robots:
    """Asks once per origin and visit, before the first page of it."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._portal = visit_of(crawler).portal
        self._rules: dict[str, asyncio.Future[Protego | None]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if request.meta.get("is_robots"):
            return
        parts = urlsplit(request.url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._rules:
            self._rules[origin] = asyncio.ensure_future(self._fetch(origin))
        rules = await self._rules[origin]
        if rules is not None and not rules.can_fetch(request.url, TOKEN):
            raise NotFetched(LookOutcome.DENIED, f"robots.txt 不允许访问 {parts.path or '/'}")

    async def _fetch(self, origin: str) -> Protego | None:
        """The rules of an origin; None where there are none. Raises NotFetched where they cannot be known."""
        request = Request(
            f"{origin}/robots.txt",
            meta={"is_robots": True, "download_maxsize": MAX_BYTES, "autothrottle_dont_adjust_delay": True},
            dont_filter=True,
        )
        try:
            response = await self._crawler.engine.download_async(request)
        except NotFetched as error:
            raise NotFetched(
                error.health.outcome, f"robots.txt 无法读取：{error.health.reason}", status=error.status, final=True
            ) from error
        except NOT_ARRIVED as error:
            failed = transport(error)
            raise NotFetched(failed.outcome, f"robots.txt 无法读取：{failed.reason}", final=True) from error
        return self._read(origin, response)

    def _read(self, origin: str, response: Response) -> Protego | None:
        if response.status in (404, 410):
            return None
        found = health.of_status(response.status)
        if not found.good or response.status != 200:
            outcome = LookOutcome.DENIED if found.good else found.outcome
            raise NotFetched(
                outcome, f"robots.txt 无法读取（{found.reason or response.status}）", status=response.status, final=True
            )
        rules = Protego.parse(decode(response.body))
        delay = rules.crawl_delay(TOKEN)
        if delay is not None:
            self._keep_distance(response, min(float(delay), MAX_DELAY))
        return rules

    def _keep_distance(self, response: Response, delay: float) -> None:
        """A Crawl-delay longer than the portal's own delay takes its place, also for AutoThrottle."""
        if delay <= self._portal.delay:
            return
        logger.info("%s asks for %.0f seconds between requests", urlsplit(response.url).netloc, delay)
        shortest = delay * (1 + JITTER)
        downloader: Any = self._crawler.engine.downloader
        key = downloader.get_slot_key(response.request or Request(response.url))
        downloader.per_slot_settings.setdefault(key, {})["delay"] = shortest
        if key in downloader.slots:
            downloader.slots[key].delay = max(downloader.slots[key].delay, shortest)
        throttle = self._crawler.get_extension(AutoThrottle)
        if throttle is not None:
            throttle.mindelay = max(throttle.mindelay, shortest)
            throttle.maxdelay = max(throttle.maxdelay, shortest)
