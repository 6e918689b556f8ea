"""The invented country of the benchmarks, a small one: every row of it is one that the program itself could have written."""

import json
from pathlib import Path

import pytest
from sqlalchemy import func, select

from benchmarks.country.registry import country
from benchmarks.country_db import Size, make_configuration, make_store
from config.load import load
from crawler.store.session import open_store
from crawler.store.tables import AgencyState, Capture, FactRow, Filing
from monitor.board import build
from monitor.model import State
from tests.monitor.board.world import NOW

SMALL = Size(agencies=300, years=3, seed=5, whole=60)


def test_it_is_the_same_by_its_seed() -> None:
    assert country(300, 5) == country(300, 5)
    assert country(300, 5) != country(300, 6)
    found = country(1000, 5)
    assert [one.id for one in found] == sorted({one.id for one in found})
    assert len({one.name for one in found}) == 1000
    assert all("示例" in one.name for one in found)


def test_a_store_of_it_is_read_as_any_other(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'gongkai.db'}"
    configuration = load(make_configuration(tmp_path, SMALL))
    rows = make_store(url, SMALL)
    assert rows["agency_state"] == SMALL.agencies * SMALL.years
    with pytest.raises(RuntimeError, match="--anew"):
        make_store(url, SMALL)
    sessions = open_store(url)
    with sessions() as session:
        board = build(session, configuration, NOW.replace(year=2026), None)
        for year in board.years:
            counted = select(AgencyState.state, func.count()).where(AgencyState.year == year)
            recorded = {State(state): count for state, count in session.execute(counted.group_by(AgencyState.state))}
            assert {state: count for state, count in board.totals(year).states.items() if count} == recorded
        for state in session.scalars(select(AgencyState)):
            assert state.details["agency"]["name"] == configuration.agencies[state.agency_id].name
            assert state.details["state"] == state.state
            assert "@" not in json.dumps(state.details)
        filed = session.scalars(select(Filing)).all()
        assert len(filed) == rows["filing"]
        captures = dict(session.execute(select(Capture.id, Capture.sha256)).all())
        assert {one.capture_id for one in filed} <= captures.keys()
        assert session.scalar(select(func.count()).select_from(FactRow)) == rows["fact"] > 0
    sessions.kw["bind"].dispose()
