"""A table that is too long for one sheet, and values that a spreadsheet's numbers and days cannot hold."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from monitor.exports.formats import workbook
from monitor.exports.formats.workbook import Workbook
from monitor.exports.model import Field, Kind, Row, Table

TABLE = Table(
    name="coverage",
    zh="公布情况",
    en="Coverage",
    fields=(
        Field("year", Kind.INTEGER, "年度", "Year"),
        Field("value", Kind.DECIMAL, "数", "Number"),
        Field("at", Kind.MOMENT, "时刻", "Moment"),
        Field("on", Kind.DAY, "日期", "Day"),
    ),
    key=("year",),
    rows=lambda source: iter(()),
    count=lambda source: 0,
    year="year",
)


def row(year: int | None, value: str = "1") -> Row:
    return (year, Decimal(value), dt.datetime(2024, 1, 31, 16, 0, tzinfo=dt.UTC), dt.date(2024, 1, 31))


def sheets(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    book = openpyxl.load_workbook(path)
    return {name: list(book[name].iter_rows(min_row=2, values_only=True)) for name in book.sheetnames}


def write(folder: Path, rows: list[Row], expected: int) -> list[str]:
    form = Workbook(folder)
    writer = form.open(TABLE, expected)
    assert writer is not None
    writer.write(rows)
    writer.close()
    writer.discard()
    form.finish((TABLE,))
    return [f"{file.name} {file.rows}" for file in form.files]


def test_a_long_table_becomes_a_file_a_year_and_a_long_year_more_sheets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "SHEET_ROWS", 4)
    monkeypatch.setattr(workbook, "MOST_ROWS", 20)
    rows = [row(2024)] * 4 + [row(2023)] + [row(None)] + [row(2024)] * 3
    assert write(tmp_path, rows, 9) == ["coverage-none.xlsx 1", "coverage-2023.xlsx 1", "coverage-2024.xlsx 7"]
    found = sheets(tmp_path / "coverage-2024.xlsx")
    assert {name: len(lines) for name, lines in found.items()} == {
        "coverage": 3, "coverage (2)": 3, "coverage (3)": 1, "字段 fields": 4
    }  # fmt: skip
    assert found["字段 fields"][0] == ("year", "integer", "年度", "Year")
    assert write(tmp_path, rows[:2], 3) == ["coverage.xlsx 2"], "what one sheet holds stays one file"
    assert Workbook(tmp_path).open(TABLE, 21) is None


def test_what_excel_cannot_hold_is_text(tmp_path: Path) -> None:
    early = (2024, Decimal(1), dt.datetime(2024, 1, 1, tzinfo=dt.UTC), dt.date(1024, 1, 1))
    write(tmp_path, [row(2024, "123456789012345"), row(2024, "1234567890123456"), row(2024, "0.10"), early], 4)
    lines = sheets(tmp_path / "coverage.xlsx")["coverage"]
    assert [line[1] for line in lines] == [123456789012345, "1234567890123456", 0.1, 1]
    assert str(lines[0][2]) == "2024-02-01 00:00:00", "Beijing time"
    assert str(lines[0][3]) == "2024-01-31 00:00:00" and lines[3][3] == "1024-01-01"
