"""The contents that a page showed one after the other, and which of them can be compared. Pure: facts in, values out.

An address is one page, in however many columns it is listed: its captures are taken together.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from crawler.model import LookOutcome
from monitor.model import EntryFacts, PageCapture, ReadingFact


@dataclass(frozen=True, slots=True)
class Version:
    """One content of an address, from the first to the last capture that showed it without a break.

    `readings` by the extractor that made them; more than one where the archive was read again.
    """

    url: str
    first: PageCapture
    last: PageCapture
    readings: tuple[ReadingFact, ...]

    def reading_by(self, extractor: str) -> ReadingFact | None:
        return next((reading for reading in reversed(self.readings) if reading.extractor == extractor), None)


@dataclass(frozen=True, slots=True)
class Revision:
    """Two contents of an address, one after the other, as read by the same version of the extractor."""

    before: Version
    after: Version
    reading_before: ReadingFact
    reading_after: ReadingFact


def versions(entries: Iterable[EntryFacts]) -> dict[str, list[Version]]:
    """The versions of every address of the entries, oldest first."""
    captures: dict[str, dict[int, PageCapture]] = {}
    readings: dict[str, dict[int, ReadingFact]] = {}
    for entry in entries:
        for capture in entry.captures:
            if capture.outcome is LookOutcome.HEALTHY and capture.sha256 is not None:
                captures.setdefault(capture.url, {})[capture.id] = capture
        for sha256, made in entry.readings.items():
            readings.setdefault(sha256, {}).update((reading.id, reading) for reading in made)
    return {
        url: list(_runs(url, sorted(found.values(), key=lambda capture: (capture.at, capture.id)), readings))
        for url, found in captures.items()
    }


def _runs(url: str, captures: list[PageCapture], readings: dict[str, dict[int, ReadingFact]]) -> Iterator[Version]:
    start = 0
    for position, capture in enumerate(captures):
        ends = position + 1 == len(captures) or captures[position + 1].sha256 != capture.sha256
        if ends:
            made = readings.get(capture.sha256 or "", {})
            yield Version(url, captures[start], capture, tuple(made[id_] for id_ in sorted(made)))
            start = position + 1


def revisions(found: list[Version]) -> Iterator[Revision]:
    """Each version with the one before it, where both are filed as the same agency's report of the same year.

    A content that was decided to be something else in between is passed over; one that was not read yet ends the
    comparison, since what it held is still open. One that came incomplete is passed over as well, unless all of them
    did: some sites never end their pages.
    """
    before: Version | None = None
    passed_over = _is_passed_over(found)
    for after in found:
        if not after.readings:
            before = None
            continue
        if passed_over(after):
            continue
        if before is not None:
            pair = same_reader(before, after)
            if pair is not None:
                yield Revision(before, after, *pair)
        before = after


def filed_versions(found: list[Version]) -> list[Version]:
    """Those that are filed as somebody's report and came whole; also torn ones where all are."""
    passed_over = _is_passed_over(found)
    return [version for version in found if version.readings and not passed_over(version)]


def _is_passed_over(found: list[Version]) -> Callable[[Version], bool]:
    come_whole = any(version.readings and not version.readings[-1].is_torn for version in found)

    def passed_over(version: Version) -> bool:
        newest = version.readings[-1]
        return newest.decision != "filed" or (newest.is_torn and come_whole)

    return passed_over


def same_reader(before: Version, after: Version) -> tuple[ReadingFact, ReadingFact] | None:
    """The readings of both by the newest extractor that read both, if it files both alike."""
    for reading_after in reversed(after.readings):
        reading_before = before.reading_by(reading_after.extractor)
        if reading_before is not None:
            return (reading_before, reading_after) if _filed_alike(reading_before, reading_after) else None
    return None


def _filed_alike(one: ReadingFact, other: ReadingFact) -> bool:
    both_filed = one.decision == other.decision == "filed"
    return both_filed and (one.agency_id, one.year) == (other.agency_id, other.year)
