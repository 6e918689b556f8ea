"""Each store test runs on SQLite and on a real PostgreSQL."""

from pathlib import Path

import pytest

from crawler.store.session import Sessions, open_store


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.integration)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def sessions(database_url: str) -> Sessions:
    return open_store(database_url, create=True)
