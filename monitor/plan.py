"""The plan: which job runs when, how late it may start, what follows it. Data; the scheduler runs it.

May touch nothing but the jobs it names.
"""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.cron import CronTrigger

from monitor import jobs
from monitor.context import Context
from monitor.days import SHANGHAI
from monitor.wording import say

HOUR = 3600  # seconds


@dataclass(frozen=True, slots=True)
class Done:
    """How a run ended: whether all of it went well, and what to show of it (Chinese / English)."""

    well: bool
    message: str


Stop = threading.Event
JobFunction = Callable[[Context, Stop], Done]


@dataclass(frozen=True, slots=True)
class PlannedJob:
    """One job. `grace`: seconds by which it may start late; APScheduler's own default of one second skips it.

    `lane`: jobs of one lane run one after another. `follows`: runs whenever that job has ended without an
    exception, besides its own trigger.
    """

    name: str
    trigger: BaseTrigger
    function: JobFunction
    grace: int
    lane: str
    follows: str = ""
    instances: int = 1
    coalesce: bool = True


def plan(crawl_hour: int, hours: Iterable[str] = ()) -> tuple[PlannedJob, ...]:
    """The jobs. `hours`: of the portals that may be visited at night only; a crawl begins with each of these windows.

    The crawl comes every day and visits what is due by the plan of visits (config/visits.yml), mostly little. Judging and
    telling also run without a crawl: a due day passes by itself, a mail server comes back.
    """
    return (
        PlannedJob(
            "crawl",
            OrTrigger([_cron(hour=crawl_hour), *_beginnings(hours)]),
            _crawl,
            grace=6 * HOUR,
            lane="crawl",
        ),
        PlannedJob("read", _cron(hour=0, minute=10), _read, grace=6 * HOUR, lane="store", follows="crawl"),
        PlannedJob("evaluate", _cron(hour=0, minute=20), _evaluate, grace=6 * HOUR, lane="store", follows="read"),
        PlannedJob("notify", _cron(minute="5,40"), _notify, grace=HOUR, lane="store", follows="evaluate"),
        # After the first judging of a day, when yesterday's visits are complete; in a lane of its own, so that nobody is told
        # later because of it.
        PlannedJob("export", _cron(hour=1), _export, grace=12 * HOUR, lane="export", follows="evaluate"),
    )


def _beginnings(hours: Iterable[str]) -> list[CronTrigger]:
    """`22:00-06:00` → at 22:00, each time once."""
    times = sorted({window.partition("-")[0] for window in hours if window})
    return [_cron(hour=int(time[:2]), minute=int(time[3:])) for time in times]


def _cron(**fields: str | int) -> CronTrigger:
    return CronTrigger(timezone=SHANGHAI, **({"minute": 0} | fields))


def _crawl(context: Context, stop: Stop) -> Done:
    result = jobs.crawl(context, due=True, stop=stop)
    return _done(
        not result.failed, "crawl", finished=len(result.finished), failed=len(result.failed), which=list(result.failed)
    )


def _read(context: Context, stop: Stop) -> Done:
    def progress(_position: int, _all: int) -> None:
        if stop.is_set():
            raise InterruptedError("ended, because the program ends; what was read is kept")

    result = jobs.read(context, progress=progress)
    return _done(
        not result.failed,
        "read",
        read=result.read,
        filed=result.filed,
        review=len(result.review),
        failed=len(result.failed),
    )


def _evaluate(context: Context, _stop: Stop) -> Done:
    result = jobs.evaluate(context, counts_only=True)
    return _done(True, "evaluate", judged=result.judged, events=result.recorded)


def _notify(context: Context, _stop: Stop) -> Done:
    result = jobs.notify(context)
    return _done(result.all_sent, "notify", sent=len(result.sent), unsent=len(result.unsent))


def _export(context: Context, stop: Stop) -> Done:
    made = jobs.export(context.settings, context.now, stop=stop).build
    if made is None:
        return _done(True, "export_unchanged")
    return _done(True, "export", build=made["name"], rows=sum(made["rows"].values()), files=len(made["files"]))


def _done(well: bool, key: str, **values: object) -> Done:
    shown = {name: ", ".join(map(str, value)) if isinstance(value, list) else value for name, value in values.items()}
    return Done(well, f"{say(f'job_done.{key}', 'zh', **shown)} / {say(f'job_done.{key}', 'en', **shown)}")
