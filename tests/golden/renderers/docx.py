"""A Word document as an editor leaves it: headings by style, merged cells by gridSpan and vMerge."""

from __future__ import annotations

import io

from docx import Document
from docx.document import Document as DocumentObject

from tests.golden.forms import Grid, InventedReport, Square

SUFFIX = "docx"


def render(report: InventedReport) -> bytes:
    document = Document()
    document.core_properties.title = report.title
    for number, block in enumerate(report.blocks):
        if isinstance(block, Grid):
            _table(document, block)
        elif block.heading:
            document.add_heading(block.text, level=0 if number == 0 else 1)
        else:
            document.add_paragraph(block.text)
    if isinstance(report.blocks[-1], Grid):
        document.add_paragraph()  # Word ends every document with a paragraph, and LibreOffice counts on it
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def placed(grid: Grid) -> list[tuple[int, int, Square]]:
    """(row, column, square) of every square, counted from 0, where the spans of the others leave it."""
    taken: set[tuple[int, int]] = set()
    found: list[tuple[int, int, Square]] = []
    for row, squares in enumerate(grid.rows):
        column = 0
        for square in squares:
            while (row, column) in taken:
                column += 1
            found.append((row, column, square))
            taken |= {(row + down, column + right) for down in range(square.rows) for right in range(square.columns)}
    return found


def _table(document: DocumentObject, grid: Grid) -> None:
    squares = placed(grid)
    width = max(column + square.columns for _, column, square in squares)
    table = document.add_table(rows=len(grid.rows), cols=width, style="Table Grid")
    cells = [list(row.cells) for row in table.rows]
    for row, column, square in squares:
        cell = cells[row][column]
        if square.rows > 1 or square.columns > 1:
            cell = cell.merge(cells[row + square.rows - 1][column + square.columns - 1])
        cell.text = square.text
