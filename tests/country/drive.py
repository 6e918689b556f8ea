"""The days of the country, lived through with the real jobs: visit what is due, read, judge. Only the days are not real.

May touch: the folder it is given, 127.0.0.1, child processes (the crawls and the readers).
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import func, select

from config.env import PACKAGED_CONFIG, Settings
from config.load import Configuration, load
from config.schema import Agency
from crawler.read_captures import ReadSummary
from crawler.store.session import Sessions, open_store
from crawler.store.tables import Look
from monitor import jobs
from monitor.context import Context
from monitor.days import SHANGHAI
from monitor.jobs import CrawlResult
from monitor.model import EvaluateResult
from tests.country.kept import Kept
from tests.country.plan import YEARS, Country, Place
from tests.country.sites import Chapter, chapters, entries, faults
from tests.country.troubles import Change, Troubles
from tests.portals import Fault, Kind, SimulatedPortals, World

HOUR = dt.time(20)
AFTER_THE_CRAWL = dt.timedelta(hours=1)
MAX_BYTES = 2**20  # of one answer: an endless one is soon enough
MAX_SECONDS = 120  # of one visit
STUCK_MAX_SECONDS = 30  # of a portal that will once be stuck; twice what its first visit takes


@dataclass(frozen=True, slots=True)
class Lived:
    """What one day brought. `looks`: those of this day. `judged` None: nothing was visited, nothing was judged.

    `listed`: how many entries each column (portal, key) really has on that day, whatever is shown of them. `unproven`: the
    columns whose lists cannot show that they are whole.
    """

    day: dt.date
    looks: Sequence[Look]
    crawl: CrawlResult
    read: ReadSummary | None
    judged: EvaluateResult | None
    listed: Mapping[tuple[str, str], int]
    unproven: frozenset[tuple[str, str]] = frozenset()


class Stage:
    """The portals, the configuration as the operator keeps it, the store. `live` goes through one day."""

    def __init__(
        self,
        country: Country,
        troubles: Troubles,
        lives: dict[str, tuple[Chapter, ...]],
        portals: SimulatedPortals,
        folder: Path,
    ) -> None:
        self._country = country
        self._troubles = troubles
        self._lives = lives
        self._portals = portals
        self._settings = Settings(
            data_dir=folder / "data",
            database_url="",
            config_dir=folder / "config",
            contact="https://example.org/gongkai-country",
            mail_url="",
            mail_from="gongkai-country@example.org",
            public_url="http://127.0.0.1:8600",
            simulated_now=None,
        )
        self._written: dict[str, tuple[dt.date, bool]] = {}
        self._configuration: Configuration | None = None
        (folder / "config" / "portals").mkdir(parents=True, exist_ok=True)
        _write_agencies(folder / "config" / "agencies.csv", country)
        for name in ("deadlines.yml", "visits.yml"):
            (folder / "config" / name).write_bytes((PACKAGED_CONFIG / name).read_bytes())
        (folder / "config" / "alerts.yml").write_text("subscriptions: []\n", encoding="utf-8")
        self.sessions: Sessions = open_store(self._settings.database, create=True)
        # Where a day was broken off, its visits rightly say that they were: they are not measured, the day comes again.
        with self.sessions() as session:
            self._last_look = session.scalar(select(func.max(Look.id))) or 0

    def live(self, day: dt.date) -> Lived:
        """One day: the portals as they are then, the configuration as it is then, the jobs."""
        self._portals.day = day
        for place in self._country.places:
            self._portals[place.slug].site = _at(self._lives[place.slug], day).site
        configuration = self._mended(day)
        moment = dt.datetime.combine(day, HOUR, SHANGHAI)
        crawled = jobs.crawl(self._context(configuration, moment), due=True)
        looks = self._new_looks()
        if not looks and not crawled.finished and not crawled.failed:
            return Lived(day, (), crawled, None, None, {})
        later = self._context(configuration, moment + AFTER_THE_CRAWL)
        read = jobs.read(later)
        judged = jobs.evaluate(later)
        return Lived(day, looks, crawled, read, judged, *self._lists(day))

    def looks(self, portal: str, column: str, until: dt.date, count: int = 8) -> list[Look]:
        """The last looks at a column up to a day, oldest first: what a wrong judgement rested on."""
        end = dt.datetime.combine(until + dt.timedelta(days=1), dt.time(), SHANGHAI)
        with self.sessions() as session:
            rows = session.scalars(
                select(Look)
                .where(Look.portal == portal, Look.column == column, Look.at < end)
                .order_by(Look.id.desc())
                .limit(count)
            )
            return list(rows)[::-1]

    @property
    def ports(self) -> dict[str, int]:
        return {portal.site.slug: int(portal.host.rpartition(":")[2]) for portal in self._portals}

    def _context(self, configuration: Configuration, moment: dt.datetime) -> Context:
        # On the first day there is much to read; later one process is there before a second one would be.
        workers = 0 if moment.date() == self._country.start else 1
        settings = self._settings.model_copy(update={"simulated_now": moment, "read_workers": workers})
        return Context(settings, configuration, self.sessions, moment)

    def _lists(self, day: dt.date) -> tuple[dict[tuple[str, str], int], frozenset[tuple[str, str]]]:
        """(entries of each column, the columns that are unproven), as Lived has them."""
        listed, unproven = {}, set()
        for slug, life in self._lives.items():
            chapter = _at(life, day)
            for key, column in zip(chapter.columns, chapter.site.columns, strict=True):
                listed[slug, key] = len(column.listed(day))
                if chapter.is_unproven(column, day):
                    unproven.add((slug, key))
        return listed, frozenset(unproven)

    def _new_looks(self) -> Sequence[Look]:
        with self.sessions() as session:
            looks = session.scalars(select(Look).where(Look.id > self._last_look).order_by(Look.id)).all()
        self._last_look = max((look.id for look in looks), default=self._last_look)
        return looks

    def _mended(self, day: dt.date) -> Configuration:
        """The configuration of the day: a portal's file is written anew when the operator follows a redesign, or vouches for lists."""
        changed = self._configuration is None
        for place in self._country.places:
            known = [chapter for chapter in self._lives[place.slug] if chapter.known <= day][-1]
            state = known.first, known.is_vouched(day)
            if self._written.get(place.slug) != state:
                self._write_portal(place, known, day)
                self._written[place.slug] = state
                changed = True
        if self._configuration is None or changed:
            self._configuration = load(self._settings.config_dir)
        return self._configuration

    def _write_portal(self, place: Place, chapter: Chapter, day: dt.date) -> None:
        host = self._portals[place.slug].host
        stuck = any(trouble.what is Change.STUCK for trouble in self._troubles.at[place.slug])
        portal: dict[str, Any] = {
            "name": chapter.site.name,
            "family": chapter.site.family,
            "hosts": [host],
            "site_id_code": chapter.site.site_id_code,
            "delay": 0,
            "max_bytes": MAX_BYTES,
            "max_seconds": STUCK_MAX_SECONDS if stuck else MAX_SECONDS,
            "columns": entries(place, chapter, host, day),
        }
        path = self._settings.config_dir / "portals" / f"{place.slug}.yml"
        path.write_text(yaml.safe_dump(portal, allow_unicode=True, sort_keys=False), encoding="utf-8")


@contextmanager
def stage(country: Country, troubles: Troubles, folder: Path, kept: Kept | None = None) -> Iterator[Stage]:
    """A stage in `folder`, which is made if need be. The portals end with the `with` block; the data stay.

    `kept`: of the days that were lived through in this folder before.
    """
    lives = {place.slug: chapters(country, place, troubles.at[place.slug]) for place in country.places}
    down = [Fault(Kind.REFUSE, day, day) for day in sorted(troubles.offline)]
    wrong = {
        place.slug: (*faults(place, lives[place.slug], troubles.at[place.slug]), *down) for place in country.places
    }
    world = World(tuple(life[0].site for life in lives.values()), wrong)
    with SimulatedPortals(world, country.start, kept.ports if kept else None) as portals:
        running = Stage(country, troubles, lives, portals, folder)
        try:
            yield running
        finally:
            running.sessions.kw["bind"].dispose()


def _at(life: tuple[Chapter, ...], day: dt.date) -> Chapter:
    return [chapter for chapter in life if chapter.first <= day][-1]


def _write_agencies(path: Path, country: Country) -> None:
    years = f"{YEARS[0]}-{YEARS[-1]}"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(Agency.model_fields))
        writer.writeheader()
        for place in country.places:
            for office in place.offices:
                writer.writerow(
                    {
                        "id": office.id,
                        "name": office.name,
                        "region_code": f"99{place.serial % 100:02}00",
                        "region": f"{place.name}（虚构）",
                        "kind": office.kind.value,
                        "supervisor": f"{place.name}人民政府办公室（虚构）",
                        "watched_years": years,
                        "invented": "yes",
                    }
                )
