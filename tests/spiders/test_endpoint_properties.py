"""Whatever comes as JSON, XML or HTML: a data family never raises, never lists twice, never guesses that a list is whole.

The second half walks simulated portals that lie: pages that are ignored, records that are left out, answers that break
off. Where the walk says that it has seen everything, it has.
"""

import asyncio
import datetime as dt
import json
from collections.abc import Callable, Sequence
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.schema import Column, Portal
from crawler.health import HEALTHY, Health
from crawler.items import CaptureItem
from crawler.model import LookOutcome
from crawler.page import Page
from spiders import FAMILIES
from spiders.base import PortalSpider
from spiders.lists.listing import Listing, Seen, Step
from spiders.visits.answer import Answer
from spiders.visits.entry import entry_of
from spiders.visits.walk import Walk
from tests.portals import Article, Sent, Site
from tests.portals import Column as SimulatedColumn
from tests.portals.families import FAMILIES as SIMULATED

HOST = "www.example.org"
BEGAN = dt.datetime(2024, 1, 25, 1, tzinfo=dt.UTC)
URLS = {
    "hanweb": (
        f"http://{HOST}/col/col123/index.html",
        f"http://{HOST}/module/web/jpage/dataproxy.jsp?page=2",
        f"http://{HOST}/module/xxgk/search.jsp",
    ),
    "jpaas": (f"http://{HOST}/zfxxgk/nb/index.html", f'http://{HOST}/build/unit?paramJson={{"pageNo":2}}'),
    "gkmlpt": (f"http://{HOST}/gkmlpt/index#123", f"http://{HOST}/gkmlpt/api/all/123?page=2&sid=9"),
}
WORDS = (
    "<html><body>", "<ul>", "</ul>", "<li>", "</li>", "<table>", "<tr><td>", "</td></tr>", "2024-01-18", "共2页", "共0条",
    '<script type="text/xml">', "</script>", "<?xml version='1.0'?>", "<datastore>", "</datastore>", "<nextgroup>",
    "</nextgroup>", "<recordset>", "</recordset>", "<record>", "</record>", "<![CDATA[", "]]>", "<totalrecord>", "7",
    "</totalrecord>", "<totalpage>", "</totalpage>", "$('#77').jpage({", "totalRecord:5", "perPage:2})",
    "param_77={columnid:123,unitid:'77'}", "<a href='/art/2024/1/18/art_123_1.html' title='年报'>年报</a>",
    '<a href="/module/web/jpage/dataproxy.jsp?page=1&columnid=123&unitid=77">', "'/module/xxgk/search.jsp?area=9'",
    '<script src="unitbuild.js" url="/a/front/page/build/unit" queryData="{\'tagId\':\'列表\'}">', '{"success": true',
    '"data": {"html": "', "<a href=/art_0123456789abcdef0123456789abcdef.html>年报</a>", '"}', "}", "{", "[", "]", ",",
    "window._CONFIG = {", '"SITE_ID": 9', '"TREE": [{"id": 123, "name": "年报"}]', '{"classify": {"id": 123, ',
    '"name": "政府信息公开年报", "post_count": 3}', '"articles": [', '{"id": 1, "title": "年报", "url": "/1.html"',
    '"create_time": 1705541400', '"total": 3', "\\", '"', "\0", "http://[", "&amp;", "​",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(WORDS) | st.text(max_size=6), max_size=25).map("".join)


def spider(family: str, url: str) -> tuple[PortalSpider, Column]:
    column = Column(key="c", url=url, agencies=("a",), options={"whole": True} if family == "jpaas" else {})
    return FAMILIES[family](Portal(slug="p", name="示例", family=family, hosts=(HOST,), columns=(column,))), column


@pytest.mark.parametrize("family", URLS)
@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_no_text_raises_and_none_is_taken_for_a_whole_list(family: str, data: st.DataObject) -> None:
    column_url, *data_urls = URLS[family]
    url = data.draw(st.sampled_from((column_url, *data_urls)))
    page = Page(url, data.draw(TEXTS))
    family_spider, column = spider(family, column_url)
    family_spider.signs(page)
    family_spider.names_column(page, column)
    listing = family_spider.read_list(page, column)
    if listing.problem:
        assert not listing.rows and not listing.empty and not listing.frame
        return
    assert not (listing.empty and listing.rows)
    fresh = len({row.url for row in listing.rows})
    if url != column_url:
        family_spider.next_step(
            column, [Seen(Step(column_url), Listing(frame=True), 0), Seen(Step(url), listing, fresh)]
        )
        return
    step = family_spider.next_step(column, [Seen(Step(url), listing, fresh)])
    if not step.url and not step.incomplete and not listing.empty and not listing.unclear and not listing.partial:
        records = listing.paging.records
        assert listing.rows  # and what it says to hold is there, or it says nothing of more
        assert records is None or len(listing.rows) >= records
        if records is None:
            assert ".jpage(" not in page.text


REAL = {
    "hanweb": "<datastore><totalrecord>3</totalrecord><totalpage>1</totalpage><recordset><record><![CDATA[<li><a href="
    "'/art/2024/1/18/art_123_1.html' title='年报'>年报</a><b>2024-01-18</b></li>]]></record></recordset></datastore>",
    "jpaas": json.dumps(
        {"success": True, "data": {"html": f"<ul><li><a href='/art_{1:032x}.html'>年报</a></li></ul>"}}
    ),
    "gkmlpt": json.dumps(
        {
            "classify": {"id": 123, "name": "政府信息公开年报", "post_count": 3},
            "total": 3,
            "offset": 0,
            "articles": [{"id": 1, "title": "年报", "url": "/1.html", "create_time": 1705541400}],
        }
    ),
}


@pytest.mark.parametrize("family", REAL)
@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damaged_answers_are_read_or_refused(family: str, data: st.DataObject) -> None:
    text = REAL[family]
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    damaged = text[:start] + data.draw(st.text(max_size=3) | st.sampled_from(WORDS)) + text[end:]
    family_spider, column = spider(family, URLS[family][0])
    listing = family_spider.read_list(Page(URLS[family][1], damaged), column)
    assert not (listing.empty and listing.rows)


def articles(count: int) -> tuple[Article, ...]:
    first = dt.date(2024, 1, 20)
    return tuple(
        Article(7000 + n, f"示例市第{n}局年度报告", first - dt.timedelta(days=n), "<p>虚构</p>", "示例局")
        for n in range(count)
    )


Lie = Callable[[Step, str], str | None]  # the answer instead; None: 404


def walk(site: Site, lie: Lie) -> tuple[Walk, list[Step]]:
    """The walk through the only column of a simulated site without a server between."""
    simulated = SIMULATED[site.family]
    path = simulated.column_path(site.columns[0])
    family_spider, column = spider(site.family, f"http://{HOST}{path}")
    day, steps = dt.date(2024, 1, 25), list[Step]()

    def answer(step: Step) -> Answer:
        steps.append(step)
        parts = urlsplit(step.url)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        sent = Sent(dict(step.form) if step.form else None, column.url)
        page = simulated.pages(site, HOST, day).get(parts.path) if sent.posted is None else None
        page = page or simulated.extra(site, HOST, day, parts.path, query, sent)
        text = lie(step, page.body.decode()) if page is not None else None
        url = step.url.partition("#")[0]
        if text is None:
            return Answer(step.url, url, BEGAN, Health(LookOutcome.SOFT_404, "HTTP 404"), 404)
        return Answer(step.url, url, BEGAN, HEALTHY, 200, text.encode(), "text/html")

    async def fetch(step: Step) -> Answer:
        return answer(step)

    def capture(one: Answer, step: Step, judged: Health) -> CaptureItem:
        return one.capture(family_spider.portal, column.key, "listing", judged, url=step.key)

    async def run() -> Walk:
        found = Walk(family_spider, column, known=(), fetch=fetch, entry=entry_of, capture=capture)
        async for _ in found.run(answer(Step(column.url))):
            pass
        return found

    return asyncio.run(run()), steps


COLUMNS = {
    "hanweb get": ("hanweb", "123", {"group": 5, "overlap": 2}),
    "hanweb post": ("hanweb", "123", {"dialect": "post", "window": 7}),
    "hanweb search": ("hanweb", "123", {"holds": "search"}),
    "jpaas": ("jpaas", "zfxxgk/nb", {}),
    "jpaas count": ("jpaas", "zfxxgk/nb", {"count": True, "beyond": "last"}),
    "gkmlpt": ("gkmlpt", "sljj/123", {}),
}


def simulated_site(name: str, count: int) -> Site:
    family, path, options = COLUMNS[name]
    column = SimulatedColumn(path, articles(count), page_size=4, options=options)  # type: ignore[arg-type]  # mypy joins the dicts' values to object
    return Site("p", "示例市人民政府", family, "9900000001", (column,), invented=True)


@pytest.mark.parametrize("name", COLUMNS)
@settings(max_examples=25, deadline=None)
@given(count=st.integers(0, 60))
def test_an_honest_portal_is_read_whole(name: str, count: int) -> None:
    found, _ = walk(simulated_site(name, count), lambda _step, text: text)
    assert found.found.good, found.found
    assert len(found.entries) == count
    # A search without any line of the column's says nothing of it: it is asked for by office, not by column.
    assert found.said_empty is (count == 0 and name != "hanweb search")


def told_first(memory: dict[str, str]) -> Lie:
    """The page's number is ignored: every data answer is the first one."""

    def lie(step: Step, text: str) -> str:
        return memory.setdefault("first", text) if _is_data(step) else text

    return lie


def cut_after(position: int) -> Lie:
    """The second data answer and all after it break off."""
    answers = iter(range(1000))

    def lie(step: Step, text: str) -> str:
        return text[: position % (len(text) + 1)] if _is_data(step) and next(answers) else text

    return lie


def left_out(number: int) -> Lie:
    """One article is left out of every answer, and the total stays."""

    def lie(step: Step, text: str) -> str | None:
        if text.lstrip().startswith("{"):
            answer = json.loads(text)
            if "articles" in answer:
                answer["articles"] = [one for one in answer["articles"] if one["id"] != 7000 + number]
            return json.dumps(answer, ensure_ascii=False)
        marked = f"_{7000 + number}.html"
        records = text.split("<record>")
        kept = [one for one in records[1:] if marked not in one]
        return "<record>".join([records[0], *kept]) if len(kept) < len(records) - 1 else text

    return lie


def ended(after: int) -> Lie:
    """From one answer on there are none."""
    answers = iter(range(1000))
    return lambda step, text: None if _is_data(step) and next(answers) >= after else text


def _is_data(step: Step) -> bool:
    return any(word in step.url for word in ("dataproxy", "search.jsp", "/build/unit", "/api/all/"))


LIES = st.one_of(
    st.builds(lambda: told_first({})),
    st.integers(0, 5000).map(cut_after),
    st.integers(0, 60).map(left_out),
    st.integers(0, 4).map(ended),
)
# Without a count anywhere, an empty answer is the only end there is, and a record left out is not missed.
COUNTED = [name for name in COLUMNS if name not in ("jpaas", "hanweb search")]


@pytest.mark.parametrize("name", COUNTED)
@settings(max_examples=40, deadline=None)
@given(count=st.integers(0, 60), lie=LIES)
def test_a_lying_portal_is_never_read_whole(name: str, count: int, lie: Lie) -> None:
    site = simulated_site(name, count)
    found, steps = walk(site, lie)
    _holds(found, steps)
    if found.found.good:
        assert len(found.entries) == count
        assert found.said_empty is (count == 0)


@pytest.mark.parametrize("name", ["jpaas", "hanweb search"])
@settings(max_examples=40, deadline=None)
@given(count=st.integers(0, 60), lie=LIES.filter(lambda lie: "left_out" not in lie.__qualname__))
def test_a_portal_without_counts_is_whole_only_at_its_end(name: str, count: int, lie: Lie) -> None:
    found, steps = walk(simulated_site(name, count), lie)
    _holds(found, steps)
    if found.found.good:
        assert len(found.entries) == count


def _holds(found: Walk, steps: Sequence[Step]) -> None:
    """What is true of every walk: each entry once, no request twice, an outcome with its reason."""
    assert len(set(found.entries)) == len(found.entries)
    assert len({(step.url, step.form, step.json) for step in steps}) == len(steps)
    assert found.found.good or found.found.reason


def test_nothing_at_all_is_no_list() -> None:
    for family, urls in URLS.items():
        family_spider, column = spider(family, urls[0])
        assert all(family_spider.read_list(Page(url, ""), column).problem for url in urls)
