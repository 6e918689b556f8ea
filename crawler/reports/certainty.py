"""Which facts of a recognised document are certain: those that the form's own sums confirm. Touches nothing.

A recogniser misreads perhaps one digit in some hundreds, and does not always know it. A cell of table three stands in
a sum along its row and in one or two along its column, that have no other cell in common. A misread digit breaks both;
to go unnoticed it needs a second one in the row and a third in the column that make up for it exactly: for one in
three hundred digits, less than one table in a million. A cell that stands in one sum only (table four) is confirmed
only where the sum is of at least three cells that are not nought: in 1 = 1 the same sign may be misread twice in the
same way. Table two has no sums; nothing confirms it. A blank may be a digit that was overlooked: it is never certain.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from crawler.model import CellState, Fact, IdentityResult

_ALONG_BOTH = 2
_NOT_NOUGHT = 3


def confirmed(facts: Sequence[Fact], identities: Iterable[IdentityResult], *, recognised: bool) -> tuple[Fact, ...]:
    """The facts with `certain` settled. `facts` come with `certain` True where all characters were in the file."""
    if not recognised:
        return tuple(facts)
    sums: dict[str, list[IdentityResult]] = defaultdict(list)
    for result in identities:
        for code in (*result.left_codes, *result.right_codes):
            sums[code].append(result)
    values = {fact.code: fact.value for fact in facts}
    return tuple(replace(fact, certain=_certain(fact, sums[fact.code], values)) for fact in facts)


def with_certainty(identities: Iterable[IdentityResult], facts: Iterable[Fact]) -> tuple[IdentityResult, ...]:
    """The identities with `certain`: all of their cells are."""
    doubtful = {fact.code for fact in facts if not fact.certain}
    return tuple(
        replace(result, certain=doubtful.isdisjoint((*result.left_codes, *result.right_codes))) for result in identities
    )


def _certain(fact: Fact, sums: Sequence[IdentityResult], values: Mapping[str, Decimal | None]) -> bool:
    if fact.state is not CellState.NUMBER or any(result.holds is False for result in sums):
        return False
    if fact.certain:
        return True
    if not sums or not all(result.holds for result in sums):
        return False
    if len(sums) >= _ALONG_BOTH:
        return True
    codes = (*sums[0].left_codes, *sums[0].right_codes)
    return fact.value == 0 or sum(values[code] != 0 for code in codes) >= _NOT_NOUGHT
