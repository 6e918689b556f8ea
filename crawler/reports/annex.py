"""Finds the lines of a statistics annex in a document: label, unit, value. Touches nothing, judges no branch.

In tables: label, unit and value in cells of a row, with a number in front or a remark behind, in one half or in
two halves side by side, or all in one cell. Without a table: paragraphs of a label and what belongs to it. What a
line says besides one label, one unit and one value makes it doubtful.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from crawler.model import Cell, Document, Paragraph, Place, Table
from crawler.reports import numbers
from crawler.reports.indicators import (
    LEAST_LABEL,
    LONGEST_LINE,
    Indicators,
    is_figure,
    is_top_heading,
    is_unit,
    label_and_figure,
    unit_in,
)
from crawler.reports.labels import normalise

# Fewer labels than this occur by chance in menus and tables of other things.
FEWEST_LABELS = 5
# Prose has headings that are called like lines of the annex; lines of text must have their values.
_FEWEST_LINES = 10
_LONGEST_GAP = 2  # paragraphs that nobody knows within the lines of an annex
_MOST_WORDS = 12  # of one label, where an editor put spaces into it


@dataclass(frozen=True, slots=True)
class Value:
    """`column`: 0-based, the last one that its cell covers; None within the label's own cell or in a text line."""

    text: str
    column: int | None = None
    cell: Cell | None = None


@dataclass
class Line:
    """One printed line. `name` is "" where the form has no such label; `doubt` is a kind of issue."""

    text: str
    name: str
    place: Place
    half: int = 0
    units: list[str] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)
    blanks: set[int | None] = field(default_factory=set)  # columns of cells that say nothing; None as for values
    row_width: int = 0  # columns of its whole row
    doubt: str = ""

    @property
    def is_top(self) -> bool:
        return is_top_heading(self.text)


@dataclass(frozen=True, slots=True)
class Annex:
    """`ordered`: whether lines that follow each other here do so in the form. `runs`: text annexes found."""

    lines: tuple[Line, ...]
    ordered: bool = True
    runs: int = 1


def find(document: Document, indicators: Indicators, strangers: frozenset[int] = frozenset()) -> Annex | None:
    """The annex of a document: its tables, or else its lines of text; None where neither has enough labels.

    `strangers`: 0-based blocks of tables that are another report's.
    """
    if not _is_likely(document, indicators):
        return None
    lines: list[Line] = []
    ordered = True
    number = 0
    for block, content in enumerate(document.blocks, start=1):
        if isinstance(content, Table):
            number += 1
            if block - 1 in strangers:
                continue
            reader = _TableReader(content, block, number, indicators)
            found = reader.read()
            if any(indicators.is_indicator(line.name) for line in found):
                lines += found
                ordered = ordered and (content.spans_known or not reader.splits)
    if len({line.name for line in lines if indicators.is_indicator(line.name)}) >= FEWEST_LABELS:
        return Annex(tuple(lines), ordered)
    runs = list(_TextReader(indicators).runs(document))
    if not runs:
        return None
    several = any(line.half for run in runs for line in run)
    return Annex(tuple(line for run in runs for line in run), not several, len(runs))


def _is_likely(document: Document, indicators: Indicators) -> bool:
    """A quick look, for the many documents that have none: do enough texts begin like labels?"""
    texts = (
        text
        for block in document.blocks
        for text in (
            [block.text] if isinstance(block, Paragraph) else (cell.text for row in block.rows for cell in row)
        )
        if len(text) <= LONGEST_LINE
    )
    begun = (text for text in texts if normalise(text)[:LEAST_LABEL] in indicators.beginnings)
    return next(islice(begun, FEWEST_LABELS - 1, None), None) is not None


@dataclass
class _TableReader:
    table: Table
    block: int
    number: int
    indicators: Indicators
    roles: dict[int, str] = field(default_factory=dict)  # column → what its header says; "" for unknown words
    heads: dict[int, int] = field(default_factory=dict)  # first → last column below a header of values
    head_width: int = 0
    splits: list[int] = field(default_factory=list)  # first columns of the second half and so on

    def read(self) -> list[Line]:
        self._find_splits()
        lines: list[Line] = []
        after_head = False
        for number, cells in enumerate(self.table.rows):
            own = [(place, cell) for place, cell in enumerate(cells) if _counts(cell)]
            labels = any(self._label(cell.text) for _, cell in own)
            if not labels and self._is_head(own, after_head and self._reaches_into(number)):
                after_head = True
                self._take_head(own, len(cells))
                continue
            after_head = False
            lines += self._row(number, own, cells) if labels else self._unknown(number, own)
        lines.sort(key=lambda line: (line.half, line.place.row or 0, line.place.column or 0))
        self._doubt(lines)
        return lines

    def _label(self, text: str) -> str:
        name = self.indicators.named(text)
        if name:
            return name
        parts = label_and_figure(text)
        return self.indicators.named(parts[0]) if parts else ""

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
        fits = self.table.spans_known or len(cells) == self.head_width
        for place, cell in own:
            name = self._label(cell.text)
            if name:
                line = Line(" ".join(cell.text.split()), name, self._place(number, place, cell), self._half(place))
                line.row_width = len(cells)
                _take_own_cell(line, self.indicators)
                lines.append(line)
            elif lines:
                self._take(lines[-1], place, cell, fits)
            elif cell.text and self._role(place, fits) != "aside" and not numbers.is_blank(cell.text):
                lines.append(Line(" ".join(cell.text.split()), "", self._place(number, place, cell), self._half(place)))
        known = [line for line in lines if line.name]
        if len(known) < len(lines) and any(is_figure(line.text) for line in lines if not line.name):
            for line in known:
                line.doubt = line.doubt or "unused_cell"
        if any(cell.missing for cell in cells):
            known[-1].doubt = known[-1].doubt or "row_does_not_fit"
        if not fits and any(role in ("aside", "") for role in self.roles.values()):
            for line in known:
                line.doubt = line.doubt or "row_does_not_fit"
        return lines

    def _take(self, line: Line, place: int, cell: Cell, fits: bool) -> None:
        last = place + cell.columns - 1
        role = self._role(last, fits)
        if role == "aside":
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


@dataclass
class _TextReader:
    indicators: Indicators

    def runs(self, document: Document) -> Iterator[list[Line]]:
        """Stretches of paragraphs that are the lines of an annex."""
        run: list[Line] = []
        gap: list[Line] = []
        for block, content in enumerate([*document.blocks, None], start=1):
            found = self._paragraph(content, block) if isinstance(content, Paragraph) else None
            if found:
                run += [*gap, *found]
                gap = []
            elif found is None and run and isinstance(content, Paragraph) and len(gap) < _LONGEST_GAP:
                gap.append(Line(content.text, "", Place(block, page=content.page, box=content.box)))
            elif found is None:
                if self._is_annex(run):
                    yield run
                run, gap = [], []

    def _is_annex(self, run: Sequence[Line]) -> bool:
        names = {line.name for line in run if line.values or line.blanks if self.indicators.is_indicator(line.name)}
        return len(names) >= _FEWEST_LINES

    def _paragraph(self, content: Paragraph, block: int) -> list[Line] | None:
        """The lines of a paragraph, none for words of the form that state nothing; None for anything else."""
        if len(content.text) > LONGEST_LINE:
            return None
        words = content.text.split()
        if self.indicators.is_footer(content.text) or self.indicators.is_neutral(content.text):
            return []
        if self.indicators.role(content.text) or all(self.indicators.role(word) for word in words):
            return []
        lines: list[Line] = []
        while words:
            length = self._label_length(words)
            if length:
                if lines and not (lines[-1].values or lines[-1].blanks or lines[-1].units):
                    return None  # two labels and nothing between them: prose
                text = " ".join(words[:length])
                place = Place(block, page=content.page, box=content.box)
                lines.append(Line(text, self._label(text), place, half=len(lines)))
                _take_own_cell(lines[-1], self.indicators)
                words = words[length:]
            elif lines and (is_unit(words[0]) or is_figure(words[0]) or numbers.is_blank(words[0])):
                _take_word(lines[-1], words.pop(0))
            else:
                return None
        return lines

    def _label(self, text: str) -> str:
        name = self.indicators.named(text)
        parts = label_and_figure(text)
        return name or (self.indicators.named(parts[0]) if parts else "")

    def _label_length(self, words: Sequence[str]) -> int:
        """How many of the first words make up a label; 0 for none."""
        for length in range(min(len(words), _MOST_WORDS), 0, -1):
            if self.indicators.named("".join(words[:length])):
                return length
        return 1 if self._label(words[0]) else 0


def _counts(cell: Cell) -> bool:
    """A cell that begins here; a unit that reaches down from above counts for every row that it covers."""
    return not cell.missing and (not cell.repeated or is_unit(cell.text))


def _take_own_cell(line: Line, indicators: Indicators) -> None:
    """The unit and the value that stand in the label's own cell."""
    if unit_in(line.text):
        line.units.append(unit_in(line.text))
    parts = None if indicators.named(line.text) else label_and_figure(line.text)
    if parts and numbers.is_blank(parts[1]):
        line.blanks.add(None)
    elif parts:
        line.values.append(Value(parts[1]))


def _take_word(line: Line, word: str) -> None:
    if is_unit(word):
        line.units.append(unit_in(word))
    elif numbers.is_blank(word):
        line.blanks.add(None)
    else:
        line.values.append(Value(word))
