"""Who asks, with what form, and whether that one may: what a page that changes something begins with.

May touch: what the gate has put into the request; the audit log, where something is refused.
"""

from collections.abc import Mapping

from fastapi import HTTPException, Request

from monitor.accounts.audit import Outcome, record
from monitor.accounts.logins import Actor
from monitor.accounts.roles import Role
from monitor.clock import REAL
from monitor.status.account.request import actor_of, address_of
from monitor.status.web import Web


class LoginNeeded(Exception):
    """Nobody is logged in; the application answers with the way to /login."""


def needs(web: Web, request: Request, role: Role) -> Actor:
    """Who asks, if that one may. Raises LoginNeeded, and HTTPException 403, which goes into the audit log."""
    actor = actor_of(request)
    if actor is None:
        raise LoginNeeded
    if not actor.may(role):
        note(
            web, request, "refused", actor.name, subject=f"{request.method} {request.scope['path']}", outcome="refused"
        )
        raise HTTPException(403)
    return actor


def note(
    web: Web,
    request: Request,
    action: str,
    account: str,
    *,
    subject: str = "",
    outcome: Outcome = "done",
    details: Mapping[str, str] | None = None,
) -> None:
    """A line of the audit log in a transaction of its own: also what is refused is kept."""
    with web.sessions.begin() as session:
        record(
            session,
            REAL.now(),
            account=account,
            action=action,
            outcome=outcome,
            subject=subject,
            address=address_of(request),
            details=details,
        )
