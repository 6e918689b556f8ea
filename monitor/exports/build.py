"""One export from beginning to end: every table streamed into every format, then the package around them, then the name.

May touch: the store and agencies.csv, for reading; the folder of the exports. Runs in a process of its own.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

from config.env import Settings
from config.errors import GongkaiError
from crawler import reports
from crawler.store.reads import exports as reads
from crawler.store.session import Sessions
from monitor.days import day_of, iso_moment
from monitor.exports import folder as places
from monitor.exports.folder import Build
from monitor.exports.formats import FORMATS
from monitor.exports.formats.contract import Format, Writer
from monitor.exports.model import Row, Table, cleaner
from monitor.exports.package import measured, write_package, write_texts
from monitor.exports.registry import digest
from monitor.exports.source import Source, opened_source
from monitor.exports.tables import TABLES
from monitor.exports.tables.coverage import FOLLOW_THE_DAY

LAYOUT = "1"  # raise it when the tables or files change, so that they are built anew
CELLS_AT_ONCE = 16_000  # that go from the store to the formats together: fewer rows of a wide table
CELL_BYTES = 14  # of one cell in one format, as measured; the sizes of texts differ, so it is a guess
SPARE_BYTES = 256 * 2**20  # that are to stay free on the disk

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be built. Empty `tables` or `formats`: all. `output`: a folder of one's own, else a build for the page.

    `force`: also where nothing changed since the newest build.
    """

    tables: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    output: Path | None = None
    force: bool = False

    def __post_init__(self) -> None:
        for chosen, known, what in ((self.tables, TABLES, "table"), (self.formats, FORMATS, "format")):
            if unknown := [name for name in chosen if name not in known]:
                raise GongkaiError(f"no {what} {', '.join(unknown)}; there are {', '.join(known)}")
        if (self.tables or self.formats) and self.output is None:
            raise GongkaiError("the page shows whole exports only: name a folder (-o) for a part of one")

    def chosen_tables(self) -> tuple[Table, ...]:
        return tuple(table for name, table in TABLES.items() if not self.tables or name in self.tables)

    def chosen_formats(self) -> tuple[type[Format], ...]:
        return tuple(form for name, form in FORMATS.items() if not self.formats or name in self.formats)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What an export would be: rows of every table at most, bytes as far as can be told, and what is free."""

    rows: dict[str, int]
    bytes: int
    free: int
    target: Path
    unchanged: str  # the build that is as new as the store; "" if there is none


def outlook(settings: Settings, sessions: Sessions, now: dt.datetime, wanted: Wanted) -> Outlook:
    """Counts, and writes nothing."""
    folder = places.exports_dir(settings)
    with opened_source(sessions, settings.config_dir / "agencies.csv", now) as source:
        return _outlook(settings, source, wanted, folder)


def build(settings: Settings, sessions: Sessions, now: dt.datetime, wanted: Wanted, progress: Progress) -> Build | None:
    """Builds it, and returns it; None: the newest build is as new as the store, or nothing was judged yet.

    `progress` gets rows, and all of them.

    Raises GongkaiError: no space, a folder that is in the way or cannot be written, a registry that cannot be read.
    """
    folder = places.exports_dir(settings)
    with opened_source(sessions, settings.config_dir / "agencies.csv", now) as source:
        found = _outlook(settings, source, wanted, folder)
        is_empty = wanted.output is None and not source.counts["agency_state"]
        if (found.unchanged or is_empty) and not wanted.force:
            return None
        if found.free < found.bytes + SPARE_BYTES:
            raise GongkaiError(
                f"{found.target.parent}: {found.free >> 20} MiB are free; the export needs about {found.bytes >> 20} MiB "
                f"and leaves {SPARE_BYTES >> 20} MiB"
            )
        if wanted.output is not None and wanted.output.exists() and any(wanted.output.iterdir()):
            raise GongkaiError(f"{wanted.output} is not empty; name a folder that is not there yet")
        if wanted.output is None:
            places.tidy(folder, settings.exports_kept)
        with places.part(found.target) as part:
            made = _written(part, found.target.name, source, settings, wanted, sum(found.rows.values()), progress)
    if wanted.output is None:
        places.tidy(folder, settings.exports_kept)
    return made


def mark(source: Source, agencies: Path) -> str:
    """Changes with everything that is exported; with the day, as long as there is a state that counts days."""
    parts = [LAYOUT, reports.EXTRACTOR, digest(agencies), *reads.marks(source.session), *sorted(source.simulated)]
    if reads.in_states(source.session, FOLLOW_THE_DAY):
        parts.append(day_of(source.now).isoformat())
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


def _outlook(settings: Settings, source: Source, wanted: Wanted, folder: Path) -> Outlook:
    newest = places.newest(folder)
    is_known = newest is not None and newest.mark == mark(source, settings.config_dir / "agencies.csv")
    rows = {table.name: table.count(source) for table in wanted.chosen_tables()}
    guess = sum(rows[table.name] * len(table.fields) * CELL_BYTES for table in wanted.chosen_tables())
    target = wanted.output or folder / places.next_name(folder, day_of(source.now).isoformat())
    return Outlook(
        rows=rows,
        bytes=guess * len(wanted.chosen_formats()),
        free=places.free_bytes(target.parent),
        target=target,
        unchanged=newest.name if newest is not None and is_known and wanted.output is None else "",
    )


def _written(
    part: Path, name: str, source: Source, settings: Settings, wanted: Wanted, expected: int, progress: Progress
) -> Build:
    """Everything in the folder `part`; whoever sees it renamed sees it whole."""
    tables = wanted.chosen_tables()
    formats = [form(part) for form in wanted.chosen_formats()]
    rows: dict[str, int] = {}
    left_out: dict[str, tuple[str, ...]] = {}
    for table in tables:
        done = sum(rows.values())
        opened = {form.NAME: form.open(table, table.count(source)) for form in formats}
        left_out |= (
            {table.name: left} if (left := tuple(one for one, writer in opened.items() if writer is None)) else {}
        )
        writers = [writer for writer in opened.values() if writer is not None]
        rows[table.name] = _stream(table, source, writers, partial(_further, progress, done, expected))
    for form in formats:
        form.finish(tables)
    made_at = iso_moment(source.now)
    files = [file for form in formats for file in form.files] + write_texts(part, made_at, settings.public_url)
    built = [measured(part, file) for file in files]
    package = write_package(part, name, made_at, settings.public_url, TABLES, built)
    made = Build(
        name=name,
        made_at=made_at,
        mark=mark(source, settings.config_dir / "agencies.csv"),
        simulated=bool(source.simulated),
        rows=rows,
        files=(*built, *(measured(part, file) for file in package)),
        left_out=left_out,
    )
    if wanted.output is None:
        places.record(part, made)
    progress(expected, expected)
    return made


def _further(progress: Progress, before: int, expected: int, count: int) -> None:
    progress(before + count, expected)


def _stream(table: Table, source: Source, writers: Sequence[Writer], progress: Callable[[int], None]) -> int:
    """One table into all formats at once, so that they hold the same rows. Returns how many."""
    clean = cleaner(table)
    count = 0
    with ExitStack() as stack:
        for writer in writers:
            stack.callback(writer.discard)
        for rows in _portions(table.rows(source), max(1, CELLS_AT_ONCE // len(table.fields))):
            cleaned = [clean(row) for row in rows]
            for writer in writers:
                writer.write(cleaned)
            count += len(cleaned)
            progress(count)
        for writer in writers:
            writer.close()
    return count


def _portions(rows: Iterator[Row], size: int) -> Iterator[list[Row]]:
    while portion := list(islice(rows, size)):
        yield portion
