"""One SQLite database with everything, ready for Datasette: keys, indexes, full-text search, descriptions beside it.

Touches the folder it is given. Days and moments are ISO text, true and false are 1 and 0, numbers are NUMERIC (a count is
exact; of an amount SQLite keeps fifteen digits). The search takes three signs at least (trigrams: Chinese has no blanks
between words).
"""

import json
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import ClassVar

from monitor.days import SHANGHAI
from monitor.exports.formats.contract import File, exact, iso, kinds
from monitor.exports.model import Kind, Row, Table, Value

NAME = "gongkai.db"
METADATA = "metadata.json"
TYPES = {
    Kind.TEXT: "TEXT",
    Kind.INTEGER: "INTEGER",
    Kind.DECIMAL: "NUMERIC",
    Kind.BOOLEAN: "INTEGER",
    Kind.DAY: "TEXT",
    Kind.MOMENT: "TEXT",
    Kind.JSON: "TEXT",
}
CACHE = -8192  # KiB
CONVERTS: dict[Kind, Callable[[Value], Value]] = {
    Kind.DECIMAL: exact,
    Kind.BOOLEAN: int,
    Kind.DAY: lambda value: value.isoformat(),
    Kind.MOMENT: lambda value: iso(value, SHANGHAI),
}


class Database:
    NAME: ClassVar[str] = "sqlite"

    def __init__(self, folder: Path) -> None:
        self.files: list[File] = []
        self.folder = folder
        self._rows = 0
        with closing(self.connected()) as connection:
            connection.execute("PRAGMA page_size=4096")
            connection.execute("VACUUM")

    def connected(self) -> sqlite3.Connection:
        """A new file that nobody else reads and that is thrown away if anything fails: no journal is needed."""
        connection = sqlite3.connect(self.folder / NAME, isolation_level=None)
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "temp_store=FILE", f"cache_size={CACHE}"):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    def open(self, table: Table, expected: int) -> "_Writer":
        return _Writer(self, table)

    def add(self, rows: int) -> None:
        self._rows += rows

    def finish(self, tables: Sequence[Table]) -> None:
        """Indexes, search and statistics; then the descriptions."""
        with closing(self.connected()) as connection:
            for table in tables:
                for name in table.indexes:
                    connection.execute(
                        f"CREATE INDEX {quoted(f'ix_{table.name}_{name}')} ON {quoted(table.name)} ({quoted(name)})"
                    )
                if table.search:
                    _add_search(connection, table)
            connection.execute("ANALYZE")
        names = tuple(table.name for table in tables)
        self.files.append(File(NAME, self.NAME, "application/vnd.sqlite3", names, self._rows))
        text = json.dumps(metadata(tables), ensure_ascii=False, indent=1)
        (self.folder / METADATA).write_text(text, encoding="utf-8")
        self.files.append(File(METADATA, self.NAME, "application/json"))


class _Writer:
    def __init__(self, format_: Database, table: Table) -> None:
        self._format = format_
        self._connection = format_.connected()
        self._connection.execute(created(table))
        self._connection.execute("BEGIN")
        self._insert = f"INSERT INTO {quoted(table.name)} VALUES ({', '.join('?' * len(table.fields))})"  # noqa: S608 - our own names, quoted
        self._places = [(place, CONVERTS[kind]) for place, kind in enumerate(kinds(table)) if kind in CONVERTS]
        self._rows = 0

    def write(self, rows: Sequence[Row]) -> None:
        self._connection.executemany(self._insert, [self._converted(row) for row in rows])
        self._rows += len(rows)

    def _converted(self, row: Row) -> list[Value]:
        values = list(row)
        for place, convert in self._places:
            if values[place] is not None:
                values[place] = convert(values[place])
        return values

    def close(self) -> None:
        self._connection.execute("COMMIT")
        self._connection.close()
        self._format.add(self._rows)

    def discard(self) -> None:
        self._connection.close()


def created(table: Table) -> str:
    """The statement that makes the table, with its keys."""
    lines = [
        f"{quoted(one.name)} {TYPES[one.kind]}{' NOT NULL' if one.required else ''}"
        + (" PRIMARY KEY" if table.key == (one.name,) else "")
        for one in table.fields
    ]
    if len(table.key) > 1:
        lines.append(f"PRIMARY KEY ({', '.join(quoted(name) for name in table.key)})")
    lines += [
        f"FOREIGN KEY ({quoted(one.field)}) REFERENCES {quoted(one.table)} ({quoted(one.key)})"
        for one in table.references
    ]
    return f"CREATE TABLE {quoted(table.name)} (\n  " + ",\n  ".join(lines) + "\n)"


def _add_search(connection: sqlite3.Connection, table: Table) -> None:
    """Datasette finds the index by its content table."""
    names = ", ".join(quoted(name) for name in table.search)
    search = quoted(f"{table.name}_fts")
    connection.execute(
        f"CREATE VIRTUAL TABLE {search} USING fts5({names}, content={quoted(table.name)}, tokenize='trigram')"
    )
    connection.execute(f"INSERT INTO {search} ({search}) VALUES ('rebuild')")  # noqa: S608 - our own names, quoted


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def metadata(tables: Sequence[Table]) -> dict[str, object]:
    """Datasette's metadata.json: descriptions of every table and column, in both languages."""
    return {
        "title": "公开 gongkai",
        "license": "CC BY 4.0",
        "license_url": "https://creativecommons.org/licenses/by/4.0/",
        "databases": {
            Path(NAME).stem: {
                "tables": {
                    table.name: {
                        "title": f"{table.zh} {table.en}",
                        "description": f"{table.about_zh} {table.about_en}",
                        "columns": {one.name: f"{one.zh} / {one.en}" for one in table.fields},
                    }
                    for table in tables
                }
            }
        },
    }
