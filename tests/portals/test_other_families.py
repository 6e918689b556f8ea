"""What the simulated Lonsun, Boda, TrueCMS, Epoint and hand-made portals render. No socket."""

import json

import pytest

from spiders.lists.listing import Step
from tests.portals.families import FAMILIES
from tests.portals.site import Sent
from tests.spiders.offline import HOST, PATHS, answer, column_url, many, simulated
from tests.spiders.worlds import DAY

FAMILY = ("lonsun", "boda", "truecms", "epoint", "general")


@pytest.mark.parametrize("family", FAMILY)
def test_every_page_says_that_it_is_simulated(family: str) -> None:
    site = simulated(family)
    pages = [*FAMILIES[family].pages(site, HOST, DAY).values(), answer(site, Step(column_url(site)))]
    shown = [page.body.decode() for page in pages if page.media_type == "text/html"]
    assert len(shown) > len(site.columns[0].articles)
    assert all("虚构机构" in text and "invented agency" in text for text in shown)


@pytest.mark.parametrize("family", FAMILY)
def test_what_is_not_there_is_not_answered(family: str) -> None:
    site = simulated(family)
    for path, query in (("/nothing.html", {}), ("/list.jsp", {"wbtreeid": "9"}), ("/public/column/1", {"catId": "9"})):
        assert FAMILIES[family].extra(site, HOST, DAY, path, query) is None


def test_the_label_cuts_titles_at_the_length_asked_for() -> None:
    site = simulated("lonsun", many(2))
    query = {
        "labelName": "publicInfoList",
        "siteId": "9900123",
        "catId": PATHS["lonsun"],
        "file": "/xxgk/publicInfoList_newest2020",
    }
    short, long = (
        FAMILIES["lonsun"].extra(site, HOST, DAY, "/site/label/8888", query | {"length": length})
        for length in ("8", "500")
    )
    assert short is not None and long is not None
    assert site.columns[0].articles[0].title not in short.body.decode()
    assert site.columns[0].articles[0].title in long.body.decode()


def test_getmessage_answers_nobody_without_a_referer() -> None:
    site = simulated("truecms")
    text = answer(site, Step(column_url(site))).body.decode()
    column_id = text.partition("columnId:'")[2][:36]
    query = {"columnId": column_id, "startrecord": "1", "perpage": "10"}
    point = "/truecms/messageController/getMessage.do"
    refused = FAMILIES["truecms"].extra(site, HOST, DAY, point, query)
    given = FAMILIES["truecms"].extra(site, HOST, DAY, point, query, Sent(None, "http://x/"))
    assert refused is not None and refused.status == 403
    assert given is not None and given.body.decode().count("<record>") == 10


def test_getgovinfolist_wants_the_site_s_guid() -> None:
    site = simulated("epoint")
    body = {"categorynum": "003002", "pageIndex": "0", "pageSize": "20", "siteGuid": "x"}
    point = "/EWB-FRONT/rest/lightfrontaction/getgovinfolist"
    assert FAMILIES["epoint"].extra(site, HOST, DAY, point, {}, Sent(body)) is None
    guid = "99999999-9041-43ad-8e13-8fcb82ea0000"
    given = FAMILIES["epoint"].extra(site, HOST, DAY, point, {}, Sent(body | {"siteGuid": guid}))
    assert given is not None and json.loads(given.body)["custom"]["total"] == len(site.columns[0].articles)


def test_boda_pages_count_down() -> None:
    pages = FAMILIES["boda"].pages(simulated("boda", many(23)), HOST, DAY)
    assert {path for path in pages if path.startswith("/xstz")} == {
        "/xstz.htm",
        *(f"/xstz/{n}.htm" for n in (1, 2, 3, 4)),
    }
    assert 'href="/xstz/4.htm">下页' in pages["/xstz.htm"].body.decode()
    assert "下页</a>" not in pages["/xstz/1.htm"].body.decode()
