"""The data endpoints of the simulated families, over HTTP: what they honour, what they ignore, whom they refuse."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator

import httpx
import pytest

from tests.portals import Column, Kind, SimulatedPortal, SimulatedPortals, World, hanweb, hanweb_xxgk, jpaas
from tests.portals.conftest import article, site

pytestmark = pytest.mark.integration

DAY = dt.date(2024, 1, 20)
ARTICLES = tuple(article(day) for day in range(1, 13))
SITES = (
    site("post", "hanweb", Column("123", ARTICLES, page_size=4, options={"dialect": "post", "window": 5})),
    site("referer", "hanweb", Column("123", ARTICLES, page_size=4, options={"referer": True})),
    site("search", "hanweb", Column("123", ARTICLES, page_size=5, options={"holds": "search"})),
    site("years", "hanweb", Column("990100", ARTICLES[:1], options={"holds": "years"})),
    site("article", "hanweb", Column("123", ARTICLES, options={"holds": "article"})),
    site("jpaas", "jpaas", Column("zfxxgk/nb", ARTICLES)),
    site("gkmlpt", "gkmlpt", Column("sljj/123", ARTICLES, options={"held": 5})),
    site("gkmlpt-404", "gkmlpt", Column("123", ARTICLES, options={"further": "404"})),
)


@pytest.fixture(scope="module")
def portals() -> Iterator[SimulatedPortals]:
    with SimulatedPortals(World(SITES), DAY) as running:
        yield running


def get(url: str, **headers: str) -> httpx.Response:
    return httpx.get(url, headers=headers, timeout=10, trust_env=False)


def numbers(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"href='\S*?_(\d+)\.html'", text)]


def test_startrecord_is_honoured_and_endrecord_is_not(portals: SimulatedPortals) -> None:
    fields = {"columnid": "123", "unitid": "1237"}
    url = f"{portals['post'].url}{hanweb.PROXY}?startrecord=3&endrecord=4&perpage=2"
    answer = httpx.post(url, data=fields, timeout=10, trust_env=False)
    assert numbers(answer.text) == [10, 9, 8, 7, 6]
    assert "<totalrecord>12</totalrecord>" in answer.text
    assert get(f"{url}&columnid=123&unitid=1237").status_code == 404  # it is asked by POST alone


def test_who_comes_from_nowhere_is_refused(portals: SimulatedPortals) -> None:
    portal = portals["referer"]
    url = f"{portal.url}{hanweb.PROXY}?page=1&columnid=123&unitid=1237"
    assert get(url).status_code == get(url, Referer="http://other.example.org/").status_code == 403
    assert get(url, Referer=portal.column_url()).is_success


def test_a_search_lists_the_whole_office(portals: SimulatedPortals) -> None:
    url = portals["search"].url + hanweb_xxgk.SEARCH
    pages = [
        httpx.post(url, data={"area": "123000", "currpage": str(n)}, timeout=10, trust_env=False).text
        for n in (1, 2, 9)
    ]
    assert "art_123_" not in pages[0] and "art_123_" in pages[1]
    assert pages[2] == pages[0]  # beyond the last page
    assert "共4页" in pages[0]


def test_a_year_without_report_answers_as_well(portals: SimulatedPortals) -> None:
    address = portals["years"].column_url()
    there, blank = (get(address.replace("{year}", year)) for year in ("2023", "2022"))
    assert there.is_success and blank.is_success
    assert "第1局的正文" in there.text and "的正文" not in blank.text and "依申请公开" in blank.text
    turned = f"{portals['years'].url}{hanweb_xxgk.ANNUAL}?fbtime=2023&area=990100"
    assert get(turned).text == there.text


def test_the_page_of_a_column_may_be_the_newest_article(portals: SimulatedPortals) -> None:
    assert "第12局的正文" in get(portals["article"].column_url()).text


def unit(portal: SimulatedPortal, **changes: str) -> httpx.Response:
    column = portal.site.columns[0]
    asked = {"pageId": jpaas.page_id(column), "tagId": "信息公开内容2", "paramJson": '{"pageNo":2,"pageSize":5}'}
    url = httpx.URL(portal.url + jpaas.UNIT, params=asked | changes)
    return get(str(url), Referer=portal.column_url())


def test_the_gateway(portals: SimulatedPortals) -> None:
    portal = portals["jpaas"]
    assert unit(portal).json()["data"]["html"].count("<li>") == 5
    assert unit(portal, paramJson="{}").json()["data"]["html"].count("<li>") == 12
    assert unit(portal, paramJson='{"pageNo":4,"pageSize":5}').json()["data"]["html"].count("<li>") == 0
    assert unit(portal, pageNo="2").status_code == 403  # a parameter that it does not know
    assert get(str(unit(portal).url)).status_code == 403
    assert unit(portal, paramJson="x").json()["success"] is False


def test_the_catalogue(portals: SimulatedPortals) -> None:
    api = portals["gkmlpt"].url + "/sljj/gkmlpt/api/all/123?sid=990001&page="
    first = get(f"{api}1").json()
    assert (first["total"], first["classify"]["post_count"], first["offset"]) == (12, 17, 0)
    assert [one["id"] for one in first["articles"]] == list(range(12, 0, -1))
    assert get(f"{api}0").json() == first
    assert get(f"{api}2").json()["articles"] == []
    assert get(api.replace("990001", "1") + "1").status_code == 404
    assert get(portals["gkmlpt-404"].url + "/gkmlpt/api/all/123?sid=990001&page=2").status_code == 404
    config = re.search(r"_CONFIG = (\{.*\});</script>", get(portals["gkmlpt"].column_url()).text)
    assert config is not None and json.loads(config.group(1))["SITE_ID"] == 990001


def test_an_emptied_list_says_so(portals: SimulatedPortals) -> None:
    portals["gkmlpt"].misbehave(Kind.EMPTIED)
    answer = get(portals["gkmlpt"].url + "/sljj/gkmlpt/api/all/123?sid=990001&page=1").json()
    assert (answer["total"], answer["articles"]) == (0, [])
    portals["gkmlpt"].behave()
