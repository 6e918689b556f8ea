"""What a 通报 is made of: frozen values. No session, no clock.

A `Judgement` is what is known of one agency for the year, made by monitor.circular.judging; a `Circular` is what
monitor.circular.selection makes of all of them.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from config.deadlines import DeadlineRule, LocalRule
from config.schema import Agency
from monitor.desk.replies import Reply
from monitor.model import Assessment, LocalVerdict


class Group(StrEnum):
    """Where an agency is counted, once. `CHECKED` ones owe a report by now; the others are counted against nobody."""

    ON_TIME = "on_time"
    LATE = "late"
    MISSING = "missing"
    WITHDRAWN = "withdrawn"
    DATE_UNSURE = "date_unsure"
    UNKNOWN = "unknown"
    NOT_DUE = "not_due"
    NO_DAY = "no_day"  # the law names no day for it
    EXEMPT = "exempt"
    UNJUDGED = "unjudged"  # not judged at the moment: the year is not over, or no rule asks for it


CHECKED = (Group.ON_TIME, Group.LATE, Group.MISSING, Group.WITHDRAWN, Group.DATE_UNSURE, Group.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Proof:
    """One archived answer: its number in the archive and the sha256 of its bytes (None: no body was kept)."""

    capture: int
    sha256: str | None
    url: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Found:
    """One finding. `details`: what the check found (monitor.checks). `confirmed` False: it is recorded as open, and
    judging anew could neither confirm it nor see that it is over; then it is said against nobody.

    `replies`: what the office said of it, the newest of a kind last; superseded ones are left out.
    """

    key: str
    kind: str
    details: Mapping[str, Any]
    opened_at: dt.datetime | None
    confirmed: bool = True
    proofs: tuple[Proof, ...] = ()
    replies: tuple[Reply, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """One agency at the moment of the circular. `assessment` None: it was not judged for this year.

    `details`: the assessment as JSON (monitor.details), {} without one. `replies`: about the year as a whole.
    `proofs`: of the state, first those of absence, then those of the report.
    """

    agency: Agency
    rule: DeadlineRule | None
    local_rule: LocalRule | None
    assessment: Assessment | None
    details: Mapping[str, Any]
    findings: tuple[Found, ...] = ()
    absence_proofs: tuple[Proof, ...] = ()
    report_proofs: tuple[Proof, ...] = ()
    replies: tuple[Reply, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """A judgement with the place it has in the circular."""

    judgement: Judgement
    group: Group

    @property
    def agency(self) -> Agency:
        return self.judgement.agency

    @property
    def due(self) -> dt.date | None:
        """The day of the law; None where it names none, also where the supervising office's own day decides."""
        assessment = self.judgement.assessment
        return None if assessment is None or assessment.is_by_local_day else assessment.due

    @property
    def local(self) -> LocalVerdict | None:
        """How the report stands against the supervising office's own day, if there is one."""
        return self.judgement.assessment.local if self.judgement.assessment else None


@dataclass(frozen=True, slots=True)
class Item:
    """A finding of one agency, as a section lists it."""

    case: Case
    found: Found


@dataclass(frozen=True, slots=True)
class Basis:
    """A rule with the kinds of agency in scope that it applies to, in the order of the registry."""

    rule: DeadlineRule | LocalRule
    due: dt.date | None
    is_local: bool
    agencies: int


@dataclass(frozen=True, slots=True)
class Seals:
    """The head of the archive's chain of hashes (table seal) at the moment."""

    number: int
    hash: str
    sealed_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """What the circular is about. `region`: the beginning of the region codes; `region_name` "": not known."""

    region: str
    region_name: str
    year: int
    at: dt.datetime
    kinds: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Circular:
    """Everything that both files say. `cases` in the order of region, kind and registry."""

    asked: Asked
    cases: tuple[Case, ...]
    bases: tuple[Basis, ...]
    missing: tuple[Case, ...]
    late: tuple[Case, ...]
    local_missing: tuple[Case, ...]  # not found after the supervising office's own day; by the law nothing is missed
    local_late: tuple[Case, ...]  # after that day, and not after that of the law
    withdrawn: tuple[Case, ...]
    changed: tuple[Item, ...]
    data: tuple[Item, ...]
    unverified: tuple[Case, ...]
    unconfirmed: tuple[Item, ...]
    extractor: str
    version: str
    seals: Seals | None = None
    simulated: bool = False
    counts: Mapping[Group, int] = field(default_factory=dict)

    @property
    def invented(self) -> bool:
        """Whether an invented agency is in scope; both files then say so in their title."""
        return any(case.agency.invented for case in self.cases)

    @property
    def owed(self) -> int:
        """How many owe a report by now: the sum of the groups in CHECKED."""
        return sum(self.counts[group] for group in CHECKED)
