"""Opens the store: engine, schema version, sessions. May touch: the database at the given URL."""

from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from crawler.errors import StoreError

Sessions = sessionmaker[Session]
CACHE = -65536  # KiB, as a negative number says
MIGRATIONS = Path(__file__).resolve().parent / "migrations"


def open_store(database_url: str, *, create: bool = False) -> Sessions:
    """Sessions on the store at `database_url`, a SQLAlchemy URL of SQLite or PostgreSQL.

    With `create` the schema is made or brought up to date. Without, a database that is absent or of another version is
    refused with StoreError, which says what to do; one that a newer program made is refused either way.
    """
    try:
        engine = _engine(database_url)
        with engine.connect() as connection:
            found = schema_version(connection)
        if create and found != head() and (found is None or found in versions()):
            upgrade(engine)
        elif problem := version_problem(found):
            raise StoreError(f"the database {_shown(database_url)} {problem}")
    except (SQLAlchemyError, OSError) as error:
        raise StoreError(f"the database {_shown(database_url)} cannot be used: {_first_line(error)}") from error
    return sessionmaker(engine, expire_on_commit=False)


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Runs the migrations up to `revision`; each one keeps the data that is there."""
    from alembic import command  # takes a third of a second, which only a new version needs
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def head() -> str:
    """The newest schema version that this program knows."""
    return versions()[-1]


def schema_version(connection: Connection) -> str | None:
    """The version of the schema as the database states it; None where there is none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return version


def version_problem(version: str | None) -> str:
    """Why a database of this schema version cannot be used, and what to do, as it goes on after its name; "" if it can."""
    if version == head():
        return ""
    if version is None:
        return "has no tables yet: run `gongkai migrate`"
    if version in versions():
        return f"is of version {version}, the program needs {head()}: run `gongkai migrate`"
    known = ", ".join(versions())
    return f"is of version {version}, which this program does not know (it knows {known}): a newer gongkai made it, use that one"


@cache
def versions() -> tuple[str, ...]:
    """All of them, oldest first: with them the names of the migrations begin."""
    return tuple(sorted(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py")))


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
