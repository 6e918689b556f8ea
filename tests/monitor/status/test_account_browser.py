"""Login, desk, review and account in headless Chromium: by keyboard, without scripts, in both languages, on phone and desktop."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from crawler.store.reads.acts import newest_acts
from crawler.store.reads.waiting import waiting_page
from crawler.store.writes import jobs as job_writes
from monitor.accounts import Role
from monitor.clock import REAL
from monitor.context import Context
from tests.monitor.status.conftest import served
from tests.monitor.status.test_accessible import GRAVE
from tests.monitor.status.test_browser import PREFIXES, SCHEMES, WIDTHS
from tests.monitor.status.visitors import NAMES, PASSWORD, Room, add_waiting, room
from tests.servers.browser import Watch

pytestmark = pytest.mark.integration

MISSING = "missing:shili-whj:2024"
PAGES = {
    "login": "/login",
    "account": "/account",
    "audit": "/account/audit",
    "desk": "/desk",
    "finding": f"/desk?finding={MISSING}",
    "review": "/review",
    "entry": "/review/{waiting}",
    "jobs": "/jobs",
}


@pytest.fixture(scope="module")
def acting(seeded: Context, tmp_path_factory: pytest.TempPathFactory, little_hashing: None) -> Room:
    found = room(seeded, tmp_path_factory.mktemp("acting"))
    add_waiting(found)
    with found.context.sessions.begin() as session:
        job_writes.plan_jobs(session, {"read": REAL.now() + dt.timedelta(hours=1)})
    return found


@pytest.fixture(scope="module")
def address(acting: Room) -> Iterator[str]:
    with served(acting.app) as origin:
        yield origin


@contextmanager
def window(
    browser: Browser, width: str = "desktop", scripts: bool = True, scheme: str = "light"
) -> Iterator[BrowserContext]:
    across, down = WIDTHS[width]
    context = browser.new_context(
        viewport={"width": across, "height": down},
        java_script_enabled=scripts,
        color_scheme="dark" if scheme == "dark" else "light",
        locale="zh-CN",
    )
    try:
        yield context
    finally:
        context.close()


def enter(page: Page, address: str, role: Role, prefix: str = "") -> None:
    """Logging in by the keyboard alone: the name has the focus at once."""
    page.goto(f"{address}{prefix}/login")
    expect(page.locator("#name")).to_be_focused()
    page.keyboard.type(NAMES[role])
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(".who")).to_contain_text(NAMES[role])
    page.wait_for_load_state("load")  # whoever leaves earlier breaks off its scripts


@pytest.mark.parametrize("scripts", [True, False])
def test_log_in_acknowledge_log_out(browser: Browser, acting: Room, address: str, scripts: bool) -> None:
    with window(browser, scripts=scripts) as context:
        page = context.new_page()
        watch = Watch(address)
        watch.on(page)
        page.goto(f"{address}/agency/shili-whj")
        expect(page.get_by_role("button", name="确认知悉")).to_have_count(0)
        enter(page, address, Role.REVIEWER)
        (cookie,) = (one for one in context.cookies() if one["name"] == "gongkai")
        assert (cookie["httpOnly"], cookie["sameSite"], cookie["expires"]) == (True, "Lax", -1)
        page.goto(f"{address}/agency/shili-whj")
        with acting.context.sessions() as session:
            before = len(newest_acts(session, 50))
        page.get_by_role("button", name="确认知悉").first.press("Enter")
        expect(page).to_have_url(f"{address}/desk?finding={MISSING.replace(':', '%3A')}")
        expect(page.locator("main")).to_contain_text(NAMES[Role.REVIEWER])
        with acting.context.sessions() as session:
            newest = newest_acts(session, 50)
        assert (len(newest), newest[0].kind, newest[0].by) == (before + 1, "ack", NAMES[Role.REVIEWER])
        page.goto(f"{address}/account")
        page.get_by_role("button", name="退出登录").click()
        expect(page.locator(".who")).to_have_count(0)
        page.goto(f"{address}/desk")
        expect(page).to_have_url(f"{address}/login?next=%2Fdesk")
        assert watch.complaints == []


def test_another_site_cannot_send_our_form(browser: Browser, acting: Room, address: str) -> None:
    """A page of another origin sends the form, the right token in it, with the cookies of whoever looks at that page."""
    with window(browser) as context, acting.context.sessions() as session:
        page = context.new_page()
        enter(page, address, Role.REVIEWER)
        page.goto(f"{address}/desk?finding={MISSING}")
        token = page.locator("input[name=form]").first.get_attribute("value")
        before = len(newest_acts(session, 50))
        evil = "http://127.0.0.1:9/evil"
        form = (
            f'<form method="post" action="{address}/act/ack"><input name="form" value="{token}">'
            f'<input name="finding" value="{MISSING}"></form><script>document.forms[0].submit()</script>'
        )
        context.route(evil, lambda route: route.fulfill(body=form, content_type="text/html"))
        with page.expect_response(f"{address}/act/ack") as answered:
            page.goto(evil)
        assert answered.value.status == 403
        session.expire_all()
        assert len(newest_acts(session, 50)) == before


def test_our_pages_are_framed_nowhere(browser: Browser, address: str) -> None:
    with window(browser) as context:
        page = context.new_page()
        evil = "http://127.0.0.1:9/frame"
        context.route(
            evil, lambda route: route.fulfill(body=f'<iframe src="{address}/login"></iframe>', content_type="text/html")
        )
        page.goto(evil)
        page.wait_for_function("window.frames.length === 1")
        frame = page.frames[1]
        frame.wait_for_load_state()
        assert frame.url.startswith("chrome-error:")
        assert frame.locator("#name").count() == 0


@pytest.mark.parametrize(("language", "width"), [("zh", "desktop"), ("en", "phone")])
def test_the_pages_are_whole_and_nothing_grave_is_found(
    browser: Browser, acting: Room, address: str, screens: Path, language: str, width: str
) -> None:
    scheme = SCHEMES[width == "phone"]
    with acting.context.sessions() as session:
        waiting = waiting_page(session, after=0, limit=1).after
    with window(browser, width, scheme=scheme) as context:
        page = context.new_page()
        watch = Watch(address)
        watch.on(page)
        grave: list[str] = []

        def look(name: str) -> None:
            assert page.evaluate("document.documentElement.scrollWidth") <= WIDTHS[width][0], name
            page.screenshot(path=screens / f"account-{name}-{language}-{width}.png", full_page=True)
            for one in Axe().run(page).response["violations"]:
                if one["impact"] in GRAVE:
                    grave.extend(f"{name}: {one['id']} {node['target']}" for node in one["nodes"])

        page.goto(address + PREFIXES[language] + PAGES["login"])
        look("login")
        enter(page, address, Role.OPERATOR, PREFIXES[language])
        for name, path in PAGES.items():
            if name != "login":
                page.goto(address + PREFIXES[language] + path.format(waiting=waiting))
                look(name)
        assert grave == []
        assert watch.complaints == []
