"""Lays the facts of a reading out as the statutory form prints its tables. May touch nothing.

The form comes from config/templates by way of crawler.reports.templates: rows and columns are paths of labels,
and labels that several of them share become one header that spans them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from crawler.model import CellState, Place
from crawler.reports.templates import Block, Label, Template, labels
from crawler.store.tables import FactRow

PaddedPath = tuple[str | None, ...]  # labels, outermost first; None where the label before it reaches further


@dataclass(frozen=True, slots=True)
class Header:
    """A label that spans `rows` × `columns` of the grid."""

    text: str
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class FormCell:
    """One cell. `state` None: the reading says nothing about this code. `number` only in state NUMBER.

    `certain` False: recognised in a picture, not confirmed. `proposal`: the number that it must be by the form's sums,
    where it could not be read: inferred, never read. `spot`: its place as the query of an archived document's view.
    `label`: the path of the form's own labels.
    """

    code: str
    state: CellState | None
    number: str
    unit: str
    raw: str
    place: str
    columns: int = 1
    certain: bool = True
    proposal: str = ""
    spot: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class FormRow:
    headers: tuple[Header, ...]
    cells: tuple[FormCell, ...]


@dataclass(frozen=True, slots=True)
class FormBlock:
    """Rows that share their columns. `label`: the line the form prints above them, or empty."""

    label: str
    head: tuple[tuple[Header, ...], ...]
    rows: tuple[FormRow, ...]


@dataclass(frozen=True, slots=True)
class FormTable:
    """One table: `section` 二, 三, 四 or 附; `depth` columns of row labels, `width` columns of cells."""

    section: str
    depth: int
    width: int
    blocks: tuple[FormBlock, ...]

    @property
    def cells(self) -> tuple[FormCell, ...]:
        return tuple(cell for block in self.blocks for row in block.rows for cell in row.cells)


def lay_out(
    template: Template, facts: Sequence[FactRow], proposals: Sequence[Mapping[str, Any]] = ()
) -> tuple[FormTable, ...]:
    """The tables of the form, filled with the facts of one reading; `proposals` as stored with the reading."""
    proposed = {proposal["code"]: show_number(Decimal(proposal["value"])) for proposal in proposals}
    by_code = {fact.code: _cell(fact.code, fact, proposed.get(fact.code, "")) for fact in facts}
    tables = []
    for section in dict.fromkeys(block.section for block in template.blocks):
        blocks = [block for block in template.blocks if block.section == section]
        depth = max(_row_depth(block) for block in blocks)
        width = max(_width(block) for block in blocks)
        tables.append(FormTable(section, depth, width, tuple(_block(block, by_code, depth, width) for block in blocks)))
    return tuple(tables)


def outside(template: Template | None, facts: Sequence[FactRow]) -> tuple[FormCell, ...]:
    """The facts that the form has no place for, so that none is ever hidden."""
    known = {cell.code for cell in template.cells()} if template else set()
    return tuple(_cell(fact.code, fact) for fact in facts if fact.code not in known)


def show_number(value: Decimal) -> str:
    """Exact, with thousands separators: 3744 → 3,744, 12500.50 → 12,500.5."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def show_place(place: Mapping[str, object] | None) -> str:
    """A place as stored, in words."""
    return str(Place(**place)) if place else ""  # type: ignore[arg-type]  # JSON of Place.as_json


def spot(place: Mapping[str, object] | None) -> str:
    """A place as stored, as the query that marks it in the view of the archived document: `table=3&row=5&column=4`."""
    if not place:
        return ""
    names = ("table", "row", "column") if place.get("table") else ("block",)
    return urlencode({name: place[name] for name in names if place.get(name)})


def _block(block: Block, cells_by_code: Mapping[str, FormCell], depth: int, width: int) -> FormBlock:
    label = block.label.text if block.label else ""
    columns = _padded([_texts(column.path) for column in block.columns])
    if block.layout == "line":
        rows = _padded([_texts(row.path) for row in block.rows])
        head = _head([row + column for row in rows for column in columns])
        codes = [block.code(row, column) for row in block.rows for column in block.columns]
        line = FormRow((), tuple(cells_by_code.get(code) or _cell(code, None) for code in codes))
        return FormBlock(label, head, (line,))
    if block.layout == "tree":
        return FormBlock(label, _head(columns), tuple(_tree(block, cells_by_code, depth)))
    spare = width - len(block.columns)  # the last column of a narrow block fills the table's width
    labels = _spans(_padded([_texts(row.path) for row in block.rows], depth))
    lines = []
    for row, headers in zip(block.rows, labels, strict=True):
        cells = [
            cells_by_code.get(code) or _cell(code, None)
            for code in (block.code(row, column) for column in block.columns)
        ]
        cells[-1] = replace(cells[-1], columns=1 + spare)
        lines.append(FormRow(tuple(headers), tuple(cells)))
    return FormBlock(label, _head(columns, spare), tuple(lines))


def _tree(block: Block, cells_by_code: Mapping[str, FormCell], depth: int) -> Iterator[FormRow]:
    """One line a label, indented by its depth: a label with a value of its own may have parts below it."""
    above: PaddedPath = ()
    for row in block.rows:
        path = _texts(row.path)
        for level, text in enumerate(path):
            if above[: level + 1] == path[: level + 1]:
                continue
            leaf = level == len(path) - 1
            cells = [
                cells_by_code.get(code) or _cell(code, None)
                for code in (block.code(row, column) for column in block.columns)
            ]
            width = depth if leaf else depth + len(cells)
            yield FormRow((Header("　" * level + text, 1, width),), tuple(cells) if leaf else ())
        above = path


def _head(paths: list[PaddedPath], spare: int = 0) -> tuple[tuple[Header, ...], ...]:
    """The header lines above the columns: the spans of the paths, turned by a quarter."""
    lines: list[list[Header]] = [[] for _ in paths[0]]
    for number, starts in enumerate(_positions(paths), start=1):
        for level, header in starts:
            widened = header.rows + (spare if number + header.rows - 1 == len(paths) else 0)
            lines[level].append(Header(header.text, rows=header.columns, columns=widened))
    return tuple(tuple(line) for line in lines)


def _spans(paths: list[PaddedPath]) -> list[list[Header]]:
    return [[header for _, header in starts] for starts in _positions(paths)]


def _positions(paths: list[PaddedPath]) -> list[list[tuple[int, Header]]]:
    """For every path the headers that begin at it, each with its level.

    A label spans the paths that follow with the same beginning, and the levels that are empty behind it.
    """
    found: list[list[tuple[int, Header]]] = []
    for number, path in enumerate(paths):
        starts = []
        for level, text in enumerate(path):
            if text is None or (number and paths[number - 1][: level + 1] == path[: level + 1]):
                continue
            alike = 1
            while number + alike < len(paths) and paths[number + alike][: level + 1] == path[: level + 1]:
                alike += 1
            deep = 1
            while level + deep < len(path) and path[level + deep] is None:
                deep += 1
            starts.append((level, Header(text, rows=alike, columns=deep)))
        found.append(starts)
    return found


def _padded(paths: list[tuple[str, ...]], depth: int = 0) -> list[PaddedPath]:
    depth = max(depth, *(len(path) for path in paths))
    return [(*path, *(None,) * (depth - len(path))) for path in paths]


def _texts(path: tuple[Label, ...]) -> tuple[str, ...]:
    return tuple(label.text for label in path)


def _row_depth(block: Block) -> int:
    if block.layout == "matrix":
        return max(len(row.path) for row in block.rows)
    return 0 if block.layout == "line" else 1


def _width(block: Block) -> int:
    return len(block.columns) * (len(block.rows) if block.layout == "line" else 1)


def _cell(code: str, fact: FactRow | None, proposal: str = "") -> FormCell:
    label = labels().get(code, "")
    if fact is None:
        return FormCell(code, None, number="", unit="", raw="", place="", label=label)
    state = CellState(fact.state)
    return FormCell(
        code,
        state,
        number="" if fact.value is None else show_number(fact.value),
        unit=fact.unit,
        raw=fact.raw,
        place=show_place(fact.place),
        certain=fact.certain is not False or state is not CellState.NUMBER,  # None: not stored yet
        proposal="" if state is CellState.NUMBER else proposal,
        spot=spot(fact.place),
        label=label,
    )
