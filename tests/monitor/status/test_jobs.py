"""The page of jobs: last, next, failures; what is overdue, by the clock of the jobs."""

import datetime as dt
import re

import pytest
from fastapi import FastAPI

from crawler.store.session import open_store
from crawler.store.tables import Job, JobRun
from monitor.status.views.jobs import jobs_page, seconds
from tests.monitor.status.seed import NOW
from tests.monitor.status.test_routes import ask


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_every_job_with_its_runs(app: FastAPI) -> None:
    text = plain(ask(app, "/jobs").text)
    assert "采集 2025-03-19 03:00 失败 sim-shili-jtj: 服务器错误 42 秒 从未 2025-03-21 03:00 1/1" in text
    assert "通知 2025-03-19 06:00 完成 42 秒 2025-03-19 06:00 未安排 0/1" in text
    assert "没有运行中的调度程序" not in text
    assert "手工运行" in text
    one = plain(ask(app, "/en/jobs?job=crawl").text)
    assert one.count("2025-03-19 03:00") == 2 and "Newest runs: Crawl" in one
    hostile = ask(app, "/jobs?job=%3Cscript%3E")
    assert hostile.status_code == 200 and "<script>" not in hostile.text.replace("<script src", "")


@pytest.mark.parametrize("job", ["x" * 61, "%00"])
def test_no_name(app: FastAPI, job: str) -> None:
    assert ask(app, f"/jobs?job={job}").status_code == 400


@pytest.mark.parametrize(
    ("started", "ended", "next_in", "overdue"),
    [
        (-3, -2, 24, ""),
        (-3, -2, -0.2, ""),
        (-3, -2, -0.3, "late"),
        (-3, None, -0.3, ""),
        (-23, None, None, ""),
        (-25, None, None, "running"),
        (-47, -46, None, ""),
        (-49, -48, None, "idle"),
    ],
)
def test_what_is_overdue(started: float, ended: float | None, next_in: float | None, overdue: str) -> None:
    sessions = open_store("sqlite://", create=True)

    def at(hours: float) -> dt.datetime:
        return NOW + dt.timedelta(hours=hours)

    with sessions.begin() as session:
        ended_at = None if ended is None else at(ended)
        outcome = "running" if ended is None else "failed"
        session.add(JobRun(job="crawl", started_at=at(started), ended_at=ended_at, outcome=outcome))
        session.add(Job(name="crawl", next_run_at=None if next_in is None else at(next_in)))
        session.flush()
        page = jobs_page(session, "", NOW)
    [job] = page.jobs
    assert job.overdue == overdue
    assert page.planned is (next_in is not None)
    assert job.last_well is None and job.count.failed == (ended is not None)
    assert job.run is not None and seconds(job.run) == (None if ended is None else 3600)


def test_nothing_yet() -> None:
    with open_store("sqlite://", create=True)() as session:
        page = jobs_page(session, "", NOW)
    assert (page.jobs, page.planned, page.runs) == ((), False, ())
