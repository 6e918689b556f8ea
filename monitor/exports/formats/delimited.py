"""CSV, twice. Touches the folder it is given.

Plain: for programs. UTF-8 without a mark, LF, every text as it is, moments with their offset.
For Excel: UTF-8 with a mark, CRLF, moments in Beijing time without an offset so that Excel takes them for such, and a text
that a spreadsheet would run as a formula begins with an apostrophe.
"""

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar

from monitor.days import SHANGHAI
from monitor.exports.formats.contract import File, exact, iso, kinds, short
from monitor.exports.model import Kind, Row, Table, Value
from monitor.reading.as_csv import neutral

# East Asian versions of Excel take the full-width signs for formulas, too.
FULL_WIDTH = ("＝", "＋", "－", "＠")

Convert = Callable[[Value], str | int]


class _Delimited:
    """One file a table."""

    NAME: ClassVar[str]
    SUFFIX: ClassVar[str]
    ENCODING: ClassVar[str]
    LINE_END: ClassVar[str]
    CONVERTS: ClassVar[dict[Kind, Convert]]

    def __init__(self, folder: Path) -> None:
        self.files: list[File] = []
        self.folder = folder

    def open(self, table: Table, expected: int) -> "_Writer":
        return _Writer(self, table)

    def finish(self, tables: Sequence[Table]) -> None:
        """Nothing is left."""


class _Writer:
    def __init__(self, format_: _Delimited, table: Table) -> None:
        self._format = format_
        self._table = table
        self._name = f"{table.name}{format_.SUFFIX}"
        self._rows = 0
        self._converts = [format_.CONVERTS[kind] for kind in kinds(table)]
        self._stream = (format_.folder / self._name).open("w", encoding=format_.ENCODING, newline="")
        self._csv = csv.writer(self._stream, lineterminator=format_.LINE_END)
        self._csv.writerow([one.name for one in table.fields])

    def write(self, rows: Sequence[Row]) -> None:
        converts = self._converts
        self._csv.writerows(
            ["" if value is None else convert(value) for convert, value in zip(converts, row, strict=True)]
            for row in rows
        )
        self._rows += len(rows)

    def close(self) -> None:
        self._stream.close()
        self._format.files.append(
            File(self._name, self._format.NAME, "text/csv; charset=utf-8", (self._table.name,), self._rows)
        )

    def discard(self) -> None:
        self._stream.close()


def guarded(text: str) -> str:
    """A text for a spreadsheet: as long as a cell may be, and never a formula."""
    text = short(text)
    return f"'{text}" if text.startswith(FULL_WIDTH) else neutral(text)


_SHARED: dict[Kind, Convert] = {
    Kind.INTEGER: int,
    Kind.DECIMAL: exact,
    Kind.BOOLEAN: lambda value: "true" if value else "false",
    Kind.DAY: lambda value: value.isoformat(),
}


class Plain(_Delimited):
    NAME = "csv"
    SUFFIX = ".csv"
    ENCODING = "utf-8"
    LINE_END = "\n"
    CONVERTS: ClassVar[dict[Kind, Convert]] = _SHARED | {
        Kind.TEXT: str,
        Kind.JSON: str,
        Kind.MOMENT: lambda value: iso(value, SHANGHAI),
    }


class ForExcel(_Delimited):
    NAME = "excel"
    SUFFIX = ".excel.csv"
    ENCODING = "utf-8-sig"
    LINE_END = "\r\n"
    CONVERTS: ClassVar[dict[Kind, Convert]] = _SHARED | {
        Kind.TEXT: guarded,
        Kind.JSON: guarded,
        Kind.MOMENT: lambda value: f"{value.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}",
    }
