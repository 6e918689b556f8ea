"""Writes what persons decide. May touch: the table ruling, and only adds to it."""

import datetime as dt

from sqlalchemy.orm import Session

from crawler.store.tables import Ruling


def add_ruling(
    session: Session,
    *,
    entry_id: int,
    sha256: str | None,
    decision: str,
    agency_id: str | None,
    year: int | None,
    at: dt.datetime,
    by: str,
    note: str,
) -> None:
    """`decision`: filed (with agency and year), not_a_report, undone."""
    session.add(
        Ruling(
            entry_id=entry_id,
            sha256=sha256,
            decision=decision,
            agency_id=agency_id,
            year=year,
            at=at,
            by=by,
            note=note,
        )
    )
    session.flush()
