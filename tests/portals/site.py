"""What a simulated portal is made of: sites, columns, articles, and what each of them is on a given day.

May touch nothing: values only. The families render them, the server sends them, world.py holds the story's.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import format_datetime
from functools import cached_property
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
BANNER_REAL = (
    "模拟页面：本页由本机演示程序生成，不是任何机关的网站。"
    "Simulated page: made by a demonstration on this machine; it is no office's website."
)
BANNER_INVENTED = (
    "模拟页面，虚构机构：本页所列机关均不存在，内容全部虚构。"
    "Simulated page, invented agency: no office named here exists, all of its content is made up."
)


@dataclass(frozen=True, slots=True)
class File:
    """A file in the folder of an article's page, to which the body links as `./NAME`.

    `revisions` are (day, bytes) pairs that replace it silently from that day on.
    """

    name: str
    body: bytes
    media_type: str
    revisions: tuple[tuple[dt.date, bytes], ...] = ()

    def on(self, day: dt.date, published: dt.date) -> Page:
        found = [(published, self.body), *((first, body) for first, body in self.revisions if first <= day)]
        return Page(found[-1][1], media_type=self.media_type, changed_on=found[-1][0])


@dataclass(frozen=True, slots=True)
class Article:
    """One entry of a column and its page.

    `published` is the day that list, address and page claim. `first`: the first day on which the page is really
    there (the claimed one unless given); `last`: the last one (None: for good). `revisions` are (day, body)
    pairs that replace the body silently from that day on.
    """

    number: int  # the running number in the address
    title: str
    published: dt.date
    body: str  # HTML
    issuer: str  # 发布机构
    first: dt.date | None = None
    last: dt.date | None = None
    revisions: tuple[tuple[dt.date, str], ...] = ()
    written: dt.date | None = None  # 成文日期
    note: str = ""  # a sentence of the simulation about this page, shown in its banner
    meta_published: str | None = None  # PubDate as written; None: the claimed day at 09:30, "": no such tag
    files: tuple[File, ...] = ()

    def present(self, day: dt.date) -> bool:
        return (self.first or self.published) <= day and (self.last is None or day <= self.last)

    def body_on(self, day: dt.date) -> str:
        bodies = [body for first, body in self.revisions if first <= day]
        return bodies[-1] if bodies else self.body

    def pages_on(self, day: dt.date, path: str, html: str) -> dict[str, Page]:
        """The article's page at `path` and its files, as they are on `day`."""
        return {path: Page(html.encode(), changed_on=self.changed_on(day)), **self.files_on(day, path)}

    def files_on(self, day: dt.date, path: str) -> dict[str, Page]:
        """The files beside the article's page, by path; `path` is that of the page."""
        return {
            f"{path.rpartition('/')[0]}/{file.name}": file.on(day, self.first or self.published) for file in self.files
        }

    def changed_on(self, day: dt.date) -> dt.date:
        """The day on which the page as it is on `day` was put there."""
        days = [first for first, _ in self.revisions if first <= day]
        return days[-1] if days else (self.first or self.published)


@dataclass(frozen=True, slots=True)
class Column:
    """One column (栏目). `path`: what the family builds the address from, e.g. zwgk/zfxxgknb or 123.

    `options` are the family's own switches (see trs.py and hanweb.py).
    """

    path: str
    articles: tuple[Article, ...] = ()
    name: str = "政府信息公开年报"
    column_type: str = "信息公开年报"
    page_size: int = 15
    options: Mapping[str, str | int | bool] = field(default_factory=dict)

    def listed(self, day: dt.date) -> list[Article]:
        """The articles of the list on `day`, the newest first."""
        present = [article for article in self.articles if article.present(day)]
        return sorted(present, key=lambda article: (article.published, article.number), reverse=True)

    def changed_on(self, day: dt.date) -> dt.date | None:
        """The last day up to `day` on which the list gained or lost an article; None: it never held one."""
        came = [article.first or article.published for article in self.articles]
        went = [article.last + dt.timedelta(days=1) for article in self.articles if article.last is not None]
        return max((moment for moment in came + went if moment <= day), default=None)


@dataclass(frozen=True, slots=True)
class Site:
    """One simulated portal. `family`: a key of tests.portals.FAMILIES."""

    slug: str
    name: str
    family: str
    site_id_code: str
    columns: tuple[Column, ...]
    invented: bool

    @property
    def banner(self) -> str:
        return BANNER_INVENTED if self.invented else BANNER_REAL


@dataclass(frozen=True, slots=True)
class Sent:
    """What a request brings beside its address.

    `posted`: the fields of a POST by name, of a form or of a JSON object (what is no text in it stands as JSON); None
    for a GET. `referer`: as sent, "" without one.
    """

    posted: Mapping[str, str] | None = None
    referer: str = ""


NOTHING = Sent()


@dataclass(frozen=True)
class Page:
    """An answer as it goes out. `charset` is what the header claims, whatever the body is in."""

    body: bytes
    media_type: str = "text/html"
    charset: str = "utf-8"
    changed_on: dt.date | None = None
    status: int = 200
    location: str = ""

    @cached_property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.body).hexdigest()[:20]}"'

    @property
    def content_type(self) -> str:
        """The header's value; only text has a charset."""
        return f"{self.media_type}; charset={self.charset}" if self.media_type.startswith("text/") else self.media_type

    @property
    def last_modified(self) -> str:
        """As an HTTP date: 09:30 in Shanghai of the day of the change; empty when that is not known."""
        if self.changed_on is None:
            return ""
        moment = dt.datetime.combine(self.changed_on, dt.time(9, 30), SHANGHAI)
        return format_datetime(moment.astimezone(dt.UTC), usegmt=True)
