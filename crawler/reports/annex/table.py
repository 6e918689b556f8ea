"""A table of a statistics annex → its lines: label, unit and value in the cells of a row. Touches nothing.

In one half or in two halves side by side, with a number in front or a remark behind, the label in one of several
columns, or all in one cell. What a line says besides one label, one unit and one value makes it doubtful.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from crawler.model import Cell, Place, Table
from crawler.reports import numbers
from crawler.reports.annex.indicators import Indicators, is_figure, is_unit, label_and_figure, unit_in
from crawler.reports.annex.lines import Line, Value, label_in, take_own_cell


@dataclass
class TableReader:
    """Reads one table. `block` and `number` are the document's numbers for places."""

    table: Table
    block: int
    number: int
    indicators: Indicators
    roles: dict[int, str] = field(default_factory=dict)  # column → what its header says; "" for unknown words
    heads: dict[int, int] = field(default_factory=dict)  # first → last column below a header of values
    head_width: int = 0  # columns of the newest header; before it, of most rows
    splits: list[int] = field(default_factory=list)  # first columns of the second half and so on

    def read(self) -> list[Line]:
        self._find_splits()
        self.head_width = self._usual_width()
        lines: list[Line] = []
        after_head = False
        for number, cells in enumerate(self.table.rows):
            own = [(place, cell) for place, cell in enumerate(cells) if _counts(cell)]
            labels = any(self._label(cell.text) for _, cell in own)
            if not labels and self._is_head(own, after_head and self._reaches_into(number)):
                after_head = True
                self._take_head(own, _width(cells))
                continue
            after_head = False
            lines += self._row(number, own, cells) if labels else self._unknown(number, own)
        lines.sort(key=lambda line: (line.half, line.place.row or 0, line.place.column or 0))
        self._doubt(lines)
        return lines

    def _usual_width(self) -> int:
        """How many columns most lines have: what a row without a header above it is measured by."""
        rows = (row for row in self.table.rows if any(_counts(cell) and self._label(cell.text) for cell in row))
        widths = Counter(_width(row) for row in rows)
        return widths.most_common(1)[0][0] if widths else 0

    def _label(self, text: str) -> str:
        return label_in(text, self.indicators)

    def _find_splits(self) -> None:
        """A second label in a row begins a second half where a unit or a value stands between the two."""
        found: dict[int, int] = {}
        for cells in self.table.rows:
            begins: list[int] = []
            filled = False
            for place, cell in enumerate(cells):
                if not _counts(cell) or not cell.text:
                    continue
                if self._label(cell.text) or self.indicators.role(cell.text) == "indicator":
                    if not begins or filled:
                        begins.append(place)
                    filled = bool(label_and_figure(cell.text)) and not self.indicators.named(cell.text)
                else:
                    filled = bool(begins)
            for half, place in enumerate(begins[1:]):
                found[half] = min(place, found.get(half, place))
        self.splits = [found[half] for half in sorted(found)]

    def _is_head(self, own: Sequence[tuple[int, Cell]], after_head: bool) -> bool:
        texts = [cell.text for _, cell in own if cell.text]
        if not texts or any(is_figure(text) for text in texts):
            return False
        roles = {self.indicators.role(text) for text in texts}
        return bool(roles & {"indicator", "value"}) or (after_head and not any(map(self.indicators.is_footer, texts)))

    def _reaches_into(self, number: int) -> bool:
        """Whether a cell of the row above goes on in this row: then a head has two rows."""
        above = self.table.rows[number - 1]
        return any(cell.rows > 1 and not cell.repeated for cell in above)

    def _take_head(self, own: Sequence[tuple[int, Cell]], width: int) -> None:
        self.head_width = width
        for place, cell in own:
            if cell.text and not is_unit(cell.text):
                role = self.indicators.role(cell.text)
                self.roles.update(dict.fromkeys(range(place, place + cell.columns), role))
                if role == "value":
                    self.heads[place] = place + cell.columns - 1

    def _unknown(self, number: int, own: Sequence[tuple[int, Cell]]) -> list[Line]:
        said = [(place, cell) for place, cell in own if cell.text and not numbers.is_blank(cell.text)]
        if not said or self.indicators.is_footer(said[0][1].text):
            return []
        if all(self.indicators.is_neutral(cell.text) for _, cell in said):
            return []
        text = " | ".join(" ".join(cell.text.split()) for _, cell in said)
        return [Line(text, "", self._place(number, *said[0]), self._half(said[0][0]))]

    def _row(self, number: int, own: Sequence[tuple[int, Cell]], cells: Sequence[Cell]) -> list[Line]:
        lines: list[Line] = []
        fits = _width(cells) == self.head_width
        for place, cell in own:
            name = self._label(cell.text)
            if name:
                line = Line(" ".join(cell.text.split()), name, self._place(number, place, cell), self._half(place))
                line.row_width = len(cells)
                take_own_cell(line, self.indicators)
                lines.append(line)
            elif lines:
                self._take(lines[-1], place, cell, fits)
            elif cell.text and self._role(place, fits) != "aside" and not numbers.is_blank(cell.text):
                lines.append(Line(" ".join(cell.text.split()), "", self._place(number, place, cell), self._half(place)))
        known = [line for line in lines if line.name]
        if len(known) < len(lines) and any(is_figure(line.text) for line in lines if not line.name):
            for line in known:
                line.doubt = line.doubt or "unused_cell"
        if not fits and (self.table.spans_known or any(role in ("aside", "") for role in self.roles.values())):
            for line in known:
                line.doubt = line.doubt or "row_does_not_fit"
        return lines

    def _take(self, line: Line, place: int, cell: Cell, fits: bool) -> None:
        last = place + cell.columns - 1
        role = self._role(last, fits)
        if role == "aside":
            if is_figure(cell.text) and (line.values or line.blanks):
                line.doubt = line.doubt or "row_does_not_fit"  # a number among the remarks: the row is shifted
            return
        if self._half(place) != line.half:
            line.doubt = line.doubt or ("" if numbers.is_blank(cell.text) else "row_does_not_fit")
        elif is_unit(cell.text):
            line.units.append(unit_in(cell.text))
        elif numbers.is_blank(cell.text):
            line.blanks.update(range(place, last + 1))
        else:
            line.values.append(Value(cell.text, last, cell))
            if cell.rows > 1:
                line.doubt = line.doubt or "merged_cells"
            elif role not in (None, "value"):
                line.doubt = line.doubt or ("unknown_column" if role == "" else "row_does_not_fit")

    def _role(self, place: int, fits: bool) -> str | None:
        return self.roles.get(place) if fits else None

    def _half(self, place: int) -> int:
        return sum(place >= split for split in self.splits)

    def _place(self, number: int, place: int, cell: Cell) -> Place:
        page = cell.box.page if cell.box else self.table.page
        return Place(self.block, self.number, number + 1, place + 1, page, box=cell.box)

    def _doubt(self, lines: Sequence[Line]) -> None:
        """What the columns say: in every half the values stand in one column, and a blank is a blank only there.

        Two columns of values are two years, or two agencies: nobody knows which is the report's.
        """
        for half in {line.half for line in lines}:
            own = [line for line in lines if line.half == half and self.indicators.is_indicator(line.name)]
            heads = {last for place, last in self.heads.items() if self._half(place) == half}
            columns: dict[int, set[int]] = {}  # by the width of the row: rows may be ragged
            for line in own:
                if not line.doubt:
                    filled = {value.column for value in line.values if value.column is not None}
                    columns.setdefault(line.row_width, set()).update(filled)
            several = len(heads) > 1 or any(len(line.values) > 1 for line in own)
            if several or any(len(places) > 1 for places in columns.values()):
                for line in own:
                    line.doubt = "several_values"
                continue
            for line in own:
                places = columns.get(line.row_width) or (heads if line.row_width == self.head_width else set())
                if not line.values and not line.blanks & {*places, None}:
                    line.doubt = line.doubt or "row_does_not_fit"


def _width(cells: Sequence[Cell]) -> int:
    """The columns that a row fills by itself or by spans."""
    return sum(not cell.missing for cell in cells)


def _counts(cell: Cell) -> bool:
    """A cell that begins here; a unit that reaches down from above counts for every row that it covers."""
    return not cell.missing and (not cell.repeated or is_unit(cell.text))
