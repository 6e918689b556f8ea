"""The read model of the page about the method: the rules in use, as the configuration and the forms have them. Touches no store."""

from dataclasses import dataclass
from typing import Final

from config.alerts import EventKind
from config.changes import ChangeRule
from config.deadlines import DeadlineRule, EvidenceRules, LocalRule
from config.load import Configuration
from config.visits import VisitRules
from crawler.model import DateSource
from crawler.reports import templates
from crawler.reports.templates import Template
from monitor.model import Sight, State

# Every state, and the two ways of having none.
STATES: Final = (*(state.value for state in State), "unjudged", "unwatched")
FINDINGS: Final = tuple(
    kind.value for kind in EventKind if kind not in (EventKind.DUE_SOON, EventKind.UNKNOWN, EventKind.RESOLVED)
)
SECTIONS: Final = (
    "law",
    "local",
    "states",
    "evidence",
    "sights",
    "findings",
    "changes",
    "sums",
    "series",
    "dates",
    "limits",
    "feeds",
)
# The section of docs/method.md that says it in full; its headings are in English and Chinese.
IN_FULL: Final = {
    "law": "The law · 法律依据",
    "local": "States · 状态",
    "states": "States · 状态",
    "evidence": "States · 状态",
    "sights": "What a look saw · 查看所见",
    "findings": "Findings · 发现",
    "changes": "Changes · 改动",
    "sums": "Findings · 发现",
    "series": "Forms and series · 表式与序列",
    "dates": "Dates · 日期",
    "limits": "Limits so far · 目前的局限",
}
JOINTS: Final = ("requests", "in_force", "items")


@dataclass(frozen=True, slots=True)
class MethodPage:
    """`forms`: the published forms, the newest first."""

    rules: tuple[DeadlineRule, ...]
    local: tuple[LocalRule, ...]
    evidence: EvidenceRules
    visits: VisitRules
    blind_days: int
    changes: tuple[ChangeRule, ...]
    forms: tuple[Template, ...]
    states: tuple[str, ...]
    sights: tuple[Sight, ...]
    findings: tuple[str, ...]
    dates: tuple[DateSource, ...]


def method_page(configuration: Configuration) -> MethodPage:
    """What judging goes by."""
    forms = templates.load()
    return MethodPage(
        rules=configuration.deadlines.rules,
        local=configuration.deadlines.local,
        evidence=configuration.deadlines.evidence,
        visits=configuration.visits,
        blind_days=configuration.alerts.calendar.blind_days,
        changes=configuration.changes.rules,
        forms=tuple(forms[name] for name in sorted(forms, reverse=True)),
        states=STATES,
        sights=tuple(Sight),
        findings=FINDINGS,
        dates=tuple(DateSource),
    )
