"""What goes wrong in the country, at random from the seed, and by which outcome of a look it has to be named.

May touch nothing: values only. The troubles of one portal never overlap, so that each has one right name; a day on
which our own network is down comes on top of everything.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from crawler.model import LookOutcome
from tests.country.dress import DRESSES
from tests.country.plan import Country, Place
from tests.portals.faults import Kind

MEAN_GAP = 45  # days without trouble between two of them at one portal, on average
LONGEST = 12  # days


class Change(StrEnum):
    """Troubles that are no fault of a server."""

    REDESIGN = "redesign"  # another family at the same host; the operator mends the configuration days later
    MIGRATION = "migration"  # every report imported anew: new addresses, dated by the day of the import
    STUCK = "stuck"  # answers so slowly that the visit's own bound comes first
    OFFLINE = "offline"  # our own network is down
    DATED_ANEW = (
        "dated anew"  # of what went before: a list that may forget shows nothing old, until the operator vouches
    )


What = Kind | Change

# What, how often (weight), the outcomes by which it is named rightly.
_O = LookOutcome
TROUBLES: dict[What, tuple[int, frozenset[LookOutcome]]] = {
    Kind.SERVER_ERROR: (3, frozenset({_O.SERVER_ERROR})),
    Kind.REFUSE: (2, frozenset({_O.TRANSPORT_ERROR})),
    Kind.CUT: (2, frozenset({_O.TRANSPORT_ERROR})),
    # That such a body was cut shows only in what is missing at its end: the list, a part of it, the way to the next page.
    Kind.TRUNCATED: (2, frozenset({_O.TRANSPORT_ERROR, _O.INCOMPLETE, _O.SHELL, _O.EMPTIED})),
    Kind.CHALLENGE_521: (3, frozenset({_O.CHALLENGE})),
    Kind.CHALLENGE_412: (2, frozenset({_O.CHALLENGE})),
    Kind.CAPTCHA: (2, frozenset({_O.CHALLENGE})),
    Kind.DENIED: (2, frozenset({_O.DENIED})),
    Kind.NOT_FOUND: (1, frozenset({_O.SOFT_404})),
    Kind.SOFT_404: (3, frozenset({_O.SOFT_404})),
    Kind.TO_HOME: (2, frozenset({_O.SOFT_404})),
    Kind.TO_OTHER_HOST: (1, frozenset({_O.MOVED})),
    Kind.SHELL: (2, frozenset({_O.SHELL})),
    Kind.EMPTIED: (3, frozenset({_O.EMPTIED})),
    Kind.SHRUNKEN: (2, frozenset({_O.EMPTIED, _O.INCOMPLETE})),
    Kind.HIJACKED: (2, frozenset({_O.HIJACKED})),
    Kind.OTHER_SITE: (2, frozenset({_O.MOVED})),
    Kind.LYING_CHARSET: (2, frozenset({_O.HEALTHY})),
    Kind.SLOW: (2, frozenset({_O.HEALTHY})),
    Kind.ENDLESS: (1, frozenset({_O.INCOMPLETE})),
    Change.STUCK: (1, frozenset({_O.TRANSPORT_ERROR, _O.INCOMPLETE})),
    Change.REDESIGN: (4, frozenset({_O.SOFT_404})),
    Change.MIGRATION: (3, frozenset({_O.HEALTHY})),
    Change.OFFLINE: (0, frozenset({_O.TRANSPORT_ERROR})),
}
HOST_ONLY = frozenset(
    {Kind.EMPTIED, Kind.SHRUNKEN, Kind.OTHER_SITE, Kind.LYING_CHARSET, Change.REDESIGN, Change.MIGRATION, Change.STUCK}
)
COLUMN_ONLY = frozenset({Kind.SLOW})  # nobody waits for thirty slow pages
SLOW_SECONDS, STUCK_SECONDS = 0.15, 60.0
HEALTHY, INCOMPLETE = frozenset({LookOutcome.HEALTHY}), frozenset({LookOutcome.INCOMPLETE})


@dataclass(frozen=True, slots=True)
class Trouble:
    """`what` holds at a portal from `first` to `last`, both included; `column` empty: for the whole host.

    `family`: what the site is made with then. Of a redesign `last` is the day before the operator mends the
    configuration, `family` that of the new site, `to_home` whether the old addresses lead to the home page (else: 404), `dated_anew` whether the import dates
    every report by its own day. Of a migration `first` is `last`.
    """

    place: str
    what: What
    first: dt.date
    last: dt.date
    column: str = ""
    family: str = ""
    to_home: bool = False
    dated_anew: bool = True
    kept: float = 0.6  # of a truncated body or a shrunken list

    def holds(self, day: dt.date, column: str) -> bool:
        return self.first <= day <= self.last and self.column in ("", column)


@dataclass(frozen=True, slots=True)
class Troubles:
    """All of them, by portal; and the days on which our own network is down."""

    at: dict[str, tuple[Trouble, ...]]
    offline: frozenset[dt.date]

    def is_offline(self, day: dt.date) -> bool:
        """Whether our own network is down: then every visit has failed, and says so."""
        return day in self.offline

    def what(self, place: str, column: str, day: dt.date) -> What | None:
        """What is wrong with a column on a day."""
        if day in self.offline:
            return Change.OFFLINE
        trouble = self._trouble(place, column, day)
        return trouble.what if trouble else None

    def expected(self, place: str, column: str, day: dt.date) -> frozenset[LookOutcome]:
        """The outcomes by which a look at the column on that day is named rightly."""
        what = self.what(place, column, day)
        if what is None:
            return HEALTHY
        trouble = self._trouble(place, column, day)
        if what is Kind.EMPTIED and trouble is not None and not DRESSES[trouble.family].says_empty:
            return TROUBLES[what][1] | {LookOutcome.SHELL}
        if what is Kind.EMPTIED and trouble is not None and DRESSES[trouble.family].may_forget:
            return TROUBLES[what][1] | INCOMPLETE  # until the operator vouches for it
        return TROUBLES[what][1]

    def _trouble(self, place: str, column: str, day: dt.date) -> Trouble | None:
        return next((trouble for trouble in self.at[place] if trouble.holds(day, column)), None)


def troubles(country: Country, families: tuple[str, ...], gap: float = MEAN_GAP) -> Troubles:
    """`gap`: days without trouble between two troubles of one portal, on average."""
    rng = random.Random(f"{country.seed} offline")
    days = country.calendar
    offline = rng.sample(days[4:], max(1, len(days) // 100)) if len(days) > 8 else []
    at = {place.slug: tuple(_of_place(country, place, families, gap)) for place in country.places}
    return Troubles(at, frozenset(offline))


def _of_place(country: Country, place: Place, families: tuple[str, ...], gap: float) -> Iterator[Trouble]:
    """One after the other, with a healthy time between them; the first days are healthy, so that everything is known."""
    rng = random.Random(f"{country.seed} troubles {place.serial}")
    kinds, weights = zip(*((what, weight) for what, (weight, _) in TROUBLES.items()), strict=True)
    family = place.family
    day = country.start + dt.timedelta(days=3 + int(rng.expovariate(1 / gap)))
    while day <= country.end:
        what: What = rng.choices(kinds, weights)[0]
        if what is Change.REDESIGN:
            others = tuple(name for name in families if name != family)
            if not others:
                continue
            family = rng.choice(others)
        length = 1 if what is Change.MIGRATION else rng.randint(1, LONGEST)
        column = ""
        if what in COLUMN_ONLY or (what not in HOST_ONLY and rng.random() < 0.5):
            column = rng.choice(place.columns)
            if DRESSES[family].shared:
                column = ""
        last = day + dt.timedelta(days=length - 1)
        yield Trouble(
            place.slug, what, day, last, column, family,
            to_home=rng.random() < 0.5,
            dated_anew=what is Change.MIGRATION or rng.random() < 0.5,
            kept=rng.choice((0.2, 0.4) if what is Kind.SHRUNKEN else (0.3, 0.6, 0.85, 0.97)),
        )  # fmt: skip
        day = last + dt.timedelta(days=4 + int(rng.expovariate(1 / gap)))
