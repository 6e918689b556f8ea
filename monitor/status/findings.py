"""The findings about an agency as the page shows them: what changed, which sum does not hold. May touch nothing."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from crawler.model import CellState
from crawler.reports import templates
from crawler.store.tables import Finding
from monitor.status.form import show_number, show_place


@dataclass(frozen=True, slots=True)
class SideOfCell:
    """A cell as one reading has it. `number` only in state NUMBER."""

    state: CellState
    number: str
    raw: str
    place: str


@dataclass(frozen=True, slots=True)
class ChangedCell:
    """A cell with both of its sides; `in_doubt`: the reader had doubts at this place."""

    code: str
    label: str
    unit: str
    before: SideOfCell
    after: SideOfCell
    in_doubt: bool


@dataclass(frozen=True, slots=True)
class SideOfSum:
    """One side of an identity: its total and the cells it is made of."""

    total: str
    cells: tuple[tuple[str, SideOfCell], ...]  # label, cell


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """One finding. `cells` and the two moments for changed numbers, `left` and `right` for a broken sum."""

    kind: str
    opened_at: dt.datetime
    closed_at: dt.datetime | None
    description: str
    cells: tuple[ChangedCell, ...]
    before_at: dt.datetime | None
    after_at: dt.datetime | None
    left: SideOfSum | None
    right: SideOfSum | None


def shown_finding(finding: Finding) -> ShownFinding:
    """A finding from its row; what it has no details of stays empty."""
    details = finding.details.get("finding", {})
    changed, summed = finding.kind == "changed", finding.kind == "arithmetic"
    return ShownFinding(
        kind=finding.kind,
        opened_at=finding.opened_at,
        closed_at=finding.closed_at,
        description=details.get("description", ""),
        cells=tuple(_changed(cell) for cell in details.get("cells", ())) if changed else (),
        before_at=_at(details.get("before")) if changed else None,
        after_at=_at(details.get("after")) if changed else None,
        left=_sum(details["left"]) if summed and "left" in details else None,
        right=_sum(details["right"]) if summed and "right" in details else None,
    )


@cache
def labels() -> Mapping[str, str]:
    """What the form prints for a code, row and column; the newest form that has it decides."""
    return {
        cell.code: f"{cell.row_label} × {cell.column_label}"
        for template in templates.load().values()
        for cell in template.cells()
    }


def _changed(cell: Mapping[str, Any]) -> ChangedCell:
    return ChangedCell(
        code=cell["code"],
        label=labels().get(cell["code"], cell["code"]),
        unit=cell.get("unit", ""),
        before=_side(cell["before"]),
        after=_side(cell["after"]),
        in_doubt=bool(cell.get("in_doubt")),
    )


def _sum(side: Mapping[str, Any]) -> SideOfSum:
    cells = tuple((labels().get(cell["code"], cell["code"]), _side(cell)) for cell in side.get("cells", ()))
    return SideOfSum(_number(side.get("total")), cells)


def _side(cell: Mapping[str, Any]) -> SideOfCell:
    return SideOfCell(
        state=CellState(cell["state"]),
        number=_number(cell.get("value")),
        raw=cell.get("raw", ""),
        place=show_place(cell.get("place")),
    )


def _number(value: str | None) -> str:
    return "" if value is None else show_number(Decimal(value))


def _at(version: Mapping[str, Any] | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(version["at"]) if version and "at" in version else None
