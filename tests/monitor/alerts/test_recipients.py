"""New recipients, and what of several subscriptions makes one message; on both databases where rows decide."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import select

from config.alerts import Alerts, EventKind, Severity, Speaks, Subscription, When
from config.load import Configuration
from crawler.store.reads.telling import EventKey
from crawler.store.tables import Delivery, DeliveryEvent, Event
from monitor.alerts.notify import notify
from monitor.alerts.pending import settle
from monitor.alerts.planning import addressees, wants
from monitor.context import Context
from tests.monitor.alerts.town import CIVIL, OFFICE, OPERATOR, WATER, Town, subscription
from tests.monitor.checks.history import moment
from tests.monitor.newsroom import body
from tests.monitor.world import Page, configuration


def tell(town: Town, at: str, folder: Path) -> list[tuple[str, str]]:
    context = town.context(at)
    settings = context.settings.model_copy(update={"data_dir": folder, "mail_url": (folder / "box").as_uri()})
    assert notify(Context(settings, context.configuration, context.sessions, context.now)).all_sent
    return [(kind, agency_id) for _, kind, agency_id in town.told()]


def test_a_new_recipient_hears_of_a_week_and_of_what_is_still_to_do(database_url: str, tmp_path: Path) -> None:
    town = Town(database_url, subscription(events=["missing", "changed", "unknown", "resolved"]))
    first, second, third = (Page("nb", {"a": number}) for number in (1, 2, 3))
    town.passes("01-25", "01-30", "02-01", "02-02", civil_from="02-20")  # both are missing
    town.visit(CIVIL, "02-04", [first])
    town.evaluate("02-04")  # the civil bureau's is there: history for who comes later
    town.visit(CIVIL, "02-20", [second])
    town.visit(WATER, "02-20")
    town.evaluate("02-20")
    told = tell(town, "02-24 09:00", tmp_path)
    assert ("missing", WATER) in told
    assert ("missing", CIVIL) not in told
    assert ("unknown", WATER) not in told
    with town.sessions() as session:
        settled = set(session.scalars(select(DeliveryEvent.event_id)))
        open_ = session.scalars(select(Event.kind).where(Event.kind != "quiet", Event.id.not_in(settled)))
        assert list(open_) == ["portal_blind"]  # it stands, and is for an operator
    town.visit(CIVIL, "02-25", [third])
    town.evaluate("02-25")
    assert tell(town, "02-25 21:00", tmp_path)[: len(told)] == told


def test_two_senders_welcome_once(database_url: str) -> None:
    town = Town(database_url, subscription())
    town.passes("01-30", "02-01", "02-02")
    context = town.context("02-20 09:00")
    start = threading.Barrier(4)

    def run() -> None:
        start.wait(timeout=30)
        settle(context, context.configuration.alerts.subscriptions)

    senders = [threading.Thread(target=run) for _ in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join(timeout=60)
    with town.sessions() as session:
        rows = session.execute(select(Delivery.edition, Delivery.status, Delivery.recipient)).all()
        passed_over = session.scalars(select(DeliveryEvent.event_id)).all()
    assert [tuple(row) for row in rows] == [("welcome", "skipped", OFFICE)]
    assert len(passed_over) == len(set(passed_over)) > 0


def test_an_edition_to_two_senders_goes_out_once(database_url: str, tmp_path: Path) -> None:
    town = Town(database_url, subscription(editions=["day_after"], events=[]))
    town.passes("01-30", "02-01", "02-02")
    start = threading.Barrier(2)

    def run() -> None:
        start.wait(timeout=30)
        tell(town, "02-03 09:00", tmp_path)

    senders = [threading.Thread(target=run) for _ in range(2)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join(timeout=60)
    assert town.editions_sent() == ["day_after:2023:2024-01-31"]
    assert len(list((tmp_path / "box").glob("*.eml"))) == 1


def test_a_daily_subscriber_hears_once_a_day_and_who_wants_it_at_once_hears_at_once(tmp_path: Path) -> None:
    town = Town(
        f"sqlite:///{tmp_path / 'store.db'}",
        subscription("calm", when="daily", hour=8, events=["missing"]),
        Subscription(name="operator", to=OPERATOR, events=(EventKind.MISSING,)),
    )
    tell(town, "02-01 09:00", tmp_path)
    town.passes("01-30", "02-01", "02-02")
    tell(town, "02-02 21:00", tmp_path)
    assert {recipient for recipient, _, _ in town.told()} == {OPERATOR}
    tell(town, "02-03 07:40", tmp_path)
    assert {recipient for recipient, _, _ in town.told()} == {OPERATOR}
    tell(town, "02-03 08:00", tmp_path)
    assert {recipient for recipient, _, _ in town.told()} == {OPERATOR, OFFICE}


def grouped(*subscriptions: Subscription) -> list[list[str]]:
    known = configuration()
    alerts = Alerts(subscriptions=subscriptions)
    groups = addressees(Configuration(known.agencies, known.portals, known.deadlines, alerts))
    return [[one.name for one in group] for group in groups]


def test_one_message_for_one_recipient_language_and_time_the_soonest_first() -> None:
    weekly = subscription("weekly", when="weekly")
    daily = subscription("daily", when="daily")
    english = subscription("english", language=Speaks.EN)
    assert grouped(weekly, daily, subscription("one"), english, subscription("two", hour=9)) == [
        ["one", "two"],  # the hour of what is told at once says nothing
        ["english"],
        ["daily"],
        ["weekly"],
    ]
    assert grouped(daily, subscription("later", when="daily", hour=9)) == [["daily"], ["later"]]
    assert grouped(subscription("one"), Subscription(name="other", to=OPERATOR)) == [["one"], ["other"]]


def test_what_two_ask_for_comes_with_the_sooner_one(tmp_path: Path) -> None:
    town = Town(
        f"sqlite:///{tmp_path / 'store.db'}",
        subscription("weekly", when=When.WEEKLY, events=["missing", "late"]),
        subscription("now", events=["missing"], language="en"),
    )
    town.passes("01-30", "02-01", "02-02")
    assert tell(town, "02-02 21:00", tmp_path) == [("missing", WATER)]
    assert tell(town, "02-12 09:00", tmp_path) == [("missing", WATER)]


@pytest.mark.parametrize(
    ("wishes", "wanted"),
    [
        ({}, True),
        ({"levels": ["prefectural"]}, True),
        ({"levels": ["county", "national"]}, False),
        ({"regions": ["99"]}, True),
        ({"regions": ["98"]}, False),
        ({"kinds": ["township"]}, False),
        ({"agencies": [CIVIL]}, False),
        ({"events": ["revised"]}, False),
        ({"severity": "high"}, False),
        ({"severity": "medium"}, True),
        ({"severity": "low"}, True),
    ],
)
def test_who_wants_a_change_of_medium_weight(tmp_path: Path, wishes: dict[str, object], wanted: bool) -> None:
    known = Town(f"sqlite:///{tmp_path / 'store.db'}").configuration
    one = Subscription.model_validate({"name": "one", "to": OFFICE, **wishes})
    change = EventKey(1, moment("02-02"), "changed", WATER, 2023, f"changed:{WATER}:2023:1-2", Severity.MEDIUM.value)
    assert wants(one, change, known) is wanted


def test_what_has_no_weight_is_heavy_enough_and_missing_is_not_weighed(tmp_path: Path) -> None:
    known = Town(f"sqlite:///{tmp_path / 'store.db'}").configuration
    strict = subscription(severity="high")
    assert wants(strict, EventKey(1, moment("02-02"), "changed", WATER, 2023, f"changed:{WATER}:2023:1-2", ""), known)
    assert wants(strict, EventKey(1, moment("02-02"), "missing", WATER, 2023, f"missing:{WATER}:2023", ""), known)
    end_of_a_small_one = EventKey(1, moment("02-02"), "resolved", WATER, 2023, f"changed:{WATER}:2023:1-2", "low")
    assert not wants(strict, end_of_a_small_one, known)


def test_the_language_is_that_of_the_subscription(tmp_path: Path) -> None:
    town = Town(f"sqlite:///{tmp_path / 'store.db'}", subscription(language="en", events=["missing"]))
    town.passes("01-30", "02-01", "02-02")
    said = body(town.mail("02-02 21:00"))
    assert "Overdue and not found" in said
    assert "逾期" not in said
