"""What looks mean in a real store: our own network down, a weekly plan, moves, backdating, a lost domain."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from config.alerts import Alerts, EventKind, Subscription
from config.env import Settings
from config.schema import YearSpan
from crawler.model import LookOutcome
from crawler.store.reads import coverage
from crawler.store.session import open_store
from crawler.store.tables import Capture, Event, Finding
from monitor.alerts.digest import News, digest
from monitor.alerts.notify import notify
from monitor.board import build
from monitor.context import Context
from monitor.model import Assessment, EvaluateResult
from monitor.status.views.news import news
from monitor.status.views.sight import seeing
from tests.monitor.checks.history import moment
from tests.monitor.world import Page, World, agency, configuration

SW = agency("shili-sw", "示例市水务局")
WL = agency("shili-wl", "示例市文旅局")
HIJACKED = LookOutcome.HIJACKED
KEY = "portal:shili-sw:lost"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(open_store(f"sqlite:///{tmp_path / 'store.db'}", create=True), configuration(SW, WL))


def of(result: EvaluateResult, agency_id: str = SW.id) -> Assessment:
    return next(found for found in result.assessments if found.agency_id == agency_id)


def kinds(result: EvaluateResult, agency_id: str = SW.id) -> list[str]:
    return [event.kind for event in result.events if event.agency_id == agency_id and event.kind != "quiet"]


def test_a_day_on_which_our_own_network_is_down_says_nothing(world: World) -> None:
    for day in ("02-01", "02-02"):
        world.visit(SW.id, day)
    world.visit(SW.id, "02-03", outcome=LookOutcome.TRANSPORT_ERROR, run_outcome="offline")
    assert of(world.evaluate("02-03")).state.value == "missing"
    world.visit(WL.id, "02-03", run_outcome="offline")
    world.visit(WL.id, "02-04", run_outcome="offline")
    found = of(world.evaluate("02-04"), WL.id)
    assert (found.state.value, found.reason) == ("unknown", "never_looked")
    with world.sessions() as session:
        seen = {looks.newest.portal: looks for looks in coverage.column_looks(session)}
        assert seen[SW.id].newest.at == moment("02-02")
        assert WL.id not in seen
        board = build(session, world.configuration, moment("02-04"))
        assert seeing(session, board, moment("02-04")).offline_at == moment("02-04")


def test_a_weekly_plan_keeps_missing_alive_and_a_blind_portal_ends_it(world: World) -> None:
    for day in ("02-01", "02-02", "05-20", "05-27"):
        world.visit(SW.id, day)
    states = {day: of(world.evaluate(day, record=False)) for day in ("06-02", "06-05", "06-06")}
    assert [(found.state.value, found.reason) for found in states.values()] == [
        ("missing", "absent"),
        ("missing", "absent"),
        ("unknown", "stale"),
    ]
    daily = of(world.evaluate("02-06", record=False))
    assert (daily.state.value, daily.reason) == ("unknown", "stale")


def test_backdating_comes_with_the_captures_of_both_looks(world: World) -> None:
    for day in ("02-05", "02-08"):
        world.visit(SW.id, day)
    world.visit(SW.id, "02-10", [Page("nb", stated="01-30")])
    result = world.evaluate("02-10")
    assert kinds(result) == ["late", "backdated"]
    published = of(result).interval
    assert published is not None
    assert published.not_before is not None
    with world.sessions() as session:
        finding = session.scalars(select(Finding).where(Finding.kind == "backdated")).one()
        found = finding.details["finding"]
        listing = session.get_one(Capture, found["without"]["captures"][0])
        detail = session.get_one(Capture, found["with"]["capture"])
        assert (listing.kind, listing.fetched_at) == ("listing", moment("02-08"))
        assert (detail.kind, detail.fetched_at) == ("detail", moment("02-10"))
        assert published.not_before.captures == (listing.id,)
        assert published.not_after.captures == (detail.id,)
        assert finding.details["published"]["not_before"] == {
            "at": "2024-02-08T20:00:00+08:00",
            "looks": list(published.not_before.looks),
            "captures": [listing.id],
        }
    assert kinds(world.evaluate("02-11")) == []


def test_many_old_reports_on_one_day_accuse_nobody(tmp_path: Path) -> None:
    office = SW.model_copy(update={"watched_years": (YearSpan(first=2018, last=2023),)})
    world = World(open_store(f"sqlite:///{tmp_path / 'store.db'}", create=True), configuration(office))
    for day in ("02-01", "02-02", "03-04"):
        world.visit(SW.id, day)
    world.evaluate("02-02")
    pages = [Page(f"nb{year}", stated="01-20", year=year) for year in range(2018, 2024)]
    world.visit(SW.id, "03-05", pages)
    result = world.evaluate("03-05")
    assert {(found.year, found.state.value, found.reason) for found in result.assessments} == {
        (year, "date_unsure", "reimported") for year in range(2018, 2024)
    }
    assert {event.kind for event in result.events} == {"resolved"}
    world.visit(SW.id, "03-06", pages)
    assert world.evaluate("03-06").events == ()


def test_the_first_look_at_a_column_is_no_import(tmp_path: Path) -> None:
    office = SW.model_copy(update={"watched_years": (YearSpan(first=2018, last=2023),)})
    world = World(open_store(f"sqlite:///{tmp_path / 'store.db'}", create=True), configuration(office))
    world.visit(
        SW.id, "03-05", [Page(f"nb{year}", stated=f"{year + 1}-01-20", year=year) for year in range(2018, 2024)]
    )
    assert {(found.state.value, found.reason) for found in world.evaluate("03-05").assessments} == {
        ("on_time", "dates_by_due")
    }


def visit_and_leave(world: World, others: Sequence[Page]) -> Assessment:
    report = Page("nb", stated="01-20")
    world.visit(SW.id, "01-20", [report, *others, Page("x", year=2020), Page("y", year=2019), Page("z", year=2018)])
    stay = [Page("x", year=2020), Page("y", year=2019), Page("z", year=2018)]
    for day in ("02-10", "02-11"):
        world.visit(SW.id, day, stay, not_found=["nb", *(page.name for page in others)])
    return of(world.evaluate("02-11"))


def test_one_that_leaves_alone_is_withdrawn(world: World) -> None:
    assert visit_and_leave(world, []).state.value == "withdrawn"


def test_one_that_leaves_with_half_of_the_list_is_not(world: World) -> None:
    found = visit_and_leave(world, [Page("v", year=2017), Page("w", year=2016)])
    assert (found.state.value, [note.key for note in found.notes]) == ("on_time", ["page_failing", "left_with_others"])


def test_a_lost_domain_is_told_to_the_operator_and_to_nobody_else(world: World, tmp_path: Path) -> None:
    everything = Subscription(name="operator", to="operator@example.org")
    local = Subscription(name="local", to="local@example.org", regions=("99",))
    world.configuration = replace(world.configuration, alerts=Alerts(subscriptions=(everything, local)))
    world.visit(SW.id, "02-01", outcome=HIJACKED, reason="标题中有博彩字样")
    result = world.evaluate("02-01")
    found = of(result)
    assert (found.state.value, found.reason) == ("unknown", "blind_hijacked")
    assert kinds(result, "") == ["portal_lost"]
    assert "portal_lost" not in kinds(result)
    settings = Settings(data_dir=tmp_path, mail_url=f"mailbox://{tmp_path}/mail", mail_from="gongkai@example.org")
    told = notify(Context(settings, world.configuration, world.sessions, moment("02-01")), dry_run=True).told
    said = {one.recipient: one for one in told}
    assert "域名 1" in said["operator@example.org"].subject
    assert "local@example.org" not in said or "域名" not in said["local@example.org"].subject

    world.visit(SW.id, "02-02", outcome=HIJACKED)
    assert kinds(world.evaluate("02-02"), "") == []
    with world.sessions() as session:
        seen = seeing(session, build(session, world.configuration, moment("02-02")), moment("02-02"))
        assert [(lost.name, lost.since) for lost in seen.lost] == [("示例市水务局网站", moment("02-01"))]
        blind = next(column for column in seen.blind if column.portal == SW.id)
        assert (blind.sight, blind.since) == ("moved", moment("02-01"))
        shown = news(coverage.newest_events(session, 5), world.configuration)
        assert [(item.portal, item.agency) for item in shown if item.kind == "portal_lost"] == [
            ("示例市水务局网站", None)
        ]

    world.visit(SW.id, "02-03")
    ended = world.evaluate("02-03")
    assert kinds(ended, "") == ["resolved"]
    with world.sessions() as session:
        finding = session.scalars(select(Finding).where(Finding.key == KEY)).one()
        assert finding.closed_at == moment("02-03")
        events = session.scalars(select(Event).where(Event.agency_id == "").order_by(Event.id)).all()
        told_of = digest(
            [_as_news(event) for event in events], at=moment("02-03"), public_url="http://127.0.0.1:8000"
        ).text
    assert "网站：示例市水务局网站" in told_of
    assert "与任何单位是否公布报告无关" in told_of


def _as_news(event: Event) -> News:
    return News(event.id, event.at, EventKind(event.kind), event.agency_id, event.year, event.details)
