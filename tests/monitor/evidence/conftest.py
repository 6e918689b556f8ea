"""The world of these tests, once of each database."""

from pathlib import Path

import pytest

from crawler.store.session import open_store
from tests.monitor.evidence.seen import Seen, played


@pytest.fixture
def seen(database_url: str, tmp_path: Path) -> Seen:
    return played(open_store(database_url, create=True), tmp_path / "var")


@pytest.fixture
def seen_here(tmp_path: Path) -> Seen:
    """On SQLite alone: what does not depend on the database."""
    return played(open_store(f"sqlite:///{tmp_path / 'one.db'}", create=True), tmp_path / "var")
