"""What is taken from the board: how some agencies stand, one agency's year, the newest look at a column. Touches nothing."""

import datetime as dt
from dataclasses import dataclass

from monitor.model import State


@dataclass(frozen=True, slots=True)
class Totals:
    """How some agencies stand with one report year.

    `states`: agencies by state. `unjudged`: watched, and not judged yet. `owing`: those watched that owe a report, that is
    all but the exempt ones; it is what shares are counted of.
    """

    year: int
    states: dict[State, int]
    unjudged: int

    @property
    def watched(self) -> int:
        return sum(self.states.values()) + self.unjudged

    @property
    def owing(self) -> int:
        return self.watched - self.states[State.EXEMPT]


@dataclass(frozen=True, slots=True)
class Place:
    """One agency and year on the board. `state` None: not watched, or (if `watched`) not judged yet.

    `days`: overdue (MISSING), late (LATE) or left (DUE_SOON), least and most; None in every other state. `seen_on`: the
    day on which it was first seen; `absent_on`: the last day on which it was proven not to be there; `stated_on`: the day
    of publication by the agency's own dates. `flags`: kinds of open findings.
    """

    year: int
    watched: bool
    state: State | None
    due: dt.date | None
    days: tuple[int, int] | None
    seen_on: dt.date | None
    absent_on: dt.date | None
    stated_on: dt.date | None
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ColumnSight:
    """The newest look at one column of a portal that is switched on, as known when the board was made.

    `outcome`: a crawler.model.LookOutcome, "" if it was never looked at; `reason` in the words of the crawl. `healthy_at`:
    when it was last seen well; `since`: the first of the looks after that which could not see. `agencies`: how many have
    their reports there.
    """

    portal: str
    portal_name: str
    family: str
    column: str
    column_name: str
    url: str
    agencies: int
    outcome: str
    reason: str
    looked_at: dt.datetime | None
    healthy_at: dt.datetime | None
    since: dt.datetime | None
