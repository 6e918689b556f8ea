"""What looks at columns prove: that something was not there, and until when. Pure: facts in, values out.

An agency may publish in any of its columns, so its absence needs a proof from each of them, and at about the same time: a
report that was moved from one column to another while each of them could not be seen for a while was absent from none of
the looks and never absent. A report that a look did not find was not there when the visit began; that is the moment that
counts.
"""

import datetime as dt
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from monitor.days import day_of
from monitor.model import Bound, ColumnFacts, LookFact

Hidden = Callable[[ColumnFacts, LookFact], bool]
Between = Callable[[dt.date], int]


@dataclass(frozen=True, slots=True)
class Proof:
    """The looks at one column that prove absence within a span of time, oldest first."""

    column: ColumnFacts
    looks: tuple[LookFact, ...]

    @property
    def days(self) -> int:
        """On how many different days in Shanghai."""
        return len({day_of(look.begun) for look in self.looks})

    @property
    def newest(self) -> LookFact | None:
        return max(self.looks, key=lambda look: (look.begun, look.id), default=None)

    @property
    def until(self) -> dt.datetime | None:
        """Until when it was certainly not there."""
        return self.newest.begun if self.newest is not None else None


@dataclass(frozen=True, slots=True)
class Absence:
    """The proofs of all columns; the weakest of them is what is known of the agency.

    `apart`: each column was seen well without it, but never all of them at about the same time.
    """

    proofs: tuple[Proof, ...]
    apart: bool = False

    @property
    def days(self) -> int:
        return min((proof.days for proof in self.proofs), default=0)

    @property
    def until(self) -> dt.datetime | None:
        """Until when it was certainly in none of the columns; None if one of them proves nothing."""
        moments = [proof.until for proof in self.proofs]
        known = [moment for moment in moments if moment is not None]
        return min(known) if known and len(known) == len(moments) else None

    @property
    def bound(self) -> Bound | None:
        """`until` with the looks that prove it, the newest of each column, and the list pages that they read."""
        newest = [proof.newest for proof in self.proofs]
        looks = [look for look in newest if look is not None]
        if self.until is None:
            return None
        captures = tuple(sorted(capture for look in looks for capture in look.captures))
        return Bound(self.until, tuple(sorted(look.id for look in looks)), captures)

    @property
    def looks(self) -> tuple[int, ...]:
        """The ids of the looks that carry it: of each column the first, the second and the last."""
        ids = {look.id for proof in self.proofs for look in (*proof.looks[:2], *proof.looks[-1:])}
        return tuple(sorted(ids))


def absence(
    columns: Sequence[ColumnFacts],
    *,
    since: dt.datetime | None = None,
    before: dt.datetime | None = None,
    hidden: Hidden,
    between: Between,
) -> Absence:
    """What the looks from `since` on (inclusive) and before `before` prove.

    `hidden` takes a look out that may have had the report before its eyes; `between`: on a day, the days between two
    visits by the plan.
    """
    proofs = tuple(
        Proof(
            column,
            tuple(
                look
                for look in column.looks
                if look.outcome.proves_absence
                and (since is None or look.begun >= since)
                and (before is None or look.begun < before)
                and not hidden(column, look)
            ),
        )
        for column in columns
    )
    joint = _joint(proofs, between)
    seen_well = bool(proofs) and all(proof.looks for proof in proofs)
    return Absence(joint, apart=seen_well and not all(proof.looks for proof in joint))


def _joint(proofs: tuple[Proof, ...], between: Between) -> tuple[Proof, ...]:
    """Only the looks beside which every other column was seen without it, too, within the days between two visits."""
    if len(proofs) < 2:
        return proofs
    days = [sorted({day_of(look.begun) for look in proof.looks}) for proof in proofs]

    def is_joint(place: int, look: LookFact) -> bool:
        day = day_of(look.begun)
        return all(_has_near(other, day, between(day)) for at, other in enumerate(days) if at != place)

    return tuple(
        Proof(proof.column, tuple(look for look in proof.looks if is_joint(place, look)))
        for place, proof in enumerate(proofs)
    )


def _has_near(days: Sequence[dt.date], day: dt.date, within: int) -> bool:
    """Whether one of the days, which are in order, is at most `within` days from `day`."""
    place = bisect_left(days, day - dt.timedelta(days=within))
    return place < len(days) and days[place] <= day + dt.timedelta(days=within)


def blind_since(column: ColumnFacts) -> LookFact | None:
    """The first of the newest looks that all failed. None: the newest look proves absence, or there is none."""
    first = None
    for look in reversed(column.looks):
        if look.outcome.proves_absence:
            break
        first = look
    return first
