"""Processes that do one work together: as many as asked for, again when one dies, never for ever."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.integration

ROOT = Path(__file__).resolve().parents[2]


def program(text: str) -> subprocess.CompletedProcess[str]:
    """In a process of its own: one with threads of a test is not copied."""
    head = "import os, sys, threading, time\nfrom monitor.workers import work_together\n"
    return subprocess.run(
        [sys.executable, "-c", head + text], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )


def test_it_gives_up_when_they_die_one_after_the_other() -> None:
    done = program("work_together(2, lambda: print('here', flush=True))")
    assert done.returncode == 1
    assert "GongkaiError: 5 workers ended within 60 seconds" in done.stderr
    assert 5 <= done.stdout.count("here") <= 6


def test_a_worker_that_fails_says_why() -> None:
    done = program("work_together(1, lambda: 1 // 0)")
    assert "ZeroDivisionError" in done.stderr
    assert "worker" in done.stderr
    assert "exit code 1" in done.stderr


def test_a_process_with_threads_is_not_copied() -> None:
    done = program("threading.Thread(target=time.sleep, args=(1,)).start()\nwork_together(2, os.getpid)")
    assert "RuntimeError: a process with threads is not copied" in done.stderr


def test_they_are_other_processes() -> None:
    done = program("work_together(3, lambda: print(os.getpid(), flush=True))")
    found = set(map(int, done.stdout.split()))
    assert len(found) >= 5
    assert os.getpid() not in found
