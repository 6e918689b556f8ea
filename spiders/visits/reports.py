"""A column without a list: which of its addresses are asked for in this visit, and what their answers say of it.

Touches nothing. The reports of old years are not asked for at every visit (crawler.revisit); one that was read before is,
as the control without which an absence proves nothing.
"""

from config.schema import Column
from crawler.health import HEALTHY, Health
from crawler.items import ListedEntry
from crawler.model import LookOutcome
from crawler.revisit import Remembered, is_due
from crawler.visit import Visit
from spiders.lists.listing import Row
from spiders.visits.answer import Answer
from spiders.visits.details import shrunken
from spiders.visits.entry import entry_of
from spiders.visits.yearly import addresses, read_report


class Reports:
    """`wanted`: the addresses to ask for, the first of them in any case. Each answer is noted, then the look judged."""

    def __init__(self, column: Column, visit: Visit) -> None:
        now = visit.now()
        known = {entry.url: entry for entry in visit.remembered.get(column.key, ()) if entry.listed}
        first, *others = addresses(column, now)
        spare = [
            url for url in others if url in known and not is_due(known[url], now, visit.rules, title=known[url].title)
        ]
        due = [url for url in others if url not in spare]
        if spare and not known.keys() & {first, *due}:
            due.append(spare.pop())  # the control
        self.wanted = (first, *due)
        self.answers = 0
        self._column = column
        self._known = known
        self._spare = frozenset(spare)
        self._read: dict[str, ListedEntry] = {}
        self._broken: Health | None = None
        self._gone: Health | None = None

    def note(self, answer: Answer) -> tuple[Health, bool]:
        """(health of the answer, whether it is the page of an entry: it holds a report, or did when it was last read)."""
        judged, title = read_report(answer, self._column)
        url = answer.url
        if title:
            self._read[url] = entry_of(Row(url, title), certain=True)
        elif judged.good and url in self._known:
            judged = Health(LookOutcome.SOFT_404, "页面上不再有报告正文")
        if judged.good or judged.outcome is LookOutcome.SOFT_404:
            self.answers += 1
            self._gone = self._gone or (None if judged.good else judged)
        else:
            self._broken = self._broken or judged
        # A page that answers and holds no report is no entry; one that did hold it is told as it is.
        return judged, bool(title) or url in self._known

    @property
    def entries(self) -> tuple[ListedEntry, ...]:
        """The reports that were read now, and those that were not due: they stand as they were read last."""
        kept = {url: _as_listed(self._known[url]) for url in self._spare}
        return tuple((kept | self._read).values())

    def judge(self) -> Health:
        if self._broken is not None:
            some = Health(LookOutcome.INCOMPLETE, f"有年份没有读到：{self._broken.reason}")
            return some if self.answers else self._broken
        entries = self.entries
        if not entries and not self._known:
            only = len(self.wanted) == 1
            return self._gone if only and self._gone else Health(LookOutcome.SHELL, "页面上没有报告正文")
        if changed := shrunken(tuple(self._known.values()), entries):
            return Health(LookOutcome.EMPTIED, changed)
        if len(entries) < self._column.minimum:
            return Health(LookOutcome.EMPTIED, f"栏目至少应有 {self._column.minimum} 份，现在只有 {len(entries)} 份")
        return HEALTHY


def _as_listed(known: Remembered) -> ListedEntry:
    """As it was listed; the same row again is no change of the list."""
    return entry_of(Row(known.url, known.title), certain=True)
