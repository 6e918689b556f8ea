"""Reads findings by their keys. May touch: the table finding, for reading."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from crawler.store.tables import Finding

FEW = 8


def open_finding(session: Session, key: str) -> Finding | None:
    return session.scalar(select(Finding).where(Finding.key == key, Finding.closed_at.is_(None)))


def similar_keys(session: Session, key: str) -> list[str]:
    """A few keys of open findings about the agency (or portal) that `key` seems to name."""
    parts = key.split(":")
    rows = select(Finding.key).where(Finding.closed_at.is_(None))
    if parts[0] == "portal":
        rows = rows.where(Finding.agency_id == "")
    else:
        rows = rows.where(Finding.agency_id == (parts[1] if len(parts) > 1 else key))
    return list(session.scalars(rows.order_by(Finding.key).limit(FEW)))
