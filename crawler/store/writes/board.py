"""Keeps the newest board, and the one before it for those who are just reading it. May touch: the table board."""

import datetime as dt

from sqlalchemy import delete
from sqlalchemy.orm import Session

from crawler.store.tables import BoardRow


def keep_board(session: Session, *, made_at: dt.datetime, digest: str, content: bytes) -> int:
    """Records a packed board and returns its id."""
    row = BoardRow(made_at=made_at, digest=digest, content=content)
    session.add(row)
    session.flush()
    session.execute(delete(BoardRow).where(BoardRow.id < row.id - 1))
    return row.id
