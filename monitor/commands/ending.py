"""How a command ends that is told to by a signal. Touches the signal handler of SIGTERM."""

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType
from typing import NoReturn

INTERRUPTED = 130  # exit code after Ctrl-C
TERMINATED = 143  # after SIGTERM, where ending is not what the command is for


class Terminated(SystemExit):
    """Raised in the main thread by SIGTERM, so that everything unwinds: children are ended, locks are released."""


@contextlib.contextmanager
def terminable() -> Iterator[None]:
    """Within it SIGTERM raises Terminated. Outside the main thread, where that is not possible, nothing changes."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    former = signal.signal(signal.SIGTERM, _end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, former)


def _end(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise Terminated(TERMINATED)
