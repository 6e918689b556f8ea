"""Pictures of report pages: real Chromium, the crawl's own rules, and no look that is the worse for them."""

import io
from collections.abc import Iterator

import pytest
from PIL import Image

from crawler.items import SCREENSHOT
from crawler.store.tables import Capture
from tests.spiders.rawserver import RawServer, html, listing, raw_server, report
from tests.spiders.visiting import Workshop

RED = b'<svg xmlns="http://www.w3.org/2000/svg" width="200" height="200"><rect width="200" height="200" fill="#ff0000"/></svg>'
TITLE = "<h1>示例市第1局2023年政府信息公开工作年度报告</h1><p>虚构的正文。</p>"


@pytest.fixture
def server() -> Iterator[RawServer]:
    with raw_server() as running:
        running.answers |= {"/nb/": listing("/nb/1.html"), "/nb/1.html": report(1)}
        yield running


def register(workshop: Workshop, server: RawServer, **changes: object) -> None:
    columns = [{"key": "c0", "url": f"{server.url}/nb/", "agencies": ["zibo-xzspj"]}]
    workshop.register("raw", hosts=[server.host], columns=columns, **{"screenshots": True, **changes})


def pictures(workshop: Workshop) -> list[Capture]:
    return [capture for capture in workshop.captures("raw") if capture.kind == "screenshot"]


def looks(workshop: Workshop) -> list[tuple[str, str]]:
    return [(look.outcome, look.reason) for look in workshop.looks("raw")]


@pytest.mark.integration
def test_a_new_page_is_pictured_once_and_again_when_it_has_changed(workshop: Workshop, server: RawServer) -> None:
    with raw_server() as world:
        server.answers["/robots.txt"] = (200, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /forbidden/\n")
        server.answers["/red.svg"] = (200, {"Content-Type": "image/svg+xml"}, RED)
        server.answers["/page.css"] = (200, {"Content-Type": "text/css"}, b"body { margin: 0; background: #00ff00; }")
        body = (
            '<link rel="stylesheet" href="/page.css"><img src="/red.svg"><img src="/forbidden/x.png">'
            f'<img src="http://{world.host}/away.png">{TITLE}<div style="height: 50000px"></div>'
        )
        server.answers["/nb/1.html"] = html(body)
        register(workshop, server)
        visited = workshop.visit()
        assert visited.code == 0, visited.log
        assert world.paths == []
    assert server.paths == ["/robots.txt", "/nb/", "/nb/1.html", "/page.css", "/red.svg"]
    assert server.most_unanswered == 1
    (picture,) = pictures(workshop)
    assert (picture.outcome, picture.media_type, picture.entry_id) == ("healthy", "image/png", None)
    assert picture.url == f"{server.url}/nb/1.html{SCREENSHOT}"
    with Image.open(io.BytesIO(workshop.archive.get(picture.sha256 or ""))) as image:
        assert image.size == (1280, 12_000)
        assert image.convert("RGB").getpixel((10, 10)) == (255, 0, 0)
        assert image.convert("RGB").getpixel((1000, 100)) == (0, 255, 0)
    workshop.visit()
    assert len(pictures(workshop)) == 1  # it is as it was
    server.answers["/nb/1.html"] = html(TITLE)
    workshop.visit()
    first, second = pictures(workshop)
    assert first.sha256 != second.sha256
    assert looks(workshop) == [("healthy", "")] * 3
    details = [capture for capture in workshop.captures("raw") if capture.kind == "detail"]
    assert [detail.url for detail in details] == [f"{server.url}/nb/1.html"] * 3
    assert picture.sha256 not in {detail.sha256 for detail in details}


@pytest.mark.integration
def test_pictures_have_their_bounds_and_their_failures_change_no_look(workshop: Workshop, server: RawServer) -> None:
    server.answers |= {"/nb/": listing("/nb/1.html", "/nb/2.html"), "/nb/2.html": report(2)}
    register(workshop, server, max_renders=1)
    workshop.visit()
    assert [picture.url for picture in pictures(workshop)] == [f"{server.url}/nb/1.html{SCREENSHOT}"]
    server.answers |= {"/nb/1.html": html(TITLE), "/nb/2.html": html(TITLE.replace("第1局", "第2局"))}
    register(workshop, server, max_renders=20)
    workshop.environment["GONGKAI_CHROMIUM"] = "/nowhere/chromium"
    workshop.visit()
    (failed,) = pictures(workshop)[1:]  # of the control page, which has changed
    assert (failed.outcome, failed.sha256, failed.request) == ("incomplete", None, {})
    assert "Chromium" in failed.reason
    assert looks(workshop) == [("healthy", "")] * 2


@pytest.mark.integration
def test_without_half_of_the_requests_left_there_are_none(workshop: Workshop, server: RawServer) -> None:
    register(workshop, server, max_pages=4)
    workshop.visit()
    assert pictures(workshop) == []
    assert looks(workshop) == [("healthy", "")]
