"""One function a job: crawl, read, evaluate, notify, export. Each can be run twice without harm.

May touch: the store, the archive, child processes (a Twisted reactor does not start twice in one process; reading
is done in a pool of its own), and by notify the mail server. The time comes with the context.
"""

import datetime as dt
import json
import logging
import os
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from config.env import Settings
from config.errors import GongkaiError
from config.schema import Portal
from crawler.archive import Archive
from crawler.errors import CrawlError
from crawler.read_captures import Progress, ReadSummary, read_pending
from crawler.store.reads import planning
from crawler.store.writes.seals import seal_all
from crawler.workers import Readers
from monitor import child
from monitor.alerts import notify as telling
from monitor.alerts.message import NotifyResult
from monitor.clock import REAL, Clock
from monitor.context import Context
from monitor.days import day_of
from monitor.exports.folder import builds, exports_dir
from monitor.exports.run import Exported
from monitor.exports.run import export as export_in_child
from monitor.judging import evaluate as evaluation
from monitor.model import EvaluateResult
from monitor.visits import VisitPlan, plan_visits

log = logging.getLogger(__name__)

START_SECONDS = 60  # for starting the child and ending its last visit
EVER = 36_500  # days
NOT_FOR_THE_CRAWL = frozenset({"mail_url", "secret", "channels_file"})  # what is secret in them, or leads to it


@dataclass(slots=True)
class CrawlResult:
    """`finished`: portal → the line that its run wrote (see `python -m scrapy visit`); `failed`: portal → why.

    `resting`: portal → why it was not visited now, though nothing went wrong: its hosts want to be left alone, or its
    hours are over.
    """

    finished: dict[str, dict[str, Any]] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    resting: dict[str, str] = field(default_factory=dict)


def crawl(
    context: Context,
    slugs: Sequence[str] = (),
    *,
    due: bool = False,
    also_off: bool = False,
    stop: threading.Event | None = None,
    progress: Progress | None = None,
) -> CrawlResult:
    """Visits the portals named by `slugs`, or all that are enabled, in a child process.

    With `due` only their columns that are due by the plan of visits; with `also_off` also named ones that are switched
    off. A portal that fails does not stop the others. Setting `stop` ends the child; what it had not finished is
    failed. `progress` gets the portals that are done, and all. Raises GongkaiError for an unknown slug and when the
    child could not do anything. What was captured is sealed at the end (crawler.seals).
    """
    portals = chosen(context, slugs)
    result = CrawlResult()
    plan, started = "", time.monotonic()
    if due:
        columns = plan_of(context, slugs).columns
        portals = tuple(portal for portal in portals if portal.slug in columns)
        plan = json.dumps(columns)
    if not portals:
        return result
    command = [sys.executable, "-m", "scrapy", "visit", "--at", context.now.isoformat()]
    if context.settings.simulated_now is not None:
        command.append("--simulated")
    if also_off:
        command.append("--also-off")
    # The names go by stdin where there may be thousands of them.
    command += ["--columns", "-"] if due else [part for portal in portals for part in ("--portal", portal.slug)]

    def on_line(line: str) -> None:
        _take(line, result)
        if progress is not None:
            progress(len(result.finished) + len(result.failed) + len(result.resting), len(portals))

    ending = child.run(
        command,
        environment=environment(context.settings),
        seconds=START_SECONDS + sum(portal.max_seconds for portal in portals),
        on_line=on_line,
        stop=stop or threading.Event(),
        text=plan,
    )
    # Also what a visit that failed has captured. Sealed is when it ended, not when it began.
    seal_all(context.sessions, context.now + dt.timedelta(seconds=time.monotonic() - started))
    why = ending.why or _last_words(ending)
    for portal in portals:
        if portal.slug not in result.finished and portal.slug not in result.resting:
            result.failed.setdefault(portal.slug, why)
    if ending.code != 0 and not result.failed:
        raise CrawlError(f"the crawl ended with code {ending.code}: {why}")
    return result


def chosen(context: Context, slugs: Sequence[str]) -> tuple[Portal, ...]:
    """The portals that `crawl` visits. Raises GongkaiError for an unknown slug."""
    portals = context.configuration.portals
    unknown = [slug for slug in slugs if slug not in portals]
    if unknown:
        raise GongkaiError(f"no portal {', '.join(unknown)} in {context.settings.config_dir / 'portals'}")
    if slugs:
        return tuple(portals[slug] for slug in dict.fromkeys(slugs))
    return tuple(portal for portal in portals.values() if portal.enabled)


def plan_of(context: Context, slugs: Sequence[str] = ()) -> VisitPlan:
    """What is due at the context's moment, of the portals named by `slugs` or of all that are enabled."""
    now = context.now
    wanted = {portal.slug: portal for portal in chosen(context, slugs)}
    rules = context.configuration.visits
    # An entry that is looked at no oftener than its column anyway makes nothing due.
    often = [step.until_days or EVER for step in rules.entries if step.every_days < rules.columns.every_days]
    longest = max(often, default=0)
    with context.sessions() as session:
        looks = planning.last_looks(session)
        newest = planning.newest_changes(session, now - dt.timedelta(days=longest + 1))
        resting = planning.resting(session, now)
    return plan_visits(replace(context.configuration, portals=wanted), looks, newest, resting, now)


def read(context: Context, *, again: bool = False, progress: Progress | None = None) -> ReadSummary:
    """Reads what the archive holds and the present reader has not read; with `again` everything."""
    archive = Archive(context.settings.archive_dir)
    with Readers.for_settings(context.settings) as readers:
        return read_pending(
            context.sessions,
            archive,
            context.configuration,
            now=context.now,
            again=again,
            progress=progress,
            readers=readers,
        )


def evaluate(context: Context, *, record: bool = True, counts_only: bool = False) -> EvaluateResult:
    """Judges every agency and year at the context's moment; with `record` what is new is written."""
    return evaluation.evaluate(context, record=record, counts_only=counts_only)


def notify(context: Context, *, dry_run: bool = False, retry_failed: bool = False, clock: Clock = REAL) -> NotifyResult:
    """Tells every recipient what is new; with `dry_run` nothing is written or sent. `clock`: of leases and pauses."""
    return telling.notify(context, dry_run=dry_run, retry_failed=retry_failed, clock=clock)


def export(
    settings: Settings, now: dt.datetime, *, stop: threading.Event | None = None, progress: Progress | None = None
) -> Exported:
    """Builds the downloads in a child process, once a day, if anything changed. Setting `stop` ends it; the former stay."""
    made = builds(exports_dir(settings))
    if made and made[0].startswith(f"{day_of(now)}."):
        return Exported()
    return export_in_child(settings, now, environment(settings), stop=stop, progress=progress)


def environment(settings: Settings) -> dict[str, str]:
    """The environment of a child: ours, with every GONGKAI_* as `settings` has it, however it came to have it."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("GONGKAI_")}
    given = {}
    for name in Settings.model_fields.keys() - NOT_FOR_THE_CRAWL:
        value = getattr(settings, name)
        if isinstance(value, Path):
            value = value.resolve()
        if value is not None:
            given[f"GONGKAI_{name.upper()}"] = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return inherited | given | {"SCRAPY_SETTINGS_MODULE": "crawler.settings", "PYTHONUNBUFFERED": "1"}


def _take(line: str, result: CrawlResult) -> None:
    """One line of the child's stdout: a run that ended."""
    try:
        run = json.loads(line)
        portal, outcome = str(run["portal"]), run["outcome"]
    except (ValueError, TypeError, KeyError):
        log.warning("the crawl wrote a line that is no run: %.200s", line)
        return
    if outcome == "finished":
        result.finished[portal] = run
    elif outcome == "resting":
        result.resting[portal] = str(run.get("reason") or outcome)
    else:
        result.finished.pop(portal, None)  # it said so, and then it turned out that our own network was down
        result.failed[portal] = str(run.get("reason") or outcome)


def _last_words(ending: child.Ending) -> str:
    said = [line for line in ending.tail if line.strip()]
    return said[-1] if said else f"the crawl ended with code {ending.code} and said nothing"
