"""Archived documents as they are read for a page: a Document, or why there is none. Asked for by visitors, so bounded.

May touch: the archive, for reading, and one reading process of this server (crawler.workers), which parses what came from
outside within limits of time and memory; the server itself parses nothing. One document is read at a time, a few wait, all
others are told to come back. What was read is kept for a while, since the same place is asked for again.
"""

import threading
from collections import OrderedDict
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLong
from dataclasses import dataclass
from queue import Empty, Full, Queue
from typing import Final

from crawler.archive import Archive
from crawler.errors import WorkerError
from crawler.model import Document, Table
from crawler.workers import Failure, Job, Limits, Readers
from crawler.workers.job import MEGABYTE

# A page or a file of Office is read in less than a second, a PDF with text in a few; recognising pictures takes longer and
# is done by `gongkai read` only.
LIMITS: Final = Limits(seconds=10.0, memory_bytes=1024 * MEGABYTE, documents=200, result_bytes=8 * MEGABYTE)
WAITING = 4  # documents that are asked for while one is being read
PATIENCE = 30.0  # seconds that a visitor waits: starting the process, those before, and the own one
IDLE = 60.0  # seconds without a question after which the process is ended
KEPT = 64  # documents
KEPT_WEIGHT = 8_000_000  # of all that are kept, in characters


class Busy(Exception):
    """Raised by Documents.read: too many others are waiting, or it took too long."""


@dataclass(frozen=True, slots=True)
class Shown:
    """`document` None: `failure` says in which way it could not be read, `error` in words (Chinese / English).

    `failure` None without a document: the archive's file is missing or damaged.
    """

    document: Document | None
    failure: Failure | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class _Question:
    job: Job
    answer: "Future[Shown]"


class Documents:
    """Safe to be asked by many threads. `limits`: of one document."""

    def __init__(self, archive: Archive, limits: Limits = LIMITS) -> None:
        self.archive = archive
        self._limits = limits
        self._questions: Queue[_Question] = Queue(maxsize=WAITING)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._asked: dict[str, Future[Shown]] = {}
        self._kept: OrderedDict[str, tuple[Shown, int]] = OrderedDict()

    def read(self, sha256: str, *, name: str = "", content_type: str = "") -> Shown:
        """The document in the bytes `sha256`; `name` and `content_type` as for crawler.formats.read.

        Raises Busy, and ArchiveError for what is no sha256.
        """
        with self._lock:
            if sha256 in self._kept:
                self._kept.move_to_end(sha256)
                return self._kept[sha256][0]
            answer = self._asked.get(sha256) or self._ask(sha256, name, content_type)
        try:
            return answer.result(timeout=PATIENCE)
        except TooLong:
            raise Busy from None

    def _ask(self, sha256: str, name: str, content_type: str) -> "Future[Shown]":
        question = _Question(Job(sha256, self.archive.path(sha256), name, content_type, with_document=True), Future())
        try:
            self._questions.put_nowait(question)
        except Full:
            raise Busy from None
        self._asked[sha256] = question.answer
        if self._thread is None or not self._thread.is_alive():
            # A thread of its own: the process ends with the thread that started it, and those of the server come and go.
            self._thread = threading.Thread(target=self._serve, name="gongkai-documents", daemon=True)
            self._thread.start()
        return question.answer

    def _serve(self) -> None:
        with Readers(workers=1, limits=self._limits) as readers:
            while (question := self._next()) is not None:
                shown = _read(readers, question.job)
                with self._lock:
                    self._asked.pop(question.job.key, None)
                    self._keep(question.job.key, shown)
                question.answer.set_result(shown)

    def _next(self) -> _Question | None:
        """The next question; None where none came for a while, and then the next one starts a new thread."""
        try:
            return self._questions.get(timeout=IDLE)
        except Empty:
            with self._lock:
                if not self._questions.empty():
                    return self._questions.get_nowait()
                self._thread = None
                return None

    def _keep(self, sha256: str, shown: Shown) -> None:
        """A document, and that it cannot be read; not what another moment may answer differently."""
        if shown.document is None and shown.failure is not Failure.UNREADABLE:
            return
        self._kept[sha256] = shown, _weight(shown.document)
        while len(self._kept) > 1 and (
            len(self._kept) > KEPT or sum(weight for _, weight in self._kept.values()) > KEPT_WEIGHT
        ):
            self._kept.popitem(last=False)


def _read(readers: Readers, job: Job) -> Shown:
    try:
        (outcome,) = readers.read_all([job])
    except WorkerError as error:
        return Shown(None, Failure.CRASH, str(error))
    if outcome.sha256 and outcome.sha256 != job.key:
        return Shown(None)
    if not outcome.sha256 and outcome.failure is Failure.UNREADABLE:
        return Shown(None)
    return Shown(outcome.document, outcome.failure, outcome.error)


def _weight(document: Document | None) -> int:
    """About the memory that it takes, in characters."""
    if document is None:
        return 0
    weight = 0
    for block in document.blocks:
        cells = [cell for row in block.rows for cell in row] if isinstance(block, Table) else ()
        weight += sum(len(cell.text) + 100 for cell in cells) if cells else len(getattr(block, "text", "")) + 100
    return weight
