"""What the tests of the exports share: a seeded store with its registry as a file, and one whole build of it."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from config.agencies import write_agencies
from config.env import Settings
from config.load import Configuration
from crawler.store.session import Sessions, open_store
from monitor.exports import folder
from monitor.exports.build import Wanted, build
from monitor.exports.folder import Build
from tests.monitor.status.seed import NOW, seed


@dataclass(frozen=True, slots=True)
class Stock:
    """A store to export, and where the exports go."""

    settings: Settings
    sessions: Sessions
    configuration: Configuration

    @property
    def exports(self) -> Path:
        return folder.exports_dir(self.settings)

    def built(self, wanted: Wanted | None = None) -> Build | None:
        return build(self.settings, self.sessions, NOW, wanted or Wanted(), lambda done, of: None)


@dataclass(frozen=True, slots=True)
class Made:
    """A build and the folder it is in."""

    stock: Stock
    build: Build
    folder: Path


def stock(folder: Path, database_url: str = "") -> Stock:
    """The seeded agencies; `hostile` names stand in the registry as they do in the store."""
    context = seed(database_url or f"sqlite:///{folder / 'gongkai.db'}", folder)
    config = folder / "config"
    config.mkdir()
    write_agencies(config / "agencies.csv", context.configuration.agencies.values())
    settings = context.settings.model_copy(update={"config_dir": config})
    return Stock(settings, context.sessions, context.configuration)


@pytest.fixture(scope="package")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """One whole build that the tests only read."""
    found = stock(tmp_path_factory.mktemp("exported"))
    build = found.built()
    assert build is not None
    return Made(found, build, found.exports / build.name)


@pytest.fixture
def own(made: Made, tmp_path: Path) -> Stock:
    """A copy of the store, without an export, to be changed."""
    former = made.stock.settings
    paths = (folder / "gongkai.db" for folder in (former.data_dir, tmp_path))
    with closing(sqlite3.connect(next(paths))) as source, closing(sqlite3.connect(next(paths))) as target:
        source.backup(target)
    url = f"sqlite:///{tmp_path / 'gongkai.db'}"
    settings = former.model_copy(update={"data_dir": tmp_path, "database_url": url})
    return Stock(settings, open_store(url), made.stock.configuration)
