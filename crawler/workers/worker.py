"""One reading process, seen from the pool: starts it, speaks with it, ends it with everything that it started.

May touch: that process and its socket. Time is the monotonic clock's, which says no date.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from crawler.workers.job import Failure, Job, Limits
from crawler.workers.wire import Begun, Done, Inbox, Message, Ready, Task, WireError, task_frame

START_SECONDS = 60.0  # for importing everything, on a busy machine
GRACE_SECONDS = 5.0  # beyond the time limit, at which the process ends itself
_SEND_SECONDS = 10.0  # a task is small and the process reads it between two documents
_ROOT = Path(__file__).resolve().parents[2]
_WORDS_AT_MOST = 1 << 20  # bytes
_WORDS = 2_000  # bytes of them that are kept
_OUT_OF_MEMORY = (b"MemoryError", b"bad_alloc", b"out of memory", b"Out of memory", b"Cannot allocate memory")
_NEARLY_ALL = 0.9  # of its memory: a process that dies there died of it
_KILOBYTE = 1024  # the unit of ru_maxrss on Linux


@dataclass(frozen=True, slots=True)
class Death:
    """What a process died of, as what kind (SIGSEGV, code 3), and what it said last."""

    cause: Failure
    manner: str
    words: str


class Worker:
    """`tasks`: what it was given and has not finished, the one under way first; `begun`: if it has come to it.

    `is_solitary`: it is there for one document that another process may have died of, and gets no other.
    """

    def __init__(self, reader: str, limits: Limits, *, solitary: bool = False) -> None:
        self.tasks: deque[Task] = deque()
        self.begun: Begun | None = None
        self.is_ready = False
        self.is_solitary = solitary
        self.retires = solitary  # it gets nothing more
        self._limits = limits
        self._documents = 0
        self._words = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `end`
        self._folder = tempfile.TemporaryDirectory(prefix="gongkai-read-", ignore_cleanup_errors=True)
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - a list, no shell; every word is ours
                self._command(theirs.fileno(), reader),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._words,
                pass_fds=(theirs.fileno(),),
                env=_environment(self._folder.name),
                start_new_session=True,  # Ctrl-C is the pool's; and its children end with it
            )
        # Linux counts what the starting process held as the new one's own: a peak up to that says nothing.
        self._inherited = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KILOBYTE
        ours.settimeout(_SEND_SECONDS)
        self.channel = ours
        self._inbox = Inbox(ours, limits.result_bytes)
        self.deadline = time.monotonic() + START_SECONDS

    @property
    def pid(self) -> int:
        return self._process.pid

    def _command(self, descriptor: int, reader: str) -> list[str]:
        limits = self._limits
        numbers = (limits.seconds, limits.batch_seconds, limits.memory_bytes, limits.result_bytes)
        # -P: a folder of documents in which the command is run holds no modules of ours.
        start = [sys.executable, "-P", "-X", "faulthandler", "-m", "crawler.workers.child"]
        return [*start, str(descriptor), str(os.getpid()), reader, *map(str, numbers)]

    def give(self, task: Task) -> None:
        """Sends a task. If the process has died, `take` will say so."""
        self.tasks.append(task)
        if self.is_ready and len(self.tasks) == 1:
            self._set_deadline()
        with contextlib.suppress(OSError):
            self.channel.sendall(task_frame(task))

    def take(self) -> Iterator[tuple[Job, Done]]:
        """What it has finished since; call it when `channel` is readable.

        Raises EOFError when it has died, WireError when it said what cannot be: then it has to be ended.
        """
        for message in self._inbox.messages():
            finished = self._note(message)
            if finished is not None:
                yield finished

    def _note(self, message: Message) -> tuple[Job, Done] | None:
        finished = None
        if isinstance(message, Ready):
            self.is_ready = True
        elif not self.tasks:
            raise WireError("an answer to nothing")
        elif isinstance(message, Begun):
            self.begun = message
        else:
            finished = self._finished(message), message
        self._set_deadline()
        return finished

    def _finished(self, done: Done) -> Job:
        job, *others = self.tasks.popleft().jobs
        if done.outcome.key != job.key:
            raise WireError("an answer to another question")
        if others:
            self.tasks.appendleft(Task(tuple(others)))
        self.begun = None
        self._documents += 1
        self.retires = (
            self.retires
            or self._documents >= self._limits.documents
            or done.resident > self._limits.recycle_bytes
            or done.outcome.failure is Failure.MEMORY
        )
        return job

    def _set_deadline(self) -> None:
        is_converting = bool(self.tasks) and len(self.tasks[0].jobs) > 1 and self.begun is None
        seconds = self._limits.batch_seconds if is_converting else self._limits.seconds
        self.deadline = time.monotonic() + seconds + GRACE_SECONDS

    @property
    def is_late(self) -> bool:
        return time.monotonic() > self.deadline

    def end(self) -> Death:
        """Ends it and whatever it started, at once."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)  # before it is waited for: later its id may be another's
        _, status, usage = os.wait4(self._process.pid, 0)
        code = self._process.returncode = os.waitstatus_to_exitcode(status)
        self.channel.close()
        self._folder.cleanup()
        with self._words as words:
            words.seek(0)
            last = words.read(_WORDS_AT_MOST)[-_WORDS:]
        return Death(self._cause(code, usage.ru_maxrss * _KILOBYTE, last), _manner(code), last.decode(errors="replace"))

    def _cause(self, code: int, peak: int, words: bytes) -> Failure:
        if code == -signal.SIGALRM:
            return Failure.TIME
        used_up = peak > max(self._limits.memory_bytes * _NEARLY_ALL, self._inherited)
        if used_up or any(sign in words for sign in _OUT_OF_MEMORY):
            return Failure.MEMORY
        return Failure.CRASH


def _manner(code: int) -> str:
    """`SIGSEGV`, or `code 3`."""
    if code >= 0:
        return f"code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


def _environment(folder: str) -> dict[str, str]:
    """Ours without our settings, which hold passwords; one thread for each library: the pool has its own number."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("GONGKAI_")}
    return inherited | {
        "PYTHONPATH": str(_ROOT),
        "TMPDIR": folder,
        "PYTHONIOENCODING": "utf-8",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
