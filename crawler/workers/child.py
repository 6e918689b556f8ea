"""The reading process: `python -m crawler.workers.child FD PARENT READER LIMIT…`, started by the pool only.

Touches: the socket FD, and the files that the tasks name, for reading. It limits itself, so that it ends even when
nobody watches it any more: the kernel ends it when its time is up (SIGALRM without a handler, which no library
can hold up), when its parent dies, and when it asks for too much memory.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib
import os
import re
import resource
import signal
import socket
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from crawler import formats, reports
from crawler.errors import ReadError
from crawler.formats import legacy
from crawler.model import Document, Link
from crawler.reports import templates
from crawler.workers.batch import Bytes, convert
from crawler.workers.job import Failure, Job, Outcome
from crawler.workers.wire import Begun, Done, Inbox, Message, Ready, message_frame

# (job, its bytes, what LibreOffice made of them if that was done for a batch) → outcome; raises ReadError.
Reader = Callable[[Job, bytes, Bytes | None], Outcome]

_PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
_DOCUMENT_LINK = re.compile(r"\.(?:pdf|docx?|wps|xlsx?|et|ofd|rtf|zip)$", re.I)
_MOST_ATTACHMENTS = 50
_TRACEBACK = 4_000  # characters
_PAGE_BYTES = resource.getpagesize()


def read_document(job: Job, data: bytes, converted: Bytes | None = None) -> Outcome:
    """What the pool's processes do with a document unless they are told otherwise. Raises ReadError."""
    if converted is None:
        document = formats.read(data, name=job.name, content_type=job.content_type)
    else:
        document = legacy.read_converted(data, converted)
    return Outcome(
        job.key,
        document_format=document.format,
        report=reports.parse(document, hint_title=job.hint_title),
        attachments=tuple(_document_links(document))[:_MOST_ATTACHMENTS],
        document=document if job.with_document else None,
    )


def _document_links(document: Document) -> Iterator[Link]:
    for link in document.links:
        try:
            path = urlsplit(link.url).path
        except ValueError:
            continue
        if _DOCUMENT_LINK.search(path):
            yield link


class Child:
    """Reads one document after the other until the pool is gone."""

    def __init__(
        self, channel: socket.socket, reader: Reader, *, seconds: float, batch_seconds: float, result_bytes: int
    ) -> None:
        self._channel = channel
        self._reader = reader
        self._seconds = seconds
        self._batch_seconds = batch_seconds
        self._result_bytes = result_bytes

    def serve(self) -> None:
        inbox = Inbox(self._channel, self._result_bytes)
        self._say(Ready())
        while True:
            jobs = inbox.next_task().jobs
            if len(jobs) == 1:
                self._answer(jobs[0])
            else:
                self._answer_batch(jobs)

    def _answer_batch(self, jobs: Sequence[Job]) -> None:
        _forget_words()
        with _ended_after(self._batch_seconds):
            contents = [_bytes_or_error(job.path) for job in jobs]
            converted = convert(contents)
        for job, data, made in zip(jobs, contents, converted, strict=True):
            self._answer(job, data, made)

    def _answer(self, job: Job, data: Bytes | None = None, converted: Bytes | None = None) -> None:
        _forget_words()
        with _ended_after(self._seconds):
            frame = self._frame(self._done(job, data, converted))
        self._channel.sendall(frame)

    def _done(self, job: Job, data: Bytes | None, converted: Bytes | None) -> Done:
        sha256, size, trace = "", 0, ""
        try:
            if data is None:
                data = _bytes_or_error(job.path)
            if isinstance(data, ReadError):
                raise data
            sha256, size = hashlib.sha256(data).hexdigest(), len(data)
            self._say(Begun(sha256, size))
            outcome = self._reader(job, data, converted)
        except ReadError as error:
            outcome = Outcome(job.key, failure=Failure.UNREADABLE, error=str(error))
        except MemoryError:
            outcome = Outcome(job.key, failure=Failure.MEMORY)
        except Exception as error:  # noqa: BLE001 - the one place where a mistake of any reader ends: one document
            trace = traceback.format_exc()[-_TRACEBACK:]
            outcome = Outcome(job.key, failure=Failure.CRASH, error=_blame(error))
        return Done(replace(outcome, sha256=sha256, size=size), _resident(), trace)

    def _frame(self, done: Done) -> bytes:
        try:
            frame = message_frame(done)
        except ValueError as error:
            return message_frame(_without_result(done, _blame(error)))
        if len(frame) <= self._result_bytes:
            return frame
        megabytes = self._result_bytes >> 20
        return message_frame(
            _without_result(
                done, f"读取结果超过 {megabytes} MB，未予接收。 / What was read is larger than {megabytes} MB."
            )
        )

    def _say(self, message: Message) -> None:
        self._channel.sendall(message_frame(message))


@contextmanager
def _ended_after(seconds: float) -> Iterator[None]:
    """The kernel ends this process when it takes longer."""
    signal.setitimer(signal.ITIMER_REAL, seconds)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)


def _without_result(done: Done, error: str) -> Done:
    outcome = done.outcome
    failed = Outcome(outcome.key, outcome.sha256, outcome.size, failure=Failure.UNREADABLE, error=error)
    return replace(done, outcome=failed)


def _bytes_or_error(path: Path) -> Bytes:
    """An error: cannot be opened, or larger than a report may be (then it is not even loaded)."""
    try:
        size = path.stat().st_size
        if size <= formats.MAX_BYTES:
            return path.read_bytes()
    except OSError as error:
        return ReadError(f"打不开文件，请检查路径和权限 / cannot open the file: {error.strerror or error}")
    return ReadError(
        f"文件有 {size} 字节，超过上限 {formats.MAX_BYTES} 字节。请只提供报告本身。"
        " / The file is larger than the limit; give the report alone."
    )


def _blame(error: Exception) -> str:
    """The error with the last place in the project that it came through."""
    own = Path(formats.__file__).parents[2]
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).is_relative_to(own)]
    place = f"（{Path(frames[-1].filename).relative_to(own).as_posix()}:{frames[-1].lineno}）" if frames else ""
    words = " ".join(f"{type(error).__name__}: {error}".split())[:300]
    return f"读取程序出错：{words}{place}。请把该文件报告给开发者。 / An error of the reader; please report it with the file."


def _resident() -> int:
    """Bytes of memory now; 0 where the system does not say (then only the number of documents counts)."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * _PAGE_BYTES
    except OSError:
        return 0


def _forget_words() -> None:
    """Empties stderr, a file that the pool reads when this process dies: only the last document's words matter."""
    sys.stderr.flush()
    os.ftruncate(sys.stderr.fileno(), 0)
    os.lseek(sys.stderr.fileno(), 0, os.SEEK_SET)


def _confine(memory_bytes: int) -> None:
    """Soft limits: a converter that is started from here may raise them for itself."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    for limit, value in ((resource.RLIMIT_DATA, memory_bytes), (resource.RLIMIT_CORE, 0)):
        _, hard = resource.getrlimit(limit)
        resource.setrlimit(limit, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


def _die_with_parent(parent: int) -> None:
    """Linux ends this process with its parent. Elsewhere it ends with its next reading or with its time."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            sys.exit(0)


def main(descriptor: str, parent: str, reader: str, *limits: str) -> None:
    seconds, batch_seconds, memory_bytes, result_bytes = limits
    _die_with_parent(int(parent))
    _confine(int(memory_bytes))
    templates.load()
    module, _, function = reader.partition(":")
    read = getattr(importlib.import_module(module), function)
    with socket.socket(fileno=int(descriptor)) as channel:
        child = Child(
            channel,
            read,
            seconds=float(seconds),
            batch_seconds=float(batch_seconds),
            result_bytes=int(result_bytes),
        )
        try:
            child.serve()
        except (EOFError, BrokenPipeError, ConnectionResetError):
            return  # the pool is gone


if __name__ == "__main__":
    main(*sys.argv[1:])
