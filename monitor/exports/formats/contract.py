"""What a format is: a writer of rows, table by table, into one folder. Touches nothing."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import ClassVar, Protocol

from monitor.exports.model import Kind, Row, Table

EXCEL_LONGEST = 32_767  # signs of a cell of a spreadsheet, by Excel's specification
CUT = "……（此处截断 cut here）"


@dataclass(frozen=True, slots=True)
class File:
    """A file that was written. `tables`: what is in it; `rows`: of all of them."""

    name: str
    format: str
    media_type: str
    tables: tuple[str, ...] = ()
    rows: int | None = None


class Writer(Protocol):
    """Takes the rows of one table, in portions.

    `close` once, when all of them were given. `discard` at the end in any case: lets go of what is open, where something
    failed before that; the files are thrown away then.
    """

    def write(self, rows: Sequence[Row]) -> None: ...

    def close(self) -> None: ...

    def discard(self) -> None: ...


class Format(Protocol):
    """Begun with an empty folder; `files` is complete after `finish`."""

    NAME: ClassVar[str]
    files: list[File]

    def __init__(self, folder: Path) -> None: ...

    def open(self, table: Table, expected: int) -> Writer | None:
        """The writer of a table of about `expected` rows; None: this format does not hold it."""
        ...

    def finish(self, tables: Sequence[Table]) -> None:
        """What is left to do when all tables are written."""
        ...


def exact(value: Decimal) -> str:
    """All digits, no exponent, no noughts behind the last one that counts."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def short(text: str) -> str:
    """As much of a text as a cell of a spreadsheet holds; what is cut says so."""
    return text if len(text) <= EXCEL_LONGEST else text[: EXCEL_LONGEST - len(CUT)] + CUT


def kinds(table: Table) -> tuple[Kind, ...]:
    return tuple(one.kind for one in table.fields)


def iso(moment: dt.datetime, zone: dt.tzinfo) -> str:
    return moment.astimezone(zone).isoformat(timespec="seconds")
