"""The contract of every family: a spider gets a Portal, yields captures and one look per column, stores nothing.

May touch: the portal's registered hosts, through Scrapy. A family says how to read a list page and what
comes after it; which pages are fetched, what their titles say, dates and health are decided here.
"""

import asyncio
from abc import abstractmethod
from collections import deque
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any

from scrapy import Request, Spider
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from twisted.python.failure import Failure

from config.schema import Column, Portal
from crawler import health
from crawler.attachments import attachments
from crawler.health import HEALTHY, Health
from crawler.items import CaptureItem, ListedEntry, LookItem
from crawler.model import LookOutcome
from crawler.page import Page, is_document
from crawler.reports.dates import parse_day
from crawler.settings import NOT_ARRIVED
from crawler.titles import judge_title
from crawler.visit import NotFetched, Visit, visit_of
from spiders.answer import Answer, arrived, failed
from spiders.listing import Listing, Row, Seen, Step, is_address

Item = CaptureItem | LookItem

MAX_LIST_PAGES = 100  # of one column and visit
MAX_ENTRIES = 20_000  # of one column; the largest real ones hold some hundred reports
MAX_TITLE = 500  # characters
AHEAD = 1  # requests that wait at the host's queue while an answer is being worked on

# Why an entry could not be read that leave open whether it is the report somebody waits for.
_UNREAD = frozenset(LookOutcome) - {LookOutcome.HEALTHY, LookOutcome.SOFT_404}


class PortalSpider(Spider):
    """One visit to one portal. A family sets `name` and implements `read_list` and `next_step`."""

    name: str

    def __init__(self, portal: Portal, **kwargs: Any) -> None:
        super().__init__(self.name, **kwargs)
        self.portal = portal
        self._looked: set[str] = set()

    @abstractmethod
    def read_list(self, page: Page, column: Column) -> Listing:
        """`page` as a list page of `column`."""

    @abstractmethod
    def next_step(self, column: Column, seen: Sequence[Seen]) -> Step:
        """What comes after the list pages `seen` of this visit, of which there is at least one."""

    async def start(self) -> AsyncIterator[Request]:
        """One request per column."""
        for column in self.portal.columns:
            yield Request(
                column.url,
                callback=self.column_answered,
                errback=self.column_failed,
                cb_kwargs={"column": column},
                dont_filter=True,
            )

    async def column_answered(self, response: Response, column: Column) -> AsyncIterator[Item]:
        async for item in self._visit_column(column, arrived(column.url, response, self._visit.now(), self.portal)):
            yield item

    async def column_failed(self, failure: Failure) -> AsyncIterator[Item]:
        column: Column = failure.request.cb_kwargs["column"]  # type: ignore[attr-defined]  # Scrapy adds it
        if not isinstance(failure.value, (IgnoreRequest, *NOT_ARRIVED)):
            failure.raiseException()
        async for item in self._visit_column(column, failed(column.url, failure.value, self._visit.now())):
            yield item

    def unfinished_looks(self) -> Iterable[LookItem]:
        """The looks of columns that the visit did not get through, at its end: stopped, or an error of ours."""
        for column in self.portal.columns:
            if column.key not in self._looked:
                yield self._look(column, Health(LookOutcome.INCOMPLETE, "访问中断，栏目没有看完"))

    @property
    def _visit(self) -> Visit:
        return visit_of(self.crawler)

    async def _visit_column(self, column: Column, first: Answer) -> AsyncIterator[Item]:
        seen: list[Seen] = []
        entries: dict[str, ListedEntry] = {}
        found, answer, step = HEALTHY, first, Step(column.url)
        while True:
            judged, listing = self._judge_list(column, answer, first=not seen)
            yield answer.capture(self.portal, column.key, "listing", judged)
            if judged.good:
                fresh = [entry for entry in map(self._entry, listing.rows) if entry.url not in entries]
                before = len(entries)
                entries |= {entry.url: entry for entry in fresh}
                seen.append(Seen(step.url, listing, len(entries) - before))
            elif step.probe and judged.outcome is LookOutcome.SOFT_404:
                seen.append(Seen(step.url, None, 0))
            elif seen:
                found = Health(LookOutcome.INCOMPLETE, f"列表第 {len(seen) + 1} 页没有读到：{judged.reason}")
                break
            else:
                found = judged
                break
            step = self._next_step(column, seen)
            if step.incomplete:
                found = Health(LookOutcome.INCOMPLETE, step.incomplete)
                break
            if not step.url:
                break
            answer = await self._fetch(step.url, column)
        if seen:
            details = _Details(self._visit, column.key, entries, complete=found.good)
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
        pages = sum(1 for page in seen if page.listing is not None)
        yield self._look(column, found, status=first.status, entries=tuple(entries.values()), pages=pages)

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

    def _judge_list(self, column: Column, answer: Answer, *, first: bool) -> tuple[Health, Listing]:
        """Whether the answer is a list page of this very column; the first page has to name the column."""
        found = answer.health
        if found.good and not health.same_page(answer.url, answer.final_url):
            found = Health(LookOutcome.SOFT_404, f"转到其他页面 {answer.final_url}")
        if found.good and first:
            found = health.of_column(answer.page, column.name)
        if not found.good:
            return found, Listing()
        listing = self.read_list(answer.page, column)
        return (Health(LookOutcome.SHELL, listing.problem) if listing.problem else HEALTHY), listing

    def _next_step(self, column: Column, seen: Sequence[Seen]) -> Step:
        last = seen[-1].listing
        if last is not None and last.unclear:
            return Step(incomplete=last.unclear)
        step = self.next_step(column, seen)
        if sum(page.fresh for page in seen) > MAX_ENTRIES:
            return Step(incomplete=f"列表超过 {MAX_ENTRIES} 条")
        if step.url and len(seen) >= MAX_LIST_PAGES:
            return Step(incomplete=f"列表超过 {MAX_LIST_PAGES} 页，没有读完")
        return step

    def _judge_detail(self, column: Column, answer: Answer) -> Health:
        found = answer.health
        if found.good and health.same_page(answer.final_url, column.url) and answer.url != answer.final_url:
            return Health(LookOutcome.SOFT_404, "转到栏目页")
        return found

    def _entry(self, row: Row) -> ListedEntry:
        verdict, reason = judge_title(row.title)
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

    async def _fetch(self, url: str, column: Column) -> Answer:
        """One answer, never an exception but for errors of our own."""
        if not is_address(url):
            return failed(url, NotFetched(LookOutcome.DENIED, "链接不是可以访问的地址"), self._visit.now())
        request = Request(url, headers={"Referer": column.url}, dont_filter=True)
        try:
            response = await self.crawler.engine.download_async(request)
        except (IgnoreRequest, *NOT_ARRIVED) as error:
            return failed(url, error, self._visit.now())
        return arrived(url, response, self._visit.now(), self.portal)

    async def _fetch_all(self, urls: Sequence[str], column: Column) -> AsyncIterator[Answer]:
        """The answers in order. The next request is already waiting while an answer is being worked on."""
        ahead: deque[asyncio.Future[Answer]] = deque()
        waiting = deque(urls)
        while waiting or ahead:
            while waiting and len(ahead) <= AHEAD:
                ahead.append(asyncio.ensure_future(self._fetch(waiting.popleft(), column)))
            answer = await ahead.popleft()
            if answer.final:
                waiting.clear()
            yield answer


class _Details:
    """The pages behind a column's entries: which are wanted, and what their answers say about the look."""

    def __init__(self, visit: Visit, column: str, entries: dict[str, ListedEntry], *, complete: bool) -> None:
        remembered = visit.remembered.get(column, ())
        self._entries = entries
        self._before = {entry.url for entry in remembered if entry.listed}
        self._received = {url for url in entries if url in visit.bodies}
        self._judged: dict[str, Health] = {}
        self._stopped: Health | None = None
        # An entry that has left the list is looked at as well: only its page tells whether it is really gone.
        gone = [entry for entry in remembered if entry.url not in entries] if complete else []
        self.wanted = tuple(
            [entry.url for entry in entries.values() if entry.verdict != "lookalike"]
            + [entry.url for entry in gone if entry.verdict != "lookalike"]
        )

    def note(self, answer: Answer, judged: Health) -> None:
        self._judged[answer.url] = judged
        if answer.final:
            self._stopped = judged

    def judge(self) -> Health:
        """The health of a look whose list was read completely."""
        if self._before and not self._before & self._entries.keys():
            return Health(LookOutcome.EMPTIED, f"以前列出的 {len(self._before)} 条全部不见了")
        if self._stopped is not None:
            return Health(self._stopped.outcome, f"没有看完列出的页面：{self._stopped.reason}")
        control = [self._judged[url] for url in sorted(self._received & self._judged.keys())]
        if control and not any(judged.good for judged in control):
            outcomes = {judged.outcome for judged in control}
            outcome = control[0].outcome if len(outcomes) == 1 else LookOutcome.INCOMPLETE
            return Health(outcome, f"以前读到过的 {len(control)} 个页面现在都读不到：{control[0].reason}")
        unread = [
            (self._entries[url].title, judged)
            for url, judged in self._judged.items()
            if url in self._entries and url not in self._received and judged.outcome in _UNREAD
        ]
        if unread:
            title, judged = unread[0]
            return Health(LookOutcome.INCOMPLETE, f"列出的 {len(unread)} 个页面没有读到，如“{title}”：{judged.reason}")
        if not self._entries:
            return Health(LookOutcome.EMPTY, "栏目说明没有内容")
        return HEALTHY
