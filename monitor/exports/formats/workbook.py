"""XLSX, row by row: memory does not grow with the number of rows. Touches the folder it is given.

A table that one sheet cannot hold is split by report year, a file each (coverage-2024.xlsx); a year that one sheet cannot
hold goes on in the next sheet of its file. A table of more rows than a spreadsheet is of use for is left out. Every
file has a second sheet that says what its columns are. Texts are written as texts: no formula, no link.
"""

import contextlib
import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from monitor.days import SHANGHAI
from monitor.exports.formats.contract import File, exact, kinds, short
from monitor.exports.model import Kind, Row, Table, Value

SHEET_ROWS = 1_048_576  # by Excel's specification; the first one is the head
MOST_ROWS = 5 * SHEET_ROWS  # of a table; beyond it writing takes hours and nobody can open what comes of it
ZIP64_CELLS = 10_000_000  # beyond it a sheet may be larger than the 4 GB of a plain ZIP
EXACT_DIGITS = 15  # that Excel's numbers hold
FIRST_YEAR = 1900  # before it Excel knows no days
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
}
WIDTHS = {
    Kind.TEXT: 22,
    Kind.JSON: 22,
    Kind.MOMENT: 20,
    Kind.DAY: 12,
    Kind.INTEGER: 11,
    Kind.DECIMAL: 13,
    Kind.BOOLEAN: 9,
}


class Workbook:
    NAME: ClassVar[str] = "xlsx"

    def __init__(self, folder: Path) -> None:
        self.files: list[File] = []
        self.folder = folder

    def open(self, table: Table, expected: int) -> "_Writer | None":
        return None if expected > MOST_ROWS else _Writer(self, table, expected)

    def finish(self, tables: Sequence[Table]) -> None:
        """Nothing is left."""


class _Writer:
    """One book, or one for each report year; all of them are open until the end, with one row in memory each."""

    def __init__(self, format_: Workbook, table: Table, expected: int) -> None:
        self._format = format_
        self._table = table
        self._year = table.positions[table.year] if table.year and expected >= SHEET_ROWS else None
        self._books: dict[int | None, _Book] = {}
        if self._year is None:
            self._books[None] = self._book(table.name)

    def _book(self, name: str) -> "_Book":
        return _Book(self._format.folder, f"{name}.xlsx", self._table)

    def write(self, rows: Sequence[Row]) -> None:
        if self._year is None:
            book = self._books[None]
            for row in rows:
                book.write(row)
            return
        for row in rows:
            year = row[self._year]
            if year not in self._books:
                self._books[year] = self._book(f"{self._table.name}-{year or 'none'}")
            self._books[year].write(row)

    def close(self) -> None:
        media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        for _, book in sorted(self._books.items(), key=lambda item: item[0] or 0):
            book.close()
            self._format.files.append(File(book.name, self._format.NAME, media_type, (self._table.name,), book.rows))

    def discard(self) -> None:
        for book in self._books.values():
            book.discard()


class _Book:
    def __init__(self, folder: Path, name: str, table: Table) -> None:
        self.name = name
        self.rows = 0
        self._is_closed = False
        self._table = table
        self._kinds = kinds(table)
        # What xlsxwriter keeps beside it while writing goes into the same folder, whose space was looked at.
        self._book = xlsxwriter.Workbook(folder / name, {**OPTIONS, "tmpdir": str(folder)})
        self._book.set_properties({"title": f"{table.zh} {table.en}", "author": "", "company": ""})
        self._head = self._book.add_format({"bold": True, "bg_color": "#E7E6E6"})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._begin(self._book.add_worksheet(table.name))

    def _begin(self, sheet: Any) -> None:
        self._sheet, self._line = sheet, 1
        sheet.freeze_panes(1, 1)
        for place, one in enumerate(self._table.fields):
            sheet.set_column(place, place, WIDTHS[one.kind])
        for place, one in enumerate(self._table.fields):
            sheet.write_string(0, place, one.name, self._head)

    def write(self, row: Row) -> None:
        if self._line == SHEET_ROWS:
            number = 1 + self.rows // (SHEET_ROWS - 1)
            self._begin(self._book.add_worksheet(f"{self._table.name[:24]} ({number})"))
        sheet, line = self._sheet, self._line
        for place, (kind, value) in enumerate(zip(self._kinds, row, strict=True)):
            if value is not None:
                self._write_cell(sheet, line, place, kind, value)
        self._line += 1
        self.rows += 1

    def _write_cell(self, sheet: Any, line: int, place: int, kind: Kind, value: Value) -> None:
        if kind.is_text:
            sheet.write_string(line, place, short(value))
        elif kind is Kind.INTEGER or kind is Kind.DECIMAL:
            if fits(value):
                sheet.write_number(line, place, value)
            else:
                sheet.write_string(line, place, exact(Decimal(value)))
        elif kind is Kind.BOOLEAN:
            sheet.write_boolean(line, place, value)
        elif value.year < FIRST_YEAR:
            sheet.write_string(line, place, value.isoformat())
        elif kind is Kind.DAY:
            sheet.write_datetime(line, place, value, self._day)
        else:
            sheet.write_datetime(line, place, in_beijing(value), self._moment)

    def close(self) -> None:
        """The sheet of the columns comes last: in this mode no sheet is gone back to."""
        sheet = self._book.add_worksheet("字段 fields")
        for place, width in enumerate((24, 10, 50, 60)):
            sheet.set_column(place, place, width)
        sheet.write_row(0, 0, ("field", "type", "说明", "description"), self._head)
        for line, one in enumerate(self._table.fields, 1):
            for place, text in enumerate((one.name, one.kind.value, one.zh, one.en)):
                sheet.write_string(line, place, text)
        if self.rows * len(self._kinds) > ZIP64_CELLS:
            self._book.use_zip64()
        self._book.close()
        self._is_closed = True

    def discard(self) -> None:
        """The library lets go of its files only by writing the book; what it then complains of was said already."""
        if not self._is_closed:
            self._is_closed = True
            with contextlib.suppress(OSError, XlsxWriterException):
                self._book.close()


def fits(value: Decimal | int) -> bool:
    """Whether Excel's numbers hold it exactly."""
    return len(Decimal(value).normalize().as_tuple().digits) <= EXACT_DIGITS


def in_beijing(moment: dt.datetime) -> dt.datetime:
    """Without an offset: spreadsheets know none."""
    return moment.astimezone(SHANGHAI).replace(tzinfo=None, microsecond=0)
