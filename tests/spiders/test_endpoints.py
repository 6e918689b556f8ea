"""Whole visits to portals whose lists stand behind data endpoints, as a process of its own: all rows, or why not."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from crawler.store.tables import Look
from tests.portals import Article, Column, File, Kind, SimulatedPortals, Site, World
from tests.portals.hanweb import PROXIES
from tests.portals.hanweb_xxgk import ANNUAL
from tests.spiders.visiting import AGENCY, Visited, Workshop, make_workshop
from tests.spiders.worlds import BESIDE, DAY, REPORTS, column

pytestmark = pytest.mark.integration

PDF = b"%PDF-1.4 \xe7\xa4\xba\xe4\xbe\x8b"  # the crawl does not look inside
BODY = "<p>一、总体情况。二、主动公开政府信息情况。三、收到和处理政府信息公开申请情况。四、行政复议情况。</p>" * 5


def site(slug: str, family: str, *columns: Column) -> Site:
    return Site(slug, "示例市人民政府", family, "9900000001", columns, invented=True)


def notices(count: int) -> tuple[Article, ...]:
    """Lines that no report is: they fill the list and are not opened."""
    start = dt.date(2023, 12, 1)
    return tuple(
        Article(8000 + n, f"示例市政务公开工作要点第{n}号", start - dt.timedelta(days=15 * n), "<p>虚构</p>", "示例局")
        for n in range(count)
    )


def yearly(*years: int) -> tuple[Article, ...]:
    """The same office's reports on several years, with a body that has its sections."""
    return tuple(
        Article(7000 + y, f"示例市水利局{y}年政府信息公开工作年度报告", dt.date(y + 1, 1, 15), BODY, "示例市水利局")
        for y in years
    )


WITH_FILE = Article(
    7001,
    "示例市第1局2023年政府信息公开工作年度报告",
    dt.date(2024, 1, 5),
    '<p>见附件（虚构）</p><a href="./nb.pdf">报告全文</a>' * 1,
    "示例市第1局",
    files=(File("nb.pdf", PDF, "application/pdf"),),
)
MANY = REPORTS + BESIDE + notices(30)  # 44 rows
LONG = REPORTS + BESIDE + notices(230)  # 244 rows: three pages of gkmlpt

SITES = (
    site("hanweb-post", "hanweb", column("123", MANY, page_size=4, dialect="post", window=9)),
    site(
        "hanweb-script", "hanweb", column("123", MANY, page_size=4, dialect="post", proxy=2, named=False, store=False)
    ),
    site("hanweb-referer", "hanweb", column("123", MANY, page_size=4, group=20, overlap=3, proxy=1, referer=True)),
    site("hanweb-search", "hanweb", column("123", MANY, page_size=5, holds="search")),
    site("hanweb-years", "hanweb", column("990100", yearly(2019, 2021, 2022), holds="years")),
    site("hanweb-article", "hanweb", column("123", yearly(2021, 2022), holds="article")),
    site("jpaas", "jpaas", column("zfxxgk/nb", MANY)),
    site("jpaas-count", "jpaas", column("zfxxgk/nb", MANY, count=True, beyond="last", parse="buildstatic")),
    site("jpaas-file", "jpaas", column("zfxxgk/nb", (WITH_FILE,), count=True, attachments=True)),
    site("gkmlpt", "gkmlpt", column("sljj/123", LONG, jumps=2), column("sljj/124", REPORTS, body="data")),
    # What cannot be read to its end is incomplete, whatever has been found.
    site("hanweb-wrong-proxy", "hanweb", column("123", MANY, page_size=4, dialect="post", proxy=0)),
    site("jpaas-vague", "jpaas", column("zfxxgk/nb", MANY, units="vague")),
    site("jpaas-short", "jpaas", column("zfxxgk/nb", REPORTS + BESIDE, months=6)),
    site("jpaas-same", "jpaas", column("zfxxgk/nb", REPORTS + BESIDE, beyond="last")),
    site("gkmlpt-404", "gkmlpt", column("123", LONG, further="404")),
    site("gkmlpt-held", "gkmlpt", column("123", REPORTS + BESIDE, held=2600)),
    site("gkmlpt-no-sid", "gkmlpt", column("123", REPORTS, sid=False)),
    site("hanweb-none", "hanweb", column("123", (), dialect="post")),
    site("jpaas-none", "jpaas", column("zfxxgk/nb", ())),
    site("jpaas-forgotten", "jpaas", column("zfxxgk/nb", yearly(2020, 2021), months=6)),
    site("gkmlpt-none", "gkmlpt", column("123", ())),
)
ENTRIES: dict[str, dict[str, Any]] = {
    "hanweb-years": {"holds": "years", "first_year": 2018},
    "hanweb-article": {"holds": "article"},
    "jpaas-file": {"options": {"whole": True}},
    "jpaas-none": {"options": {"whole": True}},
}


class Story:
    def __init__(self, workshop: Workshop, portals: SimulatedPortals) -> None:
        self.workshop, self.portals = workshop, portals
        for portal in portals:
            entry = ENTRIES.get(portal.site.slug)
            if entry is None:
                workshop.configure(portal)
            else:
                columns = [{"key": "c0", "url": portal.column_url(), "agencies": [AGENCY], **entry}]
                workshop.register(portal.site.slug, family=portal.site.family, hosts=[portal.host], columns=columns)
        portals["hanweb-wrong-proxy"].misbehave(Kind.DENIED, PROXIES[0])
        self.visited: Visited = workshop.visit("2024-01-25T09:00+08:00")

    def look(self, slug: str, column: str = "c0") -> Look:
        (look,) = self.workshop.looks(slug, column)
        return look

    def posted(self, slug: str) -> list[Any]:
        return [request.posted for request in self.portals[slug].requests if request.posted is not None]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with SimulatedPortals(World(SITES), DAY) as portals:
        yield Story(make_workshop(tmp_path_factory.mktemp("endpoints")), portals)


def test_the_visit_ends_well(story: Story) -> None:
    assert story.visited.code == 0, story.visited.log


@pytest.mark.parametrize(
    ("slug", "rows", "pages"),
    [
        ("hanweb-post", 44, 7),  # the page, six windows of nine that overlap by one
        ("hanweb-script", 44, 2),
        ("hanweb-referer", 44, 4),
        ("hanweb-search", 44, 12),  # the page, and eleven of five lines
        ("jpaas", 44, 5),  # the page, three, and an empty one
        ("jpaas-count", 44, 4),
        ("gkmlpt", 244, 4),
    ],
)
def test_every_row_of_every_page_is_found(story: Story, slug: str, rows: int, pages: int) -> None:
    look = story.look(slug)
    assert (look.outcome, look.reason) == ("healthy", "")
    assert (look.entries, look.pages) == (rows, pages)
    articles = story.portals[slug].site.columns[0].articles
    changes = story.workshop.changes(slug)
    listed = {(c.title.replace(" ", ""), str(c.list_date)) for c in changes if c.kind == "appeared"}
    assert listed >= {(article.title, str(article.published)) for article in articles}


def test_the_fields_of_the_page_are_posted_verbatim(story: Story) -> None:
    windows = story.posted("hanweb-post")
    assert len(windows) == 6
    assert {(fields["columnid"], fields["unitid"]) for fields in windows} == {("123", "1237")}
    assert all(fields["webname"].startswith("%25E7") for fields in windows)  # encoded twice in the page
    # The address of the proxy is looked for where the page does not name it.
    asked = [request for request in story.portals["hanweb-script"].requests if "dataproxy" in request.path]
    assert [request.path.partition("?")[0] for request in asked] == list(PROXIES)
    assert [request.status for request in asked] == [404, 404, 200]


def test_the_next_group_is_copied_as_it_stands(story: Story) -> None:
    asked = [request.path for request in story.portals["hanweb-referer"].requests if "dataproxy" in request.path]
    assert len(asked) == 3
    assert all("&appid=1&appid=1&" in path and "webname=%25E7" in path for path in asked)


def test_only_reports_of_the_column_come_out_of_a_search(story: Story) -> None:
    titles = {change.title for change in story.workshop.changes("hanweb-search")}
    assert not any("示例通知" in title for title in titles)
    assert [fields["currpage"] for fields in story.posted("hanweb-search")] == [str(n) for n in range(1, 12)]


def test_a_report_for_each_year(story: Story) -> None:
    look = story.look("hanweb-years")
    assert (look.outcome, look.entries, look.pages) == ("healthy", 3, 7)  # 2024 back to 2018, four of them blank
    listed = {entry.url.rpartition("=")[2]: entry.url for entry in story.workshop.entries("hanweb-years")}
    assert set(listed) == {"2019", "2021", "2022"}
    assert all(ANNUAL in url for url in listed.values())


def test_a_column_that_is_the_article(story: Story) -> None:
    look = story.look("hanweb-article")
    assert (look.outcome, look.entries) == ("healthy", 1)
    (change,) = story.workshop.changes("hanweb-article")
    assert change.title == "示例市水利局2022年政府信息公开工作年度报告"


def test_an_article_that_stands_in_data_is_kept(story: Story) -> None:
    look = story.look("gkmlpt", "c1")
    assert (look.outcome, look.entries) == ("healthy", 12)
    details = [c for c in story.workshop.captures("gkmlpt") if c.kind == "detail" and c.column == "c1"]
    assert len(details) == 12 and all(capture.outcome == "healthy" for capture in details)


@pytest.mark.parametrize(
    ("slug", "outcome", "rows", "why"),
    [
        ("hanweb-wrong-proxy", "incomplete", 4, "403"),
        ("jpaas-vague", "shell", 0, "甲、乙"),
        ("jpaas-same", "incomplete", 14, "没有结束"),
        ("jpaas-short", "incomplete", 14, "半年"),
        ("jpaas-forgotten", "incomplete", 0, "半年"),
        ("gkmlpt-404", "incomplete", 100, "404"),
        ("gkmlpt-held", "incomplete", 14, "2614"),
        ("gkmlpt-no-sid", "shell", 0, "site_id"),
    ],
)
def test_what_cannot_be_read_to_its_end_says_why(story: Story, slug: str, outcome: str, rows: int, why: str) -> None:
    look = story.look(slug)
    assert (look.outcome, look.entries) == (outcome, rows), look.reason
    assert why in look.reason


@pytest.mark.parametrize("slug", ["hanweb-none", "jpaas-none", "gkmlpt-none"])
def test_a_column_that_says_that_it_is_empty(story: Story, slug: str) -> None:
    assert (story.look(slug).outcome, story.look(slug).entries) == ("empty", 0)


def test_endpoints_that_fail_later(story: Story) -> None:
    """On the next day nothing is as it was, and nobody takes it for an absence."""
    portals, workshop = story.portals, story.workshop
    portals.day = DAY + dt.timedelta(days=1)
    gateway = "/api-gateway/jpaas-publish-server"
    portals["hanweb-post"].misbehave(Kind.DENIED, "/module/")
    portals["hanweb-referer"].misbehave(Kind.NOT_FOUND, "/module/")
    portals["hanweb-search"].misbehave(Kind.SOFT_404, "/module/")
    portals["jpaas"].misbehave(Kind.CAPTCHA, gateway)
    portals["jpaas-count"].misbehave(Kind.CHALLENGE_412, gateway)
    portals["jpaas-file"].misbehave(Kind.EMPTIED)
    portals["jpaas-short"].misbehave(Kind.EMPTIED)
    portals["gkmlpt"].misbehave(Kind.EMPTIED)
    first = next(iter(portals["gkmlpt-held"].site.columns))
    portals["gkmlpt-held"].site = replace(
        portals["gkmlpt-held"].site, columns=(replace(first, articles=(), options={"held": 2600}),)
    )
    failing = (
        "hanweb-post",
        "hanweb-referer",
        "hanweb-search",
        "jpaas",
        "jpaas-count",
        "jpaas-file",
        "jpaas-short",
        "gkmlpt",
        "gkmlpt-held",
    )
    visited = workshop.visit("2024-01-26T09:00+08:00", *failing)
    assert visited.code == 0, visited.log
    found = {slug: (workshop.looks(slug)[1].outcome, workshop.looks(slug)[1].reason) for slug in failing}
    assert {slug: outcome for slug, (outcome, _) in found.items()} == {
        "hanweb-post": "incomplete",
        "hanweb-referer": "incomplete",
        "hanweb-search": "incomplete",
        "jpaas": "incomplete",
        "jpaas-count": "incomplete",
        "jpaas-file": "emptied",
        "jpaas-short": "emptied",  # what was listed and is not is seen, whatever else the list may have forgotten
        "gkmlpt": "emptied",
        "gkmlpt-held": "incomplete",
    }
    for slug, word in (
        ("hanweb-post", "403"),
        ("hanweb-referer", "404"),
        ("hanweb-search", "页面不存在"),
        ("jpaas", "安全验证"),
        ("jpaas-count", "412"),
        ("gkmlpt-held", "2600"),
    ):
        assert word in found[slug][1]
    gone = [change for slug in failing for change in workshop.changes(slug) if change.kind == "gone"]
    assert gone == []


def test_a_file_at_a_changing_address_is_one_file(story: Story) -> None:
    """Runs after the portal had emptied its list: the next day brings the page back, with another address of its file."""
    story.portals["jpaas-file"].behave()
    story.portals.day = dt.date(2024, 1, 27)
    assert story.workshop.visit("2024-01-27T09:00+08:00", "jpaas-file").code == 0
    files = [capture for capture in story.workshop.captures("jpaas-file") if capture.kind == "attachment"]
    assert len(files) == 2
    assert len({capture.url for capture in files}) == 1
    assert len({capture.final_url for capture in files}) == 2
    assert {(capture.outcome, capture.sha256) for capture in files} == {("healthy", files[0].sha256)}
    assert story.workshop.archive.get(str(files[0].sha256)) == PDF
