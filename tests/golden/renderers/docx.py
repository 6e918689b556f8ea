"""A Word document as an editor leaves it: headings by style, merged cells by gridSpan and vMerge."""

from __future__ import annotations

import io

from docx import Document
from docx.document import Document as DocumentObject
from docx.oxml import OxmlElement, parse_xml
from docx.shared import Mm, Pt, Twips

from tests.golden.forms import Grid, InventedReport

SUFFIX = "docx"

_WIDTH = 9000  # twips of a table: within the margins of A4, and a whole number for each column of each form
_SIZE = Pt(7)  # with these margins a number of five digits fits one line of the narrowest column
_MARGINS = (
    '<w:tblCellMar xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    '<w:left w:w="30" w:type="dxa"/><w:right w:w="30" w:type="dxa"/></w:tblCellMar>'
)


def render(report: InventedReport) -> bytes:
    document = Document()
    document.core_properties.title = report.title
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(25)
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


def _table(document: DocumentObject, grid: Grid) -> None:
    squares = grid.places()
    width = max(column + square.columns for _, column, square in squares)
    table = document.add_table(rows=len(grid.rows), cols=width, style="Table Grid")
    table.autofit = False
    table._tbl.tblPr.append(parse_xml(_MARGINS))
    for row_of_table in table.rows:
        row_of_table._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for column_of_table in table.columns:
        column_of_table.width = Twips(_WIDTH // width)
    cells = [list(row.cells) for row in table.rows]
    for row, column, square in squares:
        cell = cells[row][column]
        if square.rows > 1 or square.columns > 1:
            cell = cell.merge(cells[row + square.rows - 1][column + square.columns - 1])
        cell.text = square.text
        for run in cell.paragraphs[0].runs:
            run.font.size = _SIZE
