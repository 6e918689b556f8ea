"""kill -9 of a real `gongkai notify` at three points, and two of them at once: nothing is lost, nothing is doubled.

The points are reached from outside: by a server that does not greet, one that does not answer the message, and a
lock in the database between the server's answer and the record.
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

from monitor.alerts.notify import notify
from tests.monitor.newsroom import OFFICE, PAPER, Newsroom, newsroom, subscription
from tests.servers.smtp import Gate, MailServer, mail_server

pytestmark = pytest.mark.integration

ROOT = Path(__file__).resolve().parents[2]
WAIT = 60.0  # seconds, a bound only
AT = "2024-02-02T21:00+08:00"
KILLED = -9


@pytest.fixture(params=["sqlite", "postgresql"])
def room(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Newsroom]:
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""
    made = newsroom(tmp_path, url)
    made.happens()
    made.subscribe(subscription(OFFICE), subscription(PAPER))
    yield made
    made.sessions.kw["bind"].dispose()


@contextmanager
def sender(room: Newsroom, port: int) -> Iterator[subprocess.Popen[str]]:
    """`gongkai notify` as a process of its own; whatever is left of it is killed."""
    process = subprocess.Popen(
        [sys.executable, "-m", "monitor", "notify", "--at", AT],
        env=room.environment(MAIL_URL=f"smtp://127.0.0.1:{port}"),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def kill(process: subprocess.Popen[str]) -> None:
    process.kill()
    assert process.wait(WAIT) == KILLED


def statuses(room: Newsroom) -> list[tuple[str, str]]:
    return [(delivery.recipient, delivery.status) for delivery in room.deliveries()]


def run_again(room: Newsroom, server: MailServer) -> None:
    """The next run tells everybody everything; the one after that has nothing to do."""
    context = room.context("02-02 22:00", mail_url=f"smtp://127.0.0.1:{server.port}")
    assert notify(context).all_sent
    assert statuses(room) == [(OFFICE, "sent"), (PAPER, "sent")]
    events = {event.id for event in room.events()}
    assert room.told() == {(event, to) for event in events for to in (OFFICE, PAPER)}
    before = len(server.taken)
    assert notify(context).told == ()
    assert len(server.taken) == before


def test_killed_after_the_claim(room: Newsroom) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, sender(room, silent.getsockname()[1]) as process:
        silent.settimeout(WAIT)
        connection, _ = silent.accept()  # it has claimed, and waits for the greeting
        with connection:
            kill(process)
    assert statuses(room) == [(OFFICE, "claimed")]
    with mail_server() as server:
        run_again(room, server)
        assert [recipient for recipient, _ in server.taken] == [OFFICE, PAPER]


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
        assert [recipient for recipient, _ in server.taken] == [OFFICE, PAPER]


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
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(1)  # it has its 250 and cannot write
        kill(process)
    assert statuses(room) == [(OFFICE, "claimed")]
    [(_, first)] = server.taken
    with mail_server() as server:
        run_again(room, server)
        assert [recipient for recipient, _ in server.taken] == [OFFICE, PAPER]
        assert server.taken[0][1] == first


@contextmanager
def locked_at_the_answer(room: Newsroom, server: MailServer) -> Iterator[threading.Event]:
    """From the server's first 250 until the end of the block nobody else can write deliveries."""
    answered = threading.Event()
    with room.sessions() as session:

        def lock() -> None:
            if not answered.is_set():
                is_sqlite = session.get_bind().dialect.name == "sqlite"
                session.execute(text("BEGIN IMMEDIATE" if is_sqlite else "LOCK TABLE delivery IN EXCLUSIVE MODE"))
                answered.set()

        server.before_answer = lock
        yield answered
        session.rollback()


def test_two_senders_at_once(room: Newsroom) -> None:
    gate = Gate()
    with mail_server() as server:
        server.before_answer = gate
        with sender(room, server.port) as first:
            assert gate.reached.wait(WAIT)
            with sender(room, server.port) as second:
                _, said = second.communicate(timeout=WAIT)
                assert second.returncode == 2
                assert said.startswith("gongkai: another `gongkai notify` is at work on this data folder")
                assert len(said.splitlines()) == 1
            gate.opened.set()
            assert first.wait(WAIT) == 0
        assert [recipient for recipient, _ in server.taken] == [OFFICE, PAPER]
        assert statuses(room) == [(OFFICE, "sent"), (PAPER, "sent")]


def test_one_recipients_failure_does_not_stop_the_others(room: Newsroom) -> None:
    refused, later = "refused@shili.example.org", "greylisted@shili.example.org"
    room.subscribe(subscription(refused), subscription(later), subscription(PAPER))
    with mail_server() as server:
        context = room.context(mail_url=f"smtp://127.0.0.1:{server.port}")
        result = notify(context)
        assert not result.all_sent
        assert statuses(room) == [(refused, "failed"), (later, "claimed"), (PAPER, "sent")]
        assert [delivery.error.partition(": ")[2][:3] for delivery in room.deliveries()] == ["550", "451", ""]
        again = notify(context)
        assert [one.recipient for one in again.told] == [later]
        assert [delivery.attempts for delivery in room.deliveries()] == [1, 2, 1]
        mended = notify(context, retry_failed=True)
        assert [one.recipient for one in mended.told] == [refused, later]
        assert [recipient for recipient, _ in server.taken] == [PAPER]
