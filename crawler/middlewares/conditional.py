"""Conditional requests: an address that was well received before is asked for only if it has changed since.

May touch: the archive, for reading. On 304 the spider gets the archived body with the headers of then,
marked by the flag `not_modified`, so no spider needs to know.
"""

import logging
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse, Response

from crawler import sent
from crawler.errors import ArchiveError
from crawler.middlewares.redirects import CONDITIONS
from crawler.store.reads.visit import KnownBody
from crawler.visit import Visit, visit_of

NOT_MODIFIED = "not_modified"  # the flag of a response that came from the archive

logger = logging.getLogger(__name__)


class Conditional:
    """Adds If-None-Match and If-Modified-Since from the store, and answers a 304 from the archive."""

    def __init__(self, visit: Visit) -> None:
        self._bodies = visit.bodies
        self._archive = visit.archive

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(visit_of(crawler))

    def process_request(self, request: Request) -> None:
        known = self._bodies.get(request.url)
        if known is None or request.method != "GET" or request.meta.get("unconditional"):
            return
        if not (known.etag or known.last_modified) or not self._archive.has(known.sha256):
            return
        if known.etag:
            request.headers["If-None-Match"] = known.etag
        if known.last_modified:
            request.headers["If-Modified-Since"] = known.last_modified
        request.meta["known_body"] = known

    def process_response(self, request: Request, response: Response) -> Request | Response:
        known: KnownBody | None = request.meta.get("known_body")
        if response.status != 304 or known is None:
            return response
        try:
            body = self._archive.get(known.sha256)
        except ArchiveError as error:
            logger.error("%s; the page is fetched again", error)
            again: Request = request.replace(dont_filter=True)
            again.meta["unconditional"] = True
            again.meta.pop("known_body", None)
            for name in CONDITIONS:
                again.headers.pop(name, None)
            return again
        request.meta[sent.ANSWERED] = sent.pairs(response.headers)
        headers: dict[str, list[str]] = {}
        for name, value in known.headers:
            headers.setdefault(name, []).append(value)
        return HtmlResponse(request.url, status=200, headers=headers, body=body, request=request, flags=[NOT_MODIFIED])
