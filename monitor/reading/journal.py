"""What a reading has done so far, beside the file that it is to write, so that it can go on after any interruption.

Touches OUTPUT.journal, and at the end OUTPUT. The journal has one line a file: its path, the sha256 of its bytes, the
verdict, and the text that goes into the output. A line counts when it is whole. OUTPUT itself is made of these
texts at the end, at once, so that nobody ever finds half of it; then the journal goes.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from config.errors import GongkaiError
from crawler import reports
from crawler.workers import Failure
from monitor.reading.tally import Verdict
from monitor.reading.words import both


class Journal:
    """A context manager: holds the journal of `output` for this process alone.

    `form`: the name of the output's format. A journal of another form or another version of the extractor, or any
    with `fresh`, is begun anew. Raises GongkaiError: another process holds it, or it cannot be written.
    """

    def __init__(self, output: Path, form: str, *, fresh: bool) -> None:
        self.path = output.with_name(f"{output.name}.journal")
        self._output = output
        self._head = {"journal": 1, "form": form, "extractor": reports.EXTRACTOR}
        self._fresh = fresh
        self._places: dict[str, int] = {}  # file → where its line begins
        self._verdicts: dict[str, Verdict] = {}

    def __enter__(self) -> Self:
        try:
            self._stream = self.path.open("a+b")
        except OSError as error:
            raise GongkaiError(f"{self.path}: cannot be written: {error.strerror or error}") from error
        try:
            fcntl.flock(self._stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._stream.close()
            raise GongkaiError(both("reading.run.in_use", " / ", path=self._output)) from None
        self._end = 0 if self._fresh else self._load()
        self._stream.truncate(self._end)
        if not self._end:
            self._write(self._head)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()

    def has(self, file: str) -> bool:
        return file in self._verdicts

    def known(self, file: str, sha256: str) -> Verdict | None:
        """What was read of these bytes, unless the machine was to blame for reading nothing."""
        verdict = self._verdicts.get(file)
        if verdict is None or verdict.sha256 != sha256:
            return None
        return verdict if verdict.failure is None or verdict.failure.is_of_the_bytes else None

    def add(self, file: str, verdict: Verdict, text: str) -> None:
        self._places[file] = self._end
        self._verdicts[file] = verdict
        self._write({"file": file, "verdict": asdict(verdict), "text": text})

    def finish(self, files: Iterable[str], *, head: str, joint: str, tail: str, encoding: str) -> None:
        """Makes the output of the texts of `files`, in this order, and removes the journal."""
        part = self._output.with_name(f"{self._output.name}.part")
        with part.open("w", encoding=encoding, newline="") as stream:
            stream.write(head)
            between = ""
            for text in self._texts(files):
                stream.write(between + text)
                between = joint
            stream.write(tail)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(self._output)
        self.path.unlink()

    def _texts(self, files: Iterable[str]) -> Iterator[str]:
        for file in files:
            self._stream.seek(self._places[file])
            text = json.loads(self._stream.readline())["text"]
            if text:
                yield text

    def _load(self) -> int:
        """Takes note of the whole lines; gives where they end."""
        self._stream.seek(0)
        end = 0
        for line in self._stream:
            entry = _entry(line)
            if entry is None or (end == 0 and entry != self._head):
                break
            if end:
                self._places[entry["file"]] = end
                self._verdicts[entry["file"]] = _verdict(entry["verdict"])
            end += len(line)
        return end

    def _write(self, entry: dict[str, Any]) -> None:
        line = json.dumps(entry, ensure_ascii=False).encode() + b"\n"
        self._stream.write(line)
        self._stream.flush()
        self._end += len(line)


def _entry(line: bytes) -> dict[str, Any] | None:
    if not line.endswith(b"\n"):
        return None  # cut in the middle
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _verdict(stored: dict[str, Any]) -> Verdict:
    failure = stored["failure"]
    return Verdict(**stored | {"failure": Failure(failure) if failure else None})
