"""Several processes that do the same work: forked from one, watched by it, started again, ended together.

Touches its own children, SIGINT and SIGTERM while it ends them, and one pipe.
"""

import logging
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable

from config.errors import GongkaiError

ENDING_SECONDS = 10.0  # for all of them together, before they are killed
DEATHS, WITHIN_SECONDS = 5, 60.0  # so many deaths in so short a time, and it gives up

log = logging.getLogger(__name__)


def work_together(count: int, work: Callable[[], None]) -> None:
    """Does `work` in `count` processes until a signal ends this one (KeyboardInterrupt, SystemExit).

    A process that dies is followed by another one. They are copies of this process: nothing that must not be shared
    (threads, connections) may exist before. Raises GongkaiError when they die one after the other.
    """
    if threading.active_count() != 1:
        raise RuntimeError("a process with threads is not copied: what they hold would be held for ever")
    lifeline = os.pipe()
    children: set[int] = set()
    deaths: deque[float] = deque(maxlen=DEATHS)
    try:
        while True:
            while len(children) < count:
                children.add(_start(work, lifeline))
            child, status = os.waitpid(-1, 0)
            children.discard(child)
            log.error("worker %d ended (%s); another one takes its place", child, _how(status))
            deaths.append(time.monotonic())
            if len(deaths) == DEATHS and deaths[-1] - deaths[0] < WITHIN_SECONDS:
                raise GongkaiError(f"{DEATHS} workers ended within {WITHIN_SECONDS:.0f} seconds; the log says why")
    finally:
        _end(children)
        for stream in lifeline:
            os.close(stream)


def _start(work: Callable[[], None], lifeline: tuple[int, int]) -> int:
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        os.close(lifeline[1])
        threading.Thread(target=_end_with_the_first, args=(lifeline[0],), daemon=True).start()
        work()
        code = 0
    except (KeyboardInterrupt, SystemExit):
        code = 0  # as it was told
    except BaseException:
        log.exception("a worker failed")
    finally:
        # Not by an exception: what the first process has on its stack is not this one's to close.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _end_with_the_first(lifeline: int) -> None:
    """Nothing is ever written there: the reading ends when the first process has, however it ended."""
    os.read(lifeline, 1)
    os.kill(os.getpid(), signal.SIGTERM)


def _end(children: set[int]) -> None:
    former = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        for child in children:
            os.kill(child, signal.SIGTERM)
        deadline = time.monotonic() + ENDING_SECONDS
        while children and time.monotonic() < deadline:
            children -= {child for child in children if os.waitpid(child, os.WNOHANG)[0]}
            time.sleep(0.02)
        for child in children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _how(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"
