"""Reads what a 通报 needs beside the facts of judging. May touch: finding, capture, seal, for reading."""

import datetime as dt
from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from crawler.store.reads.batches import batches
from crawler.store.tables import Capture, Finding, Seal


class CaptureRow(NamedTuple):
    """Where an archived answer came from, and what its bytes are known by."""

    id: int
    sha256: str | None
    url: str
    fetched_at: dt.datetime


def findings_at(session: Session, agencies: Collection[str], year: int, at: dt.datetime) -> list[Finding]:
    """The findings about some agencies and one year that stood open at the moment, oldest first."""
    found: list[Finding] = []
    for batch in batches(agencies):
        rows = select(Finding).where(
            Finding.agency_id.in_(batch),
            Finding.year == year,
            Finding.opened_at <= at,
            or_(Finding.closed_at.is_(None), Finding.closed_at > at),
        )
        found += session.scalars(rows.order_by(Finding.id))
    return found


def captures(session: Session, ids: Collection[int]) -> dict[int, CaptureRow]:
    """Some captures by their id."""
    found: dict[int, CaptureRow] = {}
    for batch in batches(ids):
        rows = select(Capture.id, Capture.sha256, Capture.url, Capture.fetched_at).where(Capture.id.in_(batch))
        found |= {row[0]: CaptureRow(*row) for row in session.execute(rows)}
    return found


def newest_seal(session: Session, at: dt.datetime) -> Seal | None:
    """The head of the chain of hashes as it was at the moment; None where nothing was sealed by then."""
    return session.scalar(select(Seal).where(Seal.sealed_at <= at).order_by(Seal.id.desc()).limit(1))
