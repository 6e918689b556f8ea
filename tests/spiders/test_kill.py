"""kill -9 of the crawl: after a restart nothing is lost and nothing is there twice."""

import signal
import subprocess
from collections import Counter

import pytest

from tests.portals import Kind, SimulatedPortals, World
from tests.spiders.dying import POINT_VARIABLE, POINTS
from tests.spiders.visiting import ROOT, Workshop
from tests.spiders.worlds import DAY, trs

pytestmark = pytest.mark.integration


def nothing_lost_nothing_doubled(workshop: Workshop) -> None:
    """After a killed visit and a whole one."""
    killed, whole = workshop.runs("sim")
    assert (killed.outcome, killed.reason) == ("failed", "the process ended before the visit did")
    assert (whole.outcome, whole.reason) == ("finished", "")
    look = workshop.looks("sim")[-1]
    assert (look.run_id, look.outcome, look.entries) == (whole.id, "healthy", 14)
    entries = workshop.entries("sim")
    assert len(entries) == len({entry.url for entry in entries}) == 14
    assert Counter(change.kind for change in workshop.changes("sim")) == {"appeared": 14}
    captures = workshop.captures("sim", whole.id)
    assert Counter(capture.kind for capture in captures) == {"listing": 3, "detail": 12}
    assert {capture.outcome for capture in captures} == {"healthy"}
    kept = workshop.archived()  # verifies every file
    assert len(kept) == len(set(kept))
    assert {capture.sha256 for capture in workshop.captures("sim")} <= set(kept)
    contents = {capture.url: capture.sha256 for capture in captures}
    for capture in workshop.captures("sim", killed.id):
        assert contents[capture.url] == capture.sha256


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_a_point_of_the_writing(workshop: Workshop, point: str) -> None:
    with SimulatedPortals(World((trs("sim"),)), DAY) as portals:
        workshop.configure(*portals)
        dying = {"SCRAPY_SETTINGS_MODULE": "tests.spiders.dying", POINT_VARIABLE: point}
        killed = workshop.visit("2024-01-25T09:00+08:00", environment=dying)
        assert killed.code == -signal.SIGKILL, killed.log
        assert killed.lines == {}
        assert [run.outcome for run in workshop.runs("sim")] == ["running"]
        assert workshop.looks("sim") == []
        stored = len(workshop.captures("sim"))
        assert stored >= 4
        archived = len(workshop.archived())
        if point == "between archive and store":
            assert archived > stored
        asked = len(portals["sim"].requests)
        again = workshop.visit("2024-01-25T10:00+08:00")
        assert again.code == 0, again.log
        unchanged = [request for request in portals["sim"].requests[asked:] if request.status == 304]
        assert len(unchanged) == stored  # what was stored is not sent a second time
    nothing_lost_nothing_doubled(workshop)


def test_killed_from_outside_at_any_moment(workshop: Workshop) -> None:
    with SimulatedPortals(World((trs("sim"),)), DAY) as portals:
        workshop.configure(*portals)
        portals["sim"].misbehave(Kind.SLOW, "/zwgk/nb/2024", seconds=0.3)
        with subprocess.Popen(
            workshop.command("2024-01-25T09:00+08:00"),
            env=workshop.process_environment(),
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            wait_for(portals, 10)
            process.kill()
            process.wait(10)
        portals["sim"].behave()
        again = workshop.visit("2024-01-25T10:00+08:00")
        assert again.code == 0, again.log  # the dead process left no lock behind
    nothing_lost_nothing_doubled(workshop)


def wait_for(portals: SimulatedPortals, requests: int) -> None:
    """Returns when the portal has seen so many requests; a minute is enough for the slowest machine."""
    for _ in range(6000):
        if len(portals["sim"].requests) >= requests:
            return
        portals["sim"].closing.wait(0.01)
    raise TimeoutError(f"only {len(portals['sim'].requests)} requests in a minute")
