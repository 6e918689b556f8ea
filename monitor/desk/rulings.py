"""What a person decides about an entry that the program could not: whose report of which year it is, or none.

May touch: the store, by crawler.review. A decision holds at once for everything that was read of the entry.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from sqlalchemy.orm import Session

from config.errors import GongkaiError
from config.load import Configuration
from crawler import review
from crawler.identification import Identifier
from crawler.store.reads import review as reads
from crawler.store.reads.review import Waiting
from monitor.agencies import agency_named
from monitor.desk.acks import name_of, text_of

Decision = Literal["filed", "not_a_report", "undone"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A decision as it is asked for. `agency`: its id or name, with `year` only of `filed`.

    `seen`: the sha256 of the content that was before the person's eyes, "" where there was none.
    """

    entry_id: int
    decision: Decision
    agency: str
    year: int | None
    note: str
    seen: str


def seen(session: Session, entry_id: int) -> str:
    """The content that a decision about the entry would be about: its sha256, "" where there is none."""
    return review.seen(session, entry_id) or ""


def decide(
    session: Session, configuration: Configuration, identifier: Identifier, wanted: Wanted, *, by: str, at: dt.datetime
) -> list[Waiting]:
    """Carries it out, and returns what the entry's contents are decided to be now; a caller that rolls back has only tried.

    Raises GongkaiError (StoreError), also where the entry shows something else by now than the person saw.
    """
    entry_id, name, note = wanted.entry_id, name_of(by), text_of(wanted.note)
    review.existing(session, entry_id)
    if seen(session, entry_id) != wanted.seen:
        raise GongkaiError(
            "该条目的内容在您查看之后已变，请重新查看 the entry shows something else by now, look at it again"
        )
    if wanted.decision == "undone":
        review.undo(session, identifier, entry_id, by=name, note=note, at=at)
    elif wanted.decision == "not_a_report":
        review.refuse(session, identifier, entry_id, by=name, note=note, at=at)
    else:
        if wanted.year is None:
            raise GongkaiError("请给出报告年度 the year of the report is needed")
        agency = agency_named(configuration, wanted.agency, wanted.year)
        review.file_as(session, identifier, entry_id, agency_id=agency.id, year=wanted.year, by=name, note=note, at=at)
    return reads.newest(session, entry_id)
