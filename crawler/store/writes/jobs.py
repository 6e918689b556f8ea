"""Writes the scheduler's record: each run of a job, and when it is meant to run next.

May touch: the tables job_run, job.
"""

import datetime as dt
from collections.abc import Mapping

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from crawler.store.tables import Job, JobRun

MAX_MESSAGE = 1000  # characters


def start_run(session: Session, job: str, at: dt.datetime) -> int:
    """Opens a run and returns its id."""
    run = JobRun(job=job, started_at=at, outcome="running")
    session.add(run)
    session.flush()
    return run.id


def finish_run(session: Session, run_id: int, at: dt.datetime, *, outcome: str, message: str) -> None:
    """Closes a run as `finished` or `failed`."""
    session.execute(
        update(JobRun).where(JobRun.id == run_id).values(ended_at=at, outcome=outcome, message=message[:MAX_MESSAGE])
    )


def fail_abandoned(session: Session, at: dt.datetime, message: str) -> None:
    """Closes the runs that a dead scheduler left open. The caller holds the scheduler's lock."""
    session.execute(
        update(JobRun).where(JobRun.outcome == "running").values(ended_at=at, outcome="failed", message=message)
    )


def plan_jobs(session: Session, next_runs: Mapping[str, dt.datetime | None]) -> None:
    """The jobs of a scheduler that starts; jobs that are not named are no jobs any more. It holds its lock."""
    session.execute(delete(Job))
    session.add_all([Job(name=name, next_run_at=at) for name, at in next_runs.items()])


def set_next_runs(session: Session, next_runs: Mapping[str, dt.datetime | None]) -> None:
    """When each planned job runs next; None while no scheduler is up."""
    for name, at in sorted(next_runs.items()):  # always in the same order: two writers never wait for each other
        session.execute(update(Job).where(Job.name == name).values(next_run_at=at))
