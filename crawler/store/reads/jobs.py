"""Reads the record of jobs. May touch: the tables job_run and job, for reading."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from crawler.store.tables import Job, JobRun


@dataclass(frozen=True, slots=True)
class JobCount:
    """How often a job was run since a moment, and how many of these runs failed."""

    runs: int
    failed: int


def last_starts(session: Session) -> dict[str, dt.datetime]:
    """When each job was last started, however it ended; a job that never ran is not in it."""
    newest = select(func.max(JobRun.id)).group_by(JobRun.job)
    return dict(session.execute(select(JobRun.job, JobRun.started_at).where(JobRun.id.in_(newest))).all())


def planned(session: Session) -> dict[str, dt.datetime | None]:
    """The jobs of the scheduler, and when each is meant to run next; None while no scheduler is up."""
    return {job.name: job.next_run_at for job in session.scalars(select(Job).order_by(Job.name))}


def runs_since(session: Session, at: dt.datetime) -> list[JobRun]:
    """The runs that were started at a moment or later, and those that are still under way, oldest first."""
    rows = select(JobRun).where((JobRun.started_at >= at) | (JobRun.outcome == "running"))
    return list(session.scalars(rows.order_by(JobRun.id)))


def counts(session: Session, since: dt.datetime) -> dict[str, JobCount]:
    """By job; one that was not started since is not in it."""
    failed = func.sum(case((JobRun.outcome == "failed", 1), else_=0))
    rows = select(JobRun.job, func.count(), failed).where(JobRun.started_at >= since).group_by(JobRun.job)
    return {job: JobCount(runs, int(failures or 0)) for job, runs, failures in session.execute(rows)}


def last_well(session: Session) -> dict[str, dt.datetime]:
    """When each job last ended well; one that never did is not in it."""
    rows = select(JobRun.job, func.max(JobRun.ended_at)).where(JobRun.outcome == "finished").group_by(JobRun.job)
    return {job: at for job, at in session.execute(rows) if at is not None}


def newest_runs(session: Session, limit: int, job: str = "") -> list[JobRun]:
    """The newest runs of one job or of all, newest first."""
    rows = select(JobRun)
    if job:
        rows = rows.where(JobRun.job == job)
    return list(session.scalars(rows.order_by(JobRun.id.desc()).limit(limit)))
