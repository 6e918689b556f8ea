"""What one content of an entry is decided to be, as the store keeps it: identification, then a person's ruling.

May touch nothing: a reading and a ruling go in, the values of a filing come out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from crawler.identification import Identification, Identifier, Item, page_of_stored
from crawler.reports import dates
from crawler.rulings import Ruled, obeyed
from crawler.store.reads.reading import Content
from crawler.store.tables import Reading


@dataclass(frozen=True, slots=True)
class Filed:
    """`decision`: filed (agency and year are set), review, not_a_report.

    `evidence` for the store: list_title, address_date, agency, year (by what, in words), why (not for filed), candidates and
    years (for review: agency ids, years), said (every witness), conflicts, ruling, stopped.
    """

    decision: str
    agency_id: str | None
    year: int | None
    evidence: dict[str, Any] = field(default_factory=dict)

    def row(self) -> dict[str, Any]:
        return {
            "decision": self.decision,
            "agency_id": self.agency_id,
            "year": self.year,
            "evidence": self.evidence,
        }


def decide(content: Content, reading: Reading, identifier: Identifier, ruled: Ruled | None) -> Filed:
    """By the content itself, and by the newest ruling of its entry."""
    own = _by_itself(content, reading, identifier)
    found, by_person = own, False
    if ruled is not None:
        found, by_person = obeyed(own, ruled, content.sha256, attached=content.attached)
        if found.agency is not None and found.agency not in identifier.registry.agencies:
            found, by_person = own, False  # ruled for an agency that is no longer registered
    evidence = _evidence(content, found)
    if by_person:
        evidence["ruling"] = str(ruled)
    if "stopped" in reading.details:
        evidence["stopped"] = reading.details["stopped"]
    return Filed(found.decision, found.agency, found.year, evidence)


def _by_itself(content: Content, reading: Reading, identifier: Identifier) -> Identification:
    if reading.error:
        return Identification("review", None, None, f"无法读取：{reading.error}")
    page = page_of_stored(
        is_report=reading.is_report, agency=reading.agency, template=reading.template, details=reading.details
    )
    item = Item(content.title, content.url, page, attached=content.attached)
    return identifier.identify(item, identifier.places.column(content.portal, content.column))


def _evidence(content: Content, found: Identification) -> dict[str, Any]:
    evidence: dict[str, Any] = {"list_title": content.title, **(found.grounds or {})}
    address_date = dates.from_address(content.url)
    if address_date is not None:
        evidence["address_date"] = address_date.value.isoformat()
    if found.decision != "filed":
        evidence["why"] = found.why
    if found.decision == "review":
        evidence["candidates"] = list(found.candidates)
        if len(found.years) > 1:
            evidence["years"] = list(found.years)
    if found.evidence:
        evidence["said"] = [one.as_json() for one in found.evidence]
    if found.conflicts:
        evidence["conflicts"] = list(found.conflicts)
    return evidence
