"""What a person decided, against what the program would decide by itself. Pure: values in, a value out.

A ruling holds for the content that the person saw. For any other content of the entry it holds as long as that is
undecided by itself and does not speak of another agency or year; what says something else goes back to the person.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Literal

from crawler.identification import Identification

CHANGED = "内容已变"  # how the reason begins, where a person has to look once more


@dataclass(frozen=True, slots=True)
class Ruled:
    """The newest ruling of an entry. `sha256`: the content that the person saw, None where there was none."""

    decision: Literal["filed", "not_a_report"]
    agency: str | None
    year: int | None
    sha256: str | None
    at: dt.datetime
    by: str
    note: str = ""

    def __str__(self) -> str:
        said = (
            f"{self.by} 于 {self.at:%Y-%m-%d %H:%M} 认定 ruling by {self.by} at {self.at.isoformat(timespec='seconds')}"
        )
        return f"{said}：{self.note}" if self.note else said


def obeyed(own: Identification, ruled: Ruled, sha256: str, *, attached: bool) -> tuple[Identification, bool]:
    """The decision in the light of a ruling, and whether it is the ruling's.

    `own`: what the program decides by itself; `attached`: the content is a file of the entry's page, and a file that is
    no report contradicts nobody.
    """
    as_ruled = replace(
        own, decision=ruled.decision, agency=ruled.agency, year=ruled.year, why=str(ruled), candidates=()
    )
    if sha256 == ruled.sha256:
        return as_ruled, True
    if own.decision == "review":
        return (as_ruled, True) if _is_open_to(own, ruled) else (_again(own, ruled), False)
    agrees = (own.decision, own.agency, own.year) == (ruled.decision, ruled.agency, ruled.year)
    if agrees or (attached and own.decision == "not_a_report"):
        return own, False
    return _again(own, ruled), False


def _is_open_to(own: Identification, ruled: Ruled) -> bool:
    if ruled.decision == "not_a_report":
        return True
    return (not own.candidates or ruled.agency in own.candidates) and (own.year is None or own.year == ruled.year)


def _again(own: Identification, ruled: Ruled) -> Identification:
    """What the person has to look at once more: between what was ruled and what it says now."""
    agencies = dict.fromkeys(one for one in (own.agency, *own.candidates, ruled.agency) if one)
    years = dict.fromkeys(year for year in (own.year, *own.years, ruled.year) if year is not None)
    why = f"{CHANGED}，与此前的人工认定不一致（{own.why}）"
    return replace(own, decision="review", agency=None, why=why, candidates=tuple(agencies), years=tuple(years))
