"""Mutes and acknowledgements, as the acts of people say them. Pure.

A muted thing is judged and shown as ever; it is not told while the mute stands. When the mute ends, what still stands is
told as of then, and what began and ended meanwhile is not told at all.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from crawler.store.reads.telling import EventKey
from crawler.store.tables import Act

PORTAL = "portal:"
STATES = ("missing", "withdrawn")  # findings whose end is told as an event of the state, without the finding


@dataclass(frozen=True, slots=True)
class Target:
    """What a mute is about: a finding by its key, an agency's year, an agency (year None), or a portal by its slug."""

    finding: str = ""
    agency_id: str = ""
    year: int | None = None
    portal: str = ""

    def is_about(self, event: EventKey) -> bool:
        """Whether the mute of this covers an event. That of a portal covers what is about the portal, and no office."""
        if self.portal:
            return event.finding.startswith(f"{PORTAL}{self.portal}:")
        if self.finding:
            return event.finding == self.finding or (not event.finding and self.finding in _states(event))
        return event.agency_id == self.agency_id and self.year in (None, event.year)

    def is_about_year(self, agency_id: str, year: int) -> bool:
        """Whether it covers that an agency has not published its report of a year."""
        return self.finding in _keys(agency_id, year) or (self.agency_id == agency_id and self.year in (None, year))


@dataclass(frozen=True, slots=True)
class Mute:
    """One mute. It stands from `at` until before `end`, which is its expiry or the moment at which it was taken back."""

    target: Target
    at: dt.datetime
    end: dt.datetime
    until: dt.datetime
    by: str
    note: str

    def stands(self, at: dt.datetime) -> bool:
        return self.at <= at < self.end

    def stood_since(self, moment: dt.datetime, at: dt.datetime) -> bool:
        """Whether it stood at any time from `moment` to `at`."""
        return self.at <= at and moment < self.end


def target_of(act: Act) -> Target:
    """What a mute or unmute is about."""
    key = act.finding_key or ""
    if key.startswith(PORTAL) and key.count(":") == 1:
        return Target(portal=key.removeprefix(PORTAL))
    if key:
        return Target(finding=key)
    return Target(agency_id=act.agency_id or "", year=act.year)


def mutes(acts: Iterable[Act]) -> list[Mute]:
    """All mutes there ever were, oldest first. `acts`: mute and unmute, oldest first; a new one ends that before it."""
    found: list[Mute] = []
    current: dict[Target, int] = {}
    for act in acts:
        target = target_of(act)
        place = current.pop(target, None)
        if place is not None:
            found[place] = replace(found[place], end=min(found[place].end, act.at))
        if act.kind == "mute" and act.until is not None:
            current[target] = len(found)
            found.append(Mute(target, act.at, act.until, act.until, act.by, act.note))
    return found


def is_muted(event: EventKey, known: Sequence[Mute], at: dt.datetime) -> bool:
    return any(mute.stands(at) and mute.target.is_about(event) for mute in known)


def was_muted(event: EventKey, known: Sequence[Mute], at: dt.datetime) -> bool:
    """Whether a mute of it stood after it was recorded, and none does now."""
    ended = any(mute.stood_since(event.at, at) and mute.target.is_about(event) for mute in known)
    return ended and not is_muted(event, known, at)


def is_acknowledged(finding_key: str, opened_at: dt.datetime, acts: Iterable[Act], at: dt.datetime) -> bool:
    """Whether somebody has taken note of this finding since it was opened. `acts`: of the kind ack."""
    return any(act.finding_key == finding_key and opened_at <= act.at <= at for act in acts)


def _states(event: EventKey) -> tuple[str, ...]:
    return _keys(event.agency_id, event.year) if event.kind == "resolved" else ()


def _keys(agency_id: str, year: int) -> tuple[str, ...]:
    return tuple(f"{kind}:{agency_id}:{year}" for kind in STATES)
