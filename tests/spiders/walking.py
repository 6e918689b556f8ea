"""Walks through a simulated column without sockets: the family's own code over the simulated portal's own pages.

Touches nothing. Whole visits, over HTTP and into a store, are in test_visits.py and its like.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from scrapy.http import Response

from config.schema import Column, Portal
from crawler.health import Health
from crawler.items import ListedEntry
from spiders import FAMILIES
from spiders.answer import Answer, arrived
from spiders.entry import entry_of
from spiders.listing import Step
from spiders.walk import Walk
from tests.portals import Page, Site, frame
from tests.portals.families import FAMILIES as SIMULATED
from tests.portals.site import SHANGHAI, Sent

HOST = "www.example.org"
URL = f"http://{HOST}"


@dataclass(frozen=True, slots=True)
class Walked:
    """What a walk found. `asked`: the addresses of the list pages, in order."""

    entries: tuple[ListedEntry, ...]
    health: Health
    asked: tuple[str, ...]
    said_empty: bool

    def rows(self) -> set[tuple[str, str, dt.date | None]]:
        return {(entry.url, entry.title, entry.list_date) for entry in self.entries}


def published(site: Site, day: dt.date, number: int = 0) -> set[tuple[str, str, dt.date | None]]:
    """What stands in the list of the site's column on `day`: (address, whole title, date)."""
    column, family = site.columns[number], SIMULATED[site.family]
    return {(URL + family.article_path(column, a), a.title, a.published) for a in column.listed(day)}


def walk(site: Site, day: dt.date, *, without: Sequence[str] = (), **changes: Any) -> Walked:
    """Walks through the site's first column. `changes`: to its entry; `without`: addresses that are 404."""
    simulated = SIMULATED[site.family]
    url = URL + simulated.column_path(site.columns[0])
    column = Column.model_validate({"key": "reports", "url": url, "agencies": ["a"], **changes})
    portal = Portal(slug="sim", name=site.name, family=site.family, hosts=(HOST,), columns=(column,), delay=2)
    asked: list[str] = []

    async def fetch(step: Step) -> Answer:
        asked.append(step.key.removeprefix(URL))
        parts = urlsplit(step.url)
        posted = dict(step.form) if step.form else None
        page = None
        if posted is None and parts.path not in without:
            page = simulated.pages(site, HOST, day).get(parts.path)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        if parts.path not in without:
            page = page or simulated.extra(site, HOST, day, parts.path, query, Sent(posted, column.url))
        page = page or Page(frame.not_found(site, HOST).encode(), status=404)
        response = Response(step.url, status=page.status, body=page.body, headers={"Content-Type": page.content_type})
        return arrived(step.url, response, dt.datetime.combine(day, dt.time(9), SHANGHAI), portal)

    async def run() -> Walked:
        way = Walk(
            FAMILIES[site.family](portal),
            column,
            known=(),
            fetch=fetch,
            entry=entry_of,
            capture=lambda answer, step, judged: answer.capture(portal, column.key, "listing", judged, url=step.key),
        )
        async for _ in way.run(await fetch(Step(column.url))):
            pass
        return Walked(tuple(way.entries.values()), way.found, tuple(asked), way.said_empty)

    return asyncio.run(run())
