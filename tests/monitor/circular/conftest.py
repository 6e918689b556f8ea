"""The invented town, made once for all tests of circulars; they read it and write nothing into it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.circular.model import Circular
from tests.monitor.circular import town
from tests.monitor.world import World


@pytest.fixture(scope="package")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = town.build(tmp_path_factory.mktemp("town"))
    yield made
    made.sessions.kw["bind"].dispose()


@pytest.fixture(scope="package")
def circular(world: World) -> Circular:
    return town.circular(world)


@pytest.fixture(scope="session")
def screens() -> Path:
    """Where pictures are put, for a person to look at; never committed."""
    folder = Path(__file__).resolve().parents[2] / "_screens"
    folder.mkdir(exist_ok=True)
    return folder
