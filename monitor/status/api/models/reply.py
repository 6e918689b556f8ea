"""What an office said."""

import datetime as dt

from pydantic import Field

from monitor.desk.replies import Reply, ReplyKind
from monitor.status.api.models.common import Shown


class ShownReply(Shown):
    """What the office said of a finding or of a year as a whole. It was not verified."""

    id: int
    kind: ReplyKind
    text: str
    source: str = Field(description="An address or a document.")
    received_on: dt.date
    superseded_by: int | None = Field(description="The id of the newer reply that replaced it; null while it counts.")


def shown_reply(reply: Reply) -> ShownReply:
    """Without who recorded it."""
    return ShownReply(
        id=reply.id,
        kind=reply.kind,
        text=reply.text,
        source=reply.source,
        received_on=reply.received_on,
        superseded_by=reply.superseded_by,
    )
