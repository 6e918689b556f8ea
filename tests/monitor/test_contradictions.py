"""Reports that contradict themselves or each other, in a real store: found, told, shown on the page, and mended."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from config.alerts import EventKind
from config.env import Settings
from crawler.reports import EXTRACTOR
from crawler.store.session import open_store
from crawler.store.tables import Event, Finding
from monitor.alerts.digest import News, digest
from monitor.clock import FixedClock
from monitor.model import EvaluateResult
from monitor.status import create_app
from tests.monitor.checks.history import moment
from tests.monitor.status.test_routes import ask
from tests.monitor.world import Page, World, agency, configuration

SW = agency("shili-sw", "示例市水务局")
WL = agency("shili-wl", "示例市文旅局")
RECEIVED = {
    "requests.received.total": 10,
    "requests.received.natural_person": 10,
    "requests.carried_in.total": 0,
    "requests.processed_total.total": 10,
}


@pytest.fixture
def world(database_url: str) -> World:
    return World(open_store(database_url, create=True), configuration(SW, WL))


def seen(world: World, day: str, *pages: Page, of: str = SW.id) -> EvaluateResult:
    """A visit that finds these pages, read by the present extractor, and what is judged then."""
    world.visit(of, day, pages, extractor=EXTRACTOR)
    return world.evaluate(day)


def news(result: EvaluateResult) -> list[tuple[str, str]]:
    return [(found.kind, str(found.details.get("resolved", ""))) for found in result.events if found.kind != "quiet"]


def mail(world: World) -> str:
    """The text of a message about every event of the store that is news."""
    with world.sessions() as session:
        events = session.scalars(select(Event).where(Event.kind != "quiet")).all()
    told = [News(one.id, one.at, EventKind(one.kind), one.agency_id, one.year, one.details) for one in events]
    return digest(told, at=moment("03-01"), public_url="http://127.0.0.1:8000").text


def shown(world: World, path: Path, *pages: str) -> list[str]:
    app = create_app(Settings(data_dir=path), world.configuration, world.sessions, FixedClock(moment("03-01")))
    answers = [ask(app, page) for page in pages]
    assert [answer.status_code for answer in answers] == [200] * len(pages)
    return [answer.text for answer in answers]


def findings(world: World) -> list[tuple[str, bool]]:
    with world.sessions() as session:
        return [(one.kind, one.closed_at is None) for one in session.scalars(select(Finding).order_by(Finding.id))]


def test_text_against_tables(world: World, tmp_path: Path) -> None:
    assert news(seen(world, "01-20", Page("nb", RECEIVED, says={"requests_received": 12}))) == [("narrative", "")]
    text = mail(world)
    for words in (
        "文表不一致",
        "新收申请 12：“政府信息公开requests_received为12件”",
        "10 = 10 [",
        "Requests received 12",
    ):
        assert words in text, words
    for page in shown(world, tmp_path, "/agency/shili-sw", "/en/agency/shili-sw", "/"):
        assert "≠" in page or "文表不一致" in page
    assert news(seen(world, "01-21", Page("nb", RECEIVED, says={"requests_received": 12}))) == []
    mended = Page("nb", RECEIVED, says={"requests_received": 10})
    assert news(seen(world, "01-22", mended)) == [("revised", ""), ("resolved", "mended")]
    assert findings(world) == [("narrative", False), ("revised", True)]


def test_year_against_year(world: World, tmp_path: Path) -> None:
    last = Page("old", {"requests.carried_out.total": 2}, year=2022)
    assert news(seen(world, "01-20", last, Page("nb", RECEIVED))) == [("carry_over", "")]
    text = mail(world)
    for words in (
        "年度间不衔接",
        "“结转下年度继续办理”应等于2023年度“上年结转”",
        "2022年度 2 [",
        "old.html",
        "nb.html",
    ):
        assert words in text, words
    [chinese, english] = shown(world, tmp_path, "/agency/shili-sw", "/en/agency/shili-sw")
    assert "old.html" in chinese and "what the report of 2023 carried in" in english
    # The office corrects the report of the year before: no mistake of ours.
    mended = Page("old", {"requests.carried_out.total": 0}, year=2022)
    assert news(seen(world, "01-21", mended, Page("nb", RECEIVED))) == [("resolved", "mended")]
    assert findings(world) == [("carry_over", False)]


def test_a_copied_report(world: World, tmp_path: Path) -> None:
    assert news(seen(world, "01-19", Page("nb", clauses=30), of=WL.id)) == []
    assert news(seen(world, "01-20", Page("sw", RECEIVED, clauses=33))) == [("copied", "")]
    text = mail(world)
    for words in (
        "与示例市文旅局2023年度报告高度相同",
        "有90%逐字相同",
        "不是结论",
        "no conclusion",
        "shili-wl/nb.html",
    ):
        assert words in text, words
    [chinese, english, matrix] = shown(world, tmp_path, "/agency/shili-sw", "/en/agency/shili-sw", "/coverage")
    assert "与示例市文旅局2023年度报告高度相同" in chinese and 'href="/agency/shili-wl#y2023"' in chinese
    assert "90 % of the text" in english and "flag-copied" in matrix
    assert news(seen(world, "01-21", Page("sw", RECEIVED, clauses=33), of=SW.id)) == []
    own = Page("sw", RECEIVED, clauses=1)
    assert news(seen(world, "01-22", own)) == [("revised", ""), ("resolved", "mended")]


def test_another_region_is_no_sibling(database_url: str) -> None:
    far = WL.model_copy(update={"region_code": "880100"})
    world = World(open_store(database_url, create=True), configuration(SW, far))
    seen(world, "01-19", Page("nb", clauses=30), of=far.id)
    assert news(seen(world, "01-20", Page("sw", RECEIVED, clauses=30))) == []
    beside = [one.model_copy(update={"supervisor": "示例市人民政府办公室"}) for one in (SW, far)]
    world.configuration = configuration(*beside)
    assert news(world.evaluate("01-21")) == [("copied", "")]


def test_what_a_picture_says_is_for_review_only(world: World, tmp_path: Path) -> None:
    unsure = frozenset({"requests.received.total"})
    page = Page("nb", RECEIVED, broken=True, says={"requests_received": 12}, unsure=unsure)
    assert news(seen(world, "01-20", page)) == []
    assert findings(world) == []
    [chinese, english] = shown(world, tmp_path, "/agency/shili-sw/2023", "/en/agency/shili-sw/2023")
    for text, words in (
        (chinese, ("可能是读取有误", "由图片识别，未经核对")),
        (english, ("the reader may be to blame",)),
    ):
        assert all(one in text for one in words)
    changed = Page("nb", RECEIVED | {"requests.received.total": 11}, broken=True, unsure=unsure)
    assert news(seen(world, "01-21", changed)) == []


def test_an_older_reading_says_nothing_of_it(world: World) -> None:
    page = Page("nb", RECEIVED, says={"requests_received": 12}, clauses=30)
    world.visit(
        SW.id, "01-20", [Page("old", {"requests.carried_out.total": 2}, year=2022, clauses=30), page], extractor="0"
    )
    assert news(world.evaluate("01-20")) == []


def test_facts_are_json(world: World) -> None:
    seen(world, "01-20", Page("nb", RECEIVED, says={"requests_received": 12}))
    with world.sessions() as session:
        found: dict[str, Any] = session.scalars(select(Finding)).one().details["finding"]
    assert found["place"] == {"block": 2}
    assert [cell["code"] for cell in found["table"]["cells"]] == ["requests.received.total"]
