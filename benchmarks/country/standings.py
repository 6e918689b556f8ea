"""How the invented agencies stand in every year: details as monitor.details writes them, made once for each way to stand.

Pure. What is an agency's own (name, portal, ids) is filled into the text of a made one, which takes a millionth of a second
instead of a ten thousandth.
"""

import datetime as dt
import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from config.deadlines import Deadlines
from config.schema import Agency, AgencyKind
from crawler.model import DateEvidence, DateSource, LookOutcome
from monitor.days import SHANGHAI, end_of, iso_moment
from monitor.details import assessment_json
from monitor.model import Assessment, Bound, ColumnSeen, Evidence, Interval, Sight, State

AT: Final = dt.datetime(2026, 11, 1, 9, tzinfo=SHANGHAI)  # the moment of the evaluation
LAST_LOOK: Final = AT - dt.timedelta(hours=6)
VARIANTS: Final = 60  # ways to stand in a state, for each year and kind
BLIND: Final = (LookOutcome.DENIED, LookOutcome.CHALLENGE, LookOutcome.SERVER_ERROR, LookOutcome.TRANSPORT_ERROR)
FILLED: Final = {"look": 999_000_001, "entry": 999_000_002, "capture": 999_000_003}  # numbers that stand for others
# Of a hundred agencies; before 2015 portals kept less, and of old years less is known.
MIX: Final = {
    State.ON_TIME: 74, State.LATE: 7, State.DATE_UNSURE: 5, State.MISSING: 4, State.UNKNOWN: 8, State.WITHDRAWN: 2,
}  # fmt: skip
OLD_MIX: Final = {
    State.ON_TIME: 52, State.LATE: 5, State.DATE_UNSURE: 16, State.MISSING: 5, State.UNKNOWN: 19, State.WITHDRAWN: 3,
}  # fmt: skip
PUBLISHED: Final = frozenset({State.ON_TIME, State.LATE, State.DATE_UNSURE, State.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Standing:
    """One way to stand. `details`: JSON text with %(name)s places; `first_seen` None where nothing was seen."""

    state: State
    since: dt.datetime
    due: dt.date | None
    first_seen: dt.datetime | None
    details: str


class Standings:
    """All ways to stand in the years that the rules know."""

    def __init__(self, deadlines: Deadlines, seed: int) -> None:
        self._deadlines = deadlines
        self._seed = seed
        self.of = cache(self._of)

    def _of(self, year: int, kind: AgencyKind, state: State, variant: int, blind: LookOutcome | None) -> Standing:
        """`blind`: how the newest looks at its portal failed; None: they saw."""
        agency = _agency(kind)
        rule = next((rule for rule in self._deadlines.rules if rule.applies_to(agency, year)), None)
        due = rule.due.of(year) if rule is not None and rule.due is not None else None
        chance = random.Random(f"{self._seed} {year} {kind} {state} {variant}")
        assessment = _assessment(year, state, due, rule.id if rule else "", chance, blind)
        text = json.dumps(assessment_json(assessment, agency, rule, AT))
        return Standing(assessment.state, assessment.since, assessment.due, assessment.first_seen, _with_places(text))


def fill(details: str, values: Mapping[str, Any]) -> str:
    """The text of one agency's own standing; `values`: a JSON text without quotes for every place."""
    return details % values


def _agency(kind: AgencyKind) -> Agency:
    """Of a county; the law's days are the same for provinces and cities."""
    return Agency.model_construct(
        id="",
        name="@name@",
        kind=kind,
        region_code="660101",
        region="@region@",
        supervisor="@supervisor@",
        invented=True,
    )


def _with_places(text: str) -> str:
    text = text.replace("%", "%%")
    for name in (
        "name",
        "region",
        "supervisor",
        "portal",
        "portal_name",
        "column",
        "column_name",
        "url",
        "sha256",
        "serial",
        "founded",
    ):
        text = text.replace(f"@{name}@", f"%({name})s")
    for name, number in FILLED.items():
        text = text.replace(str(number), f"%({name})s")
    return text


def _assessment(
    year: int, state: State, due: dt.date | None, rule: str, chance: random.Random, blind: LookOutcome | None
) -> Assessment:
    new_year = dt.datetime(year + 1, 1, 1, tzinfo=SHANGHAI)
    day = due or dt.date(year + 1, 3, 31)
    over = end_of(day)
    hours = dt.timedelta(hours=chance.randint(1, 20), minutes=chance.randint(0, 59))
    if state in (State.ON_TIME, State.WITHDRAWN):
        # The rush: most come in the last ten days.
        seen = over - dt.timedelta(days=min(int(chance.expovariate(1 / 9)) + 1, 80)) + hours
    else:
        seen = over + dt.timedelta(days=min(int(chance.expovariate(1 / 25)) + 1, 200)) + hours
    absent = seen - dt.timedelta(days=1)
    said: dict[str, Any] = {"agency_id": "", "year": year, "due": due, "rule_id": rule}
    match state:
        case State.ON_TIME | State.LATE | State.DATE_UNSURE | State.WITHDRAWN:
            return _published(state, said, seen, absent, chance, blind)
        case State.MISSING:
            proved = LAST_LOOK
            return Assessment(
                **said, state=state, reason="absent", since=over, parameters={"absent_at": iso_moment(proved)},
                last_absent=proved, evidence=Evidence(looks=(FILLED["look"],), columns=(_column(None, proved),)),
            )  # fmt: skip
        case State.UNKNOWN:
            proved = over - dt.timedelta(days=chance.randint(2, 90))
            reason, parameters = (
                ("stale", {"absent_at": iso_moment(proved)}) if blind is None else (f"blind_{blind}", {})
            )
            return Assessment(
                **said, state=state, reason=reason, since=proved if blind is None else over, parameters=parameters,
                last_absent=proved, evidence=Evidence(looks=(FILLED["look"],), columns=(_column(blind, proved),)),
            )  # fmt: skip
        case State.EXEMPT:
            return Assessment(
                **said, state=state, reason="founded_later", since=new_year,
                parameters={"founded_on": "@founded@"},
            )  # fmt: skip
        case _:
            return Assessment(
                **said, state=State.NOT_DUE, reason="no_national_day", since=new_year,
                evidence=Evidence(looks=(FILLED["look"],), columns=(_column(None, LAST_LOOK),)),
            )  # fmt: skip


def _published(
    state: State, said: Mapping[str, Any], seen: dt.datetime, absent: dt.datetime, chance: random.Random,
    blind: LookOutcome | None,
) -> Assessment:  # fmt: skip
    stated = (seen - dt.timedelta(days=chance.choice((0, 0, 0, 1, 2)))).date()
    due = said["due"]
    parameters = {"seen_at": iso_moment(seen)}
    interval = Interval(Bound(absent, looks=(FILLED["look"],)), Bound(seen, captures=(FILLED["capture"],)))
    known_absent: dt.datetime | None = absent
    basis: Any = ""
    since, publication = seen, state
    if state is State.ON_TIME:
        basis, reason = "seen", "seen_by_due" if due else "no_national_day"
    elif due is None:
        state = publication = State.ON_TIME
        basis, reason = "seen", "no_national_day"
    elif state is State.LATE:
        reason = "absence_proven"
        parameters["absent_at"] = iso_moment(absent)
        if absent < end_of(due):
            known_absent = end_of(due) + dt.timedelta(hours=3)
    elif state is State.DATE_UNSURE:
        reason, known_absent = "date_unsure", end_of(due) - dt.timedelta(days=chance.randint(3, 60))
    else:
        since = seen + dt.timedelta(days=chance.randint(40, 300))
        publication, reason, parameters = State.ON_TIME, "page_gone", {"gone_at": iso_moment(since)}
    address = f"@url@{stated:%Y%m}/t{stated:%Y%m%d}_@serial@.html"
    dates = (DateSource.LIST, DateSource.ADDRESS)
    return Assessment(
        **said,
        state=state,
        reason=reason,
        since=since,
        basis=basis,
        parameters={} if reason == "no_national_day" else parameters,
        publication=publication,
        first_seen=seen,
        last_absent=known_absent,
        interval=interval,
        evidence=Evidence(
            looks=(FILLED["look"],),
            captures=(FILLED["capture"],),
            entries=(FILLED["entry"],),
            contents=("@sha256@",),
            stated=tuple(DateEvidence(source, stated, stated.isoformat()) for source in dates),
            columns=(_column(blind, absent, found=True),),
            report_url=address,
        ),
    )


def _column(blind: LookOutcome | None, proved: dt.datetime, *, found: bool = False) -> ColumnSeen:
    sights = {
        LookOutcome.DENIED: Sight.DENIED,
        LookOutcome.CHALLENGE: Sight.CHALLENGE,
        LookOutcome.SERVER_ERROR: Sight.TRANSPORT_ERROR,
        LookOutcome.TRANSPORT_ERROR: Sight.TRANSPORT_ERROR,
        None: Sight.FOUND if found else Sight.LISTED_WITHOUT_YEAR,
    }
    return ColumnSeen(
        portal="@portal@",
        portal_name="@portal_name@",
        column="@column@",
        column_name="@column_name@",
        url="@url@",
        looked_at=LAST_LOOK,
        outcome=blind or LookOutcome.HEALTHY,
        proved_at=proved,
        sight=sights[blind],
        reason="" if blind is None else "模拟的故障",
    )
