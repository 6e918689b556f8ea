"""A list that is read from the store: asked for, marked, and made only for who has not got it. May touch: the store, for reading."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from fastapi import Request, Response
from sqlalchemy.orm import Session

from crawler.store.reads import chronicle
from crawler.store.tables import Base
from monitor.board import Board
from monitor.status.api.answers import Answers, Shape, place_of
from monitor.status.api.cursors import Place
from monitor.status.api.models.common import Page, Shown
from monitor.status.api.queries import Paged
from monitor.status.web import Web

Asking = TypeVar("Asking", bound=Paged, covariant=True)


@dataclass(frozen=True, slots=True)
class Asked(Generic[Asking]):
    """What was asked for, with the store open. `place`: where the page begins; None: at the beginning."""

    answers: Answers
    request: Request
    session: Session
    board: Board
    query: Asking
    place: Place | None

    @property
    def web(self) -> Web:
        return self.answers.web

    def page(self, shape: type[Shape], items: Sequence[Shown], following: Sequence[str | int] | None) -> Shape:
        """`following`: the place at which the next page begins; None at the end."""
        return self.answers.page(self.request, shape, self.board, items, following)


def listed(
    answers: Answers,
    request: Request,
    query: Asking,  # type: ignore[misc]  # only handed on
    make: Callable[[Asked[Asking]], Page[Any]],
    *,
    name: str,
    shape: Sequence[type[str] | type[int]],
    tables: Sequence[type[Base]],
) -> Response:
    """One page of the list `name`. `shape`: of a cursor's place. `tables`: what it depends on besides the board."""
    board = answers.web.board()
    place = place_of(request, query, shape)
    with answers.web.sessions() as session:
        marks = answers.board_marks(board) + chronicle.marks(session, *tables)
        asked = Asked(answers, request, session, board, query, place)
        return answers.answer(request, name, marks, lambda: make(asked))
