"""Who is told what, once: claim, delivery, record, on both databases; the mail box folder is the receiving side."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from config.alerts import EventKind
from config.errors import ConfigError
from crawler.store.tables import Event
from monitor.alerts.delivery import LEASE, PAUSES, Sender, claim, deliver, take_over
from monitor.alerts.digest import WORST_FIRST
from monitor.alerts.errands import Errand
from monitor.alerts.notify import notify
from monitor.channels import email
from monitor.clock import REAL, FixedClock
from tests.monitor.newsroom import CITY, COUNTY, OFFICE, PAPER, Newsroom, body, newsroom, parsed, subscription
from tests.monitor.world import World


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.integration)])
def room(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Newsroom]:
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""
    made = newsroom(tmp_path, url)
    made.happens()
    yield made
    made.sessions.kw["bind"].dispose()


def kinds_told(room: Newsroom, recipient: str) -> list[tuple[str, str]]:
    told = {event_id for event_id, to in room.told() if to == recipient}
    return sorted((event.kind, event.agency_id) for event in room.events() if event.id in told)


ALL = [("arithmetic", "shilixian-swj"), ("changed", "shili-mzj"), ("missing", "shili-slj")]


def test_one_message_a_recipient_and_no_second_one(room: Newsroom) -> None:
    room.subscribe(subscription(OFFICE), subscription(PAPER))
    result = notify(room.context())
    assert [(one.recipient, one.status) for one in result.told] == [(OFFICE, "sent"), (PAPER, "sent")]
    assert kinds_told(room, OFFICE) == kinds_told(room, PAPER) == ALL
    assert {str(message["To"]) for message in room.mailbox()} == {OFFICE, PAPER}
    assert notify(room.context("02-02 22:00")).told == ()
    assert len(room.mailbox()) == 2


def test_the_quiet_is_never_told(room: Newsroom) -> None:
    room.subscribe(subscription(OFFICE))
    with room.sessions() as session:
        quiet = set(session.scalars(select(Event.id).where(Event.kind == "quiet")))
    notify(room.context())
    assert quiet
    assert quiet.isdisjoint(event_id for event_id, _ in room.told())


@pytest.mark.parametrize(
    ("wishes", "told"),
    [
        ({"regions": [CITY]}, ALL[1:]),
        ({"regions": [CITY[:4]]}, ALL),
        ({"regions": [COUNTY, "11"]}, ALL[:1]),
        ({"agencies": ["shili-mzj"]}, ALL[1:2]),
        ({"events": ["missing", "late"]}, ALL[2:]),
        ({"kinds": ["government"]}, []),
        ({"regions": [CITY], "events": ["arithmetic"]}, []),
    ],
)
def test_a_subscription_says_what_of_whom(room: Newsroom, wishes: dict[str, list[str]], told: list[object]) -> None:
    room.subscribe({**subscription(OFFICE), **wishes})
    notify(room.context())
    assert kinds_told(room, OFFICE) == told
    assert len(room.mailbox()) == (1 if told else 0)


def test_subscriptions_of_one_recipient_make_one_message_without_repetitions(room: Newsroom) -> None:
    room.subscribe(
        subscription(OFFICE, "one", events=["missing", "changed"]), subscription(OFFICE, "two", events=["missing"])
    )
    result = notify(room.context())
    assert [one.subscription for one in result.told] == ["one, two"]
    assert kinds_told(room, OFFICE) == ALL[1:]
    assert body(room.mailbox()[0]).count("示例市水利局：2023年度报告") == 1


def test_an_agency_that_is_no_longer_registered_is_not_spoken_of(room: Newsroom) -> None:
    room.subscribe(subscription(OFFICE))
    context = room.context()
    del context.configuration.agencies["shili-slj"]
    notify(context)
    assert kinds_told(room, OFFICE) == ALL[:2]


def test_a_dry_run_shows_the_very_message_and_writes_nothing(room: Newsroom) -> None:
    room.subscribe(subscription(OFFICE))
    planned = notify(room.context(), dry_run=True)
    assert [one.status for one in planned.told] == ["planned"]
    assert (room.deliveries(), room.told(), room.mailbox()) == ([], set(), [])
    sent = notify(room.context())
    assert sent.told[0].message == planned.told[0].message


def broken_mailbox(room: Newsroom) -> str:
    """A mail URL whose folder cannot be made, because a file stands there."""
    obstacle = room.folder / "obstacle"
    obstacle.touch()
    return obstacle.as_uri()


def test_what_did_not_arrive_stays_claimed_and_goes_first_next_time(room: Newsroom) -> None:
    room.subscribe(subscription(OFFICE))
    failed = notify(room.context(mail_url=broken_mailbox(room)))
    [waiting] = room.deliveries()
    assert [one.status for one in failed.unsent] == ["waiting"]
    assert (waiting.status, waiting.attempts, waiting.sent_at) == ("claimed", 1, None)
    assert "cannot be written" in waiting.error
    room.published_late()
    again = notify(room.context("02-03 21:00"), clock=later(minutes=6))
    first, second = room.deliveries()
    assert [one.message_id for one in again.sent] == [first.message_id, second.message_id]
    assert (first.status, first.attempts, first.error) == ("sent", 2, "")
    assert first.sent_at == room.context("02-03 21:00").now
    older, newer = room.mailbox()
    assert older.as_bytes() == parsed(waiting.message).as_bytes()
    assert "逾期2天" in body(older)
    assert "迟" in body(newer)


def later(**span: float) -> FixedClock:
    """The clock of leases and pauses, so much later than the real one."""
    return FixedClock(REAL.now() + dt.timedelta(**span))


def test_an_error_that_may_pass_is_tried_again_with_growing_pauses_and_at_last_given_up(room: Newsroom) -> None:
    room.subscribe(subscription(OFFICE))
    context, begin = room.context(mail_url=broken_mailbox(room)), REAL.now()
    notify(context, clock=FixedClock(begin))
    at = begin
    for attempt, pause in enumerate(PAUSES, start=1):
        [waiting] = room.deliveries()
        assert (waiting.status, waiting.attempts, waiting.next_try_at) == ("claimed", attempt, at + pause)
        early = notify(context, clock=FixedClock(at + pause - dt.timedelta(seconds=1)))
        assert early.told == ()
        at += pause
        notify(context, clock=FixedClock(at))
    [given_up] = room.deliveries()
    assert (given_up.status, given_up.attempts, given_up.next_try_at) == ("failed", len(PAUSES) + 1, None)
    assert sum(PAUSES, dt.timedelta()) >= dt.timedelta(days=5)
    assert notify(context, clock=FixedClock(at + dt.timedelta(days=99))).told == ()
    assert [one.status for one in notify(room.context(), retry_failed=True).told] == ["sent"]


def test_what_rests_is_sent_at_once_when_asked_for_but_not_out_of_anothers_hands(room: Newsroom) -> None:
    room.subscribe(subscription(OFFICE))
    context = room.context()
    notify(room.context(mail_url=broken_mailbox(room)))
    assert notify(context).told == ()
    first = Sender(later(hours=1))
    [waiting] = room.deliveries()
    assert take_over(context, first, waiting.id) is not None
    assert notify(context, retry_failed=True, clock=later(hours=1)).told == ()
    assert [one.status for one in notify(context, retry_failed=True, clock=later(hours=2)).told] == ["sent"]


def test_a_lease_keeps_others_away_until_it_ends(room: Newsroom) -> None:
    room.subscribe(subscription(OFFICE))
    context, now = room.context(), REAL.now()
    first, second = Sender(FixedClock(now)), Sender(FixedClock(now + LEASE - dt.timedelta(seconds=1)))
    claimed = claim(context, first, Errand(context.configuration.alerts.subscriptions))
    assert claimed is not None
    assert claimed.id is not None
    assert notify(context, clock=second.clock).told == ()
    assert take_over(context, second, claimed.id) is None
    third = Sender(FixedClock(now + LEASE))
    taken = take_over(context, third, claimed.id)
    assert taken is not None
    assert (taken.message, taken.message_id) == (claimed.message, claimed.message_id)
    # The first wakes up and fails: the third has the message by now, and says how it stands.
    broken = room.context(mail_url=broken_mailbox(room))
    deliver(broken, first, claimed)
    [delivery] = room.deliveries()
    assert (delivery.status, delivery.sender, delivery.attempts) == ("claimed", third.name, 0)
    deliver(context, third, taken)
    assert [(one.status, one.leased_until) for one in room.deliveries()] == [("sent", None)]
    deliver(broken, first, claimed)
    assert [one.status for one in room.deliveries()] == ["sent"]


def test_news_that_is_no_longer_true_is_history(room: Newsroom) -> None:
    """The sender rests until the missing report is there: nobody is told any more that it is missing."""
    room.subscribe(subscription(OFFICE, events=["missing"]), subscription(PAPER))
    room.published_late()
    notify(room.context("02-03 21:00"))
    office, paper = (next(m for m in room.mailbox() if m["To"] == to) for to in (OFFICE, PAPER))
    assert office["Subject"] == "[公开] 已改变 1（2024-02-03）"
    assert "仍未见公布" not in body(office)
    assert "逾期未见公布；现状：逾期公布" in body(office)
    assert "逾期公布 1 · 改动 1 · 勾稽不符 1 · 已解决 1 · 已改变 1" in paper["Subject"]


def test_a_state_that_lasts_is_told_with_its_newest_evidence(room: Newsroom) -> None:
    room.subscribe(subscription(OFFICE, events=["missing"]))
    world = World(room.sessions, room.context().configuration)
    world.visit("shili-slj", "02-04")
    world.evaluate("02-04")
    notify(room.context("02-04 21:00"))
    [message] = room.mailbox()
    assert "逾期4天" in body(message)
    assert "最近查看：2024年2月4日" in body(message)


def test_the_same_news_has_the_same_message_id_other_news_another(room: Newsroom) -> None:
    room.subscribe(subscription(OFFICE))
    now, later = (notify(room.context(at), dry_run=True).told[0] for at in ("02-02 21:00", "02-03 09:00"))
    assert now.message_id == later.message_id
    assert now.message_id.endswith("@watch.example.org")
    room.published_late()
    assert notify(room.context("02-03 21:00"), dry_run=True).told[0].message_id != now.message_id


def test_an_unknown_channel_is_refused_before_anything_is_sent(room: Newsroom) -> None:
    room.subscribe(subscription(OFFICE), subscription(PAPER) | {"channel": "pigeon"})
    with pytest.raises(ConfigError, match=r"subscriptions/paper/channel: 'pigeon' is none of email"):
        notify(room.context())
    assert room.deliveries() == []


def test_a_sender_that_was_quicker_wins(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two that plan the same message at once: the primary key decides, and nothing is told twice."""
    room.subscribe(subscription(OFFICE))
    composing = compose_after(lambda: notify(room.context(data_dir=room.folder / "other", mail_url=other)))
    other = (room.folder / "other" / "mailbox").as_uri()
    monkeypatch.setattr("monitor.channels.email.compose", composing)
    assert notify(room.context()).told == ()
    assert [delivery.status for delivery in room.deliveries()] == ["sent"]
    assert room.mailbox() == []
    assert len(list((room.folder / "other" / "mailbox").iterdir())) == 1


def compose_after(first: Callable[[], object]) -> Callable[..., bytes]:
    """The real compose, but what `first` does happens just before its first call."""
    real, waiting = email.compose, [first]

    def compose(*args: object, **kwargs: object) -> bytes:
        if waiting:
            waiting.pop()()
        return real(*args, **kwargs)  # type: ignore[arg-type]  # handed through as they came

    return compose


def test_every_kind_that_can_be_asked_for_has_its_place_in_the_order() -> None:
    assert sorted(WORST_FIRST) == sorted(EventKind)
