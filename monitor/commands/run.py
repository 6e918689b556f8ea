"""`gongkai run`: the scheduler and the status page, until it is told to end. Touches what the jobs touch."""

import contextlib
import logging

import click

from config.load import load
from monitor import clock
from monitor.clock import SystemClock
from monitor.commands.ending import Terminated
from monitor.commands.opening import make_context, open_sessions, read_settings
from monitor.commands.serve import listening, serve_until_ended
from monitor.context import Context
from monitor.plan import plan
from monitor.scheduler import Scheduler
from monitor.status import create_app


@click.command("run")
def run() -> None:
    """定时采集、读取、评估、通知，并提供状态页。 Crawl, read, judge and tell by itself, and serve the status page.

    每天在 GONGKAI_CRAWL_HOUR 访问按计划（visits.yml）到期的栏目，随后读取、评估、通知。
    Every day at GONGKAI_CRAWL_HOUR the columns are visited that are due by the plan (visits.yml); reading, judging
    and telling follow.

    \b
    例 Example:
      GONGKAI_CONTACT=office@example.org gongkai run
    """
    logging.getLogger().setLevel(logging.INFO)
    settings = read_settings()
    configuration = load(settings.config_dir)
    page_clock = clock.for_settings(settings, configuration)
    sessions = open_sessions(settings)

    def open_context() -> Context:
        return make_context(settings, load(settings.config_dir), sessions)

    planned = plan(settings.crawl_hour, [portal.hours for portal in configuration.portals.values() if portal.enabled])
    scheduler = Scheduler(planned, sessions=sessions, open_context=open_context, clock=SystemClock())
    with (
        contextlib.suppress(Terminated),  # to end is what it was told
        listening(settings) as listener,
        scheduler.running(settings.lock_dir / "run.lock"),
    ):
        serve_until_ended(create_app(settings, configuration, sessions, page_clock), listener)
