"""The newest events as the page shows them. May touch nothing."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from config.load import Configuration
from config.schema import Agency
from crawler.store.tables import Event


@dataclass(frozen=True, slots=True)
class News:
    """One event. `agency` None: it is no longer in the registry, `agency_id` is what is left of it."""

    at: dt.datetime
    kind: str
    agency_id: str
    agency: Agency | None
    year: int
    portal: str  # of an event about a portal, which has no agency and no year: its name
    resolved: str  # of kind resolved: a wording key below `resolved`


def news(events: Iterable[Event], configuration: Configuration) -> tuple[News, ...]:
    """The events in their order, each with its agency."""
    return tuple(
        News(
            at=event.at,
            kind=event.kind,
            agency_id=event.agency_id,
            agency=configuration.agencies.get(event.agency_id),
            year=event.year,
            portal=str(event.details.get("portal", {}).get("name", "")),
            resolved=str(event.details.get("resolved", "")),
        )
        for event in events
    )
