"""The arithmetic that a form states about itself, evaluated over what was read. Touches nothing.

A broken identity is a finding about the report, never a reason to change a number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from crawler.model import CellState, Fact, IdentityResult
from crawler.reports.templates import Block, Identity, Template


def evaluate(template: Template, facts: Iterable[Fact]) -> tuple[IdentityResult, ...]:
    """Every identity of the form, once for each column or row that it names, in the template's order.

    `holds` is None, and the sides too, where a cell of it is no number.
    """
    by_code = {fact.code: fact for fact in facts}
    return tuple(
        result
        for identity in template.identities
        for block in template.blocks
        if block.section == identity.section
        for result in _of_block(identity, block, by_code)
    )


def _of_block(identity: Identity, block: Block, facts: Mapping[str, Fact]) -> Iterator[IdentityResult]:
    if identity.per == "column":
        rows = {row.code: row for row in block.rows}
        for column in block.columns:
            left = tuple(block.code(rows[code], column) for code in identity.left)
            right = tuple(block.code(rows[code], column) for code in identity.right)
            name = "·".join(label.text for label in column.path)
            yield _result(identity, column.code, name, left, right, facts)
    elif identity.per == "form":
        by_row = {row.code: block.code(row, block.columns[0]) for row in block.rows}
        left, right = tuple(map(by_row.__getitem__, identity.left)), tuple(map(by_row.__getitem__, identity.right))
        yield _result(identity, "", "", left, right, facts)
    else:
        columns = {column.code: column for column in block.columns}
        for row in block.rows:
            left = tuple(block.code(row, columns[code]) for code in identity.left)
            right = tuple(block.code(row, columns[code]) for code in identity.right)
            name = "·".join(label.text for label in row.path)
            yield _result(identity, row.code, name, left, right, facts)


def _result(
    identity: Identity,
    part: str,
    name: str,
    left: tuple[str, ...],
    right: tuple[str, ...],
    facts: Mapping[str, Fact],
) -> IdentityResult:
    left_sum, right_sum = _sum(left, facts), _sum(right, facts)
    known = left_sum is not None and right_sum is not None
    return IdentityResult(
        identity=f"{identity.id}.{part}" if part else identity.id,
        description=f"{name}：{identity.description}" if name else identity.description,
        left_codes=left,
        right_codes=right,
        left=left_sum if known else None,
        right=right_sum if known else None,
        holds=left_sum == right_sum if known else None,
    )


def _sum(codes: tuple[str, ...], facts: Mapping[str, Fact]) -> Decimal | None:
    total = Decimal(0)
    for code in codes:
        fact = facts.get(code)
        if fact is None or fact.state is not CellState.NUMBER or fact.value is None:
            return None
        total += fact.value
    return total
