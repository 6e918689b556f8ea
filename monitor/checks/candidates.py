"""Entries that nobody could decide yet and that may be the report in question: while there is one, nobody is accused.

Pure: facts in, values out.
"""

import datetime as dt
import re
import unicodedata

from monitor.checks.entries import (
    known_since,
    newest_content_since,
    newest_contents,
    reading_of,
    sighting,
    titles,
    undecided_versions,
)
from monitor.days import begin_of
from monitor.model import AgencyFacts, EntryFacts, ReadingFact

_CHINESE_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def candidates(facts: AgencyFacts, year: int) -> tuple[EntryFacts, ...]:
    """The entries of the agency's columns that may be its report of that year, as far as anybody can tell.

    One that may have been it, before its page was replaced by something else, stands here as it was then. The first met
    first, so that it is the same one that is named whatever else is found.
    """
    columns = {(column.portal, column.column) for column in facts.columns}
    own = (entry for entry in facts.entries if (entry.portal, entry.column) in columns)
    found = (candidate for entry in own if (candidate := _candidate(entry, facts, year)) is not None)
    return tuple(sorted(found, key=lambda entry: (known_since(entry), entry.id)))


def _candidate(entry: EntryFacts, facts: AgencyFacts, year: int) -> EntryFacts | None:
    for version in undecided_versions(entry):
        if version is not entry and sighting(entry, facts.agency.id, year) is not None:
            return None  # what it became is the report; the same page earlier is no other one
        if _may_be_of_agency(version, facts) and _may_be_of_year(version, year):
            return version
    return None


def years_in(text: str) -> frozenset[int]:
    """The years that a title names, in Arabic or Chinese digits: 2023年, ２０２３, 二〇二三."""
    return frozenset(
        int(found) for found in _YEAR.findall(unicodedata.normalize("NFKC", text).translate(_CHINESE_DIGITS))
    )


def _may_be_of_agency(entry: EntryFacts, facts: AgencyFacts) -> bool:
    """Not if a person's choice is narrowed to others, nor if only another agency of the registry is named."""
    readings = _readings(entry)
    if any(r.candidates and facts.agency.id not in r.candidates for r in readings):
        return False
    text = "".join(" ".join([*titles(entry), *(reading.printed_agency for reading in readings)]).split())
    if any(name in text for name in (facts.agency.name, *facts.agency.aliases)):
        return True
    return not any(name in text for name in facts.others)


def _may_be_of_year(entry: EntryFacts, year: int) -> bool:
    """By the years in its titles and in what could be read; where there are none, by when it came.

    A title that was changed counts as well: nobody has seen which of them is right.
    """
    read = frozenset(reading.year for reading in _readings(entry) if reading.year is not None)
    named = [years_in(title) | read for title in titles(entry)] or [read]
    if any(year in years for years in named):
        return True
    if all(named):
        return False
    since = newest_content_since(entry)
    if since is not None and since < begin_of(dt.date(year + 1, 1, 1)):
        return False
    # A January report is easily dated to the year before by a slip, so only older list dates speak against it.
    listed = [change.list_date for change in entry.changes if change.list_date is not None]
    return not listed or listed[-1].year >= year


def _readings(entry: EntryFacts) -> list[ReadingFact]:
    contents = (capture for capture in newest_contents(entry).values() if capture is not None)
    return [reading for capture in contents if (reading := reading_of(entry, capture)) is not None]
