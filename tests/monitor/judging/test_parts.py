"""What an evaluation keeps in memory: it writes very much in parts, and gives only counts where nobody asks for more."""

from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from config.env import Settings
from config.schema import AgencyKind
from crawler.store.session import open_store
from monitor.context import Context
from monitor.judging import evaluate as evaluation
from monitor.model import EvaluateResult
from tests.monitor.checks.history import moment
from tests.monitor.world import Page, World, agency, configuration

SW = agency("shili-sw", "示例市水务局")
WL = agency("shili-wl", "示例市文旅局")
COUNTY = agency("shili-xian", "示例县人民政府", AgencyKind.GOVERNMENT)


@pytest.fixture
def world(database_url: str) -> World:
    return World(open_store(database_url, create=True), configuration(SW, WL, COUNTY))


def test_in_parts_it_writes_what_it_writes_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first evaluation of a country is written in parts; a part is whole for its agencies."""
    written = []
    for parts in (20_000, 1):
        monkeypatch.setattr(evaluation, "WRITTEN_AT_ONCE", parts)
        monkeypatch.setattr(evaluation, "AGENCIES_AT_ONCE", 1)
        sessions = open_store(f"sqlite:///{tmp_path / f'{parts}.db'}", create=True)
        world = World(sessions, configuration(SW, WL, COUNTY))
        commits: list[Engine] = []
        event.listen(sessions.kw["bind"], "commit", commits.append)
        for day in ("01-10", "02-01", "02-02", "02-05"):
            pages = [Page("nb", stated=day, broken=True)] if day == "02-05" else []
            for who in (SW, WL):
                world.visit(who.id, day, pages)
            before = len(commits)
            result = world.evaluate(day)
        written.append((world.contents(), result))
        assert len(commits) - before == (3 if parts == 1 else 1)
    assert written[0] == written[1]
    assert len(written[0][0]["event"]) > 5


def test_counts_only(world: World) -> None:
    for day in ("02-01", "02-02"):
        world.visit(SW.id, day)
    known = world.evaluate("02-02", record=False)
    context = Context(Settings(), world.configuration, world.sessions, moment("02-02"))
    counted = evaluation.evaluate(context, counts_only=True)
    assert (known.judged, known.recorded) == (len(known.assessments), len(known.events)) == (3, 3)
    assert counted == EvaluateResult((), (), known.judged, known.recorded)
    assert world.count("event") == known.recorded
