"""One value row and its header → for every column of the form the cells that belong to it, or why not.

Touches nothing. Where the labels and the number of cells do not settle it, nothing is given away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crawler.model import Cell
from crawler.reports.labels import normalise
from crawler.reports.tables import headers
from crawler.reports.tables.headers import LeafSequence
from crawler.reports.tables.rows import Region, ValueRow
from crawler.reports.tables.vocabulary import Path, Section
from crawler.reports.tables.witness import is_extra


@dataclass(frozen=True, slots=True)
class Found:
    """The cell of one column. `why` (a kind of issue) is set where its text belongs to no single column."""

    place: int  # 0-based column of the grid
    text: str
    cell: Cell
    why: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """The cells of a row by column. `leaves`: what the header says of all columns right of the labels.

    `texts`: what stands in them, None where a cell spans several.
    """

    found: Mapping[Path, Found]
    leaves: tuple[Path | None, ...]
    texts: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Header:
    """A region's header, read both ways. `places` is None where the grid cannot be trusted."""

    places: tuple[Path | None, ...] | None
    order: LeafSequence
    doubled: frozenset[Path] = frozenset()  # leaves whose label stands over two columns

    def names_all(self, wanted: Sequence[Path]) -> bool:
        """Whether every label is there once and nothing unknown: only then does the order alone settle it."""
        leaves = self.order.leaves
        return (
            self.order.settled and None not in leaves and len(set(leaves)) == len(leaves) and set(wanted) <= set(leaves)
        )

    def says(self, path: Path) -> bool:
        """Whether the label stands somewhere above, or an unknown label that may be it."""
        leaves = self.order.leaves
        return not self.order.settled or None in leaves or path in leaves


def read_header(region: Region, *, spans_known: bool, neutral: frozenset[str]) -> Header:
    rows = [cells for _, cells in region.header]
    whole = spans_known and not any(cell.missing for cells in rows for cell in cells)
    places = tuple(headers.by_place(rows, region.section, neutral)) if whole and rows else None
    if places and not _stand_where_they_say(rows, places, region.section):
        places = None
    labelled = [places[place] for place in sorted(set(headers.label_begins(rows, neutral)))] if places else []
    doubled = frozenset(leaf for leaf in labelled if leaf is not None and labelled.count(leaf) > 1)
    return Header(places, headers.by_sequence(rows, region.section, neutral), doubled)


def _stand_where_they_say(rows: Sequence[tuple[Cell, ...]], places: Sequence[Path | None], section: Section) -> bool:
    """Whether every label of a column is the label of its own place in the grid.

    Where one is not, a span was lost above it and the row was filled up: the labels stand over other columns' values.
    """
    ends = {leaf[-1] for leaf in section.leaves}
    for cells in rows:
        for place, cell in enumerate(cells):
            official = None if cell.repeated else section.official.get(normalise(cell.text))
            leaf = places[place]
            if official in ends and (leaf is None or leaf[-1] != official):
                return False
    return True


def match(row: ValueRow, header: Header, wanted: Sequence[Path]) -> Match | None:
    """Column path → its cell; None where the row does not fit the header."""
    if header.places is not None and not any(cell.missing for cell in row.cells):
        found = _by_place(row, header.places, header.doubled, wanted)
        if found is not None:
            return found
    if _reached_from_above(row) or _has_unlabelled(header):
        return None  # how many cells the row has says nothing
    return by_order(row.own_values(), header, wanted)


def _reached_from_above(row: ValueRow) -> bool:
    """Whether a value of a row above takes the place of one of this row."""
    end = row.after + 1
    for place, cell in enumerate(row.cells):
        if not cell.repeated:
            end = max(end, place + cell.columns)
        elif place >= end and cell.text:
            return True
    return False


def _has_unlabelled(header: Header) -> bool:
    """Whether columns without a known label stand among the others: then the order of the labels is not theirs."""
    if header.places is None:
        return False
    first = next((place for place, leaf in enumerate(header.places) if leaf is not None), 0)
    return None in header.places[first:]


def _by_place(
    row: ValueRow, places: Sequence[Path | None], doubled: frozenset[Path], wanted: Sequence[Path]
) -> Match | None:
    coded = [place for place, leaf in enumerate(places) if leaf in wanted]
    if not coded or coded[0] <= row.after:
        return None
    first = next(place for place, leaf in enumerate(places) if leaf is not None and place > row.after)
    if any(cell.text for cell in row.cells[row.after + 1 : first]):
        return None  # a label that nobody knows: this may be another row
    owner: dict[int, int] = {}
    for place, cell in enumerate(row.cells):
        if not cell.repeated:
            for covered in range(place, place + cell.columns):
                owner.setdefault(covered, place)
    found: dict[Path, Found] = {}
    for leaf in wanted:
        own = [place for place in coded if places[place] == leaf]
        if own and leaf in doubled:
            texts = " | ".join(row.cells[place].text for place in own)
            found[leaf] = Found(own[0], texts, row.cells[own[0]], "duplicate_column")
        elif own:
            found[leaf] = _one_column(row.cells, own, owner)
    return Match(found, *_all_columns(row, places, doubled, first, owner))


def _one_column(cells: Sequence[Cell], own: list[int], owner: Mapping[int, int]) -> Found:
    """The text under one label: in one cell, or in one of several with the others empty."""
    first = own[0]
    if any(place not in owner for place in own):  # the cell began in a row above
        return Found(first, cells[first].text, cells[first], "merged_cells" if cells[first].text else "")
    begun = sorted({owner[place] for place in own})
    filled = [place for place in begun if cells[place].text]
    if not filled:
        return Found(first, "", cells[begun[0]])
    place, cell = filled[0], cells[filled[0]]
    if len(filled) > 1:
        return Found(first, " | ".join(cells[place].text for place in filled), cell, "merged_cells")
    beyond = place < first or place + cell.columns - 1 > own[-1]
    return Found(place, cell.text, cell, "merged_cells" if beyond or cell.rows > 1 else "")


def _all_columns(
    row: ValueRow,
    places: Sequence[Path | None],
    doubled: frozenset[Path],
    first: int,
    owner: Mapping[int, int],
) -> tuple[tuple[Path | None, ...], tuple[str, ...] | None]:
    """(leaves, texts) of every column from `first` on; columns below one label count as one."""
    leaves: list[Path | None] = []
    texts: list[str] = []
    whole = True
    for place in range(first, len(places)):
        text = row.cells[place].text if owner.get(place) == place else ""
        leaf = places[place]
        if leaves and leaf is not None and leaf == leaves[-1] and leaf not in doubled:
            texts[-1] = texts[-1] or text
            continue
        begun = owner.get(place) == place
        if leaf is None and not begun and place in owner:
            continue  # the grid is finer here than the table: the value reaches over from the left
        whole = whole and begun
        leaves.append(leaf)
        texts.append(text)
    return tuple(leaves), tuple(texts) if whole else None


def by_order(values: Sequence[tuple[int, Cell]], header: Header, wanted: Sequence[Path]) -> Match | None:
    """Left to right: every label must be there, and a cell for each of them."""
    leaves = header.order.leaves
    if not header.names_all(wanted):
        return None
    surplus = values[len(leaves) :]
    if len(surplus) not in (0, header.order.trailing_blanks) or len(values) < len(leaves):
        return None
    if any(cell.text for _, cell in surplus):
        return None
    found = {
        leaf: Found(place, cell.text, cell, "merged_cells" if cell.text and cell.rows > 1 else "")
        for leaf, (place, cell) in zip(leaves, values, strict=False)
        if leaf is not None and not is_extra(leaf)
    }
    return Match(found, tuple(leaves), tuple(cell.text for _, cell in values[: len(leaves)]))


def trimmed(values: Sequence[tuple[int, Cell]]) -> list[tuple[int, Cell]]:
    """Without the empty cells at both ends: a PDF's extraction pads its rows."""
    filled = [number for number, (_, cell) in enumerate(values) if cell.text]
    return list(values[filled[0] : filled[-1] + 1]) if filled else []
