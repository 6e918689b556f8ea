"""The cells in which two readings differ, and what that does to the form's own sums. Pure: readings in, JSON values out."""

from collections.abc import Mapping
from typing import Any

from config.changes import Effect
from crawler.model import CellState, IdentityResult
from crawler.reports.fingerprint import cells_digest
from monitor.model import CellFact, ReadingFact

_NO_CELLS = cells_digest(())
NOT_THERE = CellFact(state=CellState.ABSENT, value=None, unit="", raw="")


def changed_cells(before: ReadingFact, after: ReadingFact) -> list[dict[str, Any]]:
    """The cells whose state or value differs, each with both sides.

    `change` is a wording key below `cell_change`; a number that can no longer be read is not called a changed
    number. `in_doubt`: the reader had an issue at this cell in one of the two, or one is not `certain`: such cells
    alone are no change. So is what a page that came incomplete does not show. `effect`: a config.changes.Effect.
    """
    if after.has_the_cells_of(before):
        return []
    turned = turned_sums(before, after)
    torn = before.is_torn or after.is_torn
    cells = []
    for code, old, new in _differing(before, after):
        numbers = old.state is new.state is CellState.NUMBER
        certain = old.certain and new.certain and (numbers or not torn)
        cells.append(
            {
                "code": code,
                "unit": new.unit or old.unit,
                "change": _kind_of_change(old, new),
                "before": _side(old),
                "after": _side(new),
                "in_doubt": _touched(before, old) or _touched(after, new) or not certain,
                "certain": certain,
                "effect": _effect(code, turned).value,
            }
        )
    return cells


def sure_cells(before: ReadingFact, after: ReadingFact) -> list[dict[str, Any]]:
    """Those of them that are a number on both sides, read with certainty: all that counts between two addresses."""
    return [cell for cell in changed_cells(before, after) if cell["certain"] and cell["change"] == "number_changed"]


def has_cells(reading: ReadingFact) -> bool:
    """Whether any statutory cell was found in it."""
    return reading.digest != _NO_CELLS if reading.digest else bool(reading.cells)


def share_of(cells: list[dict[str, Any]], before: ReadingFact, after: ReadingFact) -> float:
    """How much of the numbers of both the certain ones of `cells` are, 0 to 1, to three digits."""
    codes = [
        code
        for code in dict.fromkeys([*before.cells, *after.cells])
        if CellState.NUMBER in (before.cells.get(code, NOT_THERE).state, after.cells.get(code, NOT_THERE).state)
    ]
    certain = sum(cell["certain"] for cell in cells)
    return round(min(1.0, certain / len(codes)), 3) if codes else 0.0


def turned_sums(before: ReadingFact, after: ReadingFact) -> list[tuple[IdentityResult, Effect]]:
    """The identities that held in one of the two and not in the other, all their cells being certain in both."""
    earlier = {_identity_key(identity): identity for identity in before.identities}
    found = []
    for identity in after.identities:
        then = earlier.get(_identity_key(identity))
        known = then is not None and then.certain and identity.certain
        if then is None or not known or None in (then.holds, identity.holds) or then.holds is identity.holds:
            continue
        found.append((identity, Effect.MENDED if identity.holds else Effect.BROKE))
    return found


def _identity_key(identity: IdentityResult) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Two forms may have an identity of one name over other cells."""
    return identity.identity, identity.left_codes, identity.right_codes


def _effect(code: str, turned: list[tuple[IdentityResult, Effect]]) -> Effect:
    """A cell that mends the sum of its row and breaks that of its column breaks one."""
    effects = {effect for identity, effect in turned if code in (*identity.left_codes, *identity.right_codes)}
    return Effect.BROKE if Effect.BROKE in effects else Effect.MENDED if effects else Effect.OTHER


def _differing(before: ReadingFact, after: ReadingFact) -> list[tuple[str, CellFact, CellFact]]:
    pairs = (
        (code, before.cells.get(code, NOT_THERE), after.cells.get(code, NOT_THERE))
        for code in dict.fromkeys([*before.cells, *after.cells])
    )
    return [(code, old, new) for code, old, new in pairs if (old.state, old.value) != (new.state, new.value)]


def _kind_of_change(old: CellFact, new: CellFact) -> str:
    was_number, is_number = old.state is CellState.NUMBER, new.state is CellState.NUMBER
    if was_number and is_number:
        return "number_changed"
    if was_number:
        return "no_longer_number"
    return "became_number" if is_number else "other"


def _side(cell: CellFact) -> dict[str, Any]:
    place = None if cell.place is None else dict(cell.place)
    value = None if cell.value is None else format(cell.value, "f")
    return {"state": cell.state.value, "value": value, "raw": cell.raw, "place": place}


def _touched(reading: ReadingFact, cell: CellFact) -> bool:
    return cell.place is not None and any(_same_place(cell.place, issue.get("place")) for issue in reading.issues)


def _same_place(cell: Mapping[str, Any], issue: Mapping[str, Any] | None) -> bool:
    """An issue about a whole table, row or column touches every cell of it."""
    if not issue or issue.get("table") is None or issue["table"] != cell.get("table"):
        return False
    return all(issue.get(name) in (None, cell.get(name)) for name in ("row", "column"))
