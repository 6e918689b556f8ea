"""An answer with the bytes of before costs no decoding, no judging and no parsing. No socket."""

import datetime as dt
from hashlib import sha256

import pytest
from scrapy.http import HtmlResponse

from config.schema import Portal
from crawler.model import LookOutcome
from crawler.page import Page, decode
from crawler.store.reads.visit import KnownBody
from spiders.visits.answer import arrived

NOW = dt.datetime(2024, 7, 1, tzinfo=dt.UTC)
URL = "http://127.0.0.1:8000/nb/1.html"
BODY = "<html><head><title>404 Not Found</title></head><body>页面不存在</body></html>".encode()
PORTAL = Portal.model_validate(
    {
        "slug": "p",
        "name": "示例门户",
        "family": "trs",
        "hosts": ["127.0.0.1:8000"],
        "columns": [{"key": "c", "url": "http://127.0.0.1:8000/nb/", "agencies": ["a"]}],
    }
)


def known(body: bytes) -> KnownBody:
    return KnownBody(sha256(body).hexdigest(), "", "", "text/html", ())


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What was decoded."""
    found: list[bytes] = []

    def counted(body: bytes, media_type: str = "") -> str:
        found.append(body)
        return decode(body, media_type)

    monkeypatch.setattr("spiders.visits.answer.decode", counted)
    return found


def response(body: bytes = BODY, status: int = 200, url: str = URL) -> HtmlResponse:
    return HtmlResponse(url, status=status, headers={"Content-Type": "text/html"}, body=body)


def test_the_same_bytes_are_not_looked_at_again(decoded: list[bytes]) -> None:
    found = arrived(URL, response(), NOW, PORTAL, known(BODY))
    assert (found.unchanged, found.health.good, decoded) == (True, True, [])
    assert found.page == Page(URL, BODY.decode())  # who wants the text gets it
    assert decoded == [BODY]


@pytest.mark.parametrize(
    ("given", "before"),
    [
        (response(), None),  # never seen
        (response(), known(b"other")),
        (response(status=404), known(BODY)),
        (response(url=URL + "x"), known(BODY)),  # it came from another address
    ],
)
def test_anything_else_is_judged(decoded: list[bytes], given: HtmlResponse, before: KnownBody | None) -> None:
    found = arrived(URL, given, NOW, PORTAL, before)
    assert (found.unchanged, found.health.outcome) == (False, LookOutcome.SOFT_404)
    assert decoded == [BODY]
    assert found.page.text
    assert decoded == [BODY]  # once
