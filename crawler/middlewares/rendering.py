"""List pages that only a script builds (`render: true`), and pictures of report pages (`screenshots: true`): fetched by
our crawl, opened in Chromium, and nothing more.

May touch: the portal's registered hosts through the engine, so that every request of a page passes all the
middlewares (registered host, robots.txt, one at a time, delay, bounds) like any other; Chromium by crawler.render, which
is only then imported. A page behind an anti-bot script is not given to the browser: running that script would solve
its riddle, and nothing is ever bypassed.
"""

import asyncio
import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response

from crawler import health, sent
from crawler.errors import CrawlError
from crawler.middlewares.bounds import transport
from crawler.model import LookOutcome
from crawler.page import Page, decode, is_document, is_text
from crawler.rendered import HEADER, Rendered
from crawler.settings import NOT_ARRIVED
from crawler.visit import NotFetched, visit_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Request as Wanted
    from playwright.async_api import Route

    from crawler.render import Browser

RENDER = "render"  # request.meta: this page is to be built
PICTURE = "picture"  # request.meta: the answer of which a picture is to be made
SECONDS = 120.0  # for one page; its requests keep the portal's delay
MAX_REQUESTS = 60  # of one page
MAX_FOR_PICTURE = 30  # of one page of which a picture is made: styles and pictures as well
MAX_SCRIPTS = 16 * 2**20  # bytes of scripts that are kept for the next pages of the visit
# What a list is not made of. Styles neither: what they hide is not read either way.
_UNWANTED = frozenset(("image", "font", "media", "stylesheet", "texttrack", "manifest", "ping", "websocket"))
_UNWANTED_IN_PICTURES = _UNWANTED - {"image", "stylesheet"}
_DATA = frozenset(("xhr", "fetch", "eventsource"))
_SENT = ("accept", "content-type", "x-requested-with")
_TOLD = ("content-type", "access-control-allow-origin", "access-control-allow-headers")
# Of the document, not of the page that was built: they would make the next visit believe that nothing has changed.
_OF_THE_WIRE = ("ETag", "Last-Modified", "Content-Length", "Content-Encoding", "Transfer-Encoding")

logger = logging.getLogger(__name__)


class Rendering:
    """Answers a request marked RENDER with the page that Chromium made of it. One page at a time."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._visit = visit_of(crawler)
        self._turn = asyncio.Lock()
        self._browser: Browser | None = None
        self._built = 0
        self._scripts: dict[str, Response] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        portal = visit_of(crawler).portal
        if not (portal.screenshots or any(column.render for column in portal.columns)):
            raise NotConfigured
        middleware = cls(crawler)
        crawler.signals.connect(middleware.close, signals.engine_stopped)
        return middleware

    async def process_request(self, request: Request) -> Response | None:
        if request.meta.get(PICTURE) is not None:
            return await self._picture(request, request.meta[PICTURE])
        if not request.meta.get(RENDER) or request.method != "GET":
            return None
        request.meta["dont_retry"] = True  # each request within has had its second try
        async with self._turn:
            document = await self._fetch(Request(request.url, headers=request.headers, dont_filter=True))
            request.meta[sent.SENT] = sent.sent(document.request)
            if not _may_be_built(document):
                return document.replace(request=request)
            self._count()
            built = await self._build(document)
            return built.replace(request=request)

    def _count(self) -> None:
        allowed = self._visit.portal.max_renders
        if self._built >= allowed:
            raise NotFetched(LookOutcome.INCOMPLETE, f"已到本次访问的浏览器页数上限（max_renders: {allowed}）")
        self._built += 1

    async def _picture(self, request: Request, document: Response) -> Response:
        """A picture of the page that came, with what else it asks for; the page itself is not fetched again."""
        request.meta["dont_retry"] = True
        async with self._turn:
            if not _may_be_built(document):
                raise NotFetched(LookOutcome.SHELL, "不是可以用浏览器打开的网页，没有截图")
            self._count()
            made = _Making(self, document, _UNWANTED_IN_PICTURES, MAX_FOR_PICTURE)
            async with self._opening(document) as (browser, seconds):
                limit = self._visit.portal.max_bytes
                png = await browser.picture(document.url, made.serve, seconds=seconds, limit=limit)
                headers = {"Content-Type": "image/png", HEADER: made.said(browser.version).header()}
            if made.guarded:
                raise NotFetched(LookOutcome.CHALLENGE, made.guarded)
            return Response(document.url, status=200, headers=headers, body=png, request=request)

    async def close(self) -> None:
        """Ends the browser, if there is one."""
        from crawler.render import Broken

        browser, self._browser = self._browser, None
        if browser is None:
            return
        try:
            await browser.close()
        except Broken as error:
            logger.warning("the browser did not end by itself: %s", error)

    async def _build(self, document: Response) -> Response:
        made = _Making(self, document, _UNWANTED, MAX_REQUESTS)
        async with self._opening(document) as (browser, seconds):
            limit = self._visit.portal.max_bytes
            built = await browser.render(document.url, made.serve, seconds=seconds, limit=limit)
            version = browser.version
        if made.guarded:
            raise NotFetched(LookOutcome.CHALLENGE, made.guarded, status=document.status)
        logger.info("%s is built, %d pages are left open", document.url, browser.pages)
        headers = document.headers.copy()
        for name in _OF_THE_WIRE:
            headers.pop(name, None)
        headers[HEADER] = made.said(version).header()
        return built.replace(status=document.status, headers=headers)

    @asynccontextmanager
    async def _opening(self, document: Response) -> "AsyncIterator[tuple[Browser, float]]":
        """The browser, and the seconds that it may take. After any failure in it the browser is closed."""
        from crawler.render import Broken, TooBig, TooLong

        left = self._visit.portal.max_seconds - self._visit.elapsed()
        try:
            yield await self._started(), max(1.0, min(SECONDS, left))
        except (TooLong, TooBig) as error:
            await self.close()
            raise NotFetched(LookOutcome.INCOMPLETE, str(error), status=document.status) from error
        except Broken as error:
            await self.close()
            reason = f"浏览器出错，本次没有得到页面（{error}）"
            raise NotFetched(LookOutcome.TRANSPORT_ERROR, reason, status=document.status) from error

    async def _started(self) -> "Browser":
        from crawler.render import Browser, find_chromium

        if self._browser is None:
            try:
                program = find_chromium(self._crawler.settings.get("CHROMIUM") or "")
            except CrawlError as error:
                logger.error("%s", error)
                raise NotFetched(LookOutcome.INCOMPLETE, f"本机没有可用的 Chromium：{error}") from error
            self._browser = Browser(self._crawler, program)
            await self._browser.start()
        return self._browser

    async def fetch_for_page(self, wanted: "Wanted") -> Response:
        """What a page asks for, through all middlewares. Raises NotFetched."""
        if wanted.url in self._scripts:
            return self._scripts[wanted.url]
        headers = {name: wanted.headers[name] for name in _SENT if name in wanted.headers}
        headers["Referer"] = wanted.frame.url
        answer = await self._fetch(
            Request(wanted.url, method=wanted.method, headers=headers, body=wanted.post_data_buffer, dont_filter=True)
        )
        if wanted.resource_type == "script" and answer.status == 200:
            kept = sum(len(script.body) for script in self._scripts.values())
            if kept + len(answer.body) <= MAX_SCRIPTS:
                self._scripts[wanted.url] = answer
        return answer

    async def _fetch(self, request: Request) -> Response:
        """An answer that is asked for anew in any case: data may have changed where the page has not."""
        request.meta["unconditional"] = True
        engine = self._crawler.engine
        if engine is None:
            raise TypeError("a request needs a running engine")
        try:
            return await engine.download_async(request)
        except NOT_ARRIVED as error:
            failed = transport(error)
            raise NotFetched(failed.outcome, failed.reason) from error


class _Making:
    """One page while it is built: answers its requests, at most `most`, and counts what is lost."""

    def __init__(self, rendering: Rendering, document: Response, unwanted: frozenset[str], most: int) -> None:
        self._rendering = rendering
        self._document: Response | None = document
        self._unwanted = unwanted
        self._most = most
        self._asked = 0
        self._got = 0
        self._lost: list[tuple[str, str]] = []  # type of the request, address and reason
        self.guarded = ""  # why it must not be built at all

    async def serve(self, route: "Route") -> None:
        """Answers one request of the page. Never raises: a browser that is gone needs no answer."""
        from playwright.async_api import Error

        try:
            answer = await self._answer(route.request)
            if answer is None:
                await route.abort("blockedbyclient")
            else:
                headers = {name: (answer.headers.get(name) or b"").decode("latin-1") for name in _TOLD}
                told = {name: value for name, value in headers.items() if value}
                await route.fulfill(status=answer.status, headers=told, body=answer.body)
        except Error as error:
            logger.info("an answer came too late for the browser: %s", str(error).splitlines()[0])

    def said(self, browser: str) -> Rendered:
        data = [lost for kind, lost in self._lost if kind in _DATA]
        scripts = [lost for kind, lost in self._lost if kind == "script"]
        return Rendered(browser, self._got, len(data), len(scripts), (data + scripts + [""])[0])

    async def _answer(self, wanted: "Wanted") -> Response | None:
        """None: the page does not get it."""
        if self._document is not None and wanted.is_navigation_request():
            document, self._document = self._document, None
            return document
        kind = wanted.resource_type
        if kind in self._unwanted or wanted.method not in ("GET", "POST"):
            return None
        self._asked += 1
        if self._asked > self._most:
            self._lose(wanted, f"页面请求超过 {self._most} 次")
            return None
        try:
            answer = await self._rendering.fetch_for_page(wanted)
        except NotFetched as error:
            self._lose(wanted, error.health.reason)
            return None
        found = health.of_status(answer.status)
        text = decode(answer.body) if is_text(answer.body, _type(answer)) else ""
        if health.is_guarded(text):
            self.guarded = f"页面请求的 {wanted.url[:200]} 是反自动化脚本，不用浏览器打开"
            return None
        if not found.good:
            self._lose(wanted, found.reason)
            return None
        if kind == "document" and not (text and is_document(text)):
            return None  # a file: it would be a download
        self._got += 1
        return answer

    def _lose(self, wanted: "Wanted", why: str) -> None:
        self._lost.append((wanted.resource_type, f"{wanted.url[:200]}：{why}"))


def _may_be_built(document: Response) -> bool:
    """Whether the answer is a page, and one that a reader's browser would simply show."""
    if document.status != 200 or not document.body or not is_text(document.body, _type(document)):
        return False
    text = decode(document.body, _type(document))
    if not is_document(text) or health.is_guarded(text):
        return False
    return health.of_page(Page(document.url, text)).outcome in (LookOutcome.HEALTHY, LookOutcome.SHELL)


def _type(response: Response) -> str:
    return (response.headers.get("Content-Type") or b"").decode("latin-1")
