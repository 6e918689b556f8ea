"""A page that shows two contents in turn: A, B, A, B. Pure: steps in, runs of steps out.

Servers behind one address that are out of step do that, and so does an office that takes a change back. From outside
the two look alike, so neither is told as a row of changes: it is said that the page shows two contents in turn.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from config.changes import ChangeKind
from monitor.checks.difference import Difference, difference
from monitor.checks.versions import Revision, Version, same_reader


@dataclass(frozen=True, slots=True)
class Step:
    """Two contents of one address, one after the other, and how they differ."""

    revision: Revision
    difference: Difference

    @property
    def is_seen(self) -> bool:
        """Whether anything that is read of them differs."""
        return self.difference.kind is not ChangeKind.COSMETIC and not self.difference.same_reading


def runs(steps: Sequence[Step]) -> list[list[Step]]:
    """The steps, of which something that is read differs, in runs: of more than one where each takes the last one back."""
    found: list[list[Step]] = []
    for step in steps:
        if not step.is_seen:
            continue
        if found and _takes_back(found[-1][-1], step):
            found[-1].append(step)
        else:
            found.append([step])
    return found


def _takes_back(last: Step, step: Step) -> bool:
    return _alike(last.revision.after, step.revision.before) and _alike(last.revision.before, step.revision.after)


def _alike(one: Version, other: Version) -> bool:
    """Whether nothing that is read of the two differs, by a reader that read both."""
    if one.first.sha256 == other.first.sha256:
        return True
    readings = same_reader(one, other)
    return readings is not None and not difference(*readings).is_of_content
