"""The stage of the story: portals, configuration, store and mail box of one run, and the playing of one day.

May touch: the folder it is given, 127.0.0.1, child processes (the crawls). It runs the real jobs and nothing else;
the only thing that is not real is the day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from config.env import Settings
from config.load import Configuration, load
from crawler.read_captures import ReadSummary
from crawler.store.session import Sessions, open_store
from monitor import clock, jobs
from monitor.alerts.message import NotifyResult
from monitor.context import Context
from monitor.jobs import CrawlResult
from monitor.model import EvaluateResult
from tests.portals import SimulatedPortals
from tests.portals.configuration import write_configuration
from tests.portals.world import the_world

AFTER_THE_CRAWL = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Played:
    """What the four jobs of one day answered."""

    context: Context
    crawl: CrawlResult
    read: ReadSummary
    evaluate: EvaluateResult
    notify: NotifyResult


@dataclass(frozen=True)
class Stage:
    """Everything that one run of the story uses. `settings` are those before any day is set."""

    portals: SimulatedPortals
    settings: Settings
    configuration: Configuration
    sessions: Sessions

    def at(self, moment: dt.datetime) -> Context:
        """The context of a job at that moment, the portals set to its day."""
        settings = self.settings.model_copy(update={"simulated_now": moment})
        now = clock.for_settings(settings, self.configuration).now()
        self.portals.day = now.date()
        return Context(settings, self.configuration, self.sessions, now)

    def play(self, moment: dt.datetime) -> Played:
        """Crawl at `moment`; read, judge and tell an hour later, when the visits are certainly over."""
        crawled = jobs.crawl(self.at(moment))
        later = self.at(moment + AFTER_THE_CRAWL)
        return Played(later, crawled, jobs.read(later), jobs.evaluate(later), jobs.notify(later))


@contextmanager
def stage(folder: Path, *, public_url: str = "http://127.0.0.1:8600") -> Iterator[Stage]:
    """A stage in `folder`, which is made if need be. The portals end with the `with` block; the data stay.

    Every setting that says where something goes is given here, so that no GONGKAI_* of the caller's environment
    can lead the story anywhere else.
    """
    with SimulatedPortals(the_world()) as portals:
        settings = Settings(
            data_dir=folder / "data",
            database_url="",
            config_dir=write_configuration(folder / "config", portals),
            contact="https://example.org/gongkai-demo",
            mail_url="",
            mail_from="gongkai-demo@example.org",
            public_url=public_url,
            simulated_now=None,
        )
        configuration = load(settings.config_dir)
        sessions = open_store(settings.database, create=True)
        try:
            yield Stage(portals, settings, configuration, sessions)
        finally:
            engine = sessions.kw["bind"]
            engine.dispose()
