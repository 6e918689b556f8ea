"""The published report forms as data: config/templates/*.yml, loaded and checked once.

Touches those files only. A form is blocks of rows × columns; every cell has a code, and the expansion of each
form equals config/indicators.csv (tested). What a label may look like in print is `aliases` in the YAML.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from config.env import PACKAGED_CONFIG
from config.errors import ConfigError
from config.load import read_model
from config.schema import Strict
from crawler.reports.labels import normalise

Layout = Literal["matrix", "line", "tree"]
Per = Literal["row", "column", "form"]


@dataclass(frozen=True, slots=True)
class Label:
    """`text` as the form prints it; `name` its compared form; `names` that of every variant."""

    text: str
    name: str
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Row:
    """`unit` is set in a tree, where every row has its own."""

    code: str
    path: tuple[Label, ...]  # outermost first
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    code: str
    path: tuple[Label, ...]
    unit: str
    signed: bool


@dataclass(frozen=True, slots=True)
class FormCell:
    """One line of config/indicators.csv."""

    section: str
    code: str
    row_label: str
    column_label: str
    unit: str


@dataclass(frozen=True, slots=True)
class Head:
    """The words above the columns of a tree that are no values, in their compared forms."""

    indicator: frozenset[str] = frozenset()
    unit: frozenset[str] = frozenset()
    aside: frozenset[str] = frozenset()  # columns that state nothing: 序号, 备注


@dataclass(frozen=True, slots=True)
class Block:
    """Rows × columns that share their columns.

    `line`: the rows stand above the columns, one line of values. `tree`: one column of values; rows have parents
    that may be rows themselves, and the same label may stand under two of them.
    """

    section: str
    label: Label | None
    pattern: str
    layout: Layout
    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    head: Head = Head()

    def code(self, row: Row, column: Column) -> str:
        return self.pattern.format(row=row.code, column=column.code)

    def cells(self) -> Iterator[FormCell]:
        head = (self.label.text,) if self.label else ()
        for row in self.rows:
            for column in self.columns:
                yield FormCell(
                    section=self.section,
                    code=self.code(row, column),
                    row_label="/".join((*head, *(label.text for label in row.path))),
                    column_label="/".join(label.text for label in column.path),
                    unit=row.unit or column.unit,
                )


@dataclass(frozen=True, slots=True)
class Identity:
    """`per` column: `left` and `right` are row codes, true in every column; `per` row: column codes.

    `per` form: row codes of a tree, true once.
    """

    id: str
    section: str
    per: Per
    left: tuple[str, ...]
    right: tuple[str, ...]
    description: str


@dataclass(frozen=True, slots=True)
class Template:
    """`footers`: a line that begins with one of these words is about who filled in the form and states nothing."""

    template: str  # "2008", "2014", "2019", "2021"
    name: str
    citation: str
    ignore: frozenset[str]  # compared forms
    blocks: tuple[Block, ...]
    identities: tuple[Identity, ...]
    footers: tuple[str, ...] = ()  # compared forms
    subtotals: frozenset[str] = frozenset()  # labels of columns that sum a group and are in no form; compared forms

    @property
    def is_annex(self) -> bool:
        """Whether the form is a tree beside the report's text, no set of tables within it."""
        return bool(self.blocks) and all(block.layout == "tree" for block in self.blocks)

    def cells(self) -> tuple[FormCell, ...]:
        return tuple(cell for block in self.blocks for cell in block.cells())

    def leaf_names(self) -> frozenset[str]:
        """The labels that stand at a row or a column of values, in every variant, in their compared form."""
        return frozenset(name for path in self._paths() for name in path[-1].names)

    def all_names(self) -> frozenset[str]:
        """The same with the labels of groups."""
        return frozenset(name for path in self._paths() for label in path for name in label.names)

    def _paths(self) -> Iterator[tuple[Label, ...]]:
        for block in self.blocks:
            yield from (row.path for row in block.rows)
            if block.layout != "tree":  # 统计数 stands in tables of any kind
                yield from (column.path for column in block.columns)


class _RowNode(Strict):
    label: str
    code: str = ""
    unit: str = ""
    aliases: tuple[str, ...] = ()
    rows: tuple[_RowNode, ...] = ()


class _ColumnNode(Strict):
    label: str
    code: str = ""
    aliases: tuple[str, ...] = ()
    unit: str = ""
    signed: bool = False
    columns: tuple[_ColumnNode, ...] = ()


class _HeadNode(Strict):
    indicator: tuple[str, ...] = ()
    unit: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()


class _BlockNode(Strict):
    section: str
    label: str | None = None
    code: str
    layout: Layout = "matrix"
    head: _HeadNode = _HeadNode()
    rows: tuple[_RowNode, ...]
    columns: tuple[_ColumnNode, ...]


class _IdentityNode(Strict):
    id: str
    section: str
    per: Per
    left: tuple[str, ...]
    right: tuple[str, ...]
    description: str


class _TemplateNode(Strict):
    template: str
    name: str
    citation: str
    ignore: tuple[str, ...] = ()
    footers: tuple[str, ...] = ()
    subtotals: tuple[str, ...] = ()
    blocks: tuple[_BlockNode, ...]
    identities: tuple[_IdentityNode, ...]


@cache
def load() -> dict[str, Template]:
    """Every template by its name, oldest first. Raises ConfigError naming the file and the key."""
    found = (read(path) for path in sorted((PACKAGED_CONFIG / "templates").glob("*.yml")))
    return {template.template: template for template in found}


@cache
def labels() -> Mapping[str, str]:
    """code → what the newest form that has the cell prints: row × column."""
    return {cell.code: f"{cell.row_label} × {cell.column_label}" for form in load().values() for cell in form.cells()}


def read(path: Path) -> Template:
    """One template from its YAML. Raises ConfigError: no YAML, unknown or missing keys, codes that repeat."""
    node = read_model(_TemplateNode, path)
    template = Template(
        template=node.template,
        name=node.name,
        citation=node.citation,
        ignore=frozenset(normalise(text) for text in node.ignore),
        blocks=tuple(_block(block) for block in node.blocks),
        identities=tuple(Identity(**identity.model_dump()) for identity in node.identities),
        footers=tuple(normalise(text) for text in node.footers),
        subtotals=frozenset(normalise(text) for text in node.subtotals),
    )
    _check(template, str(path))
    return template


def _block(node: _BlockNode) -> Block:
    return Block(
        section=node.section,
        label=_label(node.label, ()) if node.label else None,
        pattern=node.code,
        layout=node.layout,
        rows=tuple(_rows(node.rows, ())),
        columns=tuple(_columns(node.columns, ())),
        head=Head(
            *(frozenset(map(normalise, words)) for words in (node.head.indicator, node.head.unit, node.head.aside))
        ),
    )


def _rows(nodes: tuple[_RowNode, ...], parents: tuple[Label, ...]) -> Iterator[Row]:
    for node in nodes:
        path = (*parents, _label(node.label, node.aliases))
        if node.code:
            yield Row(node.code, path, node.unit)
        yield from _rows(node.rows, path)


def _columns(nodes: tuple[_ColumnNode, ...], parents: tuple[Label, ...]) -> Iterator[Column]:
    for node in nodes:
        path = (*parents, _label(node.label, node.aliases))
        if node.code:
            yield Column(node.code, path, node.unit, node.signed)
        yield from _columns(node.columns, path)


def _label(text: str, aliases: tuple[str, ...]) -> Label:
    return Label(text, normalise(text), frozenset(normalise(variant) for variant in (text, *aliases)))


def _check(template: Template, source: str) -> None:
    codes = [cell.code for cell in template.cells()]
    for code in codes:
        if codes.count(code) > 1:
            raise ConfigError(f"{source}: blocks: 代码重复 / this code stands twice: {code}")
    for cell in template.cells():
        if not cell.unit:
            raise ConfigError(f"{source}: blocks: 没有单位 / no unit: {cell.code}")
    for identity in template.identities:
        blocks = [block for block in template.blocks if block.section == identity.section]
        known = {item.code for block in blocks for item in (block.columns if identity.per == "row" else block.rows)}
        unknown = set(identity.left + identity.right) - known
        if unknown:
            names = "、".join(sorted(unknown))
            raise ConfigError(f"{source}: identities.{identity.id}: 没有这样的代码 / no such code: {names}")
