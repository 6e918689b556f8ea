"""The scheduler for real, with quick jobs: what runs, what is recorded, how it ends."""

import datetime as dt
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import select

from config.errors import GongkaiError
from crawler.store.session import Sessions
from crawler.store.tables import Job, JobRun
from crawler.store.writes import acts
from crawler.store.writes import jobs as writes
from monitor.clock import SystemClock
from monitor.context import Context
from monitor.days import SHANGHAI
from monitor.desk import jobs as desk
from monitor.plan import Done, JobFunction, PlannedJob, Stop
from monitor.scheduler import ABANDONED, LOOK_EVERY, Scheduler
from tests.monitor.newsroom import Newsroom, newsroom

WAIT = 30.0  # seconds, a bound only
NEVER = dt.datetime(2099, 1, 1, tzinfo=SHANGHAI)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.integration)])
def room(request: pytest.FixtureRequest, tmp_path: Path) -> Newsroom:
    return newsroom(tmp_path, request.getfixturevalue("postgres_url") if request.param == "postgresql" else "")


def scheduler(room: Newsroom, *planned: PlannedJob, open_context: Callable[[], Context] | None = None) -> Scheduler:
    return Scheduler(planned, sessions=room.sessions, open_context=open_context or room.context, clock=SystemClock())


def lock(room: Newsroom) -> Path:
    return room.settings.lock_dir / "run.lock"


def job(name: str, function: JobFunction, *, every: float = 0, follows: str = "", lane: str = "store") -> PlannedJob:
    trigger = IntervalTrigger(seconds=every) if every else DateTrigger(NEVER)
    return PlannedJob(name, trigger, function, grace=60, lane=lane, follows=follows)


def runs(sessions: Sessions) -> list[tuple[str, str, str]]:
    with sessions() as session:
        rows = session.scalars(select(JobRun).order_by(JobRun.id))
        return [(row.job, row.outcome, row.message) for row in rows]


def next_runs(sessions: Sessions) -> dict[str, dt.datetime | None]:
    with sessions() as session:
        return {row.name: row.next_run_at for row in session.scalars(select(Job))}


def done(message: str = "", well: bool = True) -> JobFunction:
    return lambda _context, _stop: Done(well, message)


def last(happened: threading.Event) -> JobFunction:
    def function(_context: Context, _stop: Stop) -> Done:
        happened.set()
        return Done(True, "")

    return function


def test_a_job_that_ends_starts_the_ones_that_follow(room: Newsroom) -> None:
    ended = threading.Event()
    planned = (
        job("crawl", done("two portals", well=False), lane="crawl"),  # a portal that failed holds nobody up
        job("read", done("three reports"), follows="crawl"),
        job("evaluate", last(ended), follows="read"),
    )
    with scheduler(room, *planned).running(lock(room)):
        assert ended.wait(WAIT)
        assert next_runs(room.sessions) == {"crawl": None, "read": NEVER, "evaluate": NEVER}
    assert runs(room.sessions) == [
        ("crawl", "failed", "two portals"),
        ("read", "finished", "three reports"),
        ("evaluate", "finished", ""),
    ]
    assert set(next_runs(room.sessions).values()) == {None}


def test_after_an_exception_nothing_follows_and_the_next_time_comes_all_the_same(room: Newsroom) -> None:
    happened = threading.Event()
    calls: list[int] = []

    def fails_once(_context: Context, _stop: Stop) -> Done:
        calls.append(1)
        if len(calls) == 1:
            raise GongkaiError("the disk is full")
        return Done(True, "again")

    planned = (job("crawl", fails_once, every=0.3), job("read", last(happened), follows="crawl"))
    with scheduler(room, *planned).running(lock(room)):
        assert happened.wait(WAIT)
    found = runs(room.sessions)
    assert found[0] == ("crawl", "failed", "GongkaiError: the disk is full")
    assert found[1] == ("crawl", "finished", "again")
    assert found.index(("read", "finished", "")) > 1


def test_a_configuration_that_cannot_be_used_fails_the_run_and_not_the_scheduler(room: Newsroom) -> None:
    opened = threading.Event()

    def open_context() -> Context:
        opened.set()
        return room.context()

    (room.settings.config_dir / "deadlines.yml").write_text("rules: [", encoding="utf-8")
    with scheduler(room, job("crawl", done()), open_context=open_context).running(lock(room)):
        assert opened.wait(WAIT)
    [(name, outcome, message)] = runs(room.sessions)
    assert (name, outcome) == ("crawl", "failed")
    assert "deadlines.yml, line" in message


def test_one_instance_of_a_job_at_a_time(room: Newsroom) -> None:
    at_once: list[int] = []
    running = threading.Semaphore(0)
    enough = threading.Event()

    def slow(_context: Context, _stop: Stop) -> Done:
        running.release()
        at_once.append(running._value)
        time.sleep(0.3)
        running.acquire()
        if len(at_once) == 3:
            enough.set()
        return Done(True, "")

    with scheduler(room, job("crawl", slow, every=0.05)).running(lock(room)):
        assert enough.wait(WAIT)
    assert set(at_once) == {1}


def test_leaving_tells_the_running_job_and_waits_for_it(room: Newsroom) -> None:
    started = threading.Event()

    def until_stopped(_context: Context, stop: Stop) -> Done:
        started.set()
        assert stop.wait(WAIT)
        return Done(False, "ended early")

    followed = threading.Event()
    with scheduler(room, job("crawl", until_stopped), job("read", last(followed), follows="crawl")).running(lock(room)):
        assert started.wait(WAIT)
    assert runs(room.sessions) == [("crawl", "failed", "ended early")]
    assert not followed.is_set()


def test_what_a_dead_scheduler_left_open_is_failed(room: Newsroom) -> None:
    at = dt.datetime(2024, 2, 1, 3, tzinfo=SHANGHAI)
    with room.sessions.begin() as session:
        writes.start_run(session, "read", at)
    with scheduler(room, job("read", done(), follows="crawl")).running(lock(room)):
        assert runs(room.sessions) == [("read", "failed", ABANDONED)]


def test_jobs_that_are_no_longer_planned_are_forgotten(room: Newsroom) -> None:
    with room.sessions.begin() as session:
        writes.plan_jobs(session, {"former": NEVER})
    with scheduler(room, job("read", done(), follows="crawl")).running(lock(room)):
        assert next_runs(room.sessions) == {"read": NEVER}


def test_a_second_scheduler_on_the_same_data_is_refused(room: Newsroom) -> None:
    planned = job("read", done(), follows="crawl")
    with (
        scheduler(room, planned).running(lock(room)),
        pytest.raises(GongkaiError, match="another `gongkai run` is at work"),
        scheduler(room, planned).running(lock(room)),
    ):
        pass


def test_what_is_asked_for_runs_once_also_by_the_next_scheduler(room: Newsroom) -> None:
    ran = threading.Semaphore(0)

    def function(_context: Context, _stop: Stop) -> Done:
        ran.release()
        return Done(True, "")

    planned = (job("read", function), job("notify", done(), every=86400))
    with scheduler(room, *planned).running(lock(room)):
        assert ran.acquire(timeout=WAIT)  # it never ran before
        _until(lambda: ("read", "finished", "") in runs(room.sessions))
        with room.sessions.begin() as session:
            desk.ask(session, "read", by="运维员", at=SystemClock().now())
        assert ran.acquire(timeout=WAIT)
        _until(lambda: runs(room.sessions).count(("read", "finished", "")) == 2)
        with room.sessions.begin() as session:
            assert desk.asked(session, SystemClock().now()) == []
            desk.ask(session, "read", by="运维员", at=SystemClock().now())
            session.rollback()
        assert not ran.acquire(timeout=2 * LOOK_EVERY)  # once, and what was taken back is not done
    with room.sessions.begin() as session, pytest.raises(GongkaiError, match="no scheduler is at work"):
        desk.ask(session, "read", by="运维员", at=SystemClock().now())
    with room.sessions.begin() as session:  # asked for, and then the scheduler died
        acts.add(session, "job", at=SystemClock().now(), by="运维员", details={"job": "read"})
    with scheduler(room, *planned).running(lock(room)):
        assert ran.acquire(timeout=WAIT)
    assert runs(room.sessions).count(("read", "finished", "")) == 3


def _until(true: Callable[[], bool]) -> None:
    until = time.monotonic() + WAIT
    while not true():
        assert time.monotonic() < until
        time.sleep(0.02)
