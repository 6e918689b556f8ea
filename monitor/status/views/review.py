"""The read model of the review list: what waits for a person, why, between whom. May touch: the store, for reading."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from config.load import Configuration
from config.schema import Agency
from crawler.rulings import CHANGED
from crawler.store.reads import coverage, waiting
from crawler.store.reads import review as reads
from crawler.store.reads.review import Waiting
from crawler.store.tables import Ruling

PER_PAGE = 20
CANDIDATES = 8  # that are named in the list; the entry's own page has more
MOST_CANDIDATES = 60
# Why something waits, as the list is filtered by it; each has words at `review.why.NAME`.
REASONS = ("agency", "year", "report", "unreadable", "changed")


@dataclass(frozen=True, slots=True)
class Said:
    """What one witness says: of what (`about`: agency, year, report), where it stands, its words, what they mean."""

    about: str
    source: str
    text: str
    value: str


@dataclass(frozen=True, slots=True)
class Item:
    """A content of an entry. `decision`: review, filed, not_a_report; `reason`: one of REASONS, "" where it is decided."""

    entry_id: int
    portal: str
    portal_name: str
    column: str
    title: str
    url: str
    sha256: str
    since: dt.datetime
    decision: str
    reason: str
    why: str
    ruled: bool
    agency: Agency | None
    year: int | None
    candidates: tuple[Agency, ...]
    more_candidates: int
    years: tuple[int, ...]
    said: tuple[Said, ...]
    conflicts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReviewList:
    """`undecided`: entries with such a content, of which some need nobody any more."""

    items: tuple[Item, ...]
    after: int | None
    undecided: int
    portals: tuple[tuple[str, str], ...]  # slug, name
    simulated: bool


@dataclass(frozen=True, slots=True)
class ReviewEntry:
    """One entry: its contents now, what persons decided, and the content that a decision would be about."""

    entry_id: int
    items: tuple[Item, ...]
    rulings: tuple[Ruling, ...]
    ruled: bool  # a person's decision stands
    seen: str
    candidates: tuple[Agency, ...]
    years: tuple[int, ...]
    waits: bool
    simulated: bool


@dataclass(frozen=True, slots=True)
class Tried:
    """What a decision would make of an entry's contents."""

    items: tuple[Item, ...]
    simulated: bool


def tried(session: Session, configuration: Configuration, now: list[Waiting]) -> Tried:
    """`now`: what the contents are decided to be, within the transaction that tries it."""
    items = tuple(item_of(one, configuration, MOST_CANDIDATES) for one in now)
    return Tried(items, _simulated(session, items))


def review_list(session: Session, configuration: Configuration, *, after: int, portal: str, reason: str) -> ReviewList:
    """A page of the list. `portal`, `reason`: only those; empty for all."""
    page = waiting.waiting_page(
        session,
        after=after,
        limit=PER_PAGE,
        portal=portal,
        fits=(lambda one: reason_of(one) == reason) if reason else None,
    )
    items = tuple(item_of(one, configuration, CANDIDATES) for entry in page.entries for one in entry)
    return ReviewList(
        items=items,
        after=page.after,
        undecided=waiting.undecided(session),
        portals=tuple((slug, one.name) for slug, one in sorted(configuration.portals.items())),
        simulated=_simulated(session, items),
    )


def review_entry(
    session: Session, configuration: Configuration, entry_id: int, contents: list[Waiting], seen: str
) -> ReviewEntry:
    """Everything that is known of one entry. `contents`: what it holds now; `seen`: the one that a decision is about."""
    items = tuple(item_of(one, configuration, MOST_CANDIDATES) for one in contents)
    candidates = {agency.id: agency for item in items for agency in item.candidates}
    years = sorted({year for item in items for year in (*item.years, item.year) if year is not None})
    return ReviewEntry(
        entry_id=entry_id,
        items=items,
        rulings=tuple(reads.rulings(session, entry_id)),
        ruled=reads.newest_ruling(session, entry_id) is not None,
        seen=seen,
        candidates=tuple(candidates.values()),
        years=tuple(years),
        waits=bool(waiting.waiting_of(contents)),
        simulated=_simulated(session, items),
    )


def reason_of(one: Waiting) -> str:
    """Why a content waits, in one word of REASONS."""
    evidence = one.filing.evidence
    if one.reading.error:
        return "unreadable"
    if str(evidence.get("why", "")).startswith(CHANGED):
        return "changed"
    if not one.reading.is_report:
        return "report"
    return "year" if len(evidence.get("candidates", ())) == 1 else "agency"


def item_of(one: Waiting, configuration: Configuration, most: int) -> Item:
    evidence: Mapping[str, Any] = one.filing.evidence
    agencies = configuration.agencies
    named = [agencies[id_] for id_ in evidence.get("candidates", ()) if id_ in agencies]
    portal = configuration.portals.get(one.content.portal)
    return Item(
        entry_id=one.content.entry_id,
        portal=one.content.portal,
        portal_name=portal.name if portal else one.content.portal,
        column=one.content.column,
        title=one.content.title,
        url=one.content.url,
        sha256=one.content.sha256,
        since=one.since,
        decision=one.filing.decision,
        reason=reason_of(one) if one.filing.decision == "review" else "",
        why=str(evidence.get("why", "")) if "ruling" not in evidence else "",
        ruled="ruling" in evidence,
        agency=agencies.get(one.filing.agency_id or ""),
        year=one.filing.year,
        candidates=tuple(named[:most]),
        more_candidates=max(0, len(named) - most),
        years=tuple(int(year) for year in evidence.get("years", ())),
        said=tuple(
            Said(str(one["about"]), str(one["source"]), str(one["text"]), str(one.get("value") or ""))
            for one in evidence.get("said", ())
        ),
        conflicts=tuple(str(text) for text in evidence.get("conflicts", ())),
    )


def _simulated(session: Session, items: tuple[Item, ...]) -> bool:
    return bool(coverage.simulated_portals(session) & {item.portal for item in items})
