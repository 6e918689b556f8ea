"""Whole visits, as a process of its own, to healthy portals: what is fetched, what is stored, what is asked again."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.store.tables import Capture
from tests.portals import SimulatedPortals, World
from tests.spiders.visiting import Visited, Workshop, make_workshop
from tests.spiders.worlds import DAY, LOOKALIKES, column, hanweb, trs

pytestmark = pytest.mark.integration

SITES = (
    trs("trs-inline", column("zwgk/nb")),
    trs("trs-call", column("zwgk/nb", pager="createPageHTML", titles="cut", dates="b", header="table")),
    trs("trs-hunan", column("zwgk/nb", pager="hunan")),
    trs("trs-single", column("zwgk/nb", page_size=50, pager="none")),
    trs("trs-columns", column("zwgk/nb/one"), column("zwgk/nb/two", page_size=3)),
    hanweb("hanweb"),
    hanweb("hanweb-single", column("124", page_size=50)),
)
PAGES = {"trs-inline": 3, "trs-call": 3, "trs-hunan": 3, "trs-single": 1, "trs-columns": 3, "hanweb-single": 1}


class Story:
    """Two visits to the same portals on two days; nothing changes between them but one page."""

    def __init__(self, workshop: Workshop, portals: SimulatedPortals) -> None:
        self.workshop, self.portals = workshop, portals
        workshop.configure(*portals)
        self.first = workshop.visit("2024-01-25T09:00+08:00")
        self.asked_first = {portal.site.slug: len(portal.requests) for portal in portals}
        self.changed = "/zwgk/nb/202401/t20240103_7003.html"
        self._change_page(portals)
        self.second = workshop.visit("2024-01-26T09:00+08:00")

    def _change_page(self, portals: SimulatedPortals) -> None:
        portal = portals["trs-inline"]
        (only,) = portal.site.columns
        articles = tuple(
            replace(a, revisions=((DAY, "<p>改过的正文</p>" * 30),)) if a.number == 7003 else a for a in only.articles
        )
        portal.site = replace(portal.site, columns=(replace(only, articles=articles),))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def story(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    database = ""
    if request.param == "postgresql":
        database = request.getfixturevalue("postgres_cluster").new_database()
    folder: Path = tmp_path_factory.mktemp("visits")
    with SimulatedPortals(World(SITES), DAY) as portals:
        yield Story(make_workshop(folder, database), portals)


def all_well(visited: Visited) -> None:
    assert visited.code == 0, visited.log
    assert set(visited.lines) == {site.slug for site in SITES}
    for line in visited.lines.values():
        assert line["outcome"] == "finished"
        assert set(line["looks"].values()) == {"healthy"}, line


def test_every_look_is_healthy(story: Story) -> None:
    all_well(story.first)
    all_well(story.second)


@pytest.mark.parametrize("slug", [site.slug for site in SITES])
def test_every_entry_is_found_once_with_its_date(story: Story, slug: str) -> None:
    look = story.workshop.looks(slug)[0]
    assert look.entries == 14
    assert look.status == 200
    if slug in PAGES:
        assert look.pages == PAGES[slug]
    changes = [change for change in story.workshop.changes(slug) if change.look_id == look.id]
    assert {change.kind for change in changes} == {"appeared"}
    assert sorted(str(change.list_date) for change in changes) == sorted(
        [f"2024-01-{day:02}" for day in range(1, 13)] + ["2024-01-20", "2024-01-21"]
    )
    beside = {change.title for change in changes if change.verdict == "lookalike"}
    assert len(beside) == 2
    assert all(any(whole.startswith(title.rstrip("…")) for whole in LOOKALIKES) for title in beside)


@pytest.mark.parametrize("slug", [site.slug for site in SITES])
def test_reports_are_fetched_and_lookalikes_are_not(story: Story, slug: str) -> None:
    run = story.workshop.runs(slug)[0]
    details = [c for c in story.workshop.captures(slug, run.id) if c.kind == "detail" and c.column == "c0"]
    assert len(details) == 12
    assert {c.outcome for c in details} == {"healthy"}
    for capture in details:
        assert capture.sha256 is not None
        assert capture.entry_id is not None
        assert "的正文".encode() in story.workshop.archive.get(capture.sha256)
        assert capture.media_type.startswith("text/html")
        assert [n for n, _ in capture.headers["pairs"] if n in ("Etag", "Last-Modified")] == ["Etag", "Last-Modified"]


def test_times_are_the_given_moment_and_what_passed_since(story: Story) -> None:
    begin = dt.datetime(2024, 1, 25, 1, tzinfo=dt.UTC)
    for run in [story.workshop.runs(site.slug)[0] for site in SITES]:
        assert run.ended_at is not None
        assert begin <= run.started_at <= run.ended_at < begin + dt.timedelta(minutes=5)
        moments = [c.fetched_at for c in story.workshop.rows(Capture, Capture.run_id == run.id)]
        assert run.started_at <= min(moments)
        assert max(moments) <= run.ended_at


def test_the_second_visit_asks_only_for_what_changed(story: Story) -> None:
    for portal in story.portals:
        again = portal.requests[story.asked_first[portal.site.slug] :]
        paths = [request.path for request in again]
        assert len(paths) == len(set(paths))
        statuses = {request.path: request.status for request in again}
        assert statuses.pop("/robots.txt") == 200
        fetched = {path for path, status in statuses.items() if status != 304}
        changed = {path for path in fetched if "dataproxy" not in path}  # its answers bear no Last-Modified but an ETag
        assert changed == ({story.changed} if portal.site.slug == "trs-inline" else set())


def test_what_was_not_modified_keeps_its_bytes_and_headers(story: Story) -> None:
    first, second = story.workshop.runs("trs-inline")
    before = {c.url: c for c in story.workshop.captures("trs-inline", first.id)}
    after = {c.url: c for c in story.workshop.captures("trs-inline", second.id)}
    assert before.keys() == after.keys()
    for url, capture in after.items():
        if url.endswith(story.changed):
            assert not capture.not_modified
            assert capture.sha256 != before[url].sha256
        else:
            assert capture.not_modified
            assert (capture.sha256, capture.headers["pairs"], capture.media_type) == (
                before[url].sha256,
                before[url].headers["pairs"],
                before[url].media_type,
            )


def test_the_request_stands_beside_its_answer(story: Story) -> None:
    first, second = story.workshop.runs("trs-inline")
    before = {c.url: c for c in story.workshop.captures("trs-inline", first.id)}
    for capture in before.values():
        headers = dict(capture.request["headers"])
        assert (capture.request["method"], capture.request["body"]) == ("GET", "")
        assert headers["User-Agent"].startswith("gongkai/")
        assert {"Accept", "Accept-Encoding"} <= headers.keys()
        assert not {"If-None-Match", "If-Modified-Since", "Cookie", "Authorization"} & headers.keys()
    for capture in story.workshop.captures("trs-inline", second.id):
        headers = dict(capture.request["headers"])
        etag = dict(before[capture.url].headers["pairs"])["Etag"]
        assert headers["If-None-Match"] == etag
        if capture.not_modified:
            assert "Content-Type" not in dict(capture.headers["not_modified"])
            assert dict(capture.headers["not_modified"])["Date"]


def test_a_second_look_at_the_same_list_changes_nothing(story: Story) -> None:
    for site in SITES:
        first, second = story.workshop.looks(site.slug)
        assert first.entries == second.entries
        assert {change.look_id for change in story.workshop.changes(site.slug) if change.at == second.at} == set()


def test_every_content_is_archived_once_and_whole(story: Story) -> None:
    kept = story.workshop.archived()
    stored = {c.sha256 for c in story.workshop.rows(Capture) if c.sha256 is not None}
    assert set(kept) == stored


def test_robots_first_and_an_honest_name(story: Story) -> None:
    for portal in story.portals:
        assert all(request.headers["user-agent"].startswith("gongkai/") for request in portal.requests)
        assert all("cookie" not in request.headers for request in portal.requests)
        assert portal.requests[0].path == "/robots.txt"
        details = [request for request in portal.requests if "/t2024" in request.path or "/art/" in request.path]
        assert all(request.headers["referer"].startswith(portal.url) for request in details)


def test_requests_are_counted(story: Story) -> None:
    for portal in story.portals:
        runs = story.workshop.runs(portal.site.slug)
        assert sum(run.requests for run in runs) == len(portal.requests)
        assert [run.outcome for run in runs] == ["finished", "finished"]
        assert [run.simulated for run in runs] == [False, False]
