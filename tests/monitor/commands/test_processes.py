"""`gongkai` as a process: it starts, serves, works by itself, and ends well."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from crawler.store.tables import Job, JobRun
from monitor.plan import plan
from tests.monitor.newsroom import Newsroom, newsroom

pytestmark = pytest.mark.integration

ROOT = Path(__file__).resolve().parents[3]
WAIT = 60.0  # seconds, a bound only


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    """One whose portals do not exist: a crawl of it ends by itself, blind."""
    made = newsroom(tmp_path)
    yield made
    made.sessions.kw["bind"].dispose()


@contextmanager
def gongkai(room: Newsroom, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    with (room.folder / "log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            [sys.executable, "-u", "-m", "monitor", *arguments],
            env=room.environment(PORT="0"),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        try:
            yield process
        finally:
            process.kill()
            process.communicate()


def page_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.search(r"http://[\d.:]+/", line)
    assert found, line
    return found[0]


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def log_of(room: Newsroom) -> str:
    return (room.folder / "log").read_text(encoding="utf-8")


def runs(room: Newsroom) -> list[JobRun]:
    with room.sessions() as session:
        return list(session.scalars(select(JobRun).order_by(JobRun.id)))


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_serve_until_it_is_told_to_end(room: Newsroom, number: int, code: int) -> None:
    with gongkai(room, "serve") as process:
        assert httpx.get(page_of(process) + "healthz", timeout=WAIT).json()["status"]
        process.send_signal(number)
        assert process.wait(WAIT) == code
    assert "Traceback" not in log_of(room)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_several_workers_serve_one_page_until_it_is_told_to_end(room: Newsroom, number: int, code: int) -> None:
    with gongkai(room, "serve", "--workers", "2") as process:
        page = page_of(process)
        until(lambda: len(children_of(process.pid)) == 2)
        workers = children_of(process.pid)
        assert httpx.get(page + "healthz", timeout=WAIT).json()["status"]
        os.kill(workers[0], signal.SIGKILL)
        until(lambda: len(set(children_of(process.pid)) - {workers[0]}) == 2)
        for _ in range(10):
            assert httpx.get(page + "healthz", timeout=WAIT).status_code == 200
        workers = children_of(process.pid)
        process.send_signal(number)
        assert process.wait(WAIT) == code
    assert not any(Path(f"/proc/{worker}").exists() for worker in workers)
    assert "SIGKILL" in log_of(room)
    assert "Traceback" not in log_of(room)


def test_workers_end_with_the_first_process_however_it_ends(room: Newsroom) -> None:
    with gongkai(room, "serve", "--workers", "2") as process:
        page = page_of(process)
        assert httpx.get(page + "healthz", timeout=WAIT).status_code == 200
        workers = children_of(process.pid)
        process.kill()
        process.wait(WAIT)
        until(lambda: not any(is_running(worker) for worker in workers))


def is_running(pid: int) -> bool:
    """A process that ended and that nobody asked about (a zombie) is not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_run_works_by_itself_and_ends_well(room: Newsroom) -> None:
    with gongkai(room, "run") as process:
        page = page_of(process)
        until(lambda: {run.job for run in runs(room) if run.ended_at} == {job.name for job in plan(3)})
        assert httpx.get(page, timeout=WAIT).status_code == 200
        with gongkai(room, "run") as second:
            assert second.wait(WAIT) == 2
        process.send_signal(signal.SIGTERM)
        assert process.wait(WAIT) == 0
    with room.sessions() as session:
        assert {job.name: job.next_run_at for job in session.scalars(select(Job))} == dict.fromkeys(
            job.name for job in plan(3)
        )
    assert [run.job for run in runs(room)][:3] == ["crawl", "read", "evaluate"]
    assert {run.outcome for run in runs(room)} == {"finished"}


def test_run_ends_its_crawl_with_itself(room: Newsroom) -> None:
    with gongkai(room, "run") as process:
        page_of(process)
        until(lambda: bool(children_of(process.pid)))
        [child] = children_of(process.pid)
        process.send_signal(signal.SIGTERM)
        assert process.wait(WAIT) == 0
    assert not Path(f"/proc/{child}").exists()
    assert [(run.job, run.ended_at is not None) for run in runs(room)] == [("crawl", True)]


def children_of(pid: int) -> list[int]:
    """The kernel lists a child under the thread that started it."""
    listed = " ".join(path.read_text(encoding="ascii") for path in Path(f"/proc/{pid}/task").glob("*/children"))
    return [int(child) for child in listed.split()]


def test_a_mistake_shows_no_traceback(room: Newsroom) -> None:
    with gongkai(room, "crawl", "nowhere") as process:
        assert process.wait(WAIT) == 2
    assert log_of(room).startswith("gongkai: no portal nowhere in ")
    assert len(log_of(room).splitlines()) == 1
