"""What a look is believed for: control pages, counts that are known, pages that are old, bytes that have not changed."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from tests.spiders.rawserver import ALLOWED, Answer, RawServer, html, listing, raw_server, report
from tests.spiders.visiting import Visited, Workshop, make_workshop

pytestmark = pytest.mark.integration

HOME = html("<h1>示例市人民政府</h1><p>欢迎访问示例市人民政府门户网站，本站及其内容均为虚构。</p>")
NOTHING = html(
    '<h2>政府信息公开年报</h2><div class="zfxxgk_zdgkc"><ul>暂无数据</ul></div><p>示例市人民政府门户网站</p>'
)
ONE_PAGE = html("<h1>示例市人民政府</h1><p>网站升级改造中，敬请期待。本站及其内容均为虚构。</p>")
PATHS = tuple(f"/nb/{number}.html" for number in range(1, 13))
WINTER, SUMMER, DAY_AFTER = "2024-01-25", "2024-07-01", "2024-07-02"


def healthy() -> dict[str, Answer]:
    pages = {path: report(number) for number, path in enumerate(PATHS, start=1)}
    return {"/robots.txt": ALLOWED, "/": HOME, "/nb/": listing(*PATHS)} | pages


def catch_all() -> dict[str, Answer]:
    """The list stands, every page behind it is the same."""
    return healthy() | dict.fromkeys(PATHS, ONE_PAGE)


def one_gone() -> dict[str, Answer]:
    return healthy() | {PATHS[0]: html("<h1>404</h1>", 404)}


def shrunken() -> dict[str, Answer]:
    return healthy() | {"/nb/": listing(*PATHS[:5])}


def empty(home: Answer) -> dict[str, Answer]:
    return {"/robots.txt": ALLOWED, "/": home, "/nb/": NOTHING}


# Portal → what it answers on the three days, and the outcome of the last look.
SCENES: dict[str, tuple[tuple[dict[str, Answer], dict[str, Answer], dict[str, Answer]], str]] = {
    "as-ever": ((healthy(), healthy(), healthy()), "healthy"),
    "catch-all": ((healthy(), healthy(), catch_all()), "moved"),
    "one-gone": ((healthy(), healthy(), one_gone()), "healthy"),
    "shrunken": ((healthy(), healthy(), shrunken()), "emptied"),
    "always-empty": ((empty(HOME), empty(HOME), empty(HOME)), "empty"),
    "empty-and-ill": ((empty(HOME), empty(HOME), empty(html("Bad Gateway", 500))), "server_error"),
    "too-few": ((healthy(), healthy(), healthy()), "emptied"),
}


@dataclass(frozen=True, slots=True)
class Story:
    workshop: Workshop
    servers: dict[str, RawServer]
    asked: dict[str, list[int]]  # requests after each visit
    archived: list[int]  # contents after each visit
    visits: list[Visited]

    def paths(self, slug: str, number: int) -> list[str]:
        """What was asked for in visit `number`, counted from 0."""
        counts = [0, *self.asked[slug]]
        return self.servers[slug].paths[counts[number] : counts[number + 1]]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    workshop = make_workshop(tmp_path_factory.mktemp("controls"))
    story = Story(workshop, {}, {slug: [] for slug in SCENES}, [], [])
    with ExitStack() as running:
        for slug in SCENES:
            served = story.servers[slug] = running.enter_context(raw_server())
            column: dict[str, object] = {"key": "c0", "url": f"{served.url}/nb/", "agencies": ["zibo-xzspj"]}
            column |= {"minimum": 13} if slug == "too-few" else {}
            workshop.register(slug, hosts=[served.host], columns=[column])
        for number, day in enumerate((WINTER, SUMMER, DAY_AFTER)):
            for slug, server in story.servers.items():
                server.answers = dict(SCENES[slug][0][number])
            story.visits.append(workshop.visit(f"{day}T09:00+08:00", options=("-s", "RETRY_TIMES=0")))
            story.archived.append(len(workshop.archived()))
            for slug, server in story.servers.items():
                story.asked[slug].append(len(server.asked))
        yield story


@pytest.mark.parametrize("slug", SCENES)
def test_what_the_last_look_says(story: Story, slug: str) -> None:
    assert [visited.code for visited in story.visits] == [0, 0, 0], story.visits[-1].log
    look = story.workshop.looks(slug)[-1]
    assert look.outcome == SCENES[slug][1], look.reason


def test_old_pages_are_not_asked_for_at_every_visit(story: Story) -> None:
    assert len(story.paths("as-ever", 0)) == 2 + 12
    assert len(story.paths("as-ever", 1)) == 2 + 12  # five months later: all are due
    again = story.paths("as-ever", 2)
    assert again[:2] == ["/robots.txt", "/nb/"]
    assert len(again) == 3  # one page as the control
    assert again[2] in PATHS


def test_a_control_that_fails_is_followed_by_others(story: Story) -> None:
    """One report that was deleted makes nobody blind; a site that answers everything with one page does."""
    assert len(story.paths("one-gone", 2)) in (3, 4)
    assert len(story.paths("catch-all", 2)) == 2 + 4
    assert "别的内容" in story.workshop.looks("catch-all")[-1].reason


def test_without_any_page_the_home_page_is_the_control(story: Story) -> None:
    for slug in ("always-empty", "empty-and-ill"):
        assert story.paths(slug, 2) == ["/robots.txt", "/nb/", "/"]
    assert "首页" in story.workshop.looks("empty-and-ill")[-1].reason


def test_a_column_that_shrank_has_lost_no_entry(story: Story) -> None:
    """What is missing is asked for, and nothing is written as gone: the site has changed."""
    assert {change.kind for change in story.workshop.changes("shrunken")} == {"appeared"}
    assert set(PATHS[5:]) <= set(story.paths("shrunken", 2))


def test_the_minimum_of_a_column(story: Story) -> None:
    look = story.workshop.looks("too-few")[0]
    assert (look.outcome, look.entries) == ("emptied", 12)
    assert "13" in look.reason


def test_unchanged_bytes_without_validators_are_archived_once(story: Story) -> None:
    assert story.archived[0] == story.archived[1]
    runs = story.workshop.runs("as-ever")
    first, second = ({c.url: c.sha256 for c in story.workshop.captures("as-ever", run.id)} for run in runs[:2])
    assert first == second
