"""The chain of conditions of monitor.checks.assessment as steps: what was asked, with which values, and what followed.

Pure. Asked are the same properties of the same case, in the same order, so the last step leads to the state that assess_case
gives; monitor.why.answer refuses to explain anything else, and tests/monitor/test_why.py evaluates the steps by themselves.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from monitor.checks.absence import blind_since
from monitor.checks.case import Case
from monitor.checks.entries import Presence, is_listed, known_since, title
from monitor.checks.exemption import exemption, last_day
from monitor.days import begin_of, day_of, iso_moment
from monitor.model import EntryFacts, State


class Conclusion(NamedTuple):
    """A state and its reason, as in an assessment."""

    state: State
    reason: str


@dataclass(frozen=True, slots=True)
class Step:
    """One condition. `key` with `held` is a text below `why_step`; `values` are JSON values as those of an assessment.

    `leads_to`: what is concluded from it; None: the next step is asked.
    """

    key: str
    held: bool
    values: Mapping[str, Any]
    leads_to: Conclusion | None


class _Chain:
    def __init__(self) -> None:
        self.steps: list[Step] = []

    def ask(
        self, key: str, held: bool, /, *, yes: Conclusion | None = None, no: Conclusion | None = None, **values: Any
    ) -> bool:
        """Asks one question and says whether it held; `yes` and `no` are concluded from it."""
        self.steps.append(Step(key, held, values, yes if held else no))
        return held

    @property
    def conclusion(self) -> Conclusion | None:
        return self.steps[-1].leads_to if self.steps else None


def steps(case: Case) -> tuple[Step, ...]:
    """The conditions in the order in which they were asked; only the last one that is asked decides."""
    chain = _Chain()
    if _owes(chain, case):
        _by_the_day(chain, case)
        if case.sightings:
            _standing(chain, case)
    return tuple(chain.steps)


def publication_steps(case: Case) -> tuple[Step, ...]:
    """The same for the day of publication alone, as if a report that was seen still stood there."""
    chain = _Chain()
    _by_the_day(chain, case)
    return tuple(chain.steps)


def _owes(chain: _Chain, case: Case) -> bool:
    agency, year_end = case.facts.agency, dt.date(case.year, 12, 31)
    free = exemption(agency, case.facts.successors, case.year, case.due)
    exempt = None if free is None else Conclusion(State.EXEMPT, free.reason)
    founded, last = agency.valid_from, last_day(agency, case.facts.successors)
    if founded is not None and not chain.ask(
        "founded", founded <= year_end, no=exempt, founded_on=founded.isoformat(), year_end_on=year_end.isoformat()
    ):
        return False
    needed = case.due or year_end
    return last is None or chain.ask(
        "existed", last >= needed, no=exempt, ended_on=last.isoformat(), needed_on=needed.isoformat()
    )


def _by_the_day(chain: _Chain, case: Case) -> None:
    if chain.ask("filed", bool(case.sightings), count=len(case.sightings), year=case.year):
        _published(chain, case)
    else:
        _unpublished(chain, case)


def _unpublished(chain: _Chain, case: Case) -> None:
    columns, due, overdue_from = case.facts.columns, case.due, case.overdue_from
    if not chain.ask("rule", case.rule is not None, no=Conclusion(State.NOT_DUE, "no_rule"), year=case.year):
        return
    if not chain.ask("columns", bool(columns), no=Conclusion(State.UNKNOWN, "no_column"), count=len(columns)):
        return
    if due is None or overdue_from is None:
        chain.ask("no_day", True, yes=Conclusion(State.NOT_DUE, "no_national_day"))
        return
    now_at = iso_moment(case.at)
    if not chain.ask("overdue", case.at >= overdue_from, now_at=now_at, overdue_at=iso_moment(overdue_from)):
        soon_from = begin_of(due - dt.timedelta(days=case.evidence.due_soon_days))
        chain.ask(
            "soon",
            case.at >= soon_from,
            yes=Conclusion(State.DUE_SOON, "before_due"),
            no=Conclusion(State.NOT_DUE, "before_due"),
            now_at=now_at,
            soon_at=iso_moment(soon_from),
            days=case.evidence.due_soon_days,
        )
        return
    if not _undecided(chain, "undecided", case.candidates):
        _overdue(chain, case, overdue_from)


def _overdue(chain: _Chain, case: Case, overdue_from: dt.datetime) -> None:
    absence, rules = case.absence_overdue, case.evidence
    until = absence.until
    unseen = [proof.column for proof in absence.proofs if not proof.looks]
    if not chain.ask("seen_well", until is not None, count=len(absence.proofs), unseen=len(unseen)) or until is None:
        _blind(chain, case, overdue_from)
        return
    age = (day_of(case.at) - day_of(until)).days
    absent_at = iso_moment(until)
    if not chain.ask(
        "fresh",
        age <= case.longest_unverified,
        no=Conclusion(State.UNKNOWN, "stale"),
        days=age,
        allowed=case.longest_unverified,
        absent_at=absent_at,
    ):
        return
    if not chain.ask(
        "enough_days",
        absence.days >= rules.absence_looks,
        no=Conclusion(State.UNKNOWN, "awaiting_second_look"),
        days=absence.days,
        needed=rules.absence_looks,
    ):
        return
    failing = [column for column in case.facts.columns if blind_since(column) is not None]
    chain.ask(
        "newest_saw",
        not failing,
        yes=Conclusion(State.MISSING, "absent"),
        no=Conclusion(State.UNKNOWN, "unverified"),
        count=len(failing),
        absent_at=absent_at,
    )


def _blind(chain: _Chain, case: Case, overdue_from: dt.datetime) -> None:
    """Why a column was never seen well since the due day: by the one that fails longest."""
    unseen = [proof.column for proof in case.absence_overdue.proofs if not proof.looks]
    failing = [(first.at, first.id, column) for column in unseen if (first := blind_since(column)) is not None]
    if chain.ask("failing", bool(failing), count=len(unseen)):
        since, _, column = min(failing, key=lambda found: found[:2])
        outcome = column.looks[-1].outcome
        chain.ask(
            "fails_since",
            True,
            yes=Conclusion(State.UNKNOWN, f"blind_{outcome.value}"),
            column=f"{column.portal_name} {column.column_name}",
            since_at=iso_moment(since),
            outcome=outcome.value,
        )
        return
    if case.absence_overdue.apart:
        chain.ask("apart", True, yes=Conclusion(State.UNKNOWN, "seen_apart"), count=len(case.facts.columns))
        return
    waited = (day_of(case.at) - day_of(overdue_from)).days
    chain.ask(
        "waited",
        waited >= case.evidence.stale_after_days,
        yes=Conclusion(State.UNKNOWN, "never_looked"),
        no=Conclusion(State.UNKNOWN, "not_looked_yet"),
        days=waited,
        needed=case.evidence.stale_after_days,
    )


def _published(chain: _Chain, case: Case) -> None:
    overdue_from, due, first_seen = case.overdue_from, case.due, case.first_seen
    if not chain.ask("rule", case.rule is not None, no=Conclusion(State.ON_TIME, "no_rule"), year=case.year):
        return
    if overdue_from is None or due is None or first_seen is None:
        chain.ask("no_day", True, yes=Conclusion(State.ON_TIME, "no_national_day"))
        return
    if chain.ask(
        "seen_by_due",
        first_seen < overdue_from,
        yes=Conclusion(State.ON_TIME, "seen_by_due"),
        overdue_at=iso_moment(overdue_from),
        seen_at=iso_moment(first_seen),
    ):
        return
    if _is_late(chain, case, due):
        earlier = tuple(entry for entry in case.candidates if known_since(entry) < first_seen)
        if not _undecided(chain, "undecided_before", earlier):
            _reimported(chain, case, otherwise=Conclusion(State.LATE, "absence_proven"))
    elif not _claims_are_believable(chain, case, due):
        _reimported(chain, case, otherwise=Conclusion(State.DATE_UNSURE, "date_unsure"))


def _is_late(chain: _Chain, case: Case, due: dt.date) -> bool:
    days, needed = case.absence_overdue.days, case.evidence.absence_looks
    if chain.ask("absent_on_days", days >= needed, days=days, needed=needed):
        return True
    by_due = [day for day in case.claimed_days if day <= due]
    if not chain.ask("absent_once", days >= 1, days=days):
        return False
    return not chain.ask("claims_by_due", bool(by_due), count=len(by_due), due_on=due.isoformat())


def _claims_are_believable(chain: _Chain, case: Case, due: dt.date) -> bool:
    claimed, until = case.claimed_days, case.absence.until
    if not chain.ask("claims", bool(claimed), count=len(claimed)):
        return False
    last_on = claimed[-1].isoformat()
    if not chain.ask("all_by_due", claimed[-1] <= due, due_on=due.isoformat(), last_on=last_on):
        return False
    days = case.absence_overdue.days
    if not chain.ask("no_look_against", days == 0, days=days):
        return False
    contradicted = until is not None and claimed[-1] < day_of(until)
    return chain.ask(
        "not_contradicted",
        not contradicted,
        yes=Conclusion(State.ON_TIME, "dates_by_due"),
        last_on=last_on,
        absent_at=None if until is None else iso_moment(until),
    )


def _reimported(chain: _Chain, case: Case, otherwise: Conclusion) -> None:
    """Whether it came with many old reports; what follows if it did not."""
    unsure = Conclusion(State.DATE_UNSURE, "reimported")
    chain.ask("reimported", case.reimported, yes=unsure, no=otherwise, seen_at=iso_moment(case.sightings[0].first_seen))


def _undecided(chain: _Chain, key: str, entries: tuple[EntryFacts, ...]) -> bool:
    named = title(entries[0]) or entries[0].url if entries else ""
    return chain.ask(
        key, bool(entries), yes=Conclusion(State.UNKNOWN, "unread_candidate"), count=len(entries), title=named
    )


def _standing(chain: _Chain, case: Case) -> None:
    """Whether the report is still there; the verdict on its publication stands unless it is not."""
    verdict = chain.conclusion
    found = [case.presence(seen.entry) for seen in case.sightings]
    standing = sum(presence is Presence.STANDING for presence, _ in found)
    if not chain.ask("gone", standing == 0, no=verdict, count=len(found), standing=standing):
        return
    listed = tuple(entry for entry in case.candidates if is_listed(entry, case.at))
    if not _undecided(chain, "moved", listed):
        once = sum(presence is Presence.GONE_ONCE for presence, _ in found)
        chain.ask(
            "gone_on_days",
            once == 0,
            yes=Conclusion(State.WITHDRAWN, "page_gone"),
            no=Conclusion(State.UNKNOWN, "awaiting_second_look"),
            count=once,
            needed=case.evidence.absence_looks,
        )
