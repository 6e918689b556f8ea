"""Check: the report's text and its tables say different numbers. Pure: facts in, findings out.

Only a number that a sentence states of the whole, and a cell that was read with certainty, are compared. An honest
writer may mean more than one thing by the same words (收到 with or without those of last year): where any reading of
them fits the table, nothing is said. A number that is only about is compared as roughly as it was meant.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from crawler.reports.narrative.keys import KEYS, readings_of
from crawler.reports.narrative.phrases import TOPIC
from monitor.checks.case import Judged
from monitor.checks.contents import Content, present_readings, shown_cell, source
from monitor.model import Finding, Verdicts

# An about-number may be off by one unit of its last digit that is no nought, and by this share in any case.
ROUGHLY = Decimal("0.1")

# The key's plain meaning may be another office's or another matter's unless the sentence says so itself.
_DISPUTES = ("review_", "litigation_")


@dataclass(frozen=True, slots=True)
class Comparison:
    """`table`: the number of the tables, by the reading of the words that fits, else by the plain one.

    `fits` None: it cannot be told, because a cell is no certain number or the words leave it open.
    """

    codes: tuple[str, ...]
    table: Decimal | None
    fits: bool | None


def compare(statement: Mapping[str, Any], template: str, number: Callable[[str], Decimal | None]) -> Comparison | None:
    """A stated number (JSON of crawler.model.Statement) with the tables; None where the form has no such cell.

    `number`: code → the number read there with certainty, None otherwise.
    """
    readings = readings_of(statement["key"], template)
    if not readings:
        return None
    stated, about = Decimal(statement["value"]), bool(statement["about"])
    sums = [_sum(codes, number) for codes in readings]
    for codes, total in zip(readings, sums, strict=True):
        if total is not None and _is_meant(stated, total, about=about):
            return Comparison(codes, total, fits=True)
    plain = sums[0]
    open_ = any(total is None for total in sums) or plain is None
    if open_ or (KEYS[statement["key"]].or_more and plain is not None and stated < plain):
        return Comparison(readings[0], plain, fits=None)
    return Comparison(readings[0], plain, fits=False)


def check(judged: Judged) -> Verdicts:
    case = judged.case
    contents = present_readings(case)
    standing: dict[str, Finding] = {}
    silent = {key for key in KEYS if contents and not any(_states(reading.statements, key) for _, reading in contents)}
    over = {_key(judged, key) for key in silent}
    for content in contents:
        for statement, comparison in _compared(content):
            key = _key(judged, statement["key"])
            if comparison.fits is False:
                details = _details(statement, comparison, content)
                standing.setdefault(key, Finding(key, "narrative", case.facts.agency.id, case.year, details))
            elif comparison.fits:
                over.add(key)
    return Verdicts(standing=tuple(standing.values()), over=frozenset(over - standing.keys()))


def _key(judged: Judged, key: str) -> str:
    return f"narrative:{judged.case.facts.agency.id}:{judged.case.year}:{key}"


def _states(statements: tuple[Mapping[str, Any], ...], key: str) -> bool:
    return any(statement["key"] == key for statement in statements)


def _compared(content: Content) -> Iterator[tuple[Mapping[str, Any], Comparison]]:
    """The statements of a reading with the tables beside them. Two that contradict each other prove a misreading."""
    _, reading = content
    keys = [statement["key"] for statement in reading.statements]
    for statement in reading.statements:
        if keys.count(statement["key"]) > 1 or not statement.get("certain", False):
            continue
        if statement["key"].startswith(_DISPUTES) and not TOPIC.search(statement["raw"]):
            continue
        cells = {code: cell.sure for code, cell in reading.cells.items()}
        comparison = compare(statement, reading.template or "", cells.get)
        if comparison is not None:
            yield statement, comparison


def _sum(codes: tuple[str, ...], number: Callable[[str], Decimal | None]) -> Decimal | None:
    found = [number(code) for code in codes]
    known = [value for value in found if value is not None]
    return sum(known, Decimal(0)) if len(known) == len(found) else None


def _is_meant(stated: Decimal, total: Decimal, *, about: bool) -> bool:
    return abs(stated - total) <= (slack(stated) if about else 0)


def slack(stated: Decimal) -> Decimal:
    """By how much an about-number may be off: 3744余 by 375, 100余 by 100, 1.2万 by 1200."""
    whole = stated.normalize().as_tuple()
    step = Decimal(10) ** max(int(whole.exponent), 0)
    return max(step, (stated * ROUGHLY).to_integral_value(rounding="ROUND_CEILING"))


def _details(statement: Mapping[str, Any], comparison: Comparison, content: Content) -> dict[str, Any]:
    capture, reading = content
    return {
        "matter": statement["key"],
        "number": statement["value"],
        "about": statement["about"],
        "sentence": statement["raw"],
        "place": statement["place"],
        "table": {
            "total": None if comparison.table is None else format(comparison.table, "f"),
            "cells": [shown_cell(code, reading.cells.get(code)) for code in comparison.codes],
        },
        **source(capture, reading),
    }
