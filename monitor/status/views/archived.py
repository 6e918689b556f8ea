"""The read model of an archived document: its paragraphs and grids as plain text, bounded, with one place marked.

May touch nothing: a Document in, frozen values out. It is our own rendering: no markup of the document comes through.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from crawler.model import Box, Cell, Document, Paragraph, Table

MOST_BLOCKS: Final = 1200
MOST_CELLS: Final = 8_000
MOST_TEXT: Final = 4_000  # characters of one paragraph or cell
AHEAD: Final = 40  # blocks, or rows, that are shown before the marked one where not everything can be shown


@dataclass(frozen=True, slots=True)
class Spot:
    """A place as an address names it, counted as crawler.model.Place counts. All None: nothing is marked."""

    block: int | None = None
    table: int | None = None
    row: int | None = None
    column: int | None = None


@dataclass(frozen=True, slots=True)
class ShownCell:
    """`row`, `column`: of its first place in the grid, from 1; `box`: where it stands on its page."""

    text: str
    row: int
    column: int
    rows: int
    columns: int
    cut: bool
    marked: bool
    certain: bool
    box: Box | None


@dataclass(frozen=True, slots=True)
class ShownTable:
    """`number`: of the document's tables. `first`: the first row that is shown; `more`: rows that are not shown behind."""

    number: int
    page: int | None
    first: int
    rows: tuple[tuple[ShownCell, ...], ...]
    width: int
    more: int
    marked: bool  # the whole table, where no cell of it is


@dataclass(frozen=True, slots=True)
class ShownParagraph:
    text: str
    heading: bool
    page: int | None
    cut: bool
    marked: bool


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """A paragraph or a table; `number`: from 1, over the document; `page`: set where a new page begins."""

    number: int
    paragraph: ShownParagraph | None
    table: ShownTable | None
    page: int | None


@dataclass(frozen=True, slots=True)
class ShownDocument:
    """`before`, `after`: blocks that are not shown. `marked`: the cell at the place that was asked for, if there is one;

    `found`: whether anything is marked.
    """

    blocks: tuple[ShownBlock, ...]
    before: int
    after: int
    marked: ShownCell | None
    found: bool
    recognised: bool


@dataclass(slots=True)
class _Room:
    """How many cells may still be shown."""

    cells: int = MOST_CELLS
    marked: ShownCell | None = field(default=None)


def shown_document(document: Document, spot: Spot) -> ShownDocument:
    """The document around the place, or from its beginning."""
    tables = [number for number, block in enumerate(document.blocks, 1) if isinstance(block, Table)]
    block = tables[spot.table - 1] if spot.table and spot.table <= len(tables) else spot.block
    first = 1
    if block is not None and block > MOST_BLOCKS - AHEAD:
        first = max(1, min(block, len(document.blocks)) - AHEAD)
    window = document.blocks[first - 1 : first - 1 + MOST_BLOCKS]
    room = _Room()
    shown = tuple(_blocks(window, first, tables, spot, block, room))
    found = any((b.paragraph and b.paragraph.marked) or (b.table and b.table.marked) for b in shown)
    return ShownDocument(
        blocks=shown,
        before=first - 1,
        after=len(document.blocks) - (first - 1) - len(window),
        marked=room.marked,
        found=room.marked is not None or found,
        recognised=document.recognised,
    )


def _blocks(
    window: Sequence[Paragraph | Table], first: int, tables: Sequence[int], spot: Spot, block: int | None, room: _Room
) -> Iterator[ShownBlock]:
    page: int | None = None
    for number, content in enumerate(window, first):
        turned = content.page if content.page != page else None
        page = content.page
        if isinstance(content, Table):
            is_meant = number == block
            own = _Room() if is_meant else room  # what stands before it takes no room from the place that is asked for
            table = _table(content, tables.index(number) + 1, spot if is_meant else Spot(), own, marked=is_meant)
            room.marked = room.marked or own.marked
            yield ShownBlock(number, None, table, turned)
        else:
            text = content.text[:MOST_TEXT]
            cut = len(content.text) > MOST_TEXT
            paragraph = ShownParagraph(text, content.heading, content.page, cut, marked=number == block)
            yield ShownBlock(number, paragraph, None, turned)


def _table(table: Table, number: int, spot: Spot, room: _Room, *, marked: bool) -> ShownTable:
    first = 1
    if spot.row is not None and sum(map(len, table.rows[: spot.row])) > room.cells:
        first = max(1, spot.row - AHEAD)
    rows = []
    owners = _owners(table)
    for row, cells in enumerate(table.rows[first - 1 :], first):
        if room.cells < len(cells):
            break
        room.cells -= len(cells)
        rows.append(tuple(_row(table, cells, row, owners, spot, room)))
    return ShownTable(
        number=number,
        page=table.page,
        first=first,
        rows=tuple(rows),
        width=max((len(cells) for cells in table.rows), default=0),
        more=len(table.rows) - (first - 1) - len(rows),
        marked=marked and room.marked is None,
    )


def _row(
    table: Table,
    cells: Sequence[Cell],
    row: int,
    owners: dict[tuple[int, int], tuple[int, int]],
    spot: Spot,
    room: _Room,
) -> Iterator[ShownCell]:
    wanted = owners.get((spot.row or 0, spot.column or 0), (spot.row, spot.column))
    for column, cell in enumerate(cells, 1):
        if owners[row, column] != (row, column):
            continue
        is_marked = wanted == (row, column)
        rows, columns = _span(table, cell, row, column)
        shown = ShownCell(
            text=cell.text[:MOST_TEXT],
            row=row,
            column=column,
            rows=rows,
            columns=columns,
            cut=len(cell.text) > MOST_TEXT,
            marked=is_marked,
            certain=cell.confidence >= 1,
            box=cell.box,
        )
        if is_marked:
            room.marked = shown
        yield shown


def _owners(table: Table) -> dict[tuple[int, int], tuple[int, int]]:
    """By place in the grid, from 1: the place whose cell covers it, which may be itself."""
    owners = {(r, c): (r, c) for r, cells in enumerate(table.rows, 1) for c in range(1, len(cells) + 1)}
    for row, cells in enumerate(table.rows, 1):
        for column, cell in enumerate(cells, 1):
            if cell.repeated or owners[row, column] != (row, column):
                continue
            rows, columns = _span(table, cell, row, column)
            for r in range(row, row + rows):
                for c in range(column, column + columns):
                    owners[r, c] = row, column
    return owners


def _span(table: Table, cell: Cell, row: int, column: int) -> tuple[int, int]:
    """Rows and columns of the span that begins here, as far as the grid really repeats it: nothing is covered up."""
    columns = 1
    while columns < cell.columns and _repeats(table, row, column + columns):
        columns += 1
    rows = 1
    while rows < cell.rows and all(_repeats(table, row + rows, column + c) for c in range(columns)):
        rows += 1
    return rows, columns


def _repeats(table: Table, row: int, column: int) -> bool:
    return row <= len(table.rows) and column <= len(table.rows[row - 1]) and table.rows[row - 1][column - 1].repeated
