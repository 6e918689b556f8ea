"""Mutes: something is not told until a day, for a reason. It is still judged and shown. Recorded as acts, never deleted.

May touch: the store, reads.acts and writes.acts; the configuration, to know agencies and portals.
"""

import contextlib
import datetime as dt

from sqlalchemy.orm import Session

from config.errors import GongkaiError
from config.load import Configuration
from crawler.store.reads.acts import acts
from crawler.store.writes import acts as writes
from monitor.agencies import agency_named
from monitor.alerts.mutes import PORTAL, Mute, Target, mutes
from monitor.days import day_of, end_of
from monitor.desk.acks import existing, name_of, text_of

LONGEST = 400  # days: a mute that nobody renews within a year is forgotten, and what it hides with it


def target(
    session: Session,
    configuration: Configuration,
    *,
    finding: str | None = None,
    agency: str | None = None,
    year: int | None = None,
    portal: str | None = None,
) -> Target:
    """What is to be muted: exactly one of a finding, an agency (with or without a year) and a portal.

    Raises GongkaiError for anything that is not there: a mute of nothing would only seem to help.
    """
    _one_alone(finding, agency, portal)
    if year is not None and agency is None:
        raise GongkaiError("--year belongs to --agency")
    if finding is not None:
        return Target(finding=existing(session, finding).key)
    if agency is not None:
        return Target(agency_id=agency_named(configuration, agency, year).id, year=year)
    if portal not in configuration.portals:
        raise GongkaiError(f"no portal {portal!r} in portals/")
    return Target(portal=portal)


def once(
    configuration: Configuration,
    *,
    finding: str | None = None,
    agency: str | None = None,
    year: int | None = None,
    portal: str | None = None,
) -> Target:
    """What was muted, whether or not it is still there: a mute may outlive its finding, its agency and its portal."""
    _one_alone(finding, agency, portal)
    if agency is not None:
        with contextlib.suppress(GongkaiError):  # no longer registered: then it is the id that was muted
            agency = agency_named(configuration, agency, year).id
    return Target(finding=finding or "", agency_id=agency or "", year=year, portal=portal or "")


def _one_alone(*named: str | None) -> None:
    if sum(one is not None for one in named) != 1:
        raise GongkaiError("name exactly one: --finding KEY, --agency ID (with or without --year), or --portal SLUG")


def mute(session: Session, about: Target, *, reason: str, until: dt.date, by: str, at: dt.datetime) -> Mute:
    """Nothing is told about `about` from `at` on until the end of the day `until`. An earlier mute of it ends now.

    Raises GongkaiError without a reason, for a day that is over, and for one that is too far away.
    """
    text = text_of(reason)
    if not text:
        raise GongkaiError("--reason: why it is muted has to be said")
    today = day_of(at)
    if until < today:
        raise GongkaiError(f"--until: {until.isoformat()} is over")
    if (until - today).days > LONGEST:
        raise GongkaiError(f"--until: at most {LONGEST} days ahead, that is {today + dt.timedelta(days=LONGEST)}")
    made = Mute(about, at, end_of(until), end_of(until), name_of(by), text)
    _add(session, "mute", made, at)
    return made


def unmute(session: Session, about: Target, *, note: str, by: str, at: dt.datetime) -> Mute:
    """Ends the mute of `about` that stands at `at`, and returns it. Raises GongkaiError where none does."""
    ended = next((one for one in standing(session, at) if one.target == about), None)
    if ended is None:
        raise GongkaiError(f"{described(about)} is not muted")
    _add(session, "unmute", Mute(about, at, at, at, name_of(by), text_of(note)), at)
    return ended


def every(session: Session) -> list[Mute]:
    """All mutes there ever were, oldest first."""
    return mutes(acts(session, ("mute", "unmute")))


def standing(session: Session, at: dt.datetime) -> list[Mute]:
    """Those that stand at `at`, oldest first."""
    return [one for one in every(session) if one.stands(at)]


def described(about: Target) -> str:
    """A target as the command line writes it."""
    if about.portal:
        return f"portal {about.portal}"
    if about.finding:
        return f"finding {about.finding}"
    return f"agency {about.agency_id}" + (f" {about.year}" if about.year is not None else "")


def _add(session: Session, kind: writes.Kind, made: Mute, at: dt.datetime) -> None:
    about = made.target
    key = f"{PORTAL}{about.portal}" if about.portal else about.finding
    writes.add(
        session,
        kind,
        at=at,
        by=made.by,
        agency_id=about.agency_id or None,
        year=about.year,
        finding_key=key or None,
        until=made.until if kind == "mute" else None,
        note=made.note,
    )
