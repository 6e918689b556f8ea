"""Walks through one column of a simulated portal without sockets: its pages, the real way (spiders.visits.walk), the family.

May touch nothing.
"""

import asyncio
import datetime as dt
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from scrapy.http import Response

from config.schema import Column, Portal
from crawler.health import Health
from crawler.items import CaptureItem, ListedEntry
from crawler.model import LookOutcome
from crawler.page import Page as ReadPage
from spiders import FAMILIES
from spiders.lists.listing import Row, Step
from spiders.visits.answer import Answer, arrived
from spiders.visits.walk import Walk
from tests.portals import frame, site
from tests.portals.families import FAMILIES as SIMULATED
from tests.spiders.worlds import BESIDE, DAY, REPORTS

HOST = "127.0.0.1:1"
AT = dt.datetime(2024, 1, 25, 1, tzinfo=dt.UTC)
# What a column's path is where it is no folder.
PATHS = {
    "hanweb": "123",
    "gkmlpt": "123",
    "lonsun": "123",
    "boda": "xstz",
    "epoint": "003002",
    "ucap": "c110634",
}
ALL = REPORTS + BESIDE


@dataclass(frozen=True, slots=True)
class Walked:
    """`rows`: (address, title, date) of every entry, in the order met. `steps`: what was asked for, as kept."""

    rows: tuple[tuple[str, str, str], ...]
    found: Health
    said_empty: bool
    steps: tuple[str, ...]

    @property
    def complete(self) -> bool:
        return self.found.outcome is LookOutcome.HEALTHY


def simulated(family: str, articles: Sequence[site.Article] = ALL, *, page_size: int = 5, **options: Any) -> site.Site:
    """A site of `family` with one column."""
    column = site.Column(PATHS.get(family, "zwgk/nb"), tuple(articles), page_size=page_size, options=options)
    return site.Site("sim", "示例市人民政府", family, "9900000001", (column,), invented=True)


def many(count: int) -> tuple[site.Article, ...]:
    """So many reports of as many offices."""
    return tuple(
        site.Article(
            number=8000 + number,
            title=f"示例市第{number}局2023年政府信息公开工作年度报告（虚构机构的报告）",
            published=dt.date(2024, 1, 1 + number % 20),
            body="<p>正文</p>",
            issuer=f"示例市第{number}局",
        )
        for number in range(count)
    )


def column_url(of: site.Site) -> str:
    return f"http://{HOST}{SIMULATED[of.family].column_path(of.columns[0])}"


def published(of: site.Site, day: dt.date = DAY) -> set[tuple[str, str, str]]:
    """What the column really holds: (address, title, date)."""
    column = of.columns[0]
    return {
        (f"http://{HOST}{SIMULATED[of.family].article_path(column, article)}", article.title, str(article.published))
        for article in column.listed(day)
    }


def answer(of: site.Site, step: Step, day: dt.date = DAY, referer: str = "x") -> site.Page:
    """What the portal answers to a step."""
    parts = urlsplit(step.url)
    posted: dict[str, str] | None = dict(step.form) if step.form else None
    if step.json:
        fields: Mapping[str, Any] = json.loads(step.json)
        posted = {name: value if isinstance(value, str) else json.dumps(value) for name, value in fields.items()}
    family = SIMULATED[of.family]
    page = family.pages(of, HOST, day).get(parts.path) if posted is None else None
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    page = page or family.extra(of, HOST, day, parts.path, query, site.Sent(posted, referer))
    return page or site.Page(frame.not_found(of, HOST).encode(), status=404)


def read_page(of: site.Site, address: str, day: dt.date = DAY) -> ReadPage:
    """One page of the portal as the spiders read it."""
    return ReadPage(address, answer(of, Step(address), day).body.decode())


def spider_of(of: site.Site, column: Column, family: str = "") -> Any:
    entry = Portal(slug="sim", name="示例门户", family=family or of.family, hosts=(HOST,), columns=(column,), delay=0)
    return FAMILIES[family or of.family](entry)


def walk(of: site.Site, day: dt.date = DAY, *, family: str = "", without: Collection[str] = (), **entry: Any) -> Walked:
    """The column as `family` (its own unless given) finds it.

    `without`: paths that the portal does not have. `entry`: further keys of the column's YAML.
    """
    column = Column(**{"key": "c", "url": column_url(of), "agencies": ("shili-jyj",)} | entry)
    spider = spider_of(of, column, family)
    rows: dict[str, Row] = {}
    steps = [column.url]

    def received(step: Step) -> Answer:
        page = answer(of, step, day, referer=column.url)
        if urlsplit(step.url).path in without:
            page = site.Page(frame.not_found(of, HOST).encode(), status=404)
        response = Response(step.url, status=page.status, headers={"Content-Type": page.content_type}, body=page.body)
        return arrived(step.url, response, AT, spider.portal)

    async def fetch(step: Step) -> Answer:
        steps.append(step.key)
        assert len(steps) < 100, "the walk does not end"
        return received(step)

    def entry_of(row: Row) -> ListedEntry:
        rows[row.url] = row
        return ListedEntry(row.url, row.title, None, row.date, "unsure", "")

    def capture(got: Answer, step: Step, judged: Health) -> CaptureItem:
        return got.capture(spider.portal, column.key, "listing", judged, url=step.key)

    async def run() -> Walk:
        way = Walk(spider, column, known=(), fetch=fetch, entry=entry_of, capture=capture)
        async for _ in way.run(received(Step(column.url))):
            pass
        return way

    way = asyncio.run(run())
    found = tuple((row.url, row.title, row.date) for row in rows.values())
    return Walked(found, way.found, way.said_empty, tuple(steps))
