"""Redirects: at most REDIRECT_MAX_TIMES, each a new request that every middleware judges anew. Touches nothing."""

from scrapy import Request, Spider
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.http import Response

from crawler.model import LookOutcome
from crawler.visit import NotFetched

CONDITIONS = ("If-None-Match", "If-Modified-Since")


class Redirects(RedirectMiddleware):
    """Scrapy's, but the end of the chain has a name, and conditions never travel to another address."""

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        if response.status in (301, 302, 303, 307, 308) and "Location" in response.headers:
            times = request.meta.get("redirect_times", 0)
            if times >= self.max_redirect_times:
                raise NotFetched(LookOutcome.SOFT_404, f"转址超过 {times} 次", status=response.status)
        try:
            result = super().process_response(request, response)
        except ValueError as error:
            raise NotFetched(LookOutcome.SOFT_404, f"转址的地址无法理解：{error}", status=response.status) from error
        if isinstance(result, Request):
            result.meta.pop("known_body", None)
            for name in CONDITIONS:
                result.headers.pop(name, None)
        return result
