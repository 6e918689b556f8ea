"""A statistics annex (政府信息公开情况统计表) → one fact for every indicator of a tree form. Touches nothing.

A line is known by its label and its branch: the headings above it must be those that the form puts above it. A
line in another branch, a label that stands twice, two annexes in one document: open, with an issue. A label that
the form has once is certain even where a heading above it was left out of the whole annex.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from crawler.model import CellState, Document, Fact, Issue, Paragraph, Place
from crawler.reports import numbers
from crawler.reports.annex import finding as annex
from crawler.reports.annex.finding import Annex
from crawler.reports.annex.indicators import COUNT_UNITS, MONEY_UNITS, Indicators, Node, Path, trees
from crawler.reports.annex.lines import Line, label_in
from crawler.reports.templates import Block, Row, Template

_UNIT_OF_COUNT = re.compile(rf"(?<=\d)(?:{'|'.join(sorted(COUNT_UNITS, key=len, reverse=True))})$")
_FEW = 2  # labels that may stand twice by a slip; with more of them there are two annexes
_LONGEST_LABEL = 120  # characters; longer paragraphs are prose

_MOST_ISSUES = 3  # of one kind, each with its line; more of them are said once

_WHY = {
    "unused_cell": "左边有不认识的数，未读取。",
    "row_does_not_fit": "格数与其他行不符，或缺少单元格，未读取。",
    "merged_cells": "其数占了几行，不能确定属于哪一行。",
    "unknown_column": "其数在不认识的列中，未读取。",
    "several_values": "不止一个数，或数不在同一列，不能确定以哪一个为准。",
    "no_value": "后面没有数。",
}


def labels(document: Document, template: Template) -> frozenset[str]:
    """The indicators of a tree form that stand in a document as an annex; empty where there is no annex."""
    found: set[str] = set()
    for indicators in trees(template):
        stands = annex.find(document, indicators)
        found |= {line.name for line in stands.lines if indicators.is_indicator(line.name)} if stands else set()
    return frozenset(found)


def read(
    document: Document, template: Template, strangers: Mapping[int, str]
) -> tuple[tuple[Fact, ...], tuple[Issue, ...]]:
    """(facts, issues). Every code of the form is there, absent ones too.

    `strangers`: 0-based blocks of tables that are another report's, with the reason; nothing is read from them.
    """
    facts: list[Fact] = []
    issues: list[Issue] = []
    for indicators in trees(template):
        reader = _Reader(indicators, indicators.block)
        facts += reader.read(document, strangers)
        issues += reader.issues
    return tuple(facts), tuple(issues)


@dataclass
class _Reader:
    indicators: Indicators
    block: Block
    issues: list[Issue] = field(default_factory=list)
    found: dict[Path, list[Line]] = field(default_factory=lambda: defaultdict(list))
    astray: dict[Path, Line] = field(default_factory=dict)  # lines that may be this one, in no branch of theirs
    doubts: dict[str, list[Place]] = field(default_factory=lambda: defaultdict(list))  # kind of issue → lines
    printed: frozenset[str] = frozenset()  # every label of the annex
    unsettled: set[str] = field(default_factory=set)  # first headings with lines that nobody knows; "" for any

    def read(self, document: Document, strangers: Mapping[int, str]) -> list[Fact]:
        stands = annex.find(document, self.indicators, frozenset(strangers))
        if stands is not None:
            self._walk(stands)
        doubled = self._several(stands)
        elsewhere = self._elsewhere(document, strangers)
        facts = [self._fact(node, node.row, doubled, elsewhere) for node in self.indicators.nodes.values() if node.row]
        self._report_doubts()
        return facts

    def _walk(self, stands: Annex) -> None:
        """Gives every line to the one indicator that it can be in its branch."""
        names = [line.name for line in stands.lines]
        self.printed = frozenset(names)
        branch = _Branch(stands.ordered, Counter(names))
        for line in stands.lines:
            if not line.name:
                branch.lose(line)
                self.unsettled.add(branch.top)
                self._issue("unknown_row", f"不认识的行，未读取：{line.text}", line)
                continue
            candidates = self.indicators.by_name[line.name]
            fitting = [node for node in candidates if branch.holds(node, candidates, self.indicators)]
            if len(fitting) == 1:
                branch.enter(fitting[0])
                self.found[fitting[0].path].append(line)
                continue
            branch.clean = False
            for node in candidates:
                self.astray.setdefault(node.path, line)
            if any(node.row for node in candidates):
                self._issue("row_out_of_place", f"“{line.text}”不在表式规定的位置，不能确定属于哪一项，未读取。", line)

    def _several(self, stands: Annex | None) -> bool:
        """Whether there are two annexes: then nobody knows which of them is the report's."""
        doubled = [lines for path, lines in self.found.items() if len(lines) > 1 and self.indicators.nodes[path].row]
        apart = any(len({line.place.table for line in lines}) > 1 for lines in doubled)
        if stands is None or not (stands.runs > 1 or apart or len(doubled) > _FEW):
            return False
        self.issues.clear()  # what the lines of one annex are to the other is no news
        self._issue("several_annexes", "文中有不止一份统计表，不能确定以哪一份为准，均未读取。", stands.lines[0])
        return True

    def _elsewhere(self, document: Document, strangers: Mapping[int, str]) -> frozenset[str]:
        """Labels in paragraphs and in tables of other reports: what is not in the annex may stand there."""
        texts: list[str] = []
        tables = 0
        for number, block in enumerate(document.blocks):
            if isinstance(block, Paragraph):
                texts += [block.text, *block.text.split()[:1]] if len(block.text) <= _LONGEST_LABEL else []
                continue
            tables += 1
            said = [cell.text for row in block.rows for cell in row] if number in strangers else []
            if any(self.indicators.is_indicator(label_in(text, self.indicators)) for text in said):
                self.issues.append(Issue("two_reports", strangers[number], Place(number + 1, tables)))
                texts += said
        return frozenset(label_in(text, self.indicators) for text in texts) - {""}

    def _fact(self, node: Node, row: Row, doubled: bool, elsewhere: frozenset[str]) -> Fact:
        code = self.block.code(row, self.block.columns[0])
        lines = [*self.found.get(node.path, ()), *([self.astray[node.path]] if node.path in self.astray else ())]
        if not lines:
            return Fact(code, self._absent(node, elsewhere), row.unit)
        line = lines[0]
        place = replace(line.place, row_label=self._label(node, line), column_label=self.block.columns[0].path[-1].text)
        value = line.values[0] if line.values else None
        if value is not None and value.column is not None and value.cell is not None:
            place = replace(place, column=value.column - value.cell.columns + 2, box=value.cell.box or place.box)
        raw = " | ".join(value.text for value in line.values)
        if len(lines) > 1 and not doubled and node.path not in self.astray:
            rows = "、".join(str(place) for place in (line.place.row or line.place.block for line in lines))
            self._issue("duplicate_row", f"“{line.text}”在第 {rows} 行重复出现，未读取。", line)
        if doubled or len(lines) > 1 or node.path in self.astray:
            return Fact(code, CellState.OPEN, row.unit, raw=raw, place=place)
        doubt = line.doubt or ("several_values" if len(line.values) > 1 else "")
        if not doubt and value is None and not line.blanks:
            doubt = "no_value"
        if doubt:
            self.doubts[doubt].append(place)
            return Fact(code, CellState.OPEN, row.unit, raw=raw, place=place)
        if value is None:
            return Fact(code, CellState.BLANK, row.unit, place=place)
        certain = value.cell is None or value.cell.confidence >= 1
        return replace(self._number(Fact(code, CellState.OPEN, row.unit, raw=raw, place=place), line), certain=certain)

    def _number(self, fact: Fact, line: Line) -> Fact:
        """The same fact with the number that its line gives, in the codebook's unit."""
        units = set(line.units)
        wanted = MONEY_UNITS if fact.unit in MONEY_UNITS else COUNT_UNITS
        if len(units) > 1 or not units <= wanted:
            self.issues.append(
                Issue("unit_open", f"“{fact.raw}”：单位“{'、'.join(line.units)}”与该项不符。", fact.place)
            )
            return fact
        text = line.values[0].text
        if wanted is COUNT_UNITS:
            text = _UNIT_OF_COUNT.sub("", "".join(text.split())) if _UNIT_OF_COUNT.search(text.strip()) else text
        reading = numbers.read(text, unit=fact.unit, label_unit=line.units[0] if units else None)
        if reading.state is CellState.UNREADABLE:
            self.issues.append(Issue("unreadable_cell", f"“{fact.raw}”{reading.reason}。", fact.place))
        elif reading.state is CellState.OPEN:
            self.issues.append(Issue("unit_open", f"“{fact.raw}”：{reading.reason}。", fact.place))
        return replace(fact, state=reading.state, value=reading.value)

    def _absent(self, node: Node, elsewhere: frozenset[str]) -> CellState:
        names = {name for name, nodes in self.indicators.by_name.items() if node in nodes}
        if names & self.printed:
            return CellState.OPEN  # in a branch of another line
        if names & elsewhere:
            issue = Issue("labels_outside_table", "统计表的有些栏目不在可以读取的表中，有关数字未读取。")
            if issue not in self.issues:
                self.issues.append(issue)
            return CellState.OPEN
        return CellState.OPEN if self.unsettled & {node.path[0], ""} else CellState.ABSENT

    def _report_doubts(self) -> None:
        for kind, places in self.doubts.items():
            if len(places) > _MOST_ISSUES:
                first = f"“{places[0].row_label}”等 {len(places)} 行"
                self.issues.append(Issue(kind, first + _WHY[kind], places[0]))
            else:
                self.issues += [Issue(kind, f"“{place.row_label}”" + _WHY[kind], place) for place in places]

    def _label(self, node: Node, line: Line) -> str:
        """The line as printed, behind the heading above it where the form has that label twice."""
        several = len(self.indicators.by_name[line.name]) > 1
        above = self.indicators.nodes[node.path[:-1]].label.text if several else ""
        return f"{above}／{line.text}" if above else line.text

    def _issue(self, kind: str, message: str, line: Line) -> None:
        self.issues.append(Issue(kind, message, replace(line.place, row_label=line.text)))


@dataclass
class _Branch:
    """Where in the form the lines are, as they are read from top to bottom. `counts`: label → how often it stands."""

    ordered: bool
    counts: Mapping[str, int]
    last: dict[int, Path] = field(default_factory=dict)  # depth → the newest line of that depth, in its branch
    clean: bool = True  # no line that nobody knows or that stands elsewhere in the form, since the newest heading

    @property
    def top(self) -> str:
        """The newest first heading; "" where there is none."""
        return self.last[1][0] if 1 in self.last else ""

    def enter(self, node: Node) -> None:
        depth = len(node.path)
        self.last = {level: path for level, path in self.last.items() if level < depth} | {depth: node.path}
        self.clean = self.clean or depth == 1

    def lose(self, line: Line) -> None:
        self.clean = False
        if line.is_top:
            self.last = {}

    def holds(self, node: Node, candidates: Sequence[Node], indicators: Indicators) -> bool:
        """Whether a line may be this one: every heading above it, where the annex prints it, is the newest."""
        alone = len(candidates) == 1
        for depth in range(1, len(node.path)):
            path = node.path[:depth]
            printed = self._times(indicators.nodes[path], indicators)
            if self.last.get(depth) != path and not (alone and printed == 0):
                return False
            if not alone and printed != 1:
                return False
        if alone:
            return True
        others = [self._times(indicators.nodes[other.path[:-1]], indicators) for other in candidates]
        return self.ordered and self.clean and all(times == 1 for times in others)

    def _times(self, node: Node, indicators: Indicators) -> int:
        return sum(self.counts.get(name, 0) for name in _names(node, indicators))


def _names(node: Node, indicators: Indicators) -> Iterable[str]:
    return (name for name, nodes in indicators.by_name.items() if node in nodes)
