"""`python -m scrapy probe URL --at MOMENT`: looks at a portal that is not registered yet, and stores nothing.

May touch: the environment through config.env, the lock file of the host, the host of URL and no other. One JSON object
on stdout, everything else on stderr. Ends with 0 when the page was looked at (also where it was blind), 2 when
nothing began.
"""

import argparse
import datetime as dt
import json
import sys
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlsplit

from pydantic import ValidationError
from scrapy.commands import ScrapyCommand
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.utils.misc import load_object
from sqlalchemy.orm import sessionmaker

from config.env import Settings
from config.errors import GongkaiError
from config.schema import Column, Portal
from crawler import locks
from crawler.archive import Archive
from crawler.commands.visit import moment, scrapy_settings
from crawler.errors import CrawlError
from crawler.selection import may_be_visited
from crawler.visit import Visit, VisitCrawler

MAX_REQUESTS = 60
MAX_SECONDS = 900
DELAY = 2.0  # seconds between two requests to a real host


class Command(ScrapyCommand):
    """Scrapy's command of the name of this module."""

    requires_project = True

    def syntax(self) -> str:
        return "URL --at MOMENT"

    def short_desc(self) -> str:
        return "Look at a portal that is not registered yet"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--at", required=True, metavar="MOMENT", help="when the look starts, ISO with offset")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if self.settings is None or not isinstance(self.crawler_process, AsyncCrawlerProcess):
            raise TypeError("probe needs Scrapy's settings and its asyncio reactor (TWISTED_REACTOR)")
        try:
            if len(args) != 1:
                raise CrawlError("give one address")
            settings = Settings()
            portal = portal_of(args[0])
            may_be_visited(portal, contact=settings.contact, simulated=settings.simulated_now is not None)
            with ExitStack() as held:
                for name in locks.names(portal):
                    held.enter_context(locks.hold(settings.lock_dir / f"{name}.lock"))
                result = self._look(portal, settings, moment(opts.at))
        except GongkaiError as error:
            sys.stderr.write(f"{error}\n")
            self.exitcode = 2
            return
        sys.stdout.write(json.dumps(result, ensure_ascii=False) + "\n")
        self.exitcode = 0

    def _look(self, portal: Portal, settings: Settings, at: dt.datetime) -> dict[str, Any]:
        process: Any = self.crawler_process
        visit = Visit(
            portal=portal,
            at=at,
            simulated=False,
            sessions=sessionmaker(),  # bound to no database: nothing is stored
            archive=Archive(settings.archive_dir),
            bodies={},
            remembered={},
        )
        crawler = VisitCrawler(load_object(process.settings["PROBE"]), process.settings, visit)
        of_portal = scrapy_settings(portal, process.settings["USER_AGENT"], settings.contact)
        crawler.settings.setdict(of_portal | {"ITEM_PIPELINES": {}}, priority="spider")
        process.crawl(crawler, portal=portal)
        process.start()
        spider: Any = crawler.spider
        if spider is None:
            raise CrawlError("the look could not begin; the log says why")
        return {**spider.result, "requests": visit.record.requests}


def portal_of(url: str) -> Portal:
    """A portal of the address alone: its host, and no other. Raises CrawlError."""
    try:
        parts = urlsplit(url.strip())
        if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
            raise ValueError("expected is http:// or https:// and a host")
        portal = Portal(
            slug="probe",
            name=parts.netloc,
            family="probe",
            hosts=(parts.netloc,),
            delay=DELAY,
            max_pages=MAX_REQUESTS,
            max_seconds=MAX_SECONDS,
            columns=(Column(key="start", url=url.strip(), agencies=("unknown",)),),
        )
    except ValidationError as error:
        raise CrawlError(f"{url}: {error.errors()[0]['msg']}") from error
    except ValueError as error:
        raise CrawlError(f"{url}: {error}") from error
    return portal.model_copy(update={"delay": 0.0}) if portal.is_local else portal
