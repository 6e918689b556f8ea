"""The pages behind a column's entries: which are wanted in this visit, and what their answers say about the look.

Touches nothing. What is known of a page decides when it is looked at again (crawler.revisit); at least one page that
was read before is asked for in every visit: the control without which an absence proves nothing.
"""

import re
from collections.abc import Mapping

from crawler.health import HEALTHY, Health
from crawler.items import ListedEntry
from crawler.model import LookOutcome
from crawler.page import squeeze
from crawler.visit import Visit
from spiders.answer import Answer

# Why an entry could not be read that leave open whether it is the report somebody waits for.
_UNREAD = frozenset(LookOutcome) - {LookOutcome.HEALTHY, LookOutcome.SOFT_404}
_CUT = re.compile(r"(?:\.{2,}|…|⋯)$")
_SHOWN = 12  # characters of a title that its page must show


class Details:
    """`wanted`: the addresses to fetch, in order."""

    def __init__(
        self, visit: Visit, column: str, entries: Mapping[str, ListedEntry], *, complete: bool, said_empty: bool
    ) -> None:
        remembered = visit.remembered.get(column, ())
        self._entries = entries
        self._said_empty = said_empty
        self._before = {entry.url for entry in remembered if entry.listed}
        self._received = {url for url in entries if url in visit.bodies}
        self._judged: dict[str, Health] = {}
        self._stopped: Health | None = None
        # An entry that has left the list is looked at as well: only its page tells whether it is really gone.
        gone = [entry for entry in remembered if entry.url not in entries] if complete else []
        self.wanted = tuple(
            [entry.url for entry in entries.values() if entry.verdict != "lookalike"]
            + [entry.url for entry in gone if entry.verdict != "lookalike"]
        )

    def note(self, answer: Answer, judged: Health) -> None:
        self._judged[answer.url] = judged
        if answer.final:
            self._stopped = judged

    def judge(self) -> Health:
        """The health of a look whose list was read completely."""
        if self._before and not self._before & self._entries.keys():
            return Health(LookOutcome.EMPTIED, f"以前列出的 {len(self._before)} 条全部不见了")
        if self._stopped is not None:
            return Health(self._stopped.outcome, f"没有看完列出的页面：{self._stopped.reason}")
        control = [self._judged[url] for url in sorted(self._received & self._judged.keys())]
        if control and not any(judged.good for judged in control):
            outcomes = {judged.outcome for judged in control}
            outcome = control[0].outcome if len(outcomes) == 1 else LookOutcome.INCOMPLETE
            return Health(outcome, f"以前读到过的 {len(control)} 个页面现在都读不到：{control[0].reason}")
        unread = [
            (self._entries[url].title, judged)
            for url, judged in self._judged.items()
            if url in self._entries and url not in self._received and judged.outcome in _UNREAD
        ]
        if unread:
            title, judged = unread[0]
            return Health(LookOutcome.INCOMPLETE, f"列出的 {len(unread)} 个页面没有读到，如“{title}”：{judged.reason}")
        if not self._entries:
            if not self._said_empty:
                return Health(LookOutcome.SHELL, "列表没有条目，栏目也没有说明为空")
            return Health(LookOutcome.EMPTY, "栏目说明没有内容")
        return HEALTHY


def shows_title(answer: Answer, title: str) -> bool:
    """Whether a page shows the title under which it is listed; a site that answers everything with one page does not."""
    wanted = squeeze(_CUT.sub("", title))[:_SHOWN]
    return not wanted or answer.not_modified or wanted in squeeze(answer.page.text)
