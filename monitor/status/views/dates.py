"""Every date of every source that stands about a report, as it stood. May touch nothing."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from crawler.model import DateEvidence, DateSource
from crawler.reports import dates


@dataclass(frozen=True, slots=True)
class Witnesses:
    """What dates are taken from. `listed`: days in the list with their raw text; `read`: as the reader keeps them.

    `headers`: (name, value) pairs of the answer. `signed_on`: the day below the text.
    """

    url: str
    headers: Iterable[tuple[str, str]]
    listed: Iterable[tuple[dt.date | None, str]]
    read: Iterable[Mapping[str, str]]
    signed_on: dt.date | None


def stated_dates(seen: Witnesses) -> tuple[DateEvidence, ...]:
    """From the list, the address, the answer's headers and the document, once each."""
    found: dict[tuple[DateSource, dt.date, str], None] = {}
    for day, raw in seen.listed:
        if day is not None:
            one = dates.from_list(day, raw)
            found[one.source, one.value, one.raw] = None
    headers = {name.lower(): value for name, value in seen.headers}
    last_modified = dates.from_header(headers.get("last-modified", ""))
    for evidence in (dates.from_address(seen.url), dates.from_id(seen.url), last_modified):
        if evidence is not None:
            found[evidence.source, evidence.value, evidence.raw] = None
    for date in seen.read:
        found[DateSource(date["source"]), dt.date.fromisoformat(date["value"]), date.get("raw", "")] = None
    if seen.signed_on and not any(source is DateSource.SIGNATURE for source, _, _ in found):
        found[DateSource.SIGNATURE, seen.signed_on, ""] = None
    return tuple(DateEvidence(source, value, raw) for source, value, raw in found)
