"""A small world with a TRS and a Hanweb site, without the story's data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from tests.portals import Article, Column, SimulatedPortals, Site, World

DAY = dt.date(2024, 1, 25)


def article(day_of_january: int) -> Article:
    """示例市第N局's report, published on the Nth of January 2024."""
    return Article(
        number=day_of_january,
        title=f"示例市第{day_of_january}局2023年政府信息公开工作年度报告（虚构机构的报告）",
        published=dt.date(2024, 1, day_of_january),
        body=f"<p>第{day_of_january}局的正文</p>",
        issuer=f"示例市第{day_of_january}局",
    )


def site(slug: str, family: str, column: Column) -> Site:
    return Site(slug, "示例门户", family, "9900009999", (column,), invented=True)


@pytest.fixture
def portals() -> Iterator[SimulatedPortals]:
    articles = tuple(article(day) for day in range(1, 13))
    world = World(
        (
            site("trs", "trs", Column("zwgk/zfxxgknb", articles, page_size=5)),
            site("hanweb", "hanweb", Column("123", articles, page_size=4, options={"group": 5, "overlap": 2})),
        )
    )
    with SimulatedPortals(world, DAY) as running:
        yield running
