"""The pages behind a column's entries: which are wanted in this visit, and what their answers say about the look.

Touches nothing. What is known of a page decides when it is looked at again (crawler.revisit); at least one page that
was read before is asked for in every visit: the control without which an absence proves nothing. Where there is none,
the site's home page takes its place.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from urllib.parse import urljoin

from config.schema import Column
from crawler import health
from crawler.health import HEALTHY, Health
from crawler.items import ListedEntry
from crawler.model import LookOutcome
from crawler.page import squeeze
from crawler.revisit import Remembered, is_due
from crawler.visit import Visit
from spiders.visits.answer import Answer
from spiders.visits.yearly import holds_report

CONTROLS = 4  # pages of which one has to be as it was before the look is believed
SHRUNKEN = 3  # entries that are gone at once, and half of all: a changed site, no withdrawal
# Why an entry could not be read that leave open whether it is the report somebody waits for.
_UNREAD = frozenset(LookOutcome) - {LookOutcome.HEALTHY, LookOutcome.SOFT_404}
_CUT = re.compile(r"(?:\.{2,}|…|⋯)$")
_SHOWN = 12  # characters of a title by which it is known


class Details:
    """`wanted`: the addresses to fetch, in order; then `control` until it says none, then `home` where it says so."""

    def __init__(
        self, visit: Visit, column: Column, entries: Mapping[str, ListedEntry], *, complete: bool, said_empty: bool
    ) -> None:
        remembered = visit.remembered.get(column.key, ())
        known = {entry.url: entry for entry in remembered}
        self._column = column
        self._entries = entries
        self._said_empty = said_empty
        self._before = tuple(entry for entry in remembered if entry.listed)
        self._bodies = visit.bodies
        self._sent = Counter(body.sha256 for body in visit.bodies.values())
        self._received = {url for url in entries if url in visit.bodies}
        self._judged: dict[str, Health] = {}
        self._stopped: Health | None = None
        self._proven = False
        self._home: Health | None = None
        now = visit.now()
        listed = [entry for entry in entries.values() if entry.verdict != "lookalike"]
        # An entry that has left the list is looked at as well: only its page tells whether it is really gone.
        gone = [entry for entry in remembered if entry.url not in entries and entry.verdict != "lookalike"]
        fresh = [entry.url for entry in listed if entry.url not in known]
        again = [
            entry.url
            for entry in listed
            if entry.url in known and is_due(known[entry.url], now, visit.rules, title=entry.title)
        ]
        vanished = [entry.url for entry in gone if complete and is_due(entry, now, visit.rules, title=None)]
        self.wanted = (*fresh, *again, *vanished)
        # The one that was not looked at for longest comes first, so that every page has its turn as a control.
        asked = frozenset(self.wanted)
        spare = [known[url] for url in self._received if url in known and url not in asked]
        spare = [entry for entry in spare if entry.verdict != "lookalike"]
        self._spare = [entry.url for entry in sorted(spare, key=_last_fetched)][:CONTROLS]

    @property
    def control(self) -> str:
        """The address of the next control page; "" when one has been found well, or none is left."""
        if self._proven or self._stopped is not None or not self._spare:
            return ""
        return self._spare.pop(0)

    @property
    def home(self) -> str:
        """The home page, where no page of an entry can show that the site is whole; "" where it is not needed."""
        url = urljoin(self._column.url, "/")
        read = any(self._judged[url].good for url in self._entries.keys() & self._judged.keys())
        is_column = health.same_page(url, self._column.url)
        return "" if read or self._stopped is not None or self._received & self._judged.keys() or is_column else url

    def note(self, answer: Answer, judged: Health) -> None:
        self._judged[answer.url] = judged
        if answer.final:
            self._stopped = judged
        if judged.good and not self._proven and answer.url in self._received:
            self._proven = self._is_as_before(answer)

    def note_home(self, judged: Health) -> None:
        self._home = judged

    def judge(self) -> Health:
        """The health of a look whose list was read completely."""
        if changed := shrunken(self._before, self._entries.values()):
            return Health(LookOutcome.EMPTIED, changed)
        if len(self._entries) < self._column.minimum:
            return Health(
                LookOutcome.EMPTIED, f"栏目至少应有 {self._column.minimum} 条，现在只有 {len(self._entries)} 条"
            )
        if self._stopped is not None:
            return Health(self._stopped.outcome, f"没有看完列出的页面：{self._stopped.reason}")
        return self._judge_control() or self._judge_unread() or self._judge_empty() or HEALTHY

    def _judge_control(self) -> Health | None:
        asked = [self._judged[url] for url in sorted(self._received & self._judged.keys())]
        if asked and not any(judged.good for judged in asked):
            outcomes = {judged.outcome for judged in asked}
            outcome = asked[0].outcome if len(outcomes) == 1 else LookOutcome.INCOMPLETE
            return Health(outcome, f"以前读到过的 {len(asked)} 个页面现在都读不到：{asked[0].reason}")
        if asked and not self._proven:
            return Health(LookOutcome.MOVED, f"以前读到过的 {len(asked)} 个页面现在回的是别的内容")
        if self._home is not None and not self._home.good:
            return Health(self._home.outcome, f"作为对照的网站首页没有读到：{self._home.reason}")
        return None

    def _judge_unread(self) -> Health | None:
        unread = [
            (self._entries[url].title, judged)
            for url, judged in self._judged.items()
            if url in self._entries and url not in self._received and judged.outcome in _UNREAD
        ]
        if not unread:
            return None
        title, judged = unread[0]
        return Health(LookOutcome.INCOMPLETE, f"列出的 {len(unread)} 个页面没有读到，如“{title}”：{judged.reason}")

    def _judge_empty(self) -> Health | None:
        if self._entries:
            return None
        if not self._said_empty:
            return Health(LookOutcome.SHELL, "列表没有条目，栏目也没有说明为空")
        return Health(LookOutcome.EMPTY, "栏目说明没有内容")

    def _is_as_before(self, answer: Answer) -> bool:
        """Whether the page is the one that was read: the same bytes, which no other address has, its title, a report."""
        if answer.body is None:
            return False
        own = self._sent[self._bodies[answer.url].sha256] == 1
        if own and (answer.unchanged or sha256(answer.body).hexdigest() == self._bodies[answer.url].sha256):
            return True
        if not answer.page.text:
            return True  # a document, which no site shows for every address
        return shows_title(answer, self._entries[answer.url].title) or holds_report(answer.page)


def shrunken(before: Sequence[Remembered], now: Iterable[ListedEntry]) -> str:
    """Why a list that held `before` is no longer the list that it was; "" where it is.

    All is gone, or at least three entries and half of them, while a few would be normal. An entry whose title stands there
    under a new address has not gone: a site that moves its pages keeps their titles, though it may cut them elsewhere.
    What has come since the list was last seen whole is new as well: a move is often met by a look that sees only a part.
    """
    listed = list(now)
    still = {entry.url for entry in listed}
    settled = [entry for entry in before if entry.settled]
    old = {entry.url for entry in settled or before}
    came = [squeeze(entry.title) for entry in listed if entry.url not in old]
    for held in (settled, before):
        left = [squeeze(entry.title) for entry in held if entry.url not in still]
        gone = len(left) - _same_titles(left, came)
        if gone and gone == len(held):
            return f"以前列出的 {gone} 条全部不见了"
        if gone >= SHRUNKEN and 2 * gone >= len(held):
            return f"以前列出的 {len(held)} 条中有 {gone} 条一下子不见了"
    return ""


def _same_titles(left: Sequence[str], came: Sequence[str]) -> int:
    """How many titles of the one are those of the other, each once; one that ends with … is as good as its beginning."""
    gone, there = Counter(left), Counter(came)
    same = gone & there
    gone, there = gone - same, there - same
    return same.total() + _begun(gone, there) + _begun(there, gone)


def _begun(cut: Counter[str], whole: Counter[str]) -> int:
    """How many titles of `cut` end with … and are the beginning of one of `whole`, each of which serves once."""
    stems = sorted(_CUT.sub("", title) for title in whole.elements())
    found = 0
    for title in cut.elements():
        stem = _CUT.sub("", title)
        place = bisect_left(stems, stem)
        if stem != title and len(stem) >= _SHOWN and place < len(stems) and stems[place].startswith(stem):
            del stems[place]
            found += 1
    return found


def shows_title(answer: Answer, title: str) -> bool:
    """Whether a page shows the title under which it is listed; a site that answers everything with one page does not."""
    wanted = squeeze(_CUT.sub("", title))[:_SHOWN]
    return not wanted or wanted in squeeze(answer.page.text)


def _last_fetched(entry: Remembered) -> tuple[float, str]:
    return (entry.fetched_at.timestamp() if entry.fetched_at else 0.0, entry.url)
