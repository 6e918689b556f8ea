"""Every portal that is shipped: its file loads, its family exists, it would start at its columns. No network."""

import asyncio
import datetime as dt
from pathlib import Path

import pytest
from scrapy import Request
from scrapy.settings import Settings
from scrapy.spiderloader import SpiderLoader
from sqlalchemy.orm import sessionmaker

from config.env import PACKAGED_CONFIG
from config.load import load
from config.schema import Portal
from crawler.archive import Archive
from crawler.selection import may_be_visited
from crawler.visit import Visit, VisitCrawler
from spiders import FAMILIES
from spiders.probe import ProbeSpider
from spiders.visits.yearly import addresses

PORTALS = load(PACKAGED_CONFIG, frozenset(FAMILIES)).portals


AT = dt.datetime(2026, 11, 21, 9, tzinfo=dt.UTC)


async def start_requests(portal: Portal) -> list[Request]:
    spider = FAMILIES[portal.family](portal=portal)
    visit = Visit(portal, AT, False, sessionmaker(), Archive(Path("unused")), bodies={}, remembered={})
    spider.crawler = VisitCrawler(type(spider), Settings(), visit)
    return [request async for request in spider.start()]


def test_the_registry_and_scrapy_know_the_same_families() -> None:
    settings = Settings()
    settings.setmodule("crawler.settings")
    assert set(SpiderLoader.from_settings(settings).list()) == {*FAMILIES, ProbeSpider.name}
    assert all(family.name == name for name, family in FAMILIES.items())


def test_the_shipped_configuration_loads_with_these_families() -> None:
    assert all(portal.family in FAMILIES for portal in PORTALS.values())


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_starts_at_every_column_and_nowhere_else(family: str) -> None:
    columns = [{"key": f"c{n}", "url": f"http://www.example.org/col/col{n}/", "agencies": ["a"]} for n in (1, 2)]
    portal = Portal.model_validate(
        {"slug": "sim", "name": "示例门户", "family": family, "hosts": ["www.example.org"], "columns": columns}
    )
    assert [request.url for request in asyncio.run(start_requests(portal))] == [column["url"] for column in columns]


def test_every_shipped_portal_yields_its_start_requests() -> None:
    for portal in PORTALS.values():
        requests = asyncio.run(start_requests(portal))
        assert [request.url for request in requests] == [addresses(column, AT)[0] for column in portal.columns]
        may_be_visited(portal, contact="watch@example.org", simulated=False)
