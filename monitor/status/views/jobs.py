"""The read model of the page of jobs: what ran, what runs next, what failed, what is overdue.

May touch: the store for reading, five SELECTs.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy.orm import Session

from crawler.store.reads import coverage
from crawler.store.reads import jobs as reads
from crawler.store.reads.jobs import JobCount
from crawler.store.tables import JobRun
from monitor.status.views.work import job_lines

RUNS: Final = 50
COUNTED: Final = dt.timedelta(days=30)
GRACE: Final = dt.timedelta(minutes=15)  # a job waits for others of its lane
LONG: Final = dt.timedelta(hours=24)
DAILY: Final = ("crawl", "read", "evaluate", "notify")  # planned at least once a day (monitor.plan)
RARE: Final = dt.timedelta(days=2)
Overdue = Literal["", "late", "running", "idle"]


@dataclass(frozen=True, slots=True)
class ShownJob:
    """One job. `overdue`: a wording key below `jobs.overdue`, or nothing. `count`: of the last 30 days."""

    name: str
    run: JobRun | None
    next_at: dt.datetime | None
    last_well: dt.datetime | None
    count: JobCount
    overdue: Overdue


@dataclass(frozen=True, slots=True)
class JobsPage:
    """`planned`: a scheduler is up, and means to run something. `runs`: the newest, of `job` alone if it is given."""

    jobs: tuple[ShownJob, ...]
    planned: bool
    runs: tuple[JobRun, ...]
    job: str
    now: dt.datetime


def jobs_page(session: Session, job: str, now: dt.datetime) -> JobsPage:
    """`now`: of the clock by which jobs are run, which is the real one also where judging has a pretended present."""
    runs, planned = coverage.jobs(session)
    counts = reads.counts(session, now - COUNTED)
    well = reads.last_well(session)
    shown = tuple(
        ShownJob(
            name=line.name,
            run=line.run,
            next_at=line.next_at,
            last_well=well.get(line.name),
            count=counts.get(line.name, JobCount(0, 0)),
            overdue=_overdue(line.name, line.run, line.next_at, now),
        )
        for line in job_lines(runs, planned)
    )
    return JobsPage(shown, any(planned.values()), tuple(reads.newest_runs(session, RUNS, job)), job, now)


def _overdue(name: str, run: JobRun | None, next_at: dt.datetime | None, now: dt.datetime) -> Overdue:
    """How a run ended decides nothing here: a crawl of which one portal failed has failed, and was made."""
    if run is not None and run.outcome == "running":
        return "running" if run.started_at < now - LONG else ""
    if next_at is not None and next_at < now - GRACE:
        return "late"
    return "idle" if name in DAILY and run is not None and run.started_at < now - RARE else ""


def seconds(run: JobRun) -> int | None:
    """How long a run took; None while it is running."""
    return None if run.ended_at is None else round((run.ended_at - run.started_at).total_seconds())
