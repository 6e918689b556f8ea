"""Who owes no report of a year: an office founded after it, or abolished or merged before the report was due. Pure.

By the registry alone (valid_from, valid_to, predecessor), whatever was seen. The boundaries are in favour of the duty as
the law has it: an office that existed on 31 December owes the report of that year, one whose last day is the due day
itself had all the time that the law gives.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from config.schema import Agency


@dataclass(frozen=True, slots=True)
class Exemption:
    """`parameters` name the day, and the successors where there are any; as those of an assessment."""

    reason: Literal["founded_later", "abolished", "merged"]
    parameters: Mapping[str, Any]


def exemption(agency: Agency, successors: Sequence[Agency], year: int, due: dt.date | None) -> Exemption | None:
    """Why the agency owes no report of `year`; None: it does. `due` None: no day is set, and the year's end counts."""
    year_end = dt.date(year, 12, 31)
    if agency.valid_from is not None and agency.valid_from > year_end:
        return Exemption("founded_later", {"founded_on": agency.valid_from.isoformat()})
    last = last_day(agency, successors)
    if last is None or last >= (due or year_end):
        return None
    if not successors:
        return Exemption("abolished", {"ended_on": last.isoformat()})
    return Exemption(
        "merged",
        {
            "ended_on": last.isoformat(),
            "successor": "、".join(one.name for one in successors),
            "successor_ids": [one.id for one in successors],
        },
    )


def last_day(agency: Agency, successors: Sequence[Agency]) -> dt.date | None:
    """The last day of its existence: its own, or the one before its first successor's first (docs/method.md)."""
    if agency.valid_to is not None:
        return agency.valid_to
    begun = [one.valid_from for one in successors if one.valid_from is not None]
    return min(begun) - dt.timedelta(days=1) if begun else None
