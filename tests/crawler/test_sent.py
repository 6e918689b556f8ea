"""What is kept of a request: as it left, bounded, and nothing where nothing left."""

from scrapy import FormRequest, Request
from scrapy.http import Headers

from crawler import sent


def test_nothing_is_said_of_a_request_that_never_left() -> None:
    assert sent.sent(Request("http://127.0.0.1/")) == {}
    assert sent.sent(None) == {}
    assert sent.answered(Request("http://127.0.0.1/")) == ()


def test_a_form_is_kept_as_it_was_posted() -> None:
    request = FormRequest("http://127.0.0.1/", formdata={"page": "2", "word": "年报"})
    sent.note(request)
    kept = sent.sent(request)
    assert (kept["method"], kept["body"]) == ("POST", "page=2&word=%E5%B9%B4%E6%8A%A5")
    assert ["Content-Type", "application/x-www-form-urlencoded"] in kept["headers"]


def test_what_is_kept_is_bounded_and_can_be_stored() -> None:
    request = Request("http://127.0.0.1/", method="POST", body=b"\xff\0" + b"x" * 100_000)
    for number in range(100):
        request.headers[f"X-{number}"] = "v" * 10_000
    sent.note(request)
    kept = sent.sent(request)
    assert len(kept["body"]) == sent.MAX_BODY
    assert "\0" not in kept["body"]  # PostgreSQL stores no such sign
    assert len(kept["headers"]) == sent.MAX_HEADERS
    assert {len(value) for _, value in kept["headers"]} == {sent.MAX_VALUE}


def test_repeated_headers_keep_their_order() -> None:
    headers = Headers({"Accept": ["a", "b"], "X": "1"})
    assert sent.pairs(headers) == [["Accept", "a"], ["Accept", "b"], ["X", "1"]]


def test_a_request_that_follows_a_redirect_leaves_the_first_one_alone() -> None:
    first = Request("http://127.0.0.1/a")
    sent.note(first)
    second = first.replace(url="http://127.0.0.1/b", headers={"Accept": "x"})
    sent.note(second)
    assert sent.sent(first)["headers"] == []
    assert sent.sent(second)["headers"] == [["Accept", "x"]]
