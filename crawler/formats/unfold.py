"""A page that is one big table → its paragraphs and its tables. Touches nothing.

How to recognise: a row of the table is a single cell that holds prose. Editors lay out whole reports so, title,
sections, statutory tables and signature as rows of one outer table. Then every row of a single cell is a paragraph,
and what stands between two of them is a table of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from crawler.model import Cell, Document, Paragraph, Table

PROSE = 60  # characters; the longest label of a form has 40, and none is a sentence


def unfold(document: Document) -> Document:
    """The document itself where no table is a page."""
    if not any(isinstance(block, Table) and _is_page(block) for block in document.blocks):
        return document
    return replace(document, blocks=tuple(_unfolded(document.blocks)))


def _unfolded(blocks: Iterable[Paragraph | Table]) -> Iterator[Paragraph | Table]:
    for block in blocks:
        if isinstance(block, Table) and _is_page(block):
            yield from _opened(block)
        else:
            yield block


def _is_page(table: Table) -> bool:
    if not table.spans_known:
        return False
    alone = (_alone(cells) for cells in table.rows)
    return any(cell is not None and _is_prose(cell) for cell in alone)


def _opened(table: Table) -> Iterator[Paragraph | Table]:
    rows: list[tuple[Cell, ...]] = []
    for cells in table.rows:
        cell = _alone(cells)
        if cell is None:
            rows.append(cells)
            continue
        yield from _closed(rows, table)
        rows = []
        page = cell.box.page if cell.box else table.page
        for line in cell.text.split("\n"):
            if line.strip():
                yield Paragraph(line.strip(), page=page, box=cell.box)
    yield from _closed(rows, table)


def _closed(rows: list[tuple[Cell, ...]], table: Table) -> Iterator[Table]:
    """The rows as a table, as wide as the widest of them."""
    width = max((place + 1 for cells in rows for place, cell in enumerate(cells) if not cell.missing), default=0)
    if any(cell.text for cells in rows for cell in cells):
        yield Table(tuple(cells[:width] for cells in rows), table.spans_known, table.page)


def _alone(cells: tuple[Cell, ...]) -> Cell | None:
    """The only cell of a row, where nothing reaches into the row from above. Prose may have empty cells beside it."""
    own = [cell for cell in cells if not cell.repeated and not cell.missing]
    filled = [cell for cell in own if cell.text]
    if len(filled) != 1 or filled[0].rows > 1 or (len(own) > 1 and not _is_prose(filled[0])):
        return None
    if any(cell.repeated and cell.text and cell.text != filled[0].text for cell in cells):
        return None
    return filled[0]


def _is_prose(cell: Cell) -> bool:
    return len(cell.text) >= PROSE and "。" in cell.text
