"""What has to be written of changes: those that are known now against those that are recorded. Pure.

A second evaluation over the same facts finds nothing to write. A change for which nothing speaks any more (a content turned
out to be another report's, a portal was imported anew) is taken out, so that nobody is shown it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crawler.store.reads.changes import ChangeRow
from monitor.model import ReportChange


@dataclass(slots=True)
class ChangeLog:
    """`added`, `altered`: rows for crawler.store.writes.changes; `dropped`: ids."""

    added: list[dict[str, Any]] = field(default_factory=list)
    altered: list[dict[str, Any]] = field(default_factory=list)
    dropped: list[int] = field(default_factory=list)

    def compare(self, history: Iterable[ReportChange], recorded: Mapping[str, ChangeRow]) -> None:
        """`history`, `recorded`: of one agency and year, the latter by key."""
        known = set()
        for change in history:
            known.add(change.key)
            row, before = _row(change), recorded.get(change.key)
            if before is None:
                self.added.append(row)
            elif any(getattr(before, name) != value for name, value in row.items()):
                self.altered.append(row | {"id": before.id})
        self.dropped += [row.id for key, row in recorded.items() if key not in known]

    def in_order(self) -> list[dict[str, Any]]:
        """What is added, by time: the order of ids is that in which the changes were seen."""
        return sorted(self.added, key=lambda row: (row["at"], row["key"]))


def by_report(rows: Sequence[ChangeRow]) -> dict[tuple[str, int], dict[str, ChangeRow]]:
    """The recorded rows by key, for each agency and year."""
    found: dict[tuple[str, int], dict[str, ChangeRow]] = {}
    for row in rows:
        found.setdefault((row.agency_id, row.year), {})[row.key] = row
    return found


def _row(change: ReportChange) -> dict[str, Any]:
    return {
        "key": change.key,
        "agency_id": change.agency_id,
        "year": change.year,
        "at": change.at,
        "kind": change.kind.value,
        "severity": change.severity,
        "url": change.url,
        "before_capture": change.before_capture,
        "after_capture": change.after_capture,
        "details": dict(change.details),
    }
