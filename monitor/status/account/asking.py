"""Who asks, with what form, and whether that one may: what a page that changes something begins with.

May touch: what the gate has put into the request; the audit log, where something is refused.
"""

from collections.abc import Mapping

from fastapi import HTTPException, Request

from monitor.accounts.audit import Outcome, record
from monitor.accounts.logins import Actor
from monitor.accounts.roles import Role
from monitor.clock import REAL
from monitor.status.account.addresses import local_path
from monitor.status.web import Web


class LoginNeeded(Exception):
    """Nobody is logged in; the application answers with the way to /login."""


def actor_of(request: Request) -> Actor | None:
    """Who is logged in; None: a visitor. Nothing that is made for a visitor differs from one to the next."""
    actor: Actor | None = request.scope.get("state", {}).get("actor")
    return actor


def form_of(request: Request) -> Mapping[str, str]:
    """The fields of the form, which came from a page of ours and carries the token of this session."""
    form: Mapping[str, str] = request.scope.get("state", {}).get("form", {})
    return form


def field(request: Request, name: str) -> str:
    return form_of(request).get(name, "")


def address_of(request: Request) -> str:
    """The client's address."""
    return str(request.scope.get("state", {}).get("address", ""))


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


def back(request: Request, otherwise: str = "/") -> str:
    """Where the form wants to lead after it was done: a page of ours."""
    wanted = field(request, "next")
    return local_path(wanted) if wanted else otherwise
