"""Is it an annual report, whose, of which year: every witness asked in the order of trust, and every doubt kept.

Pure: an item, the registry and the place in which it was met go in, an Identification comes out. What is contradictory
or ambiguous is for a person (review) with the candidates; a wrong agency or year would be a public accusation.

    model    the values that go in and out
    places   from a portal's column, or an address, to its agencies
    years    of which year
    offices  whose
"""

from __future__ import annotations

from dataclasses import replace

from config.load import Configuration
from crawler.agencies import Registry
from crawler.identification import offices, years
from crawler.identification.model import Evidence, Identification, Item, Page, Place, Source
from crawler.identification.model import page_of as page_of
from crawler.identification.model import page_of_stored as page_of_stored
from crawler.identification.places import Places
from crawler.reports import title as titling
from crawler.titles import judge_title

__all__ = ["Evidence", "Identification", "Identifier", "Item", "Page", "Place", "Source", "page_of", "page_of_stored"]


class Identifier:
    """The registry and the portals of one configuration, indexed once."""

    def __init__(self, configuration: Configuration) -> None:
        self.registry = Registry(configuration.agencies)
        self.places = Places(configuration.portals, configuration.agencies)

    def identify(self, item: Item, place: Place | None = None) -> Identification:
        """`place`: where the item was met; None: by its address."""
        return identify(item, self.places.of_address(item.url) if place is None else place, self.registry)


def identify(item: Item, place: Place, registry: Registry) -> Identification:
    """See the module. Raises KeyError for a place whose agencies are not in the registry."""
    refused = _is_report(item, place)
    year = years.settle(item)
    if refused is not None and refused.decision == "not_a_report":
        return refused
    office = offices.settle(item, year.year, place, registry)
    found = Identification(
        decision="filed",
        agency=office.agency.id if office.agency else None,
        year=year.year,
        why=f"{office.why}；{year.why}",
        evidence=(*(refused.evidence if refused else ()), *office.evidence, *year.evidence),
        conflicts=(*office.conflicts, *year.conflicts),
        grounds={"agency": office.why, "year": year.why},
    )
    if office.repost:
        return replace(found, decision="not_a_report", year=None, why=office.why, candidates=office.candidates)
    if refused is None and office.agency is not None and year.year is not None and year.sure:
        return found
    why = refused.why if refused else office.why if office.agency is None else year.why
    candidates = (office.agency.id,) if office.agency else office.candidates
    return replace(found, decision="review", agency=None, why=why, candidates=candidates, years=year.years)


def _is_report(item: Item, place: Place) -> Identification | None:
    """None: it is one. What is certainly something else is refused, what is not certain goes to a person."""
    verdict, reason = judge_title(item.title)
    heard = (Evidence("report", Source.LISTED, f"{item.title}（{reason}）", verdict),)
    refused = Identification("not_a_report", None, None, reason, heard)
    if item.page is not None:
        if item.page.is_report:
            return None
        if verdict != "report" or item.attached:
            return replace(refused, why="正文和标题都不像年度报告")
        return replace(refused, decision="review", why="列表标题是年度报告，正文里却没有读到")
    if verdict == "report":
        return None
    if verdict == "lookalike":
        return refused
    listed = titling.read_listed(item.title)
    if place.column_agencies and listed is not None and listed.agency and listed.year:
        return None  # 高岭镇_2017年_… in a column of annual reports
    return replace(refused, decision="review", why=reason)
