"""Columns whose list is made by a script: real Chromium, a hostile page, a browser that dies. Everything invented."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crawler.errors import CrawlError
from crawler.render import PROGRAMS, find_chromium
from crawler.rendered import HEADER, Rendered, rendered
from crawler.store.tables import Capture
from tests.spiders.rawserver import RawServer, html, raw_server, report
from tests.spiders.visiting import ROOT, Workshop

NAME = "<title>政府信息公开年报</title><h2>政府信息公开年报</h2><p>示例市人民政府的栏目，条目由脚本取得。</p>"
LIST = '<div class="zfxxgk_zdgkc" id="list"><ul></ul></div>'
DATA = (200, {"Content-Type": "application/json"}, b'["/nb/1.html", "/nb/2.html"]')
LOAD = """<script>
fetch("/data.json").then(answer => answer.json()).then(found => {
  document.querySelector("#list ul").innerHTML = found.map((url, n) =>
    `<li><a href="${url}">示例市第${n + 1}局2023年政府信息公开工作年度报告</a><b>2024-01-18</b></li>`).join("");
}).catch(() => { document.querySelector("#list").innerHTML += "<p>暂无信息</p>"; });
</script>"""


@pytest.fixture
def server() -> Iterator[RawServer]:
    with raw_server() as running:
        running.answers |= {
            "/nb/": html(NAME + LIST + LOAD),
            "/data.json": DATA,
            "/nb/1.html": report(1),
            "/nb/2.html": report(2),
        }
        yield running


def register(workshop: Workshop, server: RawServer, *paths: str, **changes: Any) -> None:
    columns = [
        {"key": f"c{number}", "url": f"{server.url}{path}", "agencies": ["zibo-xzspj"], "render": True}
        for number, path in enumerate(paths or ("/nb/",))
    ]
    workshop.register("raw", hosts=[server.host], columns=columns, **changes)


def outcome(workshop: Workshop, column: str = "c0") -> tuple[str, str]:
    look = workshop.looks("raw", column)[-1]
    return look.outcome, look.reason


def listings(workshop: Workshop) -> list[Capture]:
    return [capture for capture in workshop.captures("raw") if capture.kind == "listing"]


def said_of(capture: Capture) -> Rendered | None:
    return rendered([(name, value) for name, value in capture.headers["pairs"]])


def chromiums(workshop: Workshop) -> set[int]:
    """The browsers of this test, by what they inherited from its crawl; not the processes of theirs."""
    mine = f"GONGKAI_DATA_DIR={workshop.folder / 'var'}".encode()
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words, inherited = ((entry / name).read_bytes() for name in ("cmdline", "environ"))
            except OSError:
                continue  # it has ended meanwhile
            if b"--proxy-bypass-list=<-loopback>" in words and b"--type=" not in words and mine in inherited:
                found.add(int(entry.name))
    return found


def gone(workshop: Workshop, pids: set[int], *, seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while pids & chromiums(workshop):
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


@pytest.mark.integration
def test_a_list_made_by_a_script_is_read_by_the_rules_of_the_crawl(workshop: Workshop, server: RawServer) -> None:
    server.thinking = 0.05
    server.answers["/nb/"] = html(
        NAME + LIST + '<link rel="stylesheet" href="/s.css"><img src="/logo.png"><video src="/v.mp4"></video>'
        '<script src="/lib.js"></script><script src="/forbidden/x.js"></script>' + LOAD
    )
    server.answers["/lib.js"] = (200, {"Content-Type": "text/javascript"}, b"var library = 1;")
    server.answers["/robots.txt"] = (200, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /forbidden/\n")
    agents: set[str] = set()
    plain = server.answer

    def remember(handler: Any) -> None:
        agents.add(handler.headers["User-Agent"])
        plain(handler)

    server.answer = remember  # type: ignore[method-assign]  # the log of this test only
    register(workshop, server)
    visited = workshop.visit()
    assert visited.code == 0, visited.log
    assert outcome(workshop) == ("healthy", "")
    assert [entry.url for entry in workshop.entries("raw")] == [f"{server.url}/nb/1.html", f"{server.url}/nb/2.html"]
    assert server.paths == ["/robots.txt", "/nb/", "/lib.js", "/data.json", "/nb/1.html", "/nb/2.html"]
    assert server.most_unanswered == 1
    assert len(agents) == 1
    assert "Chrom" not in agents.pop()
    (page,) = listings(workshop)
    assert page.sha256 is not None
    assert "示例市第2局".encode() in workshop.archive.get(page.sha256)
    said = said_of(page)
    assert said is not None
    assert said.browser.startswith("Chromium/")
    assert (said.requests, said.data_lost, said.scripts_lost) == (2, 0, 1)
    details = [capture for capture in workshop.captures("raw") if capture.kind == "detail"]
    assert [said_of(detail) for detail in details] == [None, None]
    assert chromiums(workshop) == set()


@pytest.mark.integration
def test_no_other_host_is_reached_by_any_way(workshop: Workshop, server: RawServer) -> None:
    """Another server of this machine stands for the rest of the world."""
    with raw_server() as world:
        host = world.host
        server.answers["/away.js"] = (302, {"Location": f"http://{host}/stolen.js"}, b"")
        server.answers["/nb/"] = html(
            f"""{NAME}{LIST}<link rel="preconnect" href="http://{host}/"><link rel="prefetch" href="http://{host}/p">
            <script src="http://{host}/s.js"></script><script src="/away.js"></script>
            <iframe src="http://{host}/frame"></iframe>
            <script>
            new WebSocket("ws://{host}/socket"); window.open("http://{host}/window");
            navigator.sendBeacon("http://{host}/beacon", "x"); new Image().src = "http://{host}/i.png";
            new EventSource("http://{host}/events"); navigator.serviceWorker && 0;
            alert("示例"); confirm("示例");
            const peer = new RTCPeerConnection({{iceServers: [{{urls: "stun:{host}"}}]}});
            peer.createDataChannel("x"); peer.createOffer().then(offer => peer.setLocalDescription(offer));
            </script>{LOAD}"""
        )
        register(workshop, server)
        visited = workshop.visit()
        assert visited.code == 0, visited.log
        assert world.asked == []
    found = outcome(workshop)
    assert found[0] == "incomplete"  # an event stream is data: what it would have brought is not known
    assert "数据请求" in found[1]
    assert len(workshop.entries("raw")) == 2


@pytest.mark.integration
def test_what_the_answers_are(workshop: Workshop, server: RawServer) -> None:
    """Lost data proves no emptiness, and no challenge is given to the browser: one column for each way."""
    away = {"Location": "http://127.0.0.1:9/"}
    server.answers |= {
        "/": html("<h1>示例市水利局（虚构）</h1><p>网站首页</p>" * 5),
        "/503.json": html("", 503),
        "/404.json": html("", 404),
        "/away.json": (302, away, b""),
        "/none.json": (200, {"Content-Type": "application/json"}, b"null"),
        "/guard.js": (200, {"Content-Type": "text/javascript"}, b"$_ts = {};"),
        "/other/": html(NAME + LIST),
        "/lost-503/": html(NAME + LIST + LOAD.replace("/data.json", "/503.json")),
        "/lost-404/": html(NAME + LIST + LOAD.replace("/data.json", "/404.json")),
        "/lost-away/": html(NAME + LIST + LOAD.replace("/data.json", "/away.json")),
        "/empty/": html(NAME + LIST + LOAD.replace("/data.json", "/none.json")),
        "/empty-without-script/": html(
            NAME + LIST + '<script src="/404.json"></script>' + LOAD.replace("/data.json", "/none.json")
        ),
        "/guarded/": html(f"{NAME}<script>$_ts=window['$_ts'];</script>{LIST}{LOAD.replace('data', 'never')}"),
        "/guarded-script/": html(NAME + LIST + '<script src="/guard.js"></script>' + LOAD),
        "/challenge/": html("<script>document.cookie='__jsl_clearance=1'; location.reload()</script>", 521),
        "/moving/": html("<script>location.href='/other/'</script>" + NAME + LIST),
        "/gone/": html("<h1>页面不存在</h1>", 404),
    }
    wanted = {
        "/lost-503/": ("incomplete", "503"),
        "/lost-404/": ("incomplete", "404"),
        "/lost-away/": ("incomplete", "未登记"),
        "/empty/": ("empty", ""),
        "/empty-without-script/": ("incomplete", "脚本没有取到"),
        "/guarded/": ("shell", ""),
        "/guarded-script/": ("challenge", "反自动化"),
        "/challenge/": ("challenge", "521"),
        "/moving/": ("moved", ""),
        "/gone/": ("soft_404", "404"),
    }
    register(workshop, server, *wanted)
    visited = workshop.visit()
    assert visited.code == 0, visited.log
    found = [outcome(workshop, f"c{number}") for number in range(len(wanted))]
    assert [name for name, _ in found] == [name for name, _ in wanted.values()], found
    assert [why for (_, why), (_, words) in zip(found, wanted.values(), strict=True) if words not in why] == []
    assert "/never.json" not in server.paths
    assert chromiums(workshop) == set()


@pytest.mark.integration
def test_bounds_of_time_size_and_pages(workshop: Workshop, server: RawServer) -> None:
    server.answers |= {
        "/long/": html(NAME + LIST + "<script>setInterval(() => fetch('/data.json'), 100)</script>"),
        "/busy/": html(NAME + LIST + "<script>for (;;) {}</script>"),
        "/big/": html(NAME + LIST + "<script>document.body.append('x'.repeat(200000))</script>"),
        "/fine/": html(NAME + LIST + LOAD),
    }
    # A budget of three: the fourth page is not opened. Time for the whole visit bounds the pages that never rest.
    register(workshop, server, "/big/", "/fine/", "/fine/", "/fine/", max_renders=3, max_bytes=100_000)
    visited = workshop.visit()
    assert visited.code == 0, visited.log
    assert outcome(workshop, "c0") == ("incomplete", "脚本生成的页面超过 100000 字")
    assert [outcome(workshop, f"c{number}")[0] for number in (1, 2, 3)] == ["healthy", "healthy", "incomplete"]
    assert visited.log.count("is built, 0 pages are left open") == 2
    assert visited.log.count("pages are left open") == 2
    assert "max_renders" in outcome(workshop, "c3")[1]
    register(workshop, server, "/busy/", "/long/", max_seconds=8)
    visited = workshop.visit("2024-01-26T09:00+08:00", timeout=60)
    assert visited.code == 0, visited.log
    assert [outcome(workshop, f"c{number}")[0] for number in (0, 1)] == ["incomplete", "incomplete"]
    assert chromiums(workshop) == set()


@pytest.mark.integration
def test_the_crawl_goes_on_when_the_browser_is_killed(workshop: Workshop, server: RawServer) -> None:
    killed: list[int] = []

    def kill(handler: Any) -> None:
        """The browser dies while it waits for its data."""
        before = chromiums(workshop)
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        killed.extend(before)
        time.sleep(0.3)
        status, _, body = DATA
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    server.answers["/deadly/"] = html(NAME + LIST + LOAD.replace("/data.json", "/kill.json"))
    server.answers["/kill.json"] = kill
    server.answers["/after/"] = html(NAME + LIST + LOAD)
    register(workshop, server, "/nb/", "/deadly/", "/after/")
    visited = workshop.visit()
    assert visited.code == 0, visited.log
    assert len(killed) == 1
    assert outcome(workshop, "c0")[0] == "healthy"
    assert outcome(workshop, "c1")[0] == "transport_error"
    assert "浏览器出错" in outcome(workshop, "c1")[1]
    assert outcome(workshop, "c2")[0] == "healthy"
    assert gone(workshop, set(killed))
    assert chromiums(workshop) == set()


@pytest.mark.integration
def test_a_crawl_that_is_killed_leaves_no_browser(workshop: Workshop, server: RawServer) -> None:
    waiting = threading.Event()
    go_on = threading.Event()

    def hold(handler: Any) -> None:
        waiting.set()
        go_on.wait(20)

    server.answers["/data.json"] = hold
    register(workshop, server)
    process = subprocess.Popen(
        workshop.command("2024-01-25T09:00+08:00"),
        env=workshop.process_environment(),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        assert waiting.wait(20)
        browsers = chromiums(workshop)
        assert len(browsers) == 1
        os.killpg(process.pid, signal.SIGKILL)
        assert gone(workshop, browsers)
    finally:
        go_on.set()
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


@pytest.mark.integration
def test_without_chromium_the_other_columns_are_seen(workshop: Workshop, server: RawServer) -> None:
    plain = {"key": "plain", "url": f"{server.url}/plain/", "agencies": ["zibo-xzspj"]}
    scripted = {"key": "c0", "url": f"{server.url}/nb/", "agencies": ["zibo-xzspj"], "render": True}
    line = '<ul><li><a href="/nb/1.html">示例市第1局2023年政府信息公开工作年度报告</a><b>2024-01-18</b></li></ul>'
    server.answers["/plain/"] = html(NAME + f'<div class="zfxxgk_zdgkc">{line}</div>')
    workshop.register("raw", hosts=[server.host], columns=[scripted, plain])
    visited = workshop.visit(environment={"GONGKAI_CHROMIUM": str(workshop.folder / "none")})
    assert visited.code == 0, visited.log
    assert outcome(workshop, "plain")[0] == "healthy"
    assert outcome(workshop)[0] == "incomplete"
    assert "GONGKAI_CHROMIUM" in outcome(workshop)[1]


def test_chromium_is_found_or_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_chromium(sys.executable) == sys.executable
    with pytest.raises(CrawlError, match="GONGKAI_CHROMIUM"):
        find_chromium(str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CrawlError, match="apt-get install chromium"):
        find_chromium("")
    program = tmp_path / PROGRAMS[1]
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    assert find_chromium("") == str(program)


def test_what_was_lost_travels_in_the_header() -> None:
    said = Rendered("Chromium/1.0", 3, 1, 2, "http://示例/数据；x=1：HTTP 503")
    assert rendered([("Date", "x"), (HEADER.lower(), said.header())]) == said
    assert said.header().isascii()
    assert rendered([("Date", "x")]) is None
    assert rendered([(HEADER, "")]) == Rendered("")
    assert rendered([(HEADER, "x; requests=-1; data-lost=a")]) == Rendered("x")


@pytest.mark.parametrize(
    ("said", "empty", "doubts"),
    [
        (Rendered("x", 3), True, False),
        (Rendered("x", 3, scripts_lost=1), False, False),
        (Rendered("x", 3, scripts_lost=1), True, True),
        (Rendered("x", 3, data_lost=1), False, True),
    ],
)
def test_what_may_be_believed(said: Rendered, empty: bool, doubts: bool) -> None:
    assert bool(said.doubt(empty=empty)) is doubts
