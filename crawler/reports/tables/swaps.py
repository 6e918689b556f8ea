"""Values of a dump that may have changed places: two cells whose exchange would mend every broken sum are open.

Touches nothing. Where a table states its spans, a broken sum is the report's own and nothing is done. A dump's cells
are lines in a row; when its sums break in just the way that two exchanged lines break them, nobody can say which of
the two it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from crawler.model import CellState, Document, Fact, IdentityResult, Issue, Table

_MOST_BROKEN = 6  # two exchanged cells break at most two rows and, with each, two sums of a column


def open_exchanged(
    document: Document, facts: Sequence[Fact], identities: Iterable[IdentityResult]
) -> tuple[tuple[Fact, ...], tuple[Issue, ...]]:
    """(facts, issues) with every cell open that one exchange of two cells would explain."""
    known = [block.spans_known for block in document.blocks if isinstance(block, Table)]
    loose = {
        fact.code: fact.value
        for fact in facts
        if fact.value is not None and fact.place and fact.place.table and not known[fact.place.table - 1]
    }
    suspects: set[str] = set()
    for group in _connected([result for result in identities if result.holds is not None]):
        suspects |= _exchanged(group, loose)
    if not suspects:
        return tuple(facts), ()
    issue = Issue(
        "cells_exchanged",
        f"文本中没有表格线，有 {len(suspects)} 格的数字可能互换了位置（互换后各项勾稽关系均成立），未读取。",
    )
    opened = tuple(replace(fact, state=CellState.OPEN, value=None) if fact.code in suspects else fact for fact in facts)
    return opened, (issue,)


def _connected(results: Sequence[IdentityResult]) -> list[list[IdentityResult]]:
    """Sums that share cells, together: an exchange within them is judged by all of them."""
    groups: list[tuple[set[str], list[IdentityResult]]] = []
    for result in results:
        codes = {*result.left_codes, *result.right_codes}
        members = [result]
        apart: list[tuple[set[str], list[IdentityResult]]] = []
        for group in groups:
            if group[0] & codes:
                codes |= group[0]
                members = [*group[1], *members]
            else:
                apart.append(group)
        groups = [*apart, (codes, members)]
    return [members for _, members in groups]


def _exchanged(results: Sequence[IdentityResult], values: Mapping[str, Decimal]) -> set[str]:
    broken = [result for result in results if not result.holds]
    if not broken or len(broken) > _MOST_BROKEN:
        return set()
    whole = [result for result in results if result.holds]
    found: set[str] = set()
    involved = {code for result in broken for code in (*result.left_codes, *result.right_codes)} & values.keys()
    others = {code for result in results for code in (*result.left_codes, *result.right_codes)} & values.keys()
    for one in involved:
        for other in others:
            more = values[other] - values[one]
            mends = more and all(_gap(result) == -more * _weight(result, one, other) for result in broken)
            if mends and not any(_weight(result, one, other) for result in whole):
                found |= {one, other}
    return found


def _gap(result: IdentityResult) -> Decimal:
    return (result.left or Decimal(0)) - (result.right or Decimal(0))


def _weight(result: IdentityResult, one: str, other: str) -> int:
    """By how much the gap grows for each by which `other` is more than `one`, when they are exchanged."""
    return _sign(result, one) - _sign(result, other)


def _sign(result: IdentityResult, code: str) -> int:
    return (code in result.left_codes) - (code in result.right_codes)
