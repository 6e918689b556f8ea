"""Only registered hosts are ever spoken to: listed links, redirects and robots.txt alike. Touches nothing."""

from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler

from crawler.model import LookOutcome
from crawler.visit import NotFetched, Visit, visit_of


class RegisteredHosts:
    """Refuses every request to a host that the portal does not register, before anything is sent."""

    def __init__(self, visit: Visit) -> None:
        self._hosts = frozenset(host.lower() for host in visit.portal.hosts)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(visit_of(crawler))

    def process_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https") and _netloc(parts.netloc) in self._hosts:
            return
        if request.meta.get("redirect_urls"):
            raise NotFetched(LookOutcome.MOVED, f"转到未登记的地址 {request.url}")
        raise NotFetched(LookOutcome.DENIED, f"{parts.netloc or parts.scheme} 不是本网站登记的主机，未访问")


def _netloc(netloc: str) -> str:
    """Without user name, which changes nothing about the host and may hide it."""
    return netloc.rpartition("@")[2].lower()
