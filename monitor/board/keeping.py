"""Keeps the board for everybody who shows it. May touch: the table board, by writes.board. Evaluate alone uses it."""

from sqlalchemy.orm import Session

from crawler.store.reads.board import newest_digest
from crawler.store.writes.board import keep_board
from monitor.board.board import Board
from monitor.board.pack import packed


def keep(session: Session, board: Board) -> bool:
    """Records the board; False if the newest one that is kept says the same, and nothing was written."""
    if newest_digest(session) == board.digest:
        return False
    keep_board(session, made_at=board.made_at, digest=board.digest, content=packed(board))
    return True
