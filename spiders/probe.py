"""Looks at a portal that nobody has registered yet: which family, which annual-report columns, what they would list.

May touch: one host, through Scrapy, with all the middlewares of a visit; stores nothing. A column is known by
ColumnType 信息公开年报, by its name, or by the text of the link that leads to it; its address is a hint and no more
(slugs lie). What it would list is read as a visit reads it, by the same code.
"""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from twisted.python.failure import Failure

from config.schema import Column, Holds, Portal
from crawler.addresses import canonical
from crawler.health import HEALTHY, Health
from crawler.items import ListedEntry
from crawler.model import LookOutcome
from crawler.settings import NOT_ARRIVED
from crawler.titles import COLUMN_TYPE
from crawler.visit import visit_of
from spiders import FAMILIES
from spiders.columns import SLUG, WAY, is_name, links, links_to_columns, meta, names
from spiders.lists.branches import YEARS, branches
from spiders.lists.listing import Row, Step
from spiders.signs import Recognised, recognise, told
from spiders.visits.answer import Answer, arrived, failed
from spiders.visits.asking import Asking
from spiders.visits.entry import entry_of
from spiders.visits.walk import Walk
from spiders.visits.yearly import addresses, holds_report, read_report, title

MAX_COLUMNS = 6  # looked at
MAX_WAYS = 3  # pages on the way to a column: 政务公开, 政府信息公开
MAX_YEARS = 3  # of a column with an address for each year
GENERAL = "general"
# Sub-columns by kind of agency, where a year's page has no list of its own.
KINDS = r".{0,12}(?:部门|单位|街道|乡镇|镇街|镇办|办事处|区县|委办局|人民政府).{0,8}"
_YEARLY = re.compile(r"([?&](?:fbtime|timeFrame)=)(?:19|20)\d\d", re.I)
_HINT = "地址（仅供参考） its address, a hint only"


@dataclass
class Found:
    """A column with what speaks for it and what it would list."""

    url: str
    name: str
    evidence: list[str]
    column_type: str = ""
    family: str = ""
    holds: str = Holds.LIST.value
    branches: tuple[str, ...] = ()
    outcome: str = ""
    reason: str = ""
    pages: int = 0
    entries: list[ListedEntry] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        own = {name: getattr(self, name) for name in ("url", "name", "evidence", "column_type", "family", "holds")}
        own |= {"branches": list(self.branches), "outcome": self.outcome, "reason": self.reason, "pages": self.pages}
        return own | {
            "entries": [
                {
                    "url": entry.url,
                    "title": entry.title,
                    "date": entry.list_date.isoformat() if entry.list_date else None,
                    "verdict": entry.verdict,
                    "reason": entry.verdict_reason,
                }
                for entry in self.entries
            ]
        }


class ProbeSpider(Spider):
    """Run by `python -m scrapy probe`; `result` is what it found, ready for JSON."""

    name = "probe"

    def __init__(self, portal: Portal, **kwargs: Any) -> None:
        super().__init__(self.name, **kwargs)
        self.portal = portal
        self._start = portal.columns[0]
        self._recognised: list[tuple[str, tuple[Recognised, ...]]] = []  # address of the page, what speaks for whom
        self._columns: list[Found] = []
        self._seen: set[str] = set()
        self._site: dict[str, str] = {}
        self._page: dict[str, Any] = {}

    async def start(self) -> AsyncIterator[Request]:
        yield Request(self._start.url, callback=self.answered, errback=self.failed, dont_filter=True)

    async def answered(self, response: Response) -> None:
        await self._look(arrived(self._start.url, response, visit_of(self.crawler).now(), self.portal))

    async def failed(self, failure: Failure) -> None:
        if not isinstance(failure.value, (IgnoreRequest, *NOT_ARRIVED)):
            failure.raiseException()
        await self._look(failed(self._start.url, failure.value, visit_of(self.crawler).now()))

    @property
    def result(self) -> dict[str, Any]:
        """See docs/portals.md for the shape."""
        pages = {url: recognised for url, recognised in self._recognised if recognised}
        return {
            "url": self._start.url,
            "page": self._page,
            "site": self._site,
            "family": self._family(),
            "signs": [
                {"page": url, "family": one.family, "points": one.points, "seen": [sign.seen for sign in one.signs]}
                for url, recognised in pages.items()
                for one in recognised
            ],
            "columns": [found.as_json() for found in self._columns],
        }

    async def _look(self, answer: Answer) -> None:
        self._page = {
            "final_url": answer.final_url,
            "status": answer.status,
            "outcome": answer.health.outcome.value,
            "reason": answer.health.reason,
        }
        if not answer.page.text:
            return
        # A page of hardly any visible text may be a column whose list a script fetches; others are not followed.
        if not (answer.health.good or answer.health.outcome is LookOutcome.SHELL):
            return
        self._note(answer)
        await self._as_column(answer, "", given=True)
        ways = [answer]
        if not links_to_columns(answer.page) and not self._columns:
            for url in list(links(answer.page, WAY.fullmatch))[:MAX_WAYS]:
                way = await self._fetch(url)
                if way.health.good:
                    self._note(way)
                    ways.append(way)
        for way in ways:
            for url, text in links_to_columns(way.page).items():
                if len(self._columns) >= MAX_COLUMNS:
                    return
                if canonical(url) + urlsplit(url).fragment not in self._seen:
                    await self._as_column(await self._fetch(url), text)

    async def _as_column(self, answer: Answer, link: str, *, given: bool = False) -> None:
        """Takes the page for a column if something speaks for it, and reads it. `link`: text of the link that led here.

        The page of one report bears its column's tags as well; where it leads on to the column, it is none itself.
        """
        url = answer.url
        self._seen.add(canonical(url) + urlsplit(url).fragment)
        page = answer.page
        if given and meta(page, "articletitle") and links_to_columns(page):
            return
        seen = [f"链接 a link: {link}"] if link else []
        kind = meta(page, "columntype")
        if COLUMN_TYPE in kind:
            seen.insert(0, f"ColumnType {COLUMN_TYPE}")
        named = next((text for text in names(page) if is_name(text)), "")
        if named:
            seen.append(f"栏目名 its name: {named}")
        if SLUG.search(urlsplit(url).path):
            seen.append(_HINT)
        family = told(recognise(page, FAMILIES)) or self._family()
        if not named and family and FAMILIES[family](self.portal).names_column(page, self._start).good:
            named = self._start.name  # a page that is data has no headings
            seen.append(f"栏目名 its name: {named}")
        if given and not named and COLUMN_TYPE not in kind and not _YEARLY.search(url):
            return
        if not given:
            self._note(answer)
        name = next((text for text in (meta(page, "columnname"), named, link) if is_name(text)), "政府信息公开年报")
        found = Found(url, name, seen, kind, family)
        self._columns.append(found)
        if not (answer.health.good or answer.health.outcome is LookOutcome.SHELL) or not family:
            found.outcome, found.reason = answer.health.outcome.value, answer.health.reason or "认不出建站系统"
            return
        await self._read(found, answer)

    async def _read(self, found: Found, answer: Answer) -> None:
        """What a visit would list in the column."""
        if _YEARLY.search(found.url):
            found.holds, found.url = Holds.YEARS.value, _YEARLY.sub(r"\g<1>{year}", found.url)
            await self._read_years(found)
            return
        family = FAMILIES[found.family](self.portal)
        column = _column(found)
        listing = family.read_list(answer.page, column)
        if listing.problem and holds_report(answer.page):
            found.holds = Holds.ARTICLE.value
            judged, named = read_report(answer, column)
            found.outcome, found.reason, found.pages = judged.outcome.value, judged.reason, 1
            if named:
                found.entries.append(entry_of(Row(found.url, title(answer.page) or named), certain=True))
            return
        found.branches = await self._branches(answer, found)
        column = _column(found)
        asking = Asking(self.crawler, column)
        walk = Walk(
            family,
            column,
            known=(),
            fetch=asking.fetch,
            entry=entry_of,
            capture=lambda answer, _, judged: answer.capture(self.portal, column.key, "listing", judged),
        )
        async for _ in walk.run(answer):
            pass  # a probe keeps nothing
        found.outcome, found.reason, found.pages = walk.found.outcome.value, walk.found.reason, walk.pages
        found.entries = list(walk.entries.values())

    async def _branches(self, answer: Answer, found: Found) -> tuple[str, ...]:
        """The levels of sub-columns: years, kinds of agencies, or years and in them kinds."""
        years = branches(answer.page, YEARS)
        if not years:
            listing = FAMILIES[found.family](self.portal).read_list(answer.page, _column(found))
            return (KINDS,) if listing.problem and branches(answer.page, KINDS) else ()
        of_year = await self._fetch(years[0])
        family = FAMILIES[found.family](self.portal)
        if of_year.health.good and family.read_list(of_year.page, _column(found)).problem:
            return (YEARS, KINDS) if branches(of_year.page, KINDS) else (YEARS,)
        return (YEARS,)

    async def _read_years(self, found: Found) -> None:
        column = _column(found)
        judged: Health = HEALTHY
        for url in addresses(column, visit_of(self.crawler).now())[:MAX_YEARS]:
            answer = await self._fetch(url)
            judged, named = read_report(answer, column)
            if not judged.good:
                break
            found.pages += 1
            if named:
                found.entries.append(entry_of(Row(url, named), certain=True))
        if judged.good and not found.entries:
            judged = Health(LookOutcome.SHELL, f"最近 {MAX_YEARS} 年的页面上没有报告正文")
        found.outcome, found.reason = judged.outcome.value, judged.reason

    async def _fetch(self, url: str) -> Answer:
        return await Asking(self.crawler, self._start).fetch(Step(url))

    def _note(self, answer: Answer) -> None:
        self._recognised.append((answer.url, recognise(answer.page, FAMILIES)))
        for key, name in (("name", "sitename"), ("id_code", "siteidcode")):
            if not self._site.get(key):
                self._site[key] = meta(answer.page, name)

    def _family(self) -> str:
        """The family of the first page that tells one, the columns' pages before the others; else the general one."""
        named = [found.family for found in self._columns if found.family and found.family != GENERAL]
        named += [name for _, recognised in self._recognised if (name := told(recognised))]
        return named[0] if named else (GENERAL if GENERAL in FAMILIES else "")


def _column(found: Found) -> Column:
    return Column(
        key="probe",
        url=found.url,
        agencies=("unknown",),
        name=found.name,
        holds=Holds(found.holds),
        branches=found.branches,
    )
