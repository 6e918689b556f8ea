"""The chart component in Chromium: drawn from its table under our policy, the table folded, and left alone without scripts."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Literal

import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from playwright.sync_api import Browser, Page, expect

from monitor.status.headers import SecurityHeaders
from monitor.status.site import HERE, STATIC, static_addresses
from monitor.status.views.chart import Chart, Point, Row, Series
from monitor.templates import environment
from monitor.wording import say
from tests.monitor.status.conftest import served
from tests.servers.browser import Watch, see_charts

pytestmark = pytest.mark.integration

PAGE = """{% from "_chart.html" import figure, chart_styles, chart_scripts with context %}
<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>图</title>
<link rel="icon" type="image/svg+xml" href="{{ static['favicon.svg'] }}">
<link rel="stylesheet" href="{{ static['page.css'] }}">{{ chart_styles() }}{{ chart_scripts() }}</head>
<body><main><h1>图</h1>{% for chart in charts %}{{ figure(chart) }}{% endfor %}</main></body></html>"""
HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script>'


def point(value: int | None, **more: Any) -> Point:
    return Point("—", **more) if value is None else Point(f"{value:,}", str(value), **more)


LINE = Chart(
    id="line",
    kind="line",
    title="申请",
    corner="年度",
    series=(Series("本年新收", short="新收"), Series("结转")),
    rows=(
        Row("2018", (point(5), point(None))),
        Row("2019", (point(9), point(2)), broken="2019年表式"),
        Row("2020", (point(None), point(3))),
        Row("2021", (point(12, unsure=True), point(4, broken=True))),
        Row("2022", (point(0), point(5))),
    ),
)
BARS = Chart(
    id="bars",
    kind="bars",
    title="每天公布",
    corner="日期",
    series=(Series("份"),),
    rows=(Row("01-30", (point(40),)), Row("01-31", (point(150000),), mark="截止日"), Row("02-01", (point(3),))),
)
STACKED = Chart(
    id="stacked",
    kind="stacked",
    title=HOSTILE,
    corner=HOSTILE,
    series=(Series("按期", state="on_time"), Series(HOSTILE, short=HOSTILE, state="late"), Series("无法判断")),
    rows=tuple(
        Row(f"示例第{place}地区{HOSTILE if place == 1 else ''}", (point(30 - place), point(place), point(2)))
        for place in range(6)
    ),
    lying=True,
)


@pytest.fixture(scope="module")
def charted() -> Iterator[str]:
    app = FastAPI()
    app.add_middleware(SecurityHeaders)
    app.mount("/static", StaticFiles(directory=STATIC))
    templates = environment(HERE / "templates")
    templates.globals |= {"static": static_addresses(), "t": lambda key, **values: say(key, "zh", **values)}

    @app.get("/")
    def page() -> HTMLResponse:
        return HTMLResponse(templates.from_string(PAGE).render(charts=(LINE, BARS, STACKED)))

    with served(app) as address:
        yield address


@contextmanager
def opened(
    browser: Browser, origin: str, *, scheme: Literal["light", "dark"] = "light", scripts: bool = True, wide: int = 1000
) -> Iterator[Page]:
    """The page; leaving the block fails if the console, the policy or the network complained."""
    context = browser.new_context(
        viewport={"width": wide, "height": 800}, color_scheme=scheme, java_script_enabled=scripts
    )
    watch, page = Watch(origin), context.new_page()
    watch.on(page)
    try:
        page.goto(origin + "/", wait_until="load")
        if scripts:
            see_charts(page)
        yield page
    finally:
        context.close()
    assert watch.complaints == []


def pixels(page: Page, id_: str) -> set[str]:
    """The colours that stand in a chart's picture."""
    found: list[str] = page.evaluate(
        """id => {
          const canvas = document.getElementById(id).closest("figure").querySelector("canvas");
          const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
          copy.drawImage(canvas, 0, 0);
          const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
          const found = new Set();
          for (let place = 0; place < data.length; place += 4)
            if (data[place + 3] === 255)
              found.add("#" + [0, 1, 2].map((more) => data[place + more].toString(16).padStart(2, "0")).join(""));
          return [...found];
        }""",
        id_,
    )
    return set(found)


def variable(page: Page, name: str) -> str:
    return str(page.evaluate("name => getComputedStyle(document.documentElement).getPropertyValue(name).trim()", name))


@pytest.mark.parametrize(("scheme", "wide"), [("light", 1000), ("dark", 390)])
def test_charts_are_drawn_in_the_colours_of_the_scheme(
    browser: Browser, charted: str, screens: Path, scheme: Literal["light", "dark"], wide: int
) -> None:
    with opened(browser, charted, scheme=scheme, wide=wide) as page:
        expect(page.locator("figure.chart canvas")).to_have_count(3)
        expect(page.locator(".chart-canvas[aria-hidden=true]")).to_have_count(3)
        drawn = partial(pixels, page)
        assert {variable(page, "--accent"), variable(page, "--late")} <= drawn("line")
        assert {variable(page, "--on_time"), variable(page, "--late")} <= drawn("stacked")
        assert variable(page, "--due_soon") in drawn("bars")  # the marked day
        assert page.evaluate("document.documentElement.scrollWidth") <= wide
        page.screenshot(path=screens / f"charts-{wide}-{scheme}.png", full_page=True)


def test_a_chart_is_drawn_when_it_comes_near_or_is_printed(browser: Browser, charted: str) -> None:
    count = "[...document.querySelectorAll('figure.chart canvas')].filter(canvas => Chart.getChart(canvas)).length"
    with browser.new_context(viewport={"width": 1000, "height": 300}) as context:
        page = context.new_page()
        page.goto(charted + "/", wait_until="load")
        page.wait_for_function(f"{count} > 0")
        assert page.evaluate(count) < 3
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.evaluate(count) == 3


def test_the_scheme_may_change_while_one_looks(browser: Browser, charted: str) -> None:
    with opened(browser, charted) as page:
        light = variable(page, "--accent")
        page.emulate_media(color_scheme="dark")
        assert variable(page, "--accent") != light
        assert variable(page, "--accent") in pixels(page, "line")
        assert light not in pixels(page, "line")


def test_holes_breaks_and_doubts_reach_the_picture(browser: Browser, charted: str) -> None:
    with opened(browser, charted) as page:
        found = page.evaluate(
            """() => {
              const chart = Chart.getChart(document.querySelector("figure.chart canvas"));
              const [received, carried] = chart.data.datasets;
              const skipped = (set) => set.spanGaps || set.data.map((value) => value === null);
              const colour = (set, row) => set.segment.borderColor({ p1DataIndex: row }) ?? "drawn";
              return {
                labels: chart.data.labels, values: [received.data, carried.data], names: [received.label, carried.label],
                holes: [skipped(received), skipped(carried)], hollow: received.pointBackgroundColor[3] !== received.borderColor,
                certain: received.pointBackgroundColor[0] === received.borderColor,
                form: colour(received, 1), cell: [colour(carried, 3), colour(received, 3)], plain: colour(carried, 4),
                shapes: [received.pointStyle, carried.pointStyle], dashes: [received.borderDash, carried.borderDash],
              };
            }"""
        )
    assert found["labels"] == ["2018", "2019", "2020", "2021", "2022"]
    assert found["values"] == [[5, 9, None, 12, 0], [None, 2, 3, 4, 5]]  # a hole is no nought, a nought is no hole
    assert found["names"] == ["新收", "结转"]
    assert found["holes"] == [[False, False, True, False, False], [True, False, False, False, False]]  # never spanned
    assert (found["hollow"], found["certain"]) == (True, True)
    assert (found["form"], found["cell"], found["plain"]) == ("transparent", ["transparent", "drawn"], "drawn")
    assert found["shapes"][0] != found["shapes"][1]
    assert found["dashes"][0] != found["dashes"][1]


def test_the_table_is_unfolded_by_keyboard(browser: Browser, charted: str) -> None:
    with opened(browser, charted) as page:
        table = page.locator("figure.chart table").first
        expect(table).to_be_hidden()
        page.keyboard.press("Tab")
        expect(page.locator(":focus")).to_have_text("数据表")
        page.keyboard.press("Enter")
        expect(table).to_be_visible()
        expect(table).to_contain_text("2019年表式")


def test_without_scripts_the_table_stands_there(browser: Browser, charted: str) -> None:
    with opened(browser, charted, scripts=False) as page:
        expect(page.locator("figure.chart table")).to_have_count(3)
        for table in page.locator("figure.chart table").all():
            expect(table).to_be_visible()
        assert page.locator("canvas, details").count() == 0


def test_scripts_of_others_are_what_their_readme_says() -> None:
    readme = (STATIC / "vendor" / "README.md").read_text(encoding="utf-8")
    scripts = sorted((STATIC / "vendor").glob("*.js"))
    assert scripts
    for script in scripts:
        line = next(line for line in readme.splitlines() if f"`{script.name}`" in line)
        assert hashlib.sha256(script.read_bytes()).hexdigest() in line
        licence = re.search(r"`(LICENSE[^`]*)`", line)
        assert licence and (STATIC / "vendor" / licence[1]).is_file()


def test_hostile_texts_stay_text(browser: Browser, charted: str) -> None:
    with opened(browser, charted) as page:
        assert page.locator("main img, main script").count() == 0
        expect(page.locator("#stacked")).to_contain_text("<script>alert(2)</script>")
