"""An invented report as something that can be damaged: matrices of spots, with the truth kept beside them.

Touches nothing. A matrix holds the same `Spot` object wherever a cell's span covers, so that inserting, deleting
or turning rows and columns is plain list work; `truth` follows what is printed for each label pair.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

from crawler.reports import templates
from crawler.reports.templates import Column, Row, Template
from tests.golden import forms
from tests.golden.forms import Grid, InventedReport, Line, Square, invented

UNREADABLE = "?"  # something is printed that nobody can take for one number
Truth = Decimal | str | None  # a number, UNREADABLE, or None for a blank

_CODE = re.compile(r"@(.+)@")


@dataclass(eq=False, slots=True)
class Spot:
    """One printed cell. `markup`: how HTML writes it, where that is more than its text. `code`: its statutory cell."""

    text: str
    code: str = ""
    markup: str = ""
    bare_rows: bool = False  # the source forgets its rowspan
    bare_columns: bool = False


Matrix = list[list[Spot]]


@dataclass(eq=False, slots=True)
class Sheet:
    """One table. `wraps`: how HTML packs it (layout tables, comments …), each with {} for the inner part."""

    section: str
    matrix: Matrix
    wraps: list[str] = field(default_factory=list)
    seen: bool = True  # False: in HTML only, and hidden there

    @property
    def width(self) -> int:
        return max(len(row) for row in self.matrix)

    def spots(self) -> list[Spot]:
        """Every cell once, in reading order."""
        return list({id(spot): spot for row in self.matrix for spot in row}.values())

    def value_rows(self) -> list[int]:
        return [number for number, row in enumerate(self.matrix) if any(spot.code for spot in row)]

    def value_columns(self) -> list[int]:
        """The columns that hold values, from left to right."""
        return [
            place for place in range(self.width) if any(place < len(row) and row[place].code for row in self.matrix)
        ]

    def head(self) -> int:
        """How many rows stand above the first values."""
        return self.value_rows()[0]

    def texts(self, old: str, new: str) -> bool:
        """Prints one label differently; False where it is not there."""
        found = [spot for spot in self.spots() if spot.text == old and not spot.code]
        for spot in found:
            spot.text = new
        return bool(found)


@dataclass(eq=False)
class Page:
    """The report: `truth` has every statutory cell that is printed, and no other."""

    template: Template
    year: int
    agency: str
    title: str
    report: InventedReport
    blocks: list[Line | Sheet]
    truth: dict[str, Truth]
    doubled: set[str] = field(default_factory=set)  # sections of which a second table stands on the page
    one_table: bool = False  # everything as rows of one outer table (HTML)
    charset: str = "utf-8"
    claims: str = "utf-8"  # what the page says of its charset

    def sheets(self, section: str = "") -> list[Sheet]:
        """The tables that a reader sees, of one section or of all."""
        return [
            block
            for block in self.blocks
            if isinstance(block, Sheet) and block.seen and block.section and section in ("", block.section)
        ]

    def spots(self, section: str = "") -> list[Spot]:
        """The cells of values that are printed."""
        return [spot for sheet in self.sheets(section) for spot in sheet.spots() if spot.code]

    def codes(self, section: str = "") -> set[str]:
        return {cell.code for cell in self.template.cells() if section in ("", cell.section)}

    def code_of(self, code: str) -> tuple[Row, Column]:
        """The row and the column of the form that a code names."""
        return next(
            (row, column)
            for block in self.template.blocks
            for row in block.rows
            for column in block.columns
            if block.code(row, column) == code
        )

    def printed(self, spot: Spot, text: str, truth: Truth, markup: str = "") -> None:
        spot.text, spot.markup = text, markup
        self.truth[spot.code] = truth

    def as_report(self) -> InventedReport:
        """For the renderers of other formats: what a reader sees, without HTML's own ways."""
        blocks = tuple(
            Grid(tuple(grid_rows(block.matrix))) if isinstance(block, Sheet) else block
            for block in self.blocks
            if not isinstance(block, Sheet) or block.seen
        )
        return replace(self.report, blocks=blocks, title=self.title, year=self.year)


def fresh(template: str, seed: int) -> Page:
    """An invented report before any damage."""
    report = invented(template, seed)
    form = templates.load()[template]
    coded = forms.grids(form, {cell.code: f"@{cell.code}@" for cell in form.cells()})
    plain = forms.grids(form, report.values)
    sections = iter(dict.fromkeys(block.section for block in form.blocks))
    sheets = {
        id(shown): _sheet(shown, marked, next(sections))
        for shown, marked in zip(plain, coded, strict=True)
        if isinstance(shown, Grid) and isinstance(marked, Grid)
    }
    ready = iter(sheets.values())
    blocks = [next(ready) if isinstance(block, Grid) else block for block in report.blocks]
    return Page(form, report.year, report.agency, report.title, report, blocks, dict(report.values))


def _sheet(shown: Grid, marked: Grid, section: str) -> Sheet:
    rows: list[list[tuple[Spot, Square]]] = []
    for plain_row, coded_row in zip(shown.rows, marked.rows, strict=True):
        line: list[tuple[Spot, Square]] = []
        for square, coded in zip(plain_row, coded_row, strict=True):
            code = _CODE.fullmatch(coded.text)
            line.append((Spot(square.text, code[1] if code else ""), square))
        rows.append(line)
    return Sheet(section, expanded(rows))


def expanded(rows: list[list[tuple[Spot, Square]]]) -> Matrix:
    """Spans → the same spot at every place that it covers."""
    places: list[dict[int, Spot]] = [{} for _ in rows]
    for number, line in enumerate(rows):
        column = 0
        for spot, square in line:
            while column in places[number]:
                column += 1
            for down in range(number, min(number + square.rows, len(rows))):
                for right in range(column, column + square.columns):
                    places[down][right] = spot
    return [[row[place] for place in sorted(row)] for row in places]


def spans(matrix: Matrix) -> Iterator[list[tuple[Spot, int, int]]]:
    """For every row the cells that begin in it: (spot, rows, columns)."""
    seen: set[int] = set()
    for number, row in enumerate(matrix):
        line: list[tuple[Spot, int, int]] = []
        for place, spot in enumerate(row):
            if id(spot) in seen:
                continue
            seen.add(id(spot))
            right = place
            while right + 1 < len(row) and row[right + 1] is spot:
                right += 1
            down = number
            while down + 1 < len(matrix) and place < len(matrix[down + 1]) and matrix[down + 1][place] is spot:
                down += 1
            line.append((spot, down - number + 1, right - place + 1))
        yield line


def grid_rows(matrix: Matrix) -> Iterator[tuple[Square, ...]]:
    for line in spans(matrix):
        yield tuple(Square(spot.text, rows, columns) for spot, rows, columns in line)
