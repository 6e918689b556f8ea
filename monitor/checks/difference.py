"""How two readings of one report differ: the kind of change, its cells, its words. Pure: readings in, values out."""

from dataclasses import dataclass
from typing import Any

from config.changes import ChangeKind, Effect
from monitor.checks.cells import changed_cells, has_cells, share_of, turned_sums
from monitor.checks.texts import TextDifference, text_difference
from monitor.model import ReadingFact


@dataclass(frozen=True, slots=True)
class Difference:
    """`cells`: those that differ (monitor.checks.cells); `share` of all numbers; `text`: how the words differ.

    `sums`: the identities that held in one and not in the other: {"identity", "description", "effect"}. `alike`: something
    was read of both, and nothing that was read differs.
    """

    kind: ChangeKind
    cells: tuple[dict[str, Any], ...]
    text: TextDifference
    sums: tuple[dict[str, str], ...] = ()
    share: float = 0.0
    alike: bool = False

    @property
    def certain(self) -> bool:
        """Whether a cell was read with certainty on both sides; of the rest the reader may be to blame."""
        return any(cell["certain"] for cell in self.cells)

    @property
    def effects(self) -> frozenset[Effect]:
        return frozenset(Effect(cell["effect"]) for cell in self.cells if cell["certain"])

    @property
    def is_of_content(self) -> bool:
        return bool(self.cells) or self.text.differs

    @property
    def same_reading(self) -> bool:
        """Another file of which everything that is read is equal."""
        return self.kind is ChangeKind.ATTACHMENT and self.alike


def difference(
    before: ReadingFact, after: ReadingFact, *, is_file: bool = False, cells: list[dict[str, Any]] | None = None
) -> Difference:
    """`is_file`: of an attachment. `cells`: where not all that differ count."""
    differing = changed_cells(before, after)
    found = differing if cells is None else cells
    text = text_difference(before, after)
    if not found:
        was_read = text.compared or (has_cells(before) and has_cells(after))
        alike = was_read and not differing and not text.differs
        kind = ChangeKind.ATTACHMENT if is_file else ChangeKind.TEXT if text.differs else ChangeKind.COSMETIC
        return Difference(kind, (), text, alike=alike)
    return Difference(
        kind=ChangeKind.NUMBERS,
        cells=tuple(found),
        text=text,
        sums=tuple(
            {"identity": identity.identity, "description": identity.description, "effect": effect.value}
            for identity, effect in turned_sums(before, after)
        ),
        share=share_of(found, before, after),
    )
