"""Check of portals: a registered host shows gambling, so its domain is possibly in other hands. Pure.

It is told to the operator after one look: nothing seen there counts from that moment on (the look is blind), no office is
judged by it, and a domain that changed hands does not come back by waiting. `days` says on how many days it was seen. It
is over as soon as the same column is seen well again. It is a finding about the portal: it has no agency and no year, and
says nothing about any office.
"""

from collections.abc import Collection, Sequence

from monitor.days import day_of, iso_moment
from monitor.model import Finding, HijackedFact, Verdicts

KIND = "portal_lost"


def check(looks: Sequence[HijackedFact], open_keys: Collection[str]) -> Verdicts:
    """`looks`: those that showed another's content since their column was last seen well, by time.

    Findings that are open and for which there is no such look any more, or no such portal, are over.
    """
    portals: dict[str, list[HijackedFact]] = {}
    for look in looks:
        portals.setdefault(look.portal, []).append(look)
    standing = tuple(_finding(portal, found) for portal, found in portals.items())
    return Verdicts(standing, frozenset(open_keys) - {finding.key for finding in standing})


def key_of(portal: str) -> str:
    return f"portal:{portal}:lost"


def _finding(portal: str, looks: Sequence[HijackedFact]) -> Finding:
    first = looks[0]
    return Finding(
        key_of(portal),
        KIND,
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
