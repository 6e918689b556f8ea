"""What is asked of a reading process, and what it answers: values. May touch nothing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from crawler.model import Document, Link, ParsedReport

MEGABYTE = 1 << 20


class Failure(StrEnum):
    """Why a document gave no report."""

    UNREADABLE = "unreadable"  # the bytes cannot be read as a document (crawler.errors.ReadError)
    TIME = "time"  # stopped at the time limit
    MEMORY = "memory"  # stopped at the memory limit
    CRASH = "crash"  # the process died, or the reader met what it was not written for

    @property
    def is_of_the_bytes(self) -> bool:
        """Whether the same bytes give the same answer on every machine, however busy or small it is."""
        return self is Failure.UNREADABLE


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may cost. `seconds`: wall time. `memory_bytes`: the process's own data (RLIMIT_DATA).

    OCR takes two seconds a page on a machine at rest, ten on a busy one, and 150 to 300 MB; LibreOffice, a process
    of its own, some seconds a document.
    `documents`: after so many a process is replaced, and earlier when it stays larger than `recycle_bytes`, so
    that no leak of a library grows over a long run.
    """

    seconds: float = 300.0
    memory_bytes: int = 2048 * MEGABYTE
    documents: int = 2_000
    result_bytes: int = 64 * MEGABYTE

    @property
    def recycle_bytes(self) -> int:
        return self.memory_bytes * 3 // 4

    @property
    def batch_seconds(self) -> float:
        """For converting a batch; if that takes longer, each document of it is read alone, within `seconds`."""
        return self.seconds * 2


@dataclass(frozen=True, slots=True)
class Job:
    """One document to read: the file at `path`. `key` is the caller's and comes back with the outcome.

    `name` and `content_type` as for crawler.formats.read, `hint_title` as for crawler.reports.parse.
    `with_document`: the outcome carries the Document too, for who wants to show what stands around a cell.
    """

    key: str
    path: Path
    name: str = ""
    content_type: str = ""
    hint_title: str = ""
    with_document: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one job: a report, or a failure with its reason in `error` (Chinese / English).

    `sha256` and `size` are those of the bytes that were read; "" and 0 where the file could not be opened.
    `attachments`: the links of the document that lead to document files.
    """

    key: str
    sha256: str = ""
    size: int = 0
    document_format: str = ""
    report: ParsedReport | None = None
    failure: Failure | None = None
    error: str = ""
    attachments: tuple[Link, ...] = ()
    document: Document | None = None
