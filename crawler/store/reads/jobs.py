"""Reads the scheduler's record. May touch: the tables job_run, job, for reading."""

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crawler.store.tables import Job, JobRun


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
