"""What the words of a form mean in a table: row label, column label, or nothing. Touches nothing.

Built once for a template. A leaf is the end of a column path; in table four it is a row and a column at once,
since all labels of that table stand above one line of values.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from crawler.reports.templates import Block, Column, Label, Row, Template

# Labels that tables of any kind have: they prove nothing about a table.
COMMON = frozenset(("其他", "其它", "总计", "合计", "总", "自", "小计"))

SUBTOTAL = "小计"

Path = tuple[str, ...]  # names of the official labels, outermost first


def path_of(labels: tuple[Label, ...]) -> Path:
    return tuple(label.name for label in labels)


@dataclass(frozen=True)
class Section:
    """One of the form's tables: 二, 三 or 四."""

    name: str
    blocks: tuple[Block, ...]
    subtotal_names: frozenset[str] = frozenset()

    @property
    def is_line(self) -> bool:
        return self.blocks[0].layout == "line"

    @cached_property
    def official(self) -> dict[str, str]:
        """Every variant of a header label → the name of the official one."""
        labels = [label for block in self.blocks for column in block.columns for label in column.path]
        if self.is_line:
            labels += [label for block in self.blocks for row in block.rows for label in row.path]
        subtotals = dict.fromkeys(self.subtotal_names, SUBTOTAL) if self.subtotals else {}
        return subtotals | {name: label.name for label in labels for name in label.names}

    @cached_property
    def leaves(self) -> frozenset[Path]:
        """Of all columns, and of the subtotals that some tables have beside them."""
        return frozenset(path for block in self.blocks for path in self.columns(block)) | self.subtotals.keys()

    @cached_property
    def subtotals(self) -> dict[Path, frozenset[Path]]:
        """Where a column 小计 may stand that the form does not have: its path → the columns that it sums."""
        if self.is_line or not self.subtotal_names:
            return {}
        paths = [path for block in self.blocks for path in self.columns(block)]
        groups = {path[:-1] for path in paths if len(path) > 1}
        return {
            (*group, SUBTOTAL): frozenset(path for path in paths if path[: len(group)] == group) for group in groups
        }

    @cached_property
    def rows(self) -> dict[str, tuple[Block, Row]]:
        """Every variant of a leaf row's label → that row. Within a section row labels do not repeat."""
        if self.is_line:
            return {}
        return {name: (block, row) for block in self.blocks for row in block.rows for name in row.path[-1].names}

    @cached_property
    def row_groups(self) -> frozenset[str]:
        if self.is_line:
            return frozenset()
        labels = [label for block in self.blocks for row in block.rows for label in row.path[:-1]]
        return frozenset(name for label in labels for name in label.names) - self.rows.keys()

    @cached_property
    def markers(self) -> frozenset[str]:
        return frozenset(name for block in self.blocks if block.label for name in block.label.names)

    def columns(self, block: Block) -> dict[Path, tuple[Row | None, Column]]:
        """The leaves of a block: column by path; in a line, row and column by their joined path."""
        return self._columns[id(block)]

    @cached_property
    def _columns(self) -> dict[int, dict[Path, tuple[Row | None, Column]]]:
        return {id(block): self._columns_of(block) for block in self.blocks}

    def _columns_of(self, block: Block) -> dict[Path, tuple[Row | None, Column]]:
        if self.is_line:
            return {
                path_of(row.path) + path_of(column.path): (row, column)
                for row in block.rows
                for column in block.columns
            }
        return {path_of(column.path): (None, column) for column in block.columns}


@dataclass(frozen=True)
class Vocabulary:
    template: Template

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        names = dict.fromkeys(block.section for block in self.template.blocks)
        return tuple(
            Section(
                name,
                tuple(block for block in self.template.blocks if block.section == name),
                self.template.subtotals,
            )
            for name in names
        )

    def section_of_row(self, name: str) -> Section | None:
        return next((section for section in self.sections if name in section.rows or name in section.row_groups), None)

    def is_neutral(self, name: str) -> bool:
        """Words of the form that state nothing by themselves: notes, titles, 第二十条第（一）项."""
        return name in self.template.ignore or any(name in section.markers for section in self.sections)


_KNOWN: dict[int, Vocabulary] = {}


def vocabulary_of(template: Template) -> Vocabulary:
    """The same object for the same template: its words are worked out once, not for every document."""
    return _KNOWN.setdefault(id(template), Vocabulary(template))
