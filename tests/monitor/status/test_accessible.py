"""What assistive technology finds of every page: axe-core in Chromium, in both languages, on a phone and a desktop.

Serious and critical violations fail (WCAG 2.1 A and AA, and axe's best practices); the lesser ones are printed.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.monitor.status.test_browser import PAGES, PREFIXES, Scheme, opened

pytestmark = pytest.mark.integration

GRAVE = ("serious", "critical")
PAIRS = (("zh", "desktop"), ("en", "phone"))  # two that differ in everything, colours too


@pytest.mark.parametrize(("name", "language", "width"), [(name, *pair) for name in PAGES for pair in PAIRS])
def test_nothing_grave_is_found(browser: Browser, origin: str, name: str, language: str, width: str) -> None:
    scheme: Scheme = "dark" if width == "phone" else "light"
    with opened(browser, origin, PREFIXES[language] + PAGES[name], width=width, scheme=scheme) as page:
        violations = Axe().run(page).response["violations"]
    found = [
        f"{one['impact']} {one['id']}: {node['target']} {node['failureSummary']}"
        for one in violations
        for node in one["nodes"]
    ]
    print(*found, sep="\n")
    assert [line for line in found if line.startswith(GRAVE)] == []
