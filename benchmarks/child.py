"""A process that is measured from its start to its end. May touch: the program that it is told to start."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measured:
    """`said`: its stdout; `seconds` by the clock, `processor` those of all its cores; `peak`: bytes of resident memory."""

    code: int
    said: str
    seconds: float
    processor: float
    peak: int


def run(*arguments: str, asked: str = "", environment: Mapping[str, str] | None = None) -> Measured:
    """Runs Python with these arguments, `asked` on its stdin, and waits; the peak is as the kernel counts it."""
    began = time.monotonic()
    child = subprocess.Popen(
        [sys.executable, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True
    )
    assert child.stdin is not None and child.stdout is not None
    with child.stdin:
        child.stdin.write(asked)
    with child.stdout:
        said = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    processor = usage.ru_utime + usage.ru_stime
    return Measured(child.returncode, said, time.monotonic() - began, processor, usage.ru_maxrss * 1024)
