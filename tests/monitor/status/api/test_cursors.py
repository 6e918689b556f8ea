"""Cursors: what they mark, and that nothing else is taken for one."""

import base64

import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from monitor.status.api.cursors import MOST, BadCursor, packed, unpacked
from tests.monitor.status.test_routes import ask

SCOPE = "/api/v1/events?kind=late"


@given(st.tuples(st.text(max_size=60), st.integers(0, MOST)))
def test_a_cursor_is_its_place(place: tuple[str, int]) -> None:
    cursor = packed(SCOPE, place)
    assert cursor.isascii() and cursor.replace("-", "").replace("_", "").isalnum()
    assert unpacked(SCOPE, cursor, (str, int)) == place


@given(st.text(max_size=100))
def test_nothing_else_is_one(text: str) -> None:
    with pytest.raises(BadCursor):
        unpacked(SCOPE, text, (int,))


@pytest.mark.parametrize(
    ("scope", "place", "shape"),
    [
        ("/api/v1/findings?kind=late", (1,), (int,)),  # of another list
        ("/api/v1/events?kind=missing", (1,), (int,)),  # of other filters
        (SCOPE, ("1",), (int,)),  # of another shape
        (SCOPE, (1, 2), (int,)),
        (SCOPE, (-1,), (int,)),
        (SCOPE, (MOST + 1,), (int,)),  # no store has such an id
    ],
)
def test_a_foreign_cursor_is_refused(scope: str, place: tuple[str | int, ...], shape: tuple[type[int], ...]) -> None:
    with pytest.raises(BadCursor):
        unpacked(SCOPE, packed(scope, place), shape)


def test_what_marks_no_place_is_refused() -> None:
    for content in (b"[true]", b"{}", b"[[1]]", b"[1e99]", b"\xff", b"[" * 5000):
        forged = base64.urlsafe_b64encode(b"000000" + content).decode().rstrip("=")
        with pytest.raises(BadCursor):
            unpacked(SCOPE, forged, (int,))


@pytest.mark.parametrize("cursor", ["x", "AAAA", "%C3%A9", "a" * 400, "a" * 401, "", "YWJj", "=", "../.."])
@pytest.mark.parametrize("path", ["agencies", "coverage", "reports", "facts", "versions", "events", "portals"])
def test_a_forged_cursor_is_a_problem_and_no_error(app: FastAPI, path: str, cursor: str) -> None:
    answer = ask(app, f"/api/v1/{path}?cursor={cursor}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["parameter"] == "cursor"


def test_a_cursor_of_another_list_or_selection_is_refused(app: FastAPI) -> None:
    following = ask(app, "/api/v1/agencies?limit=1&region=990100").json()["next"]
    assert ask(app, following).status_code == 200
    assert ask(app, following.replace("limit=1", "limit=5")).status_code == 200
    assert ask(app, following.replace("990100", "990000")).status_code == 400
    assert ask(app, following.replace("/agencies", "/coverage")).status_code == 400
