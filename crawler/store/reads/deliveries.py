"""Reads messages that were claimed: which of them may be tried now, which were refused for good.

May touch: the table delivery, for reading.
"""

import datetime as dt
from collections.abc import Collection

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, defer

from crawler.store.tables import Delivery


def is_due(now: dt.datetime) -> ColumnElement[bool]:
    """Has not arrived, nobody is at it just now, and its pause is over. `now`: the real time, as of leases."""
    return (
        (Delivery.status == "claimed")
        & or_(Delivery.leased_until.is_(None), Delivery.leased_until <= now)
        & or_(Delivery.next_try_at.is_(None), Delivery.next_try_at <= now)
    )


def due(session: Session, now: dt.datetime) -> list[int]:
    """The ids of the messages that may be tried now, oldest first."""
    return list(session.scalars(select(Delivery.id).where(is_due(now)).order_by(Delivery.id)))


def delivery(session: Session, delivery_id: int) -> Delivery:
    """One message with its bytes."""
    return session.get_one(Delivery, delivery_id)


def unsent(session: Session, statuses: Collection[str]) -> list[Delivery]:
    """The messages with one of these statuses (claimed, failed), oldest first; without their bytes."""
    rows = select(Delivery).where(Delivery.status.in_(statuses)).options(defer(Delivery.message, raiseload=True))
    return list(session.scalars(rows.order_by(Delivery.id)))
