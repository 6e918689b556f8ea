"""The page in headless Chromium: every kind of page × language × width × colour scheme × with and without scripts."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.servers.browser import Watch

pytestmark = pytest.mark.integration

Scheme = Literal["light", "dark"]
PAGES = {
    "overview": "/",
    "matrix": "/coverage",
    "late": "/late",
    "on-time": "/agency/shili-sjj",
    "changed": "/agency/shili-mzj",
    "withdrawn": "/agency/shili-jyj",
    "unknown": "/agency/shili-jtj",
    "hostile": "/agency/shili-hostile",
    "report": "/agency/shili-mzj/2024",
    "why": "/agency/shili-mzj/2024/why",
    "diff": "/agency/shili-mzj/2024/diff/100/125",
    "changes": "/changes",
    "review": "/review",
    "portals": "/portals",
    "portal": "/portals/sim-shili-mzj",
    "jobs": "/jobs",
    "data": "/data",
    "dictionary": "/data/dictionary",
    "method": "/method",
    "login": "/login",
    "error": "/nowhere",
}
PREFIXES = {"zh": "", "en": "/en"}
WIDTHS = {"desktop": (1440, 900), "phone": (390, 844)}
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
WHOLE = ("overview", "on-time")  # seen in every combination; the others in the two that differ in everything
EVERY = [
    *itertools.product(WHOLE, PREFIXES, WIDTHS, SCHEMES, (True, False)),
    *((name, "zh", "desktop", "light", True) for name in PAGES if name not in WHOLE),
    *((name, "en", "phone", "dark", False) for name in PAGES if name not in WHOLE),
]


@contextmanager
def opened(
    browser: Browser, origin: str, path: str, *, width: str = "desktop", scheme: Scheme = "light", scripts: bool = True
) -> Iterator[Page]:
    """A page that is being watched; leaving the block fails if anything was complained of."""
    across, down = WIDTHS[width]
    context = browser.new_context(
        viewport={"width": across, "height": down},
        color_scheme=scheme,
        java_script_enabled=scripts,
        is_mobile=width == "phone",
        has_touch=width == "phone",
        locale="zh-CN",
    )
    watch = Watch(origin)
    page = context.new_page()
    watch.on(page)
    try:
        page.goto(origin + path, wait_until="load")
        yield page
    finally:
        context.close()
    # A page that is not there answers 404, which the console reports; that is what it is asked for here.
    complaints = [line for line in watch.complaints if "404 (Not Found)" not in line or "/nowhere" not in path]
    assert complaints == []


@pytest.mark.parametrize(("name", "language", "width", "scheme", "scripts"), EVERY)
def test_page_is_whole(
    browser: Browser, origin: str, screens: Path, name: str, language: str, width: str, scheme: Scheme, scripts: bool
) -> None:
    with opened(browser, origin, PREFIXES[language] + PAGES[name], width=width, scheme=scheme, scripts=scripts) as page:
        expect(page.locator("h1")).to_be_visible()
        across = WIDTHS[width][0]
        # Wide tables scroll inside their own frame; the body itself never does.
        assert page.locator("body").bounding_box() == {**_box(page), "width": across}
        assert _scroll_width(page, scripts) <= across
        mode = "" if scripts else "-plain"
        page.screenshot(path=screens / f"{name}-{language}-{width}-{scheme}{mode}.png", full_page=width == "desktop")


def _box(page: Page) -> dict[str, float]:
    box = page.locator("body").bounding_box()
    assert box is not None
    return {"x": box["x"], "y": box["y"], "width": box["width"], "height": box["height"]}


def _scroll_width(page: Page, scripts: bool) -> int:
    """Measured by the tools of the browser, which work where the page's own scripts are switched off."""
    if scripts:
        return int(page.evaluate("document.documentElement.scrollWidth"))
    metrics = page.context.new_cdp_session(page).send("Page.getLayoutMetrics")
    return int(metrics["cssContentSize"]["width"])


@pytest.mark.parametrize("scripts", [True, False])
def test_language_switch_keeps_the_page(browser: Browser, origin: str, scripts: bool) -> None:
    with opened(browser, origin, "/coverage?state=missing&from=2024#matrix", scripts=scripts) as page:
        page.get_by_role("link", name="English").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Offices and years")
        assert page.url.startswith(f"{origin}/en/coverage?state=missing&from=2024")
        assert page.url.endswith("#matrix") is scripts
        assert page.locator("html").get_attribute("lang") == "en"
        page.get_by_role("link", name="中文").click()
        expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
        assert page.url.startswith(f"{origin}/coverage?state=missing&from=2024")


def test_filters_work_without_scripts(browser: Browser, origin: str) -> None:
    with opened(browser, origin, "/coverage", scripts=False) as page:
        page.get_by_label("状态").select_option("missing")
        page.get_by_label("名称").fill("文化")
        page.get_by_role("button", name="应用").click()
        rows = page.locator(".matrix tbody tr:not(.region)")
        expect(rows).to_have_count(1)
        expect(rows.first).to_contain_text("示例市文化和旅游局")
        assert "state=missing" in page.url


def test_keyboard_reaches_content_and_links(browser: Browser, origin: str) -> None:
    with opened(browser, origin, "/coverage") as page:
        page.keyboard.press("Tab")
        expect(page.locator(":focus")).to_have_text("跳到正文")
        expect(page.locator(":focus")).to_be_in_viewport()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('main') !== null")
        first = page.locator(".matrix tbody .name a").first
        _tab_to(page, "document.activeElement.closest('.matrix .name') !== null")
        name = first.inner_text()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text(name)


def test_hostile_names_stay_text(browser: Browser, origin: str) -> None:
    for path in ("/agency/shili-hostile", "/", "/coverage", "/coverage?q=%3Cscript%3Ealert(1)%3C/script%3E"):
        with opened(browser, origin, path) as page:
            assert page.locator("[href^='javascript:' i]").count() == 0
            assert page.locator("main script, main img, [onload], [onerror]").count() == 0


def _tab_to(page: Page, condition: str) -> None:
    for _ in range(80):
        if page.evaluate(condition):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"80 times Tab did not reach: {condition}")
