"""The read model of a reviewer's desk: what it is about, what was done about it, what is muted. May touch: the store, reading."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from config.load import Configuration
from config.schema import Agency
from crawler.store.reads import acts as reads
from crawler.store.reads import coverage
from crawler.store.reads.findings import open_finding
from crawler.store.tables import Act, Finding
from monitor.alerts.mutes import PORTAL, Mute, Target
from monitor.days import day_of
from monitor.desk import mutes

ACTS = 50
KINDS = ("ack", "mute", "unmute", "reply", "job")


@dataclass(frozen=True, slots=True)
class About:
    """What the desk is opened for: a finding by its key, an agency (and year), a portal, or nothing: then everything."""

    finding: str = ""
    agency: str = ""
    year: int | None = None
    portal: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """An act with the agency that it is about, if it is still registered."""

    act: Act
    agency: Agency | None
    about: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A mute that stands, and what it is about."""

    mute: Mute
    agency: Agency | None
    last_day: dt.date


@dataclass(frozen=True, slots=True)
class DeskPage:
    """`finding`: its row, also a closed one. `muted`: the mute of exactly this, where one stands."""

    about: About
    finding: Finding | None
    agency: Agency | None
    year: int | None
    portal_name: str
    muted: Standing | None
    standing: tuple[Standing, ...]
    done: tuple[Done, ...]
    simulated: bool


def known_about(session: Session, configuration: Configuration, about: About) -> bool:
    """Whether there is such a thing; a desk that is opened for two things is opened for none."""
    if sum(map(bool, (about.finding, about.agency, about.portal))) > 1 or (about.year and not about.agency):
        return False
    if about.finding:
        return finding_of(session, about.finding) is not None
    if about.agency:
        return about.agency in configuration.agencies
    return not about.portal or about.portal in configuration.portals


def desk_page(session: Session, configuration: Configuration, about: About, now: dt.datetime) -> DeskPage:
    """Everything at one moment. `about` is one that is known."""
    finding = finding_of(session, about.finding) if about.finding else None
    agency_id = finding.agency_id if finding else about.agency
    year = finding.year or None if finding else about.year
    standing = tuple(_standing(one, configuration) for one in mutes.standing(session, now))
    target = Target(finding=about.finding, agency_id=about.agency, year=about.year, portal=about.portal)
    key = f"{PORTAL}{about.portal}" if about.portal else about.finding
    return DeskPage(
        about=about,
        finding=finding,
        agency=configuration.agencies.get(agency_id),
        year=year,
        portal_name=configuration.portals[about.portal].name if about.portal else "",
        muted=next((one for one in standing if one.mute.target == target), None),
        standing=standing,
        done=tuple(
            Done(act, configuration.agencies.get(act.agency_id or ""), _about(act))
            for act in reads.newest_acts_about(
                session, KINDS, ACTS, finding_key=key, agency_id=agency_id or "", year=year
            )
        ),
        simulated=bool(coverage.simulated_portals(session)),
    )


def finding_of(session: Session, key: str) -> Finding | None:
    """The open finding of this key, else the newest closed one."""
    found = open_finding(session, key)
    if found is not None:
        return found
    parts = key.split(":")
    if len(parts) < 3:
        return None
    closed = [one for one in coverage.findings(session, parts[1]) if one.key == key]
    return max(closed, key=lambda one: one.id, default=None)


def _standing(one: Mute, configuration: Configuration) -> Standing:
    last = day_of(one.until - dt.timedelta(seconds=1))
    return Standing(one, configuration.agencies.get(one.target.agency_id), last)


def _about(act: Act) -> str:
    if act.kind == "job":
        return str(act.details.get("job", ""))
    return act.finding_key or " ".join(str(part) for part in (act.agency_id, act.year) if part)
