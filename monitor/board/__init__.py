"""The board: how every agency stands in every year, in arrays, so that any selection is counted and listed at once.

Evaluate makes it anew with the states that it writes, in the same transaction; pages, API, feeds and exports read it.
What belongs to one agency alone (reasons, evidence, facts) they read from the store.
"""

from monitor.board.board import Board
from monitor.board.build import build
from monitor.board.kept import Boards
from monitor.board.values import ColumnSight, Place, Totals

__all__ = ["Board", "Boards", "ColumnSight", "Place", "Totals", "build"]
