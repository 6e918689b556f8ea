"""What a user may write of changes: how much a change of a published report weighs, and why.

May touch nothing: values in, values out. The file, changes.yml, is read by config.load.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from pydantic import Field, model_validator

from config.alerts import Severity
from config.schema import Strict


class ChangeKind(StrEnum):
    """How two contents of a report that were seen one after the other differ (monitor.checks.changes)."""

    COSMETIC = "cosmetic"  # nothing that is read of them differs
    TEXT = "text"  # the words, with the same cells
    NUMBERS = "numbers"  # cells of the statutory tables
    ATTACHMENT = "attachment"  # another file, with the same cells
    MOVED = "moved"  # the same report at another address
    WITHDRAWN = "withdrawn"
    RESTORED = "restored"  # what was withdrawn is back
    FLAPPING = "flapping"  # two contents in turn


class Effect(StrEnum):
    """What a changed cell does to the form's own sums."""

    MENDED = "mended"  # one that did not hold holds now
    BROKE = "broke"  # one that held does not hold now
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Weighed:
    """What is weighed of a change.

    `effects`: of its certain cells. `notice`: the new content carries a notice of correction. `certain`: at least one
    changed cell was read with certainty on both sides. `share`: of all numbers of the two contents, 0 to 1.
    `same_reading`: nothing that is read differs, only bytes. `with_site`: it moved as a part of something larger.
    """

    kind: ChangeKind
    effects: frozenset[Effect] = frozenset()
    notice: bool = False
    certain: bool = True
    share: float = 0
    same_reading: bool = False
    with_site: bool = False


class ChangeRule(Strict):
    """How much some changes weigh. A condition that is left out is met by every change; all that are given have to be.

    `effect`: at least one certain cell has it. `share`: at least so much. The others: as in Weighed.
    """

    kinds: tuple[ChangeKind, ...] = Field(min_length=1)
    effect: Effect | None = None
    notice: bool | None = None
    certain: bool | None = None
    share: float | None = Field(None, ge=0, le=1)
    same_reading: bool | None = None
    with_site: bool | None = None
    severity: Severity | Literal["none"]
    why_zh: str = Field(min_length=2)
    why_en: str = Field(min_length=2)

    @property
    def weight(self) -> str:
        """A Severity's word, or "" for what needs nobody's eyes; as the store has it."""
        return "" if self.severity == "none" else self.severity.value

    @property
    def is_for_all(self) -> bool:
        """Whether every change of its kinds meets it."""
        conditions = (self.effect, self.notice, self.certain, self.share, self.same_reading, self.with_site)
        return all(condition is None for condition in conditions)

    def meets(self, change: Weighed) -> bool:
        return (
            change.kind in self.kinds
            and (self.effect is None or self.effect in change.effects)
            and self.notice in (None, change.notice)
            and self.certain in (None, change.certain)
            and (self.share is None or change.share >= self.share)
            and self.same_reading in (None, change.same_reading)
            and self.with_site in (None, change.with_site)
        )


class ChangeRules(Strict):
    """changes.yml: the first rule that a change meets says how much it weighs."""

    rules: tuple[ChangeRule, ...] = Field(min_length=1)

    def rule_for(self, change: Weighed) -> ChangeRule:
        """There is one for every change."""
        return next(rule for rule in self.rules if rule.meets(change))

    @model_validator(mode="after")
    def _no_kind_is_forgotten(self) -> "ChangeRules":
        covered = {kind for rule in self.rules if rule.is_for_all for kind in rule.kinds}
        if forgotten := [kind.value for kind in ChangeKind if kind not in covered]:
            raise ValueError(f"a rule without conditions is needed for {', '.join(forgotten)}")
        return self
