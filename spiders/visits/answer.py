"""One answer of a portal to one request, good or not, as the spiders handle it. Touches nothing."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Any, Literal
from urllib.parse import urldefrag

from scrapy import Request
from scrapy.http import Response

from config.schema import Portal
from crawler import health
from crawler.health import HEALTHY, Health
from crawler.items import CaptureItem
from crawler.middlewares.bounds import transport
from crawler.middlewares.conditional import NOT_MODIFIED
from crawler.model import LookOutcome
from crawler.page import Page, decode, is_document, is_text
from crawler.sent import answered, sent
from crawler.store.reads.visit import KnownBody
from crawler.visit import NotFetched

KEPT_EVIDENCE = 2**20  # bytes up to which the body of an error or a block is kept
PARTIAL = "partial"  # Scrapy's flag of an answer that ends with the connection: cut or whole, nobody says
_END = re.compile(r"</(?:html|datastore)\s*>", re.I)


@dataclass(frozen=True)
class Answer:
    """`health` is what the answer is by itself: status, address, text, site. `final`: ask this host nothing more.

    `request`: what was sent; `headers_304`: those of the 304 itself, where `not_modified` (crawler.sent).
    `unchanged`: these are the very bytes that were well received here before; nothing is judged or parsed anew.
    """

    url: str
    final_url: str
    at: dt.datetime
    health: Health
    status: int | None = None
    body: bytes | None = None
    media_type: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    not_modified: bool = False
    unchanged: bool = False
    final: bool = False
    decoded: Page | None = field(default=None, repr=False)
    request: Mapping[str, Any] = field(default_factory=dict, repr=False)
    headers_304: tuple[tuple[str, str], ...] = ()

    @cached_property
    def page(self) -> Page:
        """The text; empty for what is no text. That of an unchanged answer is decoded only when somebody asks for it."""
        return self.decoded or _page(self.final_url, self.body or b"", self.media_type)

    def capture(
        self,
        portal: Portal,
        column: str,
        kind: Literal["listing", "detail", "attachment", "screenshot"],
        judged: Health,
        entry: str | None = None,
        url: str = "",
    ) -> CaptureItem:
        """The item of this answer. `judged`: its health as the asker knows it. `entry`: the listed address.

        `url`: under which it is kept, where that is not the address alone (a POST).
        """
        kept = self.body is not None and (judged.good or len(self.body) <= KEPT_EVIDENCE)
        return CaptureItem(
            portal=portal.slug,
            column=column,
            kind=kind,
            url=url or self.url,
            final_url=self.final_url,
            fetched_at=self.at,
            status=self.status,
            outcome=judged.outcome,
            reason=judged.reason,
            body=self.body if kept else None,
            media_type=self.media_type,
            headers=self.headers,
            not_modified=self.not_modified,
            entry_url=entry,
            request=self.request,
            headers_304=self.headers_304,
        )


def arrived(url: str, response: Response, at: dt.datetime, portal: Portal, known: KnownBody | None = None) -> Answer:
    """The answer that came. `known`: what was well received at this address before."""
    final_url = urldefrag(response.url).url
    media_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
    not_modified = NOT_MODIFIED in response.flags
    unchanged = False
    if known is not None and response.status == 200 and final_url == url:
        unchanged = not_modified or sha256(response.body).hexdigest() == known.sha256
    page = None if unchanged else _page(final_url, response.body, media_type)
    return Answer(
        url=url,
        final_url=final_url,
        at=at,
        health=HEALTHY if page is None else _judge(url, response, page, portal),
        status=response.status,
        body=response.body,
        media_type=media_type,
        headers=tuple(
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, values in response.headers.items()
            for value in values
        ),
        not_modified=not_modified,
        unchanged=unchanged,
        decoded=page,
        request=sent(response.request),
        headers_304=answered(response.request) if not_modified else (),
    )


def failed(url: str, error: BaseException, at: dt.datetime, request: Request | None = None) -> Answer:
    """The answer that did not come. `request`: what was asked, so that it is known whether anything was sent."""
    asked = sent(request)
    if isinstance(error, NotFetched):
        return Answer(
            url=url, final_url=url, at=at, health=error.health, status=error.status, final=error.final, request=asked
        )
    return Answer(url=url, final_url=url, at=at, health=transport(error), request=asked)


def _page(url: str, body: bytes, media_type: str) -> Page:
    return Page(url, decode(body, media_type) if is_text(body, media_type) else "")


def _judge(url: str, response: Response, page: Page, portal: Portal) -> Health:
    found = health.of_status(response.status)
    if found.good:
        found = health.of_address(url, page.url)
    if found.good and not response.body:
        found = Health(LookOutcome.SHELL, "回应没有内容")
    if found.good and PARTIAL in response.flags and page.text and not _has_end(page.text):
        found = Health(LookOutcome.TRANSPORT_ERROR, "回应没有说明长度，而且没有结尾")
    if found.good and page.text and is_document(page.text):
        found = health.of_page(page, status=response.status)
        if found.good:
            found = health.of_site(page.text, portal.site_id_code)
    return found


def _has_end(text: str) -> bool:
    """Whether the text ends as a page or a data answer ends; JSON that was cut before its last bracket cannot be read."""
    return _END.search(text[-2000:]) is not None or (not is_document(text) and text.rstrip()[-1:] in ("}", "]"))
