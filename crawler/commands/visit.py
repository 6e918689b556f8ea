"""`python -m scrapy visit --at MOMENT [--portal SLUG … | --columns -]`: visits portals and stores what they show.

May touch: the environment through config.env, the configuration, the lock files, the store, the archive, the
portals' registered hosts. `--columns -` reads a plan from stdin: a JSON object, portal → its column keys, in order.
One JSON line per portal on stdout, everything else on stderr; `outcome` is finished, failed, skipped (a host is in use),
resting (its hosts want to be left alone now) or, in a second line at the end, offline (no host answered at all). Ends
with 0 when every run finished (also where a portal was blind), 1 when one failed, 2 when nothing began.
"""

import argparse
import asyncio
import datetime as dt
import json
import logging
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

from scrapy.commands import ScrapyCommand
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.utils.misc import load_object

from config.env import Settings
from config.errors import GongkaiError
from config.load import load
from config.schema import Portal
from config.visits import VisitRules, window_end
from crawler import locks
from crawler.archive import Archive
from crawler.errors import CrawlError
from crawler.network import OFFLINE, Network
from crawler.selection import chosen, may_be_visited, read_columns, with_columns
from crawler.settings import JITTER
from crawler.store.reads.visit import known_attachments, known_bodies, remembered
from crawler.store.session import Sessions, open_store
from crawler.visit import Record, Visit, VisitCrawler

AT_ONCE = 16  # portals
MAX_PLAN = 64 * 2**20  # characters of a plan; 30,000 columns take about one million


class Command(ScrapyCommand):
    """Scrapy's command of the name of this module."""

    requires_project = True

    def syntax(self) -> str:
        return "--at MOMENT [--portal SLUG ... | --columns -] [--simulated]"

    def short_desc(self) -> str:
        return "Visit the configured portals and store what they show"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--at", required=True, metavar="MOMENT", help="when the visit starts, ISO with offset")
        parser.add_argument("--portal", nargs="+", action="extend", default=[], metavar="SLUG", help="only these")
        parser.add_argument("--columns", metavar="-", choices=["-"], help="read the portals and columns from stdin")
        parser.add_argument("--also-off", action="store_true", help="the portals named may be switched off")
        parser.add_argument("--simulated", action="store_true", help="MOMENT is a pretended present")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        try:
            if args:
                raise CrawlError(f"not understood: {' '.join(args)}")
            visits = self._prepare(opts)
        except GongkaiError as error:
            sys.stderr.write(f"{error}\n")
            self.exitcode = 2
            return
        if not isinstance(self.crawler_process, AsyncCrawlerProcess):
            raise TypeError("visit needs Scrapy's asyncio reactor (TWISTED_REACTOR)")
        visits.run(self.crawler_process)
        self.exitcode = 0 if visits.all_finished else 1

    def _prepare(self, opts: argparse.Namespace) -> "Visits":
        settings = Settings()
        if self.settings is None:
            raise TypeError("Scrapy gives every command its settings before it runs")
        families = load_object(self.settings["FAMILIES"])
        configuration = load(settings.config_dir, frozenset(families))
        simulated = opts.simulated or settings.simulated_now is not None
        wanted = read_columns(sys.stdin.read(MAX_PLAN)) if opts.columns else {}
        portals = chosen(configuration.portals, opts.portal or list(wanted), also_off=opts.also_off)
        portals = tuple(with_columns(portal, wanted.get(portal.slug, ())) for portal in portals)
        for portal in portals:
            may_be_visited(portal, contact=settings.contact, simulated=simulated)
        archive = Archive(settings.archive_dir)
        archive.sweep()
        return Visits(
            portals=portals,
            families=families,
            settings=settings,
            sessions=open_store(settings.database),
            archive=archive,
            at=moment(opts.at),
            simulated=simulated,
            rules=configuration.visits,
        )


class Visits:
    """Visits several portals in one process: different hosts side by side, one host one after the other."""

    def __init__(
        self,
        *,
        portals: Sequence[Portal],
        families: dict[str, Any],
        settings: Settings,
        sessions: Sessions,
        archive: Archive,
        at: dt.datetime,
        simulated: bool,
        rules: VisitRules,
    ) -> None:
        self._portals = portals
        self._families = families
        self._settings = settings
        self._sessions = sessions
        self._archive = archive
        self._at = at
        self._simulated = simulated
        self._rules = rules
        self._network = Network(sessions, rules)
        self._began = time.monotonic()
        self._hosts: dict[str, asyncio.Lock] = {}
        self._told: dict[str, str] = {}  # portal slug → outcome, once it is written on stdout
        self._records: dict[str, Record] = {}

    @property
    def all_finished(self) -> bool:
        return set(self._told.values()) <= {"finished", "resting"} and len(self._told) == len(self._portals)

    def run(self, process: AsyncCrawlerProcess) -> None:
        """Blocks until all are visited or the process is told to stop."""
        # Scrapy's own records of every request are not even made where they would not be shown.
        logging.getLogger("scrapy").setLevel(process.settings["LOG_LEVEL"])
        everything = asyncio.get_event_loop().create_task(self._visit_all(process))
        process.start(stop_after_crawl=False)
        if everything.done():
            everything.result()
        for portal in self._portals:
            if portal.slug not in self._told:
                self._tell(portal, "failed", self._records.get(portal.slug, Record()), "stopped before its end")
        for slug in self._network.close():
            self._tell(next(portal for portal in self._portals if portal.slug == slug), "offline", Record(), OFFLINE)

    async def _visit_all(self, process: AsyncCrawlerProcess) -> None:
        from twisted.internet import reactor as chosen_reactor  # not before Scrapy has chosen one

        reactor: Any = chosen_reactor  # its type is known at run time only
        slots = asyncio.Semaphore(AT_ONCE)
        try:
            await asyncio.gather(*(self._visit_in_turn(portal, process, slots) for portal in self._portals))
        finally:
            reactor.stop()

    async def _visit_in_turn(self, portal: Portal, process: AsyncCrawlerProcess, slots: asyncio.Semaphore) -> None:
        names = locks.names(portal)
        turns = [self._hosts.setdefault(name, asyncio.Lock()) for name in names]
        for turn in turns:
            await turn.acquire()
        try:
            async with slots:
                with ExitStack() as held:
                    for name in names:
                        held.enter_context(locks.hold(self._settings.lock_dir / f"{name}.lock"))
                    await self._visit(portal, process)
        except CrawlError as error:
            self._tell(portal, "skipped", Record(), str(error))
        finally:
            for turn in reversed(turns):
                turn.release()

    async def _visit(self, portal: Portal, process: AsyncCrawlerProcess) -> None:
        now = self._now()
        open_now, why = await asyncio.to_thread(self._network.open_part, portal, now)
        until = window_end(portal.hours, now) if portal.hours else None
        if portal.hours and until is None:
            open_now, why = None, f"只在 {portal.hours} 访问 / visited at {portal.hours} only"
        if open_now is None:
            self._tell(portal, "resting", Record(), why)
            return
        visit = await asyncio.to_thread(self._recall, open_now, now, until)
        self._records[portal.slug] = record = visit.record
        crawler = VisitCrawler(self._families[portal.family], process.settings, visit)
        of_portal = scrapy_settings(portal, process.settings["USER_AGENT"], self._settings.contact)
        of_portal["CHROMIUM"] = self._settings.chromium
        # Above "project": process.crawl lays the project's settings over a crawler's of the same priority.
        crawler.settings.setdict(of_portal, priority="spider")
        try:
            await process.crawl(crawler, portal=open_now)
            await asyncio.to_thread(self._network.note, portal, visit)
        except Exception as error:  # noqa: BLE001 - one portal's failure is told and never stops the others
            record.fail(f"{type(error).__name__}: {error}")
        if record.run is None:
            record.fail("the run could not be opened")
        self._tell(portal, "failed" if record.failure else "finished", record, record.failure)

    def _now(self) -> dt.datetime:
        return self._at + dt.timedelta(seconds=time.monotonic() - self._began)

    def _recall(self, portal: Portal, now: dt.datetime, until: dt.datetime | None) -> Visit:
        """What the store knows of the portal. The visit's own bound of seconds begins here, at its turn."""
        with self._sessions() as session:
            bodies = known_bodies(session, portal.slug)
            before = {column.key: remembered(session, portal.slug, column.key) for column in portal.columns}
            attached = known_attachments(session, portal.slug)
        return Visit(
            portal=portal,
            at=now,
            simulated=self._simulated,
            sessions=self._sessions,
            archive=self._archive,
            bodies=bodies,
            remembered=before,
            attached=attached,
            rules=self._rules,
            until=until,
        )

    def _tell(self, portal: Portal, outcome: str, record: Record, reason: str) -> None:
        self._told[portal.slug] = outcome
        line = {
            "portal": portal.slug,
            "run": record.run,
            "outcome": outcome,
            "requests": record.requests,
            "looks": record.looks,
        }
        if reason:
            line["reason"] = reason
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
        sys.stdout.flush()


def moment(text: str) -> dt.datetime:
    """An aware moment from ISO text. Raises CrawlError."""
    try:
        value = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise CrawlError(f"--at: {text!r} is no ISO moment: {error}") from error
    if value.tzinfo is None:
        raise CrawlError(f"--at: {text!r} needs an offset, e.g. 2024-02-01T09:00+08:00")
    return value


def scrapy_settings(portal: Portal, user_agent: str, contact: str) -> dict[str, Any]:
    """What Scrapy has to know of one portal. The delay: see crawler.settings.JITTER."""
    return {
        "USER_AGENT": f"{user_agent} (+{contact.strip()})" if contact.strip() else user_agent,
        "DOWNLOAD_DELAY": portal.delay * (1 + JITTER),
        "DOWNLOAD_MAXSIZE": portal.max_bytes,
        "AUTOTHROTTLE_ENABLED": portal.delay >= 1,
    }
