"""Opens the store: engine, schema version, sessions. May touch: the database at the given URL."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from crawler.errors import StoreError

Sessions = sessionmaker[Session]
CACHE = -65536  # KiB, as a negative number says
MIGRATIONS = Path(__file__).resolve().parent / "migrations"


def open_store(database_url: str, *, create: bool = False) -> Sessions:
    """Sessions on the store at `database_url`, a SQLAlchemy URL of SQLite or PostgreSQL.

    With `create` the schema is made or brought up to date. Without, a database that is absent or of
    another version is refused with StoreError, which says what to do.
    """
    try:
        engine = _engine(database_url)
        if create:
            upgrade(engine)
        elif (found := _revision(engine)) != head():
            state = "has no tables yet" if found is None else f"is of version {found}, the program needs {head()}"
            raise StoreError(f"the database {_shown(database_url)} {state}: run `gongkai migrate`")
    except (SQLAlchemyError, OSError) as error:
        raise StoreError(f"the database {_shown(database_url)} cannot be used: {_first_line(error)}") from error
    return sessionmaker(engine, expire_on_commit=False)


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Runs the migrations up to `revision`; each one keeps the data that is there."""
    with engine.begin() as connection:
        config = _alembic()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def head() -> str:
    """The newest schema version that this program knows."""
    return ScriptDirectory.from_config(_alembic()).get_current_head() or ""


def _revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def _engine(database_url: str) -> Engine:
    try:
        url = make_url(database_url)
    except ArgumentError as error:
        raise StoreError(f"GONGKAI_DATABASE_URL: {_shown(database_url)!r} is no database URL") from error
    if url.get_backend_name() == "sqlite":
        if url.database and url.database != ":memory:":
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(url, connect_args={"timeout": 30})
        event.listen(engine, "connect", _prepare_sqlite)
        return engine
    if url.get_backend_name() == "postgresql":
        return create_engine(url.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
    raise StoreError(f"GONGKAI_DATABASE_URL: {url.get_backend_name()} is not supported; use sqlite or postgresql")


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """WAL lets the page read while a crawl writes; NORMAL loses nothing to a killed process, only to a power cut.

    64 MiB of cache: with SQLite's own 2 MiB an evaluation reads the same pages from the system again and again.
    """
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "busy_timeout=30000",
        f"cache_size={CACHE}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _shown(database_url: str) -> str:
    try:
        return make_url(database_url).render_as_string(hide_password=True)
    except ArgumentError:
        return "(not shown)"


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
