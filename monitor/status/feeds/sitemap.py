"""/sitemap.xml and the sitemaps that it names: every page about a watched agency, in both languages (sitemaps.org, 0.9).

From the board alone, streamed. A sitemap holds the pages of a fixed number of rows of the board, so few that it never has
more than 50,000 addresses. When a page last changed is said only where it is known: of a report that never changed after
it was first seen.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import StreamingResponse

from config.env import Settings
from monitor.board import Board
from monitor.board.board import FLAG_BITS, UNWATCHED
from monitor.status.feeds.addresses import absolute
from monitor.status.feeds.answers import answer
from monitor.status.site import HTML_LANGUAGES, METHODS, NAVIGATION
from monitor.status.validators import etag_of, has_it
from monitor.status.web import Web
from monitor.wording import LANGUAGES

MOST: Final = 50_000  # addresses in one sitemap
MEDIA_TYPE: Final = "application/xml"
NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
BEGIN: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
AT_ONCE: Final = 100  # rows in one piece of the stream
CHANGED: Final = FLAG_BITS["changed"] | FLAG_BITS["revised"]


def routes(web: Web) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.api_route("/sitemap.xml", methods=METHODS)
    def index(request: Request) -> Response:
        board = web.board()
        etag = etag_of("sitemap", board.registry, board.years, web.settings.public_url)
        return answer(request, lambda: _index(web.settings, board).encode(), media_type=MEDIA_TYPE, etag=etag)

    @router.api_route("/sitemaps/{name}.xml", methods=METHODS)
    def part(request: Request, name: str) -> Response:
        board = web.board()
        if name != "pages" and name not in {str(number) for number in range(_parts(board))}:
            raise HTTPException(404)
        etag = etag_of("sitemap", name, board.digest, web.settings.public_url)
        if has_it(request.headers, etag):
            return Response(status_code=304, headers={"ETag": etag})
        pieces = _pages(web.settings) if name == "pages" else _agencies(web.settings, board, int(name))
        return StreamingResponse(_urlset(pieces), media_type=MEDIA_TYPE, headers={"ETag": etag})

    return router


def rows_in_one(board: Board) -> int:
    """So many agencies that all their pages, in every language, fit into one sitemap."""
    return MOST // (len(LANGUAGES) * (1 + len(board.years)))


def _parts(board: Board) -> int:
    return -(-len(board) // rows_in_one(board))


def _index(settings: Settings, board: Board) -> str:
    names = ["pages", *(str(number) for number in range(_parts(board)))]
    lines = [f"<sitemap><loc>{escape(absolute(settings, f'/sitemaps/{name}.xml'))}</loc></sitemap>\n" for name in names]
    return f'{BEGIN}<sitemapindex xmlns="{NAMESPACE}">\n{"".join(lines)}</sitemapindex>\n'


def _urlset(pieces: Iterator[str]) -> Iterator[bytes]:
    yield f'{BEGIN}<urlset xmlns="{NAMESPACE}" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'.encode()
    for piece in pieces:
        yield piece.encode()
    yield b"</urlset>\n"


def _pages(settings: Settings) -> Iterator[str]:
    for _name, path in NAVIGATION:
        yield _urls(settings, path, None)


def _agencies(settings: Settings, board: Board, number: int) -> Iterator[str]:
    """The pages of the watched agencies of one sitemap, and of their reports that were seen."""
    size = rows_in_one(board)
    end = min(len(board), (number + 1) * size)
    for first in range(number * size, end, AT_ONCE):
        yield "".join(_of_row(settings, board, row) for row in range(first, min(end, first + AT_ONCE)))


def _of_row(settings: Settings, board: Board, row: int) -> str:
    states = board.state[row].tolist()
    if all(state == UNWATCHED for state in states):
        return ""
    path = f"/agency/{board.ids[row]}"
    urls = [_urls(settings, path, None)]
    for column, seen in enumerate(board.seen[row].tolist()):
        if seen and states[column] != UNWATCHED:
            untouched = not int(board.flags[row, column]) & CHANGED
            urls.append(
                _urls(settings, f"{path}/{board.years[column]}", dt.date.fromordinal(seen) if untouched else None)
            )
    return "".join(urls)


def _urls(settings: Settings, path: str, changed: dt.date | None) -> str:
    """One page: its address in each language, each with all of them beside it."""
    addresses = {language: absolute(settings, path, language) for language in LANGUAGES}
    beside = "".join(
        f'<xhtml:link rel="alternate" hreflang="{HTML_LANGUAGES[language]}" href={quoteattr(address)}/>'
        for language, address in addresses.items()
    )
    modified = f"<lastmod>{changed.isoformat()}</lastmod>" if changed else ""
    return "".join(f"<url><loc>{escape(address)}</loc>{modified}{beside}</url>\n" for address in addresses.values())
