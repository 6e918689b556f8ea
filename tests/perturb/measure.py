"""Damaged variants from seeds, read and compared with their truth. Touches nothing."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from crawler import formats, reports
from crawler.errors import ReadError
from crawler.model import CellState, Fact, ParsedReport
from tests.perturb import PERTURBATIONS
from tests.perturb.page import UNREADABLE, Page, Truth, fresh
from tests.perturb.registry import NotHere, Perturbation
from tests.perturb.write import WRITERS

TEMPLATES = ("2019", "2021")
_HOW_MANY = (1, 1, 1, 1, 2, 2, 3)  # perturbations of one variant


@dataclass(frozen=True)
class Variant:
    """One damaged report. `damage`: its perturbations, the one that it is counted for first."""

    number: int
    format: str
    damage: tuple[Perturbation, ...]
    page: Page
    data: bytes

    @property
    def exact(self) -> bool:
        return len(self.damage) == 1 and self.format in self.damage[0].exact


@dataclass
class Count:
    """Cells of one variant or of many. `wrong`: (code, state, read, printed) of each."""

    variants: int = 0
    right: int = 0
    open: int = 0
    wrong: list[tuple[str, str, str, str]] = field(default_factory=list)

    def add(self, other: Count) -> None:
        self.variants += other.variants
        self.right += other.right
        self.open += other.open
        self.wrong += other.wrong


def variants(seed: int, count: int, names: Sequence[str], *, only: str = "") -> Iterator[Variant]:
    """`count` variants in the formats `names`, every perturbation in its turn; the same for the same arguments."""
    ways = [way for way in PERTURBATIONS if way.formats & set(names) and only in ("", way.name)]
    made = number = 0
    while made < count:
        way = ways[number % len(ways)]
        variant = _variant(seed, number, way, names, alone=bool(only))
        number += 1
        if variant is not None:
            made += 1
            yield variant


def _variant(seed: int, number: int, way: Perturbation, names: Sequence[str], *, alone: bool) -> Variant | None:
    chance = random.Random(f"{seed}-{number}-{way.name}")
    page = fresh(chance.choice(TEMPLATES), chance.randrange(10_000))
    name = chance.choice([name for name in names if name in way.formats])
    damage = [way]
    if not alone and not way.alone:
        others = [other for other in PERTURBATIONS if name in other.formats and other is not way and not other.alone]
        damage += chance.sample(others, chance.choice(_HOW_MANY) - 1)
    done: list[Perturbation] = []
    for part in damage:
        try:
            part.change(page, chance)
        except NotHere:
            if part is way:
                return None
            continue
        done.append(part)
    return Variant(number, name, tuple(done), page, WRITERS[name](page))


def measure(variant: Variant) -> Count:
    """Reads the variant and compares every statutory cell of every form."""
    try:
        report = reports.parse(formats.read(variant.data))
    except ReadError:
        return Count(1, open=len(variant.page.codes()))
    return compare(variant.page, report)


def compare(page: Page, report: ParsedReport) -> Count:
    count = Count(1)
    facts = {fact.code: fact for fact in report.facts}
    for code in sorted(page.codes() | facts.keys()):
        fact = facts.get(code, Fact(code, CellState.OPEN, ""))
        _compare(count, fact, printed=code in page.truth, truth=page.truth.get(code))
    return count


def _compare(count: Count, fact: Fact, *, printed: bool, truth: Truth) -> None:
    right = {
        CellState.NUMBER: printed and isinstance(truth, Decimal) and fact.value == truth,
        CellState.BLANK: printed and truth is None,
        CellState.ABSENT: not printed,
        CellState.OPEN: printed and truth == UNREADABLE,
        CellState.UNREADABLE: printed and truth == UNREADABLE,
    }[fact.state]
    if right:
        count.right += 1
    elif fact.state in (CellState.NUMBER, CellState.BLANK):
        what = "<absent>" if not printed else "<blank>" if truth is None else str(truth)
        count.wrong.append((fact.code, fact.state.value, str(fact.value), what))
    else:
        count.open += 1
