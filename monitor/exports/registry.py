"""The registry row by row: 150,000 agencies as models would take more memory than a whole export may.

May touch: agencies.csv, for reading. Raises ConfigError as config.agencies does.
"""

import csv
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from config.agencies import agency_of, check_columns
from config.errors import ConfigError
from config.schema import Agency, YearSpan, parse_years


@dataclass(frozen=True, slots=True)
class Registered:
    """The little of an agency that is held for all of them."""

    watched_years: tuple[YearSpan, ...]
    invented: bool

    def watched(self, year: int) -> bool:
        return any(year in span for span in self.watched_years)


class Registry:
    """The open file: who is registered, and every row once more in full. The file is replaced, never altered."""

    def __init__(self, path: Path, stream: IO[str]) -> None:
        self._path = path
        self._stream = stream
        self.known = self._read_known()

    def agencies(self) -> Iterator[Agency]:
        """Every agency in the order of the file."""
        for row, where in self._rows():
            yield agency_of(row, where)

    def _read_known(self) -> dict[str, Registered]:
        shared: dict[tuple[str, bool], Registered] = {}  # few different ones in a whole country
        known: dict[str, Registered] = {}
        for row, where in self._rows():
            key = row.get("watched_years") or "", row.get("invented") == "yes"
            if key not in shared:
                shared[key] = Registered(_years(key[0], where), key[1])
            agency_id = (row["id"] or "").strip()
            if agency_id in known:
                raise ConfigError(f"{where}: id {agency_id} stands here a second time")
            known[agency_id] = shared[key]
        return known

    def _rows(self) -> Iterator[tuple[dict[str, str], str]]:
        self._stream.seek(0)
        try:
            rows = csv.DictReader(self._stream, strict=True)
            check_columns(rows.fieldnames or (), f"{self._path}, line 1")
            for row in rows:
                yield row, f"{self._path}, line {rows.line_num}"
        except (UnicodeDecodeError, csv.Error) as error:
            raise ConfigError(f"{self._path}: cannot be read as UTF-8 CSV: {error}") from error


@contextmanager
def opened(path: Path) -> Iterator[Registry]:
    """The registry, open until the block ends."""
    try:
        stream = path.open(encoding="utf-8-sig", newline="")
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error
    with stream:
        yield Registry(path, stream)


def digest(path: Path) -> str:
    """Changes with every byte of the file."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error


def _years(text: str, where: str) -> tuple[YearSpan, ...]:
    try:
        return parse_years(text)
    except ValueError as error:
        raise ConfigError(f"{where}: watched_years: {error}") from error
