"""What is said of a report that was changed after its publication: findings `changed` and `revised`. Pure.

The shape is that of monitor.checks.changes; a finding of before severities were known has fewer fields.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from monitor.alerts.lines import Line, line, moment, plain
from monitor.wording import Language, keys, say

TOLD_EFFECTS = ("mended", "broke")


def about_revision(finding: Mapping[str, Any], language: Language, cells: Iterator[Line]) -> Iterator[Line]:
    """`cells`: a line for each changed cell."""
    if "severity" in finding:
        yield line("severity", language, weight(finding, language))
    if "flapping" in finding:
        yield line("turns", language, turns(finding, language))
    if "moved_from" in finding:
        became = say(f"change.became.{finding['moved_from']['became']}", language)
        yield line("moved", language, became, finding["moved_from"]["url"])
    if "replaced" in finding:
        yield line("replaced", language, "", finding["replaced"])
    yield from cells
    for turned in () if "flapping" in finding else finding.get("sums", ()):
        yield line("sum", language, say(f"change.sum.{turned['effect']}", language, description=turned["description"]))
    for said in words(finding, language):
        yield line("words", language, said)
    for said in notice(finding, language):
        yield line("notice", language, said)
    before, after = (moment(finding[side]["at"], language) for side in ("before", "after"))
    yield line("captures", language, say("mail.between", language, before_at=before, after_at=after))


def weight(finding: Mapping[str, Any], language: Language) -> str:
    """How much it weighs by the rules, and why."""
    return say(
        "change.weight",
        language,
        severity=say(f"severity.{finding['severity']}", language),
        why=finding["why"][language],
    )


def turns(finding: Mapping[str, Any], language: Language) -> str:
    flapping = finding["flapping"]
    return say("change.turns", language, turns=flapping["turns"], until=moment(flapping["until"], language))


def effect(cell: Mapping[str, Any], language: Language) -> str:
    """What a changed cell does to the form's own sums; "" where it does nothing to them."""
    found = cell.get("effect")
    return say(f"change.effect.{found}", language) if found in TOLD_EFFECTS else ""


def words(finding: Mapping[str, Any], language: Language) -> Iterator[str]:
    """How the words differ, and of a change of words alone also how far that is known."""
    text = finding.get("text")
    if text is None:
        return
    added, removed = text["added"], text["removed"]
    if added["clauses"] or removed["clauses"]:
        yield say(
            "change.words",
            language,
            added_clauses=added["clauses"],
            added=added["signs"],
            removed_clauses=removed["clauses"],
            removed=removed["signs"],
        )
    for said in text["statements"]:
        before, after = (_values(said[side], language) for side in ("before", "after"))
        yield say("change.statement", language, matter=_matter(said["key"], language), before=before, after=after)
    if text["signed"]:
        yield say("change.signed", language, before=text["signed"][0], after=text["signed"][1])
    if not finding.get("cells"):
        yield say("change.compared" if text["compared"] else "change.not_compared", language)


def notice(finding: Mapping[str, Any], language: Language) -> Iterator[str]:
    """Every notice of correction with its words; of changed numbers also that none was seen."""
    for found in finding.get("notice", ()):
        said = {"words": plain(found["words"]), "text": plain(found["text"])}
        yield say(f"change.notice.{found['where']}", language, **said)
    if finding.get("cells") and finding.get("notice") == [] and "flapping" not in finding:
        yield say("change.notice.none", language)


def _matter(key: str, language: Language) -> str:
    told = f"page.told.{key}"
    return say(told, language) if told in keys() else key


def _values(values: list[str], language: Language) -> str:
    shown = [f"{Decimal(value):,f}" for value in values]
    return "/".join(shown) or say("change.nothing", language)
