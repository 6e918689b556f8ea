"""How much a change weighs: the packaged rules case by case, a user's own, and what is refused."""

from pathlib import Path
from typing import Any

import pytest

from config.changes import ChangeKind, ChangeRules, Effect, Weighed
from config.errors import ConfigError
from config.load import packaged_changes, read_model

KIND = ChangeKind
BROKE, MENDED, OTHER = (frozenset({effect}) for effect in (Effect.BROKE, Effect.MENDED, Effect.OTHER))
REST = f"""\
  - kinds: [{", ".join(ChangeKind)}]
    severity: none
    why_zh: 其余
    why_en: the rest
"""


@pytest.mark.parametrize(
    ("change", "weight"),
    [
        (Weighed(KIND.NUMBERS, effects=BROKE), "high"),
        (Weighed(KIND.NUMBERS, effects=BROKE, notice=True), "high"),
        (Weighed(KIND.NUMBERS, effects=BROKE | MENDED), "high"),
        (Weighed(KIND.NUMBERS, effects=OTHER), "high"),
        (Weighed(KIND.NUMBERS, effects=OTHER, notice=True), "medium"),
        (Weighed(KIND.NUMBERS, effects=MENDED), "medium"),
        (Weighed(KIND.NUMBERS, effects=MENDED, notice=True), "medium"),
        (Weighed(KIND.NUMBERS, effects=OTHER | MENDED), "high"),
        (Weighed(KIND.NUMBERS, certain=False), ""),
        (Weighed(KIND.FLAPPING, effects=BROKE), "low"),
        (Weighed(KIND.FLAPPING, certain=False), ""),
        (Weighed(KIND.ATTACHMENT), "low"),
        (Weighed(KIND.ATTACHMENT, same_reading=True), ""),
        (Weighed(KIND.TEXT), "low"),
        (Weighed(KIND.MOVED), "low"),
        (Weighed(KIND.MOVED, with_site=True), ""),
        (Weighed(KIND.WITHDRAWN), "high"),
        (Weighed(KIND.RESTORED), "low"),
        (Weighed(KIND.COSMETIC), ""),
    ],
)
def test_the_packaged_rules(change: Weighed, weight: str) -> None:
    rule = packaged_changes().rule_for(change)
    assert rule.weight == weight
    assert rule.why_zh
    assert rule.why_en


def read(folder: Path, rules: str) -> ChangeRules:
    path = folder / "changes.yml"
    path.write_text(f"rules:\n{rules}", encoding="utf-8")
    return read_model(ChangeRules, path)


@pytest.mark.parametrize(("share", "weight"), [(0.249, ""), (0.25, "high"), (1.0, "high")])
def test_a_rule_of_ones_own(tmp_path: Path, share: float, weight: str) -> None:
    own = "  - {kinds: [numbers], share: 0.25, severity: high, why_zh: 改动过多, why_en: a quarter of the numbers}\n"
    assert read(tmp_path, own + REST).rule_for(Weighed(KIND.NUMBERS, share=share)).weight == weight


@pytest.mark.parametrize(
    ("rules", "problem"),
    [
        ("  - {kinds: [text], severity: low, why_zh: 文字, why_en: words}\n", "cosmetic"),  # kinds that are forgotten
        ("  - {kinds: [numbers], effect: other, severity: low, why_zh: 数字, why_en: numbers}\n", "numbers"),
        ("  - {kinds: [words], severity: low, why_zh: 文字, why_en: words}\n", "kinds"),
        (REST.replace("severity: none", "severity: grave"), "severity"),
        (REST.replace("severity: none", "severity: none\n    weight: 3"), "weight"),
        (REST.replace("severity: none", "severity: none\n    share: 2"), "share"),
        (REST.replace("    why_en: the rest\n", ""), "why_en"),
    ],
)
def test_what_is_refused(tmp_path: Path, rules: str, problem: Any) -> None:
    with pytest.raises(ConfigError, match=problem):
        read(tmp_path, rules)
