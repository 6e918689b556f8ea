"""Which of nine things a look at a column saw, for one agency and report year. Pure: facts in, values out.

The store keeps the finer outcome of a look (crawler.model.LookOutcome); the nine are what is shown and counted. Only the
last three, `empty_confirmed`, `listed_without_year` and `found`, are a look that saw. What becomes of the finer ones:

    server_error   transport_error   the server answered, and what it answered is its failure
    moved          moved             another host, site or column
    hijacked       moved             the address is in other hands: whatever stands there is not this column
    emptied        moved             what was there has gone somewhere, and nothing says where
    incomplete     transport_error   answers did not come, broke off, or a bound of the visit was reached
                   shell             everything came, and the list was not understood to its end
    empty          empty_confirmed   the column itself says that it holds nothing
    healthy        found             it listed the report, or an entry that may be it and that nobody could decide yet
                   listed_without_year
"""

import re
from collections.abc import Collection, Mapping

from crawler.model import LookOutcome
from monitor.checks.entries import is_listed
from monitor.model import ColumnFacts, EntryFacts, LookFact, Sight

_BLIND: Mapping[LookOutcome, Sight] = {
    LookOutcome.TRANSPORT_ERROR: Sight.TRANSPORT_ERROR,
    LookOutcome.SERVER_ERROR: Sight.TRANSPORT_ERROR,
    LookOutcome.DENIED: Sight.DENIED,
    LookOutcome.CHALLENGE: Sight.CHALLENGE,
    LookOutcome.SOFT_404: Sight.SOFT_404,
    LookOutcome.MOVED: Sight.MOVED,
    LookOutcome.HIJACKED: Sight.MOVED,
    LookOutcome.EMPTIED: Sight.MOVED,
    LookOutcome.SHELL: Sight.SHELL,
}
# The crawl's own words (spiders, crawler.middlewares) for answers that did not come or were cut off.
_NOT_ALL_CAME = re.compile(r"HTTP \d|没有读到|读不到|没有读完|没有看完|中断|中止|超过|上限|时限|连接|超时")


def blind_sight(outcome: LookOutcome, reason: str = "") -> Sight | None:
    """What a look that could not see ended in; None for one that saw. `reason`: in the words of the crawl."""
    if outcome is LookOutcome.INCOMPLETE:
        return Sight.TRANSPORT_ERROR if _NOT_ALL_CAME.search(reason) or not reason else Sight.SHELL
    return _BLIND.get(outcome)


def sight(column: ColumnFacts, look: LookFact, entries: Collection[EntryFacts]) -> Sight:
    """`entries`: those that are filed as the report in question, and those that may be it, of any column."""
    blind = blind_sight(look.outcome, look.reason)
    if blind is not None:
        return blind
    if look.outcome is LookOutcome.EMPTY:
        return Sight.EMPTY_CONFIRMED
    own = (entry for entry in entries if (entry.portal, entry.column) == (column.portal, column.column))
    return Sight.FOUND if any(is_listed(entry, look.at) for entry in own) else Sight.LISTED_WITHOUT_YEAR
