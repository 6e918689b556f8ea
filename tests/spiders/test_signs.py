"""Every family's simulated pages are told to be its own and nobody else's. All pages are invented."""

from typing import Any

import pytest

from crawler.page import Page
from spiders import FAMILIES
from spiders.signs import ADDRESS, COMPANION, PROOF, TOLD, Recognised, Sign, recognise, told
from tests.portals.families import FAMILIES as SIMULATED
from tests.spiders.offline import HOST, column_url, read_page, simulated

NOBODY = ("general",)  # has no sign of its own
# Their pages of articles bear nothing but an address of the family's shape: told to be nobody's.
PLAIN_ARTICLES = ("hanweb", "jpaas", "general")


def test_every_family_has_a_simulated_portal() -> None:
    assert set(FAMILIES) == {simulated_family.partition("_")[0] for simulated_family in SIMULATED}


@pytest.mark.parametrize("family", SIMULATED)
def test_a_column_page_is_told(family: str) -> None:
    page = read_page(simulated(family), column_url(simulated(family)))
    assert told(recognise(page, FAMILIES)) == ("" if family in NOBODY else family.partition("_")[0])


@pytest.mark.parametrize("family", SIMULATED)
def test_an_article_is_told(family: str) -> None:
    site = simulated(family)
    column = site.columns[0]
    address = f"http://{HOST}{SIMULATED[family].article_path(column, column.articles[0])}"
    page = read_page(site, address)
    assert column.articles[0].title in page.text
    assert told(recognise(page, FAMILIES)) == ("" if family in PLAIN_ARTICLES else family.partition("_")[0])


@pytest.mark.parametrize(
    ("family", "options"),
    [
        ("lonsun", {"ordinary": True}),
        ("boda", {"dynamic": True}),
        ("truecms", {"shown": 0}),
        ("epoint", {"inline": True}),
    ],
)
def test_a_family_is_told_in_its_other_shapes(family: str, options: dict[str, Any]) -> None:
    site = simulated(family, **options)
    assert told(recognise(read_page(site, column_url(site)), FAMILIES)) == family


@pytest.mark.parametrize(
    "text", ["", "<p>示例</p>", "{}", "[]", "<ul><li><a href='/a/123456.html'>示例市2023年年报</a></li></ul>"]
)
@pytest.mark.parametrize(
    "url",
    [
        "http://www.example.org/col/col123/index.html",
        "http://www.example.org/info/1050/21831.htm",
        "http://www.example.org/public/column/990001?type=4&catId=1&action=list",
        "http://www.example.org/zwgk/nb/content/6453d00a-fa05-50c8-9df7-21fa7e8c5ec1.html",
        "http://www.example.org/dynamic/zwgk/govInfoPub.html?categorynum=003002",
    ],
)
def test_an_address_alone_tells_nothing(url: str, text: str) -> None:
    assert told(recognise(Page(url, text), FAMILIES)) == ""


@pytest.mark.parametrize(
    ("found", "name"),
    [
        ((), ""),
        ((Recognised("a", (Sign(ADDRESS, ""), Sign(COMPANION, ""))),), ""),
        ((Recognised("a", (Sign(PROOF, ""),)),), "a"),
        ((Recognised("a", (Sign(PROOF, ""), Sign(COMPANION, ""))), Recognised("b", (Sign(PROOF, ""),))), "a"),
        ((Recognised("a", (Sign(PROOF, ""),)), Recognised("b", (Sign(PROOF, ""),))), ""),
    ],
)
def test_two_families_alike_are_none(found: tuple[Recognised, ...], name: str) -> None:
    assert told(found) == name
    assert PROOF >= TOLD > ADDRESS + COMPANION
