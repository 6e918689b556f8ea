"""The bounds of a visit: requests, seconds, and a host's own "no". Nearest to the network: it counts what is sent.

May touch: the visit's record (requests sent, hosts that answered, hosts that want to be left alone). Bounds of one
answer are DOWNLOAD_MAXSIZE and DOWNLOAD_TIMEOUT, set from the portal by crawler.commands.visit.
"""

import datetime as dt
from email.utils import parsedate_to_datetime
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError
from scrapy.http import Response

from crawler import health, sent
from crawler.items import INTERRUPTED
from crawler.model import LookOutcome
from crawler.tls import TlsError
from crawler.visit import NotFetched, Visit, visit_of

FAILURES = 6  # answers in a row that are none (5xx, cut, timed out; a retry counts) after which a host is left alone
TOO_MANY = dt.timedelta(hours=1)  # after a 429 that names no time
LONGEST_WAIT = dt.timedelta(days=2)  # a longer Retry-After is kept at this


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
        visit, record, portal = self._visit, self._visit.record, self._visit.portal
        host = host_of(request.url)
        if record.broken or not self._crawler.crawling:
            raise NotFetched(LookOutcome.INCOMPLETE, INTERRUPTED, final=True)
        if left := self._left_alone.get(host):
            raise NotFetched(left.outcome, left.reason, final=True)
        remaining = portal.max_seconds - visit.elapsed()
        if visit.until is not None:
            open_for = (visit.until - visit.now()).total_seconds()
            if open_for <= 0:
                raise NotFetched(LookOutcome.INCOMPLETE, f"{INTERRUPTED}：访问时段（{portal.hours}）已过", final=True)
            remaining = min(remaining, open_for) if remaining > 0 else remaining
        if remaining <= 0:
            raise NotFetched(LookOutcome.INCOMPLETE, f"已到本次访问的时限（{portal.max_seconds} 秒）", final=True)
        if record.requests >= portal.max_pages:
            raise NotFetched(LookOutcome.INCOMPLETE, f"已到本次访问的请求上限（{portal.max_pages} 次）", final=True)
        request.meta["download_timeout"] = min(self._longest, remaining)
        record.requests += 1
        record.asked.add(host)
        sent.note(request)

    def process_response(self, request: Request, response: Response) -> Response:
        host = host_of(request.url)
        self._visit.record.answered.add(host)
        self._obey(host, response)
        if response.status >= 500:
            self._count_failure(host, health.of_status(response.status))
        else:
            self._failures[host] = 0
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        if isinstance(exception, DownloadCancelledError):
            self._visit.record.answered.add(host_of(request.url))
        elif not isinstance(exception, NotFetched):
            self._count_failure(host_of(request.url), transport(exception))

    def _obey(self, host: str, response: Response) -> None:
        """A 429, or a 503 with Retry-After, ends the visit to the host; it is not asked again before the time it names."""
        named = retry_after(response, self._visit.now())
        if response.status != 429 and not (response.status == 503 and named is not None):
            return
        wait = TOO_MANY if named is None else named
        outcome = LookOutcome.DENIED if response.status == 429 else LookOutcome.SERVER_ERROR
        reason = f"HTTP {response.status}：网站要求 {_in_words(wait)}后再来，本次不再访问"
        self._left_alone[host] = health.Health(outcome, reason)
        self._visit.record.rests[host] = (self._visit.now() + wait, reason)

    def _count_failure(self, host: str, last: health.Health) -> None:
        self._failures[host] = self._failures.get(host, 0) + 1
        if self._failures[host] >= FAILURES:
            reason = f"连续 {FAILURES} 次没有得到回应，本次不再访问（{last.reason}）"
            self._left_alone[host] = health.Health(last.outcome, reason)


def host_of(url: str) -> str:
    """The host of an address as portals and the table host name it: host or host:port, in lower case."""
    return urlsplit(url).netloc.rpartition("@")[2].lower()


def retry_after(response: Response, now: dt.datetime) -> dt.timedelta | None:
    """How long the portal asks to be left alone (RFC 9110, 10.2.3), at most LONGEST_WAIT; None where it does not say.

    A date is counted from the answer's own Date, so that neither clock has to be right.
    """
    text = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if text.isascii() and text.isdigit():
        return min(dt.timedelta(seconds=int(text[:9])), LONGEST_WAIT)
    until = _http_date(text)
    if until is None:
        return None
    since = _http_date((response.headers.get("Date") or b"").decode("latin-1")) or now
    return max(dt.timedelta(), min(until - since, LONGEST_WAIT))


def _http_date(text: str) -> dt.datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=dt.UTC)


def _in_words(wait: dt.timedelta) -> str:
    seconds = int(wait.total_seconds())
    if seconds < 120:
        return f"{seconds} 秒"
    return f"{seconds // 60} 分钟" if seconds < 7200 else f"{seconds // 3600} 小时"


def transport(error: BaseException) -> health.Health:
    """What a failed transfer is called. Only we cancel one: when it has grown beyond its bound."""
    if isinstance(error, DownloadCancelledError):
        return health.Health(LookOutcome.INCOMPLETE, "回应超过字节上限，已中断")
    if isinstance(error, TlsError):
        return health.Health(LookOutcome.TRANSPORT_ERROR, str(error))
    return health.Health(LookOutcome.TRANSPORT_ERROR, f"{type(error).__name__}: {error}"[:300])
