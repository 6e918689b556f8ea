"""What the words of a tree form mean in print: an indicator, a unit, a footer, a word above a column.

Touches nothing. The form (the statistics annex of 2014 to 2018) is a tree: headings without a value, indicators,
and indicators that have parts. Two of them may have the same label; their paths differ.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from crawler.reports.labels import normalise, plain_text
from crawler.reports.templates import Block, Label, Row, Template

Path = tuple[str, ...]  # names of the official labels, outermost first

MONEY_UNITS = frozenset(("元", "千元", "万元", "亿元"))
# Agencies write 人 for 人次 and 件 for 条: among counts the unit changes no number.
COUNT_UNITS = frozenset(
    ["条", "件", "次", "篇", "个", "人", "人次", "份", "宗", "项", "期", "名", "批", "家", "处", "场", "起", "例"]
)
UNITS = MONEY_UNITS | COUNT_UNITS

LEAST_LABEL = 4  # characters: no label is shorter
LONGEST_LINE = 200  # characters of a line of text or a cell with its value; longer texts are prose

_UNIT = "|".join(sorted(UNITS, key=len, reverse=True))
_UNIT_NOTE = re.compile(rf"[(\[【]?单位[::]?({_UNIT})[)\]】]?|[(\[【]({_UNIT})[)\]】]$")
_OF_THESE = re.compile(r"^(?:其中)?(?:\(\d{1,2}\)|\d{1,2})?")
_TOP = re.compile(r"[一二三四五六七八九十]{1,3}[、.,:]")
_FIGURE = rf"[+\-−–]?\d[\d,.]*(?:亿|万|千)?(?:{_UNIT})?"
_LABEL_AND_FIGURE = re.compile(rf"(.*?[^\d\s.,:])[:\s]*({_FIGURE}|:[无\-–—]+)")
_TITLE = re.compile(r"(?:.{0,60}统计表)?[(\[]?(?:(?:19|20)\d\d年度?)?[)\]]?")


@dataclass(frozen=True, slots=True)
class Node:
    """One line of the form; `row` is None for a heading without a value."""

    path: Path
    label: Label
    row: Row | None


@dataclass(frozen=True)
class Indicators:
    """The vocabulary of one tree."""

    template: Template
    block: Block

    @cached_property
    def nodes(self) -> dict[Path, Node]:
        """Every line in the form's order."""
        found: dict[Path, Node] = {}
        for row in self.block.rows:
            for depth, label in enumerate(row.path, start=1):
                path = tuple(part.name for part in row.path[:depth])
                found.setdefault(path, Node(path, label, row if depth == len(row.path) else None))
        return found

    @cached_property
    def by_name(self) -> dict[str, tuple[Node, ...]]:
        """Every variant of a label → the lines that it may be."""
        found: dict[str, tuple[Node, ...]] = {}
        for node in self.nodes.values():
            for name in {_bare(variant) for variant in node.label.names}:
                found[name] = (*found.get(name, ()), node)
        return found

    @cached_property
    def beginnings(self) -> frozenset[str]:
        """The first signs of a line's text in its compared form."""
        names = {variant for node in self.nodes.values() for variant in node.label.names}
        return frozenset(name[:LEAST_LABEL] for name in names | self.by_name.keys())

    @cached_property
    def values(self) -> frozenset[str]:
        """The words above the column of values."""
        return frozenset(name for column in self.block.columns for name in column.path[-1].names)

    def named(self, text: str) -> str:
        """The compared form of a label of the form; "" where the text is none."""
        name = name_of(text)
        return name if name in self.by_name else ""

    def is_indicator(self, name: str) -> bool:
        """Whether a line of this name has a value."""
        return any(node.row for node in self.by_name.get(name, ()))

    def role(self, text: str) -> str:
        """What a word above a column says of it: indicator, unit, value, aside; "" for any other word."""
        name = normalise(text)
        head = self.block.head
        if name in self.values:
            return "value"
        words = {"indicator": head.indicator, "unit": head.unit, "aside": head.aside}
        return next((role for role, names in words.items() if name in names), "")

    def is_neutral(self, text: str) -> bool:
        """Titles and notes of the form."""
        name = normalise(text)
        return name in self.template.ignore or _TITLE.fullmatch(plain_text(text)) is not None

    def is_footer(self, text: str) -> bool:
        return normalise(text).startswith(self.template.footers)


@lru_cache(maxsize=16)
def trees(template: Template) -> tuple[Indicators, ...]:
    """The vocabularies of a form's trees."""
    return tuple(Indicators(template, block) for block in template.blocks if block.layout == "tree")


def name_of(text: str) -> str:
    """The form in which labels are compared: as elsewhere, and without 其中 and notes of any unit."""
    return _bare(normalise(_UNIT_NOTE.sub("", plain_text(text))))


def _bare(name: str) -> str:
    return _OF_THESE.sub("", name)


def unit_in(text: str) -> str:
    """The unit that a text is (件) or states (单位：万元); "" where there is none."""
    plain = plain_text(text)
    if plain in UNITS:
        return plain
    match = _UNIT_NOTE.search(plain)
    return (match[1] or match[2]) if match else ""


def is_unit(text: str) -> bool:
    """Whether a text is a unit and nothing else."""
    plain = plain_text(text)
    return plain in UNITS or _UNIT_NOTE.fullmatch(plain) is not None


def is_figure(text: str) -> bool:
    """Whether a text looks like one number, with or without a unit."""
    return re.fullmatch(_FIGURE, plain_text(text)) is not None


def is_top_heading(text: str) -> bool:
    """一、 二、 …"""
    return _TOP.match(plain_text(text)) is not None


def label_and_figure(text: str) -> tuple[str, str] | None:
    """1.当面申请数：3件 → its label and its value; None where there are not these two."""
    match = _LABEL_AND_FIGURE.fullmatch(plain_text(text)) if len(text) <= LONGEST_LINE else None
    return (match[1], match[2].lstrip(":")) if match else None
