"""How the API answers: conditional requests, pages with their links, the headers of all answers.

May touch: the clock of the page, and what this process remembers of the versions that it has shown.

An ETag is made of what an answer depends on (the board's digest, the newest ids of the tables), never of its body, so that
an unchanged one costs no more than looking at these. Whoever reads marks first and rows later can only mark something as
older than it is.
"""

import datetime as dt
import hashlib
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from email.utils import format_datetime
from functools import cached_property
from importlib.metadata import version
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

from fastapi import Request, Response
from pydantic import BaseModel
from pydantic_core import to_json

from monitor.board import Board
from monitor.days import day_of
from monitor.status.api import cursors
from monitor.status.api.cursors import BadCursor, Place
from monitor.status.api.headers import CORS
from monitor.status.api.models.common import Page, Shown
from monitor.status.api.queries import BadParameter, Paged
from monitor.status.validators import etag_of, has_it
from monitor.status.web import Web
from monitor.wording import FOLDER, load

JSON: Final = "application/json"
Shape = TypeVar("Shape", bound=Page[Any])
Marks = tuple[object, ...]


@dataclass
class Answers:
    """One for each application. `answer` and `page` are safe to be called by many threads."""

    web: Web
    _shown: dict[str, tuple[Marks, dt.datetime]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def board_marks(self, board: Board) -> Marks:
        """What an answer made of the board depends on: days are counted, and change at midnight."""
        return (board.digest, day_of(self.web.now()).isoformat())

    def answer(
        self, request: Request, resource: str, marks: Marks, make: Callable[[], BaseModel | dict[str, Any]]
    ) -> Response:
        """`make` is called only if the asker has nothing or something older.

        `resource`: the name under which its last change is remembered; `marks`: everything that it depends on.
        """
        etag = self._etag(request, marks)
        modified = self._modified(resource, marks)
        headers = {
            **CORS,
            "ETag": etag,
            "Last-Modified": format_datetime(modified, usegmt=True),
            "Cache-Control": "no-cache",
        }
        if has_it(request.headers, etag, modified):
            return Response(status_code=304, headers=headers)
        body = make()
        following = body.next if isinstance(body, Page) else None
        if following is not None:
            headers["Link"] = f'<{following}>; rel="next"'
        content = body.model_dump_json() if isinstance(body, BaseModel) else to_json(body)
        return Response(content, headers=headers, media_type=JSON)

    def page(
        self,
        request: Request,
        shape: type[Shape],
        board: Board,
        items: Sequence[Shown],
        following: Sequence[str | int] | None,
    ) -> Shape:
        """`following`: the place at which the next page begins; None at the end."""
        return shape(
            generated_at=self.web.now(),
            judged_at=board.judged_at,
            simulated=board.simulated,
            items=list(items),
            next=None if following is None else _next(request, following),
        )

    def _etag(self, request: Request, marks: Marks) -> str:
        """Weak: the same content may be packed in another way, and the moment of the answer stands in it."""
        return etag_of(self._edition, self.web.settings.public_url, marks, request.url.path, request.url.query)

    @cached_property
    def _edition(self) -> str:
        """Of the program and its words."""
        return hashlib.sha256(repr((version("gongkai-watch"), load(FOLDER))).encode()).hexdigest()

    def _modified(self, resource: str, marks: Marks) -> dt.datetime:
        """When this process first saw what it shows now. Two versions never have the same second."""
        with self._lock:
            known = self._shown.get(resource)
            if known is None or known[0] != marks:
                now = self.web.now().astimezone(dt.UTC).replace(microsecond=0)
                known = marks, now if known is None else max(now, known[1] + dt.timedelta(seconds=1))
                self._shown[resource] = known
            return known[1]


def place_of(request: Request, query: Paged, shape: Sequence[type[str] | type[int]]) -> Place | None:
    """Where the page begins; None: at the beginning. Raises BadParameter for a cursor that is none of this list."""
    if query.cursor is None:
        return None
    try:
        return cursors.unpacked(_scope(request), query.cursor, shape)
    except BadCursor as error:
        raise BadParameter("cursor", "不是此列表的游标", "it is no cursor of this list with these filters") from error


def _next(request: Request, place: Sequence[str | int]) -> str:
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
    return f"{request.url.path}?{urlencode([*kept, ('cursor', cursors.packed(_scope(request), place))])}"


def _scope(request: Request) -> str:
    """The list and what was selected of it; the size of its pages may change from one to the next."""
    kept = sorted((name, value) for name, value in request.query_params.items() if name not in ("cursor", "limit"))
    return f"{request.url.path}?{urlencode(kept)}"
