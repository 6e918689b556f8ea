"""Counts what a read model asks of a database. May touch: the engine of the sessions it is given, while it counts."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event

from crawler.store.session import Sessions


@contextmanager
def counted(sessions: Sessions) -> Iterator[list[str]]:
    """The SELECTs that go to the database within the block."""
    statements: list[str] = []

    def remember(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            statements.append(statement)

    engine = sessions.kw["bind"]
    assert isinstance(engine, Engine)
    event.listen(engine, "before_cursor_execute", remember)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", remember)
