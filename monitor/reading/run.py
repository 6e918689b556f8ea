"""Reads files, or whole folders, through the reading processes and writes what they say. Touches no store.

Touches the given files, for reading, the output, and stderr: what cannot be read, the progress, a summary.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Protocol

import click

from crawler.read_captures import Progress
from crawler.workers import Job, Outcome, Readers
from monitor.commands.bar import progress_bar
from monitor.reading import as_csv, as_json, as_jsonl, as_table
from monitor.reading.journal import Journal
from monitor.reading.tally import Tally, Verdict
from monitor.reading.words import both

UNREADABLE_FILES = 2  # exit code
SAY_EVERY = 100  # files, where no terminal shows a bar


class Form(Protocol):
    """The contract of a form of output: what stands before, for each file, between two files, and after."""

    NAME: str
    JOINT: str
    TAIL: str
    ENCODING: str

    def head(self) -> str: ...

    def chunk(self, file: str, outcome: Outcome) -> str: ...


FORMS: dict[str, Form] = {"table": as_table, "csv": as_csv, "json": as_json, "jsonl": as_jsonl}


class Reading:
    """Counts, names on stderr what cannot be read, and shows how far it is."""

    def __init__(self, of: int, progress: Progress | None) -> None:
        self._of = of
        self._progress = progress
        self._tally = Tally()
        self._began = time.monotonic()

    def note(self, name: str, verdict: Verdict) -> None:
        self._tally.add(verdict)
        if verdict.failure is not None:
            click.echo(f"{name}: {verdict.error}", err=True)
        done = self._tally.files
        if self._progress is not None:
            self._progress(done, self._of)
        elif done % SAY_EVERY == 0:
            click.echo(both("reading.run.so_far", " / ", done=done, of=self._of), err=True)

    def end(self) -> int:
        """Says what came of it, where it was more than one file. Returns the exit code."""
        if self._of > 1:
            for line in self._tally.lines(time.monotonic() - self._began):
                click.echo(line, err=True)
        return UNREADABLE_FILES if self._tally.failed else 0


def show(files: Sequence[Path], form: Form, readers: Readers) -> int:
    """Reads every file and writes to stdout as it goes. Returns the exit code."""
    joint = ""
    with _begun(files, is_quiet=sys.stdout.isatty()) as reading, _outcomes(files, readers) as outcomes:
        click.echo(form.head(), nl=False)
        for file, outcome in zip(files, outcomes, strict=True):
            text = form.chunk(name_of(file), outcome)
            if text:
                click.echo(joint + text, nl=False)
                joint = form.JOINT
            reading.note(name_of(file), verdict_on(outcome))
        click.echo(form.TAIL, nl=False)
    return reading.end()


def write(files: Sequence[Path], form: Form, readers: Readers, output: Path, *, fresh: bool) -> int:
    """The same into a file, which appears when it is complete; what an interrupted run has read is not read again."""
    with Journal(output, form.NAME, fresh=fresh) as journal:
        known = {file: verdict for file in files if (verdict := _known(file, journal)) is not None}
        if known:
            click.echo(both("reading.run.resumed", " / ", count=len(known)), err=True)
        todo = [file for file in files if file not in known]
        with _begun(files, is_quiet=False) as reading, _outcomes(todo, readers) as outcomes:
            for file, verdict in known.items():
                reading.note(name_of(file), verdict)
            for file, outcome in zip(todo, outcomes, strict=True):
                verdict = verdict_on(outcome)
                journal.add(name_of(file), verdict, form.chunk(name_of(file), outcome))
                reading.note(name_of(file), verdict)
        journal.finish(map(name_of, files), head=form.head(), joint=form.JOINT, tail=form.TAIL, encoding=form.ENCODING)
    return reading.end()


def name_of(file: Path) -> str:
    """The path as text: bytes in it that are no UTF-8 (GBK names from old ZIPs) are written as \\xab."""
    return os.fsencode(file).decode("utf-8", "backslashreplace")


def verdict_on(outcome: Outcome) -> Verdict:
    report = outcome.report
    if report is None:
        return Verdict(outcome.sha256, failure=outcome.failure, error=outcome.error)
    return Verdict(outcome.sha256, is_report=report.is_report, issues=len(report.issues))


@contextmanager
def _begun(files: Sequence[Path], *, is_quiet: bool) -> Iterator[Reading]:
    """With a bar where stderr is a terminal, unless the readings themselves are shown there."""
    if sys.stderr.isatty() and not is_quiet:
        with progress_bar(both("reading.run.label")) as progress:
            yield Reading(len(files), progress)
    else:
        yield Reading(len(files), None)


def _outcomes(files: Sequence[Path], readers: Readers) -> closing[Generator[Outcome, None, None]]:
    return closing(readers.read_all(Job(name_of(file), file, name=file.name) for file in files))


def _known(file: Path, journal: Journal) -> Verdict | None:
    name = name_of(file)
    if not journal.has(name):
        return None
    try:
        with file.open("rb") as stream:
            return journal.known(name, hashlib.file_digest(stream, "sha256").hexdigest())
    except OSError:
        return None  # the reading process will say so
