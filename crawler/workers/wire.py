"""How the pool and its reading processes speak: frames of JSON on a socket. Touches that socket only.

The reading process handles hostile bytes, so nothing that it says is trusted: a frame is bounded before it is
kept, and JSON is checked against the types (pydantic, strict) and can make nothing but our own values. Pickle
would let a process that a document has taken over run code in the parent; it is also slower here.
"""

from __future__ import annotations

import json
import re
import socket
import struct
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, ValidationError

from crawler.workers.job import Job, Outcome

_HEADER = struct.Struct("!I")
_NUL = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")  # not where the backslash itself is escaped
_READ_AT_ONCE = 1 << 17
_ROOM_FOR_THE_REST = 1 << 16  # of a frame, beside its result


class WireError(Exception):
    """Raised by this module: the other side said something that is no message."""


@dataclass(frozen=True, slots=True)
class Task:
    """From the pool: documents to read one after the other; more than one only where they are converted together."""

    jobs: tuple[Job, ...]


@dataclass(frozen=True, slots=True)
class Ready:
    """From the reading process: it has started."""

    message: Literal["ready"] = "ready"


@dataclass(frozen=True, slots=True)
class Begun:
    """From the reading process: the time of this document begins; these are its bytes."""

    sha256: str
    size: int
    message: Literal["begun"] = "begun"


@dataclass(frozen=True, slots=True)
class Done:
    """From the reading process: one outcome. `resident`: its memory now, in bytes. `traceback`: of an error of ours."""

    outcome: Outcome
    resident: int
    traceback: str = ""
    message: Literal["done"] = "done"


Message = Annotated[Ready | Begun | Done, Field(discriminator="message")]

_MESSAGE: TypeAdapter[Message] = TypeAdapter(Message)


def task_frame(task: Task) -> bytes:
    """Not by pydantic: the name of a file may have bytes that are no UTF-8, which it refuses."""
    return _frame(json.dumps([asdict(job) | {"path": str(job.path)} for job in task.jobs]).encode())


def message_frame(message: Message) -> bytes:
    """A NUL in a text, which no database keeps, becomes U+FFFD, as in HTML.

    Raises ValueError for what JSON cannot say: a lone surrogate.
    """
    payload = _MESSAGE.dump_json(message)
    return _frame(_NUL.sub(rb"\1\\ufffd", payload) if b"\\u0000" in payload else payload)


def _frame(payload: bytes) -> bytes:
    return _HEADER.pack(len(payload)) + payload


class Inbox:
    """Gathers what the other side sends into messages. `bound`: the bytes that one result may have."""

    def __init__(self, channel: socket.socket, bound: int) -> None:
        self._channel = channel
        self._bound = bound + _ROOM_FOR_THE_REST
        self._gathered = bytearray()

    def messages(self) -> Iterator[Message]:
        """What has arrived whole; waits for nothing if the socket is readable. Raises EOFError, WireError."""
        self._receive()
        while (frame := self._taken()) is not None:
            yield _checked_message(frame)

    def next_task(self) -> Task:
        """Waits for one task. Raises EOFError when the pool is gone."""
        while (frame := self._taken()) is None:
            self._receive()
        return Task(tuple(Job(**job | {"path": Path(job["path"])}) for job in json.loads(frame)))

    def _receive(self) -> None:
        try:
            received = self._channel.recv(_READ_AT_ONCE)
        except ConnectionError as error:
            raise EOFError from error
        if not received:
            raise EOFError
        self._gathered += received

    def _taken(self) -> bytes | None:
        if len(self._gathered) < _HEADER.size:
            return None
        (length,) = _HEADER.unpack_from(self._gathered)
        if length > self._bound:
            raise WireError(f"a message of {length} bytes, more than {self._bound}")
        end = _HEADER.size + length
        if len(self._gathered) < end:
            return None
        frame = bytes(self._gathered[_HEADER.size : end])
        del self._gathered[:end]
        return frame


def _checked_message(frame: bytes) -> Message:
    try:
        return _MESSAGE.validate_json(frame, strict=True)
    except ValidationError as error:
        raise WireError(f"no message: {error.error_count()} fields are wrong") from error
