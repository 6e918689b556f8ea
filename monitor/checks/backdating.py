"""Check: the page says that it was published on a day after which we still saw its column without it. Pure.

The proof is two captures: the list pages of the last healthy look without it, and the first capture that holds it. What
is said is no more than that. Nothing is said where there is an innocent way to read it:

- only what the page itself says of its publication counts (PubDate, 发布时间, 发布日期). Dates in a list are often those of
  the document, and the address says when a system stored the page; both are kept and shown. A later date in the list
  makes the claim later.
- the look began more than a day after the stated day (`cache_days`): lists are shown out of caches, and a look on the
  stated day itself contradicts nothing.
- the look was one of the very column in which the report appeared, its list pages are kept, and the looks at the agency's
  other columns say the same.
- the entry had not been there before as something else, nothing undecided that came earlier may be the report, and it
  did not come with a bulk re-import, which keeps the days of the old system.
"""

import datetime as dt

from crawler.model import DateEvidence, DateSource
from monitor.checks.case import Case, Judged
from monitor.checks.entries import known_since
from monitor.days import day_of, iso_moment
from monitor.model import ColumnFacts, Finding, LookFact, Verdicts


def check(judged: Judged) -> Verdicts:
    case = judged.case
    found = _finding(case)
    return Verdicts(standing=(found,)) if found else Verdicts(over=frozenset((_key(case),)))


def claimed(dates: tuple[DateEvidence, ...]) -> dt.date | None:
    """The day on which the page says that it was published; the latest, where it or its list say several."""
    own = [date.value for date in dates if date.source.is_own_word]
    return max([*own, *(date.value for date in dates if date.source is DateSource.LIST)]) if own else None


def _finding(case: Case) -> Finding | None:
    day = claimed(case.stated)
    if day is None or case.reimported:
        return None
    first = case.sightings[0]
    if known_since(first.entry) < first.first_seen:
        return None
    if any(known_since(entry) < first.first_seen for entry in case.candidates):
        return None
    until = case.absence.until
    seen = _look_without_it(case)
    if seen is None or until is None:
        return None
    column, look = seen
    nearest = day + dt.timedelta(days=case.evidence.cache_days)
    if day_of(min(look.begun, until)) <= nearest or not look.captures:
        return None
    return Finding(
        _key(case),
        "backdated",
        case.facts.agency.id,
        case.year,
        {
            "url": first.entry.url,
            "stated_on": day.isoformat(),
            "stated": [date.as_json() for date in case.stated if date.source.is_own_word],
            "days": (day_of(look.begun) - day).days,
            "without": {
                "at": iso_moment(look.begun),
                "look": look.id,
                "captures": list(look.captures),
                "column_name": column.column_name,
                "portal_name": column.portal_name,
                "url": column.url,
            },
            "with": {
                "at": iso_moment(first.capture.at),
                "capture": first.capture.id,
                "sha256": first.capture.sha256,
                "first_seen": iso_moment(first.first_seen),
            },
        },
    )


def _look_without_it(case: Case) -> tuple[ColumnFacts, LookFact] | None:
    """The last look before the report at the column in which it appeared, if that is one of the agency's."""
    entry = case.sightings[0].entry
    for proof in case.absence.proofs:
        if (proof.column.portal, proof.column.column) == (entry.portal, entry.column) and proof.newest is not None:
            return proof.column, proof.newest
    return None


def _key(case: Case) -> str:
    return f"backdated:{case.facts.agency.id}:{case.year}"
