"""Check: a report is word for word, or number for number, another one. Pure: facts in, findings out.

Compared are the agency's own earlier years and, for the same or an earlier year, the agencies of its region or of its
supervising office. It is a suspicion and says so: how much of the text stands in the other one, or how many numbers
are the same. Of two siblings' reports of one year the one that was seen later is compared with the earlier one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from crawler.model import Fingerprint
from monitor.checks.case import Case, Judged
from monitor.checks.contents import Content, present_readings, source
from monitor.days import iso_moment
from monitor.model import Finding, KinReport, Verdicts

# Of the text of sections one and five. Five real reports of one trade share at most 7 % with each other
# (tests/crawler/reports/test_fingerprint.py), an office and its own successor three years later being the 7.
SAME_TEXT = 0.8
# In signs, without numbers and names: below it a report says little more than the form asks for.
LEAST_TEXT = 400
# Different numbers of two digits or more. The form's sums make about half of them follow from the others, so six are
# three free ones at least; small offices, with noughts and ones, never reach it and may well be equal by chance.
LEAST_NUMBERS = 6


@dataclass(frozen=True, slots=True)
class Match:
    """`share`: of this report's text that stands in the other one, 0 to 1. `figures`: all figures are the same."""

    content: Content
    other: KinReport
    share: float
    figures: bool

    @property
    def is_high(self) -> bool:
        return self.figures or self.share >= SAME_TEXT


def check(judged: Judged) -> Verdicts:
    case = judged.case
    key = f"copied:{case.facts.agency.id}:{case.year}"
    contents = [content for content in present_readings(case) if content[1].fingerprint is not None]
    matches = [match for content in contents for match in _matches(case, content)]
    high = [match for match in matches if match.is_high]
    rests_on = frozenset(match.other.sha256 for match in matches)
    if not high:
        return Verdicts(over=frozenset({key}) if contents else frozenset(), contents=rests_on)
    best = max(high, key=lambda match: (match.figures + match.share, -match.other.year, match.other.agency_id))
    more = len({(match.other.agency_id, match.other.year) for match in high}) - 1
    finding = Finding(key, "copied", case.facts.agency.id, case.year, _details(best, more))
    return Verdicts(standing=(finding,), contents=rests_on)


def _matches(case: Case, content: Content) -> Iterator[Match]:
    mine = content[1].fingerprint
    if mine is None:
        return
    for other in (*_own_earlier(case), *case.facts.kin):
        if other.year <= case.year and other.sha256 != content[0].sha256 and _came_first(other, content, case.year):
            yield Match(content, other, _share(mine, other.fingerprint), _same_figures(mine, other.fingerprint))


def _own_earlier(case: Case) -> Iterator[KinReport]:
    years = {
        reading.year
        for entry in case.facts.entries
        for made in entry.readings.values()
        for reading in made
        if reading.decision == "filed" and reading.agency_id == case.facts.agency.id and reading.year is not None
    }
    for year in sorted(year for year in years if year < case.year):
        for capture, reading in present_readings(case.of_year(year)):
            if reading.fingerprint is not None:
                yield KinReport(
                    agency_id=case.facts.agency.id,
                    agency=case.facts.agency.name,
                    year=year,
                    url=capture.url,
                    capture=capture.id,
                    at=capture.at,
                    sha256=capture.sha256 or "",
                    fingerprint=reading.fingerprint,
                )


def _came_first(other: KinReport, content: Content, year: int) -> bool:
    return other.year < year or (other.at, other.capture) < (content[0].at, content[0].id)


def _share(mine: Fingerprint, other: Fingerprint) -> float:
    whole = sum(length for _, length in mine.clauses)
    if whole < LEAST_TEXT:
        return 0
    there = {clause for clause, _ in other.clauses}
    return sum(length for clause, length in mine.clauses if clause in there) / whole


def _same_figures(mine: Fingerprint, other: Fingerprint) -> bool:
    return mine.numbers >= LEAST_NUMBERS and mine.figures == other.figures


def _details(match: Match, more: int) -> dict[str, Any]:
    mine = match.content[1].fingerprint
    other = match.other
    return {
        "share": int(match.share * 100),  # per cent, rounded down
        "same_text": match.share >= SAME_TEXT,
        "same_figures": match.figures,
        "numbers": mine.numbers if mine else 0,
        "more": more,
        "other": {
            "agency_id": other.agency_id,
            "agency": other.agency,
            "year": other.year,
            "url": other.url,
            "capture": other.capture,
            "at": iso_moment(other.at),
            "sha256": other.sha256,
        },
        **source(*match.content),
    }
