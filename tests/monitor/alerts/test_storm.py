"""Many events to many recipients while everything goes wrong: nothing is lost, and what comes twice is the same message.

In every round new events are recorded and two processes tell them at once, each with a mail server and a data folder of its
own, on one database. The servers refuse for now and for good at every command, greylist recipients, take their time, and cut the connection
before and after they took the message; senders are killed (kill -9) at every step that the server sees, and at any moment.
Then a day passes. At the end nothing goes wrong any more, and what was given up is sent again by hand.

By default few events; all of it with

    make storm      (FAULT_EVENTS=1000 pytest -s tests/monitor/alerts/test_storm.py)

The figures are printed (-s shows them).
"""

import os
import random
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from itertools import cycle
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from sqlalchemy import make_url

from crawler.store.tables import Event
from monitor.alerts.notify import notify
from tests.monitor.alerts.senders import KILLED, WAIT, a_day_passes, sender
from tests.monitor.checks.history import moment
from tests.monitor.newsroom import Newsroom, newsroom, subscription
from tests.monitor.test_digest import details
from tests.servers.smtp import DROP, STEPS, MailServer, mail_server

pytestmark = pytest.mark.integration

EVENTS = int(os.environ.get("FAULT_EVENTS", "40"))
A_ROUND = 20  # events recorded before two senders start
RECIPIENTS = 10
REGIONS = ("990101", "990102", "990103", "990104", "990105")
GREYLISTED = {"office0@shili.example.org", "office7@shili.example.org"}  # their server says 450 to the first attempt
SEED = 20240131
LATER, NO, SLOW, KILL, SOON = "450 4.2.0 later", "550 5.7.1 no", "slow", "kill", "soon"
# At each step one after the other, in an order by chance. Once the message is taken, nothing can be refused any more.
TROUBLES = {
    step: (DROP, SLOW, KILL, SOON) if step == "taken" else (LATER, DROP, SLOW, KILL, NO, SOON) for step in STEPS
}
OFTEN = 0.08  # of the steps at which something goes wrong
SOONER = 0.04  # seconds within which a sender is killed wherever it has come to: claim, deliver or record
BEFORE_IDLE = 10.0  # seconds, a bound


@dataclass
class Taken:
    """A message that a server has taken over. `ended`: answered, or why the sender cannot know it."""

    recipient: str
    message_id: str
    content: bytes
    ended: str


@dataclass
class Weather:
    """What goes wrong at one server, and everything that it saw."""

    chance: random.Random
    seen: "Seen"
    process: BaseProcess | None = None
    busy: int = 0
    taken: list[Taken] = field(default_factory=list)
    troubles: dict[str, Iterator[str]] = field(init=False)

    def __post_init__(self) -> None:
        self.troubles = {step: cycle(self.chance.sample(deck, len(deck))) for step, deck in TROUBLES.items()}

    def interfere(self, step: str, recipient: str, message: bytes) -> str:
        self.busy += 1
        try:
            return self._interfere(step, recipient, message)
        finally:
            self.busy -= 1

    def _interfere(self, step: str, recipient: str, message: bytes) -> str:
        what = next(self.troubles[step]) if self.chance.random() < OFTEN else ""
        if step == "RCPT" and recipient in GREYLISTED - self.seen.greylisted:
            self.seen.greylisted.add(recipient)
            what = LATER
        if step == "message":
            self.seen.begins(recipient, message)
        if what:
            self.seen.troubles[f"{what.partition(' ')[0]} at {step}"] += 1
        if what == SLOW:
            time.sleep(0.05)
        elif what == SOON:
            threading.Timer(self.chance.uniform(0, SOONER), self.kill).start()
        elif what == KILL:
            self.kill()
        answer = {KILL: DROP, SLOW: "", SOON: ""}.get(what, what)
        if step == "taken":
            ended = {KILL: "killed", DROP: "cut"}.get(what, "answered")
            self.taken.append(Taken(recipient, message_id(message), message, ended))
        if step == "taken" or (step == "message" and answer):
            self.seen.ends(recipient, message)
        return answer

    def kill(self) -> None:
        if self.process is not None:
            with suppress(ValueError):  # it has ended by itself, and was closed
                self.process.kill()


@dataclass
class Seen:
    """What all servers saw together."""

    senders: int = 0
    killed: int = 0
    troubles: Counter[str] = field(default_factory=Counter)
    greylisted: set[str] = field(default_factory=set)
    in_hand: set[tuple[str, str]] = field(default_factory=set)
    at_once: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def begins(self, recipient: str, message: bytes) -> None:
        key = (recipient, message_id(message))
        with self.lock:
            if key in self.in_hand:
                self.at_once.append(f"two senders hand over {key} at the same time")
            self.in_hand.add(key)

    def ends(self, recipient: str, message: bytes) -> None:
        with self.lock:
            self.in_hand.discard((recipient, message_id(message)))


def message_id(message: bytes) -> str:
    return str(message_from_bytes(message)["Message-ID"])


@pytest.fixture(params=["sqlite", "postgresql"])
def room(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Newsroom]:
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else f"sqlite:///{tmp_path / 'a.db'}"
    made = newsroom(tmp_path, url)
    offices = [f"shili-{region},示例局{region},{region},示例省示例市,department,2023,yes" for region in REGIONS]
    header = "id,name,region_code,region,kind,watched_years,invented"
    (made.settings.config_dir / "agencies.csv").write_text("\n".join([header, *offices]) + "\n", encoding="utf-8")
    for portal in (made.settings.config_dir / "portals").iterdir():
        portal.unlink()
    made.subscribe(*({**subscription(to), "regions": list(regions)} for to, regions in wishes().items()))
    yield made
    made.sessions.kw["bind"].dispose()


def wishes() -> dict[str, tuple[str, str]]:
    """Each recipient hears of two regions, each region is heard of by several."""
    return {
        f"office{number}@shili.example.org": (REGIONS[number % 5], REGIONS[(number + 1 + number // 5) % 5])
        for number in range(RECIPIENTS)
    }


def record(room: Newsroom, numbers: range) -> None:
    with room.sessions.begin() as session:
        for number in numbers:
            agency = f"shili-{REGIONS[number % len(REGIONS)]}"
            told = details(reason="absent", parameters={"absent_at": "2024-02-02T12:00:00+08:00"})
            session.add(Event(at=moment("02-02 12:00"), kind="missing", agency_id=agency, year=2023, details=told))


def test_nothing_is_lost_and_only_the_same_comes_twice(room: Newsroom) -> None:
    chance, seen, began = random.Random(SEED), Seen(), time.monotonic()
    with ExitStack() as stack:
        servers = [stack.enter_context(mail_server()) for _ in range(2)]
        skies = [Weather(random.Random(chance.random()), seen) for _ in servers]
        for first in range(0, EVENTS, A_ROUND):
            record(room, range(first, min(first + A_ROUND, EVENTS)))
            one_round(room, servers, skies, chance, seen)
            a_day_passes(room)
        given_up = sum(delivery.status == "failed" for delivery in room.deliveries())
        waiting = sum(delivery.status == "claimed" for delivery in room.deliveries())
        calm(room, servers[0], skies[0])
    taken = [one for sky in skies for one in sky.taken]
    told = check(room, taken)
    assert seen.at_once == []
    if EVENTS >= 1000:
        every = {f"{what.partition(' ')[0]} at {step}" for step, deck in TROUBLES.items() for what in deck}
        assert seen.troubles.keys() == every
    ends = dict(Counter(one.ended for one in taken))
    print(
        f"\n{make_url(room.settings.database_url).get_backend_name()}: {EVENTS} events, {told} times to {RECIPIENTS} recipients"
        f" in {len(room.deliveries())} messages; taken over {len(taken)} times ({ends}), repeated "
        f"{len(taken) - len(room.deliveries())}; {seen.senders} senders, {seen.killed} killed; troubles: "
        f"{dict(sorted(seen.troubles.items()))}; after the storm {waiting} waited and {given_up} were given up; lost 0; "
        f"{time.monotonic() - began:.1f} s"
    )


def one_round(
    room: Newsroom, servers: list[MailServer], skies: list[Weather], chance: random.Random, seen: Seen
) -> None:
    """Two senders at once, until both have ended by themselves or by a kill."""
    with ExitStack() as stack:
        for number, (server, sky) in enumerate(zip(servers, skies, strict=True)):
            sky.process = stack.enter_context(sender(room, server.port, f"folder{number}"))
            server.interfere = sky.interfere
        processes = [sky.process for sky in skies if sky.process is not None]
        if chance.random() < 0.2:
            processes[0].join(chance.uniform(0.1, 1))  # before it has spoken to its server
            processes[0].kill()
        for process in processes:
            process.join(WAIT)
            assert process.exitcode in (0, KILLED)
        seen.senders += len(processes)
        seen.killed += [process.exitcode for process in processes].count(KILLED)
        wait_until_idle(servers, skies)
        seen.in_hand.clear()  # what a server let go of, because its sender was dead before it had taken it
        for sky in skies:
            # Killed between the server's 250 and its record, as far as anybody can tell.
            if sky.process is not None and sky.process.exitcode == KILLED and sky.taken:
                sky.taken[-1].ended = "killed"
            sky.process = None


def wait_until_idle(servers: list[MailServer], skies: list[Weather]) -> None:
    """A server goes on with what it has received when its sender is dead already."""
    until = time.monotonic() + BEFORE_IDLE
    while any(server.connections for server in servers) or any(sky.busy for sky in skies):
        assert time.monotonic() < until
        time.sleep(0.01)


def calm(room: Newsroom, server: MailServer, sky: Weather) -> None:
    """Nothing goes wrong any more: what waits arrives, and what was given up is sent again by hand."""

    def interfere(step: str, recipient: str, message: bytes) -> str:
        if step == "taken":
            sky.taken.append(Taken(recipient, message_id(message), message, "answered"))
        return ""

    server.interfere = interfere
    context = room.context("02-02 22:00", mail_url=f"smtp://127.0.0.1:{server.port}")
    assert notify(context, retry_failed=True).all_sent
    assert notify(context, retry_failed=True).told == ()


def check(room: Newsroom, taken: list[Taken]) -> int:
    """Every event is in exactly one message to everybody who wants it, and that message arrived. Returns how many times."""
    wanted = {
        (event.id, to)
        for event in room.events()
        for to, regions in wishes().items()
        if event.agency_id.removeprefix("shili-") in regions
    }
    assert len(room.events()) == EVENTS
    assert room.told() == wanted  # the table's key: an event and a recipient stand in it once
    deliveries = {(one.recipient, f"<{one.message_id}>"): one for one in room.deliveries()}
    assert {one.status for one in deliveries.values()} == {"sent"}
    arrived: dict[tuple[str, str], list[Taken]] = defaultdict(list)
    for one in sorted(taken, key=lambda one: one.ended == "answered"):
        arrived[one.recipient, one.message_id].append(one)
    assert arrived.keys() == deliveries.keys()
    for key, times in arrived.items():
        assert {one.content for one in times} == {deliveries[key].message}
        assert [one.ended for one in times[:-1]].count("answered") == 0, key
    return len(wanted)
