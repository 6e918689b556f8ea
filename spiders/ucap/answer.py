"""The answers of UCAP's data endpoints: JSON with a list of records somewhere near its top. Touches nothing.

{"data": {"results": [{"title", "url", "publishedTimeStr", …}], "total"}}            search
{"data": {"results": [{"source": {"title", "pubDate", "urls": "{\\"pc\\": …}"}}], "total"}}   cloud
{"results": {"data": {"results": [{"titleHtml", "redirectUrl"|"url", "publishedTimeStr"}], "total"}}}   tax
{"infolist": [{"title", "link", "pubtime"}]}                                         Suzhou
"""

import re
from collections.abc import Iterator
from typing import Any

from crawler.page import Page, parse
from spiders.lists.jsontext import json_object, nested, number, text_of
from spiders.lists.listing import Listing, Paging, Row, absolute
from spiders.lists.rows import is_placeholder, once

_TITLES = ("title", "titleHtml", "name")
_LINKS = ("redirectUrl", "url", "link")
_DATES = ("publishedTimeStr", "pubDate", "pubtime", "publishDate")
_TAG = re.compile(r"<[a-zA-Z/]")


def is_answer(text: str) -> bool:
    """Whether it is such an answer, and not any JSON with a list in it."""
    found = _records(json_object(text) or {})
    return found is not None and any(set(_DATES) & record.keys() and _link(record) for record in _plain(found[0]))


def read(page: Page) -> Listing:
    """The rows of an answer. `empty` where it states a total of 0; a record without address or title is no row."""
    data = json_object(page.text)
    found = _records(data) if data is not None else None
    if found is None:
        return Listing(problem="回应里没有 results")
    records, total = found
    listed = tuple(rows(records, page.url))
    if any(is_placeholder(row) for row in listed):
        return Listing(problem="列表是未填的模板")
    if total == 0 and not records:
        return Listing(empty=True)
    return Listing(once(listed), paging=Paging(records=total))


def rows(records: list[Any], base: str) -> Iterator[Row]:
    """The rows of records of any of the shapes."""
    for record in _plain(records):
        title = next((text for name in _TITLES if (text := _words(record.get(name)))), "")
        url = _link(record)
        if title and url:
            date = next((text for name in _DATES if (text := text_of(record.get(name)))), "")
            yield Row(absolute(base, url), title, date)


def _records(data: dict[str, Any]) -> tuple[list[Any], int | None] | None:
    """(records, stated total) of an answer."""
    inner = nested(data.get("results"))
    for holder in (nested(data.get("data")), nested(inner.get("data")), data):
        for name in ("results", "infolist", "articleList"):
            found = holder.get(name)
            if isinstance(found, list):
                total = next(
                    (count for key in ("total", "totalCount") if (count := number(holder.get(key))) is not None), None
                )
                return found, total
    return None


def _plain(records: list[Any]) -> Iterator[dict[str, Any]]:
    for record in records:
        if isinstance(record, dict):
            yield nested(record.get("source")) or record


def _link(record: dict[str, Any]) -> str:
    given = next((text for name in _LINKS if (text := text_of(record.get(name)))), "")
    return given or text_of(nested(record.get("urls")).get("pc"))


def _words(value: Any) -> str:
    """A title without the marks of a search (<em>)."""
    text = text_of(value)
    return " ".join("".join(parse(text).itertext()).split()) if _TAG.search(text) else text
