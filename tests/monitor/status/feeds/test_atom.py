"""The Atom feeds: well-formed whatever the texts, the required elements of RFC 4287, ids that never change, pages, filters."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import feedparser  # type: ignore[import-untyped]  # it has no types
import pytest
from fastapi import FastAPI
from lxml import etree

from config.env import Settings
from crawler.store.session import Sessions, open_store
from crawler.store.tables import Event, Finding
from monitor.alerts.lines import Line
from monitor.clock import FixedClock
from monitor.context import Context
from monitor.status import create_app
from monitor.status.feeds.document import Entry, Feed, document
from monitor.status.views import feed as view
from tests.monitor.status.seed import NOW
from tests.monitor.status.test_routes import ask

ATOM = "{http://www.w3.org/2005/Atom}"
FEEDS = (
    "/feeds/events.atom",
    "/feeds/late.atom",
    "/feeds/changes.atom",
    "/feeds/agency/shili-hostile.atom",
    "/feeds/agency/shili-slj.atom",
    "/feeds/events.atom?portal=sim-shili-jtj",
)
EVIL = "示例\x00\x0b]]>\ud800\ufffe<b onclick=x>&amp;</title>\u202e"


def parsed(app: FastAPI, path: str) -> etree._Element:
    answer = ask(app, path)
    assert answer.status_code == 200, path
    assert answer.headers["content-type"].startswith("application/atom+xml")
    return etree.fromstring(answer.content)


def texts(root: etree._Element, path: str) -> list[str]:
    return [node.text or "" for node in root.findall(path.replace("/", f"/{ATOM}") if path[0] == "/" else ATOM + path)]


@pytest.mark.parametrize("path", FEEDS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_rfc_4287_requires_is_there(app: FastAPI, path: str, language: str) -> None:
    root = parsed(app, f"{path}{'&' if '?' in path else '?'}lang={language}")
    assert root.tag == f"{ATOM}feed"
    for node in (root, *root.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            found = node.findall(ATOM + name)
            assert len(found) == 1 and found[0].text, name
        assert dt.datetime.fromisoformat(node.findtext(f"{ATOM}updated") or "").tzinfo is not None
        assert re.fullmatch(r"tag:[a-z0-9.-]+,\d{4}(-\d\d-\d\d)?:\S+", node.findtext(f"{ATOM}id") or "")
        links = node.findall(f"{ATOM}link")
        assert [link.get("rel") for link in links].count("alternate") == 1
        assert all((link.get("href") or "").startswith("http://127.0.0.1:8600/") for link in links)
    assert [link.get("rel") for link in root.findall(f"{ATOM}link")].count("self") == 1
    assert root.findtext(f"{ATOM}author/{ATOM}name")
    ids = texts(root, "entry")
    entry_ids = [entry.findtext(f"{ATOM}id") for entry in root.findall(f"{ATOM}entry")]
    assert len(set(entry_ids)) == len(entry_ids) == len(ids)
    for content in root.findall(f"{ATOM}entry/{ATOM}content"):
        assert content.get("type") == "html" and not list(content)


@pytest.mark.parametrize("path", FEEDS)
def test_a_feed_reader_takes_them(app: FastAPI, path: str) -> None:
    found: Any = feedparser.parse(ask(app, path).content)
    assert not found.bozo
    assert found.version == "atom10"
    assert all(entry.title and entry.link and entry.updated_parsed for entry in found.entries)
    if path != "/feeds/changes.atom":
        assert found.entries


def test_the_words_are_those_of_the_mails(app: FastAPI) -> None:
    found: Any = feedparser.parse(ask(app, "/feeds/late.atom").content)
    by_title = {entry.title: entry for entry in found.entries}
    late = by_title["示例市水利局：2024年度报告 [示例单位，虚构]：逾期公布"]
    assert "逾期公布，迟4至11天" in late.content[0].value
    assert "第四十九条第一句" in late.content[0].value
    assert late.link == "http://127.0.0.1:8600/agency/shili-slj#y2024"
    assert late.tags[0]["term"] == "late"
    assert "模拟网站" in found.feed.subtitle


def test_what_is_no_longer_so_says_so(app: FastAPI) -> None:
    found: Any = feedparser.parse(ask(app, "/feeds/agency/shili-slj.atom").content)
    [missing] = [entry for entry in found.entries if entry.tags[0]["term"] == "missing"]
    assert missing.title.endswith("逾期未见公布（此后已改变）")
    assert "目前的状态是：逾期公布" in missing.content[0].value
    [late] = [entry for entry in found.entries if entry.tags[0]["term"] == "late"]
    assert "此后" not in late.title


def test_late_holds_its_kinds_and_their_ends_only(app: FastAPI) -> None:
    found: Any = feedparser.parse(ask(app, "/feeds/late.atom").content)
    assert {entry.tags[0]["term"] for entry in found.entries} == {"late", "missing", "withdrawn", "resolved"}
    assert not [entry for entry in found.entries if "网站" in entry.title.partition("：")[0]]
    changes: Any = feedparser.parse(ask(app, "/feeds/changes.atom").content)
    assert {entry.tags[0]["term"] for entry in changes.entries} == {"changed"}


def test_ids_and_dates_stay_whatever_changes(app: FastAPI, seeded: Context) -> None:
    def ids(of: FastAPI, path: str) -> dict[str, str]:
        return {entry.id: entry.updated for entry in feedparser.parse(ask(of, path).content).entries}

    later = create_app(
        seeded.settings.model_copy(update={"public_url": "https://127.0.0.1/elsewhere/"}),
        seeded.configuration,
        seeded.sessions,
        FixedClock(NOW + dt.timedelta(days=400)),
    )
    everything = ids(app, "/feeds/events.atom")
    assert ids(later, "/feeds/events.atom") == everything
    assert ids(app, "/feeds/late.atom").items() <= everything.items()
    assert not ids(app, "/feeds/events.atom?lang=en").keys() & everything.keys()


def test_addresses_are_never_the_visitors(app: FastAPI) -> None:
    text = ask(app, "/feeds/events.atom", host="evil.example", **{"x-forwarded-host": "evil.example"}).text
    assert "evil.example" not in text


def test_filters_are_those_of_the_matrix(app: FastAPI) -> None:
    def agencies(query: str) -> set[str]:
        found: Any = feedparser.parse(ask(app, f"/feeds/events.atom?{query}").content)
        return {re.sub(r".*/(agency|portals)/([\w-]+).*", r"\2", entry.link) for entry in found.entries}

    assert agencies("region=990121") == {"shili-xzf"}
    assert agencies("q=示例市水利局") == {"shili-slj"}
    assert agencies("state=withdrawn") == {"shili-jyj"}
    assert "sim-shili-jtj" in agencies("portal=sim-shili-jtj") and "shili-jtj" in agencies("portal=sim-shili-jtj")
    assert agencies("family=nothing") == set()
    assert "sim-shili-jtj" not in agencies("kind=department")
    assert agencies("flag=changed") == {"shili-mzj"}
    assert agencies("year=2024&q=示例市水利局&sort=name&size=100&page=3") == {"shili-slj"}
    assert "sim-shili-jtj" in agencies("sort=name&page=7")
    assert agencies("region=990100&own=1") == agencies("region=990100") - {"shili-xzf"} != set()
    years: Any = feedparser.parse(ask(app, "/feeds/events.atom?from=2024&to=2024").content)
    assert years.entries and all("2024年度" in entry.title for entry in years.entries)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/feeds/late.atom?lang=fr", 400),
        ("/feeds/late.atom?before=0", 400),
        ("/feeds/late.atom?before=-1", 400),
        ("/feeds/late.atom?before=1e9", 400),
        (f"/feeds/late.atom?before={'9' * 40}", 400),
        ("/feeds/late.atom?state=guilty", 400),
        ("/feeds/late.atom?region=37", 400),
        ("/feeds/nothing.atom", 404),
        ("/feeds/agency/nobody.atom", 404),
        ("/feeds/agency/..%2f..%2fetc%2fpasswd.atom", 404),
    ],
)
def test_what_is_refused(app: FastAPI, path: str, status: int) -> None:
    assert ask(app, path).status_code == status


def test_who_has_it_is_sent_nothing(app: FastAPI) -> None:
    first = ask(app, "/feeds/events.atom")
    assert ask(app, "/feeds/events.atom", **{"if-none-match": f'"x", {first.headers["etag"]}'}).status_code == 304
    since = first.headers["last-modified"]
    assert ask(app, "/feeds/events.atom", **{"if-modified-since": since}).status_code == 304
    earlier = {"if-modified-since": "Wed, 01 Jan 2020 00:00:00 GMT"}
    assert ask(app, "/feeds/events.atom", **earlier).status_code == 200
    both = {"if-none-match": '"other"', "if-modified-since": since}
    assert ask(app, "/feeds/events.atom", **both).status_code == 200
    assert ask(app, "/feeds/events.atom", **{"if-modified-since": "never"}).status_code == 200
    assert ask(app, "/feeds/events.atom?lang=en", **{"if-none-match": first.headers["etag"]}).status_code == 200
    head = ask(app, "/feeds/events.atom", method="HEAD")
    assert head.status_code == 200 and head.headers["etag"] == first.headers["etag"]


@pytest.fixture
def long(tmp_path: Path, seeded: Context, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[FastAPI, Sessions]]:
    """A store with 137 events about two agencies, one of them with an unreadable text; pages and scans are short."""
    sessions = open_store(f"sqlite:///{tmp_path / 'long.db'}", create=True)
    details: dict[str, Any] = {
        "agency": {"name": EVIL.encode("utf-8", "replace").decode(), "invented": True},
        "state": "missing", "due": "2025-01-31", "citation": None, "reason": "no_column", "parameters": {}, "notes": [],
        "stated": [], "report_url": "javascript:alert(1)", "columns": [], "since": NOW.isoformat(),
    }  # fmt: skip
    with sessions.begin() as session:
        for number in range(137):
            agency = "shili-slj" if number % 3 else "shili-tjj"
            at = NOW - dt.timedelta(days=200 - number)
            session.add(Event(at=at, kind="missing", agency_id=agency, year=2024, details=details))
        finding = Finding(key="arithmetic:x", kind="arithmetic", agency_id="shili-tjj", year=2024, opened_at=NOW)
        session.add(finding)
        session.flush()
        ended = details | {"resolved": "mended"}
        session.add(
            Event(at=NOW, kind="resolved", agency_id="shili-tjj", year=2024, finding_id=finding.id, details=ended)
        )
    monkeypatch.setattr(view, "BATCH", 20)
    settings = Settings(data_dir=tmp_path)
    yield create_app(settings, seeded.configuration, sessions, FixedClock(NOW)), sessions


def pages(app: FastAPI, path: str) -> list[list[str]]:
    found = []
    address: str | None = path
    while address is not None:
        root = parsed(app, address)
        entries = root.findall(f"{ATOM}entry")
        found.append([entry.findtext(f"{ATOM}id") or "" for entry in entries])
        links = {link.get("rel"): link.get("href") or "" for link in root.findall(f"{ATOM}link")}
        assert links["first"].endswith(path)
        address = links["next"].removeprefix("http://127.0.0.1:8600") if "next" in links else None
        assert len(found) < 20
    return found


@pytest.mark.parametrize("few", [0, 200])
def test_the_pages_hold_everything_once(
    long: tuple[FastAPI, Sessions], monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(view, "FEW", few)
    found = pages(long[0], "/feeds/late.atom")
    assert [len(page) for page in found] == [50, 50, 37]
    ids = [id_ for page in found for id_ in page]
    assert len(set(ids)) == 137
    assert ids[0].endswith("event/137") and ids[-1].endswith("event/1")
    one = pages(long[0], "/feeds/late.atom?q=shili-tjj")
    assert sum(map(len, one)) == 46
    assert len(pages(long[0], "/feeds/events.atom")[0]) == 50


def test_a_scan_that_finds_little_goes_on_with_the_next_page(
    long: tuple[FastAPI, Sessions], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view, "FEW", 0)
    monkeypatch.setattr(view, "SCANNED", 40)
    found = pages(long[0], "/feeds/late.atom?q=shili-tjj")
    assert [len(page) for page in found] == [13, 14, 13, 6]
    assert len({id_ for page in found for id_ in page}) == 46


def test_the_end_of_a_finding_is_told_where_findings_are(long: tuple[FastAPI, Sessions]) -> None:
    assert "报告已更正" in ask(long[0], "/feeds/events.atom").text
    assert "报告已更正" not in ask(long[0], "/feeds/late.atom").text


def test_hostile_texts_stay_texts(long: tuple[FastAPI, Sessions]) -> None:
    found: Any = feedparser.parse(ask(long[0], "/feeds/late.atom").content, sanitize_html=False)
    assert not found.bozo
    content = found.entries[0].content[0].value
    assert "javascript:alert(1)" in content
    assert "href" not in content.partition("javascript:")[0].rpartition("<li>")[2]
    assert "<b onclick=x>&amp;</title>" in found.entries[0].title  # read as a text, with its marks
    assert found.entries[0].title_detail.type == "text/plain"
    assert "<b onclick" not in content


def test_a_document_holds_any_text() -> None:
    at = NOW.replace(microsecond=5)
    lines = (Line(EVIL, EVIL, EVIL, "http://x.test/\x01"), Line("a", "", "javascript:x"), Line("b", "c"))
    entry = Entry("tag:x", EVIL, at, "http://x.test/", "late", EVIL, lines)
    made = document(Feed("tag:x", EVIL, EVIL, EVIL, "en", at, {"self": "http://x.test/?a=1&b=2"}, [entry, entry]))
    root = etree.fromstring(made)
    title = root.findtext(f"{ATOM}entry/{ATOM}title") or ""
    assert "]]>" in title and "<b onclick=x>" in title and "\x00" not in title
    assert root.findtext(f"{ATOM}updated") == "2025-03-20T10:00:00+08:00"
    assert root.find(f"{ATOM}link").get("href") == "http://x.test/?a=1&b=2"  # type: ignore[union-attr]  # there is one
    shown = etree.fromstring(root.findtext(f"{ATOM}entry/{ATOM}content") or "", etree.HTMLParser())
    assert {node.tag for node in shown.iter()} == {"html", "body", "ul", "li", "strong", "a"}
    assert [sorted(node.attrib) for node in shown.iter() if node.attrib] == [["href", "rel"]]
