"""The way through a column: its list, the pages after it, its sub-columns. Yields what came, keeps what was listed.

May touch: what `fetch` may. Which address comes next says the family; when it is enough, the bounds here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Protocol

from config.schema import Column
from crawler import health
from crawler.addresses import canonical
from crawler.formats.html.markup import has_no_end
from crawler.health import HEALTHY, Health
from crawler.items import CaptureItem, ListedEntry
from crawler.model import LookOutcome
from crawler.page import Page
from crawler.rendered import rendered
from spiders.lists.branches import branches
from spiders.lists.listing import Listing, Row, Seen, Step
from spiders.visits.answer import Answer

MAX_LIST_PAGES = 100  # of one list
MAX_ENTRIES = 20_000  # of one column; the largest real ones hold some hundred reports
MAX_BRANCHES = 200  # sub-columns of one column, at all levels
CUT = "列表的网页没有结尾（</body>、</html>），可能被截断"


class Lists(Protocol):
    """What a family says about lists (see spiders.base.PortalSpider)."""

    def names_column(self, page: Page, column: Column) -> Health: ...

    def read_list(self, page: Page, column: Column) -> Listing: ...

    def next_step(self, column: Column, seen: Sequence[Seen]) -> Step: ...


Fetch = Callable[[Step], Awaitable[Answer]]
ToEntry = Callable[[Row], ListedEntry]
ToCapture = Callable[[Answer, Step, Health], CaptureItem]


class Walk:
    """One column's lists. After `run`: `entries` by address, `pages` read, `found` the health of the way itself.

    `partial`: why what was read to its end may not hold everything; `found` is then incomplete for that reason alone.
    """

    def __init__(
        self,
        family: Lists,
        column: Column,
        *,
        known: Sequence[str],
        fetch: Fetch,
        entry: ToEntry,
        capture: ToCapture,
    ) -> None:
        self._family = family
        self._column = column
        self._fetch = fetch
        self._entry = entry
        self._capture = capture
        # The address by which an entry was first met. At another origin it is another one: http may be closed by now.
        self._addresses = {_name(url): url for url in reversed(known)}
        self._branches: deque[tuple[str, int]] = deque()  # address, level: 0 is the column itself
        self._visited: set[str] = set()
        self.partial = ""  # why a list does not hold everything although it was read as far as it goes
        self.entries: dict[str, ListedEntry] = {}
        self.pages = 0
        self.said_empty = False
        self.found = HEALTHY

    async def run(self, first: Answer) -> AsyncIterator[CaptureItem]:
        """`first`: the answer for the column's own address."""
        self._visited.add(canonical(self._column.url))
        async for item in self._read_list(first, Step(self._column.url), level=0):
            yield item
        while self._branches and self.found.good:
            url, level = self._branches.popleft()
            step = Step(url)
            answer = await self._fetch(step)
            async for item in self._read_list(answer, step, level=level):
                yield item
        if not self.found.good:
            self.partial = ""
        elif self.partial:
            self.found = Health(LookOutcome.INCOMPLETE, self.partial)

    async def _read_list(self, answer: Answer, step: Step, *, level: int) -> AsyncIterator[CaptureItem]:
        """One list with all its pages. Sets `found` where it could not be read to its end."""
        seen: list[Seen] = []
        listed: set[str] = set()
        while True:
            judged, listing = self._judge(answer, first=not seen, level=level)
            yield self._capture(answer, step, judged)
            if judged.good:
                seen.append(Seen(step, listing, self._take(listing, listed)))
                self.pages += 1
                self._note_branches(answer.page, listing, level)
            elif step.probe and judged.outcome is LookOutcome.SOFT_404:
                seen.append(Seen(step, None, 0))
            else:
                where = f"子栏目 {seen[0].url if seen else step.url} 的" if level else ""
                if seen:
                    why = f"{where}列表第 {len(seen) + 1} 页没有读到：{judged.reason}"
                    self.found = Health(LookOutcome.INCOMPLETE, why)
                else:
                    self.found = Health(judged.outcome, f"{where}列表没有读到：{judged.reason}") if level else judged
                return
            step = self._next(seen)
            if step.incomplete or not step.url:
                self.partial = self.partial or step.incomplete
                break
            answer = await self._fetch(step)
        listings = [page.listing for page in seen if page.listing is not None]
        self.said_empty = self.said_empty or any(listing.empty for listing in listings)
        partial = next((listing.partial for listing in listings if listing.partial), step.partial)
        self.partial = self.partial or partial

    def _judge(self, answer: Answer, *, first: bool, level: int) -> tuple[Health, Listing]:
        """Whether the answer is a list page of this very column; its first page has to name the column."""
        found = answer.health
        if found.good and not health.same_page(answer.url, answer.final_url):
            found = Health(LookOutcome.MOVED, f"转到其他页面 {answer.final_url}")
        if not found.good:
            return found, Listing()
        # What a cut page does not say may stand in the part that is lost.
        cut = Health(LookOutcome.INCOMPLETE, CUT) if has_no_end(answer.page.text) else HEALTHY
        if first and level == 0:
            found = self._family.names_column(answer.page, self._column)
        if not found.good:
            return (found if cut.good else cut), Listing()
        listing = self._family.read_list(answer.page, self._column)
        built = rendered(answer.headers)
        if built is not None and (doubt := built.doubt(empty=listing.empty)):
            listing = replace(listing, unclear=listing.unclear or doubt)
        if not cut.good:
            listing = replace(listing, unclear=listing.unclear or cut.reason)
        if listing.problem and first and self._branches_of(answer.page, level):
            return HEALTHY, Listing(unclear=listing.unclear)  # a page that only leads to its sub-columns
        if listing.problem:
            return (Health(LookOutcome.SHELL, listing.problem) if cut.good else cut), listing
        return HEALTHY, listing

    def _take(self, listing: Listing, listed: set[str]) -> int:
        """Takes the rows over and returns how many no earlier page of this list had (`listed`, which grows).

        One report at several addresses is one entry.
        """
        before = len(listed)
        for row in listing.rows:
            url = self._addresses.setdefault(_name(row.url), row.url)
            listed.add(url)
            if url not in self.entries:
                self.entries[url] = self._entry(Row(url, row.title, row.date))
        return len(listed) - before

    def _next(self, seen: Sequence[Seen]) -> Step:
        last = seen[-1].listing
        if last is not None and last.unclear:
            return Step(incomplete=last.unclear)
        step = self._family.next_step(self._column, seen)
        if len(self.entries) > MAX_ENTRIES:
            return Step(incomplete=f"列表超过 {MAX_ENTRIES} 条")
        if step.url and len(seen) >= MAX_LIST_PAGES:
            return Step(incomplete=f"列表超过 {MAX_LIST_PAGES} 页，没有读完")
        return step

    def _branches_of(self, page: Page, level: int) -> tuple[str, ...]:
        if level >= len(self._column.branches):
            return ()
        return branches(page, self._column.branches[level])

    def _note_branches(self, page: Page, listing: Listing, level: int) -> None:
        for url in dict.fromkeys((*listing.branches, *self._branches_of(page, level))):
            if canonical(url) in self._visited:
                continue
            if len(self._visited) > MAX_BRANCHES:
                self.found = Health(LookOutcome.INCOMPLETE, f"子栏目超过 {MAX_BRANCHES} 个")
                return
            self._visited.add(canonical(url))
            self._branches.append((url, level + 1))


def _name(url: str) -> tuple[str, str]:
    """What tells two entries apart: the page, at one origin."""
    return url.partition("//")[0] + url.partition("//")[2].partition("/")[0].lower(), canonical(url)
