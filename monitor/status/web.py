"""What every route gets: settings, configuration, store, board, templates, clock and archived documents. A value; opens nothing."""

import datetime as dt
from dataclasses import dataclass, field

from config.env import Settings
from config.load import Configuration
from crawler.store.session import Sessions
from monitor.board import Board, Boards
from monitor.clock import Clock
from monitor.status.account.limits import Limits
from monitor.status.documents import Documents
from monitor.status.site import Site


@dataclass(frozen=True, slots=True)
class Web:
    """`clock` is that of judging, which may be a pretended present; sessions and limits run by the real one."""

    settings: Settings
    configuration: Configuration
    sessions: Sessions
    boards: Boards
    site: Site
    clock: Clock
    documents: Documents
    limits: Limits = field(default_factory=Limits)

    def now(self) -> dt.datetime:
        """The moment at which days are counted."""
        return self.clock.now()

    def board(self) -> Board:
        """The newest board: who is watched and how everybody stands."""
        return self.boards.current()
