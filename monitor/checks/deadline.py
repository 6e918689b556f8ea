"""Check: the report came late, is missing, or was withdrawn. Pure: reads the assessment, adds nothing to it.

`missing` ends as soon as the state is another one; where only the newest look could not see (`unverified`) it is not said,
and not over either, so that nobody hears of it twice. `late` and `withdrawn` stay while the verdict on the day of
publication, or the disappearance, stands.
"""

from typing import Literal

from monitor.checks.case import Judged
from monitor.model import Finding, State, Verdicts

Kind = Literal["missing", "late", "withdrawn"]


def check(judged: Judged) -> Verdicts:
    assessment = judged.assessment
    stands: dict[Kind, bool] = {
        "missing": assessment.state is State.MISSING,
        "late": assessment.publication is State.LATE,
        "withdrawn": assessment.state is State.WITHDRAWN,
    }
    agency_id, year = assessment.agency_id, assessment.year
    return Verdicts(
        standing=tuple(
            Finding(f"{kind}:{agency_id}:{year}", kind, agency_id, year, {}) for kind, yes in stands.items() if yes
        ),
        over=frozenset(
            f"{kind}:{agency_id}:{year}"
            for kind, yes in stands.items()
            if not yes and not (kind == "missing" and assessment.reason == "unverified")
        ),
    )
