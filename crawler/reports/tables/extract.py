"""The tables of a document → one fact for every code of a form, in the form's order. Touches nothing.

A cell is read by its row label and its column label. What a second table, a second row or an unknown row
leaves in doubt is open, with an issue; a code is absent only where nothing of the kind stands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from crawler.model import CellState, Document, Fact, Issue, Paragraph, Place, Table
from crawler.reports.annex import tree
from crawler.reports.labels import normalise
from crawler.reports.tables.columns import Header
from crawler.reports.tables.regions import RegionReader, RowFacts
from crawler.reports.tables.transpose import Part, parts
from crawler.reports.tables.vocabulary import COMMON, vocabulary_of
from crawler.reports.templates import Block, Row, Template

# A table with fewer labels or figures of a section is a menu, not that section's table.
_FEWEST_LABELS = 4
_FEWEST_FIGURES = 4
# Issues of a format that say that a part of the document was not read.
UNREAD = frozenset(
    (
        "cut_off",
        "no_text",
        "page_too_big",
        "page_unreadable",
        "part_not_read",
        "picture_not_read",
        "table_too_big",
        "text_box_not_read",
        "too_many_rules",
        "too_many_scans",
    )
)
_LONGEST_LABEL = 80  # characters; longer paragraphs are prose, no label that lost its table


def extract(
    document: Document, template: Template, strangers: Mapping[int, str] | None = None
) -> tuple[tuple[Fact, ...], tuple[Issue, ...]]:
    """(facts, issues). Every code of the form is there, absent ones too.

    `strangers`: 0-based blocks of tables that are another report's, with the reason; nothing is read from them.
    """
    if not template.blocks:
        return (), ()
    facts, issues = _read(document, template, strangers or {})
    if any(issue.kind in UNREAD for issue in document.issues):  # what was not found may stand in what was not seen
        facts = tuple(replace(fact, state=CellState.OPEN) if fact.state is CellState.ABSENT else fact for fact in facts)
    return facts, issues


def _read(
    document: Document, template: Template, strangers: Mapping[int, str]
) -> tuple[tuple[Fact, ...], tuple[Issue, ...]]:
    if template.is_annex:
        return tree.read(document, template, strangers)
    extraction = _Extraction(template)
    for place, block in enumerate(document.blocks, start=1):
        if isinstance(block, Table):
            extraction.table(block, place, strangers.get(place - 1, ""))
        else:
            extraction.paragraph(block)
    return extraction.result()


@dataclass
class _Extraction:
    template: Template
    found: list[RowFacts] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    elsewhere: set[str] = field(default_factory=set)  # labels that stand where no row of a form was read
    unsettled: set[str] = field(default_factory=set)  # sections with rows that nobody knows
    rivals: set[str] = field(default_factory=set)  # sections of which a table stands that could not be read
    headers: dict[str, Header] = field(default_factory=dict)  # the newest of each section
    tables: int = 0

    def __post_init__(self) -> None:
        self.vocabulary = vocabulary_of(self.template)

    def paragraph(self, paragraph: Paragraph) -> None:
        if len(paragraph.text) <= _LONGEST_LABEL:
            self.elsewhere.add(normalise(paragraph.text))

    def table(self, table: Table, place: int, stranger: str) -> None:
        self.tables += 1
        for part in parts(table, self.vocabulary):
            if stranger and part.rows.statutory:
                self._once(Issue("two_reports", stranger, Place(place, self.tables)))
                self.unsettled.update(region.section.name for region in part.rows.regions)
            else:
                self._part(part, place)

    def _part(self, part: Part, place: int) -> None:
        rows = part.rows
        if not rows.statutory:
            self._unread(part.table, place)
            self.elsewhere.update(normalise(cell.text) for cells in part.table.rows for cell in cells)
            self.unsettled.update(
                region.section.name
                for region in rows.regions
                for row in region.values
                if row.row and not row.row.path[-1].names & COMMON
            )
            return
        for number, cells, section in rows.unknown:
            words = [" ".join(cell.text.split()) for cell in cells if cell.text and not cell.repeated]
            where = Place(place, self.tables, part.origin(number, 0)[0] + 1, row_label=words[0])
            self.issues.append(Issue("unknown_row", f"不认识的行，未读取：{' | '.join(words)}", where))
            self.elsewhere.update(normalise(word) for word in words)
            if section is not None:
                self.unsettled.add(section.name)
        if rows.unknown:  # a dump runs two tables together: the rows that nobody knows may be the other one
            self._unread(replace(part.table, rows=tuple(cells for _, cells, _ in rows.unknown)), place)
        for region in rows.regions:
            above = self.headers.get(region.section.name)
            reader = RegionReader(region, part, self.template, place, self.tables, above)
            self.found += reader.read()
            self.issues += reader.issues
            if region.header:
                self.headers[region.section.name] = reader.header

    def _unread(self, table: Table, place: int) -> None:
        """A table of a section's labels and figures that is no table of rows below columns: perhaps the right one."""
        texts = {normalise(cell.text) for cells in table.rows for cell in cells}
        figures = sum(
            not cell.repeated and any(sign.isdecimal() for sign in cell.text) and normalise(cell.text).isdecimal()
            for cells in table.rows
            for cell in cells
        )
        for section in self.vocabulary.sections:
            labels = (section.official.keys() | section.rows.keys()) - COMMON
            if figures >= _FEWEST_FIGURES and len(texts & labels) >= _FEWEST_LABELS:
                self.rivals.add(section.name)
                message = f"第{section.name}部分：表{self.tables} 有这一部分的栏目和数字，但看不出行和列，未读取。"
                self._once(Issue("unread_table", message, Place(place, self.tables)))

    def result(self) -> tuple[tuple[Fact, ...], tuple[Issue, ...]]:
        facts: dict[str, Fact] = {}
        for block in self.template.blocks:
            rows = self._by_row(block)
            doubled = self._tables_in_doubt(block, rows) or block.section in self.rivals
            for row in block.rows:
                facts.update(self._row(block, row, rows.get(row.code, []), doubled))
        return tuple(facts[cell.code] for cell in self.template.cells()), tuple(self.issues)

    def _by_row(self, block: Block) -> dict[str, list[RowFacts]]:
        codes = {block.code(row, column) for row in block.rows for column in block.columns}
        rows: dict[str, list[RowFacts]] = defaultdict(list)
        for found in self.found:
            if found.section == block.section and found.facts.keys() & codes:
                for code in found.row_codes:
                    rows[code].append(found)
        return rows

    def _tables_in_doubt(self, block: Block, rows: dict[str, list[RowFacts]]) -> bool:
        """Whether two tables fill the same row differently: then nobody knows which of them is the report's."""
        twice = [found for found in rows.values() if len({row.table for row in found}) > 1]
        if not twice:
            return False
        names = "、".join(f"表{table}" for table in sorted({row.table for found in twice for row in found}))
        title = block.label.text if block.label else f"第{block.section}部分"
        if all(_said(row) == _said(found[0]) for found in twice for row in found):
            self._once(Issue("repeated_table", f"{title}：{names} 都有这些行，数字相同，读取其一。"))
            return False
        self._once(Issue("duplicate_table", f"{title}：{names} 都有这些行，不能确定以哪一个为准。"))
        return True

    def _row(self, block: Block, row: Row, found: list[RowFacts], doubled: bool) -> dict[str, Fact]:
        codes = {block.code(row, column): column.unit for column in block.columns}
        if not found:
            state = CellState.OPEN if self._may_stand_elsewhere(block, row) else CellState.ABSENT
            return {code: Fact(code, state, unit) for code, unit in codes.items()}
        facts = {code: found[0].facts[code] for code in codes}
        lines = len({(row.table, row.number) for row in found if row.table == found[0].table})
        if lines == 1 and not doubled:
            return facts
        if not doubled:
            numbers = "、".join(str(line.number + 1) for line in found)
            where = Place(_block_of(facts.values()), found[0].table, found[0].number + 1, row_label=row.path[-1].text)
            self._once(Issue("duplicate_row", f"“{row.path[-1].text}”在第 {numbers} 行重复出现，未读取。", where))
        return {code: _opened(fact) for code, fact in facts.items()}

    def _may_stand_elsewhere(self, block: Block, row: Row) -> bool:
        if block.section in self.unsettled:
            return True
        if block.layout == "line":
            names = frozenset(name for column in block.columns for name in column.path[-1].names)
        else:
            names = row.path[-1].names
        stray = (names - COMMON) & self.elsewhere
        if stray:
            title = f"第{block.section}部分"
            self._once(Issue("labels_outside_table", f"{title}的栏目不在可以读取的表格里，有关数字未读取。"))
        return bool(stray)

    def _once(self, issue: Issue) -> None:
        if issue not in self.issues:
            self.issues.append(issue)


def _said(row: RowFacts) -> list[tuple[str, CellState, Decimal | None]]:
    return [(fact.code, fact.state, fact.value) for fact in row.facts.values()]


def _opened(fact: Fact) -> Fact:
    if fact.state is CellState.ABSENT:
        return fact
    return Fact(fact.code, CellState.OPEN, fact.unit, raw=fact.raw, place=fact.place)


def _block_of(facts: Iterable[Fact]) -> int:
    return next((fact.place.block for fact in facts if fact.place), 1)
