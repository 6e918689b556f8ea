"""How a resource is put up: GET in the description, HEAD and OPTIONS beside it, and what it may answer. Touches nothing."""

from collections.abc import Callable
from typing import Any, Final

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel

from monitor.status.api.headers import PREFLIGHT
from monitor.status.api.problems import MEDIA_TYPE
from monitor.status.api.queries import refuse_all, refuse_repeated

PREFIX: Final = "/api/v1"
_PROBLEM: Final = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
_HEADERS: Final = {
    "ETag": {"description": "Send it back as If-None-Match.", "schema": {"type": "string"}},
    "Last-Modified": {
        "description": "Since when it stands as it is, as far as this server knows. Send it back as If-Modified-Since.",
        "schema": {"type": "string"},
    },
}
_LINK: Final = {
    "Link": {"description": 'The next page, rel="next" (RFC 8288); absent at the end.', "schema": {"type": "string"}}
}
_ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    304: {"description": "Nothing has changed since the ETag or the day that was sent."},
    400: {
        "description": "A parameter is unknown, repeated or means nothing; `parameter` names it.",
        "content": _PROBLEM,
    },
    401: {"description": "This site is read by logged-in users only.", "content": _PROBLEM},
    404: {"description": "There is no such thing.", "content": _PROBLEM},
    500: {"description": "An error of the server, which was logged.", "content": _PROBLEM},
    503: {"description": "The database does not answer.", "content": _PROBLEM},
}


def put_up(
    router: APIRouter, path: str, endpoint: Callable[..., Response], shape: type[BaseModel], *, paged: bool = True
) -> None:
    """One resource below PREFIX. `paged`: a list, whose parameters are described; else it takes none."""
    statuses = (304, 400, 401, 500, 503) if paged else (304, 400, 401, 404, 500, 503)
    checks = [Depends(refuse_repeated)] if paged else [Depends(refuse_all)]
    answers: dict[int | str, dict[str, Any]] = {status: _ANSWERS[status] for status in statuses}
    answers[200] = {"headers": _HEADERS | (_LINK if paged else {})}
    router.add_api_route(
        PREFIX + path, endpoint, methods=["GET"], response_model=shape, responses=answers, dependencies=checks
    )
    router.add_api_route(
        PREFIX + path, endpoint, methods=["HEAD"], response_model=None, dependencies=checks, include_in_schema=False
    )
    router.add_api_route(PREFIX + path, options, methods=["OPTIONS"], response_model=None, include_in_schema=False)


async def options() -> Response:
    """What a browser asks before another site's page may read with If-None-Match."""
    return Response(status_code=204, headers=PREFLIGHT)
