"""The state of one agency for one report year: a pure function of facts, rules and a moment.

A wrong "late" or "missing" is a public accusation. So both need healthy looks at every column of the agency, after the
due day, on several days; a date that the agency states never makes it late (a moved page gets a new date); and
whatever is open (an unread page, a portal that does not answer) makes the state unknown, with the reason.

    founded after the year, ended before the due day ............... exempt, whatever was seen (by the registry)
    seen by the due day ............................................ on_time (seen)
    seen later, all its dates by the due day, no look against ...... on_time (claimed)
    seen later, absence proven after the due day ................... late
    seen later, among many old reports of one day .................. date_unsure: reimported
    seen later, neither ............................................ date_unsure
    not seen, before the due day is over ........................... not_due, due_soon
    not seen, absence proven on enough days, and by the newest look  missing
    not seen, otherwise ............................................ unknown: why
    seen, then gone from list and site on enough days .............. withdrawn

The due day is the law's; where the law names none and the supervising office does, it is that office's, and that is said.
Where both name one, the state is by the law's, and the same judging against the other day stands beside it (`local`).

Long, because the branches of one decision are read against each other.
"""

import datetime as dt
from dataclasses import replace
from typing import Any, Literal

from config.deadlines import Deadlines
from config.visits import VisitRules
from crawler.model import LookOutcome
from monitor.checks.absence import Proof, blind_since
from monitor.checks.case import Case, case_of
from monitor.checks.entries import (
    Presence,
    is_filed,
    is_listed,
    known_since,
    left_with_the_site,
    newest_contents,
    pages,
    reading_of,
    title,
)
from monitor.checks.exemption import Exemption, exemption
from monitor.checks.sight import sight
from monitor.days import begin_of, day_of, iso_moment
from monitor.model import AgencyFacts, Assessment, ColumnSeen, EntryFacts, Evidence, LocalVerdict, Note, State


def assess(
    facts: AgencyFacts, year: int, deadlines: Deadlines, at: dt.datetime, visits: VisitRules | None = None
) -> Assessment:
    """The state at the moment `at`; facts that are later than it are not looked at. `visits` None: daily visits."""
    return assess_case(case_of(facts, year, deadlines, at, visits))


def assess_case(case: Case) -> Assessment:
    free = exemption(case.facts.agency, case.facts.successors, case.year, case.due)
    if free is not None:
        return _exempt(case, free)
    judged = _by_the_day(case)
    answer = judged
    if case.sightings:
        answer = _withdrawn(case, replace(judged, publication=judged.state, notes=_notes(case)))
    local = _local_verdict(case, judged)
    if local is None:
        return answer
    return replace(answer, local=local, notes=(_local_note(case, local), *answer.notes))


def _exempt(case: Case, free: Exemption) -> Assessment:
    """Rests on the registry and not on looks, so none is named; a report that was seen all the same is."""
    answer = _say(case, State.EXEMPT, free.reason, _new_year(case), **free.parameters)
    seen_at = case.first_seen
    return replace(
        answer,
        last_absent=None,
        evidence=replace(answer.evidence, looks=(), columns=()),
        notes=() if seen_at is None else (Note("published_all_the_same", {"seen_at": iso_moment(seen_at)}),),
    )


def _local_verdict(case: Case, judged: Assessment) -> LocalVerdict | None:
    """The same judging against the supervising office's day; `judged`: by the day that decides the state."""
    rule = case.local_rule
    if rule is None:
        return None
    answer = judged if case.deciding is rule else _by_the_day(case.by_local_day())
    return LocalVerdict(
        rule_id=rule.id,
        due=rule.due.of(case.year),
        state=answer.state,
        reason=answer.reason,
        citation_zh=rule.citation_zh,
        citation_en=rule.citation_en,
        parameters=answer.parameters,
    )


def _local_note(case: Case, local: LocalVerdict) -> Note:
    """Whose day it is, and how the report stands against it."""
    day = {"due_on": _day(local.due), "citation": {"zh": local.citation_zh, "en": local.citation_en}}
    if case.deciding is case.local_rule:
        return Note("local_decides", day)
    match local.state:
        case State.NOT_DUE | State.DUE_SOON:
            return Note("local_ahead", day)
        case State.ON_TIME:
            return Note("local_kept", day)
        case State.LATE:
            return Note("local_late", day)
        case State.MISSING:
            return Note("local_missing", day)
        case _:
            return Note("local_unsure", day)


def _by_the_day(case: Case) -> Assessment:
    """The state by the day that decides, as if a report that was seen still stood there."""
    return _published(case) if case.sightings else _unpublished(case)


def _unpublished(case: Case) -> Assessment:
    """Nothing was filed as this report."""
    due, overdue_from = case.due, case.overdue_from
    if case.rule is None:
        return _say(case, State.NOT_DUE, "no_rule", _new_year(case))
    if not case.facts.columns:
        return _say(case, State.UNKNOWN, "no_column", _new_year(case))
    if due is None or overdue_from is None:
        return _say(case, State.NOT_DUE, "no_national_day", _new_year(case))
    if case.at < overdue_from:
        soon_from = begin_of(due - dt.timedelta(days=case.evidence.due_soon_days))
        if case.at >= soon_from:
            return _say(case, State.DUE_SOON, "before_due", soon_from, due_on=_day(due))
        return _say(case, State.NOT_DUE, "before_due", _new_year(case), due_on=_day(due))
    if case.candidates:
        return _unread(case, case.candidates[0], overdue_from)
    return _overdue(case, overdue_from)


def _new_year(case: Case) -> dt.datetime:
    """When the report year is over."""
    return begin_of(dt.date(case.year + 1, 1, 1))


def _overdue(case: Case, overdue_from: dt.datetime) -> Assessment:
    """The due day is over and nothing was seen: how well is it known that nothing is there?"""
    absence = case.absence_overdue
    until = absence.until
    if until is None:
        return _blind(case, overdue_from)
    if (day_of(case.at) - day_of(until)).days > case.longest_unverified:
        return _say(case, State.UNKNOWN, "stale", until, absent_at=iso_moment(until))
    if absence.days < case.evidence.absence_looks:
        return _say(case, State.UNKNOWN, "awaiting_second_look", until, looked_at=iso_moment(until))
    if any(blind_since(column) is not None for column in case.facts.columns):
        return _say(case, State.UNKNOWN, "unverified", until, absent_at=iso_moment(until))  # it may have come since
    return _say(case, State.MISSING, "absent", overdue_from, absent_at=iso_moment(until))


def _blind(case: Case, overdue_from: dt.datetime) -> Assessment:
    """At least one column was never seen well since the due day: the one that fails longest gives the reason."""
    unseen = [proof.column for proof in case.absence_overdue.proofs if not proof.looks]
    failing = [look for look in map(blind_since, unseen) if look is not None]
    if failing:
        first = min(failing, key=lambda look: (look.at, look.id))
        column = next(column for column in unseen if first in column.looks)
        newest = column.looks[-1]
        return _say(case, State.UNKNOWN, f"blind_{newest.outcome.value}", first.at)
    if case.absence_overdue.apart:
        return _say(case, State.UNKNOWN, "seen_apart", overdue_from)
    waited = (day_of(case.at) - day_of(overdue_from)).days
    reason = "never_looked" if waited >= case.evidence.stale_after_days else "not_looked_yet"
    return _say(case, State.UNKNOWN, reason, overdue_from)


def _unread(case: Case, entry: EntryFacts, not_before: dt.datetime) -> Assessment:
    since = max(known_since(entry), not_before)
    answer = _say(case, State.UNKNOWN, "unread_candidate", since, title=title(entry) or entry.url, url=entry.url)
    evidence = replace(answer.evidence, entries=(*answer.evidence.entries, entry.id))
    return replace(answer, evidence=evidence)


def _published(case: Case) -> Assessment:
    """It was seen: was that by the due day, or can it be known to have been published by then, or after it?"""
    seen_at = case.sightings[0].first_seen
    overdue_from = case.overdue_from
    if overdue_from is None:
        reason = "no_rule" if case.rule is None else "no_national_day"
        return _say(case, State.ON_TIME, reason, seen_at, basis="seen")
    if seen_at < overdue_from:
        return _say(case, State.ON_TIME, "seen_by_due", seen_at, basis="seen", seen_at=iso_moment(seen_at))
    if _is_late(case):
        earlier = [entry for entry in case.candidates if known_since(entry) < seen_at]
        if earlier:
            return _unread(case, earlier[0], overdue_from)
        if case.reimported:
            return _say(case, State.DATE_UNSURE, "reimported", seen_at, seen_at=iso_moment(seen_at))
        until = case.absence_overdue.until or seen_at
        return _say(
            case, State.LATE, "absence_proven", seen_at, seen_at=iso_moment(seen_at), absent_at=iso_moment(until)
        )
    if _claims_are_believable(case):
        return _say(case, State.ON_TIME, "dates_by_due", seen_at, basis="claimed", seen_at=iso_moment(seen_at))
    if case.reimported:
        return _say(case, State.DATE_UNSURE, "reimported", seen_at, seen_at=iso_moment(seen_at))
    return _say(case, State.DATE_UNSURE, "date_unsure", seen_at, seen_at=iso_moment(seen_at))


def _is_late(case: Case) -> bool:
    """Whether looks after the due day prove that it was not there yet.

    One day of looks is enough only if the agency itself does not say that it published by the due day.
    """
    days = case.absence_overdue.days
    says_by_due = any(case.due is not None and day <= case.due for day in case.claimed_days)
    return days >= case.evidence.absence_looks or (days >= 1 and not says_by_due)


def _claims_are_believable(case: Case) -> bool:
    """Whether the agency states a day, every day that it states is by the due day, and no look speaks against it."""
    if not case.claimed_days or case.due is None or case.claimed_days[-1] > case.due:
        return False
    return case.absence_overdue.days == 0 and not _contradicted(case)


def _contradicted(case: Case) -> bool:
    """Whether looks prove that it was not there yet on a day after the last one stated."""
    until = case.absence.until
    return bool(case.claimed_days) and until is not None and case.claimed_days[-1] < day_of(until)


def _withdrawn(case: Case, published: Assessment) -> Assessment:
    """Takes the state over unless every entry of the report is gone, from its list and from the site."""
    found = [case.presence(seen.entry) for seen in case.sightings]
    since = max((moment for _, moment in found if moment is not None), default=None)
    if since is None or any(presence is Presence.STANDING for presence, _ in found):
        return published
    moved = [entry for entry in case.candidates if is_listed(entry, case.at)]
    if moved:
        answer = _unread(case, moved[0], since)
    elif any(presence is Presence.GONE_ONCE for presence, _ in found):
        answer = _say(case, State.UNKNOWN, "awaiting_second_look", since, looked_at=iso_moment(since))
    else:
        answer = _say(case, State.WITHDRAWN, "page_gone", since, gone_at=iso_moment(since))
    return replace(answer, publication=published.publication, notes=published.notes, basis=published.basis)


def _notes(case: Case) -> tuple[Note, ...]:
    """What has to be said beside the state and does not change it."""
    notes = []
    claimed, until = case.claimed_days, case.absence.until
    if len(claimed) > 1:
        notes.append(Note("stated_dates_conflict", {"first_on": _day(claimed[0]), "last_on": _day(claimed[-1])}))
    if until is not None and _contradicted(case):
        contradicted = {"stated_on": _day(claimed[-1]), "absent_at": iso_moment(until)}
        if any(date.source.is_own_word for date in case.stated):
            notes.append(Note("stated_date_contradicts_look", contradicted))
        else:
            notes.append(Note("other_date_contradicts_look", contradicted))
    if claimed and case.due is not None and claimed[0] > case.due:
        notes.append(Note("stated_after_due", {"stated_on": _day(claimed[0])}))
    if case.standing:
        notes += _page_notes(case, case.standing[0].entry)
    if any(left_with_the_site(seen.entry, case.evidence) for seen in case.sightings):
        notes.append(Note("left_with_others"))
    elif len(case.standing) < len(case.sightings) and case.standing:
        notes.append(Note("other_address"))
    return tuple(notes)


def _page_notes(case: Case, entry: EntryFacts) -> list[Note]:
    notes = []
    page = pages(entry)
    answers = bool(page) and page[-1].outcome is LookOutcome.HEALTHY
    if page and not answers:
        notes.append(Note("page_failing", {"outcome": page[-1].outcome.value}))
    if answers and entry.changes and entry.changes[-1].kind == "gone":
        notes.append(Note("unlisted"))
    readings = [reading_of(entry, c) for c in newest_contents(entry).values() if c is not None]
    if readings and not any(r is None or is_filed(r, case.facts.agency.id, case.year) for r in readings):
        notes.append(Note("other_content"))
    return notes


def _say(
    case: Case,
    state: State,
    reason: str,
    since: dt.datetime,
    *,
    basis: Literal["seen", "claimed", ""] = "",
    **parameters: Any,
) -> Assessment:
    return Assessment(
        agency_id=case.facts.agency.id,
        year=case.year,
        state=state,
        reason=reason,
        since=since,
        due=case.due,
        rule_id=case.deciding.id if case.deciding is not None else "",
        basis=basis,
        parameters=parameters,
        first_seen=case.first_seen,
        last_absent=case.absence.until,
        interval=case.interval,
        evidence=_evidence(case),
    )


def _evidence(case: Case) -> Evidence:
    newest = {column.looks[-1].id for column in case.facts.columns if column.looks}
    absence = case.absence if case.overdue_from is None else case.absence_overdue
    standing = case.standing or case.sightings
    return Evidence(
        looks=tuple(sorted(newest | set(absence.looks))),
        captures=tuple(sorted({id_ for seen in case.sightings for id_ in (seen.capture.id, _newest_page(seen.entry))})),
        entries=tuple(seen.entry.id for seen in case.sightings),
        contents=tuple(sorted({sha256 for seen in standing for sha256 in _contents(seen.entry)})),
        stated=case.stated,
        columns=tuple(_column_seen(case, proof) for proof in case.absence.proofs),
        report_url=standing[0].entry.url if standing else "",
    )


def _contents(entry: EntryFacts) -> list[str]:
    return [c.sha256 for c in newest_contents(entry).values() if c is not None and c.sha256 is not None]


def _newest_page(entry: EntryFacts) -> int:
    return (pages(entry) or entry.captures)[-1].id


def _column_seen(case: Case, proof: Proof) -> ColumnSeen:
    column = proof.column
    newest = column.looks[-1] if column.looks else None
    return ColumnSeen(
        portal=column.portal,
        portal_name=column.portal_name,
        column=column.column,
        column_name=column.column_name,
        url=column.url,
        looked_at=newest.at if newest else None,
        outcome=newest.outcome if newest else None,
        proved_at=proof.until,
        sight=sight(column, newest, (*(seen.entry for seen in case.sightings), *case.candidates)) if newest else None,
        reason=newest.reason if newest else "",
    )


def _day(day: dt.date) -> str:
    return day.isoformat()
