"""The crawl by the plan, from the store: what is due, and a crawl that was killed goes on where it was."""

import datetime as dt
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

import monitor.__main__ as command_line
from config.env import Settings
from config.load import load
from crawler.store.session import open_store
from monitor import child, jobs
from monitor.context import Context
from monitor.days import SHANGHAI
from monitor.visits import Reason
from tests.spiders.rawserver import RawServer, listing, raw_server, report
from tests.spiders.visiting import ROOT, Workshop, make_workshop

pytestmark = pytest.mark.integration

MORNING = dt.datetime(2024, 1, 25, 9, tzinfo=SHANGHAI)
SLOW = tuple(f"/slow/{number}.html" for number in range(1, 90))


@pytest.fixture
def server() -> Iterator[RawServer]:
    """A column of one report, one of ninety."""
    with raw_server() as running:
        running.answers |= {"/fast/": listing("/fast/1.html"), "/fast/1.html": report(), "/slow/": listing(*SLOW)}
        running.answers |= dict.fromkeys(SLOW, report())
        yield running


@pytest.fixture
def workshop(tmp_path: Path, server: RawServer) -> Workshop:
    made = make_workshop(tmp_path)
    columns = [{"key": key, "url": f"{server.url}/{key}/", "agencies": ["zibo-xzspj"]} for key in ("fast", "slow")]
    made.register("raw", hosts=[server.host], columns=columns)
    return made


def context(workshop: Workshop, now: dt.datetime) -> Context:
    settings = Settings(
        data_dir=workshop.folder / "var",
        config_dir=workshop.folder / "config",
        database_url=workshop.database,
        simulated_now=now,
    )
    return Context(settings, load(settings.config_dir), open_store(settings.database), now)


def due(of: Context) -> dict[str, Reason]:
    return {column.key: column.reason for visit in jobs.plan_of(of).visits for column in visit.columns}


def killed_in_the_middle(workshop: Workshop, server: RawServer) -> None:
    """Begins a crawl of both columns and kills it with -9 once the look at the fast one is stored."""
    command = workshop.command(MORNING.isoformat(), options=("--columns", "-", "--simulated"))
    with subprocess.Popen(
        command,
        env=workshop.process_environment(),
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdin is not None
        process.stdin.write(json.dumps({"raw": ["fast", "slow"]}))
        process.stdin.close()
        deadline = time.monotonic() + 60
        while not workshop.looks("raw", "fast"):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        process.kill()
        process.wait(10)


def test_a_killed_crawl_goes_on_where_it_was(workshop: Workshop, server: RawServer) -> None:
    server.thinking = 0.15
    killed_in_the_middle(workshop, server)
    server.thinking = 0
    assert [run.outcome for run in workshop.runs("raw")] == ["running"]
    assert workshop.looks("raw", "slow") == []
    asked = len(server.asked)
    later = context(workshop, MORNING + dt.timedelta(minutes=20))
    assert due(later) == {"slow": Reason.NEVER}
    result = jobs.crawl(later, due=True)
    assert (result.failed, result.finished["raw"]["looks"]) == ({}, {"slow": "healthy"})
    assert not [path for path in server.paths[asked:] if path.startswith("/fast/")]
    assert [run.outcome for run in workshop.runs("raw")] == ["failed", "finished"]
    evening = context(workshop, MORNING + dt.timedelta(hours=10))
    assert due(evening) == {}
    assert jobs.crawl(evening, due=True) == jobs.CrawlResult()


def test_a_crawl_that_was_told_to_stop_goes_on_too(workshop: Workshop, server: RawServer) -> None:
    server.thinking = 0.15
    with subprocess.Popen(
        workshop.command(MORNING.isoformat(), options=("--simulated",)),
        env=workshop.process_environment(),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        server.wait_for(12, seconds=60)
        process.terminate()
        process.wait(30)
    server.thinking = 0
    found = due(context(workshop, MORNING + dt.timedelta(minutes=20)))
    assert found["slow"] is Reason.INTERRUPTED
    assert set(found.values()) == {Reason.INTERRUPTED}
    result = jobs.crawl(context(workshop, MORNING + dt.timedelta(minutes=20)), due=True)
    assert set(result.finished["raw"]["looks"].values()) == {"healthy"}


def test_the_plan_follows_the_calendar(workshop: Workshop, server: RawServer) -> None:
    first = context(workshop, MORNING)
    assert due(first) == {"fast": Reason.NEVER, "slow": Reason.NEVER}
    assert jobs.crawl(first, due=True).failed == {}
    assert due(context(workshop, MORNING + dt.timedelta(days=1))) == dict.fromkeys(("fast", "slow"), Reason.INTERVAL)
    server.answers["/fast/"] = (403, {}, b"")
    jobs.crawl(context(workshop, MORNING + dt.timedelta(days=200)), due=True)
    assert due(context(workshop, MORNING + dt.timedelta(days=201))) == {"fast": Reason.BLIND}


def test_the_plan_is_shown_with_its_reasons(workshop: Workshop) -> None:
    environment = {
        name: value
        for name, value in workshop.process_environment({"GONGKAI_SIMULATED_NOW": MORNING.isoformat()}).items()
        if name.startswith("GONGKAI_")
    }
    shown = CliRunner().invoke(command_line.main, ["crawl", "--due", "--dry-run"], env=environment)
    assert shown.exit_code == 0
    for words in ("raw　示例门户", "fast：尚未看过 / never looked at", "到期 due: 1 个网站 portals, 2 个栏目 columns"):
        assert words in shown.stdout, shown.stdout
    path = workshop.folder / "config" / "portals" / "raw.yml"
    path.write_text(path.read_text(encoding="utf-8") + "hours: 22:00-06:00\n", encoding="utf-8")
    waiting = CliRunner().invoke(command_line.main, ["crawl", "--due", "--dry-run"], env=environment)
    assert "○ raw：只在 22:00-06:00 访问 / visited at 22:00-06:00 only" in waiting.stdout


def test_thousands_of_columns_go_by_stdin() -> None:
    """The child gets them whole, and one that does not read them does not hold us up."""
    plan = {f"portal-{number}": [f"column-{place}" for place in range(6)] for number in range(5000)}
    for code, expected in (("import sys; print(len(sys.stdin.read()))", 1), ("print('ended')", 1)):
        lines: list[str] = []
        ending = child.run(
            [sys.executable, "-c", code],
            environment={},
            seconds=60,
            on_line=lines.append,
            stop=threading.Event(),
            text=json.dumps(plan),
        )
        assert (ending.code, len(lines)) == (0, expected)
        assert lines[0] in ("ended", str(len(json.dumps(plan))))
