"""The contract of every family: a spider gets a Portal, yields captures and one look per column, stores nothing.

May touch: the portal's registered hosts, through Scrapy. A family says how to read a list page and what
comes after it (and by what signs a page is its own); which pages are fetched, what their titles say, dates and
health are decided here and in visits/: walk.py (lists), details.py (pages), yearly.py (no list at all).
"""

from abc import abstractmethod
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any, Literal

from scrapy import Request, Spider
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from twisted.python.failure import Failure

from config.schema import Column, Holds, Portal
from crawler import health
from crawler.attachments import attachments, keys, lasts
from crawler.health import Health
from crawler.items import INTERRUPTED, CaptureItem, ListedEntry, LookItem
from crawler.middlewares.rendering import RENDER
from crawler.model import LookOutcome
from crawler.page import Page, is_document
from crawler.settings import NOT_ARRIVED
from crawler.visit import Visit, visit_of
from spiders.lists.listing import Listing, Seen, Step
from spiders.signs import Sign
from spiders.visits.answer import Answer, arrived, failed
from spiders.visits.asking import Asking
from spiders.visits.details import Details
from spiders.visits.entry import entry_of
from spiders.visits.pictures import Pictures
from spiders.visits.reports import Reports
from spiders.visits.walk import Walk
from spiders.visits.yearly import addresses

Item = CaptureItem | LookItem
Kind = Literal["listing", "detail"]


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
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy adds it
        column: Column = request.cb_kwargs["column"]
        if not isinstance(failure.value, (IgnoreRequest, *NOT_ARRIVED)):
            failure.raiseException()
        url = self._first_address(column)
        async for item in self._visit_column(column, failed(url, failure.value, self._visit.now(), request)):
            yield item

    def unfinished_looks(self) -> Iterable[LookItem]:
        """The looks of columns that the visit did not get through, at its end: stopped, or an error of ours."""
        for column in self.portal.columns:
            if column.key not in self._looked:
                yield self._look(column, Health(LookOutcome.INCOMPLETE, f"{INTERRUPTED}，栏目没有看完"))

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
        asking = Asking(self.crawler, column)
        walk = Walk(
            self,
            column,
            known=[entry.url for entry in self._visit.remembered.get(column.key, ())],
            fetch=asking.fetch,
            entry=entry_of,
            capture=lambda answer, step, judged: answer.capture(
                self.portal, column.key, "listing", judged, url=step.key
            ),
        )
        async for capture in walk.run(first):
            yield capture
        found = walk.found
        pictures = Pictures(self._visit)
        if walk.pages:
            details = Details(self._visit, column, walk.entries, complete=found.good, said_empty=walk.said_empty)
            attached: list[tuple[str, str]] = []
            async for detail in self._read_details(asking, details):
                judged = _judge_detail(column, detail)
                yield detail.capture(self.portal, column.key, "detail", judged, entry=detail.url)
                details.note(detail, judged)
                if judged.good:
                    attached += self._documents(detail)
                    pictures.note(detail)
            if found.good and details.home:
                home = await asking.page(details.home)
                details.note_home(home.health)
                yield home.capture(self.portal, column.key, "listing", home.health)
            async for item in self._visit_attachments(attached, asking):
                yield item
            if found.good or walk.partial:
                judged = details.judge()
                # A list that may not hold everything is nevertheless seen to have been emptied.
                if found.good or judged.outcome is LookOutcome.EMPTIED:
                    found = judged
        async for item in pictures.taken(asking):
            yield item
        entries = tuple(walk.entries.values())
        yield self._look(column, found, status=first.status, entries=entries, pages=walk.pages)

    async def _read_details(self, asking: Asking, details: Details) -> AsyncIterator[Answer]:
        """The pages that are wanted, then control pages until one is found well. The caller notes each before the next."""
        async for answer in asking.pages(details.wanted):
            yield answer
        while url := details.control:
            yield await asking.page(url)

    async def _visit_reports(self, column: Column, first: Answer) -> AsyncIterator[Item]:
        """A column without a list: the report itself, or one for each year, at addresses that are known before."""
        asking = Asking(self.crawler, column)
        reports = Reports(column, self._visit)
        pictures = Pictures(self._visit)
        attached: list[tuple[str, str]] = []
        answer = first
        for number, url in enumerate(reports.wanted):
            if number:
                answer = await asking.fetch(Step(url))
            judged, is_entry = reports.note(answer)
            if is_entry and judged.good:
                attached += self._documents(answer)
                pictures.note(answer)
            kind: Kind = "detail" if is_entry else "listing"
            yield answer.capture(self.portal, column.key, kind, judged, entry=url if is_entry else None)
            if answer.final:
                break
        async for item in self._visit_attachments(attached, asking):
            yield item
        async for item in pictures.taken(asking):
            yield item
        yield self._look(column, reports.judge(), status=first.status, entries=reports.entries, pages=reports.answers)

    def _documents(self, answer: Answer) -> list[tuple[str, str]]:
        """The documents that a page leads to, each with the page; an unchanged page leads where it led before."""
        known = self._visit.attached.get(answer.url, ()) if answer.unchanged else ()
        if not all(lasts(url) for url in known):
            known = ()
        return [(url, answer.url) for url in known or (attachments(answer.page) if answer.page.text else ())]

    async def _visit_attachments(self, attached: Sequence[tuple[str, str]], asking: Asking) -> AsyncIterator[Item]:
        """The documents behind the pages, after all pages: where a bound is reached, the pages were worth more.

        A document that could not be had leaves its entry undecided where the page does not settle it; the look
        stands, because the list and its pages were seen.
        """
        entries: dict[str, list[str]] = {}
        of_page: dict[str, list[str]] = {}
        for url, entry in attached:
            entries.setdefault(url, []).append(entry)
            of_page.setdefault(entry, []).append(url)
        kept = {entry: keys(urls) for entry, urls in of_page.items()}
        async for answer in asking.pages(tuple(entries)):
            judged = _judge_attachment(answer)
            for entry in dict.fromkeys(entries[answer.url]):
                key = kept[entry][answer.url]
                yield answer.capture(self.portal, asking.column.key, "attachment", judged, entry=entry, url=key)

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


def _judge_attachment(answer: Answer) -> Health:
    """A page instead of the document: a captcha, a viewer, an error in friendly words."""
    found = answer.health
    if found.good and not answer.unchanged and answer.page.text and is_document(answer.page.text):
        return Health(LookOutcome.SHELL, "附件的地址回的是网页，不是文件")
    return found


def _judge_detail(column: Column, answer: Answer) -> Health:
    found = answer.health
    if found.good and health.same_page(answer.final_url, column.url) and answer.url != answer.final_url:
        return Health(LookOutcome.SOFT_404, "转到栏目页")
    return found
