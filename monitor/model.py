"""What judging works on and what comes out of it: frozen values. No session, no clock, no text for people.

Facts (LookFact … AgencyFacts) are filled by monitor.judging.facts from the store; Assessment and Finding are made of
them by monitor.checks; NewEvent by monitor.judging.transitions.

Long, because it is the one vocabulary of judging: short values, in the order in which they are made.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal

from config.changes import ChangeKind
from config.schema import Agency
from crawler.model import CellState, DateEvidence, Fingerprint, IdentityResult, LookOutcome


class State(StrEnum):
    """How an agency stands with its report of one year; stored as these words."""

    NOT_DUE = "not_due"
    DUE_SOON = "due_soon"
    ON_TIME = "on_time"
    LATE = "late"
    DATE_UNSURE = "date_unsure"  # published; the interval of publication crosses the due day
    MISSING = "missing"
    UNKNOWN = "unknown"
    WITHDRAWN = "withdrawn"
    EXEMPT = "exempt"  # owes no report of this year: founded later, abolished or merged before it was due


class Sight(StrEnum):
    """What a look at a column saw, for one agency and report year (monitor.checks.sight)."""

    TRANSPORT_ERROR = "transport_error"  # no answer, a server's failure, or not all answers came
    DENIED = "denied"  # refused, or robots.txt forbids or cannot be read
    CHALLENGE = "challenge"  # a proof of being human is asked for
    SOFT_404 = "soft_404"  # the column's page does not exist
    MOVED = "moved"  # another host, site or column answers, or what was there is gone
    SHELL = "shell"  # an answer without its list
    EMPTY_CONFIRMED = "empty_confirmed"  # the column itself says that it holds nothing
    LISTED_WITHOUT_YEAR = "listed_without_year"  # the column was read to its end and does not hold the report
    FOUND = "found"  # the report, or an entry that may be it, was listed

    @property
    def saw(self) -> bool:
        """Whether the column was seen at all."""
        return self in (Sight.EMPTY_CONFIRMED, Sight.LISTED_WITHOUT_YEAR, Sight.FOUND)


@dataclass(frozen=True, slots=True)
class LookFact:
    """One look at one column. `begun`: start of the visit; whatever the look did not find was not there then.

    `reason`: in the words of the crawl. `captures`: ids of the list pages that it read, filled in only where a
    report appeared after it (monitor.judging.facts).
    """

    id: int
    at: dt.datetime
    begun: dt.datetime
    outcome: LookOutcome
    reason: str = ""
    captures: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """A registered column and how it was seen; `looks` by time."""

    portal: str
    portal_name: str
    column: str
    column_name: str
    url: str
    looks: tuple[LookFact, ...]


@dataclass(frozen=True, slots=True)
class ListChange:
    """An entry appeared in, changed in or left a column's list.

    Of one that left: how many others left the list with it, in the same look, and how many stayed.
    """

    at: dt.datetime
    kind: Literal["appeared", "changed", "gone"]
    title: str = ""
    list_date: dt.date | None = None
    list_date_raw: str = ""
    verdict: str = ""
    others_left: int = 0
    others_stayed: int = 0


@dataclass(frozen=True, slots=True)
class PageCapture:
    """One answer of an entry's page or attachment. `sha256` is None where no body was kept."""

    id: int
    at: dt.datetime
    kind: str
    url: str
    outcome: LookOutcome
    sha256: str | None


@dataclass(frozen=True, slots=True)
class CellFact:
    """One statutory cell as one reading has it; money is in yuan. Nothing is said against anybody by an uncertain one."""

    state: CellState
    value: Decimal | None
    unit: str
    raw: str
    place: Mapping[str, Any] | None = None
    certain: bool = True

    @property
    def sure(self) -> Decimal | None:
        """The number if it was read with certainty."""
        return self.value if self.state is CellState.NUMBER and self.certain else None


@dataclass(frozen=True, slots=True)
class ReadingFact:
    """How one version of the extractor reads one content of an entry, and what that was decided to be.

    `decision`: filed (with agency_id and year), not_a_report, or review: a person has to say, or nobody can
    read it; then `year` may still be known, `candidates` holds the ids of the agencies that it may be of
    (empty: any), `printed_agency` the name in the document. `cells` are filled only where monitor.judging.facts
    found that they are needed, and hold no more than that. `issues`, `statements`, `notices` are JSON values. `digest` is equal
    for two readings whose cells all have the same states and values.
    """

    id: int
    extractor: str
    decision: Literal["filed", "review", "not_a_report"]
    agency_id: str | None = None
    year: int | None = None
    printed_agency: str = ""
    candidates: tuple[str, ...] = ()
    template: str | None = None
    signed_on: dt.date | None = None
    dates: tuple[DateEvidence, ...] = ()
    identities: tuple[IdentityResult, ...] = ()
    statements: tuple[Mapping[str, Any], ...] = ()
    notices: tuple[Mapping[str, Any], ...] = ()
    fingerprint: Fingerprint | None = None
    issues: tuple[Mapping[str, Any], ...] = ()
    digest: str = ""
    cells: Mapping[str, CellFact] = field(default_factory=dict)

    @property
    def is_torn(self) -> bool:
        """Whether the page, as it came, broke off before its end."""
        return any(issue["kind"] == "cut_off" for issue in self.issues)

    def has_the_cells_of(self, other: "ReadingFact") -> bool:
        """Whether it is known, without looking at them, that the cells of both say the same."""
        return bool(self.digest) and self.digest == other.digest


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """An address that a column listed. `captures` by time; `readings` by sha256, the newest reading last.

    `import_days`: on which many old reports came up on the entry's host at once (monitor.judging.imports).
    """

    id: int
    portal: str
    column: str
    url: str
    changes: tuple[ListChange, ...]
    captures: tuple[PageCapture, ...]
    readings: Mapping[str, tuple[ReadingFact, ...]]
    import_days: frozenset[dt.date] = frozenset()


@dataclass(frozen=True, slots=True)
class KinReport:
    """A report of another agency of the same region or supervising office, as far as it may have been copied."""

    agency_id: str
    agency: str
    year: int
    url: str
    capture: int
    at: dt.datetime
    sha256: str
    fingerprint: Fingerprint


@dataclass(frozen=True, slots=True)
class AgencyFacts:
    """Everything that is known for judging one agency.

    `entries`: those filed as a report of this agency, wherever, and those of its columns that nobody could
    decide yet. `others`: full names of the other agencies in the registry, so that a title that names one of
    them is not taken for this agency's. `kin`: reports of the agencies beside it, by agency and year. `successors`: the
    agencies of the registry that name it as their predecessor.
    """

    agency: Agency
    columns: tuple[ColumnFacts, ...]
    entries: tuple[EntryFacts, ...]
    others: frozenset[str] = frozenset()
    kin: tuple[KinReport, ...] = ()
    successors: tuple[Agency, ...] = ()


@dataclass(frozen=True, slots=True)
class HijackedFact:
    """A look at a column of a registered portal that showed gambling, and was followed by no healthy one."""

    look: int
    at: dt.datetime
    portal: str
    portal_name: str
    column_name: str
    url: str
    reason: str


@dataclass(frozen=True, slots=True)
class BlindPortal:
    """A registered portal of which no column was seen well at its newest look.

    `since`: from when on none was. `looked_at`, `outcome`, `reason`, `look`, `column_name`, `url`: of the newest look at
    it. `columns`: how many of its columns were looked at.
    """

    portal: str
    portal_name: str
    since: dt.datetime
    looked_at: dt.datetime
    outcome: LookOutcome
    reason: str
    look: int
    column_name: str
    url: str
    columns: int


@dataclass(frozen=True, slots=True)
class Note:
    """Something to say beside a state that does not change it; `key` is a wording key below `note`."""

    key: str
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ColumnSeen:
    """A column as far as a judgement rests on it: the newest look, and the newest one that proves absence."""

    portal: str
    portal_name: str
    column: str
    column_name: str
    url: str
    looked_at: dt.datetime | None
    outcome: LookOutcome | None
    proved_at: dt.datetime | None
    sight: Sight | None = None
    reason: str = ""  # of the newest look, in the words of the crawl


@dataclass(frozen=True, slots=True)
class Bound:
    """One end of an interval, with the looks and captures that prove it."""

    at: dt.datetime
    looks: tuple[int, ...] = ()
    captures: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Interval:
    """When a report was published, as far as looks tell: after `not_before`, and by `not_after`.

    `not_before`: the last healthy look without it, at every column of the agency; None: there was none.
    `not_after`: the first moment at which it was seen.
    """

    not_before: Bound | None
    not_after: Bound


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a judgement rests on: ids of looks, captures and entries, the agency's own dates, the columns.

    `contents`: sha256 of what the report's pages hold now.
    """

    looks: tuple[int, ...] = ()
    captures: tuple[int, ...] = ()
    entries: tuple[int, ...] = ()
    contents: tuple[str, ...] = ()
    stated: tuple[DateEvidence, ...] = ()
    columns: tuple[ColumnSeen, ...] = ()
    report_url: str = ""


@dataclass(frozen=True, slots=True)
class LocalVerdict:
    """How the report stands against the day of the supervising office: `state` as if that day were the due day.

    Of a report that was seen it is the verdict on its publication, whatever became of the page. `reason` with its
    `parameters`: as those of an assessment.
    """

    rule_id: str
    due: dt.date
    state: State
    reason: str
    citation_zh: str
    citation_en: str
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Assessment:
    """The state of one agency and report year at one moment, with everything it rests on.

    `basis`: seen (we saw it by the due day), claimed (the agency's dates say so, nothing speaks against it) or
    empty. `publication` is the verdict on the day of publication, whatever became of the page: ON_TIME, LATE,
    DATE_UNSURE, UNKNOWN, or None if nothing was seen or no report was owed. `last_absent`: until when it is proven that
    nothing was there. `interval`: of publication, None if nothing was seen.
    `local`: against the supervising office's own day, where it set one that is earlier than the law's, or where the law
    names none. In the latter case it decides the state (`is_by_local_day`), and `due` and `rule_id` are its.
    Parameters are JSON values: names in `_at` are moments, in `_on` days (both ISO).
    """

    agency_id: str
    year: int
    state: State
    reason: str
    since: dt.datetime
    due: dt.date | None = None
    rule_id: str = ""
    basis: Literal["seen", "claimed", ""] = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    publication: State | None = None
    first_seen: dt.datetime | None = None
    last_absent: dt.datetime | None = None
    interval: Interval | None = None
    notes: tuple[Note, ...] = ()
    evidence: Evidence = Evidence()
    local: LocalVerdict | None = None

    @property
    def is_by_local_day(self) -> bool:
        """Whether the state was judged by the supervising office's day, because the law names none."""
        return self.local is not None and self.local.rule_id == self.rule_id


@dataclass(frozen=True, slots=True)
class ReportChange:
    """How two contents of a report differ that were seen one after the other; a row of the table `change`.

    `kind`: a config.changes.ChangeKind. `severity`: a config.alerts.Severity, or "" for what needs nobody's eyes. `at`: of
    the first capture that showed the new content. `details` are JSON values (monitor.checks.changes).
    """

    key: str  # agency:year:before_capture-after_capture[:detail]
    kind: ChangeKind
    agency_id: str
    year: int
    at: dt.datetime
    severity: str
    url: str
    before_capture: int
    after_capture: int
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong. `key` is `kind:agency:year[:detail]`; `details` are JSON values for mail and page.

    One about a portal has no agency (empty) and no year (0), and the key `portal:slug:…`.
    """

    key: str
    kind: str  # a config.alerts.EventKind, one of monitor.checks.CHECKS' kinds
    agency_id: str
    year: int
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What one check says: findings that stand now, and the keys that it knows to be over.

    A recorded finding in neither stays as it is: not being able to tell is no reason to close it. `contents`: sha256 of
    other years' or agencies' contents that it rests on; a finding that ends because one changed was no mistake of ours.
    """

    standing: tuple[Finding, ...] = ()
    over: frozenset[str] = frozenset()
    contents: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event to be recorded. `kind`: a config.alerts.EventKind or "quiet"; `finding_key`: its finding, if any."""

    kind: str
    agency_id: str
    year: int
    details: Mapping[str, Any]
    finding_key: str | None = None


@dataclass(frozen=True, slots=True)
class EvaluateResult:
    """All assessments at the moment of evaluation, and the events that it recorded (or would have).

    `judged`, `recorded`: how many there are of both, also where only the counts were asked for.
    """

    assessments: tuple[Assessment, ...]
    events: tuple[NewEvent, ...]
    judged: int = 0
    recorded: int = 0
