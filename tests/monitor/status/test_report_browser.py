"""The report's pages in headless Chromium: a cell opened by keyboard, its place in the archived document, with and without scripts."""

import pytest
from playwright.sync_api import Browser, expect

from tests.monitor.status.test_browser import opened

pytestmark = pytest.mark.integration

REPORT = "/agency/shili-sjj/2024"


def test_a_cell_is_opened_by_keyboard_and_leads_to_its_place(browser: Browser, origin: str) -> None:
    with opened(browser, origin, REPORT) as page:
        cell = page.locator("td.c-unreadable a.fact").first
        cell.focus()
        page.keyboard.press("Enter")
        panel = page.locator("#cell-panel")
        expect(panel).to_be_visible()
        expect(panel).to_contain_text("详见附件")
        expect(panel).to_be_focused()
        expect(page.locator("td.chosen")).to_have_count(1)
        page.keyboard.press("Escape")
        expect(panel).to_be_hidden()
        expect(cell).to_be_focused()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator("#place")).to_have_text("详见附件", timeout=60_000)
        expect(page.locator("#place")).to_be_in_viewport()


def test_an_address_of_a_cell_opens_it(browser: Browser, origin: str) -> None:
    with opened(browser, origin, REPORT) as page:
        page.locator("td.c-unreadable a.fact").first.click()
        address = page.url
    assert "#" in address
    with opened(browser, origin, address.removeprefix(origin)) as page:
        expect(page.locator("#cell-panel")).to_contain_text("详见附件")


def test_without_scripts_a_cell_leads_to_its_line_and_to_its_place(browser: Browser, origin: str) -> None:
    with opened(browser, origin, f"/en{REPORT}", scripts=False) as page:
        page.locator("td.c-unreadable a.fact").first.click()
        line = page.locator("tr:target")
        expect(line).to_contain_text("详见附件")
        expect(line).to_be_in_viewport()
        line.locator("a").first.click()
        expect(page.locator("#place")).to_have_text("详见附件", timeout=60_000)
        expect(page.locator("#place")).to_be_in_viewport()


@pytest.mark.parametrize(
    ("path", "width"), [("/changes", "phone"), (f"{REPORT}", "phone"), ("/agency/shili-slj/2024/why", "phone")]
)
def test_nothing_is_wider_than_the_screen(browser: Browser, origin: str, path: str, width: str) -> None:
    with opened(browser, origin, path, width=width, scheme="dark") as page:
        expect(page.locator("h1")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
