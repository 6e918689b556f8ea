"""Writes many rows at once into an empty store: SQLite by executemany in one transaction, PostgreSQL by COPY.

May touch: the database that it is given. Values are texts and numbers as the database keeps them, moments in UTC, so that the
same rows go into both.
"""

import datetime as dt
import itertools
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

from crawler.store.session import open_store
from crawler.store.tables import Base

Row = Sequence[str | int | None]
AT_ONCE = 20_000


class Writer(Protocol):
    def write(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> int:
        """Adds the rows and returns how many they were."""
        ...


@contextmanager
def writing(database_url: str, *, anew: bool) -> Iterator[Writer]:
    """A writer into a store that holds nothing; all that it wrote is there at the end, or nothing is.

    `anew`: what the database holds is dropped. Raises RuntimeError where it holds something otherwise.
    """
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        with _sqlite(Path(url.database or ""), anew=anew) as writer:
            yield writer
    else:
        with _postgres(url, anew=anew) as writer:
            yield writer


class _Sqlite:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def write(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> int:
        names = ", ".join(f'"{name}"' for name in columns)
        statement = f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(columns))})"
        count = 0
        for some in _batches(rows):
            self._connection.executemany(statement, some)
            count += len(some)
        return count


@contextmanager
def _sqlite(path: Path, *, anew: bool) -> Iterator[Writer]:
    """Into a file beside it, which takes its place at the end."""
    if path.exists() and not anew:
        raise RuntimeError(f"{path} is there already: --anew replaces it")
    part = path.with_name(f"{path.name}.part")
    for old in path.parent.glob(f"{part.name}*"):
        old.unlink()
    open_store(f"sqlite:///{part}", create=True).kw["bind"].dispose()
    connection = sqlite3.connect(part, isolation_level=None)
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-262144", "locking_mode=EXCLUSIVE"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("BEGIN")
    yield _Sqlite(connection)
    connection.execute("COMMIT")
    connection.execute("PRAGMA analysis_limit=1000")  # else every row is read again
    connection.execute("ANALYZE")
    connection.close()
    for old in path.parent.glob(f"{path.name}-*"):
        old.unlink()
    part.replace(path)


class _Postgres:
    def __init__(self, cursor: psycopg.Cursor) -> None:
        self._cursor = cursor

    def write(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> int:
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
        count = 0
        with self._cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
                count += 1
        if "id" in columns:
            self._cursor.execute(
                sql.SQL(
                    "SELECT setval(pg_get_serial_sequence({}, 'id'), greatest((SELECT max(id) FROM {}), 1))"
                ).format(sql.Literal(table), sql.Identifier(table))
            )
        return count


@contextmanager
def _postgres(url: URL, *, anew: bool) -> Iterator[Writer]:
    open_store(url.render_as_string(hide_password=False), create=True).kw["bind"].dispose()
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    tables = sql.SQL(", ").join(sql.Identifier(name) for name in Base.metadata.tables)
    with psycopg.connect(plain) as connection, connection.cursor() as cursor:
        cursor.execute("SET TIME ZONE 'UTC'")
        if not anew and cursor.execute("SELECT 1 FROM agency_state LIMIT 1").fetchone():
            raise RuntimeError("the database holds states already: --anew replaces them")
        # Also when it is empty: what is copied into a table of the same transaction needs no log.
        cursor.execute(sql.SQL("TRUNCATE {}").format(tables))
        yield _Postgres(cursor)
        connection.commit()
        connection.autocommit = True
        cursor.execute("VACUUM (ANALYZE)")


def stored(moment: dt.datetime) -> str:
    """A moment as SQLite keeps it (crawler.store.columns.Moment) and PostgreSQL reads it."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    source = iter(rows)
    while some := list(itertools.islice(source, AT_ONCE)):
        yield some
