"""Reads what people did. May touch: the table act, for reading."""

import datetime as dt
from collections.abc import Collection

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from crawler.store.tables import Act


def acts(
    session: Session, kinds: Collection[str], *, agency_id: str | None = None, since: dt.datetime | None = None
) -> list[Act]:
    """The acts of some kinds, of all agencies or of one, of all times or from a moment on, oldest first."""
    rows = select(Act).where(Act.kind.in_(kinds))
    if since is not None:
        rows = rows.where(Act.at >= since)
    if agency_id is not None:
        rows = rows.where(Act.agency_id == agency_id)
    return list(session.scalars(rows.order_by(Act.id)))


def newest(session: Session, kinds: Collection[str], *, recipient: str, channel: str) -> Act | None:
    """The newest act of some kinds about a recipient and channel."""
    rows = select(Act).where(Act.kind.in_(kinds), Act.recipient == recipient, Act.channel == channel)
    return session.scalars(rows.order_by(Act.id.desc()).limit(1)).first()


def newest_acts(session: Session, limit: int) -> list[Act]:
    """The newest acts of every kind, newest first."""
    return list(session.scalars(select(Act).order_by(Act.id.desc()).limit(limit)))


def newest_acts_about(
    session: Session,
    kinds: Collection[str],
    limit: int,
    *,
    finding_key: str = "",
    agency_id: str = "",
    year: int | None,
) -> list[Act]:
    """The newest acts of some kinds, newest first: about a finding and its agency's year, about an agency, or about all."""
    rows = select(Act).where(Act.kind.in_(kinds))
    about = []
    if finding_key:
        about.append(Act.finding_key == finding_key)
    if agency_id:
        of_year = [Act.year == year] if year is not None else []
        about.append(and_(Act.agency_id == agency_id, *of_year))
    if about:
        rows = rows.where(or_(*about))
    return list(session.scalars(rows.order_by(Act.id.desc()).limit(limit)))
