"""The same questions to PostgreSQL: its own SQL for keys, JSON and order gives the same lists as SQLite's."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from monitor.clock import FixedClock
from monitor.status import create_app
from tests.monitor.status.api.conftest import items
from tests.monitor.status.api.test_lists import LISTS, key
from tests.monitor.status.seed import seed
from tests.servers.postgres import Cluster

pytestmark = pytest.mark.integration
# Each way in which rows are chosen in the store.
ASKED = LISTS | {
    "reports?year=2024": ("id",),
    "reports?region=990100": ("id",),
    "versions?year=2024": ("report", "content.sha256"),
    "facts?code=proactive.fees.amount&year=2023": ("report",),
    "facts?region=990121&year=2023": ("report", "code"),
    "changes?severity=high": ("id",),
    "events?kind=late": ("id",),
    "events?kind=late&year=2024": ("id",),
    "events?year=2024": ("id",),
    "findings?agency=shili-sjj&kind=arithmetic": ("id",),
    "indicators": ("code",),
}


@pytest.fixture(scope="module")
def on_postgres(postgres_cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    context = seed(postgres_cluster.new_database(), tmp_path_factory.mktemp("on_postgres"))
    yield create_app(context.settings, context.configuration, context.sessions, FixedClock(context.now))
    context.sessions.kw["bind"].dispose()


@pytest.mark.parametrize("path", ASKED)
def test_the_same_list(app: FastAPI, on_postgres: FastAPI, path: str) -> None:
    join = "&" if "?" in path else "?"
    address = f"/api/v1/{path}{join}limit=7" if "facts" not in path else f"/api/v1/{path}{join}limit=60"
    expected = [key(item, ASKED[path]) for item in items(app, address)]
    assert expected
    assert [key(item, ASKED[path]) for item in items(on_postgres, address)] == expected
