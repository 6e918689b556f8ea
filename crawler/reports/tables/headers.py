"""Header rows → which column is what. Touches nothing.

Two ways, for two kinds of tables. By place: the source states its spans, so the labels above a cell are
known. By sequence: only the order of the labels is known; then every label of the form must be there, and the
number of value cells must fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from crawler.model import Cell
from crawler.reports.labels import normalise
from crawler.reports.tables.vocabulary import Path, Section

HeaderRows = Sequence[tuple[Cell, ...]]


def by_place(rows: HeaderRows, section: Section, neutral: frozenset[str]) -> list[Path | None]:
    """For every column of the grid the leaf that its labels name; None where they name none or two.

    A label that reaches over several columns names the same leaf over all of them: editors split the grid below a
    cell where another part of the table needs a finer one.
    """
    width = max((len(row) for row in rows), default=0)
    begins = label_begins(rows, neutral)
    leaves = [
        _leaf_above([row[place].text for row in rows if place < len(row)], section, neutral) for place in range(width)
    ]
    return [leaves[begins[place]] for place in range(width)]


def label_begins(rows: HeaderRows, neutral: frozenset[str]) -> list[int]:
    """For every column of the grid the column in which its lowest label begins."""
    width = max((len(row) for row in rows), default=0)
    owner: dict[tuple[int, int], int] = {}
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            if not cell.repeated:
                for down in range(number, min(number + cell.rows, len(rows))):
                    for covered in range(place, place + cell.columns):
                        owner.setdefault((down, covered), place)
    lowest: dict[int, int] = {}
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            if (name := normalise(cell.text)) and name not in neutral:
                lowest[place] = number
    begins = list(range(width))
    for place, number in lowest.items():
        begin = owner.get((number, place), place)
        if lowest.get(begin) == number:  # else another label stands below its first column
            begins[place] = begin
    return begins


def _leaf_above(texts: Sequence[str], section: Section, neutral: frozenset[str]) -> Path | None:
    names = [name for name in (normalise(text) for text in texts) if name and name not in neutral]
    known = [section.official[name] for name in names if name in section.official]
    if not known or names[-1] not in section.official:
        return None
    fitting = [leaf for leaf in section.leaves if leaf[-1] == known[-1] and set(known) <= set(leaf)]
    return fitting[0] if len(fitting) == 1 else None


@dataclass
class LeafSequence:
    """The leaves from left to right; None for a label that the form does not know."""

    leaves: list[Path | None] = field(default_factory=list)
    trailing_blanks: int = 0  # empty cells after the last label of a header of one row
    settled: bool = True  # False: a group without its members, or a label out of place


@dataclass
class _Node:
    path: Path
    members: list[_Node] = field(default_factory=list)
    leaf: bool = False
    unknown: bool = False


def by_sequence(rows: HeaderRows, section: Section, neutral: frozenset[str]) -> LeafSequence:
    """Reads the rows top-down: a row's labels are members of the groups above it, in their order."""
    root = _Node(())
    open_groups = [root]
    settled = True
    for row in rows:
        names = [normalise(cell.text) for cell in row if not cell.repeated and not cell.missing]
        pointer = 0
        for name in names:
            if not name or name in neutral:
                continue
            official = section.official.get(name)
            if official is None:
                open_groups[min(pointer, len(open_groups) - 1)].members.append(_Node((), leaf=True, unknown=True))
                continue
            place = _place(official, open_groups, pointer, section)
            if place is None:
                settled = False
                continue
            pointer, path = place
            open_groups[pointer].members.append(_Node(path, leaf=path in section.leaves))
        grown: list[_Node] = []
        for group in open_groups:
            grown += [member for member in group.members if not member.leaf] if group.members else [group]
        open_groups = grown or [_Node(("",))]
    leaves: list[Path | None] = []
    stack = [root]
    while stack:
        node = stack.pop()
        if node.leaf:
            leaves.append(None if node.unknown else node.path)
        elif not node.members:
            settled = False
        stack.extend(reversed(node.members))
    trailing = 0
    if len(rows) == 1:
        for cell in reversed([cell for cell in rows[0] if not cell.missing and not cell.repeated]):
            if cell.text:
                break
            trailing += 1
    return LeafSequence(leaves, trailing, settled and bool(leaves))


def _place(official: str, groups: Sequence[_Node], pointer: int, section: Section) -> tuple[int, Path] | None:
    """The first open group, from the pointer on, that has this label as a member not yet seen."""
    paths = {leaf[: depth + 1] for leaf in section.leaves for depth in range(len(leaf))}
    for number in range(pointer, len(groups)):
        group = groups[number]
        taken = {member.path for member in group.members}
        path = (*group.path, official)
        if path in paths and path not in taken:
            return number, path
        if not group.path:  # at the top: a label may stand without its group where only one group has it
            named = [candidate for candidate in paths if candidate[-1] == official and candidate not in taken]
            if len(named) == 1:
                return number, named[0]
    return None
