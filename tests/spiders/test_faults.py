"""What goes wrong at a portal becomes an outcome of its look, never a healthy one and never a failed run."""

import gzip
import zlib
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pytest

from tests.portals import ROBOTS, Kind, SimulatedPortals, World
from tests.spiders.rawserver import RawServer, closed_port, html, listing, raw_server, report
from tests.spiders.visiting import Visited, Workshop, make_workshop
from tests.spiders.worlds import DAY, column, hanweb, trs

pytestmark = pytest.mark.integration

# Portal → (what is wrong, for which addresses, the outcome of its look).
FAULTS: dict[str, tuple[Kind, str, str]] = {
    "server-error": (Kind.SERVER_ERROR, "/zwgk/nb/", "server_error"),
    "challenge-521": (Kind.CHALLENGE_521, "/zwgk/nb/", "challenge"),
    "challenge-412": (Kind.CHALLENGE_412, "/zwgk/nb/", "challenge"),
    "captcha": (Kind.CAPTCHA, "/zwgk/nb/", "challenge"),
    "denied": (Kind.DENIED, "/zwgk/nb/", "denied"),
    "not-found": (Kind.NOT_FOUND, "/zwgk/nb/", "soft_404"),
    "soft-404": (Kind.SOFT_404, "/zwgk/nb/", "soft_404"),
    "to-home": (Kind.TO_HOME, "/zwgk/nb/", "soft_404"),
    "to-other-host": (Kind.TO_OTHER_HOST, "/zwgk/nb/", "soft_404"),
    "shell": (Kind.SHELL, "/zwgk/nb/", "shell"),
    "emptied-at-once": (Kind.EMPTIED, "", "empty"),  # the column says so, and nothing is known of it from before
    "lying-charset": (Kind.LYING_CHARSET, "/zwgk/nb/", "healthy"),
    "cut": (Kind.CUT, "/zwgk/nb/", "transport_error"),
    "refuse": (Kind.REFUSE, "/zwgk/nb/", "transport_error"),
    "endless": (Kind.ENDLESS, "/zwgk/nb/", "incomplete"),
    "slow": (Kind.SLOW, "/zwgk/nb/", "transport_error"),
    "everything-503": (Kind.SERVER_ERROR, "", "server_error"),
    "everything-challenged": (Kind.CHALLENGE_521, "", "challenge"),
    "page-two": (Kind.SERVER_ERROR, "/zwgk/nb/index_1.html", "incomplete"),
    "page-two-gone": (Kind.NOT_FOUND, "/zwgk/nb/index_1.html", "incomplete"),  # index_2 is page 3, the end is missing
    "one-detail-503": (Kind.SERVER_ERROR, "/zwgk/nb/202401/t20240105_7005.html", "incomplete"),
    "one-detail-gone": (Kind.NOT_FOUND, "/zwgk/nb/202401/t20240105_7005.html", "healthy"),
}
ROBOTS_OUTCOMES = {
    "robots-disallow": (ROBOTS["disallow"], "denied"),
    "robots-403": (ROBOTS["403"], "denied"),
    "robots-401": ((401, ""), "denied"),
    "robots-503": (ROBOTS["503"], "server_error"),
    "robots-404": (ROBOTS["404"], "healthy"),
    "robots-410": ((410, ""), "healthy"),
    "robots-other-agent": ((200, "User-agent: otherbot\nDisallow: /\n"), "healthy"),
    "robots-our-agent": ((200, "User-agent: gongkai\nDisallow: /zwgk/\n"), "denied"),
    "robots-details": ((200, "User-agent: *\nDisallow: /zwgk/nb/2024\n"), "incomplete"),
    "robots-too-big": ((200, "User-agent: *\nAllow: /\n" + "# padding\n" * 60_000), "incomplete"),
}
OPTIONS = ("-s", "DOWNLOAD_TIMEOUT=3")


@pytest.fixture(scope="module")
def blind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workshop, SimulatedPortals, Visited]]:
    """One visit to many portals, each with one fault."""
    workshop = make_workshop(tmp_path_factory.mktemp("faults"))
    sites = tuple(trs(slug) for slug in (*FAULTS, *ROBOTS_OUTCOMES))
    with SimulatedPortals(World(sites), DAY) as portals:
        for slug, (kind, path, _) in FAULTS.items():
            portals[slug].misbehave(kind, path, seconds=6.0)
        for slug, (robots, _) in ROBOTS_OUTCOMES.items():
            portals[slug].robots = robots
        workshop.configure(*portals, max_bytes=300_000)
        yield workshop, portals, workshop.visit(options=OPTIONS)


Blind = tuple[Workshop, SimulatedPortals, Visited]
EXPECTED = {slug: outcome for slug, (_, _, outcome) in FAULTS.items()} | {
    slug: outcome for slug, (_, outcome) in ROBOTS_OUTCOMES.items()
}


def test_a_blind_portal_is_no_failed_run(blind: Blind) -> None:
    _, _, visited = blind
    assert visited.code == 0, visited.log
    assert {line["outcome"] for line in visited.lines.values()} == {"finished"}


@pytest.mark.parametrize("slug", EXPECTED)
def test_the_outcome_of_the_look(blind: Blind, slug: str) -> None:
    workshop, _, visited = blind
    (look,) = workshop.looks(slug)
    assert look.outcome == EXPECTED[slug], look.reason
    assert visited.lines[slug]["looks"] == {"c0": EXPECTED[slug]}
    assert bool(look.reason) is (look.outcome != "healthy")


@pytest.mark.parametrize("slug", [slug for slug in ROBOTS_OUTCOMES if EXPECTED[slug] != "healthy"])
def test_robots_that_cannot_be_read_allow_nothing(blind: Blind, slug: str) -> None:
    workshop, portals, _ = blind
    fetched = {request.path for request in portals[slug].requests} - {"/robots.txt"}
    forbidden = {path for path in fetched if path.startswith("/zwgk/nb/2024")}
    assert not forbidden
    if slug != "robots-details":
        assert not fetched
    (look,) = workshop.looks(slug)
    assert "robots.txt" in look.reason


def test_a_refused_page_is_recorded_with_its_reason(blind: Blind) -> None:
    workshop, _, _ = blind
    details = [capture for capture in workshop.captures("robots-details") if capture.kind == "detail"]
    assert len(details) == 12
    assert {(capture.outcome, capture.status, capture.sha256) for capture in details} == {("denied", None, None)}


def test_denied_is_not_asked_twice_and_a_server_error_once_more(blind: Blind) -> None:
    _, portals, _ = blind
    assert [request.path for request in portals["denied"].requests].count("/zwgk/nb/") == 1
    assert [request.path for request in portals["challenge-521"].requests].count("/zwgk/nb/") == 1
    assert [request.path for request in portals["server-error"].requests].count("/zwgk/nb/") == 2
    # Twisted repeats a request once by itself when a kept connection turns out to be closed.
    assert [request.path for request in portals["refuse"].requests].count("/zwgk/nb/") in (2, 3, 4)


def test_the_answer_of_a_block_is_kept_as_evidence(blind: Blind) -> None:
    workshop, _, _ = blind
    (capture,) = workshop.captures("captcha")
    assert capture.sha256 is not None
    assert "验证码".encode() in workshop.archive.get(capture.sha256)
    (cut,) = workshop.captures("cut")
    assert cut.sha256 is None


def test_a_page_that_is_gone_is_captured_as_such(blind: Blind) -> None:
    workshop, _, _ = blind
    (gone,) = [c for c in workshop.captures("one-detail-gone") if c.url.endswith("_7005.html")]
    assert (gone.outcome, gone.status, gone.kind) == ("soft_404", 404, "detail")
    assert gone.sha256 is not None


# --- what a second visit makes of a portal that was healthy before -------------------------------------------


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Blind]:
    """A healthy visit, then one on which something is wrong."""
    workshop = make_workshop(tmp_path_factory.mktemp("later"))
    gone = column("zwgk/nb")
    sites = (
        trs("emptied"),
        hanweb("emptied-hanweb"),
        trs("all-details-503"),
        trs("all-details-challenged"),
        trs("one-left", gone),
    )
    with SimulatedPortals(World(sites), DAY) as portals:
        workshop.configure(*portals)
        assert workshop.visit("2024-01-25T09:00+08:00").code == 0
        for slug in ("emptied", "emptied-hanweb"):
            portals[slug].misbehave(Kind.EMPTIED)
        portals["all-details-503"].misbehave(Kind.SERVER_ERROR, "/zwgk/nb/202401/")
        portals["all-details-challenged"].misbehave(Kind.CAPTCHA, "/zwgk/nb/202401/")
        without = tuple(article for article in gone.articles if article.number != 7004)
        portals["one-left"].site = trs("one-left", column("zwgk/nb", without))
        yield workshop, portals, workshop.visit("2024-01-26T09:00+08:00")


@pytest.mark.parametrize(
    ("slug", "outcome"),
    [
        ("emptied", "emptied"),
        ("emptied-hanweb", "emptied"),
        ("all-details-503", "server_error"),
        ("all-details-challenged", "challenge"),
        ("one-left", "healthy"),
    ],
)
def test_a_list_is_not_believed_without_its_control(later: Blind, slug: str, outcome: str) -> None:
    workshop, _, visited = later
    assert visited.code == 0
    first, second = workshop.looks(slug)
    assert (first.outcome, second.outcome) == ("healthy", outcome), second.reason
    if outcome != "healthy":
        assert "gone" not in {change.kind for change in workshop.changes(slug)}


def test_a_page_that_left_the_list_is_looked_at_itself(later: Blind) -> None:
    workshop, _, _ = later
    (change,) = [change for change in workshop.changes("one-left") if change.kind == "gone"]
    (entry,) = [entry for entry in workshop.entries("one-left") if entry.id == change.entry_id]
    captures = [capture for capture in workshop.captures("one-left") if capture.entry_id == entry.id]
    assert [capture.outcome for capture in captures] == ["healthy", "soft_404"]


# --- what only a raw server does -------------------------------------------------------------------------------


@pytest.fixture
def server() -> Iterator[RawServer]:
    with raw_server() as running:
        yield running


def visit_raw(workshop: Workshop, server: RawServer, *options: str, **entry: Any) -> Visited:
    given = {"hosts": [server.host], "columns": [{"key": "c0", "url": f"{server.url}/nb/", "agencies": ["zibo-xzspj"]}]}
    workshop.register("raw", **(given | entry))
    visited = workshop.visit(options=("-s", "DOWNLOAD_TIMEOUT=3", *options))
    assert visited.code == 0, visited.log
    return visited


def test_one_request_at_a_time(workshop: Workshop, server: RawServer) -> None:
    server.thinking = 0.02
    paths = [f"/nb/{number}.html" for number in range(1, 11)]
    server.answers |= {"/nb/": listing(*paths)} | {path: report() for path in paths}
    assert visit_raw(workshop, server).lines["raw"]["looks"] == {"c0": "healthy"}
    assert server.paths == ["/robots.txt", "/nb/", *paths]
    assert server.most_unanswered == 1


def test_the_delay_is_never_shorter_than_the_portal_s(workshop: Workshop, server: RawServer) -> None:
    paths = [f"/nb/{number}.html" for number in range(1, 5)]
    server.answers |= {"/nb/": listing(*paths)} | {path: report() for path in paths}
    visit_raw(workshop, server, delay=0.3)
    moments = [moment for _, moment in server.asked]
    assert len(moments) == 6
    assert min(after - before for before, after in pairwise(moments)) > 0.29


def test_a_longer_crawl_delay_of_robots_txt_is_kept(workshop: Workshop, server: RawServer) -> None:
    server.answers |= {
        "/robots.txt": (200, {"Content-Type": "text/plain"}, b"User-agent: *\nCrawl-delay: 1\n"),
        "/nb/": listing("/nb/1.html", "/nb/2.html"),
        "/nb/1.html": report(),
        "/nb/2.html": report(2),
    }
    visit_raw(workshop, server)
    moments = [moment for _, moment in server.asked]
    assert min(after - before for before, after in pairwise(moments)) > 0.99


def test_429_ends_the_visit_to_the_host(workshop: Workshop, server: RawServer) -> None:
    server.answers |= {
        "/nb/": listing("/nb/1.html", "/nb/2.html", "/nb/3.html", "/nb/4.html"),
        "/nb/1.html": report(),
        "/nb/2.html": html("Too Many Requests", 429),
    }
    visit_raw(workshop, server)
    (look,) = workshop.looks("raw")
    assert look.outcome == "denied"
    assert "429" in look.reason
    assert server.paths.count("/nb/2.html") == 1
    assert "/nb/4.html" not in server.paths


def test_a_host_that_stops_answering_is_left_alone(workshop: Workshop, server: RawServer) -> None:
    paths = [f"/nb/{number}.html" for number in range(1, 31)]
    server.answers |= {"/nb/": listing(*paths)} | {path: html("Bad Gateway", 502) for path in paths}
    visit_raw(workshop, server)
    (look,) = workshop.looks("raw")
    assert look.outcome == "server_error"
    assert len(server.asked) < 12


def test_no_host_but_the_registered_ones_is_ever_asked(workshop: Workshop, server: RawServer) -> None:
    with raw_server() as foreign:
        foreign.answers |= {"/report.html": report(), "/nb/": listing("/a.html")}
        server.answers |= {
            "/nb/": listing(
                "/nb/1.html", f"{foreign.url}/report.html", "/nb/3.html", "ftp://127.0.0.1/x", "file:///etc/passwd"
            ),
            "/nb/1.html": (302, {"Location": f"{foreign.url}/report.html"}, b""),
            "/nb/3.html": report(3),
        }
        visit_raw(workshop, server)
        assert foreign.asked == []
    outcomes = {capture.url: (capture.outcome, capture.status) for capture in workshop.captures("raw")}
    assert outcomes[f"{server.url}/nb/1.html"] == ("soft_404", None)
    assert outcomes[f"{foreign.url}/report.html"] == ("denied", None)
    assert outcomes[f"{server.url}/nb/3.html"] == ("healthy", 200)
    (look,) = workshop.looks("raw")
    assert look.outcome == "incomplete"
    assert "登记" in look.reason


def test_robots_txt_is_not_followed_to_another_host(workshop: Workshop, server: RawServer) -> None:
    with raw_server() as foreign:
        server.answers |= {
            "/robots.txt": (301, {"Location": f"{foreign.url}/robots.txt"}, b""),
            "/nb/": listing("/nb/1.html"),
        }
        visit_raw(workshop, server)
        assert foreign.asked == []
    assert server.paths == ["/robots.txt"]
    assert workshop.looks("raw")[0].outcome == "soft_404"


def test_redirects_have_an_end(workshop: Workshop, server: RawServer) -> None:
    server.answers |= {
        f"/nb/{'x' * number}": (302, {"Location": f"/nb/{'x' * (number + 1)}"}, b"") for number in range(20)
    }
    visit_raw(workshop, server)
    (look,) = workshop.looks("raw")
    assert look.outcome == "soft_404"
    assert len(server.asked) == 5  # robots.txt, the column, three redirects


def test_a_column_that_moved_is_not_that_column(workshop: Workshop, server: RawServer) -> None:
    server.answers |= {"/nb/": (302, {"Location": "/other/"}, b""), "/other/": listing("/nb/1.html")}
    visit_raw(workshop, server)
    assert workshop.looks("raw")[0].outcome == "soft_404"


def test_another_site_at_the_same_address_is_not_that_portal(workshop: Workshop, server: RawServer) -> None:
    status, headers, body = listing("/nb/1.html")
    server.answers["/nb/"] = status, headers, body.replace(b"<body>", "<body>网站标识码：9900000002".encode())
    visit_raw(workshop, server, site_id_code="9900000001")
    (look,) = workshop.looks("raw")
    assert look.outcome == "soft_404"
    assert "标识码" in look.reason


def packed(name: str, body: bytes) -> tuple[int, dict[str, str], bytes]:
    return 200, {"Content-Type": "text/html; charset=utf-8", "Content-Encoding": name}, body


def test_packed_pages_are_unpacked_before_they_are_archived(workshop: Workshop, server: RawServer) -> None:
    server.answers |= {
        "/nb/": packed("gzip", gzip.compress(listing("/nb/1.html", "/nb/2.html")[2])),
        "/nb/1.html": packed("deflate", zlib.compress(report(1)[2])),
        "/nb/2.html": packed("x-gzip", gzip.compress(report(2)[2])),
    }
    visit_raw(workshop, server)
    assert workshop.looks("raw")[0].outcome == "healthy"
    bodies = [workshop.archive.get(capture.sha256 or "") for capture in workshop.captures("raw")]
    assert sorted(bodies) == sorted([listing("/nb/1.html", "/nb/2.html")[2], report(1)[2], report(2)[2]])


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (packed("gzip", gzip.compress(b"\0" * 50_000_000)), "incomplete"),
        (packed("deflate", zlib.compress(b"\0" * 50_000_000)), "incomplete"),
        (packed("gzip, gzip", gzip.compress(gzip.compress(b"\0" * 50_000_000))), "incomplete"),
        (packed("gzip", b"this is not gzip"), "transport_error"),
        (packed("deflate", b"this is not deflate"), "transport_error"),
        (packed("br", b"whatever"), "transport_error"),
        ((200, {"Content-Type": "text/html"}, b"x" * 400_000), "incomplete"),
    ],
)
def test_bombs_and_broken_packings(
    workshop: Workshop, server: RawServer, answer: tuple[int, dict[str, str], bytes], outcome: str
) -> None:
    server.answers["/nb/"] = answer
    visit_raw(workshop, server, max_bytes=300_000)
    (look,) = workshop.looks("raw")
    assert look.outcome == outcome, look.reason
    assert [capture.sha256 for capture in workshop.captures("raw")] == [None]


def test_a_big_detail_does_not_stop_the_rest(workshop: Workshop, server: RawServer) -> None:
    server.answers |= {
        "/nb/": listing("/nb/1.html", "/nb/2.html"),
        "/nb/1.html": packed("gzip", gzip.compress(b"\0" * 50_000_000)),
        "/nb/2.html": report(2),
    }
    visit_raw(workshop, server, max_bytes=300_000)
    outcomes = {capture.url.rpartition("/")[2]: capture.outcome for capture in workshop.captures("raw")}
    assert outcomes == {"": "healthy", "1.html": "incomplete", "2.html": "healthy"}
    assert workshop.looks("raw")[0].outcome == "incomplete"


def test_the_bound_of_requests(workshop: Workshop, server: RawServer) -> None:
    paths = [f"/nb/{number}.html" for number in range(1, 31)]
    server.answers |= {"/nb/": listing(*paths)} | {path: report() for path in paths}
    visited = visit_raw(workshop, server, max_pages=10)
    assert len(server.asked) == 10
    assert visited.lines["raw"]["requests"] == 10
    (look,) = workshop.looks("raw")
    assert look.outcome == "incomplete"
    assert look.entries == 30


def test_the_bound_of_seconds(workshop: Workshop, server: RawServer) -> None:
    server.thinking = 0.4
    paths = [f"/nb/{number}.html" for number in range(1, 31)]
    server.answers |= {"/nb/": listing(*paths)} | {path: report() for path in paths}
    visit_raw(workshop, server, max_seconds=2)
    (look,) = workshop.looks("raw")
    assert look.outcome == "incomplete"
    assert 3 <= len(server.asked) <= 8


def drip(handler: Any) -> None:
    """Headers at once, then a byte every 0.2 seconds, for ever."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b"x")
        handler.wfile.flush()
        handler.connection.settimeout(0.2)
        try:
            if not handler.connection.recv(1):
                return
        except TimeoutError:
            continue


def test_an_answer_that_drips_is_given_up(workshop: Workshop, server: RawServer) -> None:
    server.answers["/nb/"] = drip
    visit_raw(workshop, server, "-s", "DOWNLOAD_TIMEOUT=1")
    assert workshop.looks("raw")[0].outcome == "transport_error"


@pytest.mark.parametrize(
    "answer",
    [
        lambda handler: handler.wfile.write(b"this is not HTTP\r\n\r\n"),
        lambda handler: handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\nshort"),
        lambda handler: handler.wfile.write(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n"),
    ],
    ids=["no HTTP", "cut", "redirect to nowhere"],
)
def test_answers_that_are_none(workshop: Workshop, server: RawServer, answer: Callable[[Any], None]) -> None:
    def then_close(handler: Any) -> None:
        answer(handler)
        handler.close_connection = True

    server.answers["/nb/"] = then_close
    visit_raw(workshop, server)
    assert workshop.looks("raw")[0].outcome in ("transport_error", "shell")


def test_nobody_listens(workshop: Workshop) -> None:
    host = f"127.0.0.1:{closed_port()}"
    column_entry = {"key": "c0", "url": f"http://{host}/nb/", "agencies": ["zibo-xzspj"]}
    workshop.register("closed", hosts=[host], columns=[column_entry])
    assert workshop.visit().code == 0
    (look,) = workshop.looks("closed")
    assert look.outcome == "transport_error"
    assert "robots.txt" in look.reason


def test_two_portals_on_one_host_take_turns(workshop: Workshop, server: RawServer) -> None:
    server.thinking = 0.05
    paths = [f"/nb/{number}.html" for number in range(1, 6)]
    server.answers |= {"/nb/": listing(*paths), "/two/": listing(*paths)} | {path: report() for path in paths}
    for slug, path in (("one", "nb"), ("two", "two")):
        column_entry = {"key": "c0", "url": f"{server.url}/{path}/", "agencies": ["zibo-xzspj"]}
        workshop.register(slug, hosts=[server.host], columns=[column_entry])
    assert workshop.visit().code == 0
    assert server.most_unanswered == 1
    half = len(server.paths) // 2
    assert server.paths[0] == server.paths[half] == "/robots.txt"
