"""The bounds of a visit: requests, seconds, and a host's own "no". Nearest to the network: it counts what is sent.

May touch: the visit's record (the number of requests). Bounds of one answer are DOWNLOAD_MAXSIZE and
DOWNLOAD_TIMEOUT, set from the portal by crawler.commands.visit.
"""

from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError
from scrapy.http import Response

from crawler import health
from crawler.model import LookOutcome
from crawler.visit import NotFetched, Visit, visit_of

FAILURES = (
    6  # answers in a row that are no answer (5xx, cut, timed out; a retry counts) after which a host is left alone
)


class Bounds:
    """Refuses what would go beyond a bound with NotFetched(final): the look then says that it is incomplete."""

    def __init__(self, crawler: Crawler, visit: Visit) -> None:
        self._crawler = crawler
        self._visit = visit
        self._longest = crawler.settings.getfloat("DOWNLOAD_TIMEOUT")
        self._failures: dict[str, int] = {}
        self._left_alone: dict[str, health.Health] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler, visit_of(crawler))

    def process_request(self, request: Request) -> None:
        record, portal = self._visit.record, self._visit.portal
        if record.broken or not self._crawler.crawling:
            raise NotFetched(LookOutcome.INCOMPLETE, "访问被中止", final=True)
        if left := self._left_alone.get(urlsplit(request.url).netloc):
            raise NotFetched(left.outcome, left.reason, final=True)
        remaining = portal.max_seconds - self._visit.elapsed()
        if remaining <= 0:
            raise NotFetched(LookOutcome.INCOMPLETE, f"已到本次访问的时限（{portal.max_seconds} 秒）", final=True)
        if record.requests >= portal.max_pages:
            raise NotFetched(LookOutcome.INCOMPLETE, f"已到本次访问的请求上限（{portal.max_pages} 次）", final=True)
        request.meta["download_timeout"] = min(self._longest, remaining)
        record.requests += 1

    def process_response(self, request: Request, response: Response) -> Response:
        host = urlsplit(request.url).netloc
        if response.status == 429:
            self._left_alone[host] = health.Health(LookOutcome.DENIED, "HTTP 429：网站要求减少访问，本次不再访问")
        if response.status >= 500:
            self._count_failure(host, health.of_status(response.status))
        else:
            self._failures[host] = 0
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        if not isinstance(exception, (NotFetched, DownloadCancelledError)):
            self._count_failure(urlsplit(request.url).netloc, transport(exception))

    def _count_failure(self, host: str, last: health.Health) -> None:
        self._failures[host] = self._failures.get(host, 0) + 1
        if self._failures[host] >= FAILURES:
            reason = f"连续 {FAILURES} 次没有得到回应，本次不再访问（{last.reason}）"
            self._left_alone[host] = health.Health(last.outcome, reason)


def transport(error: BaseException) -> health.Health:
    """What a failed transfer is called. Only we cancel one: when it has grown beyond its bound."""
    if isinstance(error, DownloadCancelledError):
        return health.Health(LookOutcome.INCOMPLETE, "回应超过字节上限，已中断")
    return health.Health(LookOutcome.TRANSPORT_ERROR, f"{type(error).__name__}: {error}"[:300])
