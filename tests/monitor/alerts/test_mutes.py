"""Muted and acknowledged: not told while it stands; afterwards what still stands, and never what came and went."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.errors import GongkaiError
from crawler.store.reads.acts import acts
from crawler.store.reads.telling import EventKey
from crawler.store.tables import Act
from monitor.alerts.mutes import Mute, Target, is_muted, mutes, was_muted
from monitor.alerts.notify import notify
from monitor.context import Context
from monitor.desk import acks
from monitor.desk import mutes as desk
from tests.monitor.alerts.town import CIVIL, EVERY_EDITION, FOREST, OFFICE, WATER, Town, subscription
from tests.monitor.checks.history import moment
from tests.monitor.newsroom import body
from tests.monitor.world import Page

MISSING = f"missing:{WATER}:2023"


def act(kind: str, at: str, until: str = "", **about: object) -> Act:
    return Act(kind=kind, at=moment(at), by="张三", note="", until=moment(until) if until else None, **about)


def event(at: str, agency_id: str = WATER, kind: str = "missing", finding: str = MISSING) -> EventKey:
    return EventKey(1, moment(at), kind, agency_id, 2023, finding, "")


@pytest.mark.parametrize(
    ("at", "muted", "was"),
    [
        ("02-01 23:59:59", False, False),
        ("02-02 00:00", True, False),
        ("02-10 23:59:59", True, False),
        ("02-11 00:00", False, True),
    ],
)
def test_a_mute_stands_from_its_moment_to_the_end_of_its_day(at: str, muted: bool, was: bool) -> None:
    known = mutes([act("mute", "02-02 00:00", "02-11 00:00", agency_id=WATER, year=2023)])
    assert is_muted(event("02-02 12:00"), known, moment(at)) is muted
    assert was_muted(event("02-02 12:00"), known, moment(at)) is was


def test_a_new_mute_and_an_unmute_end_the_one_before() -> None:
    first = act("mute", "02-01 00:00", "03-01 00:00", agency_id=WATER)
    second = act("mute", "02-05 00:00", "02-20 00:00", agency_id=WATER)
    ended = act("unmute", "02-10 00:00", agency_id=WATER)
    assert [mute.end for mute in mutes([first, second, ended])] == [moment("02-05 00:00"), moment("02-10 00:00")]
    other = act("unmute", "02-10 00:00", agency_id=WATER, year=2023)  # that year was not what was muted
    assert mutes([first, other])[0].stands(moment("02-15"))


@pytest.mark.parametrize(
    ("target", "about", "covered"),
    [
        (Target(agency_id=WATER), event("02-02"), True),
        (Target(agency_id=CIVIL), event("02-02"), False),
        (Target(agency_id=WATER, year=2022), event("02-02"), False),
        (Target(finding=MISSING), event("02-02"), True),
        (Target(finding=MISSING), event("02-02", kind="resolved", finding=""), True),
        (Target(finding=MISSING), event("02-02", kind="unknown", finding=""), False),
        (Target(finding=MISSING), event("02-02", kind="late", finding=f"late:{WATER}:2023"), False),
        (Target(portal=WATER), event("02-02", "", "portal_blind", f"portal:{WATER}:blind"), True),
        (Target(portal=WATER), event("02-02"), False),
        (Target(portal="shili"), event("02-02", "", "portal_blind", f"portal:{WATER}:blind"), False),
    ],
)
def test_what_a_mute_is_about(target: Target, about: EventKey, covered: bool) -> None:
    known = [Mute(target, moment("02-01"), moment("03-01"), moment("03-01"), "张三", "示例")]
    assert is_muted(about, known, moment("02-03")) is covered


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    made = Town(f"sqlite:///{tmp_path / 'store.db'}", subscription(events=["missing", "late", "resolved"]))
    made.passes("01-30", "02-01")
    yield made


def tell(town: Town, at: str, folder: Path) -> list[tuple[str, str, str]]:
    """One run of notify into a folder; what was told by then."""
    context = town.context(at)
    settings = context.settings.model_copy(update={"data_dir": folder, "mail_url": (folder / "box").as_uri()})
    assert notify(Context(settings, context.configuration, context.sessions, context.now)).all_sent
    return town.told()


def mute(town: Town, at: str, until: str, target: Target) -> None:
    with town.sessions.begin() as session:
        desk.mute(session, target, reason="示例：正在移交", until=moment(until).date(), by="张三", at=moment(at))


def test_what_still_stands_is_told_when_the_mute_ends(town: Town, tmp_path: Path) -> None:
    mute(town, "02-01 21:00", "02-05", Target(agency_id=WATER))
    town.passes("02-02", "02-04")
    assert tell(town, "02-05 23:59:59", tmp_path) == []
    with town.sessions() as session:  # judged and shown as ever
        assert acks.existing(session, MISSING).kind == "missing"
    town.passes("02-05")
    said = body(town.mail("02-06 00:00"))
    assert "逾期6天，仍未见公布" in said  # as of now
    assert tell(town, "02-06 00:00", tmp_path) == [(OFFICE, "missing", WATER)]


def test_what_began_and_ended_under_a_mute_is_never_told(town: Town, tmp_path: Path) -> None:
    mute(town, "02-01 21:00", "02-05", Target(agency_id=WATER))
    town.passes("02-02")
    town.visit(WATER, "02-04", [Page("late", stated="02-04")])
    town.evaluate("02-04")
    assert tell(town, "02-06 09:00", tmp_path) == [(OFFICE, "late", WATER)]  # it came late: that stands
    assert tell(town, "03-06 09:00", tmp_path) == [(OFFICE, "late", WATER)]


def test_who_heard_of_it_before_the_mute_hears_of_its_end(town: Town, tmp_path: Path) -> None:
    town.passes("02-02")
    assert tell(town, "02-02 21:00", tmp_path) == [(OFFICE, "missing", WATER)]
    mute(town, "02-02 21:30", "02-05", Target(agency_id=WATER))
    town.visit(WATER, "02-04", [Page("late", stated="02-04")])
    town.evaluate("02-04")
    assert tell(town, "02-04 21:00", tmp_path) == [(OFFICE, "missing", WATER)]
    told = tell(town, "02-06 09:00", tmp_path)
    assert sorted(kind for _, kind, _ in told) == ["late", "missing", "resolved"]


def test_a_mute_that_is_taken_back_tells_at_once(town: Town, tmp_path: Path) -> None:
    mute(town, "02-01 21:00", "02-20", Target(finding="", agency_id=WATER, year=2023))
    town.passes("02-02")
    assert tell(town, "02-03 09:00", tmp_path) == []
    with town.sessions.begin() as session:
        ended = desk.unmute(session, Target(agency_id=WATER, year=2023), note="", by="李四", at=moment("02-03 10:00"))
    assert ended.by == "张三"
    assert tell(town, "02-03 10:40", tmp_path) == [(OFFICE, "missing", WATER)]


def test_editions_leave_muted_ones_out_and_count_them(town: Town) -> None:
    town.subscribe(EVERY_EDITION)
    town.passes("02-02")
    mute(town, "02-02 21:00", "02-05", Target(agency_id=WATER))
    said = body(town.mail("02-03 09:00"))
    assert "示例市水利局" not in said
    assert "另有1个单位处于静默期" in said
    assert "1个逾期未见公布" in said  # the count is the truth


def test_an_acknowledged_finding_is_left_out_of_reminders_and_its_end_is_told(town: Town, tmp_path: Path) -> None:
    town.passes("02-02")
    assert tell(town, "02-02 21:00", tmp_path) == [(OFFICE, "missing", WATER)]
    with town.sessions.begin() as session:
        acks.acknowledge(session, MISSING, by="张三", note="已电话提醒", at=moment("02-03 10:00"))
    town.subscribe(subscription(editions=["reminder"], events=["resolved"]))
    town.passes("02-06")
    assert town.planned("02-07 09:00") == []
    town.visit(WATER, "02-08", [Page("late", stated="02-08")])
    town.evaluate("02-08")
    assert tell(town, "02-08 21:00", tmp_path)[1:] == [(OFFICE, "resolved", WATER)]


def test_an_acknowledgement_holds_for_the_finding_that_was_open_then(town: Town) -> None:
    town.passes("02-02")
    with town.sessions.begin() as session:
        finding = acks.acknowledge(session, MISSING, by="张三", note="", at=moment("02-03 10:00"))
        finding.opened_at = moment("02-04")  # as if another one with the same key had been opened since
    town.subscribe(subscription(editions=["reminder"], events=[]))
    town.passes("02-06")
    assert "示例市水利局" in body(town.mail("02-07 09:00"))


def test_acts_are_only_added(town: Town) -> None:
    about = Target(agency_id=FOREST)
    with town.sessions.begin() as session:
        desk.mute(session, about, reason="示例", until=moment("02-05").date(), by="张三", at=moment("02-01"))
        desk.unmute(session, about, note="示例", by="李四", at=moment("02-02"))
    with town.sessions() as session:
        assert [(one.kind, one.by, one.agency_id) for one in acts(session, ("mute", "unmute"))] == [
            ("mute", "张三", FOREST),
            ("unmute", "李四", FOREST),
        ]


@pytest.mark.parametrize(
    ("until", "reason", "by", "words"),
    [
        (dt.date(2024, 1, 31), "示例", "张三", "is over"),
        (dt.date(2024, 2, 1) + dt.timedelta(days=401), "示例", "张三", "at most 400 days"),
        (dt.date(2024, 2, 3), "  ", "张三", "why it is muted"),
        (dt.date(2024, 2, 3), "示例", " ", "a name"),
        (dt.date(2024, 2, 3), "长" * 501, "张三", "at most 500 characters"),
    ],
)
def test_a_mute_needs_a_reason_a_name_and_a_near_end(
    town: Town, until: dt.date, reason: str, by: str, words: str
) -> None:
    with town.sessions() as session, pytest.raises(GongkaiError, match=words):
        desk.mute(session, Target(agency_id=WATER), reason=reason, until=until, by=by, at=moment("02-01"))


def test_only_what_is_there_can_be_muted(town: Town) -> None:
    known = town.configuration
    with town.sessions() as session:
        with pytest.raises(GongkaiError, match=r"no agency of agencies\.csv is called nobody"):
            desk.target(session, known, agency="nobody")
        with pytest.raises(GongkaiError, match="no portal 'nowhere'"):
            desk.target(session, known, portal="nowhere")
        with pytest.raises(GongkaiError, match="no open finding"):
            desk.target(session, known, finding=MISSING)
        with pytest.raises(GongkaiError, match="exactly one"):
            desk.target(session, known)
        with pytest.raises(GongkaiError, match="exactly one"):
            desk.target(session, known, agency=WATER, portal=WATER)
        with pytest.raises(GongkaiError, match="belongs to --agency"):
            desk.target(session, known, portal=WATER, year=2023)
        with pytest.raises(GongkaiError, match="is not muted"):
            desk.unmute(session, Target(agency_id=WATER), note="", by="张三", at=moment("02-01"))
