"""Hosts over visits: Retry-After, back-off after silence, the hours of a portal, our own network being down."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from crawler.items import INTERRUPTED
from crawler.store.tables import Host
from tests.portals import Kind, SimulatedPortals, World
from tests.spiders.rawserver import RawServer, closed_port, html, listing, raw_server, report
from tests.spiders.visiting import Visited, Workshop, make_workshop
from tests.spiders.worlds import DAY, column, trs

pytestmark = pytest.mark.integration

FAST = ("-s", "RETRY_TIMES=0")


def register(workshop: Workshop, slug: str, host: str, **more: object) -> None:
    entry = {"key": "c0", "url": f"http://{host}/nb/", "agencies": ["zibo-xzspj"]}
    workshop.register(slug, hosts=[host], columns=[entry], **more)


def hosts(workshop: Workshop) -> dict[str, Host]:
    with workshop.session() as session:
        return {row.name: row for row in session.query(Host)}


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"2024-01-25T{text}+08:00")


@dataclass
class Story:
    """Three visits of one morning."""

    workshop: Workshop
    asks: RawServer
    busy: RawServer
    silent: str
    visits: list[Visited]
    rows: list[dict[str, Host]]
    asked: list[int]  # requests that `asks` had had after each visit


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    workshop = make_workshop(tmp_path_factory.mktemp("hosts"))
    world = World((trs("silent", column("zwgk/nb", page_size=50)),))
    with raw_server() as asks, raw_server() as busy, SimulatedPortals(world, DAY) as portals:
        asks.answers["/nb/"] = (429, {"Retry-After": "7200"}, b"")
        busy.answers["/nb/"] = (503, {"Retry-After": "600"}, b"")
        portals["silent"].misbehave(Kind.REFUSE)
        workshop.configure(*portals)
        register(workshop, "asks", asks.host)
        register(workshop, "busy", busy.host)
        told = Story(workshop, asks, busy, portals["silent"].host, [], [], [])
        for hour in ("09:00", "09:30", "10:30"):
            if hour == "09:30":
                busy.answers |= {"/nb/": listing("/nb/1.html"), "/nb/1.html": report()}
            told.visits.append(workshop.visit(at(hour).isoformat(), options=FAST))
            told.rows.append(hosts(workshop))
            told.asked.append(len(asks.asked))
        portals["silent"].behave()
        told.visits.append(workshop.visit(at("15:00").isoformat(), "silent", options=FAST))
        told.rows.append(hosts(workshop))
        yield told


def near(found: dt.datetime | None, expected: dt.datetime) -> bool:
    return found is not None and expected <= found < expected + dt.timedelta(minutes=3)


def test_retry_after_ends_the_visit_and_is_remembered(story: Story) -> None:
    assert story.asks.paths == ["/robots.txt", "/nb/"]
    assert [(look.outcome, look.status) for look in story.workshop.looks("asks")] == [("denied", 429)]
    assert "2 小时" in story.workshop.looks("asks")[0].reason or "429" in story.workshop.looks("asks")[0].reason
    row = story.rows[0][story.asks.host]
    assert near(row.not_before, at("11:00"))
    assert (row.failures, "429" in row.reason) == (0, True)
    assert near(story.rows[0][story.busy.host].not_before, at("09:10"))


def test_a_host_is_not_asked_before_its_time(story: Story) -> None:
    second = story.visits[1]
    assert second.lines["asks"]["outcome"] == "resting"
    assert "429" in second.lines["asks"]["reason"]
    assert story.asked == [2, 2, 2]  # 10:30 is before 11:00 as well
    assert second.code == 0
    assert len(story.workshop.runs("asks")) == 1


def test_an_answer_ends_the_rest(story: Story) -> None:
    assert story.visits[1].lines["busy"]["looks"] == {"c0": "healthy"}
    row = story.rows[1][story.busy.host]
    assert (row.not_before, row.failures, row.reason) == (None, 0, "")


def test_silence_is_answered_with_longer_and_longer_pauses(story: Story) -> None:
    first, second, third, fourth = (rows[story.silent] for rows in story.rows)
    assert (first.failures, near(first.not_before, at("10:00"))) == (1, True)
    assert story.visits[1].lines["silent"]["outcome"] == "resting"
    assert (second.failures, second.not_before) == (1, first.not_before)
    assert (third.failures, near(third.not_before, at("14:30"))) == (2, True)
    assert (fourth.failures, fourth.not_before) == (0, None)
    assert [look.outcome for look in story.workshop.looks("silent")] == [
        "transport_error", "transport_error", "healthy"
    ]  # fmt: skip


def test_nobody_answers_so_it_is_our_own_network(workshop: Workshop) -> None:
    slugs = ("one", "two", "three")
    for slug in slugs:
        register(workshop, slug, f"127.0.0.1:{closed_port()}")
    visited = workshop.visit(options=FAST)
    assert visited.code == 1
    assert {line["outcome"] for line in visited.lines.values()} == {"offline"}
    runs = [run for slug in slugs for run in workshop.runs(slug)]
    assert [run.outcome for run in runs] == ["offline"] * 3
    assert all("own network" in run.reason for run in runs)
    assert {look.outcome for slug in slugs for look in workshop.looks(slug)} == {"transport_error"}
    assert hosts(workshop) == {}  # no host is blamed for it


def test_two_silent_hosts_are_not_yet_our_network(workshop: Workshop) -> None:
    for slug in ("one", "two"):
        register(workshop, slug, f"127.0.0.1:{closed_port()}")
    visited = workshop.visit(options=FAST)
    assert visited.code == 0
    assert {line["outcome"] for line in visited.lines.values()} == {"finished"}
    assert [row.failures for row in hosts(workshop).values()] == [1, 1]


def test_the_hours_of_a_portal(workshop: Workshop) -> None:
    with raw_server() as server:
        paths = [f"/nb/{number}.html" for number in range(1, 60)]
        server.answers |= {"/nb/": listing(*paths)} | {path: report() for path in paths}
        server.thinking = 0.2
        register(workshop, "night", server.host, hours="22:00-06:00")
        closed = workshop.visit("2024-01-25T21:30:00+08:00")
        assert (closed.code, closed.lines["night"]["outcome"]) == (0, "resting")
        assert "22:00-06:00" in closed.lines["night"]["reason"]
        assert server.asked == []
        ending = workshop.visit("2024-01-26T05:59:56+08:00")
        assert ending.code == 0, ending.log
        assert 0 < len(server.asked) < 40
        (look,) = workshop.looks("night")
        assert look.outcome == "incomplete"
        assert INTERRUPTED in look.reason
        assert "22:00-06:00" in look.reason


def test_a_plan_on_stdin_that_is_none(workshop: Workshop) -> None:
    register(workshop, "one", f"127.0.0.1:{closed_port()}")
    for plan in ("", "[]", "{}", '{"one": []}', '{"one": [1]}', '{"one": ["nothing"]}', '{"other": ["c0"]}'):
        refused = workshop.visit(options=("--columns", "-"), stdin=plan)
        assert (refused.code, refused.lines) == (2, {}), plan


def test_a_plan_on_stdin_chooses_the_columns(workshop: Workshop) -> None:
    with raw_server() as server:
        entries = []
        for key in ("c0", "c1", "c2"):
            server.answers[f"/{key}/"] = listing()
            entries.append({"key": key, "url": f"{server.url}/{key}/", "agencies": ["zibo-xzspj"]})
        server.answers["/"] = html("<h1>示例市人民政府</h1><p>欢迎访问示例市人民政府门户网站，本站为虚构。</p>")
        workshop.register("raw", hosts=[server.host], columns=entries)
        visited = workshop.visit(options=("--columns", "-"), stdin='{"raw": ["c2", "c0"]}')
        assert visited.lines["raw"]["looks"].keys() == {"c0", "c2"}
        assert [path for path in server.paths if path.startswith("/c")] == ["/c2/", "/c0/"]
