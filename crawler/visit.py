"""One visit to one portal: what it knows when it starts, its time, and the record of how it went.

May touch: the monotonic clock. The moment of the start comes in; every other moment is that plus what has
passed since, so a simulated day stays simulated and a wall clock that jumps cannot order things wrongly.
"""

import datetime as dt
import time
from dataclasses import dataclass, field
from typing import Any

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.settings import Settings as ScrapySettings

from config.schema import Portal
from config.visits import VisitRules
from crawler.archive import Archive
from crawler.health import Health
from crawler.model import LookOutcome
from crawler.revisit import Remembered
from crawler.store.reads.visit import KnownBody
from crawler.store.session import Sessions


class NotFetched(IgnoreRequest):
    """Raised by the middlewares: this answer is not to be had, and why.

    `final`: nothing else is to be had from this host in this visit either. `status`: of the answer that
    decided, where there was one.
    """

    def __init__(self, outcome: LookOutcome, reason: str, *, status: int | None = None, final: bool = False) -> None:
        super().__init__(reason)
        self.health = Health(outcome, reason)
        self.status = status
        self.final = final


@dataclass(slots=True)
class Record:
    """How the visit goes. `failure`: why the run failed; empty as long as it has not.

    `broken`: something could not be written, so nothing more is fetched or written.
    """

    run: int | None = None
    requests: int = 0
    looks: dict[str, str] = field(default_factory=dict)  # column key → LookOutcome
    failure: str = ""
    broken: bool = False
    asked: set[str] = field(default_factory=set)  # hosts to which a request was sent
    answered: set[str] = field(default_factory=set)  # those of them that answered, whatever it was
    rests: dict[str, tuple[dt.datetime, str]] = field(default_factory=dict)  # host → until when it wants no visit, why

    def fail(self, reason: str) -> None:
        """The first reason is kept: what follows is mostly its consequence."""
        self.failure = self.failure or reason


@dataclass(frozen=True)
class Visit:
    """What the parts of one crawl share. `portal` has the columns only that are to be visited."""

    portal: Portal
    at: dt.datetime  # aware; the moment at which the visit starts
    simulated: bool
    sessions: Sessions
    archive: Archive
    bodies: dict[str, KnownBody]  # by address
    remembered: dict[str, tuple[Remembered, ...]]  # by column key
    attached: dict[str, tuple[str, ...]] = field(default_factory=dict)  # addresses of documents by that of their page
    rules: VisitRules = field(default_factory=VisitRules)
    until: dt.datetime | None = None  # the end of the hours in which the portal may be visited
    record: Record = field(default_factory=Record)
    started: float = field(default_factory=time.monotonic)

    def elapsed(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.started

    def now(self) -> dt.datetime:
        return self.at + dt.timedelta(seconds=self.elapsed())


class VisitCrawler(Crawler):
    """Scrapy's crawler of one spider, with the visit that its middlewares and pipeline belong to."""

    def __init__(self, spidercls: type[Spider], settings: ScrapySettings, visit: Visit) -> None:
        super().__init__(spidercls, settings)
        self.visit = visit


def visit_of(crawler: Any) -> Visit:
    """The visit of a component's crawler. Raises TypeError under `scrapy crawl`, which knows no visit."""
    if not isinstance(crawler, VisitCrawler):
        raise TypeError("portals are visited by `python -m scrapy visit`, not by `scrapy crawl`")
    return crawler.visit
