"""Every mail in headless Chromium: phone and desktop, light and dark, with its style sheet and without it.

Nothing is loaded, nothing is wider than the screen, every text has the contrast of WCAG 2.2 (AA: 4.5 to 1). Pictures of all
of them are kept in tests/_screens, for a person to look at.
"""

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from config.alerts import Edition, EventKind
from monitor.alerts.letter import Digest
from tests.monitor.alerts.mails import EVENTS, of_edition, of_event
from tests.servers.browser import Watch, running_chromium

pytestmark = pytest.mark.integration

WIDTHS = {"phone": (390, 844), "desktop": (1280, 900)}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
LEAST = 4.5
# The contrast of every visible text against the nearest ground that is painted: [ratio, text] where it is below `least`.
FAINT = """least => {
  const part = value => { value /= 255; return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4 };
  const numbers = colour => colour.match(/[0-9.]+/g).map(Number);
  const light = ([r, g, b]) => 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  const ground = element => {
    for (let at = element; at; at = at.parentElement) {
      const colour = numbers(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return matchMedia('(prefers-color-scheme: dark)').matches ? [18, 18, 18] : [255, 255, 255];
  };
  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.data.trim(), element = walker.currentNode.parentElement;
    if (!text || !element.getClientRects().length) continue;
    const both = [light(numbers(getComputedStyle(element).color)), light(ground(element))].sort((a, b) => b - a);
    const ratio = (both[0] + 0.05) / (both[1] + 0.05);
    if (ratio < least) faint.push([ratio, text]);
  }
  return faint;
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_chromium() as chromium:
        yield chromium


@pytest.fixture(scope="module")
def screens() -> Path:
    folder = Path(__file__).resolve().parents[2] / "_screens"
    folder.mkdir(exist_ok=True)
    return folder


def every_mail() -> dict[str, Digest]:
    mails = {f"mail-{kind.value}": of_event(kind) for kind in EventKind}
    return mails | {f"mail-edition-{edition.value}": of_edition(edition) for edition in Edition}


def test_there_is_one_of_every_kind() -> None:
    assert EVENTS.keys() == set(EventKind)


@pytest.mark.parametrize(("width", "scheme"), list(itertools.product(WIDTHS, SCHEMES)))
def test_every_mail_can_be_read(browser: Browser, screens: Path, width: str, scheme: Literal["light", "dark"]) -> None:
    across, down = WIDTHS[width]
    context = browser.new_context(
        viewport={"width": across, "height": down}, color_scheme=scheme, is_mobile=width == "phone", locale="zh-CN"
    )
    watch = Watch("about:")
    page = context.new_page()
    watch.on(page)
    try:
        wrong = []
        for name, mail in every_mail().items():
            for stripped in (False, True) if scheme == "dark" else (False,):  # without it there is one scheme only
                page.set_content(without_sheet(mail.html) if stripped else mail.html)
                wrong += [f"{name}{' without its sheet' * stripped}: {what}" for what in troubles(page, across)]
                if not stripped:
                    page.screenshot(path=screens / f"{name}-{width}-{scheme}.png", full_page=True)
        assert wrong == []
    finally:
        context.close()
    assert watch.complaints == []


def without_sheet(html: str) -> str:
    """As some mail programs show it: head and all classes gone."""
    return re.sub(r' class="[^"]*"', "", re.sub(r"<head>.*?</head>", "", html, flags=re.S))


def troubles(page: Page, across: int) -> list[str]:
    wide = int(page.evaluate("document.documentElement.scrollWidth"))
    said = [f"is {wide} pixels wide on {across}"] if wide > across else []
    return said + [f"contrast {ratio:.1f}: {text[:40]}" for ratio, text in page.evaluate(FAINT, LEAST)]
