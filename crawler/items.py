"""What a spider yields. Plain values: the spider judges nothing about agencies and stores nothing.

May touch nothing. Written to the archive and the store by crawler.pipelines only.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from crawler.model import LookOutcome

Verdict = Literal["report", "lookalike", "unsure"]
SCREENSHOT = "#screenshot"  # behind the address of a page: the picture of it
INTERRUPTED = "访问中断"  # in the reason of a look whose visit ended before it did; the column is due again at once


@dataclass(frozen=True, slots=True)
class ListedEntry:
    """One line of a column's list. `url` is absolute and canonical (no fragment)."""

    url: str
    title: str
    list_date: dt.date | None
    list_date_raw: str
    verdict: Verdict
    verdict_reason: str


@dataclass(frozen=True, slots=True)
class CaptureItem:
    """One answer of the portal. `entry_url` is the listed address that led here; None for a list page.

    A screenshot belongs to the page whose address it has, with SCREENSHOT behind it, and to no entry: it is never read.
    `body` is what came over the wire after transfer and content decoding; None where nothing is kept.
    `headers` keep their order and repetitions; where the portal answered 304 they are those of the earlier answer, and
    `headers_304` its own. `request`: what was sent (crawler.sent); {} where nothing was.
    """

    portal: str
    column: str
    kind: Literal["listing", "detail", "attachment", "screenshot"]
    url: str
    final_url: str
    fetched_at: dt.datetime
    status: int | None
    outcome: LookOutcome
    reason: str = ""
    body: bytes | None = None
    media_type: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    not_modified: bool = False
    entry_url: str | None = None
    request: Mapping[str, Any] = field(default_factory=dict)
    headers_304: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class LookItem:
    """How the visit saw one column: yielded once per column, after all its captures."""

    portal: str
    column: str
    at: dt.datetime
    outcome: LookOutcome
    reason: str = ""
    status: int | None = None
    url: str = ""
    entries: tuple[ListedEntry, ...] = ()
    pages: int = 0
