"""How the words of two readings differ, as far as readings keep them. Pure: readings in, values out.

A reading keeps the clauses of sections one and five, of ten signs or more, without numbers and names
(crawler.reports.fingerprint); the numbers in sentences that it understands (crawler.reports.narrative); the signature's
day. Words in other sections, and clauses shorter than that, may differ and nobody knows: `compared` says what was.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from monitor.model import ReadingFact


@dataclass(frozen=True, slots=True)
class TextDifference:
    """`compared`: both readings have clauses, so that those of sections one and five were compared.

    `added`, `removed`: clauses and their signs that only the newer, or only the older one has. `statements`: numbers in
    sentences: {"key", "before", "after"} with lists of exact numbers. `signed`: both days of the signature, where they
    differ.
    """

    compared: bool
    added: tuple[int, int] = (0, 0)
    removed: tuple[int, int] = (0, 0)
    statements: tuple[Mapping[str, Any], ...] = ()
    signed: tuple[str, str] | None = None

    @property
    def differs(self) -> bool:
        return bool(self.added[0] or self.removed[0] or self.statements or self.signed)

    def as_json(self) -> dict[str, Any]:
        return {
            "compared": self.compared,
            "added": {"clauses": self.added[0], "signs": self.added[1]},
            "removed": {"clauses": self.removed[0], "signs": self.removed[1]},
            "statements": [dict(statement) for statement in self.statements],
            "signed": list(self.signed) if self.signed else None,
        }


def text_difference(before: ReadingFact, after: ReadingFact) -> TextDifference:
    """What differs; nothing of a page that came incomplete: what is not there may not have come."""
    if before.is_torn or after.is_torn:
        return TextDifference(compared=False)
    signed = None
    if before.signed_on is not None and after.signed_on is not None and before.signed_on != after.signed_on:
        signed = before.signed_on.isoformat(), after.signed_on.isoformat()
    statements = _statements(before, after)
    old, new = _clauses(before), _clauses(after)
    if not old or not new:
        return TextDifference(compared=False, statements=statements, signed=signed)
    if old == new:
        return TextDifference(compared=True, statements=statements, signed=signed)
    return TextDifference(
        compared=True,
        added=_counted(new, old),
        removed=_counted(old, new),
        statements=statements,
        signed=signed,
    )


def share_alike(before: ReadingFact, after: ReadingFact) -> float | None:
    """How much of the shorter text stands in the other one word for word, 0 to 1; None where one has no clauses."""
    old, new = _clauses(before), _clauses(after)
    if not old or not new:
        return None
    same = sum(old[clause] for clause in old.keys() & new.keys())
    return same / min(sum(old.values()), sum(new.values()))


def _clauses(reading: ReadingFact) -> dict[int, int]:
    return dict(reading.fingerprint.clauses) if reading.fingerprint else {}


def _counted(one: Mapping[int, int], other: Mapping[int, int]) -> tuple[int, int]:
    only = [length for clause, length in one.items() if clause not in other]
    return len(only), sum(only)


def _statements(before: ReadingFact, after: ReadingFact) -> tuple[Mapping[str, Any], ...]:
    """Numbers in sentences that differ. What was recognised in a picture says nothing here."""
    if before.statements == after.statements:
        return ()
    old, new = _by_key(before), _by_key(after)
    unsure = {said["key"] for said in (*before.statements, *after.statements) if not said.get("certain", True)}
    return tuple(
        {"key": key, "before": old.get(key, []), "after": new.get(key, [])}
        for key in sorted((old.keys() | new.keys()) - unsure)
        if old.get(key, []) != new.get(key, [])
    )


def _by_key(reading: ReadingFact) -> dict[str, list[str]]:
    found: dict[str, set[str]] = {}
    for said in reading.statements:
        found.setdefault(said["key"], set()).add(said["value"])
    return {key: sorted(values) for key, values in found.items()}
