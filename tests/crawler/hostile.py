"""A reader for the pool's tests that does what the document says: die, hang, eat memory. Runs in a process of the pool only."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from crawler.errors import ReadError
from crawler.workers.child import read_document
from crawler.workers.job import Job, Outcome

HOARD: list[bytes] = []  # grows with every document that says so, as a leak would
POISONED: list[str] = []  # what an earlier document left behind


def read(job: Job, data: bytes, converted: object = None) -> Outcome:
    """The first word of the document is the deed, the rest its argument."""
    deed, _, argument = data.decode().strip().partition(" ")
    if POISONED:
        os.abort()
    DEEDS[deed](argument)
    return Outcome(job.key, document_format=deed)


def peace(_: str) -> None:
    """A document like any other."""


def sleep(seconds: str) -> None:
    time.sleep(float(seconds))


def hang(_: str) -> None:
    """As a loop in a native library does, with every signal held up that can be held up."""
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    while True:
        pass


def hang_with_child(path: str) -> None:
    child = subprocess.Popen(["sleep", "600"])
    Path(path).write_text(str(child.pid), encoding="ascii")
    hang("")


def segfault(_: str) -> None:
    ctypes.string_at(0)


def leave(_: str) -> NoReturn:
    os._exit(3)


def fill(_: str) -> None:
    """Page by page, as a bomb unpacks."""
    HOARD.extend(bytes(1 << 20) for _ in range(100_000))


def leak(megabytes: str) -> None:
    HOARD.append(b"x" * (int(megabytes) << 20))


def grab(_: str) -> None:
    """A native library that does not get its memory says so and ends the process."""
    sys.stderr.write("terminate called after throwing an instance of 'std::bad_alloc'\n")
    sys.stderr.flush()
    os.abort()


def poison(_: str) -> None:
    """Is read itself, and leaves the process so that the next document dies."""
    POISONED.append("x")


def refuse(_: str) -> None:
    raise ReadError("not to be read")


def mistake(_: str) -> None:
    raise ZeroDivisionError("a mistake of the reader")


def chatter(_: str) -> None:
    """Says to the pool what is no message, on every descriptor that might be the pool's."""
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, b"\x00\x00\x00\x04what")
        except OSError:
            continue
    time.sleep(600)


def note_process(path: str) -> None:
    with Path(path).open("a", encoding="ascii") as stream:
        stream.write(f"{os.getpid()}\n")


def huge(job: Job, data: bytes, converted: object = None) -> Outcome:
    """A reader whose every result is larger than the pool takes."""
    return Outcome(job.key, document_format="x" * (4 << 20))


def surrogate(job: Job, data: bytes, converted: object = None) -> Outcome:
    """A reader whose result cannot be said in UTF-8."""
    return Outcome(job.key, document_format="\ud800")


def read_report_or_die(job: Job, data: bytes, converted: object = None) -> Outcome:
    """Reports are read; what names a deed does it."""
    return read_document(job, data) if data.startswith(b"<html>") else read(job, data)


def read_late(job: Job, data: bytes, converted: object = None) -> Outcome:
    """As on a machine that has too much to do."""
    time.sleep(5)
    return read_document(job, data)


DEEDS: dict[str, Callable[[str], None]] = {
    deed.__name__: deed
    for deed in (
        peace, sleep, hang, hang_with_child, segfault, leave, fill, leak, grab, poison, refuse, mistake, chatter,
        note_process,
    )
}  # fmt: skip
