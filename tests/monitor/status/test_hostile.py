"""Hostile strings through every input of the page: refused or escaped, never an error of ours, never a header of theirs.

The routes, their places, the parameters of the API's description, the names that pages ask for and the fields of forms are
found in the application (tests.monitor.status.hostile): what is added to it is covered without a word here.

Long, because all these walks share one ground, which is seeded once.
"""

import asyncio
import contextlib
import itertools
import re
import socket
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

import httpx
import pytest
from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from limits import parse
from sqlalchemy import func, select

from crawler.store.tables import Act, Audit, Base, Capture, Filing, Login
from monitor.accounts import Role, logins
from monitor.context import Context
from monitor.status.account.bounds import LONGEST_BODY, LONGEST_HEADERS, LONGEST_TARGET, MOST_PARAMETERS
from monitor.status.account.limits import LIMITS
from monitor.status.account.ways import is_unsubscribing
from monitor.status.headers import SECURITY
from tests.monitor.status.conftest import served
from tests.monitor.status.hostile import (
    MARK,
    PLACES,
    REFUSED_AT_THE_GATE,
    STRINGS,
    Route,
    described,
    fields_of_forms,
    listening,
    names_in,
    routes,
)
from tests.monitor.status.visitors import ORIGIN, Room, Visitor, room

OURS = re.compile(r"Traceback \(most recent|sqlalchemy|psycopg|sqlite3|/site-packages/|root:x:0|xx49yy", re.I)
MARKED = ("text/html", "application/xhtml", "image/svg", "application/atom", "application/xml", "text/xml")


@dataclass
class Ground:
    """The page, somebody at it, an operator, and everything that can be asked of it."""

    room: Room
    routes: list[Route]
    places: dict[str, str]

    def read(self) -> list[Route]:
        """What answers to GET, once: the English pages are made by the same functions, and are tried with one string."""
        return [route for route in self.routes if route.method == "GET" and not route.path.startswith("/en")]

    def written(self) -> list[Route]:
        return [route for route in self.routes if route.method not in ("GET", "HEAD")]


@pytest.fixture(scope="module")
def ground(seeded: Context, tmp_path_factory: pytest.TempPathFactory, little_hashing: None) -> Iterator[Ground]:
    found = room(seeded, tmp_path_factory.mktemp("hostile"))
    with found.context.sessions() as session:
        captures = list(session.scalars(select(Capture.id).where(Capture.sha256.is_not(None)).order_by(Capture.id)))
        places = {
            **PLACES,
            "sha256": str(session.scalar(select(Capture.sha256).where(Capture.sha256.is_not(None)).limit(1))),
            "before": str(captures[0]),
            "after": str(captures[-1]),
            "entry_id": str(session.scalar(select(func.min(Filing.entry_id)))),
        }
    with pytest.MonkeyPatch.context() as patch:
        for name in ("acts_of_account", "login_from_address", "login_of_account", "unsubscribing", "refusals_kept"):
            patch.setitem(LIMITS, name, parse("100000 per minute"))
        yield Ground(found, routes(found.app), places)


Send = Callable[..., Awaitable[httpx.Response]]


def run(visitor: Visitor, what: Callable[[Send], Awaitable[None]]) -> None:
    """Many requests of one visitor in one event loop."""

    async def go() -> None:
        transport = httpx.ASGITransport(visitor.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=ORIGIN, cookies=visitor.cookies) as client:

            async def send(method: str, address: str, **given: object) -> httpx.Response:
                return await client.request(method, address, **given)  # type: ignore[arg-type]  # passed on as given

            await what(send)

    asyncio.run(go())


def wrong_with(answer: httpx.Response) -> list[str]:
    """What no answer may do, whatever was asked."""
    found = []
    if answer.status_code >= 500:
        found.append(f"status {answer.status_code}")
    kind = answer.headers.get("content-type", "")
    text = answer.text if kind.startswith(("text/", "application/")) or "svg" in kind else ""
    if kind.startswith(MARKED) and (MARK in text or "<img src=x" in text):
        found.append("markup came back")
    if OURS.search(text):
        found.append(f"it tells of its inside: {OURS.search(text)}")
    if text and not kind:
        found.append("no content type")
    for name, value in SECURITY.items():
        if answer.headers.get(name) != value and not (
            name == "Content-Security-Policy" and "sandbox" in answer.headers.get(name, "")
        ):
            found.append(f"header {name}: {answer.headers.get(name)}")
    if "x-injected" in answer.headers:
        found.append("a header was injected")
    if any(set(value) & set("\r\n\0") for value in answer.headers.values()):
        found.append("a header has a line break")
    location = answer.headers.get("location", "/")
    if not location.startswith("/") or location.startswith(("//", "/\\")):
        found.append(f"leads to {location}")
    if "content-disposition" in answer.headers and not re.fullmatch(
        r"[\w*=;.'\"%()+, -]+", answer.headers["content-disposition"], re.A
    ):
        found.append(f"content-disposition {answer.headers['content-disposition']!r}")
    return found


def test_nothing_is_forgotten(ground: Ground) -> None:
    paths = {route.path for route in ground.routes}
    assert {"/", "/agency/{agency_id}", "/review", "/login", "/act/ack", "/en/act/ack", "/healthz"} <= paths
    assert set(described(ground.room.app)) <= {route.path for route in ground.read()}
    assert len(ground.read()) > 30


def test_every_place_of_every_address(ground: Ground) -> None:
    visitor = ground.room.visitor(Role.OPERATOR)
    wrong: list[str] = []

    async def try_all(send: Send) -> None:
        for route in ground.read():
            for place, (name, text) in itertools.product(route.places, {**STRINGS, **REFUSED_AT_THE_GATE}.items()):
                given = text if name in ("overlong", "not UTF-8") else quote(text, safe="")
                address = route.address({**ground.places, place: given})
                answer = await send("GET", address)
                wrong.extend(f"{route.path} {place}={name}: {problem}" for problem in wrong_with(answer))
                if name in ("nul", "huge") and not 400 <= answer.status_code < 500:
                    wrong.append(f"{route.path} {place}={name}: {answer.status_code}")

    run(visitor, try_all)
    assert wrong == []


def parameters(ground: Ground, patch: pytest.MonkeyPatch) -> dict[Route, set[str]]:
    """For every route the names that it asks for in a query, that the API's description or a link of a page has."""
    known, found = described(ground.room.app), {}
    operator = ground.room.visitor(Role.OPERATOR)

    async def ask_all(send: Send) -> None:
        for route in ground.read():
            address = route.address(ground.places)
            with listening(patch) as asked:
                answer = await send("GET", address)
            is_page = answer.headers.get("content-type", "").startswith("text/html")
            found[route] = asked | known.get(route.path, set()) | (names_in(answer.text, address) if is_page else set())

    run(operator, ask_all)
    return found


def tried(ground: Ground, names: dict[Route, set[str]]) -> list[str]:
    """What went wrong: each name with markup and a number, and with a part of the rest; each route with everything."""
    wrong: list[str] = []

    async def try_all(send: Send) -> None:
        for route, known in names.items():
            address = route.address(ground.places)
            for number, name in enumerate(sorted(known)):
                for place, (kind, text) in enumerate(STRINGS.items()):
                    if kind in ("markup", "number") or (number + place) % 4 == 0:
                        answer = await send("GET", f"{address}?{urlencode({name: text})}")
                        wrong.extend(f"{route.path} ?{name}={kind}: {problem}" for problem in wrong_with(answer))
            for kind, text in STRINGS.items():
                together = urlencode(dict.fromkeys(sorted(known)[:8], text))[: LONGEST_TARGET - 500]
                answer = await send("GET", f"{address}?{together}")
                wrong.extend(f"{route.path} all={kind}: {problem}" for problem in wrong_with(answer))

    run(ground.room.visitor(Role.OPERATOR), try_all)
    return wrong


def test_every_parameter_of_every_query(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    names = parameters(ground, monkeypatch)
    assert sum(map(len, names.values())) > 60
    assert tried(ground, names) == []


def test_a_bad_route_is_found_by_itself(
    seeded: Context, tmp_path: Path, little_hashing: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The walk sees what it is there for: a route that shows, counts or follows what it is given as it stands."""
    found = room(seeded, tmp_path)

    @found.app.get("/bad")
    def bad(request: Request) -> HTMLResponse:
        return HTMLResponse(f"<p>{request.query_params.get('shown', '')}")

    @found.app.get("/worse")
    def worse(request: Request) -> HTMLResponse:
        return HTMLResponse(str(int(request.query_params.get("count") or 0)))

    @found.app.get("/worst")
    def worst(request: Request) -> RedirectResponse:
        return RedirectResponse(f"//evil.example/{request.query_params.get('to', '')}")

    own = Ground(found, [route for route in routes(found.app) if route.path in ("/bad", "/worse", "/worst")], {})
    names = parameters(own, monkeypatch)
    assert {route.path: known for route, known in names.items()} == {
        "/bad": {"shown"}, "/worse": {"count"}, "/worst": {"to"},
    }  # fmt: skip
    said = "\n".join(tried(own, names))
    for words in (
        "/bad ?shown=markup: markup came back",
        "/worse ?count=markup: status 500",
        "/worst ?to=number: leads to",
    ):
        assert words in said


def test_the_english_pages_and_what_visitors_are_shown(ground: Ground) -> None:
    """The same by somebody who is not logged in, whose answers come by another way (they may be kept)."""
    wrong: list[str] = []
    texts = {name: STRINGS[name] for name in ("markup", "template", "header")}

    async def try_all(send: Send) -> None:
        for route in ground.routes:
            if route.method != "GET":
                continue
            for kind, text in texts.items():
                query = urlencode({"q": text, text: text})
                for address in (
                    f"{route.address(ground.places)}?{query}",
                    route.address(dict.fromkeys(route.places, quote(text, safe=""))),
                ):
                    answer = await send("GET", address)
                    wrong.extend(f"{address[:80]} {kind}: {problem}" for problem in wrong_with(answer))

    run(ground.room.visitor(), try_all)
    assert wrong == []


def counted(ground: Ground) -> dict[str, int]:
    """How much there is in every table, but for what looking and being refused adds."""
    tables = [
        table for table in Base.metadata.sorted_tables if table.name not in (Audit.__tablename__, Login.__tablename__)
    ]
    with ground.room.context.sessions() as session:
        return {table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def forms(ground: Ground) -> dict[str, dict[str, str]]:
    """Every form that an operator is shown on the pages, by its address."""
    found: dict[str, dict[str, str]] = {}
    key = "missing:shili-whj:2024"

    async def look(send: Send) -> None:
        pages = [route.address(ground.places) for route in ground.read()]
        for address in [
            *pages,
            f"/desk?finding={key}",
            "/desk?agency=shili-whj&year=2024",
            "/desk?portal=sim-shili-whj",
        ]:
            answer = await send("GET", address)
            if answer.headers.get("content-type", "").startswith("text/html"):
                for action, fields in fields_of_forms(answer.text).items():
                    found.setdefault(action, {}).update(fields)

    run(ground.room.visitor(Role.OPERATOR), look)
    return found


def test_every_field_of_every_form(ground: Ground) -> None:
    shown = forms(ground)
    operator = ground.room.visitor(Role.OPERATOR)
    token = operator.token()
    every = {name for fields in shown.values() for name in fields} - {"form"}
    assert {"finding", "agency", "year", "reason", "until", "text", "source", "next"} <= every
    wrong: list[str] = []

    async def try_all(send: Send) -> None:
        for route in ground.written():
            if route.path.startswith("/en") or route.path == "/logout":
                continue
            address = route.address(ground.places)
            fields = shown.get(address, {})
            texts = {**STRINGS, **REFUSED_AT_THE_GATE}
            for (number, name), (place, (kind, text)) in itertools.product(
                enumerate(sorted(set(fields or every) - {"form"})), enumerate(texts.items())
            ):
                if kind not in ("markup", "header", "nul") and (number + place) % 3:
                    continue
                answer = await send(route.method, address, data={**fields, "form": token, name: text})
                wrong.extend(f"{route.path} {name}={kind}: {problem}" for problem in wrong_with(answer))

    run(operator, try_all)
    assert wrong == []


def test_nothing_is_changed_without_a_session_or_without_its_token(ground: Ground) -> None:
    shown, before = forms(ground), counted(ground)
    operator, other = ground.room.visitor(Role.OPERATOR), ground.room.visitor(Role.REVIEWER)
    foreign = other.token()
    wrong: list[str] = []

    async def as_nobody(send: Send) -> None:
        for route in ground.written():
            address = route.address(ground.places)
            answer = await send(route.method, address, data={**shown.get(address, {}), "confirmed": "yes"})
            allowed = answer.status_code in (403, 404, 405) or "/login" in answer.headers.get("location", "")
            if not allowed:
                wrong.append(f"nobody {route.method} {route.path}: {answer.status_code}")

    async def with_another_token(send: Send) -> None:
        for route, token in itertools.product(ground.written(), ("", "x", foreign)):
            if is_unsubscribing(route.path):
                continue
            address = route.address(ground.places)
            answer = await send(
                route.method, address, data={**shown.get(address, {}), "confirmed": "yes", "form": token}
            )
            if answer.status_code != 403:
                wrong.append(f"token {token!r} {route.method} {route.path}: {answer.status_code}")

    run(ground.room.visitor(), as_nobody)
    run(operator, with_another_token)
    assert wrong == []
    assert counted(ground) == before


def test_a_forged_cookie_shows_what_a_visitor_sees(ground: Ground) -> None:
    wrong: list[str] = []
    real = ground.room.visitor(Role.OPERATOR)
    seen: dict[str, int] = {}

    async def as_nobody(send: Send) -> None:
        for route in ground.read():
            seen[route.path] = (await send("GET", route.address(ground.places))).status_code

    def with_cookie(value: str) -> Callable[[Send], Awaitable[None]]:
        async def ask(send: Send) -> None:
            for route in ground.read():
                answer = await send("GET", route.address(ground.places), headers={"cookie": f"gongkai={value}"})
                if answer.status_code != seen[route.path]:
                    wrong.append(
                        f"{route.path} with {value[:20]}: {answer.status_code}, a visitor gets {seen[route.path]}"
                    )
                wrong.extend(f"{route.path}: {problem}" for problem in wrong_with(answer))

        return ask

    run(ground.room.visitor(), as_nobody)
    token = real.cookies["gongkai"]
    # One sign off, what the store holds, and what stands in a form: none of them opens anything.
    for value in (token[:-1] + ("A" if token[-1] != "A" else "B"), logins.kept(token), logins.form_token(token)):
        run(Visitor(ground.room.app), with_cookie(value))
    assert wrong == []


def test_every_method_that_is_not_served_is_refused(ground: Ground) -> None:
    before, wrong = counted(ground), []

    async def try_all(send: Send) -> None:
        for route in ground.read():
            for method in ("PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"):
                answer = await send(method, route.address(ground.places))
                if answer.status_code not in (403, 404, 405):
                    wrong.append(f"{method} {route.path}: {answer.status_code}")

    run(ground.room.visitor(Role.OPERATOR), try_all)
    assert wrong == []
    assert counted(ground) == before


def test_no_answer_names_the_host_that_was_claimed(ground: Ground) -> None:
    wrong = []

    async def try_all(send: Send) -> None:
        for route in ground.read():
            headers = {"host": "evil.example", "x-forwarded-host": "evil.example", "forwarded": "host=evil.example"}
            answer = await send("GET", route.address(ground.places), headers=headers)
            if "evil.example" in answer.text + repr(answer.headers):
                wrong.append(route.path)

    run(ground.room.visitor(), try_all)
    assert wrong == []


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/?" + "x" * LONGEST_TARGET, 414),
        ("/" + "x" * LONGEST_TARGET, 414),
        ("/?" + "&".join(f"a{number}=1" for number in range(MOST_PARAMETERS + 1)), 400),
        ("/?q=%00", 400),
        ("/agency/a%00b", 404),
        ("/agency/a%0d%0aX-Injected:1", 404),
        ("/static/..%2f..%2fapp.py", 404),
        ("/static/%2e%2e/app.py", 404),
        ("/static/%2fetc%2fpasswd", 404),
        ("/static/page.css%00.html", 404),
    ],
)
def test_the_bounds_of_an_address(page_room: Room, target: str, status: int) -> None:
    answer = page_room.visitor().get(target)
    assert answer.status_code == status
    assert wrong_with(answer) == []


def test_the_bounds_of_a_form(page_room: Room) -> None:
    reviewer = page_room.visitor(Role.REVIEWER)
    token = reviewer.token()
    assert reviewer.post("/act/ack", {"form": token, "note": "x" * LONGEST_BODY}).status_code == 413
    assert reviewer.post("/act/ack", {"form": token, **{f"f{number}": "" for number in range(50)}}).status_code == 400
    kind = "application/x-www-form-urlencoded"
    for body, headers, status in (
        (f"form={token}&note=%ff%fe".encode(), {}, 400),  # no UTF-8
        (f"form={token}&note=%c0%af".encode(), {}, 400),  # overlong
        (f"form={token}&note=%00".encode(), {}, 400),
        (f"form={token}&note=字".encode(), {}, 400),  # a browser writes %E5…
        (b"{}", {"content-type": "application/json"}, 415),
        (b"<x/>", {"content-type": "application/xml"}, 415),
        (b"x", {"content-type": "text/plain"}, 415),
        (b"x", {"content-length": "9" * 30}, 413),
    ):
        answer = reviewer.ask("POST", "/act/ack", content=body, headers={"content-type": kind, **headers})
        assert answer.status_code == status, (body, headers)
        assert wrong_with(answer) == []


@pytest.mark.integration
def test_raw_bytes_on_a_real_server(page_room: Room) -> None:
    """What no client library would send: the server refuses it, or the gate does, and it lives on."""
    with served(page_room.app) as origin:
        address = urlsplit(origin)

        def say(raw: bytes) -> bytes:
            with socket.create_connection((address.hostname or "", address.port or 0), timeout=10) as line:
                got = b""
                with contextlib.suppress(ConnectionError):  # the server may hang up before it was told everything
                    line.sendall(raw)
                    while part := line.recv(65536):
                        got += part
                return got

        good = b"Host: x\r\nConnection: close\r\n\r\n"
        for raw, allowed in (
            (b"GET / HTTP/1.1\r\n" + good, b"200"),
            (b"GET /../../etc/passwd HTTP/1.1\r\n" + good, b"404"),
            (b"GET /static/../app.py HTTP/1.1\r\n" + good, b"404"),
            (b"GET /%c0%ae%c0%ae/%c0%ae%c0%ae/etc/passwd HTTP/1.1\r\n" + good, b"404"),
            (b"GET /?q=\xc0\xaf HTTP/1.1\r\n" + good, b"400"),
            (b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", b"400"),
            (b"GET / HTTP/1.1\r\nHost: [::1\r\nConnection: close\r\n\r\n", b"200 400"),
            (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", b"400"),
            (b"GET / HTTP/1.1\r\nHost: x/y?z\r\nConnection: close\r\n\r\n", b"400"),
            (b"GET / HTTP/1.1\r\nHost: x\r\nX: a\x00b\r\n\r\n", b"400"),
            (b"GET / HTTP/1.1\r\nX: " + b"y" * (LONGEST_HEADERS + 100) + b"\r\n" + good, b"431"),
            (b"GET / HTTP/1.1\r\n" + b"".join(b"X%d: y\r\n" % number for number in range(200)) + good, b"431"),
            (b"GET / HTTP/1.1\r\nX: " + b"y" * 200_000 + b"\r\n" + good, b"431 400"),
            (b"GET http://evil.example/ HTTP/1.1\r\n" + good, b"404 400"),
            (b"CONNECT evil.example:443 HTTP/1.1\r\n" + good, b"404 405 400"),
            (
                b"POST /act/ack HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n" + good + b"0\r\n\r\n",
                b"400 303",
            ),
            (b"POST /act/ack HTTP/1.1\r\nContent-Length: -1\r\n" + good, b"400"),
            (b"\x16\x03\x01\x02\x00\x01\x00", b"400"),
        ):
            answer = say(raw)
            assert answer[9:12] in allowed.split(), (raw[:60], answer[:200])
            assert b"X-Injected" not in answer and b"root:x" not in answer
        assert httpx.get(origin + "/healthz").status_code == 200


def test_the_log_of_refusals_does_not_grow_without_end(
    seeded: Context, tmp_path: Path, little_hashing: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LIMITS, "refusals_kept", parse("10 per 10 minutes"))
    own = room(seeded, tmp_path)
    visitor = own.visitor()
    for _ in range(40):
        visitor.post("/login", {"form": "x", "name": "x", "password": "y"})
    with own.context.sessions() as session:
        refused = session.scalar(select(func.count()).select_from(Audit).where(Audit.action == "refused")) or 0
        assert session.scalar(select(func.count()).select_from(Act)) == 0
    assert refused == 10
