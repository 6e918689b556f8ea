"""What the simulated families render: addresses, lists, pagers, page headers, as the real shapes ask for it. No socket."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from lxml import etree, html

from tests.portals import Column, Page, hanweb, trs
from tests.portals.conftest import DAY, article, site

HOST = "127.0.0.1:1"
ARTICLES = tuple(article(day) for day in range(1, 13))


def tree(page: Page) -> Any:
    return html.fromstring(page.body.decode())


def trs_pages(**options: str) -> dict[str, Page]:
    column = Column("zwgk/zfxxgknb", ARTICLES, page_size=5, options=options)
    return trs.pages(site("trs", "trs", column), HOST, DAY)


def hanweb_site(count: int = 12, **options: int | bool) -> Any:
    return site("hanweb", "hanweb", Column("123", ARTICLES[:count], page_size=4, options=options))


def test_trs_list_pages_hold_every_article_once_newest_first() -> None:
    pages = trs_pages()
    hrefs = []
    for name in ("index.html", "index_1.html", "index_2.html"):
        hrefs += tree(pages[f"/zwgk/zfxxgknb/{name}"]).xpath('//div[@class="zfxxgk_zdgkc"]//li/a/@href')
    assert hrefs == [f"./202401/t202401{day:02}_{day}.html" for day in range(12, 0, -1)]
    assert "/zwgk/zfxxgknb/index_3.html" not in pages
    assert all(f"/zwgk/zfxxgknb/{href[2:]}" in pages for href in hrefs)
    assert pages["/zwgk/zfxxgknb/"] == pages["/zwgk/zfxxgknb/index.html"]


def test_trs_menu_is_a_list_too() -> None:
    page = tree(trs_pages()["/zwgk/zfxxgknb/"])
    assert len(page.xpath("//ul/li/a")) > len(page.xpath('//div[@class="zfxxgk_zdgkc"]//li/a')) == 5


@pytest.mark.parametrize(
    ("pager", "second", "expected"),
    [
        ("countPage", "index_1.html", "var currentPage = 1;//所在页从0开始"),
        ("createPageHTML", "index_1.html", 'createPageHTML(3, 1, "index", "html")'),
        ("hunan", "index_2.html", "createPageHTML('paging', 3, 2, 'index', 'html', 12)"),
    ],
)
def test_trs_pager_dialects(pager: str, second: str, expected: str) -> None:
    pages = trs_pages(pager=pager)
    assert expected in pages[f"/zwgk/zfxxgknb/{second}"].body.decode()


def test_trs_cut_titles_have_no_title_attribute() -> None:
    links = tree(trs_pages(titles="cut")["/zwgk/zfxxgknb/"]).xpath('//div[@class="zfxxgk_zdgkc"]//li/a')
    assert all(link.text.endswith("…") and "title" not in link.attrib for link in links)


def test_trs_detail_page_has_meta_and_a_header_with_dead_rows() -> None:
    for header in ("paragraphs", "table"):
        page = tree(trs_pages(header=header)["/zwgk/zfxxgknb/202401/t20240112_12.html"])
        meta = {tag.get("name"): tag.get("content") for tag in page.xpath("//meta[@name]")}
        assert meta["ArticleTitle"] == ARTICLES[-1].title
        assert meta["PubDate"] == "2024-01-12 09:30"
        assert meta["ColumnType"] == "信息公开年报"
        assert meta["SiteIDCode"] == "9900009999"
        assert meta["SiteDomain"] == HOST
        head = page.xpath('//*[@class="xxgk_head"]')[0]
        assert "1999" not in "".join(head.itertext()) and b"1999-01-01" in etree.tostring(head)
        assert page.xpath('string(//div[@class="TRS_Editor"])').strip() == "第12局的正文"


def test_an_empty_column_says_so() -> None:
    column = Column("zwgk/zfxxgknb", ARTICLES)
    before = dt.date(2023, 12, 31)
    page = trs.pages(site("trs", "trs", column), HOST, before)["/zwgk/zfxxgknb/"]
    assert "暂无信息" in page.body.decode() and tree(page).xpath('//div[@class="zfxxgk_zdgkc"]/ul')
    page = hanweb.pages(hanweb_site(), HOST, before)["/col/col123/index.html"]
    assert "totalRecord:0" in page.body.decode() and 'id="1237"' in page.body.decode()


def test_hanweb_visible_list_is_empty_and_two_datastores_stand_there() -> None:
    page = hanweb.pages(hanweb_site(), HOST, DAY)["/col/col123/index.html"]
    text = page.body.decode()
    assert tree(page).xpath('//ul[@class="list"]//a') == []
    assert text.count("<datastore>") == 2 and text.index("columnid=990") < text.index("columnid=123")
    assert "totalRecord:12,perPage:4" in text
    alone = hanweb.pages(hanweb_site(decoy=False), HOST, DAY)["/col/col123/index.html"].body.decode()
    assert alone.count("<datastore>") == 1 and "columnid=990" not in alone


def test_hanweb_proxy_pages_overlap_and_together_hold_every_article() -> None:
    listing = hanweb_site(group=5, overlap=2)
    query = {"columnid": "123", "unitid": "1237"}
    seen: list[list[str]] = []
    for number in range(1, 5):
        page = hanweb.extra(listing, HOST, DAY, hanweb.PROXY, {**query, "page": str(number)})
        assert page is not None and page.media_type == "text/xml"
        store = etree.fromstring(page.body)
        assert store.findtext("totalrecord") == "12" and store.findtext("totalpage") == "4"
        seen.append(re.findall(r"href='([^']+)'", " ".join(record.text or "" for record in store.iter("record"))))
    assert seen[0][-2:] == seen[1][:2]
    assert {href for hrefs in seen for href in hrefs} == {
        f"/art/2024/1/{day}/art_123_{day}.html" for day in range(1, 13)
    }
    beyond = hanweb.extra(listing, HOST, DAY, hanweb.PROXY, {**query, "page": "5"})
    assert beyond is not None and b"<record>" not in beyond.body


def test_hanweb_proxy_knows_only_its_columns() -> None:
    for query in ({"columnid": "9", "unitid": "97"}, {"columnid": "123", "unitid": "1237", "page": "x"}):
        page = hanweb.extra(hanweb_site(), HOST, DAY, hanweb.PROXY, query)
        assert page is not None and page.status == 404
    assert hanweb.extra(hanweb_site(), HOST, DAY, "/module/other.jsp", {}) is None


def test_hanweb_nextgroup_leads_to_the_proxy() -> None:
    text = hanweb.pages(hanweb_site(), HOST, DAY)["/col/col123/index.html"].body.decode()
    address = re.findall(r'<nextgroup><!\[CDATA\[<a href="([^"]+)"', text)[1]
    assert address.startswith(f"{hanweb.PROXY}?page=1&") and "columnid=123&unitid=1237" in address
    assert "%25" in address  # webname is encoded twice


@pytest.mark.parametrize("family", ["trs", "hanweb"])
def test_every_page_says_that_it_is_simulated(family: str) -> None:
    for invented, words in ((True, ("虚构机构", "invented agency")), (False, ("模拟页面", "Simulated page"))):
        if family == "trs":
            pages = trs.pages(replace(site("t", "trs", Column("zwgk/nb", ARTICLES)), invented=invented), HOST, DAY)
        else:
            pages = hanweb.pages(replace(hanweb_site(), invented=invented), HOST, DAY)
        for page in pages.values():
            banner = tree(page).xpath('string(//div[@class="sim-banner"])')
            assert all(word in unescape(banner) for word in words)
