"""Answers that are kept: the same as made anew, gone with the next write, never of somebody who is logged in, bounded."""

import asyncio
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import event
from starlette.types import Message, Send

from crawler.store.tables import Event
from monitor.clock import FixedClock, SystemClock
from monitor.context import Context
from monitor.status import create_app
from monitor.status.kept import LARGEST, MOST_BYTES, Kept, Shelf
from monitor.status.turns import AT_ONCE, Turns
from tests.monitor.status.seed import seed
from tests.monitor.status.test_routes import ask

PAGES = ("/", "/en/", "/coverage?state=late", "/late", "/changes", "/portals", "/method", "/agency/shili-mzj")
KEPT = (*PAGES, "/api/v1/reports?agency=shili-mzj", "/api/v1/coverage?limit=5", "/badge/coverage/2024.svg")
NOT_KEPT = ("/jobs", "/data", "/login", "/review", "/healthz", "/agency/shili-mzj/2024/why")


@pytest.fixture
def fresh(tmp_path: Path) -> Context:
    """A store of one's own, for tests that write."""
    return seed(f"sqlite:///{tmp_path / 'gongkai.db'}", tmp_path)


def page_of(context: Context, moment: dt.datetime | None = None) -> FastAPI:
    return create_app(context.settings, context.configuration, context.sessions, FixedClock(moment or context.now))


@pytest.fixture
def statements(seeded: Context, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What is asked of the store, but for the questions whether anything was written and whether there is a newer board."""
    monkeypatch.setattr("monitor.board.kept.LOOK_EVERY", 3600.0)
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "data_version" not in statement:
            asked.append(statement)

    engine = seeded.sessions.kw["bind"]
    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("path", KEPT)
def test_a_page_is_made_once(seeded: Context, statements: list[str], path: str) -> None:
    app = page_of(seeded)
    first = ask(app, path)
    made = len(statements)
    again = ask(app, path)
    assert len(statements) == made
    assert (again.status_code, again.text, again.headers) == (200, first.text, first.headers)
    assert again.headers["etag"].startswith('W/"')


@pytest.mark.parametrize("path", NOT_KEPT)
def test_other_pages_are_made_each_time(seeded: Context, path: str) -> None:
    answer = ask(page_of(seeded), path)
    assert answer.status_code == 200
    assert "etag" not in answer.headers


def test_who_has_it_is_told_so_without_a_page(seeded: Context, statements: list[str]) -> None:
    app = page_of(seeded)
    etag = ask(app, "/late").headers["etag"]
    made = len(statements)
    answer = ask(app, "/late", **{"If-None-Match": f'"other", {etag}'})
    assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", etag)
    assert len(statements) == made
    assert ask(app, "/late", **{"If-None-Match": '"other"'}).status_code == 200


def test_an_answer_of_the_api_has_the_tag_and_the_date_of_its_own(seeded: Context, statements: list[str]) -> None:
    app = page_of(seeded)
    path = "/api/v1/agencies/shili-mzj"
    first = ask(app, path)
    made = len(statements)
    told = ask(app, path, **{"If-None-Match": first.headers["etag"], "Origin": "https://example.org"})
    assert len(statements) == made
    assert (told.status_code, told.content) == (304, b"")
    kept = ("etag", "last-modified", "cache-control", "vary", "access-control-allow-origin")
    assert {name: told.headers[name] for name in kept} == {name: first.headers[name] for name in kept}
    dated = ask(app, path, **{"If-Modified-Since": first.headers["last-modified"]})
    assert dated.status_code == 304
    assert ask(page_of(seeded), path).headers["etag"] == first.headers["etag"], "other processes say the same"


def test_many_who_ask_for_one_page_at_once_wait_for_one(seeded: Context, statements: list[str]) -> None:
    app = page_of(seeded)
    ask(app, "/method")
    before = len(statements)
    alone = page_of(seeded)
    ask(alone, "/agency/shili-mzj")
    needed = len(statements) - before

    async def together() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await asyncio.gather(*(client.get("/agency/shili-mzj") for _ in range(12)))

    made = len(statements)
    answers = asyncio.run(together())
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert needed <= len(statements) - made <= AT_ONCE * needed


def test_who_does_not_read_holds_up_nobody() -> None:
    """What is sent goes nowhere for the first; the second has its turn all the same."""

    async def stuck(_message: Message) -> None:
        await asyncio.Event().wait()

    async def answered(turns: Turns, send: Send) -> None:
        async with turns.turn(send) as sending:
            await sending({"type": "http.response.start", "status": 200, "headers": []})
            await sending({"type": "http.response.body", "body": b"page"})

    async def told() -> list[Message]:
        turns, sent = Turns(at_once=1), []

        async def send(message: Message) -> None:
            sent.append(message)

        first = asyncio.create_task(answered(turns, stuck))
        await asyncio.sleep(0)
        await asyncio.wait_for(answered(turns, send), 10)
        first.cancel()
        return sent

    assert [message["type"] for message in asyncio.run(told())] == ["http.response.start", "http.response.body"]


def test_head_has_no_body_and_keeps_none(seeded: Context) -> None:
    app = page_of(seeded)
    assert ask(app, "/method", "HEAD").content == b""
    assert "<h1" in ask(app, "/method").text
    assert ask(app, "/method", "HEAD").content == b""


def test_packed_and_plain_are_two_pages(seeded: Context) -> None:
    app = page_of(seeded)
    plain = ask(app, "/method", **{"Accept-Encoding": "identity"})
    packed = ask(app, "/method", **{"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert plain.headers["etag"] != packed.headers["etag"]
    assert ask(app, "/method", **{"Accept-Encoding": "identity"}).text == plain.text == packed.text


def test_any_write_ends_it(fresh: Context) -> None:
    app = page_of(fresh)
    before = ask(app, "/agency/shili-sjj")
    with fresh.sessions.begin() as session:
        session.add(Event(at=fresh.now, kind="late", agency_id="shili-sjj", year=2024, details={"state": "late"}))
    after = ask(app, "/agency/shili-sjj", **{"If-None-Match": before.headers["etag"]})
    assert after.status_code == 200
    assert after.text != before.text


def test_days_end_it(seeded: Context) -> None:
    moments = [seeded.now]

    class Wound(SystemClock):
        """A clock that is set by hand."""

        def now(self) -> dt.datetime:
            return moments[-1]

    app = create_app(seeded.settings, seeded.configuration, seeded.sessions, Wound())
    etag = ask(app, "/late").headers["etag"]
    moments.append(seeded.now + dt.timedelta(days=1))
    assert ask(app, "/late", **{"If-None-Match": etag}).status_code == 200


def test_no_tag_outlives_its_process(seeded: Context) -> None:
    """Another process may count its commits with the same numbers."""
    assert ask(page_of(seeded), "/late").headers["etag"] != ask(page_of(seeded), "/late").headers["etag"]


def test_errors_are_not_kept(seeded: Context) -> None:
    app = page_of(seeded)
    for path, status in (("/agency/nobody", 404), ("/coverage?kind=x", 400)):
        for _ in range(2):
            answer = ask(app, path)
            assert (answer.status_code, answer.headers.get("etag")) == (status, None)


def test_the_shelf_is_bounded() -> None:
    shelf = Shelf()
    page = Kept((), b"x" * LARGEST)
    for number in range(2 * MOST_BYTES // LARGEST):
        shelf.put(f"key {number}", page)
    assert shelf.get("key 0") is None
    assert shelf.get(f"key {number}") is page
    assert len(shelf._pages) * LARGEST == shelf._bytes <= MOST_BYTES
    shelf.put(f"key {number}", Kept((), b""))
    assert len(shelf._pages) * LARGEST - LARGEST == shelf._bytes
