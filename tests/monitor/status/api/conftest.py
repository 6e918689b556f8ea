"""What the tests of the API share: questions to the application, and every page of a list."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI

from tests.monitor.status.test_routes import ask

Walk = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def walk(app: FastAPI) -> Walk:
    """All items of a list, page by page, as a program follows `next`."""
    return lambda path: list(items(app, path))


def items(app: FastAPI, path: str | None) -> Iterator[dict[str, Any]]:
    for _ in range(1000):
        if path is None:
            return
        answer = ask(app, path)
        assert answer.status_code == 200, (path, answer.text)
        body = answer.json()
        assert (f'<{body["next"]}>; rel="next"' if body["next"] else None) == answer.headers.get("link")
        yield from body["items"]
        path = body["next"]
    raise AssertionError("the list has no end")
