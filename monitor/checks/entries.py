"""One entry by itself: what it holds, since when, and whether it still stands. Pure: facts in, values out."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from config.deadlines import EvidenceRules
from crawler.model import DateEvidence, LookOutcome
from crawler.reports.dates import from_list
from monitor.days import day_of
from monitor.model import ColumnFacts, EntryFacts, PageCapture, ReadingFact

MIGRATION_DAYS = 14  # a move to another system takes days: lists are emptied and filled before and after the import


@dataclass(frozen=True, slots=True)
class Sighting:
    """An entry that was filed as the report in question.

    `first_seen`: the earliest moment at which it is known to have been there; `capture`: the first one that
    holds the report.
    """

    entry: EntryFacts
    first_seen: dt.datetime
    capture: PageCapture


class Presence(StrEnum):
    """Whether an entry that was once seen is still there."""

    STANDING = "standing"  # also whenever it cannot be told
    GONE_ONCE = "gone_once"  # list and page say that it is gone, not yet on enough days
    GONE = "gone"


def is_listed(entry: EntryFacts, at: dt.datetime) -> bool:
    """Whether the column's list held the entry at that moment, as far as looks tell."""
    before = [change for change in entry.changes if change.at <= at]
    return bool(before) and before[-1].kind != "gone"


def known_since(entry: EntryFacts) -> dt.datetime:
    """When the entry was first met, in a list or at its address."""
    return min([change.at for change in entry.changes] + [capture.at for capture in entry.captures])


def title(entry: EntryFacts) -> str:
    """The newest title that the list gave to the entry."""
    return next((change.title for change in reversed(entry.changes) if change.kind != "gone"), "")


def titles(entry: EntryFacts) -> tuple[str, ...]:
    """Every title that the list ever gave to the entry."""
    return tuple(dict.fromkeys(change.title for change in entry.changes if change.kind != "gone"))


def reading_of(entry: EntryFacts, capture: PageCapture) -> ReadingFact | None:
    """The newest reading of what a capture brought. None: not read yet, or nothing was brought."""
    if capture.outcome is not LookOutcome.HEALTHY or capture.sha256 is None:
        return None
    readings = entry.readings.get(capture.sha256, ())
    return readings[-1] if readings else None


def is_filed(reading: ReadingFact | None, agency_id: str, year: int) -> bool:
    return reading is not None and (reading.decision, reading.agency_id, reading.year) == ("filed", agency_id, year)


def is_something_else(reading: ReadingFact | None, agency_id: str, year: int) -> bool:
    """Whether the content was decided to be anything but the report in question. Undecided is not decided."""
    return reading is not None and reading.decision != "review" and not is_filed(reading, agency_id, year)


def newest_contents(entry: EntryFacts) -> dict[str, PageCapture | None]:
    """For the page and every attachment: the first capture of the content that it last showed.

    None for an address that never answered well.
    """
    newest: dict[str, PageCapture | None] = {}
    for capture in entry.captures:
        known = newest.setdefault(capture.url, None)
        healthy = capture.outcome is LookOutcome.HEALTHY and capture.sha256 is not None
        if healthy and (known is None or known.sha256 != capture.sha256):
            newest[capture.url] = capture
    return newest


def is_undecided(entry: EntryFacts) -> bool:
    """Whether nobody can tell yet what the entry is.

    It was never opened, or a part of what it holds is unread, unreadable or left to a person. One part that is
    filed settles the entry: an entry is one report.
    """
    contents = newest_contents(entry)
    readings = [None if capture is None else reading_of(entry, capture) for capture in contents.values()]
    if any(reading is not None and reading.decision == "filed" for reading in readings):
        return False
    return not readings or any(reading is None or reading.decision == "review" for reading in readings)


def undecided_versions(entry: EntryFacts) -> Iterator[EntryFacts]:
    """The entry as it is, if nobody can tell what it is; and as it was before its page changed, if nobody could tell then.

    A page may be replaced before anybody could read it: a column's own page shows the newest report alone.
    """
    if is_undecided(entry):
        yield entry
    if all(_is_decided(entry, capture) for capture in entry.captures):
        return
    replaced: dict[str | None, dt.datetime] = {}
    for (first, _), (following, _) in pairwise(_unchanged(entry)):
        replaced[first.sha256] = following.at
        replaced.pop(following.sha256, None)
    for until in replaced.values():
        before = _before(entry, until)
        if is_undecided(before):
            yield before


def _is_decided(entry: EntryFacts, capture: PageCapture) -> bool:
    """Also a capture that brought nothing."""
    if capture.outcome is not LookOutcome.HEALTHY or capture.sha256 is None:
        return True
    reading = reading_of(entry, capture)
    return reading is not None and reading.decision != "review"


def _before(entry: EntryFacts, until: dt.datetime) -> EntryFacts:
    """The entry as it was before that moment; that it left its list later still counts."""
    return replace(
        entry,
        changes=tuple(change for change in entry.changes if change.at < until or change.kind == "gone"),
        captures=tuple(capture for capture in entry.captures if capture.at < until),
    )


def newest_content_since(entry: EntryFacts) -> dt.datetime | None:
    """Since when the entry shows what it shows now: its newest content, or its appearance in the list."""
    moments = [capture.at for capture in newest_contents(entry).values() if capture is not None]
    moments += [change.at for change in entry.changes if change.kind == "appeared"]
    return max(moments, default=None)


def sighting(entry: EntryFacts, agency_id: str, year: int) -> Sighting | None:
    """When the entry was first there as that agency's report of that year. None: it never was.

    The list may have shown it before its page was read; but if its page was first something else, the report is
    there only since the page holds it.
    """
    filed = (c for c in entry.captures if is_filed(reading_of(entry, c), agency_id, year))
    first = next(filed, None)
    if first is None:
        return None
    earlier = [c for c in entry.captures if c.url == first.url and c.at < first.at]
    if any(is_something_else(reading_of(entry, capture), agency_id, year) for capture in earlier):
        return Sighting(entry, first.at, first)
    appeared = [change.at for change in entry.changes if change.kind == "appeared" and change.at < first.at]
    return Sighting(entry, min([first.at, *appeared]), first)


def was_something_else(entry: EntryFacts, day: dt.date, agency_id: str, year: int) -> bool:
    """Whether the entry's page is known to have held something else on that day in Shanghai.

    Known: captures of one and the same other content on that day, or on both sides of it.
    """
    for first, last in _unchanged(entry):
        if day_of(first.at) <= day <= day_of(last.at) and is_something_else(reading_of(entry, first), agency_id, year):
            return True
    return False


def _unchanged(entry: EntryFacts) -> Iterator[tuple[PageCapture, PageCapture]]:
    """Of the entry's page: (first, last) capture of each time during which it showed one content."""
    first: PageCapture | None = None
    last: PageCapture | None = None
    for capture in pages(entry):
        if first is not None and last is not None and capture.sha256 != first.sha256:
            yield first, last
            first = None
        if capture.sha256 is not None:
            first, last = first or capture, capture
    if first is not None and last is not None:
        yield first, last


def pages(entry: EntryFacts) -> list[PageCapture]:
    """The captures of the entry's own page, without its attachments."""
    return [capture for capture in entry.captures if capture.kind == "detail" or capture.url == entry.url]


def dates(seen: Sighting) -> tuple[DateEvidence, ...]:
    """Every date that was stated when the report was first there: beside it in the list, and on its pages.

    Later dates are left aside: a page that is moved or touched gets a new date and is no new publication.
    """
    entry, found = seen.entry, dict[DateEvidence, None]()
    for change in entry.changes:
        if change.at >= seen.first_seen and change.list_date is not None:
            found[from_list(change.list_date, change.list_date_raw)] = None
            break
    for reading in _readings_at(entry, seen.capture.at):
        found.update(dict.fromkeys(reading.dates))
    return tuple(found)


def _readings_at(entry: EntryFacts, at: dt.datetime) -> list[ReadingFact]:
    """What the page and each attachment held at that moment, or first held after it."""
    found = []
    for url in dict.fromkeys(capture.url for capture in entry.captures):
        read = [(c.at, r) for c in entry.captures if c.url == url and (r := reading_of(entry, c)) is not None]
        before = [reading for moment, reading in read if moment <= at]
        after = [reading for moment, reading in read if moment > at]
        found += before[-1:] or after[:1]
    return found


def came_with_import(seen: Sighting) -> bool:
    return day_of(seen.first_seen) in seen.entry.import_days


def left_with_the_site(entry: EntryFacts, rules: EvidenceRules) -> bool:
    """Whether the entry left its list as a part of something larger: that is a change of the site, no withdrawal.

    Many left in the same look, or two at least and no fewer than stayed, or the portal was re-imported in those days.
    """
    last = entry.changes[-1] if entry.changes else None
    if last is None or last.kind != "gone":
        return False
    left = last.others_left + 1
    if left >= rules.import_entries or (last.others_left and left >= last.others_stayed):
        return True
    return any(abs((day - day_of(last.at)).days) <= MIGRATION_DAYS for day in entry.import_days)


def presence(
    entry: EntryFacts, column: ColumnFacts | None, rules: EvidenceRules
) -> tuple[Presence, dt.datetime | None]:
    """Whether the entry is still there, and since when it is not.

    Gone: healthy looks at its column no longer list it, and its page answers "not found", both on so many different
    days as an absence needs. Servers that fail or refuse, and addresses that lead elsewhere, say nothing; nor does an
    entry that left with many others. `column` None: no longer registered, nothing is said.
    """
    last = entry.changes[-1] if entry.changes else None
    not_found = _not_found(entry)
    if column is None or last is None or last.kind != "gone" or not not_found or left_with_the_site(entry, rules):
        return Presence.STANDING, None
    unlisted = [look.at for look in column.looks if look.outcome.proves_absence and look.at >= last.at]
    days = min(len({day_of(at) for at in unlisted}), len({day_of(capture.at) for capture in not_found}))
    since = max(last.at, not_found[0].at)
    if days >= rules.absence_looks:
        return Presence.GONE, since
    return (Presence.GONE_ONCE, since) if days else (Presence.STANDING, None)


def _not_found(entry: EntryFacts) -> list[PageCapture]:
    """The "not found" answers of the page since it was last there."""
    streak: list[PageCapture] = []
    for capture in pages(entry):
        if capture.outcome is LookOutcome.HEALTHY:
            streak = []
        elif capture.outcome is LookOutcome.SOFT_404:
            streak.append(capture)
    return streak
