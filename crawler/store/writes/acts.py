"""Writes what people did. May touch: the table act, which is only ever added to."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Literal

from sqlalchemy.orm import Session

from crawler.store.tables import Act

Kind = Literal["ack", "mute", "unmute", "reply", "unsubscribe", "resubscribe", "job"]


def add(
    session: Session,
    kind: Kind,
    *,
    at: dt.datetime,
    by: str,
    agency_id: str | None = None,
    year: int | None = None,
    finding_key: str | None = None,
    recipient: str | None = None,
    channel: str | None = None,
    until: dt.datetime | None = None,
    note: str = "",
    source: str = "",
    details: Mapping[str, Any] | None = None,
) -> int:
    """Records an act and returns its id."""
    act = Act(
        at=at,
        kind=kind,
        by=by,
        agency_id=agency_id,
        year=year,
        finding_key=finding_key,
        recipient=recipient,
        channel=channel,
        until=until,
        note=note,
        source=source,
        details=dict(details or {}),
    )
    session.add(act)
    session.flush()
    return act.id
