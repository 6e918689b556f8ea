"""From judgements to a `Circular`: who stands in which section, and how many there are of each. Pure.

Counted against somebody is only what is certain: late, missing, withdrawn. What could not be seen or told (unknown, date
unsure) and who owes nothing (exempt, not due, no day in the law) are groups of their own. Each agency is counted once.
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
ACCUSED = (State.LATE, State.MISSING)


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
        local_late=tuple(case for case in cases if is_local_late(case)),
        withdrawn=_of(cases, Group.WITHDRAWN),
        changed=tuple(item for item in standing if item.found.kind in CHANGES),
        data=tuple(item for item in standing if item.found.kind not in CHANGES),
        unverified=_of(cases, Group.UNKNOWN, Group.DATE_UNSURE),
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
    if assessment.due is None:
        return Group.NO_DAY
    if assessment.state is State.UNKNOWN:
        return Group.NOT_DUE if asked.at < end_of(assessment.due) else Group.UNKNOWN
    return OF_STATE[assessment.state]


def is_local_late(case: Case) -> bool:
    """Whether only the supervising office's own day was missed for certain; who missed the law's is listed for that."""
    assessment = case.judgement.assessment
    if assessment is None or assessment.local is None or case.group in (Group.LATE, Group.MISSING, Group.EXEMPT):
        return False
    return assessment.local.state in ACCUSED


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


def _of(cases: Sequence[Case], *groups: Group) -> tuple[Case, ...]:
    return tuple(case for case in cases if case.group in groups)
