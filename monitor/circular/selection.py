"""From judgements to a `Circular`: who stands in which section, and how many there are of each. Pure.

Counted against somebody is only what is certain: late, missing, withdrawn. What could not be seen or told (unknown, date
unsure) and who owes nothing (exempt, not due, no day in the law) are groups of their own. Each agency is counted once, by
the day of the law; who missed the supervising office's own day only is listed apart.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from config.deadlines import DeadlineRule, LocalRule
from monitor.circular.model import Asked, Basis, Case, Circular, Found, Group, Item, Judgement, Seals
from monitor.days import end_of
from monitor.model import State

# The findings about changes after publication; any other kind, also one that is not made yet, is a matter of data.
CHANGES = ("changed", "revised")
OF_STATE = {
    State.ON_TIME: Group.ON_TIME,
    State.LATE: Group.LATE,
    State.MISSING: Group.MISSING,
    State.WITHDRAWN: Group.WITHDRAWN,
    State.DATE_UNSURE: Group.DATE_UNSURE,
    State.NOT_DUE: Group.NOT_DUE,
    State.DUE_SOON: Group.NOT_DUE,
    State.EXEMPT: Group.EXEMPT,
}
UNSURE = (State.UNKNOWN, State.DATE_UNSURE)


def select(
    judgements: Sequence[Judgement],
    asked: Asked,
    *,
    extractor: str,
    version: str,
    seals: Seals | None = None,
    simulated: bool = False,
) -> Circular:
    """The circular of these agencies, which are in the order in which they are to be listed."""
    cases = tuple(Case(one, group_of(one, asked)) for one in judgements)
    items = [Item(case, found) for case in cases for found in case.judgement.findings]
    standing = [item for item in items if item.found.confirmed]
    return Circular(
        asked=asked,
        cases=cases,
        bases=bases(judgements, asked.year),
        missing=_of(cases, Group.MISSING),
        late=_of(cases, Group.LATE),
        local_missing=tuple(case for case in cases if missed_only_locally(case, State.MISSING)),
        local_late=tuple(case for case in cases if missed_only_locally(case, State.LATE)),
        withdrawn=tuple(case for case in cases if _state(case) is State.WITHDRAWN),
        changed=tuple(item for item in standing if item.found.kind in CHANGES),
        data=tuple(item for item in standing if item.found.kind not in CHANGES),
        unverified=tuple(case for case in cases if is_unverified(case)),
        unconfirmed=tuple(item for item in items if not item.found.confirmed),
        extractor=extractor,
        version=version,
        seals=seals,
        simulated=simulated,
        counts=Counter(case.group for case in cases),
    )


def group_of(judgement: Judgement, asked: Asked) -> Group:
    """Where the agency is counted. Unknown counts only once its due day is over."""
    assessment = judgement.assessment
    if assessment is None:
        return Group.UNJUDGED
    if assessment.state is State.EXEMPT:
        return Group.EXEMPT
    if assessment.due is None or assessment.is_by_local_day:
        return Group.NO_DAY
    if assessment.state is State.UNKNOWN:
        return Group.NOT_DUE if asked.at < end_of(assessment.due) else Group.UNKNOWN
    return OF_STATE[assessment.state]


def missed_only_locally(case: Case, state: State) -> bool:
    """Whether only the supervising office's own day was missed for certain, in this way; else the law's list has it."""
    has_own_list = case.group in (Group.LATE, Group.MISSING, Group.EXEMPT)
    return case.local is not None and case.local.state is state and not has_own_list


def is_unverified(case: Case) -> bool:
    """Whether nothing can be said though a day is over: that of the law, or the local one where that decides."""
    assessment = case.judgement.assessment
    if case.group in (Group.UNKNOWN, Group.DATE_UNSURE):
        return True
    return assessment is not None and assessment.is_by_local_day and assessment.state in UNSURE


def bases(judgements: Iterable[Judgement], year: int) -> tuple[Basis, ...]:
    """The rules that apply to somebody in scope, the law's first, each with how many agencies it applies to."""
    national: dict[str, tuple[DeadlineRule, int]] = {}
    local: dict[str, tuple[LocalRule, int]] = {}
    for one in judgements:
        if one.rule is not None:
            national[one.rule.id] = one.rule, national.get(one.rule.id, (one.rule, 0))[1] + 1
        if one.local_rule is not None:
            local[one.local_rule.id] = one.local_rule, local.get(one.local_rule.id, (one.local_rule, 0))[1] + 1
    return (
        *(Basis(rule, rule.due.of(year) if rule.due else None, False, count) for rule, count in national.values()),
        *(Basis(rule, rule.due.of(year), True, count) for rule, count in local.values()),
    )


def findings_of(case: Case) -> tuple[Found, ...]:
    """The findings that stand for certain."""
    return tuple(found for found in case.judgement.findings if found.confirmed)


def _of(cases: Sequence[Case], group: Group) -> tuple[Case, ...]:
    return tuple(case for case in cases if case.group is group)


def _state(case: Case) -> State | None:
    return case.judgement.assessment.state if case.judgement.assessment else None
