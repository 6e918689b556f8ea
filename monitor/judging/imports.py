"""Days on which a portal brought up many old reports at once: moved from another system, not published. Pure.

Such a day makes nobody late, backdated, changed or withdrawn. What counts are entries that came after a look that had
seen their column well (the first look at a column finds all of it at once), and that are filed as a report of two or more
years back, or as one whose former address has left its list.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from monitor.days import day_of

OLD_YEARS = 2  # in January 2024 the report of 2022 is old, that of 2023 is due


@dataclass(frozen=True, slots=True)
class Arrival:
    """An entry that is filed as a report. `known_before`: its column had been seen well before it appeared there.

    `left`: at the moment of judging it is no longer in its list.
    """

    entry: int
    portal: str
    at: dt.datetime
    agency_id: str
    year: int
    known_before: bool
    left: bool


def import_days(arrivals: Iterable[Arrival], at_least: int) -> dict[str, frozenset[dt.date]]:
    """By portal the days, in Shanghai, on which `at_least` such entries appeared."""
    found = list(arrivals)
    left: dict[tuple[str, int], list[dt.datetime]] = defaultdict(list)
    for arrival in found:
        if arrival.left:
            left[arrival.agency_id, arrival.year].append(arrival.at)
    entries: dict[tuple[str, dt.date], set[int]] = defaultdict(set)
    for arrival in found:
        if not arrival.known_before:
            continue
        day = day_of(arrival.at)
        moved = any(at < arrival.at for at in left.get((arrival.agency_id, arrival.year), ()))
        if moved or arrival.year <= day.year - OLD_YEARS:
            entries[arrival.portal, day].add(arrival.entry)
    days: dict[str, set[dt.date]] = defaultdict(set)
    for (portal, day), came in entries.items():
        if len(came) >= at_least:
            days[portal].add(day)
    return {portal: frozenset(on) for portal, on in days.items()}
