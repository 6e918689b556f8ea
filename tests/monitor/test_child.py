"""A child process that ends, hangs, resists, or leaves children of its own."""

import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor import child

pytestmark = pytest.mark.integration

RESISTS = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
HAS_A_CHILD = (
    "import subprocess, sys, time;"
    "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
    "print(p.pid, flush=True); time.sleep(60)"
)


def run(
    code: str, *, seconds: float = 30, stop: threading.Event | None = None, on_line: Callable[[str], None] = print
) -> child.Ending:
    command = [sys.executable, "-c", code]
    return child.run(
        command, environment=dict(os.environ), seconds=seconds, on_line=on_line, stop=stop or threading.Event()
    )


def test_lines_come_as_they_are_written_and_the_end_is_told() -> None:
    lines: list[str] = []
    ended = run(
        "import sys; print('一'); print('二'); print('why', file=sys.stderr); sys.exit(3)", on_line=lines.append
    )
    assert (lines, ended) == (["一", "二"], child.Ending(3, "", ("why",)))


def test_only_the_last_words_are_kept() -> None:
    ended = run("import sys\nfor n in range(100): print(n, file=sys.stderr)")
    assert ended.tail == tuple(map(str, range(100 - child.TAIL, 100)))


def test_too_long_is_ended() -> None:
    ended = run("import time; time.sleep(60)", seconds=0.3)
    assert ended.code < 0
    assert "ended after" in ended.why


def test_one_that_resists_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "GRACE", 0.5)
    stop = threading.Event()
    ended = run(RESISTS, stop=stop, on_line=lambda _: stop.set())
    assert (ended.code, ended.why) == (-9, "ended, because the program ends")


def test_its_own_children_end_with_it() -> None:
    stop, pids = threading.Event(), list[int]()

    def on_line(line: str) -> None:
        pids.append(int(line))
        stop.set()

    run(HAS_A_CHILD, stop=stop, on_line=on_line)
    assert is_gone(pids[0])


def test_an_exception_in_here_ends_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    pids: list[int] = []

    class Interrupted(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            while not pids:
                time.sleep(0.05)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(HAS_A_CHILD, stop=Interrupted(), on_line=lambda line: pids.append(int(line)))
    assert is_gone(pids[0])


def is_gone(pid: int) -> bool:
    """Whether the process ends within some seconds; one that nobody has waited for yet counts as ended."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            if Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] == "Z":
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.05)
    return False
