"""kill -9 at every step of claim, deliver and record, and two senders at once: nothing is lost, nothing is doubled.

The steps are reached from outside: by a lock in the database before the claim, by a server that does not greet or does not
answer the message, and by a lock between the server's answer and the record. What all of it together does to many events
is in test_storm.py.
"""

import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from monitor.alerts.delivery import LEASE
from monitor.alerts.notify import notify
from monitor.clock import REAL, FixedClock
from tests.monitor.alerts.senders import WAIT, a_day_passes, kill, sender
from tests.monitor.newsroom import OFFICE, PAPER, Newsroom, newsroom, subscription
from tests.servers.smtp import Gate, MailServer, mail_server

pytestmark = pytest.mark.integration

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(params=["sqlite", "postgresql"])
def room(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Newsroom]:
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else f"sqlite:///{tmp_path / 'a.db'}"
    made = newsroom(tmp_path, url)
    made.happens()
    made.subscribe(subscription(OFFICE), subscription(PAPER))
    yield made
    made.sessions.kw["bind"].dispose()


def statuses(room: Newsroom) -> list[tuple[str, str]]:
    return [(delivery.recipient, delivery.status) for delivery in room.deliveries()]


def run_again(room: Newsroom, server: MailServer) -> None:
    """Within the lease nobody touches what is claimed; then everybody is told everything; then nothing is left to do."""
    context = room.context("02-02 22:00", mail_url=f"smtp://127.0.0.1:{server.port}")
    held = [(to, status) for to, status in statuses(room) if status == "claimed"]
    assert OFFICE not in {one.recipient for one in notify(context).told if held}
    assert [row for row in statuses(room) if row[1] == "claimed"] == held
    assert notify(context, clock=FixedClock(REAL.now() + LEASE)).all_sent
    assert sorted(statuses(room)) == [(OFFICE, "sent"), (PAPER, "sent")]
    events = {event.id for event in room.events()}
    assert room.told() == {(event, to) for event in events for to in (OFFICE, PAPER)}
    before = len(server.taken)
    a_day_passes(room)
    assert notify(context).told == ()
    assert len(server.taken) == before


def lock(session: Session) -> None:
    """From now until the end of the transaction nobody else can write deliveries."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    session.execute(text("BEGIN IMMEDIATE" if is_sqlite else "LOCK TABLE delivery IN EXCLUSIVE MODE"))


def test_killed_before_the_claim_is_written(room: Newsroom) -> None:
    with room.sessions() as session:
        lock(session)
        with sender(room, 1) as process:
            process.join(2)  # it has planned, and cannot write
            assert process.exitcode is None
            kill(process)
        session.rollback()
    assert (statuses(room), room.told()) == ([], set())
    with mail_server() as server:
        run_again(room, server)
        assert [recipient for recipient, _ in server.taken] == [OFFICE, PAPER]


def test_killed_after_the_claim(room: Newsroom) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, sender(room, silent.getsockname()[1]) as process:
        silent.settimeout(WAIT)
        connection, _ = silent.accept()  # it has claimed, and waits for the greeting
        with connection:
            kill(process)
    assert statuses(room) == [(OFFICE, "claimed")]
    with mail_server() as server:
        run_again(room, server)
        assert sorted(recipient for recipient, _ in server.taken) == [OFFICE, PAPER]


def test_killed_while_it_delivers(room: Newsroom) -> None:
    gate = Gate()
    with mail_server() as server:
        server.before_answer = never_answers(gate)
        with sender(room, server.port) as process:
            assert gate.reached.wait(WAIT)  # the whole message is there, and not answered
            kill(process)
        gate.opened.set()
        assert statuses(room) == [(OFFICE, "claimed")]
    with mail_server() as server:
        run_again(room, server)
        assert sorted(recipient for recipient, _ in server.taken) == [OFFICE, PAPER]


def never_answers(gate: Gate) -> Callable[[], None]:
    """A server that dies with the message in its hands: it has not taken it over."""

    def before_answer() -> None:
        gate()
        raise ConnectionAbortedError

    return before_answer


def test_killed_between_the_servers_yes_and_the_record(room: Newsroom) -> None:
    """The one case in which a message may come twice: it is the same message, and says so by its Message-ID."""
    with (
        mail_server() as server,
        locked_at_the_answer(room, server) as answered,
        sender(room, server.port) as process,
    ):
        assert answered.wait(WAIT)
        process.join(1)  # it has its 250 and cannot write
        assert process.exitcode is None
        kill(process)
    assert statuses(room) == [(OFFICE, "claimed")]
    [(_, first)] = server.taken
    with mail_server() as server:
        run_again(room, server)
        assert sorted(recipient for recipient, _ in server.taken) == [OFFICE, PAPER]
        assert dict(server.taken)[OFFICE] == first


@contextmanager
def locked_at_the_answer(room: Newsroom, server: MailServer) -> Iterator[threading.Event]:
    """From the server's first 250 until the end of the block nobody else can write deliveries."""
    answered = threading.Event()
    with room.sessions() as session:

        def lock_once() -> None:
            if not answered.is_set():
                lock(session)
                answered.set()

        server.before_answer = lock_once
        yield answered
        session.rollback()


@pytest.mark.parametrize("folders", [("", ""), ("a", "b")], ids=["one folder", "two folders"])
def test_two_senders_at_once_share_the_work(room: Newsroom, folders: tuple[str, str]) -> None:
    """The first is held with a message in its hands: the second leaves it that one, and does the rest."""
    gate = Gate()
    with mail_server() as held, mail_server() as free:
        held.before_answer = gate
        with sender(room, held.port, folders[0]) as first:
            assert gate.reached.wait(WAIT)
            with sender(room, free.port, folders[1]) as second:
                second.join(WAIT)
                assert second.exitcode == 0
            assert [recipient for recipient, _ in free.taken] == [PAPER]
            gate.opened.set()
            first.join(WAIT)
            assert first.exitcode == 0
        assert [recipient for recipient, _ in held.taken] == [OFFICE]
        assert statuses(room) == [(OFFICE, "sent"), (PAPER, "sent")]


def test_a_killed_command_is_no_other_case(room: Newsroom) -> None:
    """`gongkai notify` itself, from its command line."""
    gate = Gate()
    with mail_server() as server:
        server.before_answer = never_answers(gate)
        process = subprocess.Popen(
            [sys.executable, "-m", "monitor", "notify", "--at", "2024-02-02T21:00+08:00"],
            env=room.environment(MAIL_URL=f"smtp://127.0.0.1:{server.port}"),
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            assert gate.reached.wait(WAIT)
        finally:
            process.kill()
            process.wait(WAIT)
        gate.opened.set()
    with mail_server() as server:
        run_again(room, server)


def test_one_recipients_failure_does_not_stop_the_others(room: Newsroom) -> None:
    refused, later = "refused@shili.example.org", "greylisted@shili.example.org"
    room.subscribe(subscription(refused), subscription(later), subscription(PAPER))
    with mail_server() as server:
        context = room.context(mail_url=f"smtp://127.0.0.1:{server.port}")
        result = notify(context)
        assert not result.all_sent
        assert statuses(room) == [(refused, "failed"), (later, "claimed"), (PAPER, "sent")]
        assert [delivery.error.partition(": ")[2][:3] for delivery in room.deliveries()] == ["550", "451", ""]
        a_day_passes(room)
        again = notify(context)
        assert [one.recipient for one in again.told] == [later]
        assert [delivery.attempts for delivery in room.deliveries()] == [1, 2, 1]
        mended = notify(context, retry_failed=True)
        assert [one.recipient for one in mended.told] == [refused, later]
        assert [recipient for recipient, _ in server.taken] == [PAPER]
