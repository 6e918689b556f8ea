"""The plan is data: every job says how late it may start, runs once at a time, and comes at the promised times."""

import datetime as dt

import pytest

from monitor.days import SHANGHAI
from monitor.plan import PlannedJob, plan
from monitor.scheduler import first_run

JOBS = {job.name: job for job in plan(3)}


def test_the_jobs_in_the_way_of_the_data() -> None:
    assert list(JOBS) == ["crawl", "read", "evaluate", "notify", "export"]
    assert [job.follows for job in JOBS.values()] == ["", "crawl", "read", "evaluate", "evaluate"]


@pytest.mark.parametrize("job", JOBS.values(), ids=JOBS)
def test_no_job_relies_on_a_default(job: PlannedJob) -> None:
    assert job.grace >= 3600
    assert (job.instances, job.coalesce) == (1, True)


def test_reading_judging_and_telling_never_run_side_by_side() -> None:
    assert {job.lane for job in JOBS.values() if job.name not in ("crawl", "export")} == {"store"}
    assert len({JOBS["crawl"].lane, JOBS["export"].lane, "store"}) == 3, "nobody is told later because of an export"


def times(job: PlannedJob, start: dt.datetime, count: int) -> list[str]:
    found: list[str] = []
    moment: dt.datetime | None = None
    for _ in range(count):
        moment = job.trigger.get_next_fire_time(moment, start if moment is None else moment + dt.timedelta(seconds=1))
        found.append(f"{moment:%m-%d %H:%M%z}")
    return found


def day(month: int, number: int, hour: int = 12) -> dt.datetime:
    return dt.datetime(2024, month, number, hour, tzinfo=SHANGHAI)


def test_the_crawl_comes_every_day() -> None:
    """What it visits then is the plan of visits' matter."""
    assert times(JOBS["crawl"], day(4, 30), 3) == ["05-01 03:00+0800", "05-02 03:00+0800", "05-03 03:00+0800"]
    assert times(JOBS["crawl"], day(12, 30), 3) == ["12-31 03:00+0800", "01-01 03:00+0800", "01-02 03:00+0800"]


def test_and_with_the_beginning_of_every_portal_s_hours() -> None:
    crawl = plan(3, ["", "22:30-06:00", "22:30-05:00", "", "00:00-04:00"])[0]
    assert times(crawl, day(1, 30), 4) == [
        "01-30 22:30+0800",
        "01-31 00:00+0800",
        "01-31 03:00+0800",
        "01-31 22:30+0800",
    ]


def test_the_hour_is_a_setting() -> None:
    assert times(plan(22)[0], day(1, 30), 1) == ["01-30 22:00+0800"]


def test_a_due_day_that_passes_is_judged_without_a_crawl() -> None:
    assert times(JOBS["evaluate"], day(1, 31), 1) == ["02-01 00:20+0800"]
    assert times(JOBS["notify"], day(1, 31), 3) == ["01-31 12:05+0800", "01-31 12:40+0800", "01-31 13:05+0800"]


def test_the_data_are_exported_though_nothing_was_judged_today() -> None:
    assert times(JOBS["export"], day(1, 31), 2) == ["02-01 01:00+0800", "02-02 01:00+0800"]


NOW = day(2, 10)


@pytest.mark.parametrize(
    ("name", "last_start", "expected"),
    [
        ("crawl", None, NOW),  # a new installation looks first
        ("crawl", day(2, 10, 3), day(2, 11, 3)),  # nothing was missed
        ("crawl", day(2, 8, 3), NOW),  # the machine was off yesterday and this morning
        ("crawl", day(2, 10, 4), day(2, 11, 3)),  # it was started by hand, or died: the plan goes on
        ("read", None, day(2, 11, 0) + dt.timedelta(minutes=10)),  # it comes after the crawl
        ("evaluate", day(2, 1), day(2, 11, 0) + dt.timedelta(minutes=20)),
        ("notify", day(2, 1), NOW + dt.timedelta(minutes=5)),
    ],
)
def test_when_a_job_runs_first_after_a_start(name: str, last_start: dt.datetime | None, expected: dt.datetime) -> None:
    assert first_run(JOBS[name], last_start, NOW) == expected
