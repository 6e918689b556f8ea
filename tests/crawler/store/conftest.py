"""Each store test runs on SQLite and on a real PostgreSQL."""

import pytest

from crawler.store.session import Sessions, open_store


@pytest.fixture
def sessions(database_url: str) -> Sessions:
    return open_store(database_url, create=True)
