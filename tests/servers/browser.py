"""Headless Chromium of the system, driven by Playwright, and what a page must never do while it is looked at.

May touch: one browser process, which it ends. The browser resolves no name: only 127.0.0.1 can be reached.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Dialog, Page, Request, sync_playwright

PROGRAMS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
ARGUMENTS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


@dataclass
class Watch:
    """What went wrong on a page: messages of the console, errors of scripts, addresses asked for, failed answers."""

    origin: str
    complaints: list[str] = field(default_factory=list)

    def on(self, page: Page) -> None:
        page.on("console", lambda message: self._say(message.type in ("error", "warning"), f"console: {message.text}"))
        page.on("pageerror", lambda error: self._say(True, f"script: {error}"))
        page.on("request", lambda request: self._say(not request.url.startswith(self.origin), f"asked: {request.url}"))
        page.on("dialog", self._dialog)
        page.on("requestfailed", lambda request: self._say(not _is_left(request), f"failed: {request.url}"))

    def _dialog(self, dialog: Dialog) -> None:
        self._say(True, f"dialog: {dialog.message}")
        dialog.dismiss()

    def _say(self, wrong: bool, what: str) -> None:
        if wrong:
            self.complaints.append(what)


def _is_left(request: Request) -> bool:
    """Whether Chromium gave up the page's icon, which it fetches by itself, because the page was left first."""
    return request.failure == "net::ERR_ABORTED" and "/static/favicon." in request.url


@contextmanager
def running_chromium() -> Iterator[Browser]:
    """A headless browser. Without Chromium the test fails and says how to install it: it is never skipped."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        pytest.fail(
            "Chromium is not installed (looked for: " + ", ".join(PROGRAMS) + "). On Debian: apt-get install chromium",
            pytrace=False,
        )
    # As root, Chromium refuses to start with its sandbox; what it opens here are our own pages.
    arguments = [*ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        try:
            yield browser
        finally:
            browser.close()


def see_charts(page: Page) -> None:
    """Looks at every chart of the page, as it is drawn when it comes into view; then goes back to the top."""
    for figure in page.locator("figure.chart").all():
        figure.scroll_into_view_if_needed()
        figure.locator("canvas").evaluate(
            "canvas => new Promise(done => {"
            "const look = () => Chart.getChart(canvas) ? done() : requestAnimationFrame(look); look(); })"
        )
    page.evaluate("scrollTo(0, 0)")
