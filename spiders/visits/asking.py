"""How a spider asks its portal: one request after the other through Scrapy's engine, an Answer whatever comes.

May touch: the portal's registered hosts, through Scrapy.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence

from scrapy import FormRequest, Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import HtmlResponse

from config.schema import Column
from crawler.middlewares.rendering import PICTURE, RENDER
from crawler.model import LookOutcome
from crawler.settings import NOT_ARRIVED
from crawler.store.reads.visit import KnownBody
from crawler.visit import NotFetched, visit_of
from spiders.lists.listing import Step, is_address
from spiders.visits.answer import Answer, arrived, failed

AHEAD = 1  # requests that wait at the host's queue while an answer is being worked on


class Asking:
    """The requests of one column."""

    def __init__(self, crawler: Crawler, column: Column) -> None:
        self._engine = crawler.engine
        self._visit = visit_of(crawler)
        self.column = column

    async def fetch(self, step: Step) -> Answer:
        """One list page. Never an exception but for errors of our own."""
        return await self._ask(step, lists=True)

    async def page(self, url: str) -> Answer:
        """One other page; bytes that were well received before are not judged anew (Answer.unchanged)."""
        return await self._ask(Step(url), lists=False)

    async def pages(self, urls: Sequence[str]) -> AsyncIterator[Answer]:
        """The answers in order. The next request is already waiting while an answer is being worked on."""
        ahead: deque[asyncio.Future[Answer]] = deque()
        waiting = deque(urls)
        while waiting or ahead:
            while waiting and len(ahead) <= AHEAD:
                ahead.append(asyncio.ensure_future(self.page(waiting.popleft())))
            answer = await ahead.popleft()
            if answer.final:
                waiting.clear()
            yield answer

    async def picture(self, answer: Answer) -> Answer:
        """A picture of the page that came, as PNG, by Chromium; nothing of it is fetched twice."""
        headers = dict(answer.headers)
        document = HtmlResponse(answer.final_url, status=answer.status or 200, headers=headers, body=answer.body or b"")
        request = Request(answer.final_url, meta={PICTURE: document}, dont_filter=True)
        return await self._answered(answer.url, request, None)

    async def _ask(self, step: Step, *, lists: bool) -> Answer:
        visit = self._visit
        if not is_address(step.url):
            return failed(step.url, NotFetched(LookOutcome.DENIED, "链接不是可以访问的地址"), visit.now())
        known = None if lists else visit.bodies.get(step.url)
        return await self._answered(step.url, request_of(step, self.column, lists=lists), known)

    async def _answered(self, url: str, request: Request, known: KnownBody | None) -> Answer:
        visit = self._visit
        if self._engine is None:
            raise TypeError("a column is asked for while its crawler runs")
        try:
            response = await self._engine.download_async(request)
        except (IgnoreRequest, *NOT_ARRIVED) as error:
            return failed(url, error, visit.now(), request)
        return arrived(url, response, visit.now(), visit.portal, known)


def request_of(step: Step, column: Column, *, lists: bool) -> Request:
    """The request of a step. The Referer is the column's page: some data endpoints answer nobody else."""
    headers = {"Referer": column.url.replace("{year}", "")}
    if step.form:
        return FormRequest(step.url, method="POST", formdata=list(step.form), headers=headers, dont_filter=True)
    if step.json:
        headers["Content-Type"] = "application/json"
        return Request(step.url, method="POST", body=step.json.encode(), headers=headers, dont_filter=True)
    return Request(step.url, headers=headers, meta={RENDER: True} if lists and column.render else {}, dont_filter=True)
