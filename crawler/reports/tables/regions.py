"""A region of a statutory table → the facts of its rows, and what could not be settled. Touches nothing.

Long, because it is one reader: each of its steps works on what the steps before it have settled.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from crawler.model import Box, Cell, CellState, Fact, Issue, Place
from crawler.reports import numbers
from crawler.reports.labels import normalise, unit_in
from crawler.reports.tables import columns, witness
from crawler.reports.tables.columns import Found, Header, Match
from crawler.reports.tables.rows import Region, ValueRow
from crawler.reports.tables.transpose import Part
from crawler.reports.tables.vocabulary import Path
from crawler.reports.tables.witness import Sums
from crawler.reports.templates import Column, Row, Template

# A lost column leaves the total certain only where it equals the sum in every row, and in some of them as
# a real sum: a table of noughts proves nothing.
_REAL_SUMS = 2


@dataclass(frozen=True, slots=True)
class RowFacts:
    """One row of the form as one table states it."""

    section: str
    row_codes: tuple[str, ...]  # codes of the rows of the form that this line of the table fills
    table: int
    number: int
    facts: Mapping[str, Fact]


@dataclass
class RegionReader:
    """Reads one region of a part. `block` and `table` are the document's numbers for places.

    `inherited`: the header of the same section's table above, for a region that has none of its own.
    """

    region: Region
    part: Part
    template: Template
    block: int
    table: int
    inherited: Header | None = None
    issues: list[Issue] = field(default_factory=list)

    def read(self) -> list[RowFacts]:
        region = self.region
        values = region.values or self._blank_line()
        if not values:
            return []
        header = self.header
        if not region.header:
            return self._continued(values, header)
        self._report_columns(header)
        matches = self._matches(values, header)
        unfit = [row for row in values if matches[row.number] is None]
        totals = self._certain_totals(unfit, header) if len(unfit) == len(values) else {}
        if unfit:
            self._report_unfit(unfit, header, bool(totals))
        elif not self._columns_settled(values, matches):
            self._issue(
                "columns_in_doubt", "栏目比格式多，表内的数字又不能证明哪一列属于哪个栏目，各列均不读取", values
            )
            return [self._open(row, header) for row in values]
        result = []
        for row in values:
            found = matches[row.number]
            if found is not None:
                result.append(self._facts(row, header, found.found))
                self._report_unused(row, header)
            else:
                result.append(self._open(row, header, totals.get(row.number)))
        return result

    @cached_property
    def header(self) -> Header:
        """The region's own labels; the inherited ones where it has none."""
        if not self.region.header and self.inherited is not None:
            return self.inherited
        return columns.read_header(self.region, spans_known=self.part.table.spans_known, neutral=self.neutral)

    def _continued(self, values: list[ValueRow], header: Header) -> list[RowFacts]:
        """Rows without labels above them: the second half of a table, if the sums of every row say so."""
        matches = {row.number: columns.by_order(row.own_values(), header, tuple(self._wanted(row))) for row in values}
        sums = self._sums()
        texts = [match.texts for match in matches.values() if match is not None and match.texts is not None]
        if sums is None or len(texts) < len(values) or not witness.confirmed(header.order.leaves, texts, sums):
            self._issue("no_header", "这些行上方没有列名，数字未按列读取", values)
            return [self._open(row, header) for row in values]
        self._issue("continued", "这些行上方没有列名，按同一部分上一个表格的列名读取，各行之和均与总计相符", values)
        return [self._facts(row, header, match.found) for row in values if (match := matches[row.number]) is not None]

    def _columns_settled(self, values: list[ValueRow], matches: Mapping[int, Match | None]) -> bool:
        """Whether each column is certain. A table with the form's own number of columns needs no witness."""
        by_leaves: dict[tuple[Path | None, ...], list[tuple[str, ...]]] = defaultdict(list)
        for row in values:
            match = matches[row.number]
            if match is not None and len(match.leaves) > len(self._wanted(row)):
                by_leaves[match.leaves].append(match.texts or ())
        for leaves, texts in by_leaves.items():
            whole = [row for row in texts if row]
            sums = self._sums()
            if not whole or not witness.settled(leaves, whole, sums):
                return False
            if sums is not None and witness.subtotals(leaves) == 1 and not witness.subtotal_holds(leaves, whole, sums):
                self._issue("subtotal_differs", "小计一列与各组成列之和不符，小计未采用", values)
        return True

    def _sums(self) -> Sums | None:
        """What the form says of a row of this section, where it says it of columns."""
        section = self.region.section
        paths = {column.code: path for block in section.blocks for path, (_, column) in section.columns(block).items()}
        for identity in self.template.identities:
            if identity.section == section.name and identity.per == "row" and not section.is_line:
                parts = frozenset(paths[code] for code in identity.left)
                return Sums(parts, paths[identity.right[0]], frozenset().union(*section.subtotals.values()))
        return None

    def _blank_line(self) -> list[ValueRow]:
        """Table four with nothing filled in: the last empty row below the header is its line of values."""
        if not self.region.blank_lines:
            return []
        number = self.region.blank_lines[-1]
        return [ValueRow(number, self.part.table.rows[number], self.region.section.blocks[0], None, -1, "")]

    def _wanted(self, row: ValueRow) -> Mapping[Path, tuple[Row | None, Column]]:
        return self.region.section.columns(row.block)

    def _matches(self, values: list[ValueRow], header: Header) -> dict[int, Match | None]:
        found = {row.number: columns.match(row, header, tuple(self._wanted(row))) for row in values}
        if self.part.table.spans_known:
            return found
        sums = self._sums()
        if all(match is not None for match in found.values()):
            texts = [match.texts for match in found.values() if match is not None and match.texts is not None]
            return dict.fromkeys(found) if sums and witness.refuted(header.order.leaves, texts, sums) else found
        # Without spans one row that does not fit makes the others doubtful: empty cells may be padding.
        padded = {row.number: columns.trimmed(row.own_values()) for row in values}
        whole = all(
            len(cells) == len(header.order.leaves) and all(cell.text for _, cell in cells) for cells in padded.values()
        )
        texts = [tuple(cell.text for _, cell in cells) for cells in padded.values()]
        if whole and (sums is None or witness.confirmed(header.order.leaves, texts, sums)):
            return {
                row.number: columns.by_order(padded[row.number], header, tuple(self._wanted(row))) for row in values
            }
        return dict.fromkeys(found)

    def _facts(self, row: ValueRow, header: Header, found: Mapping[Path, Found]) -> RowFacts:
        facts: dict[str, Fact] = {}
        for path, (form_row, column) in self._wanted(row).items():
            code = row.block.code(form_row or _row_of(row), column)
            cell = found.get(path)
            if cell is None:
                state = CellState.OPEN if header.says(path) else CellState.ABSENT
                facts[code] = Fact(code, state, column.unit)
                continue
            place = self._place(row, path, cell.place, cell.cell)
            if cell.why:
                if cell.why != "duplicate_column":  # said once, of the header
                    self.issues.append(Issue(cell.why, f"“{cell.text}”不能确定属于哪一格。", place))
                facts[code] = Fact(code, CellState.OPEN, column.unit, raw=cell.text, place=place)
                continue
            facts[code] = self._fact(code, column, cell.cell, place)
        return RowFacts(self.region.section.name, self._row_codes(row), self.table, row.number, facts)

    def _fact(self, code: str, column: Column, cell: Cell, place: Place) -> Fact:
        text = cell.text
        reading = numbers.read(text, unit=column.unit, label_unit=self._label_unit(column), signed=column.signed)
        if reading.state is CellState.UNREADABLE:
            self.issues.append(Issue("unreadable_cell", f"“{text}”{reading.reason}。", place))
        elif reading.state is CellState.OPEN:
            self.issues.append(Issue("unit_open", f"“{text}”：{reading.reason}。", place))
        elif reading.remark:
            self.issues.append(Issue("number_remark", f"“{text}”：{reading.remark}。", place))
        return Fact(code, reading.state, column.unit, reading.value, text, place, cell.confidence >= 1)

    def _label_unit(self, column: Column) -> str | None:
        return unit_in(self._printed.get(column.path[-1].name, ""))

    def _open(self, row: ValueRow, header: Header, total: tuple[int, Cell] | None = None) -> RowFacts:
        """Everything in the row stays open, but a total that the other cells prove."""
        raw = " | ".join(" ".join(cell.text.split()) for _, cell in columns.trimmed(row.own_values()))
        facts: dict[str, Fact] = {}
        for path, (form_row, column) in self._wanted(row).items():
            code = row.block.code(form_row or _row_of(row), column)
            if total is not None and column.code == self._total_code():
                facts[code] = self._fact(code, column, total[1], self._place(row, path, total[0], total[1]))
            else:
                place = self._place(row, path, None, None)
                facts[code] = Fact(code, CellState.OPEN, column.unit, raw=raw, place=place)
        return RowFacts(self.region.section.name, self._row_codes(row), self.table, row.number, facts)

    def _certain_totals(self, rows: list[ValueRow], header: Header) -> dict[int, tuple[int, Cell]]:
        """Row number → the cell of the total, where a column is lost but the sums prove the last one.

        The total is the last label; every row has the same number of numbers; in every row the last of them
        is the sum of the others, in at least _REAL_SUMS rows not nought.
        """
        code = self._total_code()
        leaves = header.order.leaves
        paths = {column.code: path for row in rows for path, (_, column) in self._wanted(row).items()}
        if code is None or not leaves or leaves[-1] != paths.get(code):
            return {}
        last: dict[int, tuple[int, Cell]] = {}
        lengths: set[int] = set()
        real = 0
        for row in rows:
            cells = columns.trimmed(row.own_values())
            readings = [numbers.read(cell.text, unit="件").value for _, cell in cells]
            sums = [value for value in readings if value is not None]
            if len(sums) < 3 or len(sums) != len(readings) or sums[-1] != sum(sums[:-1], Decimal(0)):
                return {}
            lengths.add(len(sums))
            real += sums[-1] > 0
            last[row.number] = cells[-1]
        return last if len(lengths) == 1 and real >= _REAL_SUMS else {}

    def _total_code(self) -> str | None:
        """The column that the form says is the sum of all others of its row."""
        for identity in self.template.identities:
            if identity.section == self.region.section.name and identity.per == "row" and len(identity.right) == 1:
                return identity.right[0] if not self.region.section.is_line else None
        return None

    def _report_unfit(self, unfit: list[ValueRow], header: Header, totals: bool) -> None:
        expected = len(header.order.leaves)
        counts = sorted({len(columns.trimmed(row.own_values())) for row in unfit})
        met = "、".join(str(count) for count in counts)
        if len(unfit) == len(self.region.values) and counts == [expected - 1]:
            message = f"列名有 {expected} 个，各行只有 {met} 个数：丢失了一列，不能确定是哪一列，各列均不读取"
            if totals:
                message += "；最后一列在每一行都等于其余各数之和，据此确认为总计"
            self._issue("lost_column", message, unfit)
            return
        message = f"有 {len(unfit)} 行的格数（{met}）与列名（{expected} 个）对不上，这些行未按列读取"
        if not all(header.names_all(tuple(self._wanted(row))) for row in unfit):
            message = f"列名不全、重复或有不认识的，而且没有可靠的表格结构，有 {len(unfit)} 行未按列读取"
        self._issue("row_does_not_fit", message, unfit)

    def _is_unknown(self, name: str) -> bool:
        section = self.region.section
        return bool(name) and name not in section.official and name not in self.neutral

    @cached_property
    def neutral(self) -> frozenset[str]:
        """Words that may stand in a header and say nothing."""
        return self.template.ignore | self.region.section.markers

    def _report_columns(self, header: Header) -> None:
        for number, cells in self.region.header:
            for place, cell in enumerate(cells):
                if not cell.repeated and self._is_unknown(normalise(cell.text)):
                    where = self._at(number, place, column_label=cell.text)
                    self.issues.append(Issue("unknown_column", f"不认识的列“{cell.text}”，该列未读取。", where))
        for leaf in sorted(header.doubled):
            where = self._at(self.region.header[0][0], column_label=leaf[-1])
            self.issues.append(Issue("duplicate_column", f"列“{leaf[-1]}”出现了不止一次，未读取。", where))

    def _report_unused(self, row: ValueRow, header: Header) -> None:
        """Figures in columns without any label. Columns with an unknown label are reported by that label."""
        if header.places is None:
            return
        for place, cell in row.own_values():
            leaf = header.places[place] if place < len(header.places) else None
            above = {normalise(cells[place].text) for _, cells in self.region.header if place < len(cells)}
            unlabelled = leaf is None and not any(self._is_unknown(name) for name in above)
            stray = leaf is not None and not witness.is_extra(leaf) and leaf not in self._wanted(row)
            if cell.text and (unlabelled or stray):
                where = self._at(row.number, place, row_label=row.printed)
                self.issues.append(Issue("unused_cell", f"“{cell.text}”所在的列没有这一行的列名，未读取。", where))

    def _issue(self, kind: str, message: str, rows: list[ValueRow]) -> None:
        first = rows[0]
        where = self._at(first.number, row_label=first.printed)
        self.issues.append(Issue(kind, message + "。", where))

    def _place(self, row: ValueRow, path: Path, column: int | None, cell: Cell | None) -> Place:
        labels = [self._printed.get(name, name) for name in path]
        box = cell.box if cell else None
        return self._at(
            row.number,
            column,
            row_label=row.printed or "／".join(labels[:-1]),
            column_label=labels[-1] if not row.printed else "／".join(labels),
            page=box.page if box else self.part.table.page,
            box=box,
        )

    def _at(
        self,
        row: int,
        column: int | None = None,
        *,
        row_label: str = "",
        column_label: str = "",
        page: int | None = None,
        box: Box | None = None,
    ) -> Place:
        """A place of the document for a 0-based row and column of the part."""
        at_row, at_column = self.part.origin(row, column)
        return Place(
            block=self.block,
            table=self.table,
            row=at_row + 1,
            column=None if at_column is None else at_column + 1,
            page=page,
            row_label=row_label,
            column_label=column_label,
            box=box,
        )

    @cached_property
    def _printed(self) -> dict[str, str]:
        """Name of an official header label → how this table prints it."""
        official = self.region.section.official
        return {
            official[normalise(cell.text)]: "".join(cell.text.split())
            for _, cells in self.region.header
            for cell in cells
            if normalise(cell.text) in official
        }

    def _row_codes(self, row: ValueRow) -> tuple[str, ...]:
        return (row.row.code,) if row.row else tuple(form_row.code for form_row in row.block.rows)


def _row_of(row: ValueRow) -> Row:
    if row.row is None:  # pragma: no cover - a line names the row of each of its columns
        raise AssertionError("a line of values has its rows in its columns")
    return row.row
