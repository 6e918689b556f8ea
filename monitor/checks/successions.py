"""Contents of one report at two addresses, one after the other. Pure: facts in, values out.

A page may lead to another file than before; an office may publish its report again at a new address. Whether the first
of two contents was replaced by the second is known only where they were not there at the same time; where it is not
known, the two are not compared.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from crawler.model import LookOutcome
from monitor.checks.cells import has_cells
from monitor.checks.entries import Sighting, pages, sighting
from monitor.checks.versions import Revision, Version, filed_versions, same_reader, versions
from monitor.model import ColumnFacts, EntryFacts


def pooled(entries: Iterable[EntryFacts]) -> list[EntryFacts]:
    """The entries, those of one address in several columns as one (with the column of the first)."""
    by_url: dict[str, EntryFacts] = {}
    for entry in entries:
        known = by_url.get(entry.url)
        by_url[entry.url] = entry if known is None else _together(known, entry)
    return list(by_url.values())


def replaced_files(entry: EntryFacts) -> Iterator[Revision]:
    """Each file that a page led to with the one that took its place, at another address.

    Only where the page never led to two such files at the same time: then they were two, and none replaced the other.
    Every visit to a page asks for all of its files, so that a file that is not asked for is no longer there.
    """
    urls = {capture.url for capture in entry.captures if capture.kind == "attachment"}
    if len(urls) < 2:
        return
    found = [(url, filed_versions(made)) for url, made in versions([entry]).items() if url in urls]
    files = [
        (min(times), max(times), made)
        for url, made in found
        if made
        for times in [[capture.at for capture in entry.captures if capture.url == url]]
    ]
    files.sort(key=lambda file: file[0])
    for position, (old, new) in enumerate(pairwise(files)):
        others = files[:position] + files[position + 2 :]
        if old[1] < new[0] and not any(first <= new[0] and last >= old[1] for first, last, _ in others):
            yield from _pair(old[2][-1], new[2][0])


@dataclass(frozen=True, slots=True)
class Again:
    """A report that was seen at one address and then at another one; what it held there first."""

    old: Sighting
    new: Sighting
    revision: Revision


def published_again(entries: Sequence[EntryFacts], agency_id: str, year: int) -> Iterator[Again]:
    """The report at each address and at the one where it was seen next.

    `entries`: pooled. The contents are those that hold the statutory cells, if any does. The older one stands for its
    first capture alone: it may stand there for years yet.
    """
    found = [seen for entry in entries if (seen := sighting(entry, agency_id, year)) is not None]
    found.sort(key=lambda seen: (seen.first_seen, seen.entry.id))
    for old, new in pairwise(found):
        earlier = [content for content in _contents(old.entry) if content.first.at < new.capture.at]
        before, after = _main(earlier, old.entry, newest=True), _main(_contents(new.entry), new.entry, newest=False)
        if before is None or after is None or before.url == after.url or old.first_seen == new.first_seen:
            continue
        for revision in _pair(replace(before, last=before.first), after):
            yield Again(old, new, revision)


def came_later(seen: Sighting, columns: Sequence[ColumnFacts]) -> bool:
    """Whether its own column is known to have been without it before it was first seen there.

    A column that was looked at for the first time may have held it for years.
    """
    own = [c for c in columns if (c.portal, c.column) == (seen.entry.portal, seen.entry.column)]
    return any(look.outcome.proves_absence and look.begun < seen.first_seen for column in own for look in column.looks)


def what_became_of(old: EntryFacts, new: EntryFacts) -> str:
    """gone, redirected, or standing (also whenever it cannot be told): the page at the old address, by its newest answer."""
    shown = pages(old)
    if not shown:
        return "standing"
    newest = shown[-1]
    if newest.outcome is LookOutcome.SOFT_404:
        return "gone"
    left_list = bool(old.changes) and old.changes[-1].kind == "gone"
    same = newest.sha256 is not None and newest.sha256 in {capture.sha256 for capture in pages(new)}
    if newest.outcome is LookOutcome.MOVED or (left_list and same):
        return "redirected"
    return "standing"


def _pair(before: Version, after: Version) -> Iterator[Revision]:
    readings = same_reader(before, after)
    if readings is not None:
        yield Revision(before, after, *readings)


def _contents(entry: EntryFacts) -> list[Version]:
    return [version for made in versions([entry]).values() for version in filed_versions(made)]


def _main(found: Sequence[Version], entry: EntryFacts, *, newest: bool) -> Version | None:
    """The page before its files, what holds cells before what holds none; of one address the newest or the oldest."""
    ends: dict[str, Version] = {}
    for version in found:
        if newest or version.url not in ends:
            ends[version.url] = version
    ordered = sorted(ends.values(), key=lambda version: (version.url != entry.url, version.url))
    return next((version for version in ordered if has_cells(version.readings[-1])), next(iter(ordered), None))


def _together(one: EntryFacts, other: EntryFacts) -> EntryFacts:
    captures = {capture.id: capture for capture in (*one.captures, *other.captures)}
    return replace(
        one,
        changes=tuple(sorted((*one.changes, *other.changes), key=lambda change: change.at)),
        captures=tuple(sorted(captures.values(), key=lambda capture: (capture.at, capture.id))),
        readings={**other.readings, **one.readings},
        import_days=one.import_days | other.import_days,
    )
