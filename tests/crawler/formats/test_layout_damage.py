"""The made PDFs with lines lost, moved and shaken, and with text off its place: open, never wrong."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

import pypdfium2
import pytest

from crawler import reports
from crawler.formats import layout
from crawler.formats.pdf import pages
from crawler.formats.sheet import Rule, Sheet
from crawler.model import CellState, Document
from tests.golden.make import MADE


@cache
def sheets(template: str) -> tuple[Sheet, ...]:
    document = pypdfium2.PdfDocument(MADE / f"pdf-{template}.pdf")
    try:
        found = []
        for number in range(1, len(document) + 1):
            page = document[number - 1]
            found.append(pages.content(page.raw, number).sheet)
            page.close()
        return tuple(found)
    finally:
        document.close()


def moved(rule: Rule, across: float, down: float) -> Rule:
    return Rule(rule.left + across, rule.top + down, rule.right + across, rule.bottom + down)


def some_lines_lost(sheet: Sheet, chance: random.Random) -> Sheet:
    lost = chance.choice((0.01, 0.05, 0.2, 0.6))
    return replace(sheet, rules=tuple(rule for rule in sheet.rules if chance.random() > lost))


def one_border_lost(sheet: Sheet, chance: random.Random) -> Sheet:
    if not sheet.rules:
        return sheet
    lost = chance.choice(sheet.rules)
    return replace(sheet, rules=tuple(r for r in sheet.rules if abs(r.left - lost.left) > 3 or r.top < lost.top))


def some_lines_moved(sheet: Sheet, chance: random.Random) -> Sheet:
    return replace(
        sheet,
        rules=tuple(
            moved(rule, chance.uniform(-9, 9), chance.uniform(-9, 9)) if chance.random() < 0.02 else rule
            for rule in sheet.rules
        ),
    )


def text_off_its_place(sheet: Sheet, chance: random.Random) -> Sheet:
    across, down = chance.uniform(-20, 20), chance.uniform(-8, 8)
    runs = (
        replace(run, left=run.left + across, right=run.right + across, top=run.top + down, bottom=run.bottom + down)
        for run in sheet.runs
    )
    return replace(sheet, runs=tuple(runs))


def text_too_wide(sheet: Sheet, chance: random.Random) -> Sheet:
    factor = chance.uniform(1.0, 1.9)
    return replace(
        sheet, runs=tuple(replace(run, right=run.left + (run.right - run.left) * factor) for run in sheet.runs)
    )


def settled(found: Sequence[Sheet]) -> dict[str, str]:
    """The facts that the reader is sure of: numbers and blanks."""
    blocks, issues = layout.arrange(found)
    read = reports.parse(Document("pdf", blocks, issues=issues))
    sure = [fact for fact in read.facts if fact.state in (CellState.NUMBER, CellState.BLANK)]
    return {fact.code: format(fact.value, "f") if fact.value is not None else "<blank>" for fact in sure}


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("template", ["2014", "2019", "2021"])
@pytest.mark.parametrize(
    "damage", [some_lines_lost, one_border_lost, some_lines_moved, text_off_its_place, text_too_wide]
)
def test_damage_opens_cells_and_falsifies_none(
    damage: Callable[[Sheet, random.Random], Sheet], template: str, seed: int
) -> None:
    chance = random.Random(f"{damage.__name__}-{seed}")
    known = json.loads((MADE / f"{template}.expected.json").read_text(encoding="utf-8"))["facts"]
    found = settled([damage(sheet, chance) for sheet in sheets(template)])
    assert {code: value for code, value in found.items() if known[code] != value} == {}


@pytest.mark.parametrize("template", ["2014", "2019", "2021"])
def test_shaken_lines_are_read(template: str) -> None:
    """Borders drawn cell by cell, each half a point off: every cell is still read."""
    chance = random.Random(template)
    known = json.loads((MADE / f"{template}.expected.json").read_text(encoding="utf-8"))["facts"]
    shaken = [
        replace(
            sheet,
            rules=tuple(moved(rule, chance.uniform(-0.5, 0.5), chance.uniform(-0.5, 0.5)) for rule in sheet.rules),
        )
        for sheet in sheets(template)
    ]
    assert settled(shaken) == known
