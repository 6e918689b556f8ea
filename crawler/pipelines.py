"""From a spider's items to the archive and the store: the only writer of a crawl.

May touch: the archive, the tables run, look, entry, entry_change, capture. Items are written in the order in
which they come, in batches of one transaction each, so a column's look follows all of its captures. The bytes
are archived before their captures are stored. Whatever goes wrong here fails the run.
"""

import asyncio
import logging
from typing import Any, Self

from scrapy import signals
from scrapy.crawler import Crawler
from twisted.python.failure import Failure

from crawler.items import CaptureItem, LookItem
from crawler.store.writes import visit as writes
from crawler.visit import Visit, visit_of

BATCH = 50  # items
BATCH_BYTES = 16 * 2**20  # of their bodies
INTERVAL = 1.0  # seconds after which a smaller batch is written as well

logger = logging.getLogger(__name__)
Item = CaptureItem | LookItem


class StorePipeline:
    """Opens the run, writes what comes, closes the run as finished or failed."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler: Any = crawler  # its spider is a PortalSpider, a class that this room does not import
        self._visit = visit_of(crawler)
        self._record = self._visit.record
        self._waiting: list[Item] = []
        self._waiting_bytes = 0
        self._turn = asyncio.Lock()
        self._writing: asyncio.Task[None] | None = None
        self._clock: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        pipeline = cls(crawler)
        crawler.signals.connect(pipeline.spider_error, signals.spider_error)
        return pipeline

    async def open_spider(self) -> None:
        self._record.run = await asyncio.to_thread(self._start)
        self._clock = asyncio.create_task(self._write_now_and_then())

    async def process_item(self, item: Item) -> Item:
        self._waiting.append(item)
        self._waiting_bytes += len(item.body or b"") if isinstance(item, CaptureItem) else 0
        if len(self._waiting) >= BATCH or self._waiting_bytes >= BATCH_BYTES:
            await self._hand_over()
        return item

    async def close_spider(self) -> None:
        if not self._crawler.crawling:
            self._record.fail("the visit was stopped before its end")
        self._waiting += self._crawler.spider.unfinished_looks()
        await self._hand_over()
        await self._hand_over()  # waits until the last batch is written
        if self._clock is not None:
            self._clock.cancel()
        try:
            await asyncio.to_thread(self._finish)
        except Exception as error:  # noqa: BLE001 - a run that cannot be closed has failed, whatever the reason
            self._fail("closing the run", error)

    def spider_error(self, failure: Failure) -> None:
        """An error of ours in a spider: the columns concerned get an incomplete look, the run has failed."""
        self._record.fail(f"the spider failed: {type(failure.value).__name__}: {failure.value}")

    async def _write_now_and_then(self) -> None:
        while True:
            await asyncio.sleep(INTERVAL)
            await self._hand_over()

    async def _hand_over(self) -> None:
        """Waits for the batch that is being written, then gives what is waiting to the writing thread."""
        async with self._turn:
            if self._writing is not None:
                await self._writing
                self._writing = None
            batch, self._waiting, self._waiting_bytes = self._waiting, [], 0
            if batch and not self._record.broken:  # what follows a failed write would hang in the air
                self._writing = asyncio.create_task(self._write(batch))

    async def _write(self, batch: list[Item]) -> None:
        try:
            await asyncio.to_thread(self._store, batch)
        except Exception as error:  # noqa: BLE001 - whatever the reason, a failed write fails the run
            self._fail(f"writing {len(batch)} items", error)

    def _fail(self, what: str, error: Exception) -> None:
        logger.critical("%s: %s failed", self._visit.portal.slug, what, exc_info=error)
        self._record.fail(f"{what} failed: {type(error).__name__}: {error}")
        self._record.broken = True

    def _start(self) -> int:
        with self._visit.sessions.begin() as session:
            return writes.start_run(
                session, self._visit.portal.slug, self._visit.now(), simulated=self._visit.simulated
            )

    def _store(self, batch: list[Item]) -> None:
        """Runs in a thread: archives, then one transaction that keeps the order of captures and looks."""
        kept = [item for item in batch if isinstance(item, CaptureItem) and item.body is not None]
        names = self._visit.archive.put_all([item.body or b"" for item in kept])
        archived = {id(item): name for item, name in zip(kept, names, strict=True)}
        run = self._run_id()
        with self._visit.sessions.begin() as session:
            captures: list[tuple[CaptureItem, str | None]] = []
            for item in batch:
                if isinstance(item, CaptureItem):
                    captures.append((item, archived.get(id(item))))
                    continue
                writes.add_captures(session, run, captures)
                captures = []
                writes.add_look(session, run, item)
            writes.add_captures(session, run, captures)
        for item in batch:
            if isinstance(item, LookItem):
                self._record.looks[item.column] = item.outcome.value
                logger.info("%s/%s: %s %s", item.portal, item.column, item.outcome.value, item.reason)

    def _finish(self) -> None:
        failure = self._record.failure
        with self._visit.sessions.begin() as session:
            writes.finish_run(
                session,
                self._run_id(),
                self._visit.now(),
                outcome="failed" if failure else "finished",
                reason=failure or _exceptions(self._visit),
                requests=self._record.requests,
            )

    def _run_id(self) -> int:
        if self._record.run is None:
            raise RuntimeError("the run was never opened")
        return self._record.run


def _exceptions(visit: Visit) -> str:
    """What a finished run says: of which hosts the encryption was accepted though something was wrong with it."""
    met = {host: exception for host, exception in visit.portal.tls.items() if host.lower() in visit.record.asked}
    return "；".join(f"TLS 例外 exception：{host} {exception.value}" for host, exception in sorted(met.items()))
