"""The log of what was done, or tried, with accounts. Only ever added to. May touch: the table audit."""

import datetime as dt
from collections.abc import Mapping
from typing import Final, Literal

from sqlalchemy.orm import Session

from crawler.store.writes import accounts as writes
from monitor.alerts.lines import plain

COMMAND_LINE: Final = "command line"  # in place of a client's address
LONGEST_NAME = 60
LONGEST = 200
ACTIONS: Final = (
    "login",
    "login_failed",
    "logout",
    "password",
    "session",
    "ack",
    "mute",
    "unmute",
    "reply",
    "ruling",
    "job",
    "refused",
    "account",
)
Outcome = Literal["done", "refused"]


def record(
    session: Session,
    at: dt.datetime,
    *,
    account: str,
    action: str,
    outcome: Outcome = "done",
    subject: str = "",
    address: str = "",
    details: Mapping[str, str] | None = None,
) -> None:
    """One line of the log; texts are made plain and bounded. Never a password or token in any of them.

    `account`: the name as it was given, also where there is no such account.
    """
    if action not in ACTIONS:
        raise ValueError(f"{action!r} is no action of the audit log")
    writes.add_audit(
        session,
        at=at,
        account=plain(account, LONGEST_NAME),
        action=action,
        outcome=outcome,
        subject=plain(subject, LONGEST),
        address=plain(address, LONGEST),
        details={name: plain(value, LONGEST) for name, value in (details or {}).items()},
    )
