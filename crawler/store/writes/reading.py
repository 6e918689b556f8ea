"""Writes what was read: a reading with its facts, and the filing of an entry's content.

May touch: the tables reading, fact, filing. It only ever adds, with one exception: an attempt that was stopped at
a limit of time or memory says nothing of the bytes, so the next attempt takes its place.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from crawler.model import Fact
from crawler.store.tables import FactRow, Filing, Reading

# What a reading says of its bytes.
COMPARED = ("format", "is_report", "agency", "year", "template", "signed_on", "details", "error")


def add_reading(session: Session, reading: Reading, facts: tuple[Fact, ...]) -> int:
    """Adds one reading and all its facts; returns its id."""
    session.add(reading)
    session.flush()
    if facts:
        session.execute(insert(FactRow), [fact_values(fact) | {"reading_id": reading.id} for fact in facts])
    return reading.id


def replace_attempt(session: Session, stored: Reading, reading: Reading, facts: tuple[Fact, ...]) -> None:
    """Puts `reading` and its facts in the place of an attempt that was stopped, which has no facts."""
    for name in ("read_at", *COMPARED):
        setattr(stored, name, getattr(reading, name))
    if facts:
        session.execute(insert(FactRow), [fact_values(fact) | {"reading_id": stored.id} for fact in facts])


def fact_values(fact: Fact) -> dict[str, Any]:
    """A fact as the columns of its row, without the reading it belongs to."""
    return {
        "code": fact.code,
        "state": fact.state.value,
        "value": fact.value,
        "unit": fact.unit,
        "raw": fact.raw,
        "place": None if fact.place is None else fact.place.as_json(),
        "certain": fact.certain,
    }


def add_filing(
    session: Session,
    *,
    entry_id: int,
    reading_id: int,
    capture_id: int,
    decision: str,
    agency_id: str | None,
    year: int | None,
    evidence: Mapping[str, Any],
) -> None:
    session.add(
        Filing(
            entry_id=entry_id,
            reading_id=reading_id,
            capture_id=capture_id,
            decision=decision,
            agency_id=agency_id,
            year=year,
            evidence=dict(evidence),
        )
    )


def refile(
    filing: Filing, *, decision: str, agency_id: str | None, year: int | None, evidence: Mapping[str, Any]
) -> None:
    """What waited for a person, or rested on an attempt that was stopped, is decided anew; so is what a person ruled."""
    filing.decision = decision
    filing.agency_id = agency_id
    filing.year = year
    filing.evidence = dict(evidence)


def reading_row(sha256: str, extractor: str, read_at: dt.datetime) -> Reading:
    """A reading that says nothing yet; every field is set, so that it can be compared before it is stored."""
    return Reading(
        sha256=sha256,
        extractor=extractor,
        read_at=read_at,
        format="",
        is_report=False,
        agency=None,
        year=None,
        template=None,
        signed_on=None,
        details={},
        error="",
    )
