"""Evaluating a real store over days: states, findings, events; twice the same; what-if; never backwards."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import event, select
from sqlalchemy.engine import Engine

from config.alerts import EventKind
from config.errors import GongkaiError
from config.schema import AgencyKind
from crawler.model import LookOutcome
from crawler.store.session import open_store
from crawler.store.tables import AgencyState, Event, Finding
from monitor.model import EvaluateResult
from tests.monitor.checks.history import moment
from tests.monitor.world import Page, World, agency, configuration

DOWN = LookOutcome.SERVER_ERROR
SW = agency("shili-sw", "示例市水务局")
WL = agency("shili-wl", "示例市文旅局")
COUNTY = agency("shili-xian", "示例县人民政府", AgencyKind.GOVERNMENT)


@pytest.fixture
def world(database_url: str) -> World:
    return World(open_store(database_url, create=True), configuration(SW, WL, COUNTY))


def states(result: EvaluateResult) -> dict[str, tuple[str, str]]:
    return {found.agency_id: (found.state.value, found.reason) for found in result.assessments}


def news(result: EvaluateResult, agency_id: str = SW.id) -> list[str]:
    return [found.kind for found in result.events if found.agency_id == agency_id]


def test_late_after_missing(world: World) -> None:
    days = {
        "01-10": ("not_due", ["quiet"]),
        "01-17": ("due_soon", ["due_soon"]),
        "01-31": ("due_soon", []),
        "02-01": ("unknown", ["quiet"]),
        "02-02": ("missing", ["missing"]),
        "02-03": ("missing", []),
    }
    for day, (state, kinds) in days.items():
        world.visit(SW.id, day)
        result = world.evaluate(day)
        assert states(result)[SW.id][0] == state, day
        assert news(result) == kinds, day
    world.visit(SW.id, "02-05", [Page("nb", stated="02-05")])
    result = world.evaluate("02-05")
    assert states(result)[SW.id] == ("late", "absence_proven")
    assert news(result) == ["resolved", "late"]
    with world.sessions() as session:
        found = session.scalars(select(Finding).order_by(Finding.id)).all()
        assert [(one.kind, one.closed_at) for one in found] == [("missing", moment("02-05")), ("late", None)]
        late = session.scalars(select(Event).where(Event.kind == "late")).one()
        assert late.finding_id == found[1].id
        told = late.details
    assert (told["from"], told["to"], told["due"]) == ("missing", "late", "2024-01-31")
    assert "第四十九条" in told["citation"]["zh"]
    assert told["stated"] == [{"source": "meta", "value": "2024-02-05", "raw": "02-05"}]
    assert told["columns"][0]["looked_at"] == "2024-02-05T20:00:00+08:00"
    assert told["columns"][0]["url"].endswith("/shili-sw/")
    assert (told["last_absent_at"], told["first_seen_at"]) == (
        "2024-02-03T20:00:00+08:00",
        "2024-02-05T20:00:00+08:00",
    )
    assert told["report_url"].endswith("/shili-sw/nb.html")


def test_a_blind_week_is_never_missing(world: World) -> None:
    world.visit(SW.id, "01-27")
    seen = []
    for day in ("01-28", "01-29", "01-30", "01-31", "02-01", "02-02", "02-03"):
        world.visit(SW.id, day, outcome=DOWN)
        result = world.evaluate(day)
        seen.append((*states(result)[SW.id], news(result)))
    assert seen == [
        ("due_soon", "before_due", ["quiet"]),
        *[("due_soon", "before_due", [])] * 3,
        ("unknown", "blind_server_error", ["unknown"]),
        *[("unknown", "blind_server_error", [])] * 2,
    ]
    world.visit(SW.id, "02-04", [Page("nb", stated="01-30")])
    result = world.evaluate("02-04")
    assert states(result)[SW.id] == ("on_time", "dates_by_due")
    assert news(result) == ["resolved"]
    with world.sessions() as session:
        assert list(session.scalars(select(Finding.kind))) == ["portal_blind"]  # of the portal, not of an office


def test_changed_numbers_are_told_once(world: World) -> None:
    first = Page("nb", {"requests.received.total": 12, "requests.granted.total": 5, "x.kept": 1}, "01-20")
    second = Page("nb", {"requests.received.total": 13, "requests.granted.total": 6, "x.kept": 1}, "01-20")
    for day in ("01-20", "01-21", "02-19"):
        world.visit(SW.id, day, [first])
        world.evaluate(day)
    for day, kinds in (("02-20", ["changed"]), ("02-21", [])):
        world.visit(SW.id, day, [second])
        result = world.evaluate(day)
        assert news(result) == kinds
        assert states(result)[SW.id][0] == "on_time"
    with world.sessions() as session:
        finding = session.scalars(select(Finding)).one()
    found = finding.details["finding"]
    assert [cell["code"] for cell in found["cells"]] == ["requests.received.total", "requests.granted.total"]
    assert found["before"]["at"].startswith("2024-02-19")
    assert found["after"]["at"].startswith("2024-02-20")


def test_who_is_missing_is_not_said_to_be_while_nobody_can_see(world: World) -> None:
    """And who heard of it hears once more only when it has come."""
    page = Page("nb", stated="02-05")
    story: list[tuple[str, LookOutcome, list[Page], tuple[str, str], list[str]]] = [
        ("02-01", LookOutcome.HEALTHY, [], ("unknown", "awaiting_second_look"), ["quiet"]),
        ("02-02", LookOutcome.HEALTHY, [], ("missing", "absent"), ["missing"]),
        ("02-03", LookOutcome.TRANSPORT_ERROR, [], ("unknown", "unverified"), ["quiet"]),
        ("02-04", LookOutcome.HEALTHY, [], ("missing", "absent"), ["quiet"]),
        ("02-05", LookOutcome.TRANSPORT_ERROR, [], ("unknown", "unverified"), ["quiet"]),
        ("02-06", LookOutcome.HEALTHY, [page], ("late", "absence_proven"), ["resolved", "late"]),
    ]
    for day, outcome, pages, state, kinds in story:
        world.visit(SW.id, day, pages, outcome=outcome)
        result = world.evaluate(day)
        assert (states(result)[SW.id], sorted(news(result, SW.id))) == (state, sorted(kinds)), day


def test_a_page_that_disappears_and_comes_back(world: World) -> None:
    page = Page("nb", stated="01-20")
    world.visit(SW.id, "01-20", [page])
    world.evaluate("01-20")
    story = [
        ("03-05", [], ("unknown", "awaiting_second_look"), ["quiet"]),
        ("03-06", [], ("withdrawn", "page_gone"), ["withdrawn"]),
        ("03-07", [], ("withdrawn", "page_gone"), []),
        ("03-08", [page], ("on_time", "seen_by_due"), ["resolved"]),
    ]
    for day, pages, state, kinds in story:
        world.visit(SW.id, day, pages, not_found=[] if pages else ["nb"])
        result = world.evaluate(day)
        assert (states(result)[SW.id], news(result)) == (state, kinds), day
    with world.sessions() as session:
        finding = session.scalars(select(Finding)).one()
    assert (finding.kind, finding.opened_at, finding.closed_at) == ("withdrawn", moment("03-06"), moment("03-08"))


def test_a_broken_sum_opens_and_is_mended(world: World) -> None:
    world.visit(COUNTY.id, "03-28", [Page("nb", {"a": 14}, "03-28", broken=True)])
    result = world.evaluate("03-28")
    assert states(result)[COUNTY.id] == ("on_time", "seen_by_due")
    assert news(result, COUNTY.id) == ["quiet", "arithmetic"]
    world.visit(COUNTY.id, "03-29", [Page("nb", {"a": 14}, "03-28", broken=False)])
    result = world.evaluate("03-29")
    assert news(result, COUNTY.id) == ["resolved"]
    assert result.events[-1].details["resolved"] == "mended"


def test_a_sum_that_our_own_reader_had_wrong_is_taken_back(world: World) -> None:
    page = Page("nb", {"a": 14}, "03-28", broken=True)
    world.visit(COUNTY.id, "03-28", [page])
    world.evaluate("03-28")
    world.read(COUNTY.id, [_same_content(page, Page("nb", {"a": 14}, "03-28", broken=False))], extractor="2")
    result = world.evaluate("03-29")
    assert news(result, COUNTY.id) == ["resolved"]
    assert result.events[-1].details["resolved"] == "retracted"
    with world.sessions() as session:
        assert session.scalars(select(Finding)).one().closed_at == moment("03-29")


def test_a_late_that_no_longer_stands_is_taken_back(world: World) -> None:
    for day in ("02-01", "02-02"):
        world.visit(SW.id, day)
    page = Page("nb", stated="02-05")
    world.visit(SW.id, "02-05", [page])
    assert news(world.evaluate("02-05")) == ["late"]
    world.read(SW.id, [_same_content(page, Page("nb", stated="02-05", year=2022))], extractor="2")
    result = world.evaluate("02-05 21:00")
    assert states(result)[SW.id] == ("missing", "absent")
    assert news(result) == ["missing", "resolved"]
    assert result.events[-1].details["resolved"] == "retracted"
    assert result.events[-1].details["finding"]["kind"] == "late"


def test_a_missing_that_turns_out_to_have_been_on_time_is_taken_back(world: World) -> None:
    page = Page("nb", stated="01-20", year=2022)
    for day in ("01-20", "02-01", "02-02"):
        world.visit(SW.id, day, [page])
    assert news(world.evaluate("02-02")) == ["missing"]
    world.read(SW.id, [_same_content(page, Page("nb", stated="01-20"))], extractor="2")
    result = world.evaluate("02-03")
    assert states(result)[SW.id] == ("on_time", "seen_by_due")
    assert [(found.kind, found.details["resolved"]) for found in result.events if found.agency_id == SW.id] == [
        ("resolved", "retracted")
    ]


def _same_content(page: Page, read_as: Page) -> Page:
    """The bytes of `page`, read differently."""

    class Reread(Page):
        @property
        def sha256(self) -> str:
            return page.sha256

    return Reread(read_as.name, read_as.numbers, read_as.stated, read_as.broken, read_as.year)


def test_an_unreadable_report_keeps_from_accusing(world: World) -> None:
    for day in ("02-01", "02-02"):
        world.visit(SW.id, day, [Page("nb", error="扫描件，无法读取")])
        result = world.evaluate(day)
    assert states(result)[SW.id] == ("unknown", "unread_candidate")
    assert world.count("finding") == 0


def test_twice_writes_nothing(world: World) -> None:
    _a_history(world)
    first = world.evaluate("03-30")
    assert first.events
    before = world.contents()
    second = world.evaluate("03-30")
    assert world.contents() == before
    assert second.events == ()
    assert second.assessments == first.assessments


def test_a_later_evaluation_without_new_facts_moves_only_what_time_moves(database_url: str) -> None:
    world = World(open_store(database_url, create=True), configuration(SW))
    world.visit(SW.id, "02-01")
    world.visit(SW.id, "02-02")
    world.evaluate("02-02")
    before = world.contents()
    assert news(world.evaluate("02-05 23:59")) == []
    assert world.contents() == before
    assert news(world.evaluate("02-06 00:00")) == ["unknown"]


def test_what_if_writes_nothing_and_may_look_back(world: World) -> None:
    _a_history(world)
    world.evaluate("03-30")
    before = world.contents()
    assert states(world.evaluate("02-02", record=False))[SW.id] == ("missing", "absent")
    assert states(world.evaluate("02-05", record=False))[SW.id] == ("late", "absence_proven")
    assert world.contents() == before


def test_history_is_not_written_backwards(world: World) -> None:
    world.visit(SW.id, "02-01")
    world.evaluate("02-01")
    before = world.contents()
    with pytest.raises(GongkaiError, match="not recorded"):
        world.evaluate("01-31")
    assert world.contents() == before


def test_the_first_evaluation_tells_what_is_wrong_and_only_that(world: World) -> None:
    _a_history(world)
    result = world.evaluate("03-30")
    kinds = {found.agency_id: news(result, found.agency_id) for found in result.assessments}
    assert kinds == {SW.id: ["late"], WL.id: ["quiet"], COUNTY.id: ["quiet", "arithmetic"]}


def test_an_agency_that_is_no_longer_watched_stays_as_it_was(world: World) -> None:
    _a_history(world)
    world.evaluate("03-30")
    fewer = World(world.sessions, configuration(WL, COUNTY))
    assert {found.agency_id for found in fewer.evaluate("03-31").assessments} == {WL.id, COUNTY.id}
    with world.sessions() as session:
        kept = session.get(AgencyState, (SW.id, 2023))
        assert kept is not None
        assert kept.state == "late"


def test_events_are_known_kinds_and_carry_what_a_mail_needs(world: World) -> None:
    _a_history(world)
    result = world.evaluate("03-30")
    for found in result.events:
        assert found.kind in {*EventKind, "quiet"}
        of_office = {"agency", "from", "to", "due", "rule", "citation", "reason", "parameters", "columns"}
        of_portal = {"portal", "finding"}
        assert (of_office if found.agency_id else of_portal) <= set(found.details)


@pytest.mark.parametrize("count", [2, 12])
def test_the_number_of_queries_does_not_grow_with_the_agencies(tmp_path: Path, count: int) -> None:
    agencies = [agency(f"shili-{place}", f"示例市第{place}局") for place in range(count)]
    world = World(open_store(f"sqlite:///{tmp_path / 'store.db'}", create=True), configuration(*agencies))
    for one in agencies:
        world.visit(one.id, "01-20", [Page("nb", {"a": 1}, "01-20")])
        world.visit(one.id, "01-21", [Page("nb", {"a": 2}, "01-20")])
    assert _selects(lambda: world.evaluate("01-21")) == 20


def _selects(work: Callable[[], object]) -> int:
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            found.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return len(found)


def _a_history(world: World) -> None:
    """One department late, one unknown behind a portal that fails, a county on time with a broken sum."""
    for day in ("02-01", "02-02"):
        world.visit(SW.id, day)
        world.visit(WL.id, day, outcome=DOWN)
    world.visit(SW.id, "02-05", [Page("nb", {"a": 1}, "02-05")])
    world.visit(COUNTY.id, "03-28", [Page("nb", {"a": 14}, "03-28", broken=True)])
