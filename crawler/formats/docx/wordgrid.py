"""Rows of a WordprocessingML table: which cells they have, and between which edges of the grid. Touches nothing.

Columns come from the spans of the cells. w:tblGrid gives widths only, because editors leave it wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from lxml import etree

from crawler.formats.docx.wordml import OPEN_WRAPPERS, alternative, attribute, child, name_of, whole
from crawler.formats.grid import MAX_SPAN

SLIVER = 60  # twips (3 points): the margins of a cell alone are wider


@dataclass(slots=True)
class Source:
    """A cell between two edges of its own row, and what <w:tcPr> says about its merging."""

    element: etree._Element
    left: int
    right: int
    merges_down: bool
    goes_on_down: bool
    goes_on_sideways: bool


def sources_of(row: etree._Element) -> list[Source]:
    """The cells of a row in their order."""
    found: list[Source] = []
    left = whole(child(child(row, "trPr"), "gridBefore"), most=MAX_SPAN)
    for cell in cells_of(row):
        properties = child(cell, "tcPr")
        down, sideways = child(properties, "vMerge"), child(properties, "hMerge")
        right = left + whole(child(properties, "gridSpan"), most=MAX_SPAN, least=1, otherwise=1)
        goes_on_down = down is not None and attribute(down, "val") != "restart"
        goes_on_sideways = sideways is not None and attribute(sideways, "val") != "restart"
        found.append(Source(cell, left, right, down is not None, goes_on_down, goes_on_sideways))
        left = right
    return found


def grid_widths(table: etree._Element) -> list[int]:
    """The widths of w:tblGrid in twips; 0 where one is not said."""
    grid = child(table, "tblGrid")
    columns = [node for node in grid if name_of(node) == "gridCol"] if grid is not None else []
    return [int(text) if (text := attribute(node, "w")).isascii() and text.isdigit() else 0 for node in columns]


def edges_of(cells: Iterable[Source], widths: list[int]) -> Callable[[int], int]:
    """Edge of a column as the cells count them → edge of the grid.

    Programs that round widths leave columns of a few twips, between edges that were one (LibreOffice does so with
    DOC files). Where w:tblGrid fits the cells, a column too narrow for any sign is left out, unless a cell would go.
    """
    cells = tuple(cells)
    last = max((cell.right for cell in cells), default=0)
    slivers: set[int] = set()
    if len(widths) == last:
        slivers = {number for number, width in enumerate(widths) if 0 < width <= SLIVER}
        for cell in cells:
            if slivers.issuperset(range(cell.left, cell.right)):
                slivers.difference_update(range(cell.left, cell.right))
    numbers = [0]
    for column in range(last):
        numbers.append(numbers[-1] + (column not in slivers))
    return numbers.__getitem__


def cells_of(parent: etree._Element) -> Iterator[etree._Element]:
    for node in parent:
        name = name_of(node)
        if name == "tc":
            yield node
        elif name in OPEN_WRAPPERS:
            yield from cells_of(node)
        elif name == "mc:AlternateContent" and (branch := alternative(node)) is not None:
            yield from cells_of(branch)
