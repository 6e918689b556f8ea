"""The worksheet as XLSX, row by row: memory does not grow with the number of agencies. Touches the stream it is given.

Days and numbers are such; every text is written as text, also one that begins with = + - @ or a tab, and no address is a
link. The same circular gives the same bytes.
"""

import datetime as dt
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from math import ceil
from typing import IO, Any

import xlsxwriter

from monitor.circular import draft
from monitor.circular.model import Circular
from monitor.circular.phrases import clean, word
from monitor.circular.sheets import LONGEST_CELL, VERDICTS, Column, Row, Sheet, Value, sheets
from monitor.days import SHANGHAI

OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
}
A4, MARGIN = 9, 0.4  # xlsxwriter's number of the paper; inches
LINE, HIGHEST = 13.5, 400  # points; a row may be 409 high
SIGNS_ACROSS = 240  # on one landscape page, at about 60 %: smaller print cannot be read
TITLE_ROW, HEAD_ROW = 0, 1
REVIEW = (Column("verdict", 12), Column("remark", 30))
FONT = "宋体"


def write(circular: Circular, stream: IO[bytes]) -> None:
    """The whole workbook."""
    with xlsxwriter.Workbook(stream, OPTIONS) as book:
        title = draft.title(circular)
        made = circular.asked.at.astimezone(dt.UTC).replace(tzinfo=None, microsecond=0)
        book.set_properties({"title": title[:255], "author": "", "company": "", "created": made})
        formats = _formats(book)
        for sheet in sheets(circular):
            _write_sheet(book, sheet, title, formats)


def _formats(book: Any) -> dict[str, Any]:
    shared = {"font_name": FONT, "font_size": 10, "valign": "top"}
    framed = {**shared, "border": 1, "border_color": "#BFBFBF"}
    return {
        "title": book.add_format({**shared, "bold": True, "font_size": 13}),
        "head": book.add_format(
            {**framed, "bold": True, "bg_color": "#E7E6E6", "text_wrap": True, "valign": "vcenter"}
        ),
        "text": book.add_format({**framed, "num_format": "@", "text_wrap": True}),
        "number": book.add_format({**framed, "num_format": "#,##0.######"}),
        "whole": book.add_format({**framed, "num_format": "#,##0"}),
        "day": book.add_format({**framed, "num_format": "yyyy-mm-dd"}),
        "moment": book.add_format({**framed, "num_format": "yyyy-mm-dd hh:mm"}),
        "open": book.add_format({**framed, "bg_color": "#FFF9E5", "text_wrap": True}),
    }


def _write_sheet(book: Any, sheet: Sheet, title: str, formats: dict[str, Any]) -> None:
    name = word(f"sheet.{sheet.name}")
    page = book.add_worksheet(name)
    columns = (*sheet.columns, *(REVIEW if sheet.reviewed else ()))
    last_row, last_column = HEAD_ROW + max(1, sheet.count), len(columns) - 1
    for number, column in enumerate(columns):
        page.set_column(number, number, column.width)
    page.freeze_panes(HEAD_ROW + 1, _names(columns))
    page.autofilter(HEAD_ROW, 0, last_row, last_column)
    _set_up_print(page, columns, last_row, name)
    if sheet.reviewed:
        _ask_for_verdicts(page, last_row, last_column)
    page.write_string(TITLE_ROW, 0, clean(word("title_sheet", title=title, sheet=name)), formats["title"])
    page.set_row(TITLE_ROW, 22)
    page.set_row(HEAD_ROW, 30)
    for number, column in enumerate(columns):
        page.write_string(HEAD_ROW, number, word(f"column.{column.name}"), formats["head"])
    for row_number, row in enumerate(sheet.rows, start=HEAD_ROW + 1):
        page.set_row(row_number, _height(row, columns))
        for number, value in enumerate(row):
            _write(page, row_number, number, value, formats)
        for number in range(len(row), len(columns)):
            page.write_blank(row_number, number, None, formats["open"])


def _height(row: Row, columns: Sequence[Column]) -> float:
    """In points, for the longest of its texts: programs do not all fit the heights of wrapped rows when they open a file."""
    texts = [(value, column.width) for value, column in zip(row, columns, strict=False) if isinstance(value, str)]
    lines = [
        sum(max(1, ceil(_width(part) / (width - 1))) for part in text[:LONGEST_CELL].split("\n"))
        for text, width in texts
    ]
    return min(HIGHEST, LINE * max(lines, default=1) + 3)


def _width(text: str) -> int:
    """In signs of the sheet's font: a Chinese one is two wide."""
    return sum(2 if unicodedata.east_asian_width(mark) in "WFA" else 1 for mark in text)


def _write(page: Any, row: int, column: int, value: Value, formats: dict[str, Any]) -> None:
    if value is None:
        page.write_blank(row, column, None, formats["text"])
    elif isinstance(value, dt.datetime):
        page.write_datetime(row, column, value.astimezone(SHANGHAI).replace(tzinfo=None), formats["moment"])
    elif isinstance(value, dt.date):
        page.write_datetime(row, column, value, formats["day"])
    elif isinstance(value, int):
        page.write_number(row, column, value, formats["whole"])
    elif isinstance(value, Decimal):
        if Decimal(repr(float(value))) == value:
            page.write_number(row, column, float(value), formats["whole" if value == value.to_integral() else "number"])
        else:
            page.write_string(row, column, format(value, "f"), formats["text"])  # a spreadsheet would round it
    else:
        page.write_string(row, column, value[:LONGEST_CELL], formats["text"])


def _set_up_print(page: Any, columns: Sequence[Column], last_row: int, name: str) -> None:
    """Landscape A4, as many pages wide as can be read; title, head and the names stand on each of them."""
    page.set_landscape()
    page.set_paper(A4)
    page.set_margins(MARGIN, MARGIN, 0.5, 0.6)
    page.fit_to_pages(ceil(sum(column.width for column in columns) / SIGNS_ACROSS), 0)
    page.repeat_rows(TITLE_ROW, HEAD_ROW)
    page.repeat_columns(0, _names(columns) - 1)
    page.print_area(0, 0, last_row, len(columns) - 1)
    page.set_footer("&C" + word("page", page="&P", pages="&N") + f"&R{name}")


def _names(columns: Sequence[Column]) -> int:
    """How many columns it takes from the left to know whose row it is."""
    return next((number for number, column in enumerate(columns, start=1) if column.name == "name"), 1)


def _ask_for_verdicts(page: Any, last_row: int, last_column: int) -> None:
    """属实, 不属实 or 待核 in the column before the last; the last one is for a remark."""
    asked = {"validate": "list", "source": [word(f"verdict.{name}") for name in VERDICTS], "ignore_blank": True}
    page.data_validation(HEAD_ROW + 1, last_column - 1, last_row, last_column - 1, asked)
