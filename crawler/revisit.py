"""When the page behind an entry is fetched again. Pure: what is known of it, the rules and a moment in, an answer out.

A report is looked at daily while it is new and rarely when it is old (config/visits.yml); what went wrong the last time,
and what has left the list, is always looked at.
"""

import datetime as dt
from dataclasses import dataclass

from config.visits import VisitRules
from crawler.model import LookOutcome
from crawler.reports.dates import SHANGHAI


@dataclass(frozen=True, slots=True)
class Remembered:
    """An address that a column has listed, as the visits before left it.

    `listed`: it was still there at the last look that could tell; else `left_at` is when it was first found gone.
    `fetched_at`, `outcome`: of the last answer of its page; None if it was never asked for.
    `settled`: a healthy look has listed it; else it came while the list could not be seen whole.
    """

    url: str
    verdict: str
    listed: bool
    title: str
    first_seen: dt.datetime
    left_at: dt.datetime | None = None
    fetched_at: dt.datetime | None = None
    outcome: LookOutcome | None = None
    settled: bool = True


def is_due(entry: Remembered, now: dt.datetime, rules: VisitRules, *, title: str | None) -> bool:
    """Whether the page of `entry` is asked for at `now`. `title`: as listed now; None where it is not listed now."""
    if entry.fetched_at is None or entry.outcome is not LookOutcome.HEALTHY:
        return True
    if title is None and entry.listed:
        return True  # it has just vanished: only its page tells whether it is gone
    if title is not None and title != entry.title:
        return True  # the list says something else of it now
    since = entry.left_at or entry.first_seen
    return days_between(entry.fetched_at, now) >= rules.entry_interval(days_between(since, now))


def days_between(earlier: dt.datetime, later: dt.datetime) -> int:
    """Calendar days in Shanghai from one moment to the other."""
    return (later.astimezone(SHANGHAI).date() - earlier.astimezone(SHANGHAI).date()).days
