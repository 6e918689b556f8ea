"""The download `/evidence/ID/YEAR.zip`: everything that the recorded judgement of a report rests on, made when it is asked for.

May touch: the store and the archive, for reading; a temporary folder, gone before the first byte is sent. Asked for by
visitors, so bounded: how many are made at a time, how often one visitor may ask, and how much goes into one. Without the PDF,
which needs a browser; `gongkai evidence` makes that, and packs of any size.
"""

import re
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import PlainTextResponse, Response, StreamingResponse

from config.schema import Agency
from crawler.store.reads import evidence as reads
from monitor.checks.case import judged_years
from monitor.context import Context
from monitor.evidence.claim import claim_of
from monitor.evidence.pack import TooLarge, write_pack
from monitor.status.account.addresses import counted
from monitor.status.account.request import address_of
from monitor.status.site import METHODS, PREFIXES
from monitor.status.web import Web
from monitor.wording import LANGUAGES, Language, say

AT_A_TIME: Final = 1
MOST_BYTES: Final = 100 * 2**20  # of what was captured, in one pack
RETRY_SECONDS: Final = 15
BLOCK: Final = 2**16
YEAR = re.compile(r"20\d\d")


def routes(web: Web, language: Language) -> APIRouter:
    """The pack has one address, without a language: it speaks both."""
    router = APIRouter(prefix=PREFIXES[language], include_in_schema=False)
    if language != "zh":
        return router
    making = threading.BoundedSemaphore(AT_A_TIME)

    @router.api_route("/evidence/{agency_id}/{year}.zip", methods=METHODS)
    def download(request: Request, agency_id: str, year: str) -> Response:
        agency, number = _judged(web, agency_id, year)
        headers = _headers(f"gongkai-{agency.id}-{number}.zip")
        if request.method == "HEAD":  # whether there is one is known without making it; how long it is, is not
            return Response(headers=headers, media_type="application/zip")
        if not web.limits.allows("evidence", counted(address_of(request))):
            return _refused(429, "evidence_page.too_often", 60)
        if not making.acquire(blocking=False):
            return _refused(503, "evidence_page.busy", RETRY_SECONDS)
        try:
            with tempfile.TemporaryDirectory(prefix="gongkai-evidence-") as folder:
                path = Path(folder) / "pack.zip"
                _write(web, agency, number, path)
                stream = path.open("rb")
                size = path.stat().st_size
        except TooLarge:
            return _refused(413, "evidence_page.too_large")
        finally:
            making.release()
        # The file has no name any more; its bytes are there until the stream is closed, however the answer ends.
        return StreamingResponse(
            _blocks(stream), headers={**headers, "Content-Length": str(size)}, media_type="application/zip"
        )

    return router


def _judged(web: Web, agency_id: str, year: str) -> tuple[Agency, int]:
    """The agency and the report year, if a judgement of it is recorded; else 404."""
    agency = web.configuration.agencies.get(agency_id)
    if agency is None or not YEAR.fullmatch(year) or int(year) not in judged_years(agency, web.now()):
        raise HTTPException(404)
    with web.sessions() as session:
        if reads.state(session, agency.id, int(year)) is None:
            raise HTTPException(404)
    return agency, int(year)


def _write(web: Web, agency: Agency, year: int, path: Path) -> None:
    context = Context(web.settings, web.configuration, web.sessions, web.now())
    with web.sessions() as session:
        claim = claim_of(session, context, agency, year, at=None)
        write_pack(session, context, claim, path, pdf=False, screenshots=True, most_bytes=MOST_BYTES)


def _blocks(stream: BinaryIO) -> Iterator[bytes]:
    with stream:
        while block := stream.read(BLOCK):
            yield block


def _headers(name: str) -> dict[str, str]:
    """It is packed already, so it is not compressed once more; what a portal wrote is in it, so it is only downloaded."""
    return {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Encoding": "identity",
        "Cache-Control": "no-store",
        "X-Robots-Tag": "noindex",
    }


def _refused(status: int, key: str, retry: int | None = None) -> Response:
    """A few words instead of a pack, in both languages."""
    words = "\n".join(say(key, language) for language in LANGUAGES) + "\n"
    headers = {"Cache-Control": "no-store"} | ({"Retry-After": str(retry)} if retry else {})
    return PlainTextResponse(words, status, headers=headers)
