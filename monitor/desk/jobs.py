"""Starting a job at once: an operator asks, the scheduler takes it up within seconds, wherever it runs.

May touch: the tables act, job, job_run. What is asked for is an act, and done when a run of the job began after it: nothing has
to be marked, and a scheduler that was started anew takes up what its predecessor did not. Moments are of the real clock.
"""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from config.errors import GongkaiError
from crawler.store.reads import acts as acts_reads
from crawler.store.reads import jobs as reads
from crawler.store.writes import acts as writes

LAPSES = dt.timedelta(minutes=10)  # what nobody took up by then is asked for again, or not
OVERDUE = dt.timedelta(hours=1)  # a scheduler whose next moment is so long over is at work no more


@dataclass(frozen=True, slots=True)
class Asked:
    """A job that was asked for and has not begun. `act`: the id of the act."""

    act: int
    job: str
    at: dt.datetime
    by: str


def ask(session: Session, job: str, *, by: str, at: dt.datetime) -> None:
    """Records that `job` is to run at once. Raises GongkaiError where it is no job, is at work, or nobody would take it up."""
    planned = reads.planned(session)
    nexts = [moment for moment in planned.values() if moment is not None]
    if not nexts or max(nexts) < at - OVERDUE:
        raise GongkaiError("没有调度器在运行，请先启动 gongkai run no scheduler is at work: start `gongkai run`")
    if job not in planned:
        raise GongkaiError(f"没有这个任务 there is no such job; there are: {', '.join(planned)}")
    if any(run.job == job and run.outcome == "running" for run in reads.runs_since(session, at)):
        raise GongkaiError(f"任务 {job} 正在运行 the job {job} is at work just now")
    if any(one.job == job for one in asked(session, at)):
        raise GongkaiError(f"任务 {job} 已有人请求，即将开始 the job {job} was asked for already and is about to begin")
    writes.add(session, "job", at=at, by=by, details={"job": job})


def asked(session: Session, at: dt.datetime) -> list[Asked]:
    """What was asked for, has not begun, and has not lapsed, oldest first."""
    since = at - LAPSES
    wanted = [
        Asked(act.id, str(act.details.get("job", "")), act.at, act.by)
        for act in acts_reads.acts(session, ("job",), since=since)
    ]
    if not wanted:
        return []
    runs = reads.runs_since(session, since)
    return [one for one in wanted if not any(run.job == one.job and run.started_at >= one.at for run in runs)]
