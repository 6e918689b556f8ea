"""One child process: bounded in time, read line by line, ended with its whole process group.

May touch: that process. The time it takes is measured by the monotonic clock, which says no date.
"""

import contextlib
import logging
import os
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO

log = logging.getLogger(__name__)

LOOK_EVERY = 0.1  # seconds between two looks at whether it has ended or has to end
GRACE = 10.0  # seconds between asking the group to end and ending it
TAIL = 20  # lines of stderr kept for the error message


@dataclass(frozen=True, slots=True)
class Ending:
    """How a child ended. `why` is empty when it ended by itself; `tail` holds its last lines on stderr."""

    code: int
    why: str
    tail: tuple[str, ...]


def run(
    command: Sequence[str],
    *,
    environment: Mapping[str, str],
    seconds: float,
    on_line: Callable[[str], None],
    stop: threading.Event,
    text: str = "",
) -> Ending:
    """Runs `command` until it ends, `seconds` have passed or `stop` is set; `on_line` gets each line of stdout.

    `text` is what it reads on stdin.

    Its stderr goes to the log. Whatever leaves this function, also an exception, ends the whole group first.
    """
    process = subprocess.Popen(  # noqa: S603 - a list, no shell; the words are ours or checked slugs
        command,
        stdin=subprocess.PIPE if text else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=dict(environment),
        text=True,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
    )
    tail: deque[str] = deque(maxlen=TAIL)

    def on_error_line(line: str) -> None:
        tail.append(line)
        log.info("%s", line)

    readers = [_reader(process.stdout, on_line), _reader(process.stderr, on_error_line)]
    if process.stdin is not None:
        readers.append(_writer(process.stdin, text))
    try:
        why = _wait(process, seconds, stop)
    finally:
        if process.poll() is None:
            _end(process)
        for reader in readers:
            reader.join(timeout=GRACE)
    return Ending(process.returncode, why, tuple(tail))


def _wait(process: subprocess.Popen[str], seconds: float, stop: threading.Event) -> str:
    """Empty when the process has ended by itself, else why it has to be ended."""
    deadline = time.monotonic() + seconds
    while process.poll() is None:
        if stop.wait(LOOK_EVERY):
            return "ended, because the program ends"
        if time.monotonic() > deadline:
            return f"ended after {seconds:.0f} seconds, the most that its portals may take together"
    return ""


def _end(process: subprocess.Popen[str]) -> None:
    """Asks the group to end, then ends it: a browser or a converter that the child started goes with it."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=GRACE)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _reader(stream: IO[str] | None, on_line: Callable[[str], None]) -> threading.Thread:
    if stream is None:
        raise ValueError("the stream is no pipe")

    def read() -> None:
        with stream:
            for line in stream:
                on_line(line.rstrip("\n"))

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    return thread


def _writer(stream: IO[str], text: str) -> threading.Thread:
    """In a thread of its own: a child that does not read would hold us up. One that has ended needs nothing more."""

    def write() -> None:
        with contextlib.suppress(BrokenPipeError), stream:
            stream.write(text)

    thread = threading.Thread(target=write, daemon=True)
    thread.start()
    return thread
