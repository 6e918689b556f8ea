"""The one value that an unreadable cell can have by the form's sums. Touches nothing.

Inferred, never read. Both a sum along the row and one along the column must have this cell as their only unknown, and
must leave the same whole number, not below nought. Every other cell of both is a number that is certain, or that a
further sum confirms.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from crawler.model import CellState, Fact, IdentityResult, Proposal
from crawler.reports.templates import Template

_UNSETTLED = (CellState.OPEN, CellState.UNREADABLE)


def propose(template: Template, facts: Sequence[Fact], identities: Iterable[IdentityResult]) -> tuple[Proposal, ...]:
    """In the order of the facts; none where only one sum speaks of the cell."""
    by_code = {fact.code: fact for fact in facts}
    results = tuple(identities)
    directions = {identity.id: identity.per for identity in template.identities}
    confirmed = {code for result in results if result.holds for code in (*result.left_codes, *result.right_codes)} - {
        code for result in results if result.holds is False for code in (*result.left_codes, *result.right_codes)
    }
    usable = {fact.code for fact in facts if fact.value is not None and (fact.certain or fact.code in confirmed)}
    found: list[Proposal] = []
    for fact in facts:
        if fact.state in _UNSETTLED:
            solutions = dict(_solutions(fact.code, results, usable, by_code))
            ways = {directions[name] for result in solutions for name in directions if _belongs(result, name)}
            values = set(solutions.values())
            if {"row", "column"} <= ways and len(values) == 1:
                (value,) = values
                if value >= 0 and value == value.to_integral_value():
                    found.append(Proposal(fact.code, value, fact.unit, tuple(solutions), fact.place, fact.raw))
    return tuple(found)


def _belongs(result: str, name: str) -> bool:
    return result == name or result.startswith(f"{name}.")


def _solutions(
    code: str, results: Iterable[IdentityResult], usable: set[str], facts: Mapping[str, Fact]
) -> Iterator[tuple[str, Decimal]]:
    """(identity, value) of every sum in which this cell is the only unknown."""
    for result in results:
        others = [other for other in (*result.left_codes, *result.right_codes) if other != code]
        here = [other for other in (*result.left_codes, *result.right_codes) if other == code]
        if len(here) != 1 or not usable.issuperset(others):
            continue
        left = sum((facts[other].value or Decimal(0) for other in result.left_codes if other != code), Decimal(0))
        right = sum((facts[other].value or Decimal(0) for other in result.right_codes if other != code), Decimal(0))
        yield result.identity, right - left if code in result.left_codes else left - right
