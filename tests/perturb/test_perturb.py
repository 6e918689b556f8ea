"""A fixed number of damaged reports: no cell read wrong, none open where the labels and spans say everything.

`make perturb` runs many more, from other seeds and in other formats.
"""

from __future__ import annotations

import random
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from crawler import formats, reports
from crawler.model import CellState
from tests.perturb import PERTURBATIONS, measure
from tests.perturb.__main__ import keep
from tests.perturb.page import fresh
from tests.perturb.registry import NotHere, Perturbation
from tests.perturb.write import DIRECT, WRITERS

VARIANTS = 160


def test_no_cell_of_a_damaged_report_is_wrong() -> None:
    wrong = {
        (variant.number, variant.format, tuple(way.name for way in variant.damage)): count.wrong
        for variant in measure.variants(2024, VARIANTS, DIRECT)
        if (count := measure.measure(variant)).wrong
    }
    assert wrong == {}


@pytest.mark.parametrize("way", [way for way in PERTURBATIONS if way.exact & set(DIRECT)], ids=lambda way: way.name)
def test_what_is_declared_exact_leaves_nothing_open(way: Perturbation) -> None:
    for name in sorted(way.exact & set(DIRECT)):
        for seed in range(20):
            page = fresh("2021" if seed % 2 else "2019", seed)
            try:
                way.change(page, random.Random(seed))
            except NotHere:
                continue
            count = measure.compare(page, reports.parse(formats.read(WRITERS[name](page))))
            assert (count.open, count.wrong) == (0, []), (name, seed)
            break
        else:
            pytest.fail(f"{way.name} changed no page")


def test_the_measure_sees_what_is_wrong() -> None:
    page = fresh("2021", 1)
    report = reports.parse(formats.read(WRITERS["html"](page)))
    assert measure.compare(page, report).wrong == []
    codes = [fact.code for fact in report.facts if fact.state is CellState.NUMBER][:3]
    page.truth[codes[0]] = Decimal(-7)
    page.truth[codes[1]] = None
    del page.truth[codes[2]]
    assert {code for code, *_ in measure.compare(page, report).wrong} == set(codes)
    opened = replace(report, facts=tuple(replace(fact, state=CellState.OPEN, value=None) for fact in report.facts))
    count = measure.compare(fresh("2021", 1), opened)
    assert (count.right, count.open, count.wrong) == (0, len(report.facts), [])


def test_a_case_is_kept_with_its_seed(tmp_path: Path) -> None:
    variant = next(measure.variants(3, 1, DIRECT))
    keep(tmp_path, 3, variant, measure.Count(wrong=[("code", "number", "1", "2")]))
    names = sorted(path.name for path in tmp_path.iterdir())
    assert len(names) == 2
    assert all(re.match(rf"3-{variant.number}-{variant.damage[0].name}\.", name) for name in names)


def test_the_same_seed_makes_the_same_variants() -> None:
    first, second = (
        [(variant.data, [way.name for way in variant.damage]) for variant in measure.variants(5, 12, DIRECT)]
        for _ in range(2)
    )
    assert first == second


def test_every_perturbation_has_a_name_of_its_own_and_declares_formats_that_it_has() -> None:
    names = [way.name for way in PERTURBATIONS]
    assert len(set(names)) == len(names)
    assert [way.name for way in PERTURBATIONS if not way.exact <= way.formats] == []
