"""A workbook as an office fills it: titles over the whole width, merged cells, numbers as numbers."""

from __future__ import annotations

import io
import re

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.golden.forms import Grid, InventedReport

SUFFIX = "xlsx"

_WIDTH = 10  # columns that a line of text covers
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def render(report: InventedReport) -> bytes:
    book = Workbook()
    book.properties.title = report.title
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "年度报告"
    row = 1
    for block in report.blocks:
        if isinstance(block, Grid):
            row = _table(sheet, block, row)
        else:
            sheet.cell(row, 1, block.text)
            sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=_WIDTH)
            row += 1
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _table(sheet: Worksheet, grid: Grid, top: int) -> int:
    """The row below the table."""
    for row, column, square in grid.places():
        first, left = top + row, 1 + column
        sheet.cell(first, left, _value(square.text))
        if square.rows > 1 or square.columns > 1:
            sheet.merge_cells(
                start_row=first,
                start_column=left,
                end_row=first + square.rows - 1,
                end_column=left + square.columns - 1,
            )
    return top + len(grid.rows)


def _value(text: str) -> str | int | float | None:
    if not _NUMBER.fullmatch(text):
        return text or None
    return float(text) if "." in text else int(text)
