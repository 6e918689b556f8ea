"""A page of ours as PDF, by Chromium without a network. May touch: one browser process, which it ends.

Nothing is asked for while it prints: scripts are off, every request is refused, and what would go round that finds no
name and no proxy (crawler.render).
"""

import datetime as dt
import os
import re

import pypdfium2
from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from config.errors import GongkaiError
from crawler.errors import CrawlError

SECONDS = 60
SCALES = (1.0, 0.92, 0.84, 0.76, 0.68, 0.6, 0.52)  # until it fits on one page
_MOMENT = re.compile(rb"(/(?:CreationDate|ModDate) \(D:)\d{14}([^)]*\))")


def as_pdf(html: str, chromium: str, at: dt.datetime) -> bytes:
    """`html` on one A4 page, as small as it has to be. `chromium`: GONGKAI_CHROMIUM. `at`: the date that the file bears.

    Raises GongkaiError where there is no Chromium, saying what to install, and where it fails.
    """
    from crawler.render import ARGUMENTS, find_chromium  # it takes Scrapy along, which only this needs

    try:
        program = find_chromium(chromium)
    except CrawlError as error:
        raise GongkaiError(f"the summary cannot be made a PDF: {error}; or leave it out with --no-pdf") from error
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=program,
                args=list(ARGUMENTS),
                chromium_sandbox=os.geteuid() != 0,
                timeout=SECONDS * 1000,
            )
            try:
                return _dated(_printed(browser, html), at)
            finally:
                browser.close()
    except PlaywrightError as error:
        first = str(error).splitlines()[0][:300]
        raise GongkaiError(
            f"Chromium ({program}) could not print the summary: {first}; --no-pdf leaves it out"
        ) from error


def _printed(browser: Browser, html: str) -> bytes:
    context = browser.new_context(java_script_enabled=False, offline=True, service_workers="block", locale="zh-CN")
    context.set_default_timeout(SECONDS * 1000)
    page: Page = context.new_page()
    page.route("**/*", lambda route: route.abort())
    page.set_content(html)
    made = b""
    for scale in SCALES:
        made = page.pdf(format="A4", prefer_css_page_size=True, print_background=True, scale=scale)
        if _pages(made) == 1:
            break
    return made


def _pages(pdf: bytes) -> int:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return len(document)
    finally:
        document.close()


def _dated(pdf: bytes, at: dt.datetime) -> bytes:
    """The moment of printing is replaced by `at`, so that the same page gives the same bytes."""
    moment = at.astimezone(dt.UTC).strftime("%Y%m%d%H%M%S").encode()
    return _MOMENT.sub(lambda found: found[1] + moment + found[2], pdf)
