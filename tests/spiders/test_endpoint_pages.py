"""The real answers of data endpoints in ../shared/pages: told to be their family, all entries with titles and dates.

Skipped where that folder is absent; invented ones with the same traps are in tests/golden/lists.
"""

import datetime as dt
import json
import re
from pathlib import Path

import pytest

from config.schema import Column, Portal
from crawler.page import Page
from crawler.reports.dates import parse_day
from spiders import FAMILIES
from spiders.lists.listing import Listing
from spiders.signs import recognise, told

SHARED = Path(__file__).resolve().parents[3] / "shared" / "pages"
HOST = "www.example.org"

Found = tuple[str, str, dt.date | None]  # address, title, date


def text_of(name: str) -> str:
    if not (SHARED / name).exists():
        pytest.skip("../shared/pages is not here")
    return (SHARED / name).read_text(encoding="utf-8")


def read(name: str, family: str, url: str, column_url: str = "", column_name: str = "") -> Listing:
    """The listing of a real page, which must be told to be the family's."""
    page = Page(url, text_of(name))
    assert told(recognise(page, FAMILIES)) == family
    column = Column(key="c", url=column_url or url, agencies=("a",), name=column_name or "政府信息公开年报")
    portal = Portal(slug="p", name="示例", family=family, hosts=(HOST,), columns=(column,))
    return FAMILIES[family](portal).read_list(page, column)


def found(listing: Listing) -> list[Found]:
    return [(row.url, row.title, parse_day(row.date)) for row in listing.rows]


def records(name: str) -> list[Found]:
    """The records of a data store, in the order of the file, read without the family's own code."""
    line = re.compile(r"""href=['"](\S+?)['"] title=['"](.+?)['"]>[^<]*</a><\w+[^>]*>([\d-]+)<""")
    return [
        (f"http://{HOST}{href}", title, dt.date.fromisoformat(day)) for href, title, day in line.findall(text_of(name))
    ]


def test_a_column_page_of_hanweb() -> None:
    listing = read("hanweb-list-1.html", "hanweb", f"http://{HOST}/col/col33718/index.html")
    assert found(listing) == records("hanweb-list-1.html")
    assert len(listing.rows) == 2
    assert listing.paging.records == 4895
    assert listing.paging.template.startswith(
        f"http://{HOST}/module/web/jpage/dataproxy.jsp?page={{page}}&appid=1&webid=1"
    )
    assert not listing.problem and not listing.unclear


def test_an_answer_of_hanweb() -> None:
    name, url = "hanweb-dataproxy-1.xml", f"http://{HOST}/module/web/jpage/dataproxy.jsp?columnid=80179"
    listing = read(name, "hanweb", url, f"http://{HOST}/col/col80179/index.html")
    assert found(listing) == records(name)
    assert len(listing.rows) == text_of(name).count("<record>")
    assert (listing.paging.records, listing.paging.pages) == (756, 31)


def test_an_answer_of_jpaas() -> None:
    listing = read("jpaas-list-1.json", "jpaas", f"http://{HOST}/zfxxgk/fdzdgknr/lzyj/sjbjzc/index.html")
    html = json.loads(text_of("jpaas-list-1.json"))["data"]["html"]
    lines = re.findall(r'href="(\S+?)" title="(.+?)">.*?<span>([\d-]+)</span>', html, re.S)
    assert found(listing) == [
        (f"http://{HOST}{href}", " ".join(title.split()), dt.date.fromisoformat(day)) for href, title, day in lines
    ]
    assert len(listing.rows) == 4


def test_an_answer_of_gkmlpt() -> None:
    name, url = "gkmlpt-list-1.json", f"http://{HOST}/zqhjj/gkmlpt/api/all/21023?page=1&sid=9"
    answer = json.loads(text_of(name))
    listing = read(name, "gkmlpt", url, f"http://{HOST}/zqhjj/gkmlpt/index#21023", answer["classify"]["name"])
    (article,) = answer["articles"]
    # Midnight in Shanghai is 16:00 of the day before by UTC.
    day = dt.datetime.fromtimestamp(article["date"], dt.UTC).date() + dt.timedelta(days=1)
    assert found(listing) == [(article["url"], article["title"], day)]
    assert listing.rows[0].date.startswith("成文日期")  # the only date that it gives
    assert "203" in listing.partial
