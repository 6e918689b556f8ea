"""Chromium, driven by scrapy-playwright, as a builder of pages without a network of its own.

May touch: one browser process, which is started by the first page and ended by `close`. Every request of a page is
handed to `serve`, which answers it from our own crawl (crawler.middlewares.rendering); what would go round it
(a WebSocket, WebRTC, a prefetch) finds a proxy at which nobody listens and no name that resolves.
"""

import asyncio
import itertools
import os
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final, Literal

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import FloatRect, Page, Route
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler
from scrapy_playwright.page import PageMethod

from crawler.errors import CrawlError

PROGRAMS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
ARGUMENTS = (
    "--proxy-server=http://127.0.0.1:9",  # the port of "discard"
    "--proxy-bypass-list=<-loopback>",  # without it this machine's own addresses would not go through the proxy
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
    "--no-first-run",
    "--js-flags=--max-old-space-size=256",  # MB that the scripts of a page may fill
)
CLOSING_SECONDS = 15.0
MAX_PAGES = 4  # of one context at a time: the page itself, and what it opens until that is closed
PICTURE_WIDTH = 1280  # CSS pixels, also of the window in which pages are built
PICTURE_HEIGHT = 12_000
QUIET: Final = "networkidle"  # nothing asked for in half a second: the page has what it wanted

Serve = Callable[[Route], Awaitable[None]]


class TooLong(Exception):
    """Raised by `Browser.render`: the page did not come to rest in time."""


class TooBig(Exception):
    """Raised by `Browser.render`: the page's HTML is longer than allowed."""


class Broken(Exception):
    """Raised by `Browser.render`: the browser, or the page in it, has died or does not obey."""


def find_chromium(configured: str) -> str:
    """The program: `configured` (GONGKAI_CHROMIUM), else one of PROGRAMS. Raises CrawlError."""
    if configured:
        if not Path(configured).is_file() or not os.access(configured, os.X_OK):
            raise CrawlError(f"GONGKAI_CHROMIUM: {configured} is no program")
        return configured
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if found is None:
        raise CrawlError(
            f"no Chromium on this machine (looked for {', '.join(PROGRAMS)}); on Debian: apt-get install chromium, "
            "elsewhere set GONGKAI_CHROMIUM to the program"
        )
    return found


class Browser(ScrapyPlaywrightDownloadHandler):  # type: ignore[misc]  # the package has no types
    """scrapy-playwright's handler for one page at a time. Each page has a context of its own and leaves nothing."""

    def __init__(self, crawler: Crawler, program: str) -> None:
        super().__init__(crawler)
        self.config.browser_type_name = "chromium"
        self.config.launch_options = _launch_options(program)
        self.config.max_pages_per_context = MAX_PAGES
        self.config.target_closed_max_retries = 0  # a page whose browser dies has failed; the next one starts it anew
        self._numbers = itertools.count(1)
        self._user_agent = crawler.settings["USER_AGENT"]

    async def start(self) -> None:
        """Starts Playwright's driver; the browser itself follows with the first page. Raises Broken."""
        try:
            await self._launch()
        except (PlaywrightError, OSError) as error:
            raise Broken(_words(error)) from error

    @property
    def version(self) -> str:
        """Chromium/156.0.1; without a number as long as no page was asked for."""
        browser = getattr(self, "browser", None)
        return f"Chromium/{browser.version}" if browser is not None else "Chromium"

    @property
    def pages(self) -> int:
        """Pages that are open in the browser, whoever opened them."""
        browser = getattr(self, "browser", None)
        return sum(len(context.pages) for context in browser.contexts) if browser is not None else 0

    async def render(self, url: str, serve: Serve, *, seconds: float, limit: int) -> Response:
        """The page at `url` when it has come to rest. `serve` answers every request, the one for `url` first.

        `limit`: characters of HTML. Raises TooLong, TooBig, Broken; after any of them this browser is to be closed.
        """

        async def measure(page: Page) -> None:
            length = await page.evaluate("document.documentElement.outerHTML.length")
            if length > limit:
                raise TooBig(f"脚本生成的页面超过 {limit} 字")

        return await self._open(url, serve, measure, until=QUIET, seconds=seconds)

    async def picture(self, url: str, serve: Serve, *, seconds: float, limit: int) -> bytes:
        """The page at `url` as a PNG: from its top, as high as it is, at most PICTURE_HEIGHT. `limit`: bytes.

        Otherwise as `render`.
        """
        taken: list[bytes] = []

        async def shoot(page: Page) -> None:
            height = await page.evaluate("document.documentElement.scrollHeight")
            clip = FloatRect(x=0, y=0, width=PICTURE_WIDTH, height=max(1, min(int(height), PICTURE_HEIGHT)))
            taken.append(await page.screenshot(full_page=True, clip=clip, animations="disabled", scale="css"))
            if len(taken[0]) > limit:
                raise TooBig(f"页面截图超过 {limit} 字节")

        await self._open(url, serve, shoot, until="load", seconds=seconds)
        return taken[0]

    async def _open(
        self,
        url: str,
        serve: Serve,
        look: Callable[[Page], Awaitable[None]],
        *,
        until: Literal["load", "networkidle"],
        seconds: float,
    ) -> Response:
        """Opens a page in a context of its own, waits for it, has `look` look at it, and leaves nothing behind."""
        name = f"page-{next(self._numbers)}"

        async def prepare(page: Page, _request: Request) -> None:
            page.on("popup", _close)
            await page.route("**/*", serve)

        meta = {
            "playwright": True,
            "playwright_context": name,
            "playwright_context_kwargs": {
                "accept_downloads": False,
                "service_workers": "block",
                "user_agent": self._user_agent,
                "locale": "zh-CN",
                "timezone_id": "Asia/Shanghai",
                "viewport": {"width": PICTURE_WIDTH, "height": 800},
            },
            "playwright_page_init_callback": prepare,
            "playwright_page_goto_kwargs": {"wait_until": until, "timeout": seconds * 1000},
            "playwright_page_methods": [PageMethod(look)],
        }
        try:
            async with asyncio.timeout(seconds):
                built: Response = await self.download_request(Request(url, meta=meta))
                return built
        except TimeoutError as error:
            raise TooLong(f"页面在 {seconds:.0f} 秒内没有停下来") from error
        except PlaywrightError as error:
            if "Timeout" in error.message:
                raise TooLong(f"页面在 {seconds:.0f} 秒内没有停下来") from error
            raise Broken(_words(error)) from error
        finally:
            await self._leave(name)

    async def close(self) -> None:
        """Ends browser and driver, also when they do not answer any more."""
        try:
            async with asyncio.timeout(CLOSING_SECONDS):
                await super().close()
        except (PlaywrightError, TimeoutError, ConnectionError) as error:
            raise Broken(_words(error)) from error

    async def _leave(self, name: str) -> None:
        """Closes the context with everything in it. A browser that is gone has closed it."""
        wrapper = self.context_wrappers.pop(name, None)
        if wrapper is None:
            return
        try:
            async with asyncio.timeout(CLOSING_SECONDS):
                await wrapper.context.close()
        except (PlaywrightError, TimeoutError):
            return  # the caller closes the whole browser after a failure


def _launch_options(program: str) -> dict[str, Any]:
    return {
        "executable_path": program,
        "args": list(ARGUMENTS),
        "chromium_sandbox": os.geteuid() != 0,  # as root Chromium refuses to start with its sandbox
        "handle_sigint": False,  # signals are the crawl's
        "handle_sigterm": False,
        "handle_sighup": False,
    }


async def _close(popup: Page) -> None:
    """A page may open no other."""
    try:
        await popup.close()
    except PlaywrightError:
        return


def _words(error: BaseException) -> str:
    """The first line of an error: Playwright's go on with a log of what was called."""
    return f"{type(error).__name__}: {error}".splitlines()[0][:300]
