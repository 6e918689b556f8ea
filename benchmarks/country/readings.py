"""What the reader makes of the golden reports of each form, as readings and facts of invented agencies.

May touch: the golden documents of the tests. All numbers of a report are multiplied by one factor: its sums hold as before.
"""

import json
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from crawler import formats, reports
from crawler.model import CellState, Fact, ParsedReport
from crawler.read_captures import details_json

MADE = Path(__file__).resolve().parent.parent.parent / "tests" / "golden" / "made"
FORMS = {"2008": 2008, "2014": 2014, "2019": 2019, "2021": 2021}  # template and the first report year of it


def template_of(year: int) -> str:
    return max((name for name, first in FORMS.items() if first <= year), key=lambda name: FORMS[name], default="2008")


def made_readings() -> dict[str, "Made"]:
    """By template."""
    return {
        name: Made(name, reports.parse(formats.read((MADE / f"html-{name}.html").read_bytes(), name=f"{name}.html")))
        for name in FORMS
    }


@dataclass(frozen=True)
class Made:
    """One golden report of the form `template`."""

    template: str
    parsed: ParsedReport

    def facts(self, factor: int) -> tuple[tuple[str | int | None, ...], ...]:
        """code, state, value, unit, raw, place, certain of every cell."""
        return _facts(self, factor)

    def details(self, factor: int, name: str, year: int) -> str:
        """As crawler.read_captures.details_json, with another title."""
        title = json.dumps(f"{name}{year}年政府信息公开工作年度报告")[1:-1]
        return _details(self, factor) % {"title": title}

    @cached_property
    def _own(self) -> dict[str, Any]:
        return details_json(self.parsed)

    def __hash__(self) -> int:
        return hash(self.template)


@lru_cache
def _facts(made: Made, factor: int) -> tuple[tuple[str | int | None, ...], ...]:
    return tuple(_fact(fact, factor) for fact in made.parsed.facts)


def _fact(fact: Fact, factor: int) -> tuple[str | int | None, ...]:
    place = json.dumps(fact.place.as_json()) if fact.place else None
    is_number = fact.state is CellState.NUMBER and fact.value is not None
    value = format((fact.value or Decimal(0)) * factor, "f") if is_number else None
    return fact.code, fact.state.value, value, fact.unit, value or fact.raw, place, int(fact.certain)


@lru_cache
def _details(made: Made, factor: int) -> str:
    own = made._own
    identities = [one | {side: _times(one[side], factor) for side in ("left", "right")} for one in own["identities"]]
    text = json.dumps(own | {"title": "@title@", "identities": identities})
    return text.replace("%", "%%").replace("@title@", "%(title)s")


def _times(number: str | None, factor: int) -> str | None:
    return None if number is None else format(Decimal(number) * factor, "f")
