"""The simulated portals over real HTTP: days, conditional requests, the request log, misbehaviour, the control port."""

from __future__ import annotations

import datetime as dt
import threading
import time
from typing import Any

import httpx
import pytest

from tests.portals import ROBOTS, Kind, SimulatedPortals
from tests.portals.conftest import DAY
from tests.portals.world import the_world

pytestmark = pytest.mark.integration
DETAIL = "/zwgk/zfxxgknb/202401/t20240112_12.html"


def get(url: str, **headers: str) -> httpx.Response:
    return httpx.get(url, headers=headers, timeout=10, trust_env=False)


def test_the_day_decides_what_is_there(portals: SimulatedPortals) -> None:
    portal = portals["trs"]
    assert get(portal.url + DETAIL).status_code == 200
    portals.day = dt.date(2024, 1, 11)
    assert get(portal.url + DETAIL).status_code == 404
    answer = get(portal.column_url())
    assert "第11局" in answer.text and "第12局" not in answer.text
    assert answer.headers["Date"] == "Thu, 11 Jan 2024 12:00:00 GMT"


@pytest.mark.parametrize(
    ("sent", "fields"),
    [
        ({"data": {"a": "示例", "b": ""}}, {"a": "示例", "b": ""}),
        ({"json": {"a": "示例", "page": 2, "ids": ["x"]}}, {"a": "示例", "page": "2", "ids": '["x"]'}),
        ({"content": "{no json"}, {}),
        ({"content": "a=" + "x" * 70_000}, {}),
    ],
)
def test_what_is_posted_reaches_the_family_and_the_log(
    portals: SimulatedPortals, sent: dict[str, Any], fields: dict[str, str]
) -> None:
    portal = portals["hanweb"]
    answer = httpx.post(portal.column_url(), timeout=10, trust_env=False, **sent)
    assert answer.status_code == 404  # the page of the column is no address to post to
    assert portal.requests[-1].posted == fields


def test_conditional_requests(portals: SimulatedPortals) -> None:
    url = portals["trs"].url + DETAIL
    first = get(url)
    assert first.headers["Last-Modified"] == "Fri, 12 Jan 2024 01:30:00 GMT"
    assert get(url, **{"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert get(url, **{"If-Modified-Since": first.headers["Last-Modified"]}).status_code == 304
    assert get(url, **{"If-None-Match": '"other"', "If-Modified-Since": first.headers["Last-Modified"]}).is_success


def test_requests_are_logged(portals: SimulatedPortals) -> None:
    portal = portals["hanweb"]
    get(portal.column_url(), **{"User-Agent": "test"})
    (request,) = portal.requests
    assert (request.path, request.headers["user-agent"]) == ("/col/col123/index.html", "test")
    assert (request.day, request.concurrent, request.status) == (DAY, 1, 200)


def test_concurrent_requests_are_counted(portals: SimulatedPortals) -> None:
    portal = portals["trs"]
    portal.misbehave(Kind.SLOW, seconds=0.5)
    threads = [threading.Thread(target=get, args=(portal.url + DETAIL,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert max(request.concurrent for request in portal.requests) == 2


@pytest.mark.parametrize("name", list(ROBOTS))
def test_robots(portals: SimulatedPortals, name: str) -> None:
    portals["trs"].robots = ROBOTS[name]
    answer = get(portals["trs"].url + "/robots.txt")
    assert (answer.status_code, answer.text) == ROBOTS[name]


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        (Kind.SERVER_ERROR, 503, "模拟故障"),
        (Kind.CHALLENGE_521, 521, "__jsl_clearance"),
        (Kind.CHALLENGE_412, 412, "$_ts"),
        (Kind.CAPTCHA, 200, "请输入验证码"),
        (Kind.DENIED, 403, "访问被拒绝"),
        (Kind.NOT_FOUND, 404, "页面不存在"),
        (Kind.SOFT_404, 200, "页面不存在"),
        (Kind.SHELL, 200, "location.replace"),
        (Kind.EMPTIED, 200, "暂无信息"),
    ],
)
def test_answers_that_are_not_the_page(portals: SimulatedPortals, kind: Kind, status: int, words: str) -> None:
    portal = portals["trs"]
    portal.misbehave(kind)
    answer = get(portal.column_url())
    assert answer.status_code == status and words in answer.text and "第12局" not in answer.text
    portal.behave()
    assert "第12局" in get(portal.column_url()).text


@pytest.mark.parametrize(
    ("kind", "location"), [(Kind.TO_HOME, "/"), (Kind.TO_OTHER_HOST, "http://localhost:9/elsewhere/")]
)
def test_redirects(portals: SimulatedPortals, kind: Kind, location: str) -> None:
    portals["trs"].misbehave(kind, "/zwgk/")
    answer = get(portals["trs"].column_url())
    assert (answer.status_code, answer.headers["Location"]) == (302, location)
    assert get(portals["trs"].url + "/").is_success


def test_a_lying_charset(portals: SimulatedPortals) -> None:
    portals["trs"].misbehave(Kind.LYING_CHARSET)
    answer = get(portals["trs"].column_url())
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    with pytest.raises(UnicodeDecodeError):
        answer.content.decode("utf-8")
    assert "第12局" in answer.content.decode("gb18030")


@pytest.mark.parametrize("kind", [Kind.CUT, Kind.REFUSE])
def test_connections_that_end_too_early(portals: SimulatedPortals, kind: Kind) -> None:
    portals["trs"].misbehave(kind)
    with pytest.raises(httpx.RemoteProtocolError):
        get(portals["trs"].column_url())


def test_a_slow_answer_comes_late(portals: SimulatedPortals) -> None:
    portals["trs"].misbehave(Kind.SLOW, seconds=0.3)
    begun = time.monotonic()
    assert get(portals["trs"].column_url()).is_success
    assert time.monotonic() - begun >= 0.3


def test_an_endless_body_goes_on_until_the_reader_leaves(portals: SimulatedPortals) -> None:
    portals["trs"].misbehave(Kind.ENDLESS)
    received = 0
    with httpx.stream("GET", portals["trs"].column_url(), timeout=10, trust_env=False) as answer:
        for chunk in answer.iter_bytes():
            received += len(chunk)
            if received > 5_000_000:
                break
    assert received > 5_000_000


def test_a_fault_of_some_days(portals: SimulatedPortals) -> None:
    portal = portals["hanweb"]
    portal.misbehave(Kind.SERVER_ERROR, first=dt.date(2024, 1, 28), last=dt.date(2024, 2, 3))
    statuses = []
    for day in (dt.date(2024, 1, 27), dt.date(2024, 1, 28), dt.date(2024, 2, 3), dt.date(2024, 2, 4)):
        portals.day = day
        statuses.append((get(portal.column_url()).status_code, get(portal.url + "/robots.txt").status_code))
    assert statuses == [(200, 200), (503, 503), (503, 503), (200, 200)]


def test_the_control_port_steers(portals: SimulatedPortals) -> None:
    url = portals.control_url
    with httpx.Client(base_url=url, trust_env=False) as client:
        assert client.get("/").json()["portals"]["trs"] == [portals["trs"].column_url()]
        assert client.post("/day", content="2024-01-11").json()["day"] == "2024-01-11"
        assert portals.day == dt.date(2024, 1, 11)
        order = {"portal": "trs", "kind": "server_error", "first": "2024-01-11", "last": "2024-01-11"}
        assert client.post("/misbehave", json=order).is_success
        assert get(portals["trs"].column_url()).status_code == 503
        assert client.post("/behave", json={"portal": "trs"}).is_success
        assert get(portals["trs"].column_url()).is_success
        for path, body in (("/day", "no day"), ("/misbehave", '{"portal": "trs", "kind": "x"}'), ("/x", "{}")):
            assert client.post(path, content=body).status_code == 400


def test_nothing_is_left_running() -> None:
    before = threading.active_count()
    with SimulatedPortals(the_world()) as running:
        url = next(iter(running)).column_url()
        with httpx.Client(trust_env=False) as client:
            assert client.get(url).is_success  # the connection stays open while the portals end
    assert threading.active_count() == before
    with pytest.raises(httpx.ConnectError):
        get(url)
