"""Check: the report came late, is missing, or was withdrawn; or the supervising office's own day was missed. Pure.

`missing` ends as soon as the state is another one; where only the newest look could not see (`unverified`) it is not said,
and not over either, so that nobody hears of it twice. `late` and `withdrawn` stay while the verdict on the day of
publication, or the disappearance, stands.

`local_late` is a day of the supervising office that was missed, beside the law's own. It has the same proof: its details
say `missing` or `late`, one finding each. That one was missing ends when the report is seen or the day is another one;
not being able to look is no reason to end it. Where the law names no day, the local one decides the state itself.
"""

from collections.abc import Iterator
from typing import Any, Literal

from monitor.checks.case import Case, Judged
from monitor.model import Assessment, Finding, LocalVerdict, State, Verdicts

Kind = Literal["missing", "late", "withdrawn"]
MISSED = (State.MISSING, State.LATE)
AHEAD = (State.NOT_DUE, State.DUE_SOON)


def check(judged: Judged) -> Verdicts:
    assessment = judged.assessment
    stands: dict[Kind, bool] = {
        "missing": assessment.state is State.MISSING,
        "late": assessment.publication is State.LATE,
        "withdrawn": assessment.state is State.WITHDRAWN,
    }
    agency_id, year = assessment.agency_id, assessment.year
    return Verdicts(
        standing=(
            *(Finding(f"{kind}:{agency_id}:{year}", kind, agency_id, year, {}) for kind, yes in stands.items() if yes),
            *_local(judged),
        ),
        over=frozenset(
            f"{kind}:{agency_id}:{year}"
            for kind, yes in stands.items()
            if not yes and not (kind == "missing" and assessment.reason == "unverified")
        ).union(local_key(assessment, state) for state in MISSED if _is_over(assessment, state)),
    )


def local_key(assessment: Assessment, state: State) -> str:
    """The key of the finding that the local day was missed; `state`: MISSING or LATE."""
    return f"local_late:{assessment.agency_id}:{assessment.year}:{state.value}"


def beside_the_law(assessment: Assessment) -> LocalVerdict | None:
    """The verdict by a local day that does not decide the state."""
    return None if assessment.is_by_local_day else assessment.local


def _local(judged: Judged) -> Iterator[Finding]:
    assessment = judged.assessment
    local = beside_the_law(assessment)
    if local is not None and local.state in MISSED:
        key = local_key(assessment, local.state)
        yield Finding(
            key, "local_late", assessment.agency_id, assessment.year, _details(judged.case, local, assessment)
        )


def _is_over(assessment: Assessment, state: State) -> bool:
    local = beside_the_law(assessment)
    if local is None or local.state in AHEAD:
        return True
    if local.state is state:
        return False
    return state is State.LATE or assessment.first_seen is not None


def _details(case: Case, local: LocalVerdict, assessment: Assessment) -> dict[str, Any]:
    """Whose day was missed and how that is known, and how the report stands against the day of the law."""
    law = case.rule
    published = assessment.publication or assessment.state
    return {
        "rule": local.rule_id,
        "due_on": local.due.isoformat(),
        "citation": {"zh": local.citation_zh, "en": local.citation_en},
        "state": local.state.value,
        "reason": local.reason,
        "parameters": dict(local.parameters),
        "law": {
            "rule": assessment.rule_id,
            "due_on": None if assessment.due is None else assessment.due.isoformat(),
            "citation": None if law is None else {"zh": law.citation_zh, "en": law.citation_en},
            "state": published.value,
        },
        "url": assessment.evidence.report_url,
    }
