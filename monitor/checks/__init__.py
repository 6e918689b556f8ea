"""The checks: each looks at one judged case and says what is wrong and what is no longer. All are pure.

A new check is one module with a `check` function and one line in CHECKS. What is said of a portal and of no agency
(monitor.checks.portal) is not among them: monitor.judging.evaluate runs it once.
"""

from collections.abc import Callable
from dataclasses import dataclass

from monitor.checks import arithmetic, attachment, backdating, carry_over, copied, deadline, narrative, revision
from monitor.checks.case import Judged
from monitor.model import Verdicts


@dataclass(frozen=True, slots=True)
class Check:
    """`name` stands in the docs; `kinds` are the kinds of finding that it makes."""

    name: str
    kinds: tuple[str, ...]
    run: Callable[[Judged], Verdicts]


CHECKS: tuple[Check, ...] = (
    Check("deadline", ("missing", "late", "withdrawn", "local_late"), deadline.check),
    Check("revision", ("changed", "revised"), revision.check),
    Check("arithmetic", ("arithmetic",), arithmetic.check),
    Check("narrative", ("narrative",), narrative.check),
    Check("carry_over", ("carry_over",), carry_over.check),
    Check("attachment", ("attachment",), attachment.check),
    Check("copied", ("copied",), copied.check),
    Check("backdating", ("backdated",), backdating.check),
)
