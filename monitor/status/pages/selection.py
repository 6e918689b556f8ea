"""What the pages of a selection share: one address for one view, and the choices of their forms. May touch nothing."""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from config.schema import AgencyKind, Level
from monitor.status.filters import SIZES, Filters
from monitor.status.site import PREFIXES
from monitor.status.views.matrix import FLAGS
from monitor.status.views.paging import Paging
from monitor.wording import Language

CHOICES: Final[Mapping[str, Any]] = {
    "kinds": tuple(AgencyKind),
    "levels": tuple(Level),
    "flags": FLAGS,
    "sizes": SIZES,
}


def elsewhere(request: Request, path: str, filters: Filters, language: Language) -> Response | None:
    """The way to the one address of this view; None: it was asked for by that."""
    if filters.is_address(request.url.query):
        return None
    return RedirectResponse(f"{PREFIXES[language]}{path}{filters.query()}", 302)


def must_be_there(paging: Paging, filters: Filters) -> None:
    """Raises HTTPException 404 for a page behind the last one."""
    if filters.page > paging.last:
        raise HTTPException(404)
