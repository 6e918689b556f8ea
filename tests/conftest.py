"""What all tests share: the real servers that cost something to start, and no connection left open."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import Connection, Engine, event

from tests.servers.postgres import Cluster, running_cluster

# pytest --hypothesis-profile=many: what a test of histories is shown before a release (tests/monitor/checks).
settings.register_profile("many", max_examples=20_000, deadline=None)

# What takes minutes by itself. It comes first, so that at the end no core waits for another.
LONG = (
    "test_story.py",
    "country/test_country.py",
    "country/test_cut.py",
    "country/test_move.py",
    "monitor/status/api/test_schema.py",
    "monitor/exports/test_command.py",
)

# A shell starts what runs in its background with SIGINT ignored, and every child inherits that; the tests of Ctrl-C
# need it as at a terminal.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    long = [Path(__file__).parent / name for name in LONG]
    items.sort(key=lambda item: long.index(item.path) if item.path in long else len(long))


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[Cluster]:
    with running_cluster() as cluster:
        yield cluster


@pytest.fixture
def postgres_url(postgres_cluster: Cluster) -> str:
    """The SQLAlchemy URL of an empty PostgreSQL database."""
    return postgres_cluster.new_database()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.integration)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database, once of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture(autouse=True)
def _connections_are_closed() -> Iterator[None]:
    """Empties the pools of all engines that a test has used: a connection left open is an error (filterwarnings)."""
    engines: set[Engine] = set()

    def remember(connection: Connection) -> None:
        engines.add(connection.engine)

    event.listen(Engine, "engine_connect", remember)
    yield
    event.remove(Engine, "engine_connect", remember)
    for engine in engines:
        engine.dispose()
