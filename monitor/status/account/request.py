"""What the gate has put into a request: who asks, the form that came, the client's address. May touch the request only."""

from collections.abc import Mapping

from fastapi import Request

from monitor.accounts.logins import Actor
from monitor.status.account.addresses import local_path


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


def back(request: Request, otherwise: str = "/") -> str:
    """Where the form wants to lead after it was done: a page of ours."""
    wanted = field(request, "next")
    return local_path(wanted) if wanted else otherwise
