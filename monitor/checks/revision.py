"""Check: a report was changed after its publication. Pure: changes in, findings out.

`changed` are its numbers; `revised` its words, a file of it, or its address. What weighs nothing by the rules
(config/changes.yml) is recorded and is no finding. A change stays a fact: its finding is never over, and there is one for
each pair of contents; of a page that shows two contents in turn there is one for all its turns.
"""

from collections.abc import Iterator

from config.changes import ChangeKind
from monitor.checks.case import Judged
from monitor.model import Finding, ReportChange, Verdicts

_WORDS = (ChangeKind.TEXT, ChangeKind.ATTACHMENT, ChangeKind.MOVED)


def check(judged: Judged) -> Verdicts:
    return Verdicts(standing=tuple(_findings(judged.changes)))


def _findings(changes: tuple[ReportChange, ...]) -> Iterator[Finding]:
    for change in changes:
        kind = _kind_of(change)
        if kind and change.severity and not change.details.get("in_turn"):
            details = {"url": change.url, "change": change.kind.value, "severity": change.severity, **change.details}
            yield Finding(f"{kind}:{change.key}", kind, change.agency_id, change.year, details)


def _kind_of(change: ReportChange) -> str:
    """A wording key below `finding`; "" for what is no finding of this check (withdrawn is one of another)."""
    of = ChangeKind(change.details["flapping"]["of"]) if change.kind is ChangeKind.FLAPPING else change.kind
    if of is ChangeKind.NUMBERS:
        return "changed" if change.details["certain"] else ""
    return "revised" if of in _WORDS else ""
