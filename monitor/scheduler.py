"""Runs a plan by APScheduler and keeps the record of it. No job's logic is here.

May touch: the tables job_run and job, by monitor.desk what operators ask for on the page, the lock of the one scheduler of a
data folder, the clock, threads.
"""

import contextlib
import datetime as dt
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy.exc import SQLAlchemyError

from crawler.store.reads import jobs as reads
from crawler.store.session import Sessions
from crawler.store.writes import jobs as writes
from monitor.clock import Clock
from monitor.context import Context
from monitor.days import SHANGHAI
from monitor.desk import jobs as desk
from monitor.plan import PlannedJob
from monitor.single import single

log = logging.getLogger(__name__)

ABANDONED = "进程在任务结束前终止 / the process ended before the job did"

LOOK_EVERY = 3.0  # seconds between two looks for what operators ask for


class Scheduler:
    """`open_context` is called for every run, so that an edited configuration counts from the next run on.

    `clock` is the real one: a pretended present changes what is judged, never when it is done.
    """

    def __init__(
        self, planned: Sequence[PlannedJob], *, sessions: Sessions, open_context: Callable[[], Context], clock: Clock
    ) -> None:
        self._planned = tuple(planned)
        self._sessions = sessions
        self._open_context = open_context
        self._clock = clock
        self._stop = threading.Event()
        self._recording = threading.Lock()  # what was asked later is written later
        self._taken: set[int] = set()  # acts whose job is queued
        self._asking = threading.Thread(target=self._look_for_asked, name="asked jobs", daemon=True)
        lanes = {job.lane: ThreadPoolExecutor(1) for job in self._planned}
        self._scheduler = BackgroundScheduler(timezone=SHANGHAI, executors=lanes)

    @contextlib.contextmanager
    def running(self, lock: Path) -> Iterator[None]:
        """From entering to leaving the jobs run. Leaving ends a crawl and waits for the other jobs to end.

        `lock`: of two schedulers on one data folder the second is refused with GongkaiError.
        """
        with single(lock):
            self._start()
            try:
                yield
            finally:
                self._end()

    def _start(self) -> None:
        now = self._clock.now()
        with self._sessions.begin() as session:
            writes.fail_abandoned(session, now, ABANDONED)
            last_starts = reads.last_starts(session)
            first_runs = {job.name: first_run(job, last_starts.get(job.name), now) for job in self._planned}
            writes.plan_jobs(session, first_runs)
        for job in self._planned:
            self._scheduler.add_job(
                self._run,
                job.trigger,
                args=[job],
                id=job.name,
                next_run_time=first_runs[job.name],
                executor=job.lane,
                misfire_grace_time=job.grace,
                coalesce=job.coalesce,
                max_instances=job.instances,
            )
        self._scheduler.start()
        self._asking.start()

    def _end(self) -> None:
        self._stop.set()
        self._asking.join()
        self._scheduler.shutdown(wait=True)
        with self._sessions.begin() as session:
            writes.set_next_runs(session, {job.name: None for job in self._planned})

    def _run(self, job: PlannedJob) -> None:
        """One run, recorded whatever becomes of it; the exception goes on to APScheduler, which logs it."""
        if self._stop.is_set():
            return
        with self._sessions.begin() as session:
            run_id = writes.start_run(session, job.name, self._clock.now())
        self._record_next_runs()
        try:
            done = job.function(self._open_context(), self._stop)
        except BaseException as error:
            self._finish(run_id, "failed", f"{type(error).__name__}: {error}")
            raise
        self._finish(run_id, "finished" if done.well else "failed", done.message)
        log.info("%s: %s", job.name, done.message)
        self._start_followers(job)

    def _finish(self, run_id: int, outcome: str, message: str) -> None:
        with self._sessions.begin() as session:
            writes.finish_run(session, run_id, self._clock.now(), outcome=outcome, message=message)

    def _start_followers(self, ended: PlannedJob) -> None:
        """Each as a job of its own, queued in its lane: asking a job that is running just then would be skipped."""
        if self._stop.is_set():
            return
        for job in self._planned:
            if job.follows == ended.name:
                self._queue(job, f"{job.name} after {ended.name}")

    def _queue(self, job: PlannedJob, name: str) -> None:
        self._scheduler.add_job(
            self._run,
            args=[job],
            id=name,
            replace_existing=True,
            executor=job.lane,
            misfire_grace_time=job.grace,
            coalesce=job.coalesce,
            max_instances=job.instances,
        )

    def _look_for_asked(self) -> None:
        """Until the end: what was asked for on the page is queued once; what a dead scheduler left is still there."""
        while not self._stop.wait(LOOK_EVERY):
            try:
                self._take_asked()
            except SQLAlchemyError as error:
                log.warning("what was asked for cannot be read: %s", type(error).__name__)

    def _take_asked(self) -> None:
        with self._sessions() as session:
            waiting = desk.asked(session, self._clock.now())
        for one in waiting:
            job = next((job for job in self._planned if job.name == one.job), None)
            if job is not None and one.act not in self._taken:
                self._taken.add(one.act)
                log.info("%s: asked for by %s", one.job, one.by)
                self._queue(job, f"{one.job} asked {one.act}")

    def _record_next_runs(self) -> None:
        with self._recording:
            next_runs = {job.id: job.next_run_time for job in self._scheduler.get_jobs()}
            with self._sessions.begin() as session:
                writes.set_next_runs(session, {job.name: next_runs.get(job.name) for job in self._planned})


def first_run(job: PlannedJob, last_start: dt.datetime | None, now: dt.datetime) -> dt.datetime | None:
    """When a job runs first after a start.

    At once if it never ran, or if one of its times fell into the days without a scheduler. A job that follows
    another waits for that one instead: judging before looking would say "unknown" of what is about to be seen.
    """
    if not job.follows:
        missed = now if last_start is None else _after(job, last_start)
        if missed is not None and missed <= now:
            return now
    return _after(job, now)


def _after(job: PlannedJob, moment: dt.datetime) -> dt.datetime | None:
    """The first time of the job's trigger after `moment`."""
    found: dt.datetime | None = job.trigger.get_next_fire_time(None, moment + dt.timedelta(microseconds=1))
    return found
