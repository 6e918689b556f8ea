"""NFCMS: static lists of Guangdong, with and without a word on their further pages. All pages are invented."""

import pytest

from config.schema import Column, Portal
from crawler.model import LookOutcome
from crawler.page import Page
from spiders import FAMILIES
from spiders.lists.listing import END, Listing, Paging, Row, Seen, Step
from spiders.nfcms import NfcmsSpider
from spiders.signs import recognise, told
from tests.portals import nfcms
from tests.spiders.offline import HOST, published, simulated, walk
from tests.spiders.worlds import DAY

BASE = "http://www.example.org/zwgk/zfxxgknb/bm/2024n/"
COLUMN = Column(key="reports", url=BASE, agencies=("shili-jyj",))
SPIDER = NfcmsSpider(
    Portal(slug="sim", name="示例门户", family="nfcms", hosts=("www.example.org",), columns=(COLUMN,), delay=2)
)
MENU = '<ul class="nav"><li><a href="../">年报</a></li><li><a href="/">首页</a></li></ul>'


def read(body: str) -> Listing:
    return SPIDER.read_list(Page(BASE, f"<html><body>{MENU}{body}</body></html>"), COLUMN)


def line(number: int) -> str:
    return f'<li><a href="{BASE}content/post_{number}.html" title="示例市第{number}局2023年年报">示例…</a></li>'


def test_undated_rows_are_known_by_their_articles() -> None:
    listing = read(f"<ul>{line(1)}{line(2)}</ul>")
    assert listing.rows[0] == Row(f"{BASE}content/post_1.html", "示例市第1局2023年年报")
    assert len(listing.rows) == 2


def test_articles_of_gkmlpt_are_not_its_own() -> None:
    assert read(f"<ul>{line(1).replace(BASE, '/gkmlpt/')}</ul>").problem


def test_where_the_page_says_nothing_the_next_one_is_tried() -> None:
    assert read(f"<ul>{line(1)}</ul>").paging == Paging(template=f"{BASE}index_{{page}}.html")
    linked = read(f'<ul>{line(1)}</ul><a href="index_2.html">下一页</a>')
    assert linked.paging == Paging(link=f"{BASE}index_2.html")
    assert read(f"<ul>{line(1)}</ul>共3页").unclear


def seen(*fresh: int | None) -> list[Seen]:
    listing = Listing(paging=Paging(template=f"{BASE}index_{{page}}.html"))
    return [Seen(Step("x"), None if number is None else listing, number or 0) for number in fresh]


@pytest.mark.parametrize(
    ("pages", "step"),
    [
        (seen(5), Step(f"{BASE}index_2.html", probe=True)),
        (seen(5, 5), Step(f"{BASE}index_3.html", probe=True)),
        (seen(5, None), END),
        (seen(5, 5, None), END),
        (seen(5, 0), END),
    ],
)
def test_the_next_step(pages: list[Seen], step: Step) -> None:
    assert SPIDER.next_step(COLUMN, pages) == step


def test_a_later_page_without_anything_new_makes_the_look_incomplete() -> None:
    assert SPIDER.next_step(COLUMN, seen(5, 5, 0)).incomplete


@pytest.mark.parametrize("pager", ["link", "none"])
def test_every_dialect_is_read_to_its_end(pager: str) -> None:
    chosen = simulated("nfcms", pager=pager)
    walked = walk(chosen)
    assert walked.complete, walked.found
    assert len(walked.rows) == 14
    assert set(walked.rows) == published(chosen)


def test_undated_rows_are_all_there() -> None:
    walked = walk(simulated("nfcms", dates=False))
    assert walked.complete
    assert {date for _, _, date in walked.rows} == {""}
    assert len(walked.rows) == 14


def test_a_list_page_that_is_missing_makes_the_look_incomplete() -> None:
    walked = walk(simulated("nfcms"), without=["/zwgk/nb/index_2.html"])
    assert walked.found.outcome is LookOutcome.INCOMPLETE


def test_its_own_pages_are_told() -> None:
    for path, page in nfcms.pages(simulated("nfcms"), HOST, DAY).items():
        if path != "/":
            assert told(recognise(Page(f"http://{HOST}{path}", page.body.decode()), FAMILIES)) == "nfcms", path
