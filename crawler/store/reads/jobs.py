"""Reads the scheduler's record. May touch: the table job_run, for reading."""

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crawler.store.tables import JobRun


def last_starts(session: Session) -> dict[str, dt.datetime]:
    """When each job was last started, however it ended; a job that never ran is not in it."""
    newest = select(func.max(JobRun.id)).group_by(JobRun.job)
    return dict(session.execute(select(JobRun.job, JobRun.started_at).where(JobRun.id.in_(newest))).all())
