"""Checks of portals: one shows gambling, or has not been seen well for days. Pure. Findings about no office at all.

`portal_lost`: a registered host shows another's content, so its domain is possibly in other hands. It is told after one
look: nothing seen there counts from that moment on (the look is blind), no office is judged by it, and a domain that changed
hands does not come back by waiting. It is over as soon as the same column is seen well again.

`portal_blind`: no registered column of it was seen well at its newest look, and that has been so for as many days as the
calendar of alerts says, by looks on two days at least. It is over as soon as one column is seen well. A portal that is lost
is blind, too; then only the loss is told.

Both are over, too, when the portal is no longer registered.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from monitor.days import day_of, days_past, iso_moment
from monitor.model import BlindPortal, Finding, HijackedFact, Verdicts

LOST = "portal_lost"
BLIND = "portal_blind"


def check(
    hijacked: Sequence[HijackedFact],
    blind: Sequence[BlindPortal],
    open_keys: Collection[str],
    at: datetime,
    blind_days: int,
) -> Verdicts:
    """`hijacked`: looks that showed another's content since their column was last seen well, by time.

    `blind`: the portals of which no column was seen well at its newest look, for however long. `open_keys`: of all
    findings about portals that are open.
    """
    lost: dict[str, list[HijackedFact]] = {}
    for look in hijacked:
        lost.setdefault(look.portal, []).append(look)
    standing = [_lost(portal, found) for portal, found in lost.items()]
    standing += [_blind(one) for one in blind if one.portal not in lost and _is_long(one, at, blind_days)]
    unseen = {key_of(look.portal, LOST) for look in hijacked} | {key_of(one.portal, BLIND) for one in blind}
    return Verdicts(tuple(standing), frozenset(open_keys) - unseen)


def key_of(portal: str, kind: str) -> str:
    """portal:shili-slj:lost, portal:shili-slj:blind."""
    return f"portal:{portal}:{kind.removeprefix('portal_')}"


def _is_long(one: BlindPortal, at: datetime, blind_days: int) -> bool:
    """One look that failed says nothing of the days after it, on which nobody looked."""
    return days_past(day_of(one.since), at) >= blind_days and day_of(one.looked_at) > day_of(one.since)


def _lost(portal: str, looks: Sequence[HijackedFact]) -> Finding:
    first = looks[0]
    return Finding(
        key_of(portal, LOST),
        LOST,
        "",
        0,
        {
            "portal": portal,
            "portal_name": first.portal_name,
            "column_name": first.column_name,
            "url": first.url,
            "reason": first.reason,
            "at": iso_moment(first.at),
            "days": len({day_of(look.at) for look in looks}),
            "looks": [look.look for look in looks],
        },
    )


def _blind(one: BlindPortal) -> Finding:
    return Finding(
        key_of(one.portal, BLIND),
        BLIND,
        "",
        0,
        {
            "portal": one.portal,
            "portal_name": one.portal_name,
            "column_name": one.column_name,
            "url": one.url,
            "outcome": one.outcome.value,
            "reason": one.reason,
            "at": iso_moment(one.since),
            "looked_at": iso_moment(one.looked_at),
            "columns": one.columns,
            "looks": [one.look],
        },
    )
