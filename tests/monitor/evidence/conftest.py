"""The world of these tests: on each database, and on SQLite alone a copy of one that was played once."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.store.session import open_store
from tests.monitor.evidence.seen import Seen, played


@pytest.fixture
def seen(database_url: str, tmp_path: Path) -> Seen:
    return played(open_store(database_url, create=True), tmp_path / "var")


@pytest.fixture(scope="module")
def first_seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    folder = tmp_path_factory.mktemp("seen")
    sessions = open_store(f"sqlite:///{folder / 'var' / 'gongkai.db'}", create=True)
    yield played(sessions, folder / "var")
    sessions.kw["bind"].dispose()


@pytest.fixture
def seen_here(first_seen: Seen, tmp_path: Path) -> Seen:
    """Its own copy for each test: what does not depend on the database."""
    first_seen.sessions.kw["bind"].dispose()  # so that everything is in the file
    shutil.copytree(first_seen.settings.data_dir, tmp_path / "var")
    return first_seen.copied(open_store(f"sqlite:///{tmp_path / 'var' / 'gongkai.db'}"), tmp_path / "var")
