"""The command: what it refuses before anything is sent, locks, turns, its own time, a store that fails."""

import datetime as dt
import json
import subprocess
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from crawler import locks
from crawler.store.session import open_store
from tests.spiders.rawserver import RawServer, listing, raw_server, report
from tests.spiders.visiting import ROOT, Workshop

pytestmark = pytest.mark.integration

REAL = {
    "hosts": ["www.example.org"],
    "columns": [{"key": "c0", "url": "http://www.example.org/nb/", "agencies": ["zibo-xzspj"]}],
}


@pytest.fixture
def server() -> Iterator[RawServer]:
    with raw_server() as running:
        running.answers |= {"/nb/": listing("/nb/1.html"), "/nb/1.html": report()}
        yield running


def register(workshop: Workshop, server: RawServer, slug: str = "raw", path: str = "nb") -> None:
    column = {"key": "c0", "url": f"{server.url}/{path}/", "agencies": ["zibo-xzspj"]}
    workshop.register(slug, hosts=[server.host], columns=[column])


def refused(workshop: Workshop, *arguments: str, at: str = "2024-01-25T09:00+08:00", **environment: str) -> str:
    """Runs a visit that must be refused, and returns what it says."""
    visited = workshop.visit(at, *arguments, environment=environment)
    assert visited.code == 2, visited.log
    assert visited.lines == {}
    assert "Traceback" not in visited.log
    return visited.log


def test_a_real_portal_needs_a_contact_and_a_real_time(workshop: Workshop) -> None:
    workshop.register("real", delay=2, **REAL)
    assert "GONGKAI_CONTACT" in refused(workshop)
    assert "simulated" in refused(
        workshop, GONGKAI_CONTACT="a@example.org", GONGKAI_SIMULATED_NOW="2024-01-25T09:00+08:00"
    )
    workshop.register("odd", delay=2, family="nobody", **REAL)
    assert "family" in refused(workshop, GONGKAI_CONTACT="a@example.org")


def test_what_cannot_be_visited_is_said(workshop: Workshop, server: RawServer) -> None:
    assert "no portal is enabled" in refused(workshop)
    register(workshop, server)
    assert "no portal is called other" in refused(workshop, "other")
    assert "offset" in refused(workshop, at="2024-01-25T09:00")
    assert "gongkai migrate" in refused(workshop, GONGKAI_DATABASE_URL=f"sqlite:///{workshop.folder / 'other.db'}")
    assert server.asked == []


def test_the_contact_and_the_version_are_sent(workshop: Workshop, server: RawServer) -> None:
    agents: list[str] = []
    plain = server.answer

    def remember(handler: object) -> None:
        agents.append(handler.headers["User-Agent"])  # type: ignore[attr-defined]  # an http.server handler
        plain(handler)

    server.answer = remember  # type: ignore[method-assign]  # the log of this test only
    register(workshop, server)
    visited = workshop.visit(options=("--simulated",), environment={"GONGKAI_CONTACT": "watch@example.org"})
    assert visited.code == 0, visited.log
    assert set(agents) == {agents[0]}
    assert agents[0].startswith("gongkai/")
    assert agents[0].endswith("(+watch@example.org)")
    assert [run.simulated for run in workshop.runs("raw")] == [True]


def test_a_host_in_use_is_skipped_with_a_word(workshop: Workshop, server: RawServer) -> None:
    register(workshop, server)
    lock = workshop.folder / "var" / "locks" / f"{server.host.replace(':', '_')}.lock"
    with locks.hold(lock):
        visited = workshop.visit()
    assert visited.code == 1
    assert visited.lines["raw"]["outcome"] == "skipped"
    assert "in use" in visited.lines["raw"]["reason"]
    assert server.asked == []
    assert workshop.runs("raw") == []


def test_two_portals_on_one_host_take_turns(workshop: Workshop, server: RawServer) -> None:
    server.thinking = 0.05
    server.answers["/two/"] = listing("/nb/1.html")
    register(workshop, server, "one")
    register(workshop, server, "two", "two")
    assert workshop.visit().code == 0
    assert server.most_unanswered == 1
    assert server.paths[0] == server.paths[len(server.paths) // 2] == "/robots.txt"
    first, second = sorted((*workshop.runs("one"), *workshop.runs("two")), key=lambda run: run.started_at)
    assert first.ended_at is not None
    assert first.ended_at <= second.started_at + dt.timedelta(milliseconds=1)


def test_a_write_that_fails_fails_the_run(workshop: Workshop, server: RawServer) -> None:
    register(workshop, server)
    sessions = open_store(workshop.database)
    with sessions.begin() as session:
        session.execute(
            text("CREATE TRIGGER refuse BEFORE INSERT ON capture BEGIN SELECT RAISE(ABORT, 'disk full'); END")
        )
    sessions.kw["bind"].dispose()
    visited = workshop.visit()
    assert visited.code == 1
    assert visited.lines["raw"]["outcome"] == "failed"
    assert "disk full" in visited.lines["raw"]["reason"]
    (run,) = workshop.runs("raw")
    assert run.outcome == "failed"
    assert "disk full" in run.reason
    assert workshop.looks("raw") == []


def test_an_archive_that_fails_fails_the_run(workshop: Workshop, server: RawServer) -> None:
    register(workshop, server)
    (workshop.folder / "var").mkdir(exist_ok=True)
    (workshop.folder / "var" / "archive").write_text("a file where the folder should be")
    visited = workshop.visit()
    assert visited.code == 1
    assert "ArchiveError" in visited.lines["raw"]["reason"]
    assert workshop.captures("raw") == []


def test_an_error_of_ours_fails_the_run_and_says_which_column_it_hit(workshop: Workshop, server: RawServer) -> None:
    server.answers["/two/"] = listing("/nb/1.html")
    columns = [
        {"key": key, "url": f"{server.url}/{path}/", "agencies": ["zibo-xzspj"]}
        for key, path in (("c0", "nb"), ("c1", "two"))
    ]
    workshop.register("raw", family="broken", hosts=[server.host], columns=columns)
    visited = workshop.visit(options=("-s", "FAMILIES=tests.spiders.broken.FAMILIES"))
    assert visited.code == 1
    assert "ZeroDivisionError" in visited.lines["raw"]["reason"]
    assert visited.lines["raw"]["looks"] == {"c0": "incomplete", "c1": "healthy"}
    assert [run.outcome for run in workshop.runs("raw")] == ["failed"]
    assert workshop.looks("raw", "c0")[0].reason


def test_a_visit_that_is_told_to_stop_says_so(workshop: Workshop, server: RawServer) -> None:
    paths = [f"/nb/{number}.html" for number in range(1, 200)]
    server.answers |= {"/nb/": listing(*paths)} | {path: report() for path in paths}
    server.thinking = 0.1
    register(workshop, server)
    with subprocess.Popen(
        workshop.command("2024-01-25T09:00+08:00"),
        env=workshop.process_environment(),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        server.wait_for(5, seconds=60)
        process.terminate()
        line = json.loads(process.stdout.readline())
        assert process.wait(30) == 1
    assert (line["outcome"], line["looks"]) == ("failed", {"c0": "incomplete"})
    (run,) = workshop.runs("raw")
    assert run.outcome == "failed"
    assert "stopped" in run.reason
    assert workshop.looks("raw")[0].outcome == "incomplete"
    assert len(server.asked) < 100
