"""The contract of every family: a spider gets a Portal, yields captures and one look per column, stores nothing.

May touch: the portal's registered hosts, through Scrapy. A family says how to read a list page and what
comes after it (and by what signs a page is its own); which pages are fetched, what their titles say, dates and
health are decided here and beside here: walk.py (lists), details.py (pages), yearly.py (no list at all).
"""

import asyncio
from abc import abstractmethod
from collections import deque
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any, Literal

from scrapy import FormRequest, Request, Spider
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from twisted.python.failure import Failure

from config.schema import Column, Holds, Portal
from crawler import health
from crawler.attachments import attachments
from crawler.health import HEALTHY, Health
from crawler.items import CaptureItem, ListedEntry, LookItem
from crawler.middlewares.rendering import RENDER
from crawler.model import LookOutcome
from crawler.page import Page, is_document
from crawler.reports.dates import parse_day
from crawler.settings import NOT_ARRIVED
from crawler.titles import judge_title
from crawler.visit import NotFetched, Visit, visit_of
from spiders.answer import Answer, arrived, failed
from spiders.details import Details
from spiders.listing import Listing, Row, Seen, Step, is_address
from spiders.signs import Sign
from spiders.walk import Walk
from spiders.yearly import addresses, read_report

Item = CaptureItem | LookItem
Kind = Literal["listing", "detail", "attachment"]

MAX_TITLE = 500  # characters
AHEAD = 1  # requests that wait at the host's queue while an answer is being worked on


class PortalSpider(Spider):
    """One visit to one portal. A family sets `name` and implements `signs`, `read_list` and `next_step`."""

    name: str

    def __init__(self, portal: Portal, **kwargs: Any) -> None:
        super().__init__(self.name, **kwargs)
        self.portal = portal
        self._looked: set[str] = set()

    @classmethod
    @abstractmethod
    def signs(cls, page: Page) -> tuple[Sign, ...]:
        """By what `page` (HTML, or a data answer) is known to be this family's; empty where nothing speaks for it."""

    @abstractmethod
    def read_list(self, page: Page, column: Column) -> Listing:
        """`page` as a list page of `column`."""

    @abstractmethod
    def next_step(self, column: Column, seen: Sequence[Seen]) -> Step:
        """What comes after the list pages `seen` of this list, of which there is at least one.

        `seen[0].step.url` is the column's address, or that of a sub-column.
        """

    def names_column(self, page: Page, column: Column) -> Health:
        """Whether the first list page is the one of `column`; a family whose page is data overrides it."""
        return health.of_column(page, column.name)

    async def start(self) -> AsyncIterator[Request]:
        """One request per column."""
        for column in self.portal.columns:
            yield Request(
                self._first_address(column),
                callback=self.column_answered,
                errback=self.column_failed,
                cb_kwargs={"column": column},
                meta={RENDER: column.render},
                dont_filter=True,
            )

    async def column_answered(self, response: Response, column: Column) -> AsyncIterator[Item]:
        url = self._first_address(column)
        async for item in self._visit_column(column, arrived(url, response, self._visit.now(), self.portal)):
            yield item

    async def column_failed(self, failure: Failure) -> AsyncIterator[Item]:
        column: Column = failure.request.cb_kwargs["column"]  # type: ignore[attr-defined]  # Scrapy adds it
        if not isinstance(failure.value, (IgnoreRequest, *NOT_ARRIVED)):
            failure.raiseException()
        url = self._first_address(column)
        async for item in self._visit_column(column, failed(url, failure.value, self._visit.now())):
            yield item

    def unfinished_looks(self) -> Iterable[LookItem]:
        """The looks of columns that the visit did not get through, at its end: stopped, or an error of ours."""
        for column in self.portal.columns:
            if column.key not in self._looked:
                yield self._look(column, Health(LookOutcome.INCOMPLETE, "访问中断，栏目没有看完"))

    def _first_address(self, column: Column) -> str:
        return addresses(column, self._visit.now())[0] if column.holds is Holds.YEARS else column.url

    @property
    def _visit(self) -> Visit:
        return visit_of(self.crawler)

    async def _visit_column(self, column: Column, first: Answer) -> AsyncIterator[Item]:
        if column.holds is Holds.LIST:
            async for item in self._visit_list(column, first):
                yield item
        else:
            async for item in self._visit_reports(column, first):
                yield item

    async def _visit_list(self, column: Column, first: Answer) -> AsyncIterator[Item]:
        """A column with a list: its pages, the pages of its entries, the documents behind these."""
        walk = Walk(
            self,
            column,
            known=[entry.url for entry in self._visit.remembered.get(column.key, ())],
            fetch=lambda step: self._fetch(step, column, render=column.render),
            entry=self._entry,
            capture=lambda answer, step, judged: answer.capture(
                self.portal, column.key, "listing", judged, url=step.key
            ),
        )
        async for capture in walk.run(first):
            yield capture
        found = walk.found
        if walk.pages:
            details = Details(self._visit, column.key, walk.entries, complete=found.good, said_empty=walk.said_empty)
            attached: list[tuple[str, str]] = []
            async for detail in self._fetch_all(details.wanted, column):
                judged = self._judge_detail(column, detail)
                yield detail.capture(self.portal, column.key, "detail", judged, entry=detail.url)
                details.note(detail, judged)
                if judged.good and detail.page.text:
                    attached += [(url, detail.url) for url in attachments(detail.page)]
            async for item in self._visit_attachments(attached, column):
                yield item
            if found.good:
                found = details.judge()
        entries = tuple(walk.entries.values())
        yield self._look(column, found, status=first.status, entries=entries, pages=walk.pages)

    async def _visit_reports(self, column: Column, first: Answer) -> AsyncIterator[Item]:
        """A column without a list: the report itself, or one for each year, at addresses that are known before."""
        entries: list[ListedEntry] = []
        attached: list[tuple[str, str]] = []
        answers, unread = 0, Health(LookOutcome.SHELL, "页面上没有报告正文")
        wanted = addresses(column, self._visit.now())
        before = {entry.url for entry in self._visit.remembered.get(column.key, ()) if entry.listed}
        broken: Health | None = None
        answer = first
        for number, url in enumerate(wanted):
            if number:
                answer = await self._fetch(Step(url), column, render=column.render)
            judged, title = read_report(answer, column)
            if title:
                entries.append(self._entry(Row(url, title), certain=True))
                attached += [(link, url) for link in attachments(answer.page)]
            # A page that answers and holds no report is no entry; one that did hold it is told as it is.
            is_entry = bool(title) or url in before
            kind: Kind = "detail" if is_entry else "listing"
            yield answer.capture(self.portal, column.key, kind, judged, entry=url if is_entry else None)
            answers += judged.good
            if not judged.good and judged.outcome is not LookOutcome.SOFT_404:
                broken = broken or judged
            if answer.final:
                break
        async for item in self._visit_attachments(attached, column):
            yield item
        found = HEALTHY
        if broken is not None:
            found = broken if not entries else Health(LookOutcome.INCOMPLETE, f"有年份没有读到：{broken.reason}")
        elif not entries:
            found = unread
        yield self._look(column, found, status=first.status, entries=tuple(entries), pages=answers)

    async def _visit_attachments(self, attached: Sequence[tuple[str, str]], column: Column) -> AsyncIterator[Item]:
        """The documents behind the pages, after all pages: where a bound is reached, the pages were worth more.

        A document that could not be had leaves its entry undecided where the page does not settle it; the look
        stands, because the list and its pages were seen.
        """
        entries: dict[str, list[str]] = {}
        for url, entry in attached:
            entries.setdefault(url, []).append(entry)
        async for answer in self._fetch_all(tuple(entries), column):
            judged = self._judge_attachment(answer)
            for entry in dict.fromkeys(entries[answer.url]):
                yield answer.capture(self.portal, column.key, "attachment", judged, entry=entry)

    def _judge_attachment(self, answer: Answer) -> Health:
        """A page instead of the document: a captcha, a viewer, an error in friendly words."""
        found = answer.health
        if found.good and answer.page.text and is_document(answer.page.text):
            return Health(LookOutcome.SHELL, "附件的地址回的是网页，不是文件")
        return found

    def _judge_detail(self, column: Column, answer: Answer) -> Health:
        found = answer.health
        if found.good and health.same_page(answer.final_url, column.url) and answer.url != answer.final_url:
            return Health(LookOutcome.SOFT_404, "转到栏目页")
        return found

    def _entry(self, row: Row, *, certain: bool = False) -> ListedEntry:
        """`certain`: the page was seen to hold a report, whatever its title says."""
        verdict, reason = judge_title(row.title)
        if certain and verdict != "report":
            verdict, reason = "unsure", "页面有报告正文"
        return ListedEntry(
            url=row.url,
            title=row.title[:MAX_TITLE],
            list_date=parse_day(row.date) if row.date else None,
            list_date_raw=row.date,
            verdict=verdict,
            verdict_reason=reason,
        )

    def _look(
        self,
        column: Column,
        found: Health,
        *,
        status: int | None = None,
        entries: tuple[ListedEntry, ...] = (),
        pages: int = 0,
    ) -> LookItem:
        self._looked.add(column.key)
        return LookItem(
            portal=self.portal.slug,
            column=column.key,
            at=self._visit.now(),
            outcome=found.outcome,
            reason=found.reason,
            status=status,
            url=column.url,
            entries=entries,
            pages=pages,
        )

    async def _fetch(self, step: Step, column: Column, *, render: bool = False) -> Answer:
        """One answer, never an exception but for errors of our own. `render`: built by Chromium (list pages only)."""
        if not is_address(step.url):
            return failed(step.url, NotFetched(LookOutcome.DENIED, "链接不是可以访问的地址"), self._visit.now())
        try:
            request = _request(step, column)
            request.meta[RENDER] = render
            response = await self.crawler.engine.download_async(request)
        except (IgnoreRequest, *NOT_ARRIVED) as error:
            return failed(step.url, error, self._visit.now())
        return arrived(step.url, response, self._visit.now(), self.portal)

    async def _fetch_all(self, urls: Sequence[str], column: Column) -> AsyncIterator[Answer]:
        """The answers in order. The next request is already waiting while an answer is being worked on."""
        ahead: deque[asyncio.Future[Answer]] = deque()
        waiting = deque(urls)
        while waiting or ahead:
            while waiting and len(ahead) <= AHEAD:
                ahead.append(asyncio.ensure_future(self._fetch(Step(waiting.popleft()), column)))
            answer = await ahead.popleft()
            if answer.final:
                waiting.clear()
            yield answer


def _request(step: Step, column: Column) -> Request:
    """The request of a step. The Referer is the column's page: some data endpoints answer nobody else."""
    headers = {"Referer": column.url.replace("{year}", "")}
    if step.form:
        return FormRequest(step.url, method="POST", formdata=list(step.form), headers=headers, dont_filter=True)
    if step.json:
        headers["Content-Type"] = "application/json"
        return Request(step.url, method="POST", body=step.json.encode(), headers=headers, dont_filter=True)
    return Request(step.url, headers=headers, dont_filter=True)
