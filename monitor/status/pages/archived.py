"""What was received, for people: `/archive/SHA256`, the bytes as a download, and `/archive/SHA256/view`, our own rendering.

May touch: the store and the archive, for reading, and the reading process (monitor.status.documents). The bytes are never
served as anything that a browser shows: what a portal wrote may hold scripts. A rendering holds none of its markup.
"""

import re
from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import FileResponse, HTMLResponse, Response

from crawler.store.reads import reports as reads
from monitor.status.documents import Busy
from monitor.status.filters import BadFilter
from monitor.status.site import METHODS, PREFIXES
from monitor.status.views.archived import Spot, shown_document
from monitor.status.web import Web
from monitor.wording import Language

SHA256 = re.compile(r"[0-9a-f]{64}")
REFERRERS = 10
RETRY_SECONDS = "10"
# Also for what opens the download in a browser: no scripts, no forms, nothing loaded. The archive's names are those of the
# contents, so an answer never changes; `private`, since reading may need a login. Not compressed: a part that is asked for
# later (Range) has to be a part of the same bytes.
HEADERS: Final = {
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, max-age=31536000, immutable",
    "Content-Encoding": "identity",
    "X-Robots-Tag": "noindex",
}


def routes(web: Web, language: Language) -> APIRouter:
    """The bytes have one address, without a language."""
    router = APIRouter(prefix=PREFIXES[language], include_in_schema=False)

    @router.api_route("/archive/{sha256}/view", methods=METHODS)
    def view(request: Request, sha256: str) -> HTMLResponse:
        _demand_sha256(sha256)
        spot = _spot(request.query_params)
        with web.sessions() as session:
            capture = reads.first_with(session, sha256)
            referrers = reads.referrers(session, sha256, REFERRERS) if capture else []
            simulated = capture is not None and reads.is_simulated(session, [capture.portal])
        if capture is None:
            raise HTTPException(404)
        try:
            shown = web.documents.read(sha256, name=capture.url, content_type=capture.media_type)
        except Busy:
            raise HTTPException(503, headers={"Retry-After": RETRY_SECONDS}) from None
        answer = web.site.render(
            request,
            "archived.html",
            language,
            view={"simulated": simulated},
            sha256=sha256,
            capture=capture,
            referrers=[(web.configuration.agencies.get(row.agency_id), row) for row in referrers],
            read=shown,
            document=None if shown.document is None else shown_document(shown.document, spot),
            spot=spot,
        )
        answer.headers["X-Robots-Tag"] = "noindex"
        return answer

    if language != "zh":
        return router

    @router.api_route("/archive/{sha256}", methods=METHODS)
    def download(request: Request, sha256: str) -> Response:
        _demand_sha256(sha256)
        with web.sessions() as session:
            capture = reads.first_with(session, sha256)
        path = web.documents.archive.path(sha256)
        if capture is None or not path.is_file():
            raise HTTPException(404)
        headers = HEADERS | {"ETag": f'"{sha256}"'}
        if sha256 in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        # No name of an outside kind: a double click opens nothing that could run.
        return FileResponse(path, headers=headers, media_type="application/octet-stream", filename=f"{sha256}.bin")

    return router


def _demand_sha256(text: str) -> None:
    if not SHA256.fullmatch(text):
        raise HTTPException(404)


def _spot(query: Mapping[str, str]) -> Spot:
    return Spot(**{name: _number(query, name) for name in ("block", "table", "row", "column")})


def _number(query: Mapping[str, str], name: str) -> int | None:
    text = query.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 6 and int(text) > 0):
        raise BadFilter(name)
    return int(text)
