"""What no decent portal does, one raw server a scene, all of them visited by one process.

Long, because one process for all scenes is what makes it affordable.
"""

import gzip
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest

from crawler.store.tables import Capture, Look
from tests.spiders.rawserver import Answer, RawServer, closed_port, html, listing, raw_server, report
from tests.spiders.visiting import Visited, Workshop, make_workshop

pytestmark = pytest.mark.integration

Scene = Callable[[RawServer, RawServer], None]  # the portal's server, and one on a host that is not registered
SCENES: dict[str, tuple[Scene, dict[str, Any]]] = {}


def scene(**entry: Any) -> Callable[[Scene], Scene]:
    """Registers a scene under its function's name; `entry` goes into the portal's file."""

    def register(function: Scene) -> Scene:
        SCENES[function.__name__.replace("_", "-")] = (function, entry)
        return function

    return register


@dataclass(frozen=True, slots=True)
class Stage:
    """All scenes after the visit."""

    workshop: Workshop
    servers: dict[str, RawServer]
    foreign: dict[str, RawServer]
    visited: Visited

    def look(self, name: str) -> Look:
        (look,) = self.workshop.looks(name)
        return look

    def captures(self, name: str) -> dict[str, Capture]:
        """By the last part of the address."""
        return {capture.url.rpartition("/")[2]: capture for capture in self.workshop.captures(name)}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    workshop = make_workshop(tmp_path_factory.mktemp("hostile"))
    with ExitStack() as running:
        servers = {name: running.enter_context(raw_server()) for name in SCENES}
        foreign = {name: running.enter_context(raw_server()) for name in SCENES}
        for name, (set_up, entry) in SCENES.items():
            server = servers[name]
            set_up(server, foreign[name])
            column = {"key": "c0", "url": f"{server.url}/nb/", "agencies": ["zibo-xzspj"]}
            workshop.register(name, **({"hosts": [server.host], "columns": [column]} | entry))
        host = f"127.0.0.1:{closed_port()}"
        column = {"key": "c0", "url": f"http://{host}/nb/", "agencies": ["zibo-xzspj"]}
        workshop.register("nobody-listens", hosts=[host], columns=[column])
        yield Stage(workshop, servers, foreign, workshop.visit(options=("-s", "DOWNLOAD_TIMEOUT=4")))


def reports(server: RawServer, count: int) -> list[str]:
    """A healthy column of so many reports."""
    paths = [f"/nb/{number}.html" for number in range(1, count + 1)]
    server.answers |= {"/nb/": listing(*paths)} | {path: report(number) for number, path in enumerate(paths, 1)}
    return paths


def mean_gap(server: RawServer) -> float:
    """Seconds between two requests, on average: a busy machine notes one late, and the next then seems to come too soon."""
    moments = [moment for _, moment in server.asked]
    return (moments[-1] - moments[0]) / (len(moments) - 1)


def packed(name: str, body: bytes) -> Answer:
    return 200, {"Content-Type": "text/html; charset=utf-8", "Content-Encoding": name}, body


def test_nothing_of_all_this_fails_a_run(stage: Stage) -> None:
    assert stage.visited.code == 0, stage.visited.log
    assert {line["outcome"] for line in stage.visited.lines.values()} == {"finished"}


# --- politeness ---------------------------------------------------------------------------------------------------


@scene()
def one_at_a_time(server: RawServer, _: RawServer) -> None:
    server.thinking = 0.02
    reports(server, 10)


def test_one_request_at_a_time(stage: Stage) -> None:
    server = stage.servers["one-at-a-time"]
    assert stage.look("one-at-a-time").outcome == "healthy"
    assert server.paths == ["/robots.txt", "/nb/", *(f"/nb/{number}.html" for number in range(1, 11))]
    assert server.most_unanswered == 1


@scene(delay=0.3)
def delayed(server: RawServer, _: RawServer) -> None:
    reports(server, 4)


def test_the_delay_is_never_shorter_than_the_portal_s(stage: Stage) -> None:
    assert len(stage.servers["delayed"].asked) == 6
    assert mean_gap(stage.servers["delayed"]) > 0.28


@scene(delay=1)
def throttled(server: RawServer, _: RawServer) -> None:
    reports(server, 1)


def test_autothrottle_never_goes_below_the_delay(stage: Stage) -> None:
    assert len(stage.servers["throttled"].asked) == 3
    assert mean_gap(stage.servers["throttled"]) > 0.9


@scene()
def whole_without_length(server: RawServer, _: RawServer) -> None:
    def send(handler: Any) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + listing("/nb/1.html")[2])
        handler.close_connection = True

    server.answers |= {"/nb/": send, "/nb/1.html": report()}


def test_a_whole_page_may_end_with_the_connection(stage: Stage) -> None:
    assert stage.look("whole-without-length").outcome == "healthy"


@scene()
def cut_list(server: RawServer, _: RawServer) -> None:
    """As a proxy passes on what it got of a page, with the length of that."""
    reports(server, 3)
    status, headers, body = listing("/nb/1.html", "/nb/2.html", "/nb/3.html")
    server.answers["/nb/"] = (status, headers, body[: body.index(b"/nb/3.html") - 20])


def test_a_list_without_an_end_proves_no_absence(stage: Stage) -> None:
    look = stage.look("cut-list")
    assert (look.outcome, look.entries) == ("incomplete", 2)
    assert "没有结尾" in look.reason
    assert stage.servers["cut-list"].paths == ["/robots.txt", "/nb/", "/nb/1.html", "/nb/2.html"]


@scene()
def crawl_delay(server: RawServer, _: RawServer) -> None:
    reports(server, 2)
    server.answers["/robots.txt"] = (200, {"Content-Type": "text/plain"}, b"User-agent: *\nCrawl-delay: 1\n")


def test_a_longer_crawl_delay_of_robots_txt_is_kept(stage: Stage) -> None:
    assert len(stage.servers["crawl-delay"].asked) == 4
    assert mean_gap(stage.servers["crawl-delay"]) > 0.9


@scene()
def too_many(server: RawServer, _: RawServer) -> None:
    reports(server, 4)
    server.answers["/nb/2.html"] = html("Too Many Requests", 429)


def test_429_ends_the_visit_to_the_host(stage: Stage) -> None:
    assert stage.look("too-many").outcome == "denied"
    assert "429" in stage.look("too-many").reason
    assert stage.servers["too-many"].paths == ["/robots.txt", "/nb/", "/nb/1.html", "/nb/2.html"]


@scene()
def worn_out(server: RawServer, _: RawServer) -> None:
    for path in reports(server, 30):
        server.answers[path] = html("Bad Gateway", 502)


def test_a_host_that_stops_answering_is_left_alone(stage: Stage) -> None:
    assert stage.look("worn-out").outcome == "server_error"
    assert len(stage.servers["worn-out"].asked) == 2 + 6


# --- only registered hosts ----------------------------------------------------------------------------------------


@scene()
def strangers(server: RawServer, foreign: RawServer) -> None:
    reports(server, 4)
    foreign.answers["/report.html"] = report()
    elsewhere = f"{foreign.url}/report.html"
    odd = ("ftp://127.0.0.1/x", "file:///etc/passwd", "http://[no-address", "data:text/html,hello", "//")
    server.answers["/nb/"] = listing("/nb/1.html", elsewhere, "/nb/3.html", *odd)
    server.answers["/nb/1.html"] = (302, {"Location": elsewhere}, b"")


def test_no_host_but_the_registered_ones_is_ever_asked(stage: Stage) -> None:
    captures = stage.captures("strangers")
    assert {name: (c.outcome, c.status) for name, c in captures.items()} == {
        "": ("healthy", 200),
        "1.html": ("moved", None),
        "report.html": ("denied", None),
        "3.html": ("healthy", 200),
        "x": ("denied", None),
        "passwd": ("denied", None),
        "[no-address": ("denied", None),
        "html,hello": ("denied", None),
    }
    assert stage.foreign["strangers"].asked == []
    assert stage.look("strangers").outcome == "incomplete"  # the report may stand there, where nobody may look
    assert "登记" in stage.look("strangers").reason


@scene()
def column_elsewhere(server: RawServer, foreign: RawServer) -> None:
    reports(foreign, 1)
    server.answers["/nb/"] = (301, {"Location": f"{foreign.url}/nb/"}, b"")


@scene()
def robots_elsewhere(server: RawServer, foreign: RawServer) -> None:
    reports(server, 1)
    server.answers["/robots.txt"] = (301, {"Location": f"{foreign.url}/robots.txt"}, b"")


@pytest.mark.parametrize("name", ["column-elsewhere", "robots-elsewhere"])
def test_a_redirect_to_another_host_is_not_followed(stage: Stage, name: str) -> None:
    assert stage.look(name).outcome == "moved"
    assert stage.foreign[name].asked == []
    if name == "robots-elsewhere":
        assert stage.servers[name].paths == ["/robots.txt"]


@scene()
def endless_redirects(server: RawServer, _: RawServer) -> None:
    for number in range(20):
        server.answers[f"/nb/{'x' * number}"] = (302, {"Location": f"/nb/{'x' * (number + 1)}"}, b"")


def test_redirects_have_an_end(stage: Stage) -> None:
    assert stage.look("endless-redirects").outcome == "soft_404"
    assert len(stage.servers["endless-redirects"].asked) == 5  # robots.txt, the column, three redirects


@scene()
def redirect_to_no_address(server: RawServer, _: RawServer) -> None:
    server.answers["/nb/"] = (302, {"Location": "http://[no-address/"}, b"")


def test_a_redirect_to_what_is_no_address(stage: Stage) -> None:
    assert stage.look("redirect-to-no-address").outcome in ("soft_404", "shell")


@scene()
def moved(server: RawServer, _: RawServer) -> None:
    server.answers |= {"/nb/": (302, {"Location": "/other/"}, b""), "/other/": listing("/nb/1.html")}


def test_a_column_that_moved_is_not_that_column(stage: Stage) -> None:
    assert stage.look("moved").outcome == "moved"


@scene(site_id_code="9900000001")
def another_site(server: RawServer, _: RawServer) -> None:
    status, headers, body = listing("/nb/1.html")
    server.answers["/nb/"] = status, headers, body.replace(b"<body>", "<body>网站标识码：9900000002".encode())


def test_another_site_at_the_same_address_is_not_that_portal(stage: Stage) -> None:
    assert stage.look("another-site").outcome == "moved"
    assert "标识码" in stage.look("another-site").reason


# --- sizes and times ----------------------------------------------------------------------------------------------


@scene()
def packages(server: RawServer, _: RawServer) -> None:
    server.answers |= {
        "/nb/": packed("gzip", gzip.compress(listing("/nb/1.html", "/nb/2.html")[2])),
        "/nb/1.html": packed("deflate", zlib.compress(report(1)[2])),
        "/nb/2.html": packed("x-gzip", gzip.compress(report(2)[2][:99]) + gzip.compress(report(2)[2][99:])),
    }


def test_packed_pages_are_unpacked_before_they_are_archived(stage: Stage) -> None:
    assert stage.look("packages").outcome == "healthy"
    bodies = [stage.workshop.archive.get(c.sha256 or "") for c in stage.captures("packages").values()]
    assert bodies == [listing("/nb/1.html", "/nb/2.html")[2], report(1)[2], report(2)[2]]


BOMB = b"\0" * 50_000_000
BROKEN: dict[str, tuple[Answer, str]] = {
    "bomb-gzip": (packed("gzip", gzip.compress(BOMB)), "incomplete"),
    "bomb-deflate": (packed("deflate", zlib.compress(BOMB)), "incomplete"),
    "bomb-twice": (packed("gzip, gzip", gzip.compress(gzip.compress(BOMB))), "incomplete"),
    "cut-gzip": (packed("gzip", gzip.compress(listing("/nb/1.html", "/nb/2.html")[2])[:-30]), "transport_error"),
    "many-members": (packed("gzip", gzip.compress(b"x") * 5000), "transport_error"),
    "four-packings": (packed("gzip, gzip, gzip, gzip", b"whatever"), "transport_error"),
    "no-gzip": (packed("gzip", b"this is not gzip"), "transport_error"),
    "no-deflate": (packed("deflate", b"this is not deflate"), "transport_error"),
    "unasked-packing": (packed("br", b"whatever"), "transport_error"),
    "too-long": ((200, {"Content-Type": "text/html"}, b"x" * 400_000), "incomplete"),
}


def _broken(answer: Answer) -> Scene:
    def set_up(server: RawServer, _: RawServer) -> None:
        server.answers["/nb/"] = answer

    return set_up


SCENES |= {name: (_broken(answer), {"max_bytes": 300_000}) for name, (answer, _) in BROKEN.items()}


@pytest.mark.parametrize("name", BROKEN)
def test_bombs_and_broken_packings(stage: Stage, name: str) -> None:
    assert stage.look(name).outcome == BROKEN[name][1], stage.look(name).reason
    assert [capture.sha256 for capture in stage.captures(name).values()] == [None]


@scene(max_bytes=300_000)
def bomb_among_reports(server: RawServer, _: RawServer) -> None:
    reports(server, 3)
    server.answers["/nb/2.html"] = packed("gzip", gzip.compress(BOMB))


def test_a_bomb_does_not_stop_the_rest(stage: Stage) -> None:
    outcomes = {name: capture.outcome for name, capture in stage.captures("bomb-among-reports").items()}
    assert outcomes == {"": "healthy", "1.html": "healthy", "2.html": "incomplete", "3.html": "healthy"}
    assert stage.look("bomb-among-reports").outcome == "incomplete"


@scene(max_pages=10)
def many_pages(server: RawServer, _: RawServer) -> None:
    reports(server, 30)


def test_the_bound_of_requests(stage: Stage) -> None:
    assert len(stage.servers["many-pages"].asked) == 10
    assert stage.visited.lines["many-pages"]["requests"] == 10
    assert stage.look("many-pages").outcome == "incomplete"
    assert stage.look("many-pages").entries == 30


@scene(max_seconds=3)
def slow_pages(server: RawServer, _: RawServer) -> None:
    server.thinking = 0.5
    reports(server, 60)


def test_the_bound_of_seconds(stage: Stage) -> None:
    assert stage.look("slow-pages").outcome == "incomplete"
    assert "时限" in stage.look("slow-pages").reason
    assert len(stage.servers["slow-pages"].asked) <= 10


@scene()
def dripping(server: RawServer, _: RawServer) -> None:
    def drip(handler: Any) -> None:
        """Headers at once, then a byte every 0.2 seconds, until the other side has had enough."""
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100000\r\n\r\n")
        handler.close_connection = True
        handler.connection.settimeout(0.2)
        for _ in range(100):
            handler.wfile.write(b"x")
            try:
                if not handler.connection.recv(1):
                    return
            except TimeoutError:
                continue

    server.answers["/nb/"] = drip


def test_an_answer_that_drips_is_given_up(stage: Stage) -> None:
    assert stage.look("dripping").outcome == "transport_error"


# --- answers that are none ----------------------------------------------------------------------------------------

NO_ANSWERS = {
    "no-http": (b"this is not HTTP\r\n\r\n", "transport_error"),
    "cut-off": (b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\nshort", "transport_error"),
    "redirect-to-nowhere": (b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n", "shell"),
    "no-content": (b"HTTP/1.1 204 No Content\r\n\r\n", "shell"),
    "cut-without-length": (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + listing("/nb/1.html")[2][:-40],
        "transport_error",
    ),
    "nothing-at-all": (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "shell"),
}


def _bytes(answer: bytes) -> Scene:
    def send(handler: Any) -> None:
        handler.wfile.write(answer)
        handler.close_connection = True

    def set_up(server: RawServer, _: RawServer) -> None:
        server.answers["/nb/"] = send

    return set_up


SCENES |= {name: (_bytes(answer), {}) for name, (answer, _) in NO_ANSWERS.items()}


@pytest.mark.parametrize("name", NO_ANSWERS)
def test_answers_that_are_none(stage: Stage, name: str) -> None:
    assert stage.look(name).outcome == NO_ANSWERS[name][1], stage.look(name).reason


def test_nobody_listens(stage: Stage) -> None:
    assert stage.look("nobody-listens").outcome == "transport_error"
    assert "robots.txt" in stage.look("nobody-listens").reason
