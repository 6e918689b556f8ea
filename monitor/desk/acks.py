"""Acknowledgements: somebody has taken note of a finding. It stays as it is, and is left out of reminders; its end is told.

May touch: the store, reads.judging and writes.acts.
"""

import datetime as dt

from sqlalchemy.orm import Session

from config.errors import GongkaiError
from crawler.store.reads.findings import open_finding, similar_keys
from crawler.store.tables import Finding
from crawler.store.writes import acts as writes
from monitor.alerts.lines import plain

LONGEST_NAME = 60
LONGEST_NOTE = 500


def acknowledge(session: Session, key: str, *, by: str, note: str, at: dt.datetime) -> Finding:
    """Records that `by` knows of the open finding `key`. Raises GongkaiError where none is open, or a name is missing."""
    finding = existing(session, key)
    writes.add(
        session,
        "ack",
        at=at,
        by=name_of(by),
        agency_id=finding.agency_id or None,
        year=finding.year or None,
        finding_key=key,
        note=text_of(note),
    )
    return finding


def existing(session: Session, key: str) -> Finding:
    """The open finding `key`. Raises GongkaiError, which names what there is of the same agency."""
    finding = open_finding(session, key)
    if finding is None:
        near = ", ".join(similar_keys(session, key))
        raise GongkaiError(f"no open finding {plain(key)!r}" + (f"; open are: {near}" if near else ""))
    return finding


def name_of(by: str) -> str:
    """The name of who acts, one line. Raises GongkaiError for an empty or endless one."""
    name = plain(by)
    if not name or len(name) > LONGEST_NAME:
        raise GongkaiError(f"--by: a name of at most {LONGEST_NAME} characters is needed")
    return name


def text_of(note: str) -> str:
    """A note, one line. Raises GongkaiError for one that is too long: it would be cut where it is shown."""
    if len(note) > LONGEST_NOTE:
        raise GongkaiError(f"a note or reason has at most {LONGEST_NOTE} characters, this has {len(note)}")
    return plain(note, LONGEST_NOTE)
