"""The jobs as functions: the crawl as a real child process over simulated portals, and all four twice."""

import datetime as dt
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from config.env import Settings
from config.errors import GongkaiError
from config.load import load
from crawler import locks
from crawler.archive import Archive
from crawler.chain import verify
from crawler.store.session import open_store
from crawler.store.tables import Base, Run
from monitor import jobs
from monitor.context import Context
from tests.demo.stage import Stage, stage
from tests.monitor.checks.history import moment
from tests.portals.faults import Fault, Kind

EVENING = moment("01-26")
CITY, COUNTY = "sim-shili-city", "sim-shili-county"


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Stage]:
    with stage(tmp_path) as made:
        yield made
        made.sessions.kw["bind"].dispose()


def run_count(sessions_of: Stage, portal: str) -> int:
    with sessions_of.sessions() as session:
        return session.scalar(select(func.count()).select_from(Run).where(Run.portal == portal)) or 0


@pytest.mark.integration
def test_a_crawl_tells_of_every_portal(running: Stage) -> None:
    seen: list[tuple[int, int]] = []
    result = jobs.crawl(running.at(EVENING), [CITY, COUNTY], progress=lambda done, of: seen.append((done, of)))
    assert seen == [(1, 2), (2, 2)]
    assert result.failed == {}
    assert set(result.finished) == {CITY, COUNTY}
    assert result.finished[CITY]["looks"] == {"reports": "healthy"}
    assert run_count(running, CITY) == 1
    whole = verify(running.sessions, Archive(running.settings.archive_dir))
    assert (whole.whole, whole.links > 2, whole.unsealed) == (True, True, 0)


@pytest.mark.integration
def test_a_portal_that_fails_does_not_stop_the_others(running: Stage) -> None:
    context = running.at(EVENING)
    [name] = locks.names(context.configuration.portals[CITY])
    with locks.hold(context.settings.lock_dir / f"{name}.lock"):
        result = jobs.crawl(context, [CITY, COUNTY])
    assert set(result.finished) == {COUNTY}
    assert "is in use" in result.failed[CITY]


@pytest.mark.integration
def test_a_portal_that_hangs_is_left_when_its_time_is_over(running: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The child keeps its own time; ours is the bound behind it, for a child that does not."""
    monkeypatch.setattr(jobs, "START_SECONDS", -1799.0)  # of the 1,800 that the portal may take
    running.portals[CITY].faults.append(Fault(Kind.SLOW, seconds=60))
    began = time.monotonic()
    result = jobs.crawl(running.at(EVENING), [CITY])
    assert time.monotonic() - began < 30
    assert list(result.failed) == [CITY]


@pytest.mark.integration
def test_the_end_of_the_program_is_the_end_of_the_crawl(running: Stage) -> None:
    running.portals[CITY].faults.append(Fault(Kind.SLOW, seconds=60))
    stop = threading.Event()
    timer = threading.Timer(5, stop.set)
    timer.start()
    result = jobs.crawl(running.at(EVENING), [CITY], stop=stop)
    timer.join()
    assert list(result.failed) == [CITY]
    assert result.finished == {}


@pytest.mark.integration
def test_all_jobs_twice_change_nothing_the_second_time(running: Stage) -> None:
    context = running.at(EVENING)
    jobs.crawl(context, [CITY])
    first = jobs.read(context), jobs.evaluate(context), jobs.notify(context)
    assert first[0].filed > 0
    before = contents(running)
    again = jobs.read(context), jobs.evaluate(context), jobs.notify(context)
    assert (again[0].read, again[1].events, again[2].told) == (0, (), ())
    assert jobs.read(context, again=True).known == first[0].read
    assert contents(running) == before


def contents(of: Stage) -> dict[str, int]:
    with of.sessions() as session:
        return {
            name: session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in Base.metadata.tables.items()
        }


def empty_context(tmp_path: Path) -> Context:
    settings = Settings(data_dir=tmp_path, config_dir=tmp_path / "config", database_url="")
    for name, text in (("agencies.csv", "id,name,region_code,region,kind\n"), ("alerts.yml", "subscriptions: []\n")):
        (tmp_path / "config").mkdir(exist_ok=True)
        (tmp_path / "config" / name).write_text(text, encoding="utf-8")
    packaged = Path(jobs.__file__).parents[1] / "config" / "deadlines.yml"
    (tmp_path / "config" / "deadlines.yml").write_bytes(packaged.read_bytes())
    return Context(settings, load(settings.config_dir), open_store(settings.database, create=True), EVENING)


def test_without_portals_there_is_nothing_to_visit(tmp_path: Path) -> None:
    assert jobs.crawl(empty_context(tmp_path)) == jobs.CrawlResult()


def test_an_unknown_portal_is_named(tmp_path: Path) -> None:
    with pytest.raises(GongkaiError, match=r"no portal nowhere in .*portals"):
        jobs.crawl(empty_context(tmp_path), ["nowhere"])


@pytest.mark.integration
def test_a_crawl_that_cannot_begin_says_why(running: Stage) -> None:
    context = running.at(EVENING)
    (context.settings.config_dir / "agencies.csv").write_text("nonsense\n", encoding="utf-8")
    result = jobs.crawl(context, [CITY])
    assert list(result.failed) == [CITY]
    assert "agencies.csv, line 1" in result.failed[CITY]


def test_a_child_gets_our_settings_and_not_the_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGKAI_PORT", "1")
    monkeypatch.setenv("GONGKAI_CONTACT", "somebody@else.example.org")
    monkeypatch.chdir(tmp_path)
    at = dt.datetime(2024, 2, 1, 20, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    settings = Settings(
        data_dir=Path("var"), contact="me@example.org", port=8601, mail_url="smtp://u:secret@mail.example.org",
        simulated_now=at,
    )  # fmt: skip
    environment = jobs.environment(settings)
    assert environment["GONGKAI_DATA_DIR"] == str(tmp_path / "var")
    assert environment["GONGKAI_CONTACT"] == "me@example.org"
    assert environment["GONGKAI_PORT"] == "8601"
    assert environment["PATH"] == os.environ["PATH"]
    assert not any("secret" in value for value in environment.values())
    with monkeypatch.context() as child:
        for name, value in environment.items():
            child.setenv(name, value)
        assert Settings() == settings.model_copy(update={"data_dir": tmp_path / "var", "mail_url": ""})


def test_lines_that_are_no_runs_are_passed_over() -> None:
    result = jobs.CrawlResult()
    for line in (
        "",
        "not json",
        "[]",
        '{"portal": "a"}',
        '{"portal": "b", "outcome": "failed", "reason": "disk full"}',
    ):
        jobs._take(line, result)
    assert result == jobs.CrawlResult(failed={"b": "disk full"})
