"""What goes wrong at a portal becomes an outcome of its look, never a healthy one and never a failed run."""

from collections.abc import Iterator

import pytest

from tests.portals import ROBOTS, Kind, SimulatedPortals, World
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
    "to-other-host": (Kind.TO_OTHER_HOST, "/zwgk/nb/", "moved"),
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
