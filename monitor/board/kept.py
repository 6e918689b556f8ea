"""The board that a process shows: the newest that was kept, or one that it made itself where none was.

May touch: the store, for reading.
"""

import datetime as dt
import threading
import time
from collections.abc import Callable
from dataclasses import replace

from sqlalchemy.orm import Session

from config.load import Configuration
from crawler.store.reads import board as reads
from crawler.store.reads import coverage
from crawler.store.session import Sessions
from monitor.board.board import Board
from monitor.board.build import build, registry_digest
from monitor.board.pack import unpacked
from monitor.days import day_of

LOOK_EVERY = 1.0  # seconds between two looks for a newer board


class Boards:
    """Hands out the newest board; safe to be asked by many threads. `now`: of counting days and years.

    A kept board that was made of another registry than this process has read is not shown: it makes its own then, as it does
    in a store where nothing was judged yet. Its own one it makes anew when something was recorded.
    """

    def __init__(self, sessions: Sessions, configuration: Configuration, now: Callable[[], dt.datetime]) -> None:
        self._sessions = sessions
        self._configuration = configuration
        self._now = now
        self._registry = registry_digest(configuration)
        self._lock = threading.Lock()
        self._board: Board | None = None
        self._of: object = None  # the kept board's id, or the marks of the store that our own was made at
        self._foreign: int | None = None  # the id of a kept board that is not to be shown
        self._looked = float("-inf")

    def current(self) -> Board:
        """The newest board. While one thread looks for a newer one, the others get the one before."""
        board = self._board
        if board is not None and (
            time.monotonic() - self._looked < LOOK_EVERY or not self._lock.acquire(blocking=False)
        ):
            return board
        if board is None:
            self._lock.acquire()
        try:
            self._board = self._refreshed(self._board)
            self._looked = time.monotonic()
            return self._board
        finally:
            self._lock.release()

    def _refreshed(self, board: Board | None) -> Board:
        with self._sessions() as session:
            return self._judged(session, self._newest(session, board))

    def _newest(self, session: Session, board: Board | None) -> Board:
        newest = reads.newest_board(session)
        if board is not None and newest == self._of:
            return board
        if newest != self._foreign:
            kept = self._kept(session, newest)
            if kept is not None:
                self._of = newest
                return kept
            self._foreign = newest
        marks = (day_of(self._now()), *reads.marks(session))
        if board is None or marks != self._of:
            board, self._of = build(session, self._configuration, self._now()), marks
        return board

    def _judged(self, session: Session, board: Board) -> Board:
        """With the moment of a later evaluation, which keeps no board where everything stands as before."""
        judged = coverage.last_finished(session, "evaluate")
        # The jobs run by the real clock: beside a pretended present theirs may be a moment to come.
        if judged is None or judged > self._now() or (board.judged_at is not None and judged <= board.judged_at):
            return board
        return replace(board, judged_at=judged)

    def _kept(self, session: Session, newest: int | None) -> Board | None:
        content = reads.board_content(session, newest) if newest is not None else None
        board = unpacked(content) if content is not None else None
        return board if board is not None and board.registry == self._registry else None
