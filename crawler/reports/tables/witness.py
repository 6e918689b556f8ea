"""Where a table has more columns than the form: do its own figures say which column is the one too many?

Touches nothing. The labels say it, but a column may have been put into the header at one place and into the rows at
another. So every other way to leave out as many columns is tried: the labels are believed only if no other way fits
the table's sums (or its empty columns) as well and reads differently.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import TypeVar

from crawler.model import CellState
from crawler.reports import numbers
from crawler.reports.tables.vocabulary import SUBTOTAL, Path

_MOST_EXTRAS = 2  # more columns too many than this can be left out in too many ways
_MANY_BROKEN = 3  # rows

Texts = Sequence[str]
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Sums:
    """What the form says of a row: `parts` add up to `total`. `members` of a subtotal add up to it."""

    parts: frozenset[Path]
    total: Path
    members: frozenset[Path] = frozenset()


def is_extra(leaf: Path | None) -> bool:
    return leaf is None or leaf[-1] == SUBTOTAL


def settled(leaves: Sequence[Path | None], rows: Sequence[Texts], sums: Sums | None) -> bool:
    """`leaves`: what the labels say of each column, None for an unknown label; `rows`: the texts below, as many."""
    extras = tuple(place for place, leaf in enumerate(leaves) if is_extra(leaf))
    known = [leaf for leaf in leaves if leaf is not None]
    if len(extras) > _MOST_EXTRAS or len(set(known)) < len(known):
        return False
    if not extras:
        return True
    names = [leaf for leaf in leaves if leaf is not None and not is_extra(leaf)]
    if all(not row[place].strip() for row in rows for place in extras):
        return _same_for_all(extras, rows, _empty_columns(rows))
    if sums is None or not sums.parts | {sums.total} <= set(names):
        return False
    valued = [values for values in map(_values, rows) if values is not None]
    check_subtotal = (
        len(extras) == 1 and leaves[extras[0]] is not None and _sums_hold(valued, extras, names, sums, True)
    )
    if not _sums_hold(valued, extras, names, sums, check_subtotal):
        return False
    others = [
        dropped
        for dropped in combinations(range(len(leaves)), len(extras))
        if dropped != extras and _sums_hold(valued, dropped, names, sums, check_subtotal)
    ]
    return _same_for_all(extras, rows, others)


def subtotals(leaves: Sequence[Path | None]) -> int:
    return sum(leaf is not None and leaf[-1] == SUBTOTAL for leaf in leaves)


def confirmed(leaves: Sequence[Path | None], rows: Sequence[Texts], sums: Sums) -> bool:
    """Whether every row of the table is figures and adds up, at least one of them to more than nought."""
    names = [leaf for leaf in leaves if leaf is not None]
    valued = [values for values in map(_values, rows) if values is not None]
    if len(names) < len(leaves) or len(valued) < len(rows) or not sums.parts | {sums.total} <= set(names):
        return False
    total = names.index(sums.total)
    return _sums_hold(valued, (), names, sums, False) and any(row[total] for row in valued)


def subtotal_holds(leaves: Sequence[Path | None], rows: Sequence[Texts], sums: Sums) -> bool:
    """Whether the one subtotal among the columns is in every row of figures the sum of its members."""
    extras = tuple(place for place, leaf in enumerate(leaves) if is_extra(leaf))
    names = [leaf for leaf in leaves if leaf is not None and not is_extra(leaf)]
    valued = [values for values in map(_values, rows) if values is not None]
    return all(
        row[extras[0]]
        == sum(value for name, value in zip(names, _kept(row, extras), strict=True) if name in sums.members)
        for row in valued
    )


def refuted(leaves: Sequence[Path | None], rows: Sequence[Texts], sums: Sums) -> bool:
    """Whether most rows of figures do not add up: a report has some wrong sums, not a table of them."""
    names = [leaf for leaf in leaves if leaf is not None]
    extras = tuple(place for place, leaf in enumerate(leaves) if is_extra(leaf))
    filled = [row for row in rows if all(text.strip() for text in row)]  # a blank may stand for any number
    valued = [values for values in map(_values, filled) if values is not None and any(values)]
    kept = [leaf for leaf in names if not is_extra(leaf)]
    if not sums.parts | {sums.total} <= set(kept):
        return False
    broken = sum(not _sums_hold([row], extras, kept, sums, False) for row in valued)
    return broken >= _MANY_BROKEN and broken * 2 > len(valued)


def _empty_columns(rows: Sequence[Texts]) -> list[tuple[int, ...]]:
    empty = [place for place in range(len(rows[0])) if not any(row[place].strip() for row in rows)]
    return [dropped for size in range(1, _MOST_EXTRAS + 1) for dropped in combinations(empty, size)]


def _same_for_all(extras: tuple[int, ...], rows: Sequence[Texts], others: Iterable[tuple[int, ...]]) -> bool:
    """Whether every other way to leave out as many columns reads the same in every row."""
    read = [[text.strip() for text in _kept(row, extras)] for row in rows]
    return all(
        [[text.strip() for text in _kept(row, dropped)] for row in rows] == read
        for dropped in others
        if len(dropped) == len(extras)
    )


def _sums_hold(
    rows: Sequence[Sequence[Decimal]], dropped: tuple[int, ...], names: Sequence[Path], sums: Sums, subtotal: bool
) -> bool:
    for row in rows:
        kept = dict(zip(names, _kept(row, dropped), strict=True))
        if kept[sums.total] != sum(kept[name] for name in sums.parts):
            return False
        if subtotal and row[dropped[0]] != sum(kept[name] for name in sums.members):
            return False
    return True


def _kept(row: Sequence[_Item], dropped: tuple[int, ...]) -> list[_Item]:
    return [item for place, item in enumerate(row) if place not in dropped]


def _values(row: Texts) -> list[Decimal] | None:
    """The numbers of a row, an empty cell as nought; None where something else stands in it."""
    values: list[Decimal] = []
    for text in row:
        reading = numbers.read(text, unit="件")
        if reading.value is None and reading.state is not CellState.BLANK:
            return None
        values.append(reading.value or Decimal(0))
    return values
